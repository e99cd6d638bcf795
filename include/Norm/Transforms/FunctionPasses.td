//===- FunctionPasses.td - passes over functions and memory *- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_FUNCTIONPASSES_TD
#define NORM_TRANSFORMS_FUNCTIONPASSES_TD

include "mlir/Pass/PassBase.td"

def NormExportFunctions : Pass<"norm-export-functions", "::mlir::ModuleOp"> {
  let summary = "Prepare public functions to be called from outside";
  let description = [{
    Requests the C interface for every public function, keeps its type in the
    attribute `norm.signature` so that a caller of the compiled function knows
    it, and declares that the memory of tensor arguments may not be written to,
    unless `bufferization.writable` says otherwise already. A norm or linalg op
    that would overwrite such memory gets a new tensor instead.

    Before:

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32>
    ```

    After:

    ```mlir
    func.func @f(%x: tensor<4xf32> {bufferization.writable = false})
        -> tensor<4xf32>
        attributes {llvm.emit_c_interface,
                    norm.signature = (tensor<4xf32>) -> tensor<4xf32>}
    ```
  }];
  let dependentDialects = [
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormLowerCopies : Pass<"norm-lower-copies"> {
  let summary = "Lower copies of memrefs to linalg.copy";
  let description = [{
    So that they become vectorized loops like everything else. Upstream lowers a
    copy of a strided memref to a call into a runtime library. A copy of a memref
    onto itself, cast, or collapsed and expanded again, is erased, and one between
    two buffers that are allocated here is left to become a `memcpy`, unless it is
    of at most 128 elements.

    Before:

    ```mlir
    memref.copy %a, %b : memref<4xf32, strided<[2]>> to memref<4xf32>
    ```

    After:

    ```mlir
    linalg.copy ins(%a : memref<4xf32, strided<[2]>>) outs(%b : memref<4xf32>)
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def NormLowerExpandShapes : Pass<"norm-lower-expand-shapes"> {
  let summary = "Lower memref.expand_shape to memref.reinterpret_cast";
  let description = [{
    Upstream's `expand-strided-metadata` computes the sizes of an expanded shape
    anew, and crashes where two of them in one group are dynamic. Here they are
    those that the op names.

    Before:

    ```mlir
    %1 = memref.expand_shape %0 [[0, 1]] output_shape [%n, %m]
        : memref<?xf32> into memref<?x?xf32>
    ```

    After:

    ```mlir
    %base, %offset, %size, %stride = memref.extract_strided_metadata %0
        : memref<?xf32> -> memref<f32>, index, index, index
    %outer = affine.apply affine_map<()[s0, s1] -> (s0 * s1)>()[%m, %stride]
    %1 = memref.reinterpret_cast %base to offset: [%offset], sizes: [%n, %m],
        strides: [%outer, %stride] : memref<f32> to memref<?x?xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::memref::MemRefDialect"
  ];
}

def NormSplitFills : Pass<"norm-split-fills"> {
  let summary = "Give each op that writes to a constant tensor one of its own";
  let description = [{
    Of constants that are alike, CSE leaves one. Where several ops write their
    results to it, such as sums that begin with 0, bufferization has to copy it
    for each of them: an allocation, what fills it, and for each op another
    allocation and a copy.

    Before:

    ```mlir
    %0 = tensor.empty(%n) : tensor<?xf32>
    %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<?xf32>) -> tensor<?xf32>
    %2 = linalg.reduce ... ins(%x : ...) outs(%1 : tensor<?xf32>) ...
    %3 = linalg.reduce ... ins(%y : ...) outs(%1 : tensor<?xf32>) ...
    ```

    After:

    ```mlir
    %0 = tensor.empty(%n) : tensor<?xf32>
    %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<?xf32>) -> tensor<?xf32>
    %2 = linalg.reduce ... ins(%x : ...) outs(%1 : tensor<?xf32>) ...
    %3 = tensor.empty(%n) : tensor<?xf32>
    %4 = linalg.fill ins(%zero : f32) outs(%3 : tensor<?xf32>) -> tensor<?xf32>
    %5 = linalg.reduce ... ins(%y : ...) outs(%4 : tensor<?xf32>) ...
    ```
  }];
  let dependentDialects = [
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormSerialize : Pass<"norm-serialize"> {
  let summary = "Run parallel loops over little memory on one thread";
  let description = [{
    To wake the other threads takes longer than to do little work. What a loop
    works on is all memory from outside that it uses. Where its size is static
    and small, an `scf.forall` becomes sequential loops; an `omp.parallel` over
    memory of a dynamic size gets an `if` clause.

    Before:

    ```mlir
    scf.forall (%c) in (32) {
      ... memref.load %x[%n, %c] : memref<16x32xf32>
    }

    omp.parallel {
      ... memref.load %x[%n, %c] : memref<?x?xf32>
    }
    ```

    After:

    ```mlir
    scf.for %c = %c0 to %c32 step %c1 {
      ... memref.load %x[%n, %c] : memref<16x32xf32>
    }

    %bytes = ...
    %0 = arith.cmpi uge, %bytes, %minimum : index
    omp.parallel if(%0) {
      ... memref.load %x[%n, %c] : memref<?x?xf32>
    }
    ```
  }];
  let options = [
    Option<"minBytes", "min-bytes", "int64_t", /*default=*/"1048576",
           "The size of the memory in bytes from which on a loop is parallel">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def NormPromoteSmallBuffers : Pass<"norm-promote-small-buffers"> {
  let summary = "Put small buffers on the stack";
  let description = [{
    A buffer, such as that of the statistics of a slab's features, is allocated
    on the heap each time a loop comes by, and a layer may take no more than a
    microsecond in all. This pass takes memory of the stack instead for buffers
    of at most `max-bytes`; for those of unknown size if they turn out to have
    no more.

    It applies to a `memref.alloc` that a `memref.dealloc` of the same block
    frees; in a function, to as many as fit in `max-stack`, those in loops first.
    `norm-hoist-allocas` then takes the memory of the stack once for each thread.

    Before:

    ```mlir
    %0 = memref.alloc(%n) {alignment = 64 : i64} : memref<2x?xf32>
    ...
    memref.dealloc %0 : memref<2x?xf32>
    ```

    After:

    ```mlir
    %bytes = arith.muli %c8, %n : index
    %large = arith.cmpi ugt, %bytes, %c8192 : index
    %stack = memref.alloca() {alignment = 64 : i64} : memref<8192xi8>
    %0 = scf.if %large -> (memref<2x?xf32>) {
      %1 = memref.alloc(%n) {alignment = 64 : i64} : memref<2x?xf32>
      scf.yield %1 : memref<2x?xf32>
    } else {
      %1 = memref.view %stack[%c0][%n] : memref<8192xi8> to memref<2x?xf32>
      scf.yield %1 : memref<2x?xf32>
    }
    ...
    scf.if %large {
      memref.dealloc %0 : memref<2x?xf32>
    }
    ```
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", /*default=*/"8192",
           "The size in bytes of a buffer on the stack, at most; 0: none">,
    Option<"maxStack", "max-stack", "int64_t", /*default=*/"131072",
           "What the stack memory of a function is at most, in bytes">
  ];
  let statistics = [
    Statistic<"numPromoted", "num-promoted", "buffers that are, or may be, on the stack">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def NormHoistAllocas : Pass<"norm-hoist-allocas"> {
  let summary = "Move allocas to the start of the function or parallel region";
  let description = [{
    Moves each `memref.alloca` of static size to the entry block of the
    `omp.parallel` or the function around it. So a loop does not grow the stack,
    one thread needs one copy, and LLVM can keep it in registers. Each
    `memref.alloca_scope` that has no alloca left is inlined. What the memory holds at the start
    of an iteration is undefined as before.

    Before:

    ```mlir
    omp.parallel {
      omp.wsloop {
        omp.loop_nest (%i) : index = (%c0) to (%c8) step (%c1) {
          %0 = memref.alloca() : memref<1xf32>
          ...
    ```

    After:

    ```mlir
    omp.parallel {
      %0 = memref.alloca() : memref<1xf32>
      omp.wsloop {
        omp.loop_nest (%i) : index = (%c0) to (%c8) step (%c1) {
          ...
    ```
  }];
}

def NormFenceStreams : Pass<"norm-fence-streams"> {
  let summary = "Order streaming stores before what other threads read";
  let description = [{
    Non-temporal stores are not ordered by a barrier alone. Inserts one fence at
    the end of each `omp.parallel` that has such stores, so that each thread
    waits for its own once, and before each return of a function that has some
    outside of these.

    Before:

    ```mlir
    omp.parallel {
      ... vector.store %0, %1[%i] {nontemporal = true} ...
      omp.terminator
    }
    ```

    After:

    ```mlir
    omp.parallel {
      ... vector.store %0, %1[%i] {nontemporal = true} ...
      llvm.fence seq_cst
      omp.terminator
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def NormExpandNarrowFloats : Pass<"norm-expand-narrow-floats"> {
  let summary = "Convert between f16 or bf16 and f32 by integer arithmetic";
  let description = [{
    Rewrites each `arith.extf` from f16 or bf16 to f32 and each `arith.truncf`
    back, of numbers and of vectors, for processors without an instruction for
    it: LLVM calls a function for each element there. The results are the same,
    rounded to nearest, ties to even; a NaN stays one. All is done on integers:
    where no instruction knows a type, LLVM also takes vectors of it apart.

    Before:

    ```mlir
    %y = arith.extf %x : vector<4xbf16> to vector<4xf32>
    ```

    After:

    ```mlir
    %c16 = arith.constant dense<16> : vector<4xi32>
    %0 = arith.bitcast %x : vector<4xbf16> to vector<4xi16>
    %1 = arith.extui %0 : vector<4xi16> to vector<4xi32>
    %2 = arith.shli %1, %c16 : vector<4xi32>
    %y = arith.bitcast %2 : vector<4xi32> to vector<4xf32>
    ```
  }];
  let options = [
    Option<"f16", "f16", "bool", /*default=*/"true", "Expand those of f16">,
    Option<"bf16", "bf16", "bool", /*default=*/"true", "Expand those of bf16">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def NormMaskIntegers : Pass<"norm-mask-integers"> {
  let summary = "Make masked accesses of bf16 accesses of integers";
  let description = [{
    Rewrites each `llvm.intr.masked.load` and `llvm.intr.masked.store` of bf16 as
    one of i16, whose bits are cast. LLVM has masked accesses of i16 on all
    processors with AVX-512, but takes those of bf16 apart, element by element,
    with a call for each, where it has no arithmetic of bf16.

    Before:

    ```mlir
    llvm.intr.masked.store %x, %p, %mask {alignment = 2 : i32}
        : vector<16xbf16>, vector<16xi1> into !llvm.ptr
    ```

    After:

    ```mlir
    %0 = llvm.bitcast %x : vector<16xbf16> to vector<16xi16>
    llvm.intr.masked.store %0, %p, %mask {alignment = 2 : i32}
        : vector<16xi16>, vector<16xi1> into !llvm.ptr
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // NORM_TRANSFORMS_FUNCTIONPASSES_TD
