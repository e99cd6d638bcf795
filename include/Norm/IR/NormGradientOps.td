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
    : Norm_Op<"gradient_sums", 3,
              [DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit"]>]> {
  let summary = "Adds the sums of a gradient to those that the inits hold";
  let description = [{
    Along the reduced axes,

    ```
    sum     += output_gradient
    product += output_gradient * (input - mean)
    ```

    `output_gradient` and `input` have one shape. `sum` and `product` have the
    sizes of the axes that are not reduced, `mean`, 0 if absent, those of the
    statistics axes, which are not reduced either. Inits of 0 give the sums
    alone, and chunks of an input can follow one another.

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
    Norm_Shaped:$sum, Norm_Shaped:$product,
    DenseI64ArrayAttr:$axes, DenseI64ArrayAttr:$statistics_axes);
  let assemblyFormat = [{
    `ins` `(` $output_gradient `,` $input `:`
        type($output_gradient) `,` type($input) `)`
    (`mean` `(` $mean^ `:` type($mean) `)`)?
    `outs` `(` $sum `,` $product `:` type($sum) `,` type($product) `)`
    `axes` `=` $axes `statistics_axes` `=` $statistics_axes attr-dict
  }];
}

def Norm_GradientApplyOp
    : Norm_Op<"gradient_apply", 7,
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

    Example:

    ```mlir
    %dx = norm.gradient_apply
        ins(%dy, %x : tensor<32x64x3136xf32>, tensor<32x64x3136xf32>)
        mean(%m : tensor<64xf32>) rstd(%r : tensor<64xf32>)
        scale(%g : tensor<64xf32>)
        through(%a, %b : tensor<64xf32>, tensor<64xf32>)
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
    Norm_Shaped:$input_gradient,
    DenseI64ArrayAttr:$statistics_axes,
    DenseI64ArrayAttr:$parameter_axes);
  let assemblyFormat = [{
    `ins` `(` $output_gradient `,` $input `:`
        type($output_gradient) `,` type($input) `)`
    (`mean` `(` $mean^ `:` type($mean) `)`)?
    (`rstd` `(` $rstd^ `:` type($rstd) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`through` `(` $gradient_mean^ `,` $slope `:`
        type($gradient_mean) `,` type($slope) `)`)?
    `outs` `(` $input_gradient `:` type($input_gradient) `)`
    `statistics_axes` `=` $statistics_axes
    `parameter_axes` `=` $parameter_axes attr-dict
  }];
}

#endif // NORM_IR_NORMGRADIENTOPS_TD
