//===- Passes.td - Affine loop passes ----------------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes on affine loop nests that know nothing of normalization.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_AFFINE_PASSES
#define NORM_AFFINE_PASSES

include "Norm/Affine/PrefetchPasses.td"
include "Norm/Affine/RowPasses.td"

include "mlir/Pass/PassBase.td"

def NormAffineLowerLinalg : Pass<"norm-affine-lower-linalg"> {
  let summary = "Lower linalg ops on memrefs to affine loops, wherever they are";
  let description = [{
    Upstream's `convert-linalg-to-affine-loops` takes the size of an operand as
    a loop bound where the op stands; inside another loop such a size is no
    affine symbol, and the result does not verify. Here sizes are resolved
    through the views they come from and moved out of loops. A nest with bounds
    that still are no symbols goes into a `norm.affine_scope`.

    Before:

    ```mlir
    scf.for %i = %c0 to %n step %c1 {
      %1 = memref.alloc(%size) : memref<?xf32>
      linalg.fill ins(%cst : f32) outs(%1 : memref<?xf32>)
    }
    ```

    After:

    ```mlir
    scf.for %i = %c0 to %n step %c1 {
      %1 = memref.alloc(%size) : memref<?xf32>
      affine.for %j = 0 to %size {
        affine.store %cst, %1[%j] : memref<?xf32>
      }
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::norm::NormDialect"
  ];
}

def NormAffineInlineScopes : Pass<"norm-affine-inline-scopes"> {
  let summary = "Replace affine scopes by what is in them";
  let description = [{
    To run when no affine op is left in a scope whose operands are symbols only
    there.

    Before:

    ```mlir
    norm.affine_scope {
      memref.store %v, %x[%i] : memref<?xf32>
    }
    ```

    After:

    ```mlir
    memref.store %v, %x[%i] : memref<?xf32>
    ```
  }];
}

def NormAffinePromoteAccumulators
    : Pass<"norm-affine-promote-accumulators"> {
  let summary = "Turn accumulators in memory into loop-carried values";
  let description = [{
    `convert-linalg-to-affine-loops` keeps every accumulator in memory. Where a
    loop loads and stores one loop-invariant address, and nothing else in the
    loop may touch that buffer, the value travels through `iter_args` instead:
    one load before the loop, one store after it. Inner loops come first, so
    that a nest of reduction loops ends with nested `iter_args`.

    Distinct memrefs do not alias, as in upstream affine passes; views of one
    buffer may. A loop that does not run stores back what it loaded, so the
    accumulator's address has to be valid even then, which holds for every
    loop nest made from a linalg op.

    Before:
    ```mlir
    affine.for %l = 0 to %n {
      %x = affine.load %X[%l] : memref<?xf32>
      %a = affine.load %A[%c] : memref<?xf32>
      %s = arith.addf %a, %x : f32
      affine.store %s, %A[%c] : memref<?xf32>
    }
    ```
    After:
    ```mlir
    %a = affine.load %A[%c] : memref<?xf32>
    %r = affine.for %l = 0 to %n iter_args(%acc = %a) -> (f32) {
      %x = affine.load %X[%l] : memref<?xf32>
      %s = arith.addf %acc, %x : f32
      affine.yield %s : f32
    }
    affine.store %r, %A[%c] : memref<?xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect"];
  let statistics = [Statistic<"numPromoted", "num-promoted",
                              "accumulators turned into iter_args">];
}

def NormAffineWidenBooleans : Pass<"norm-affine-widen-booleans"> {
  let summary = "Load and store booleans in memory as bytes";
  let description = [{
    A `memref` of `i1` holds a byte for each element, 0 or 1, but a load of a
    vector of `i1` reads one bit for each in LLVM. So `norm-affine-vectorize`
    leaves loops alone that load or store `i1`. This pass makes them loops over
    bytes: each `affine.load` and `affine.store` of `i1` goes to the same memory
    seen as a `memref` of `i8`. Function arguments and all other ops keep their
    types.

    The view is a `builtin.unrealized_conversion_cast`, because no op of
    upstream reinterprets elements of a strided memref. Both types are the same
    descriptor in the LLVM dialect, so `reconcile-unrealized-casts` drops it.

    Before:
    ```mlir
    affine.for %i = 0 to %n {
      %p = affine.load %M[%i] : memref<?xi1>
      %x = affine.load %X[%i] : memref<?xf32>
      %y = arith.select %p, %x, %zero : f32
      affine.store %y, %Y[%i] : memref<?xf32>
    }
    ```
    After:
    ```mlir
    %B = builtin.unrealized_conversion_cast %M : memref<?xi1> to memref<?xi8>
    affine.for %i = 0 to %n {
      %b = affine.load %B[%i] : memref<?xi8>
      %p = arith.trunci %b : i8 to i1
      %x = affine.load %X[%i] : memref<?xf32>
      %y = arith.select %p, %x, %zero : f32
      affine.store %y, %Y[%i] : memref<?xf32>
    }
    ```
    A store of `%p` becomes `arith.extui` and a store of `i8`.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect"];
}

def NormAffineVectorize : Pass<"norm-affine-vectorize"> {
  let summary = "Vectorize affine loops with several accumulators and a masked "
                "tail";
  let description = [{
    Vectorizes, from the innermost loop outwards, each unit-step `affine.for`
    in which

    - every memory access, also those of nested loops, is either contiguous in
      the loop (its variable stands in the last subscript only, with coefficient
      1, and the last stride is 1) or invariant;
    - stores are contiguous, and a stored memref is accessed in one column per
      iteration only, so that iterations do not meet in memory;
    - `iter_args` are reductions (add, mul, fma, max, min, and, or, xor, alone
      or in a chain of one kind, also through nested loops);
    - all other ops are elementwise scalar ops without side effects, or do not
      depend on the loop.

    The loop becomes a main loop of `unroll` vectors, a loop of single vectors
    for the full vectors that remain, and one masked vector; or, if no value is
    reduced and what is left is a constant power of two, of at least 16 bytes
    where it is stored, or one element, one shorter vector, as there is no
    streaming store with a mask. Parts that are statically empty do not appear,
    and a trip count that is static or at least bounded clamps `unroll`.
    The vector length is `vector-bits` over the width of the widest float that
    the loop computes. A reduction has `unroll` vector accumulators, combined
    in a fixed tree, so the result depends on the shape alone. Where a reduction
    goes on through enclosing loops, these carry the vector accumulators and the
    horizontal step comes after the outermost. Nested loops (outer-loop
    vectorization) carry `unroll` vectors for each scalar. Ops that do not
    depend on the loop move in front of it; if these include loads and the loop
    might not run, under an `affine.if`.

    Masked lanes read nothing, write nothing, and leave accumulators alone.

    With `marked`, only loops with the attribute `norm.vector` are vectorized.
    Each becomes one vector, whatever its width. The attribute says that its
    iterations do not depend on each other but for `iter_args`, so stores may go
    to memory that may overlap what is loaded. What does not lie side by side is
    loaded one by one.

    Before:
    ```mlir
    %r = affine.for %i = 0 to %n iter_args(%acc = %init) -> (f32) {
      %x = affine.load %X[%i] : memref<?xf32>
      %s = arith.addf %acc, %x : f32
      affine.yield %s : f32
    }
    ```
    After, with `unroll=2`:
    ```mlir
    %m:2 = affine.for %i = 0 to #floor32(%n) step 32
        iter_args(%a = %zero, %b = %zero) -> (vector<16xf32>, vector<16xf32>) {
      %x0 = affine.vector_load %X[%i] : memref<?xf32>, vector<16xf32>
      %s0 = arith.addf %a, %x0 : vector<16xf32>
      %x1 = affine.vector_load %X[%i + 16] : memref<?xf32>, vector<16xf32>
      %s1 = arith.addf %b, %x1 : vector<16xf32>
      affine.yield %s0, %s1 : vector<16xf32>, vector<16xf32>
    }
    // The same with one vector from #floor32(%n) to #floor16(%n) gives %v, and
    // a masked one from #floor16(%n) to %n gives %t.
    %u = arith.addf %t, %m#1 : vector<16xf32>
    %h = vector.reduction <add>, %u fastmath<reassoc> : vector<16xf32> into f32
    %r = arith.addf %init, %h : f32
    ```
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "unsigned", /*default=*/"512",
           "Width of a vector register in bits">,
    Option<"unroll", "unroll", "unsigned", /*default=*/"4",
           "Number of independent vectors in the main loop">,
    Option<"outerUnroll", "outer-unroll", "unsigned", /*default=*/"20",
           "Number of vectors, at most, in the main loop around inner loops; "
           "shared by their accumulators">,
    Option<"marked", "marked", "bool", /*default=*/"false",
           "Vectorize loops with the attribute norm.vector alone, which become "
           "one vector">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::vector::VectorDialect"
  ];
  let statistics = [Statistic<"numVectorized", "num-vectorized",
                              "loops vectorized">];
}

def NormAffineStreamStores : Pass<"norm-affine-stream-stores"> {
  let summary = "Write large outputs around the caches where they are aligned";
  let description = [{
    For the full-vector stores (16 bytes or more) of a loop nest into a buffer
    that this function does not read, versions the outermost `affine.for`: if
    every address these stores will write is aligned at run time and the buffer
    is large enough, a copy of the nest with streaming stores runs, and a fence
    after it; if not, the original does. What the loop's steps, constant bounds
    and static strides decide is decided at compile time; dynamic strides,
    offsets and the base pointer are tested at run time. Masked stores stay as
    they are, and so do short ones into a buffer whose longer ones cannot be
    streamed.

    Rows that are a multiple of half a cache line, and not of a whole one, are
    stored in halves. LLVM 22 emits an ordinary store for a nontemporal one of
    bf16, and of f16 where the CPU has AVX512-FP16, so these are stored as
    integers, from behind `llvm.arithmetic.fence`.

    Before:
    ```mlir
    affine.for %i = 0 to 4096 step 16 {
      affine.vector_store %v, %Y[%i] : memref<4096xf32>, vector<16xf32>
    }
    ```
    After:
    ```mlir
    %p = memref.extract_aligned_pointer_as_index %Y : memref<4096xf32> -> index
    %m = arith.remui %p, %c64 : index
    %aligned = arith.cmpi eq, %m, %c0 : index
    scf.if %aligned {
      affine.for %i = 0 to 4096 step 16 {
        vector.store %v, %Y[%i] {alignment = 64 : i64, nontemporal = true}
            : memref<4096xf32>, vector<16xf32>
      }
      llvm.fence seq_cst
    } else {
      affine.for %i = 0 to 4096 step 16 {
        affine.vector_store %v, %Y[%i] : memref<4096xf32>, vector<16xf32>
      }
    }
    ```
  }];
  let options = [
    Option<"threshold", "threshold", "int64_t", /*default=*/"0",
           "Smallest buffer, in bytes, that is written around the caches">,
    Option<"fence", "fence", "bool", /*default=*/"true",
           "Put a fence after each nest; if not, the pipeline has to place one "
           "before other threads read">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
  let statistics = [Statistic<"numVersioned", "num-versioned",
                              "loop nests versioned">];
}

def NormAffineContract : Pass<"norm-affine-contract"> {
  let summary = "Contract a product and a sum into one rounding";
  let description = [{
    Rewrites the sum or difference of a product that has no other use, in the
    same block, into `math.fma`, for f32 and f64 scalars and vectors. Half
    precisions stay as they are: few machines have the instruction, and a
    detour through f32 rounds twice.

    Before:
    ```mlir
    %p = arith.mulf %a, %b : vector<16xf32>
    %s = arith.addf %p, %c : vector<16xf32>
    ```
    After:
    ```mlir
    %s = math.fma %a, %b, %c : vector<16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

#endif // NORM_AFFINE_PASSES
