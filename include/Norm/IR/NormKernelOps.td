//===- NormKernelOps.td - the kernels of a normalization ----*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops that layer ops decompose into. A producer or a consumer can fuse with
// one of them, and a reduction across devices can stand between them.
//
// Statistics are kept as count, mean and M2 (the sum of the squared distances
// from the mean), which combine exactly:
//
//   T. Chan, G. Golub, R. LeVeque: Algorithms for Computing the Sample
//   Variance: Analysis and Recommendations. The American Statistician 37(3),
//   1983, equations 2.1a and 2.1b.
//
// and may be relative to a shift, a value near the data (the same paper,
// section 3), so that a large mean costs no accuracy.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMKERNELOPS_TD
#define NORM_IR_NORMKERNELOPS_TD

include "Norm/IR/NormOpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def Norm_ShiftOp
    : Norm_Op<"shift", 1,
              [DeclareOpInterfaceMethods<Norm_StructuredOpInterface>]> {
  let summary = "Picks a value near the data of every statistic";
  let description = [{
    `shift` is the mean of the first values of `input`: up to 16 along the last
    reduced axis, at index 0 of the other reduced axes. It is 0 where there is
    none. It has the sizes of the other axes. Any value near the data would do;
    several keep a single outlier from being far from the rest.

    With `all`, it is the mean of all values, as far as one pass in the type of
    `shift` can tell it.

    Example:

    ```mlir
    %k = norm.shift ins(%x : tensor<32x64x3136xf32>)
        outs(%init : tensor<64xf32>) axes = [0, 2]
    ```
  }];
  let extraDeclaration = [{
    /// The number of values, at most, that a shift is the mean of.
    static constexpr int64_t kSamples = 16;
  }];
  let arguments = (ins Norm_Shaped:$input, Norm_Shaped:$shift,
                       DenseI64ArrayAttr:$axes, UnitAttr:$all);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $shift `:` type($shift) `)`
    `axes` `=` $axes (`all` $all^)? attr-dict
  }];
}

