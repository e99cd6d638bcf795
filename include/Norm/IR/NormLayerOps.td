//===- NormLayerOps.td - normalization layers ---------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops that a frontend emits. docs/Spec.md numbers their constraints; the
// same labels stand in the verifiers and in test/IR/invalid.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMLAYEROPS_TD
#define NORM_IR_NORMLAYEROPS_TD

include "Norm/IR/NormOpBase.td"

def Norm_BatchNormTrainingOp
    : Norm_Op<"batch_norm_training", 3,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit"]>]> {
  let summary = "Normalizes by the statistics of the batch itself";
  let description = [{
    For every index of the feature axes, takes the mean and the biased variance
    of `input` over all other axes and computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    Shapes: `input` and `output` have the same shape, of rank 2 or more. All
    other operands have the sizes of the feature axes, in their order.

    `running` operands, if present, are updated, with the keep fraction m =
    `momentum` and n values for each feature:

    ```
    running_mean     = m * running_mean     + (1 - m) * mean
    running_variance = m * running_variance + (1 - m) * variance * n / (n - c)
    ```

    where c is `running_var_correction`: 1 keeps the unbiased variance, 0 the
    biased one. `batch` operands, if present, receive the mean and the biased
    variance.

    Without any value (n = 0) the batch statistics are 0 and the running
    statistics stay as they are. With one value the variance is 0, so that the
    output is `bias`; the running variance stays as it is if c is 1. Where the
    variance plus epsilon is 0, the output is `bias`.

    `variance` selects the algorithm, `accumulator` the type that statistics are
    computed in: f32 by default, f64 if the input is f64. Element types of all
    operands are independent.

    Example:

    ```mlir
    %y, %rm, %rv = norm.batch_norm_training
        ins(%x : tensor<32x64x56x56xf32>)
        scale(%g : tensor<64xf32>) bias(%b : tensor<64xf32>)
        outs(%init : tensor<32x64x56x56xf32>)
        running(%m, %v : tensor<64xf32>, tensor<64xf32>)
        features = [1] epsilon = 1.0e-5 momentum = 0.9
    ```
  }];

  let arguments = (ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias,
    Norm_Shaped:$output,
    Optional<Norm_Shaped>:$running_mean,
    Optional<Norm_Shaped>:$running_variance,
    Optional<Norm_Shaped>:$batch_mean,
    Optional<Norm_Shaped>:$batch_variance,
    DenseI64ArrayAttr:$feature_axes,
    DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    DefaultValuedAttr<F64Attr, "0.9">:$momentum,
    DefaultValuedAttr<I64Attr, "1">:$running_var_correction,
    DefaultValuedAttr<Norm_VarianceAlgorithm,
                      "::mlir::norm::VarianceAlgorithm::Stable">:$variance,
    OptionalAttr<TypeAttr>:$accumulator);

  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    `outs` `(` $output `:` type($output) `)`
    (`running` `(` $running_mean^ `,` $running_variance `:`
        type($running_mean) `,` type($running_variance) `)`)?
    (`batch` `(` $batch_mean^ `,` $batch_variance `:`
        type($batch_mean) `,` type($batch_variance) `)`)?
    `features` `=` $feature_axes
    (`epsilon` `=` $epsilon^)?
    (`momentum` `=` $momentum^)?
    (`running_var_correction` `=` $running_var_correction^)?
    (`variance` `=` $variance^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }];
  let hasCanonicalizer = 1;

  let extraDeclaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(3); }
    ::mlir::Value getRunningMeanResult() { return getInitResult(4); }
    ::mlir::Value getRunningVarianceResult() { return getInitResult(5); }
    ::mlir::Value getBatchMeanResult() { return getInitResult(6); }
    ::mlir::Value getBatchVarianceResult() { return getInitResult(7); }
    /// Returns the type that the statistics are computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

