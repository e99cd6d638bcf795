//===- Passes.td - passes on norm ops -----------------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_PASSES_TD
#define NORM_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def NormDecompose : Pass<"norm-decompose"> {
  let summary = "Decompose layer ops into kernel ops";
  let description = [{
    Rewrites every layer op on tensors into kernel ops. Statistics are taken
    relative to a shift near the data, unless the op asks for the fast variance.

    A group norm keeps its channel axis where it can: with one group the channel
    axis is one more reduced axis, with one channel a group it is one more
    statistics axis, and where the channels are innermost the moments are taken
    for each channel, so that rows are read as they lie in memory, and then
    combined over the channels of a group. Else the axis is split in two.

    Before:

    ```mlir
    %y = norm.batch_norm_training ins(%x : tensor<8x3x25xf32>)
        outs(%init : tensor<8x3x25xf32>) features = [1]
    ```

    After:

    ```mlir
    %k = norm.shift ins(%x : tensor<8x3x25xf32>)
        outs(%e : tensor<3xf32>) axes = [0, 2]
    %moments:3 = norm.moments ins(%x : tensor<8x3x25xf32>)
        shift(%k : tensor<3xf32>)
        outs(%z, %z, %z : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
        axes = [0, 2]
    %statistics:2 = norm.finalize
        ins(%moments#0, %moments#1, %moments#2
            : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
        shift(%k : tensor<3xf32>)
        outs(%e, %e : tensor<3xf32>, tensor<3xf32>)
    %r = norm.rstd ins(%statistics#1 : tensor<3xf32>) outs(%e : tensor<3xf32>)
    %y = norm.normalize ins(%x : tensor<8x3x25xf32>) shift(%k : tensor<3xf32>)
        mean(%moments#1 : tensor<3xf32>) rstd(%r : tensor<3xf32>)
        outs(%init : tensor<8x3x25xf32>)
        statistics_axes = [1] parameter_axes = [1]
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormTensorize : Pass<"norm-tensorize"> {
  let summary = "Rewrite norm ops on memrefs as norm ops on tensors";
  let description = [{
    So that every other pass needs to know tensors only. Bufferization gives the
    memrefs back, without a copy. Memrefs that are not the same value must not
    overlap; an op may have the same memref as its input and its output.

    Before:

    ```mlir
    norm.rstd ins(%var : memref<3xf32>) outs(%rstd : memref<3xf32>)
    ```

    After:

    ```mlir
    %0 = bufferization.to_tensor %var restrict : memref<3xf32> to tensor<3xf32>
    %1 = bufferization.to_tensor %rstd restrict writable
        : memref<3xf32> to tensor<3xf32>
    %2 = norm.rstd ins(%0 : tensor<3xf32>) outs(%1 : tensor<3xf32>)
    bufferization.materialize_in_destination %2 in restrict writable %rstd
        : (tensor<3xf32>, memref<3xf32>) -> ()
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def NormCheckShapes : Pass<"norm-check-shapes"> {
  let summary = "Check dynamic sizes of layer ops at run time";
  let description = [{
    Inserts a `cf.assert` before each layer op on tensors for every constraint
    on sizes that its verifier could not decide. What is known to hold folds
    away.

    Before:

    ```mlir
    %y = norm.group_norm ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>)
        channel = 1 num_groups = 4
    ```

    After, besides the checks that the output has the input's sizes:

    ```mlir
    %channels = tensor.dim %x, %c1 : tensor<?x?xf32>
    %rest = arith.remui %channels, %c4 : index
    %ok = arith.cmpi eq, %rest, %c0 : index
    cf.assert %ok, "norm.group_norm: expected the number of channels to be a multiple of num_groups = 4"
    %y = norm.group_norm ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>)
        channel = 1 num_groups = 4
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormRefineShapes : Pass<"norm-refine-shapes"> {
  let summary = "Give all operands of layer ops the sizes that some of them tell";
  let description = [{
    Casts the operands of layer ops on tensors so that a size that is static in
    one of them is static in all, and the results back to their types. The
    numbers of channels, of groups, and of channels in a group follow from each
    other. The passes after it then find no size that is static here and dynamic
    there. It relies on sizes that fit, which `norm-check-shapes` checks.

    Sizes that cannot fit, whatever the dynamic ones are, become an error of the
    op's verifier.

    Before:

    ```mlir
    %y = norm.group_norm ins(%x : tensor<8x?x25xf32>) scale(%g : tensor<64xf32>)
        outs(%init : tensor<?x?x25xf32>) channel = 1 num_groups = 4
    ```

    After:

    ```mlir
    %0 = tensor.cast %x : tensor<8x?x25xf32> to tensor<8x64x25xf32>
    %1 = tensor.cast %init : tensor<?x?x25xf32> to tensor<8x64x25xf32>
    %2 = norm.group_norm ins(%0 : tensor<8x64x25xf32>) scale(%g : tensor<64xf32>)
        outs(%1 : tensor<8x64x25xf32>) channel = 1 num_groups = 4
    %y = tensor.cast %2 : tensor<8x64x25xf32> to tensor<?x?x25xf32>
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def NormExpandLengths : Pass<"norm-expand-lengths"> {
  let summary = "Make masks of the lengths of sequences";
  let description = [{
    Replaces the lengths of a layer op on tensors by the mask that they stand for,
    which can be tiled along with the input.

    Before:

    ```mlir
    %y = norm.batch_norm_training ins(%x : tensor<8x64x100xf32>)
        lengths(%l : tensor<8xi32>) outs(%e : tensor<8x64x100xf32>)
        features = [1] mask_axes = [0] sequence_axis = 2
    ```

    After:

    ```mlir
    %mask = linalg.generic {indexing_maps = [(d0, d1) -> (d0), (d0, d1) -> (d0, d1)], ...}
        ins(%l : tensor<8xi32>) outs(%m : tensor<8x100xi1>) {
    ^bb0(%length: i32, %out: i1):
      %i = linalg.index 1 : index
      %n = arith.index_cast %length : i32 to index
      %selected = arith.cmpi slt, %i, %n : index
      linalg.yield %selected : i1
    } -> tensor<8x100xi1>
    %y = norm.batch_norm_training ins(%x : tensor<8x64x100xf32>)
        mask(%mask : tensor<8x100xi1>) outs(%e : tensor<8x64x100xf32>)
        features = [1] mask_axes = [0, 2]
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormDifferentiate : Pass<"norm-differentiate", "::mlir::ModuleOp"> {
  let summary = "Make derivatives of functions of layers";
  let description = [{
    Makes a new function for the function named `function`, or for each function
    with the unit attribute `norm.differentiate`. Of `@f`, with arguments x and
    results y,

    - `mode=reverse` makes `@f_gradient`, with arguments x and dy and results dx:
      the gradient of the sum of dy * y;
    - `mode=forward` makes `@f_jvp`, with arguments x and tangents of x and
      results y and tangents of y: the product of the Jacobian and the tangents.

    Arguments and results other than ranked tensors of floats are constants. The
    derivatives are by all other arguments, or by those whose numbers are in
    `arguments`.

    The function has one block, without control flow and memrefs. What depends on
    the arguments is computed by layer ops and their gradients, `linalg` ops with
    sums or no reductions, elementwise ops on tensors, reshapes and casts, and
    the scalar ops in them are of `arith` and `math`: sums, products, quotients,
    extrema, selections, conversions of floats, fma, exp, log, sqrt, rsqrt, tanh
    and erf. At max(a, a), each operand gets half of the gradient. All these
    hold for the result, too, so that it can be differentiated again.

    The gradient of a layer's output is the layer's gradient op. Statistics that
    the layer saves and running statistics are differentiated as well. An op
    with the unit attribute `norm.frozen` takes its scale and bias for constants.

    Before:

    ```mlir
    func.func @f(%x: tensor<8x64xf32>, %init: tensor<8x64xf32>)
        -> tensor<8x64xf32> {
      %y = norm.layer_norm ins(%x : tensor<8x64xf32>)
          outs(%init : tensor<8x64xf32>) axes = [1]
      return %y : tensor<8x64xf32>
    }
    ```

    After `norm-differentiate="function=f arguments=0"`, besides `@f`:

    ```mlir
    func.func @f_gradient(%x: tensor<8x64xf32>, %init: tensor<8x64xf32>,
        %dy: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %s = tensor.empty() : tensor<8xf32>
      %y, %mean, %variance = norm.layer_norm ins(%x : tensor<8x64xf32>)
          outs(%init : tensor<8x64xf32>)
          statistics(%s, %s : tensor<8xf32>, tensor<8xf32>) axes = [1]
      %e = tensor.empty() : tensor<8x64xf32>
      %dx = norm.layer_norm_grad
          ins(%dy, %x : tensor<8x64xf32>, tensor<8x64xf32>)
          mean(%mean : tensor<8xf32>) variance(%variance : tensor<8xf32>)
          outs(%e : tensor<8x64xf32>) axes = [1]
      return %dx : tensor<8x64xf32>
    }
    ```
  }];
  let options = [
    Option<"mode", "mode", "::mlir::norm::DifferentiationMode",
           /*default=*/"::mlir::norm::DifferentiationMode::Reverse",
           "The mode of differentiation", [{::llvm::cl::values(
             clEnumValN(::mlir::norm::DifferentiationMode::Reverse, "reverse",
                        "Gradients"),
             clEnumValN(::mlir::norm::DifferentiationMode::Forward, "forward",
                        "Products of the Jacobian and tangents"))}]>,
    Option<"function", "function", "std::string", /*default=*/"",
           "The function to differentiate, if not those with the attribute "
           "norm.differentiate">,
    Option<"name", "name", "std::string", /*default=*/"",
           "The name of the new function">,
    ListOption<"arguments", "arguments", "int64_t",
               "The numbers of the arguments to differentiate by; all tensors "
               "of floats if there are none">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormCollapseAxes : Pass<"norm-collapse-axes"> {
  let summary = "Merge adjacent axes of layer ops that play the same part";
  let description = [{
    Merges adjacent axes that the same attributes name, or none, so that loops
    over them are long; two axes at least remain. An op on a value that comes
    from a strided memref or from a slice, which would have to be reshaped, is
    left alone, because that may not be contiguous; so is one on no elements.

    Before:

    ```mlir
    %y = norm.batch_norm_training ins(%x : tensor<8x3x5x5xf32>)
        outs(%init : tensor<8x3x5x5xf32>) features = [1]
    ```

    After:

    ```mlir
    %0 = tensor.collapse_shape %x [[0], [1], [2, 3]]
        : tensor<8x3x5x5xf32> into tensor<8x3x25xf32>
    %1 = tensor.collapse_shape %init [[0], [1], [2, 3]]
        : tensor<8x3x5x5xf32> into tensor<8x3x25xf32>
    %2 = norm.batch_norm_training ins(%0 : tensor<8x3x25xf32>)
        outs(%1 : tensor<8x3x25xf32>) features = [1]
    %y = tensor.expand_shape %2 [[0], [1], [2, 3]] output_shape [8, 3, 5, 5]
        : tensor<8x3x25xf32> into tensor<8x3x5x5xf32>
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def NormSplitGradients : Pass<"norm-split-gradients"> {
  let summary = "Split gradients of layers into slabs and sums over slabs";
  let description = [{
    The gradients of scale and bias are sums over all samples, so the slabs of
    `norm-tile`, which are groups of a sample, do not give them. This pass lets
    the op give them for each sample, and adds these up. Where sums over a sample
    are no smaller than the input, because there are no axes besides batch and
    channel, the gradient of the input and those of the parameters become two
    ops.

    Before:

    ```mlir
    %dg = norm.group_norm_grad
        ins(%dy, %x : tensor<8x64x25xf32>, tensor<8x64x25xf32>)
        mean(%m : tensor<8x4xf32>) rstd(%r : tensor<8x4xf32>)
        scale_gradient(%init : tensor<64xf32>) channel = 1 num_groups = 4
    ```

    After:

    ```mlir
    %each = norm.group_norm_grad
        ins(%dy, %x : tensor<8x64x25xf32>, tensor<8x64x25xf32>)
        mean(%m : tensor<8x4xf32>) rstd(%r : tensor<8x4xf32>)
        scale_gradient(%empty : tensor<8x64xf32>) channel = 1 num_groups = 4
        per_sample
    %s, %p = norm.combine_gradient_sums
        ins(%each, %each : tensor<8x64xf32>, tensor<8x64xf32>)
        outs(%zeros, %zeros : tensor<64xf32>, tensor<64xf32>) axes = [0]
    %dg = linalg.copy ins(%p : tensor<64xf32>) outs(%init : tensor<64xf32>)
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormTile : Pass<"norm-tile"> {
  let summary = "Tile layer ops into parallel slabs";
  let description = [{
    A slab is what one statistic is taken of: a feature of a batch norm, a group
    of a sample. Where slabs are many, each becomes one iteration of an
    `scf.forall`, which takes the statistics of the slab and applies them while
    the slab is in the cache. Where the channels are innermost, a group norm is
    tiled by samples only, and a batch norm not at all. What is left untiled is
    for `norm-parallelize`.

    Before:

    ```mlir
    %y = norm.batch_norm_training ins(%x : tensor<8x64x25xf32>)
        outs(%init : tensor<8x64x25xf32>) features = [1]
    ```

    After:

    ```mlir
    %y = scf.forall (%c) in (64) shared_outs(%o = %init)
        -> (tensor<8x64x25xf32>) {
      %0 = tensor.extract_slice %x[0, %c, 0] [8, 1, 25] [1, 1, 1]
          : tensor<8x64x25xf32> to tensor<8x1x25xf32>
      %1 = tensor.extract_slice %o[0, %c, 0] [8, 1, 25] [1, 1, 1]
          : tensor<8x64x25xf32> to tensor<8x1x25xf32>
      %2 = norm.batch_norm_training ins(%0 : tensor<8x1x25xf32>)
          outs(%1 : tensor<8x1x25xf32>) features = [1]
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %2 into %o[0, %c, 0] [8, 1, 25] [1, 1, 1]
            : tensor<8x1x25xf32> into tensor<8x64x25xf32>
      }
    }
    ```
  }];
  let options = [
    Option<"minSlabs", "min-slabs", "int64_t", /*default=*/"8",
           "The number of slabs from which on they are worked on in parallel; "
           "a dynamic number counts as large">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormParallelize : Pass<"norm-parallelize"> {
  let summary = "Run kernel ops in parallel over parts of their input";
  let description = [{
    For kernel ops that are not in a parallel loop. `norm.moments` takes partial
    moments of parts of its outermost reduced axis, one part an iteration, and
    combines them in an order that depends on the sizes alone, by upstream's
    tiling and `PartialReductionOpInterface`; so does `norm.gradient_sums`. `norm.normalize`
    and `norm.gradient_apply` are tiled along their outermost axes.

    Before:

    ```mlir
    %n, %mean, %m2 = norm.moments ins(%x : tensor<4096x64xf32>)
        outs(%0, %0, %0 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        axes = [0]
    ```

    After:

    ```mlir
    %p:3 = scf.forall (%i) = (0) to (4096) step (64) ... {
      %part = tensor.extract_slice %x[%i, 0] [64, 64] [1, 1]
      ... norm.moments ins(%part) ... axes = [0]
    }
    %n, %mean, %m2 = norm.combine_moments
        ins(%p#0, %p#1, %p#2
            : tensor<64x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>)
        outs(%0, %0, %0 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        axes = [0]
    ```
  }];
  let options = [
    Option<"partSize", "part-size", "int64_t", /*default=*/"131072",
           "The number of elements that one iteration works on, about">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormChunk : Pass<"norm-chunk"> {
  let summary = "Split kernel ops into chunks that stay in the cache";
  let description = [{
    Puts `norm.moments` into sequential loops over chunks of its reduced axes,
    so that the second of its two passes over a chunk reads from the first
    cache, and `norm.gradient_sums`, so that long sums are taken in two levels.

    Before:

    ```mlir
    %m:3 = norm.moments ins(%x : tensor<32x1x3136xf32>)
        outs(%0, %0, %0 : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
        axes = [0, 2]
    ```

    After:

    ```mlir
    %m:3 = scf.for %n = %c0 to %c32 step %c1
        iter_args(%a = %0, %b = %0, %c = %0) -> (...) {
      %chunk = tensor.extract_slice %x[%n, 0, 0] [1, 1, 3136] [1, 1, 1]
          : tensor<32x1x3136xf32> to tensor<1x1x3136xf32>
      %1:3 = norm.moments ins(%chunk : tensor<1x1x3136xf32>)
          outs(%a, %b, %c : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
          axes = [0, 2]
      scf.yield %1#0, %1#1, %1#2 : ...
    }
    ```
  }];
  let options = [
    Option<"chunkSize", "chunk-size", "int64_t", /*default=*/"8192",
           "The number of elements of a chunk, at most">,
    Option<"chunkRows", "chunk-rows", "int64_t", /*default=*/"64",
           "The number of rows of a chunk, at least, where the innermost axis "
           "has statistics of its own; at most, it has four times as many">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormExportFunctions : Pass<"norm-export-functions", "::mlir::ModuleOp"> {
  let summary = "Prepare public functions to be called from outside";
  let description = [{
    Requests the C interface for every public function, keeps its type in the
    attribute `norm.signature` so that a caller of the compiled function knows
    it, and declares that the memory of tensor arguments may not be written to,
    unless `bufferization.writable` says otherwise already. A norm op that would
    overwrite such memory gets a new tensor instead.

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

#endif // NORM_TRANSFORMS_PASSES_TD
