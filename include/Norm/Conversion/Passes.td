//===- Passes.td - conversions from the norm dialect --------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CONVERSION_PASSES_TD
#define NORM_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertNormToLinalg : Pass<"convert-norm-to-linalg"> {
  let summary = "Convert kernel ops to linalg.generic";
  let description = [{
    Rewrites every kernel op on tensors into `linalg.generic` ops. In each of
    them, the loops that index parameters or statistics are outermost, in the
    order of the input's axes; the others follow, in that order too.

    Before:

    ```mlir
    %y = norm.normalize ins(%x : tensor<8x25xf32>) mean(%m : tensor<8xf32>)
        outs(%init : tensor<8x25xf32>) statistics_axes = [0] parameter_axes = []
    ```

    After:

    ```mlir
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>,
                         affine_map<(d0, d1) -> (d0)>,
                         affine_map<(d0, d1) -> (d0, d1)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %m : tensor<8x25xf32>, tensor<8xf32>)
        outs(%init : tensor<8x25xf32>) {
    ^bb0(%in: f32, %mean: f32, %out: f32):
      %0 = arith.subf %in, %mean : f32
      linalg.yield %0 : f32
    } -> tensor<8x25xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // NORM_CONVERSION_PASSES_TD
