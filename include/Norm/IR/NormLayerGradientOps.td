//===- NormLayerGradientOps.td - gradients of the layers ----*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One op gives the gradients of a layer's input and parameters, from the
// gradient of its output and the statistics that the layer normalized by.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMLAYERGRADIENTOPS_TD
#define NORM_IR_NORMLAYERGRADIENTOPS_TD

include "Norm/IR/NormLayerBase.td"

/// The devices of the layer, and whether the gradients of the parameters are
/// those of all of them.
defvar Norm_GradientDeviceArguments =
    !con(Norm_DeviceArguments, (ins UnitAttr:$sum_parameters));
defvar Norm_GradientDeviceFormat = Norm_DeviceFormat # [{
    (`sum_parameters` $sum_parameters^)?
}];

/// What the gradients of all layers have in common. Layers differ in how they
/// name axes.
class Norm_LayerGradient<dag axes, string axesFormat,
                         dag devices = Norm_GradientDeviceArguments,
                         string devicesFormat = Norm_GradientDeviceFormat> {
  dag arguments = !con((ins
    Norm_Shaped:$output_gradient,
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$mean,
    Optional<Norm_Shaped>:$variance,
    Optional<Norm_Shaped>:$rstd,
    Optional<Norm_Shaped>:$scale), Norm_MaskOperands, (ins
    Optional<Norm_Shaped>:$input_gradient,
    Optional<Norm_Shaped>:$scale_gradient,
    Optional<Norm_Shaped>:$bias_gradient), axes, (ins
    UnitAttr:$per_sample), Norm_MaskArguments, devices, Norm_ScalingArguments,
    (ins
    OptionalAttr<TypeAttr>:$accumulator));

  string assemblyFormat = !strconcat([{
    `ins` `(` $output_gradient `,` $input `:`
        type($output_gradient) `,` type($input) `)`
    (`mean` `(` $mean^ `:` type($mean) `)`)?
    (`variance` `(` $variance^ `:` type($variance) `)`)?
    (`rstd` `(` $rstd^ `:` type($rstd) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
  }], Norm_MaskOperandsFormat, [{
    (`outs` `(` $input_gradient^ `:` type($input_gradient) `)`)?
    (`scale_gradient` `(` $scale_gradient^ `:` type($scale_gradient) `)`)?
    (`bias_gradient` `(` $bias_gradient^ `:` type($bias_gradient) `)`)?
  }], axesFormat, [{
    (`per_sample` $per_sample^)?
  }], Norm_MaskFormat, devicesFormat, Norm_ScalingFormat, [{
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }]);

  code declaration = [{
    ::mlir::Value getInputGradientResult() { return getInitResult(0); }
    ::mlir::Value getScaleGradientResult() { return getInitResult(1); }
    ::mlir::Value getBiasGradientResult() { return getInitResult(2); }
    /// Returns the type that the gradients are computed in.
    ::mlir::FloatType getAccumulatorType();
  }];
}

def Norm_BatchNormGradOp : Norm_BatchLayerOp<"batch_norm_grad", 8> {
  defvar gradient = Norm_LayerGradient<
      !con(Norm_FeatureArguments, Norm_GhostArguments),
      !strconcat(Norm_FeatureFormat, Norm_GhostFormat)>;
  let arguments = gradient.arguments;
  let assemblyFormat = gradient.assemblyFormat;
  let extraDeclaration = gradient.declaration;

  let summary = "The gradient of batch norm through the batch statistics";
  let description = [{
    With `normalized = (input - mean) * rstd`, the output of
    `norm.batch_norm_training` before scale and bias, and with sums over all
    axes but the feature axes, of n values each:

    ```
    bias_gradient  = sum(output_gradient)
    scale_gradient = sum(output_gradient * normalized)
    input_gradient = rstd * scale * (output_gradient - bias_gradient / n
                                     - normalized * scale_gradient / n)
    ```

    (S. Ioffe, C. Szegedy: Batch Normalization. ICML 2015, section 3).
    The inits that are present receive their gradient.

    The statistics are those that the layer saved: `mean`, and either `variance`
    or `rstd`, the reciprocal of sqrt(variance + epsilon). They are taken as they
    are; they need not be those of `input`. `epsilon` is used only with
    `variance`. Where the standard deviation is 0, rstd is 0.

    `epsilon_mode` is that of the layer. With `max`, statistics have no gradient
    where epsilon is larger than the variance; with `outside`, it is multiplied by
    1 + epsilon / sqrt(variance). Both need `variance`.

    With `ghost_size`, the statistics are those of sub-batches of as many indices of
    axis 0, and n is the number of values in one of them.

    `mask` or `lengths` are those of the layer, and n is the number of selected
    values. What is not selected counts as 0 in `output_gradient`, and its
    `input_gradient` is 0. With `unselected = normalize`, the sums are over all
    values, and `input_gradient` is `rstd * scale * output_gradient` where a value
    is not selected. The gradients of all layers have these rules.

    With `devices`, those of the layer, the input of each device has a part in
    the statistics of all of them: n and the sums in `input_gradient` are over all
    devices, so that it is the gradient of the sum of their losses. The
    gradients of the parameters are those of this device alone, to be added up
    like those of all other parameters; with `sum_parameters`, the op adds up
    those of all `devices`, in the same message.

    Shapes: `output_gradient`, `input` and `input_gradient` have the same shape,
    of rank 2 or more. All other operands have the sizes of the feature axes, in
    their order; statistics of sub-batches have their number before these.

    Example:

    ```mlir
    %dx, %dscale, %dbias = norm.batch_norm_grad
        ins(%dy, %x : tensor<32x64x56x56xf32>, tensor<32x64x56x56xf32>)
        mean(%m : tensor<64xf32>) variance(%v : tensor<64xf32>)
        scale(%g : tensor<64xf32>)
        outs(%dx0 : tensor<32x64x56x56xf32>)
        scale_gradient(%dg0 : tensor<64xf32>)
        bias_gradient(%db0 : tensor<64xf32>)
        features = [1] epsilon = 1.0e-5
    ```
  }];
}

def Norm_BatchNormInferenceGradOp
    : Norm_FeatureLayerOp<"batch_norm_inference_grad", 8> {
  // Its statistics are no function of any input.
  defvar gradient = Norm_LayerGradient<Norm_FeatureArguments,
                                       Norm_FeatureFormat, (ins), "">;
  let arguments = gradient.arguments;
  let assemblyFormat = gradient.assemblyFormat;
  let extraDeclaration = gradient.declaration;

  let summary = "The gradient of batch norm with constant statistics";
  let description = [{
    The gradient of `norm.batch_norm_inference`, whose statistics do not depend on
    its input:

    ```
    bias_gradient  = sum(output_gradient)
    scale_gradient = sum(output_gradient * (input - mean) * rstd)
    input_gradient = output_gradient * rstd * scale
    ```

    It is that of a frozen layer too. A layer that gives no gradients to its
    scale and bias leaves out their inits. Operands are as in
    `norm.batch_norm_grad`.

    Example:

    ```mlir
    %dx = norm.batch_norm_inference_grad
        ins(%dy, %x : tensor<?x56x56x64xbf16>, tensor<?x56x56x64xbf16>)
        mean(%m : tensor<64xf32>) variance(%v : tensor<64xf32>)
        scale(%g : tensor<64xf32>)
        outs(%dx0 : tensor<?x56x56x64xbf16>)
        features = [3]
    ```
  }];
}

def Norm_GroupNormGradOp : Norm_GroupLayerOp<"group_norm_grad", 8> {
  defvar gradient = Norm_LayerGradient<Norm_GroupArguments, Norm_GroupFormat>;
  let arguments = gradient.arguments;
  let assemblyFormat = gradient.assemblyFormat;
  let extraDeclaration = gradient.declaration;

  let summary = "The gradient of group norm";
  let description = [{
    With `normalized = (input - mean) * rstd` and `scaled = scale *
    output_gradient`, the means being over the n values of each group:

    ```
    bias_gradient  = sum(output_gradient)
    scale_gradient = sum(output_gradient * normalized)
    input_gradient = rstd * (scaled - mean(scaled)
                             - normalized * mean(scaled * normalized))
    ```

    The sums are over all axes but those of the parameters. With `per_sample`,
    they are not over the batch axes either, and the gradients of scale and bias
    have the sizes of the batch and the parameter axes, in the order of these.

    The statistics have the sizes of the batch axes and the number of groups, as
    `norm.group_norm` gives them, `scale` that of the channel axis. They are
    `mean`, and either `variance` or `rstd`, the reciprocal of
    sqrt(variance + epsilon), taken as they are. `output_gradient`, `input` and
    `input_gradient` have the same shape.

    Example:

    ```mlir
    %dx, %dscale, %dbias = norm.group_norm_grad
        ins(%dy, %x : tensor<8x320x64x64xf32>, tensor<8x320x64x64xf32>)
        mean(%m : tensor<8x32xf32>) rstd(%r : tensor<8x32xf32>)
        scale(%g : tensor<320xf32>)
        outs(%dx0 : tensor<8x320x64x64xf32>)
        scale_gradient(%dg0 : tensor<320xf32>)
        bias_gradient(%db0 : tensor<320xf32>)
        channel = 1 num_groups = 32
    ```
  }];
}

def Norm_InstanceNormGradOp : Norm_InstanceLayerOp<"instance_norm_grad", 8> {
  defvar gradient = Norm_LayerGradient<Norm_InstanceArguments,
                                       Norm_InstanceFormat>;
  let arguments = gradient.arguments;
  let assemblyFormat = gradient.assemblyFormat;
  let extraDeclaration = gradient.declaration;

  let summary = "The gradient of instance norm";
  let description = [{
    The formulas are those of `norm.group_norm_grad`, with one channel a group.
    The statistics have the sizes of the batch axes and of the channel axis.

    Example:

    ```mlir
    %dx = norm.instance_norm_grad
        ins(%dy, %x : tensor<8x64x32x32xf32>, tensor<8x64x32x32xf32>)
        mean(%m : tensor<8x64xf32>) rstd(%r : tensor<8x64xf32>)
        scale(%g : tensor<64xf32>)
        outs(%dx0 : tensor<8x64x32x32xf32>) channel = 1
    ```
  }];
}

class Norm_AxesGradientOp<string mnemonic> : Norm_AxesLayerOp<mnemonic, 8> {
  defvar gradient = Norm_LayerGradient<Norm_AxesArguments, Norm_AxesFormat>;
  let arguments = gradient.arguments;
  let assemblyFormat = gradient.assemblyFormat;
  let extraDeclaration = gradient.declaration;
}

def Norm_LayerNormGradOp : Norm_AxesGradientOp<"layer_norm_grad"> {
  let summary = "The gradient of layer norm";
  let description = [{
    The formulas are those of `norm.group_norm_grad`: the means are over `axes`,
    and the sums over all axes but those of the parameters. The statistics have
    the sizes of the axes that are not in `axes`.

    Example:

    ```mlir
    %dx, %dscale, %dbias = norm.layer_norm_grad
        ins(%dy, %x : tensor<8x512x768xf32>, tensor<8x512x768xf32>)
        mean(%m : tensor<8x512xf32>) variance(%v : tensor<8x512xf32>)
        scale(%g : tensor<768xf32>)
        outs(%dx0 : tensor<8x512x768xf32>)
        scale_gradient(%dg0 : tensor<768xf32>)
        bias_gradient(%db0 : tensor<768xf32>) axes = [2]
    ```
  }];
}

def Norm_RMSNormGradOp : Norm_AxesGradientOp<"rms_norm_grad"> {
  let summary = "The gradient of RMS norm";
  let description = [{
    With `normalized = input * rstd` and `scaled = scale * output_gradient`, the
    mean being over `axes`,

    ```
    bias_gradient  = sum(output_gradient)
    scale_gradient = sum(output_gradient * normalized)
    input_gradient = rstd * (scaled - normalized * mean(scaled * normalized))
    ```

    Operands are as in `norm.layer_norm_grad`, without a mean; `variance` is the
    mean of the squares.

    Example:

    ```mlir
    %dx, %dscale = norm.rms_norm_grad
        ins(%dy, %x : tensor<8x512x768xf32>, tensor<8x512x768xf32>)
        variance(%ms : tensor<8x512xf32>) scale(%g : tensor<768xf32>)
        outs(%dx0 : tensor<8x512x768xf32>)
        scale_gradient(%dg0 : tensor<768xf32>) axes = [2]
    ```
  }];
}

#endif // NORM_IR_NORMLAYERGRADIENTOPS_TD