def Norm_MomentsOp
    : Norm_Op<"moments", 4,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit"]>]> {
  let summary = "Adds values to the moments that the inits hold";
  let description = [{
    Combines the count, mean and M2 in the inits with those of the values of
    `input - shift` along the reduced axes. Inits of 0 give the moments of the
    input alone, and chunks of an input can follow one another.

    `shift` and the inits have the sizes of the axes that are not reduced. The
    values of one op are summed in the type `accumulator`, by default that of
    the inits, in which the sums are then combined. The count is a float; up to
    2^24 values in one op, it is exact, and beyond that the weights it gives are
    off by one rounding.

    A `guess` is a value near the mean of `input`. With it, the input is read
    once: distances are taken from the guess while the inits count no values,
    and from their mean after that. This is as accurate as to read it twice if
    the guess is the mean of the first chunk, and chunks are of one size.

    With `uncentered`, no mean is taken: it stays 0, and M2 is the sum of the
    squares. There is no shift then.

    With a `mask`, which has the sizes of the axes `mask_axes`, only the values
    for which it is true are counted.

    Example:

    ```mlir
    %n, %mean, %m2 = norm.moments ins(%x : tensor<32x64x3136xf32>)
        shift(%k : tensor<64xf32>)
        outs(%n0, %mean0, %m20 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        axes = [0, 2]
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$shift,
    Optional<Norm_Mask>:$mask,
    Optional<Norm_Shaped>:$guess,
    Norm_Shaped:$count, Norm_Shaped:$mean, Norm_Shaped:$m2,
    DenseI64ArrayAttr:$axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$mask_axes,
    DefaultValuedAttr<Norm_VarianceAlgorithm,
                      "::mlir::norm::VarianceAlgorithm::Stable">:$variance,
    UnitAttr:$uncentered,
    OptionalAttr<TypeAttr>:$accumulator);
  let extraDeclaration = [{
    /// Returns the type that the values of this op are summed in.
    ::mlir::FloatType getAccumulatorType();
  }];
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`shift` `(` $shift^ `:` type($shift) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`guess` `(` $guess^ `:` type($guess) `)`)?
    `outs` `(` $count `,` $mean `,` $m2 `:`
        type($count) `,` type($mean) `,` type($m2) `)`
    `axes` `=` $axes (`mask_axes` `=` $mask_axes^)?
    (`variance` `=` $variance^)? (`uncentered` $uncentered^)?
    (`accumulator` `=` $accumulator^)?
    attr-dict
  }];
}

def Norm_CombineMomentsOp
    : Norm_Op<"combine_moments", 3,
              [DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit"]>,
               DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Adds partial moments to the moments that the inits hold";
  let description = [{
    Combines the count, mean and M2 in the inits with those in the inputs along
    the reduced axes, of any counts, all relative to the same shift.

    The inputs have one shape; the inits have the sizes of its axes that are not
    reduced.

    With `devices`, the partial moments are those of several devices, and all
    of them get the same result. All have the same inits. `axes` may be empty.

    Example:

    ```mlir
    %n, %mean, %m2 = norm.combine_moments
        ins(%pn, %pmean, %pm2
            : tensor<16x64xf32>, tensor<16x64xf32>, tensor<16x64xf32>)
        outs(%n0, %mean0, %m20 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        axes = [0]
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$partial_count, Norm_Shaped:$partial_mean,
    Norm_Shaped:$partial_m2,
    Norm_Shaped:$count, Norm_Shaped:$mean, Norm_Shaped:$m2,
    DenseI64ArrayAttr:$axes, OptionalAttr<Norm_Devices>:$devices);
  let assemblyFormat = [{
    `ins` `(` $partial_count `,` $partial_mean `,` $partial_m2 `:`
        type($partial_count) `,` type($partial_mean) `,` type($partial_m2) `)`
    `outs` `(` $count `,` $mean `,` $m2 `:`
        type($count) `,` type($mean) `,` type($m2) `)`
    `axes` `=` $axes (`devices` `=` $devices^)? attr-dict
  }];
}

def Norm_FinalizeOp
    : Norm_Op<"finalize", 5,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         ["readsInit", "takesParts"]>]> {
  let summary = "Turns moments into statistics";
  let description = [{
    Writes `mean = shift + moments' mean` and the biased `variance = M2 /
    count` (0 if the count is 0), and updates the running statistics, if there
    are any, as `norm.batch_norm_training` describes. All operands have the
    same shape, but the running statistics lack the axis `ghost_axis`, along
    which the sub-batches are.

    Example:

    ```mlir
    %mean, %var, %rm, %rv = norm.finalize
        ins(%n, %m, %m2 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        shift(%k : tensor<64xf32>)
        outs(%mean0, %var0 : tensor<64xf32>, tensor<64xf32>)
        running(%rm0, %rv0 : tensor<64xf32>, tensor<64xf32>)
        momentum = 0.9
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$count, Norm_Shaped:$moments_mean, Norm_Shaped:$m2,
    Optional<Norm_Shaped>:$shift,
    Optional<Norm_Shaped>:$batches,
    Norm_Shaped:$mean, Norm_Shaped:$variance,
    Optional<Norm_Shaped>:$running_mean, Optional<Norm_Shaped>:$running_variance,
    OptionalAttr<I64Attr>:$ghost_axis,
    DefaultValuedAttr<F64Attr, "0.9">:$momentum,
    DefaultValuedAttr<I64Attr, "1">:$running_var_correction,
    DefaultValuedAttr<Norm_GhostUpdate,
                      "::mlir::norm::GhostUpdate::Sequential">:$ghost_update,
    DefaultValuedAttr<Norm_NonfiniteRule,
                      "::mlir::norm::NonfiniteRule::Propagate">:$nonfinite,
    DefaultValuedAttr<Norm_EmptyRule, "::mlir::norm::EmptyRule::Keep">:$empty,
    DefaultValuedAttr<Norm_SingleRule, "::mlir::norm::SingleRule::Keep">:$single);
  let extraDeclaration = [{
    /// Returns the axes that the running statistics lack.
    ::mlir::SmallVector<int64_t> getGhostAxes() {
      ::mlir::SmallVector<int64_t> axes;
      if (getGhostAxis())
        axes.push_back(*getGhostAxis());
      return axes;
    }
  }];
  let assemblyFormat = [{
    `ins` `(` $count `,` $moments_mean `,` $m2 `:`
        type($count) `,` type($moments_mean) `,` type($m2) `)`
    (`shift` `(` $shift^ `:` type($shift) `)`)?
    (`batches` `(` $batches^ `:` type($batches) `)`)?
    `outs` `(` $mean `,` $variance `:` type($mean) `,` type($variance) `)`
    (`running` `(` $running_mean^ `,` $running_variance `:`
        type($running_mean) `,` type($running_variance) `)`)?
    (`ghost_axis` `=` $ghost_axis^)?
    (`momentum` `=` $momentum^)?
    (`running_var_correction` `=` $running_var_correction^)?
    (`ghost_update` `=` $ghost_update^)?
    (`nonfinite` `=` $nonfinite^)?
    (`empty` `=` $empty^)?
    (`single` `=` $single^)?
    attr-dict
  }];
}

def Norm_RstdOp
    : Norm_Op<"rstd", 1,
              [DeclareOpInterfaceMethods<Norm_StructuredOpInterface>]> {
  let summary = "Computes the reciprocal standard deviation";
  let description = [{
    `rstd = 1 / sqrt(variance + epsilon)`, or as `epsilon_mode` says, and 0 where
    the divisor is 0, so that a constant input gives `bias` and not NaN.

    Example:

    ```mlir
    %r = norm.rstd ins(%var : tensor<64xf32>) outs(%init : tensor<64xf32>)
        epsilon = 1.0e-5
    ```
  }];
  let arguments = (ins Norm_Shaped:$variance, Norm_Shaped:$rstd,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
                       DefaultValuedAttr<Norm_EpsilonMode,
                           "::mlir::norm::EpsilonMode::Add">:$epsilon_mode);
  let assemblyFormat = [{
    `ins` `(` $variance `:` type($variance) `)`
    `outs` `(` $rstd `:` type($rstd) `)`
    (`epsilon` `=` $epsilon^)? (`epsilon_mode` `=` $epsilon_mode^)? attr-dict
  }];
}

def Norm_NormalizeOp
    : Norm_Op<"normalize", 7,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface>]> {
  let summary = "Applies statistics and affine parameters";
  let description = [{
    Computes

    ```
    output = ((input - shift) - mean) * rstd * scale + bias
    ```

    leaving out what is absent. `shift`, `mean` and `rstd` have the sizes of the
    statistics axes, `scale` and `bias` those of the parameter axes. The
    intermediate type is the widest of all operands' and f32.

    Where the `mask`, which has the sizes of the axes `mask_axes`, is false, the
    output is 0.

    Example:

    ```mlir
    %y = norm.normalize ins(%x : tensor<32x64x3136xf32>)
        mean(%m : tensor<64xf32>) rstd(%r : tensor<64xf32>)
        scale(%g : tensor<64xf32>) bias(%b : tensor<64xf32>)
        outs(%init : tensor<32x64x3136xf32>)
        statistics_axes = [1] parameter_axes = [1]
    ```
  }];
  let arguments = (ins
    Norm_Shaped:$input,
    Optional<Norm_Shaped>:$shift,
    Optional<Norm_Shaped>:$mean,
    Optional<Norm_Shaped>:$rstd,
    Optional<Norm_Shaped>:$scale,
    Optional<Norm_Shaped>:$bias,
    Optional<Norm_Mask>:$mask,
    Norm_Shaped:$output,
    DenseI64ArrayAttr:$statistics_axes,
    DenseI64ArrayAttr:$parameter_axes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$mask_axes);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`shift` `(` $shift^ `:` type($shift) `)`)?
    (`mean` `(` $mean^ `:` type($mean) `)`)?
    (`rstd` `(` $rstd^ `:` type($rstd) `)`)?
    (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $output `:` type($output) `)`
    `statistics_axes` `=` $statistics_axes
    `parameter_axes` `=` $parameter_axes
    (`mask_axes` `=` $mask_axes^)? attr-dict
  }];
}

#endif // NORM_IR_NORMKERNELOPS_TD