def Norm_BatchNormInferenceOp
    : Norm_Op<"batch_norm_inference", 5,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface>]> {
  let summary = "Normalizes by given statistics";
  let description = [{
    Computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    with the statistics given for every index of the feature axes. It is the
    evaluation of a trained layer, and also the training of a frozen one.

    Shapes: `input` and `output` have the same shape, of rank 2 or more. All
    other operands have the sizes of the feature axes, in their order. Where the
    variance plus epsilon is 0, the output is `bias`.

    Example:

    ```mlir
    %y = norm.batch_norm_inference
        ins(%x : tensor<?x56x56x64xbf16>)
        statistics(%m, %v : tensor<64xf32>, tensor<64xf32>)
        scale(%g : tensor<64xf32>) bias(%b : tensor<64xf32>)
        outs(%init : tensor<?x56x56x64xbf16>)
        features = [3] epsilon = 1.0e-5
    ```
  }];

  let arguments = (ins
    Norm_Shaped:$input,
    Norm_Shaped:$mean,
    Norm_Shaped:$variance,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias,
    Norm_Shaped:$output,
    DenseI64ArrayAttr:$feature_axes,
    DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulator);

  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `statistics` `(` $mean `,` $variance `:` type($mean) `,` type($variance) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    `outs` `(` $output `:` type($output) `)`
    `features` `=` $feature_axes
    (`epsilon` `=` $epsilon^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }];
  let hasCanonicalizer = 1;

  let extraDeclaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(5); }
    /// Returns the type that the output is computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

def Norm_GroupNormOp
    : Norm_Op<"group_norm", 3,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["getLoopSize", "updateTiledOp"]>]> {
  let summary = "Normalizes by the statistics of groups of channels";
  let description = [{
    Divides the channel axis into groups of adjacent channels. For every index
    of the batch axes and every group, takes the mean and the biased variance of
    `input` over the group's channels and all other axes and computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    Exactly one of `num_groups` and `group_size` is given. Instance norm is
    `group_size = 1`; layer norm over all axes but the batch is `num_groups =
    1`, with scale and bias for each channel.

    Shapes: `input` and `output` have the same shape, of rank 2 or more. `scale`
    and `bias` have the size of the channel axis. `statistics` operands, if
    present, receive the mean and the biased variance of each group; they have
    the sizes of the batch axes and the number of groups, in the order in which
    these axes stand in `input`.

    A group without any value has statistics 0. Where the variance plus epsilon
    is 0, the output is `bias`.

    Example:

    ```mlir
    %y = norm.group_norm
        ins(%x : tensor<8x320x64x64xf32>)
        scale(%g : tensor<320xf32>) bias(%b : tensor<320xf32>)
        outs(%init : tensor<8x320x64x64xf32>)
        channel = 1 num_groups = 32 epsilon = 1.0e-5
    ```
  }];

  let arguments = (ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias,
    Norm_Shaped:$output,
    Optional<Norm_Shaped>:$group_mean,
    Optional<Norm_Shaped>:$group_variance,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0}">:$batch_axes,
    I64Attr:$channel_axis,
    OptionalAttr<I64Attr>:$num_groups,
    OptionalAttr<I64Attr>:$group_size,
    DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    DefaultValuedAttr<Norm_VarianceAlgorithm,
                      "::mlir::norm::VarianceAlgorithm::Stable">:$variance,
    OptionalAttr<TypeAttr>:$accumulator);

  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    `outs` `(` $output `:` type($output) `)`
    (`statistics` `(` $group_mean^ `,` $group_variance `:`
        type($group_mean) `,` type($group_variance) `)`)?
    (`batch` `=` $batch_axes^)?
    `channel` `=` $channel_axis
    (`num_groups` `=` $num_groups^)?
    (`group_size` `=` $group_size^)?
    (`epsilon` `=` $epsilon^)?
    (`variance` `=` $variance^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }];
  let hasCanonicalizer = 1;

  let extraDeclaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(3); }
    ::mlir::Value getGroupMeanResult() { return getInitResult(4); }
    ::mlir::Value getGroupVarianceResult() { return getInitResult(5); }
    /// Returns the type that the statistics are computed in.
    ::mlir::FloatType getAccumulatorType();
    /// Returns the number of groups and the number of channels in each, as far
    /// as they are known statically; `ShapedType::kDynamic` where they are not.
    std::pair<int64_t, int64_t> getStaticGroups();
  }];
}

#endif // NORM_IR_NORMLAYEROPS_TD
