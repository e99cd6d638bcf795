//===- NormGradientOps.td - the kernels of gradients --------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the gradients of layer ops decompose into. With n values a statistic, the
// gradient through the statistics of y = scale * (x - mean) * rstd + bias is
//
//   dx = rstd * (scale * dy - sum(scale * dy) / n
//                - (x - mean) * rstd^2 * sum(scale * dy * (x - mean)) / n)
//
//   S. Ioffe, C. Szegedy: Batch Normalization: Accelerating Deep Network
//   Training by Reducing Internal Covariate Shift. ICML 2015, section 3.
//
// All sums are of distances from the mean, so a large mean does not cancel.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMGRADIENTOPS_TD
#define NORM_IR_NORMGRADIENTOPS_TD

include "Norm/IR/NormOpBase.td"

def Norm_GradientSumsOp
    : Norm_Op<"gradient_sums", 6,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit"]>]> {
  let summary = "Adds the sums of a gradient to those that the inits hold";
  let description = [{
    Along the reduced axes, leaving out what is absent,

    ```
    sum     += scale * output_gradient
    product += scale * output_gradient * (input - mean) * rstd
    ```

    `output_gradient` and `input` have one shape. `sum` and `product` have the
    sizes of the axes that are not reduced, `mean` and `rstd` those of the
    statistics axes, `scale` those of the parameter axes. Inits of 0 give the
    sums alone, and chunks of an input can follow one another. The values of one
    op are summed in the type `accumulator`, by default that of the inits, to
    which the sums are then added. With a `mask`, which has the sizes of the axes
    `mask_axes`, the sums are over the values for which it is true.

    Example:

    ```mlir
    %s, %p = norm.gradient_sums
        ins(%dy, %x : tensor<32x64x3136xf32>, tensor<32x64x3136xf32>)
        mean(%m : tensor<64xf32>)
        outs(%zero, %zero : tensor<64xf32>, tensor<64xf32>)
        axes = [0, 2] statistics_axes = [1]
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$output_gradient, Norm_Shaped:$input,
    Optional<Norm_Shaped>:$mean,
    Optional<Norm_Shaped>:$rstd,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Mask>:$mask,
    Norm_Shaped:$sum, Norm_Shaped:$product,
    DenseI64ArrayAttr:$axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$statistics_axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$parameter_axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$mask_axes,
    OptionalAttr<TypeAttr>:$accumulator);
  let extraDeclaration = [{
    /// Returns the type that the values of this op are summed in.
    ::mlir::FloatType getAccumulatorType();
  }];
  let assemblyFormat = [{
    `ins` `(` $output_gradient `,` $input `:`
        type($output_gradient) `,` type($input) `)`
    (`mean` `(` $mean^ `:` type($mean) `)`)?
    (`rstd` `(` $rstd^ `:` type($rstd) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $sum `,` $product `:` type($sum) `,` type($product) `)`
    `axes` `=` $axes
    (`statistics_axes` `=` $statistics_axes^)?
    (`parameter_axes` `=` $parameter_axes^)?
    (`mask_axes` `=` $mask_axes^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }];
}

def Norm_CombineGradientSumsOp
    : Norm_Op<"combine_gradient_sums", 4,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit"]>]> {
  let summary = "Adds partial sums of a gradient to those that the inits hold";
  let description = [{
    Along the reduced axes, leaving out what is absent,

    ```
    sum     += scale * partial_sum
    product += scale * partial_product * rstd
    ```

    The sums of the channels of a group combine to those of the group, weighted
    by scale; those of all samples combine to the gradients of the parameters,
    weighted by rstd. The inputs have one shape; the inits have the sizes of its
    axes that are not reduced, `rstd` those of the statistics axes, `scale` those
    of the parameter axes. Sums are in f64.

    Example:

    ```mlir
    %s, %p = norm.combine_gradient_sums
        ins(%ps, %pp : tensor<8x32x10xf32>, tensor<8x32x10xf32>)
        scale(%g : tensor<32x10xf32>)
        outs(%zero, %zero : tensor<8x32xf32>, tensor<8x32xf32>)
        axes = [2] parameter_axes = [1, 2]
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$partial_sum, Norm_Shaped:$partial_product,
    Optional<Norm_Shaped>:$rstd,
    Optional<Norm_Shaped>:$scale,
    Norm_Shaped:$sum, Norm_Shaped:$product,
    DenseI64ArrayAttr:$axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$statistics_axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$parameter_axes);
  let assemblyFormat = [{
    `ins` `(` $partial_sum `,` $partial_product `:`
        type($partial_sum) `,` type($partial_product) `)`
    (`rstd` `(` $rstd^ `:` type($rstd) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    `outs` `(` $sum `,` $product `:` type($sum) `,` type($product) `)`
    `axes` `=` $axes
    (`statistics_axes` `=` $statistics_axes^)?
    (`parameter_axes` `=` $parameter_axes^)?
    attr-dict
  }];
}

def Norm_GradientFinalizeOp
    : Norm_Op<"gradient_finalize", 5,
              [DeclareOpInterfaceMethods<Norm_StructuredOpInterface>]> {
  let summary = "Turns sums of a gradient into what it loses to the statistics";
  let description = [{
    With the number of values that each statistic was taken of,

    ```
    gradient_mean = sum / count
    slope         = product * rstd^2 / count
    ```

    and 0 where the count is 0. All operands have the same shape.

    `variance` is needed only where rstd is not 1 / sqrt(variance + epsilon): the
    factor rstd^2 is 0 for `epsilon_mode = max` where epsilon is larger, and rstd /
    sqrt(variance) for `outside`, 0 where the variance is 0.

    Example:

    ```mlir
    %a, %b = norm.gradient_finalize
        ins(%s, %p : tensor<64xf32>, tensor<64xf32>)
        rstd(%r : tensor<64xf32>) count(%n : tensor<64xf32>)
        outs(%a0, %b0 : tensor<64xf32>, tensor<64xf32>)
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$sum, Norm_Shaped:$product, Norm_Shaped:$rstd,
    Norm_Shaped:$count, Optional<Norm_Shaped>:$variance,
    Norm_Shaped:$gradient_mean, Norm_Shaped:$slope,
    DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    DefaultValuedAttr<Norm_EpsilonMode,
                      "::mlir::norm::EpsilonMode::Add">:$epsilon_mode);
  let assemblyFormat = [{
    `ins` `(` $sum `,` $product `:` type($sum) `,` type($product) `)`
    `rstd` `(` $rstd `:` type($rstd) `)`
    `count` `(` $count `:` type($count) `)`
    (`variance` `(` $variance^ `:` type($variance) `)`)?
    `outs` `(` $gradient_mean `,` $slope `:`
        type($gradient_mean) `,` type($slope) `)`
    (`epsilon` `=` $epsilon^)? (`epsilon_mode` `=` $epsilon_mode^)?
    attr-dict
  }];
}

def Norm_GradientApplyOp
    : Norm_Op<"gradient_apply", 8,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface>]> {
  let summary = "Turns the gradient of an output into that of the input";
  let description = [{
    Computes

    ```
    input_gradient = rstd * (scale * output_gradient - gradient_mean
                             - (input - mean) * slope)
    ```

    leaving out what is absent. `mean`, `rstd`, `gradient_mean` and `slope` have
    the sizes of the statistics axes, `scale` those of the parameter axes. The
    intermediate type is the widest of all operands' and f32.

    Where the `mask`, which has the sizes of the axes `mask_axes`, is false, the
    result is 0, or `rstd * scale * output_gradient` with `unselected =
    normalize`: what the statistics were not taken of has no part in them.

    Example:

    ```mlir
    %dx = norm.gradient_apply
        ins(%dy, %x : tensor<32x64x3136xf32>, tensor<32x64x3136xf32>)
        mean(%m : tensor<64xf32>) rstd(%r : tensor<64xf32>)
        scale(%g : tensor<64xf32>)
        gradient_mean(%a : tensor<64xf32>) slope(%b : tensor<64xf32>)
        outs(%init : tensor<32x64x3136xf32>)
        statistics_axes = [1] parameter_axes = [1]
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$output_gradient, Norm_Shaped:$input,
    Optional<Norm_Shaped>:$mean,
    Optional<Norm_Shaped>:$rstd,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$gradient_mean,
    Optional<Norm_Shaped>:$slope,
    Optional<Norm_Mask>:$mask,
    Norm_Shaped:$input_gradient,
    DenseI64ArrayAttr:$statistics_axes,
    DenseI64ArrayAttr:$parameter_axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$mask_axes,
    DefaultValuedAttr<Norm_UnselectedRule,
                      "::mlir::norm::UnselectedRule::Zero">:$unselected);
  let assemblyFormat = [{
    `ins` `(` $output_gradient `,` $input `:`
        type($output_gradient) `,` type($input) `)`
    (`mean` `(` $mean^ `:` type($mean) `)`)?
    (`rstd` `(` $rstd^ `:` type($rstd) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`gradient_mean` `(` $gradient_mean^ `:` type($gradient_mean) `)`)?
    (`slope` `(` $slope^ `:` type($slope) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $input_gradient `:` type($input_gradient) `)`
    `statistics_axes` `=` $statistics_axes
    `parameter_axes` `=` $parameter_axes
    (`mask_axes` `=` $mask_axes^)? (`unselected` `=` $unselected^)? attr-dict
  }];
}

#endif // NORM_IR_NORMGRADIENTOPS_TD
