//===- LayerPasses.td - passes over layer ops --------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_LAYERPASSES_TD
#define NORM_TRANSFORMS_LAYERPASSES_TD

include "mlir/Pass/PassBase.td"

def NormDecompose : Pass<"norm-decompose"> {
  let summary = "Decompose layer ops into kernel ops";
  let description = [{
    Rewrites every layer op on tensors into kernel ops. Statistics are taken
    relative to a shift near the data, unless the op asks for the fast variance.
    Sums that chunks can be added to, one after the other, are in f64; the values
    of a chunk are summed in the accumulator type of the layer.

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
        outs(%z, %z, %z : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>)
        axes = [0, 2] accumulator = f32
    %m = ... %moments#1 ... : tensor<3xf32>
    %statistics:2 = norm.finalize
        ins(%moments#0, %m, %moments#2
            : tensor<3xf64>, tensor<3xf32>, tensor<3xf64>)
        shift(%k : tensor<3xf32>)
        outs(%e, %e : tensor<3xf32>, tensor<3xf32>)
    %r = norm.rstd ins(%statistics#1 : tensor<3xf32>) outs(%e : tensor<3xf32>)
    %y = norm.normalize ins(%x : tensor<8x3x25xf32>) shift(%k : tensor<3xf32>)
        mean(%m : tensor<3xf32>) rstd(%r : tensor<3xf32>)
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

def NormOutline : Pass<"norm-outline", "::mlir::ModuleOp"> {
  let summary = "Move layer ops that are alike into one function";
  let description = [{
    Layer ops that are alike, with the same attributes and types, become calls of
    one private function, so that they are compiled once. An op on a value that
    comes from a strided memref or from a slice stays where it is, because the
    function takes contiguous memory; so does one inside of a loop.

    The elementwise ops around a layer that `norm-gather-elementwise` has marked
    are part of what has to be alike, and go with it, if all that uses their
    results comes after the last of them. A tensor that only they use is made in
    the function.

    Before:

    ```mlir
    func.func @f(%x: tensor<8x4xf32>, %z: tensor<8x4xf32>) {
      %0 = norm.layer_norm ins(%x : tensor<8x4xf32>)
          outs(%1 : tensor<8x4xf32>) axes = [1]
      %2 = norm.layer_norm ins(%z : tensor<8x4xf32>)
          outs(%3 : tensor<8x4xf32>) axes = [1]
    ```

    After:

    ```mlir
    func.func @f(%x: tensor<8x4xf32>, %z: tensor<8x4xf32>) {
      %0 = call @norm_layer_norm(%x, %1)
      %2 = call @norm_layer_norm(%z, %3)
      ...
    }
    func.func private @norm_layer_norm(%arg0: tensor<8x4xf32>,
        %arg1: tensor<8x4xf32>) -> tensor<8x4xf32> {
      %0 = norm.layer_norm ins(%arg0 : tensor<8x4xf32>)
          outs(%arg1 : tensor<8x4xf32>) axes = [1]
      return %0 : tensor<8x4xf32>
    }
    ```
  }];
  let options = [
    Option<"keepDevices", "keep-devices", "bool", "false",
           "Leave layers of several devices where they are">
  ];
  let dependentDialects = [
    "::mlir::func::FuncDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormGatherElementwise : Pass<"norm-gather-elementwise"> {
  let summary = "Bring elementwise ops next to the layers that they surround";
  let description = [{
    Prepares the elementwise ops around layers, written in linalg on tensors, for
    `norm-fuse-elementwise`: named ops become `linalg.generic`, constants and
    fills become numbers in its body, and a chain of ops becomes one op where
    nothing else needs what is between them. An op next to a layer moves to its
    side of the reshapes that `norm-collapse-axes` made, if its operands are
    contiguous. All are marked by the attribute `norm.elementwise`, because the
    statistics of a layer will be ops of this kind, too.

    Elementwise are ops whose iterators are all parallel, and whose operands have
    the axes of the results, in this order, or fewer. Ops on memrefs are left
    alone.

    Before:

    ```mlir
    %0 = norm.batch_norm_inference ins(%x : tensor<8x64x25xf32>) ...
    %y = tensor.expand_shape %0 [[0], [1], [2, 3]] ...
        : tensor<8x64x25xf32> into tensor<8x64x5x5xf32>
    %1 = linalg.add ins(%y, %r : tensor<8x64x5x5xf32>, tensor<8x64x5x5xf32>) ...
    %z = linalg.max ins(%1, %zeros : tensor<8x64x5x5xf32>, tensor<8x64x5x5xf32>) ...
    ```

    After:

    ```mlir
    %0 = norm.batch_norm_inference ins(%x : tensor<8x64x25xf32>) ...
    %1 = tensor.collapse_shape %r [[0], [1], [2, 3]]
        : tensor<8x64x5x5xf32> into tensor<8x64x25xf32>
    %2 = linalg.generic ... ins(%0, %1, %zero : ..., f32) ...
        attrs = {norm.elementwise} {
      ^bb0(%a: f32, %b: f32, %c: f32, %out: f32):
        %3 = arith.addf %a, %b : f32
        %4 = arith.maximumf %3, %c : f32
        linalg.yield %4 : f32
    } -> tensor<8x64x25xf32>
    %z = tensor.expand_shape %2 ...
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormCollapseAxes : Pass<"norm-collapse-axes"> {
  let summary = "Merge adjacent axes of layer ops that play the same part";
  let description = [{
    Merges adjacent axes that the same attributes name, or none, so that loops
    over them are long; two axes at least remain. An axis of one element also
    joins a neighbour that more attributes name; one that cannot becomes the
    first axis (the second, if the first is divided into groups), because the
    innermost loop should not have one iteration. An op on a value that comes
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

#endif // NORM_TRANSFORMS_LAYERPASSES_TD
