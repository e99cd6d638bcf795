//===- NormLayerOps.td - normalization layers ---------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops that a frontend emits. docs/Spec*.md number their constraints; the
// same labels stand in the verifiers and in test/IR/invalid-layer-ops.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMLAYEROPS_TD
#define NORM_IR_NORMLAYEROPS_TD

include "Norm/IR/NormLayerBase.td"

def Norm_BatchNormTrainingOp
    : Norm_BatchLayerOp<"batch_norm_training", 6,
                        ["readsInit", "takesParts"]> {
  let summary = "Normalizes by the statistics of the batch itself";
  let description = [{
    For every index of the feature axes, takes the mean and the biased variance
    of `input` over all other axes and computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    Shapes: `input` and `output` have the same shape, of rank 2 or more. All
    other operands have the sizes of the feature axes, in their order, but scale
    and bias have those of the axes `parameters`, if these are given.

    `running` operands, if present, are updated, with the keep fraction m =
    `momentum` and n values for each feature:

    ```
    running_mean     = m * running_mean     + (1 - m) * mean
    running_variance = m * running_variance + (1 - m) * variance * n / (n - c)
    ```

    where c is `running_var_correction`: 1 keeps the unbiased variance, 0 the
    biased one. `batch` operands, if present, receive the mean and the biased
    variance.

    `batches`, if present, is a tensor of rank 0 with the number k of batches that
    the running statistics have seen; m is then k / (k + 1), which makes them the
    averages of all batches, and `momentum` is not used.

    Without any value (n = 0) the batch statistics are 0 and the running
    statistics stay as they are, but for `empty = nan`. With one value the
    variance is 0, so that the output is `bias`; if c is 1, the running variance
    stays as it is, unless `single` says otherwise. Statistics that are not
    finite spoil the running ones of their feature, but for `nonfinite =
    skip_update`. Where the standard deviation is 0, the output is `bias`.

    With `ghost_size`, axis 0 is divided into sub-batches of as many indices, which
    are batches of their own: `batch` operands have the number of sub-batches
    before the sizes of the feature axes, and `ghost_update` tells how the
    sub-batches update the running statistics.

    `mask`, or `lengths` along the axis `sequence_axis`, select the values that
    the statistics are taken of; they have the sizes of the axes `mask_axes`.
    Where a value is not selected the output is 0, or normalized by these
    statistics like all others with `unselected = normalize`.

    With `devices`, the statistics are those of the inputs of several devices,
    each of which runs this op on a part of the batch: n and the sums above are
    over all of them, exactly, also where the parts are not of one size. The
    statistics that result are the same on each, to the last bit.

    `epsilon_mode` tells where epsilon goes, `zero_centered_scale` that `scale`
    is given as its distance from 1.

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

  let arguments = !con((ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias,
    Optional<Norm_Shaped>:$batches), Norm_MaskOperands, (ins
    Norm_Shaped:$output,
    Optional<Norm_Shaped>:$running_mean,
    Optional<Norm_Shaped>:$running_variance,
    Optional<Norm_Shaped>:$batch_mean,
    Optional<Norm_Shaped>:$batch_variance),
    Norm_FeatureArguments, Norm_GhostArguments, Norm_MaskArguments,
    Norm_DeviceArguments, Norm_ScalingArguments, (ins
    DefaultValuedAttr<F64Attr, "0.9">:$momentum,
    DefaultValuedAttr<I64Attr, "1">:$running_var_correction,
    DefaultValuedAttr<Norm_GhostUpdate,
                      "::mlir::norm::GhostUpdate::Sequential">:$ghost_update,
    DefaultValuedAttr<Norm_NonfiniteRule,
                      "::mlir::norm::NonfiniteRule::Propagate">:$nonfinite,
    DefaultValuedAttr<Norm_EmptyRule, "::mlir::norm::EmptyRule::Keep">:$empty,
    DefaultValuedAttr<Norm_SingleRule, "::mlir::norm::SingleRule::Keep">:$single,
    DefaultValuedAttr<Norm_VarianceAlgorithm,
                      "::mlir::norm::VarianceAlgorithm::Stable">:$variance,
    OptionalAttr<TypeAttr>:$accumulator));

  let assemblyFormat = !strconcat([{
    `ins` `(` $input `:` type($input) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`batches` `(` $batches^ `:` type($batches) `)`)?
  }], Norm_MaskOperandsFormat, [{
    `outs` `(` $output `:` type($output) `)`
    (`running` `(` $running_mean^ `,` $running_variance `:`
        type($running_mean) `,` type($running_variance) `)`)?
    (`batch` `(` $batch_mean^ `,` $batch_variance `:`
        type($batch_mean) `,` type($batch_variance) `)`)?
  }], Norm_FeatureFormat, Norm_GhostFormat, Norm_MaskFormat,
      Norm_DeviceFormat, Norm_ScalingFormat, [{
    (`momentum` `=` $momentum^)?
    (`running_var_correction` `=` $running_var_correction^)?
    (`ghost_update` `=` $ghost_update^)?
    (`nonfinite` `=` $nonfinite^)?
    (`empty` `=` $empty^)?
    (`single` `=` $single^)?
    (`variance` `=` $variance^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }]);

  let extraDeclaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(0); }
    ::mlir::Value getRunningMeanResult() { return getInitResult(1); }
    ::mlir::Value getRunningVarianceResult() { return getInitResult(2); }
    ::mlir::Value getBatchMeanResult() { return getInitResult(3); }
    ::mlir::Value getBatchVarianceResult() { return getInitResult(4); }
    /// Returns the type that the statistics are computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

def Norm_BatchNormInferenceOp : Norm_FeatureLayerOp<"batch_norm_inference", 7> {
  let loops = "::mlir::norm::detail::getAllDims(getInput())";
  let summary = "Normalizes by given statistics";
  let description = [{
    Computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    with the statistics given for every index of the feature axes. It is the
    evaluation of a trained layer, and also the training of a frozen one.

    Shapes: `input` and `output` have the same shape, of rank 2 or more. All
    other operands have the sizes of the feature axes, in their order, but scale
    and bias have those of the axes `parameters`, if these are given. Where the
    variance plus epsilon is 0, the output is `bias`. Where `mask` or `lengths`,
    as in `norm.batch_norm_training`, do not select a value, the output is 0;
    with `unselected = normalize` they have no effect.

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

  let arguments = !con((ins
    Norm_Shaped:$input,
    Norm_Shaped:$mean,
    Norm_Shaped:$variance,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias), Norm_MaskOperands, (ins
    Norm_Shaped:$output),
    Norm_FeatureArguments, Norm_MaskArguments, Norm_ScalingArguments, (ins
    OptionalAttr<TypeAttr>:$accumulator));

  let assemblyFormat = !strconcat([{
    `ins` `(` $input `:` type($input) `)`
    `statistics` `(` $mean `,` $variance `:` type($mean) `,` type($variance) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
  }], Norm_MaskOperandsFormat, [{
    `outs` `(` $output `:` type($output) `)`
  }], Norm_FeatureFormat, Norm_MaskFormat, Norm_ScalingFormat, [{
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }]);

  let extraDeclaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(0); }
    /// Returns the type that the output is computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

/// A layer that normalizes by the statistics of its input alone.
class Norm_Statistics<dag axes, string axesFormat> {
  dag arguments = !con((ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias), Norm_MaskOperands, (ins
    Norm_Shaped:$output,
    Optional<Norm_Shaped>:$saved_mean,
    Optional<Norm_Shaped>:$saved_variance),
    axes, Norm_MaskArguments, Norm_DeviceArguments, Norm_ScalingArguments, (ins
    DefaultValuedAttr<Norm_VarianceAlgorithm,
                      "::mlir::norm::VarianceAlgorithm::Stable">:$variance,
    OptionalAttr<TypeAttr>:$accumulator));

  string assemblyFormat = !strconcat([{
    `ins` `(` $input `:` type($input) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
  }], Norm_MaskOperandsFormat, [{
    `outs` `(` $output `:` type($output) `)`
    (`statistics` `(` $saved_mean^ `,` $saved_variance `:`
        type($saved_mean) `,` type($saved_variance) `)`)?
  }], axesFormat, Norm_MaskFormat, Norm_DeviceFormat, Norm_ScalingFormat, [{
    (`variance` `=` $variance^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }]);

  code declaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(0); }
    ::mlir::Value getSavedMeanResult() { return getInitResult(1); }
    ::mlir::Value getSavedVarianceResult() { return getInitResult(2); }
    /// Returns the type that the statistics are computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

def Norm_GroupNormOp : Norm_GroupLayerOp<"group_norm", 5> {
  defvar layer = Norm_Statistics<Norm_GroupArguments, Norm_GroupFormat>;
  let arguments = layer.arguments;
  let assemblyFormat = layer.assemblyFormat;
  let extraDeclaration = layer.declaration;

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
    and `bias` have the size of the channel axis, or, if they are given, those of
    the axes `parameters`; along the channel axis, `affine` tells what has a
    parameter of its own: each channel, each group, or each channel of a group,
    the same for all groups. `statistics` operands, if
    present, receive the mean and the biased variance of each group; they have
    the sizes of the batch axes and the number of groups, in the order in which
    these axes stand in `input`.

    A group without any value has statistics 0. Where the variance plus epsilon
    is 0, the output is `bias`. `mask` or `lengths` select values as in
    `norm.batch_norm_training`.

    Example:

    ```mlir
    %y = norm.group_norm
        ins(%x : tensor<8x320x64x64xf32>)
        scale(%g : tensor<320xf32>) bias(%b : tensor<320xf32>)
        outs(%init : tensor<8x320x64x64xf32>)
        channel = 1 num_groups = 32 epsilon = 1.0e-5
    ```
  }];
}

def Norm_InstanceNormOp : Norm_InstanceLayerOp<"instance_norm", 5> {
  defvar layer = Norm_Statistics<Norm_InstanceArguments, Norm_InstanceFormat>;
  let arguments = layer.arguments;
  let assemblyFormat = layer.assemblyFormat;
  let extraDeclaration = layer.declaration;

  let summary = "Normalizes by the statistics of each channel of a sample";
  let description = [{
    For every index of the batch axes and the channel axis, takes the mean and
    the biased variance of `input` over all other axes and computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    It is `norm.group_norm` with `group_size = 1`, but `statistics` operands have
    the sizes of the batch axes and of the channel axis. `mask` or `lengths`
    select values, and `devices` have statistics together, as in
    `norm.batch_norm_training`.

    Example:

    ```mlir
    %y = norm.instance_norm
        ins(%x : tensor<8x64x128x128xf32>)
        scale(%g : tensor<64xf32>) bias(%b : tensor<64xf32>)
        outs(%init : tensor<8x64x128x128xf32>) channel = 1
    ```
  }];
}

def Norm_LayerNormOp : Norm_AxesLayerOp<"layer_norm", 5> {
  defvar layer = Norm_Statistics<Norm_AxesArguments, Norm_AxesFormat>;
  let arguments = layer.arguments;
  let assemblyFormat = layer.assemblyFormat;
  let extraDeclaration = layer.declaration;

  let summary = "Normalizes by the statistics of each sample";
  let description = [{
    For every index of the axes that are not in `axes`, takes the mean and the
    biased variance of `input` over `axes` and computes

    ```
    output = (input - mean) / sqrt(variance + epsilon) * scale + bias
    ```

    `scale` and `bias` have the sizes of `axes`, or of the axes `parameters`, if
    these are given. `statistics` operands, if present, receive the mean and the
    biased variance; they have the sizes of the axes that are not in `axes`.
    `mask` or `lengths` select values as in `norm.batch_norm_training`.

    Example:

    ```mlir
    %y = norm.layer_norm
        ins(%x : tensor<8x512x768xf32>)
        scale(%g : tensor<768xf32>) bias(%b : tensor<768xf32>)
        outs(%init : tensor<8x512x768xf32>) axes = [2]
    ```
  }];
}

def Norm_RMSNormOp : Norm_AxesLayerOp<"rms_norm", 5> {
  let summary = "Normalizes by the root mean square of each sample";
  let description = [{
    For every index of the axes that are not in `axes`, takes the mean of the
    squares of `input` over `axes` and computes

    ```
    output = input / sqrt(mean_square + epsilon) * scale + bias
    ```

    (B. Zhang, R. Sennrich: Root Mean Square Layer Normalization. NeurIPS 2019).
    `scale` and `bias` have the sizes of `axes`, or of the axes `parameters`, if
    these are given. The `mean_square` operand, if present, receives the mean of
    the squares; it has the sizes of the axes that are not in `axes`. `mask` or
    `lengths` select values, and `devices` have statistics together, as in
    `norm.batch_norm_training`.

    Example:

    ```mlir
    %y = norm.rms_norm
        ins(%x : tensor<8x512x4096xbf16>) scale(%g : tensor<4096xbf16>)
        outs(%init : tensor<8x512x4096xbf16>) axes = [2] epsilon = 1.0e-6
    ```
  }];

  let arguments = !con((ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias), Norm_MaskOperands, (ins
    Norm_Shaped:$output,
    Optional<Norm_Shaped>:$mean_square),
    Norm_AxesArguments, Norm_MaskArguments, Norm_DeviceArguments,
    Norm_ScalingArguments, (ins
    OptionalAttr<TypeAttr>:$accumulator));

  let assemblyFormat = !strconcat([{
    `ins` `(` $input `:` type($input) `)`
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
  }], Norm_MaskOperandsFormat, [{
    `outs` `(` $output `:` type($output) `)`
    (`mean_square` `(` $mean_square^ `:` type($mean_square) `)`)?
  }], Norm_AxesFormat, Norm_MaskFormat, Norm_DeviceFormat, Norm_ScalingFormat,
      [{
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }]);

  let extraDeclaration = [{
    ::mlir::Value getOutputResult() { return getInitResult(0); }
    ::mlir::Value getMeanSquareResult() { return getInitResult(1); }
    /// Returns the type that the statistics are computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

#endif // NORM_IR_NORMLAYEROPS_TD
