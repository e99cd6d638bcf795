// RUN: norm-opt %s --norm-fold-coefficients --canonicalize --cse --split-input-file | FileCheck %s

// Three coefficients for each index of statistics and parameters.
// CHECK-DAG:   #[[$S:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG:   #[[$P:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG:   #[[$C:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @all(
// CHECK-SAME:    %[[X:.*]]: tensor<4x5x6xf16>, %[[S:.*]]: tensor<5xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK:         %[[COEFF:.*]]:3 = linalg.generic {indexing_maps = [#[[$S]], #[[$S]], #[[$S]], #[[$P]], #[[$P]], #[[$C]], #[[$C]], #[[$C]]], iterator_types = ["parallel", "parallel"]} ins(%[[S]], %[[S]], %[[S]], %[[P]], %[[P]] :
// CHECK-NEXT:    ^bb0(%[[SHIFT:.*]]: f32, %[[MEAN:.*]]: f32, %[[RSTD:.*]]: f32, %[[SCALE:.*]]: f32, %[[BIAS:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32, %{{.*}}: f32):
// CHECK-DAG:       %[[CENTER:.*]] = arith.addf %[[SHIFT]], %[[MEAN]]
// CHECK-DAG:       %[[FACTOR:.*]] = arith.mulf %[[RSTD]], %[[SCALE]]
// CHECK-DAG:       %[[BACK:.*]] = arith.subf %[[CENTER]], %[[SHIFT]]
// CHECK-DAG:       %[[ERROR:.*]] = arith.subf %[[BACK]], %[[MEAN]]
// CHECK-DAG:       %[[CORRECTION:.*]] = arith.mulf %[[ERROR]], %[[FACTOR]]
// CHECK-DAG:       %[[OFFSET:.*]] = arith.addf %[[CORRECTION]], %[[BIAS]]
// CHECK:           linalg.yield %[[CENTER]], %[[FACTOR]], %[[OFFSET]]
// CHECK:         norm.normalize ins(%[[X]] : tensor<4x5x6xf16>) mean(%[[COEFF]]#0 : tensor<5x6xf32>) scale(%[[COEFF]]#1 : tensor<5x6xf32>) bias(%[[COEFF]]#2 : tensor<5x6xf32>) outs(%[[X]] : tensor<4x5x6xf16>) statistics_axes = [1, 2] parameter_axes = [1, 2]
func.func @all(%x: tensor<4x5x6xf16>, %s: tensor<5xf32>, %p: tensor<6xf32>) -> tensor<4x5x6xf16> {
  %y = norm.normalize ins(%x : tensor<4x5x6xf16>) shift(%s : tensor<5xf32>)
      mean(%s : tensor<5xf32>) rstd(%s : tensor<5xf32>) scale(%p : tensor<6xf32>)
      bias(%p : tensor<6xf32>) outs(%x : tensor<4x5x6xf16>)
      statistics_axes = [1] parameter_axes = [2]
  return %y : tensor<4x5x6xf16>
}

// -----

// What is absent stays absent; a scale that is alone needs no arithmetic.
// CHECK-LABEL: func @shift_and_rstd(
// CHECK-SAME:    %[[X:.*]]: tensor<?x5xf32>, %[[K:.*]]: tensor<5xf32>, %[[R:.*]]: tensor<5xf32>)
// CHECK-NOT:     arith.
// CHECK:         norm.normalize ins(%[[X]] : tensor<?x5xf32>) mean(%[[K]] : tensor<5xf32>) scale(%[[R]] : tensor<5xf32>) outs(%[[X]] : tensor<?x5xf32>) statistics_axes = [1] parameter_axes = [1]
func.func @shift_and_rstd(%x: tensor<?x5xf32>, %k: tensor<5xf32>, %r: tensor<5xf32>)
    -> tensor<?x5xf32> {
  %y = norm.normalize ins(%x : tensor<?x5xf32>) shift(%k : tensor<5xf32>) rstd(%r : tensor<5xf32>)
      outs(%x : tensor<?x5xf32>) statistics_axes = [1] parameter_axes = []
  return %y : tensor<?x5xf32>
}

// -----

// Coefficients already, or as many of them as elements.
// CHECK-LABEL: func @unchanged(
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @unchanged(%x: tensor<4x5xf32>, %p: tensor<5xf32>, %r: tensor<4x5xf32>)
    -> (tensor<4x5xf32>, tensor<4x5xf32>) {
  %0 = norm.normalize ins(%x : tensor<4x5xf32>) mean(%p : tensor<5xf32>)
      scale(%p : tensor<5xf32>) bias(%p : tensor<5xf32>)
      outs(%x : tensor<4x5xf32>) statistics_axes = [1] parameter_axes = [1]
  %1 = norm.normalize ins(%x : tensor<4x5xf32>) rstd(%r : tensor<4x5xf32>)
      scale(%p : tensor<5xf32>) outs(%x : tensor<4x5xf32>)
      statistics_axes = [0, 1] parameter_axes = [1]
  return %0, %1 : tensor<4x5xf32>, tensor<4x5xf32>
}
