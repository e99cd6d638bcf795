// RUN: norm-opt %s --norm-pack-gathers --canonicalize | FileCheck %s

shard.grid @grid(shape = 4)

// CHECK: #[[$BOTH:.*]] = affine_map<()[s0, s1] -> (s0 + s1 * 3 + 1)>
// CHECK-LABEL: func.func @static
// CHECK-SAME: %[[X:.*]]: tensor<8xf64>, %[[Y:.*]]: tensor<2x3xf64>, %[[Z:.*]]: tensor<f64>
func.func @static(%x: tensor<8xf64>, %y: tensor<2x3xf64>, %z: tensor<f64>,
    %a: tensor<4x8xf64>, %b: tensor<4x2x3xf64>, %c: tensor<4xf64>)
    -> (tensor<4x8xf64>, tensor<4x2x3xf64>, tensor<4xf64>) {
  // CHECK: %[[ROW:.*]] = tensor.empty() : tensor<16xf64>
  // CHECK: %[[R0:.*]] = tensor.insert_slice %[[X]] into %[[ROW]][1] [8] [1]
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[Y]] {{\[\[}}0, 1]]
  // CHECK: %[[R1:.*]] = tensor.insert_slice %[[FLAT]] into %[[R0]][9] [6] [1]
  // CHECK: %[[ONE:.*]] = tensor.expand_shape %[[Z]] []
  // CHECK: %[[R2:.*]] = tensor.insert_slice %[[ONE]] into %[[R1]][15] [1] [1]
  // CHECK: %[[ALL:.*]] = norm.all_gather ins(%[[R2]] : tensor<16xf64>) outs(%{{.*}} : tensor<4x16xf64>) devices = <@grid, axes = [0]> packed
  // CHECK: %[[A:.*]] = tensor.extract_slice %[[ALL]][0, 1] [4, 8] [1, 1]
  // CHECK: %[[B0:.*]] = tensor.extract_slice %[[ALL]][0, 9] [4, 6] [1, 1]
  // CHECK: %[[B:.*]] = tensor.expand_shape %[[B0]] {{\[\[}}0], [1, 2]]
  // CHECK: %[[C0:.*]] = tensor.extract_slice %[[ALL]][0, 15] [4, 1] [1, 1]
  // CHECK: %[[C:.*]] = tensor.collapse_shape %[[C0]] {{\[\[}}0, 1]]
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %0:3 = norm.all_gather ins(%x, %y, %z : tensor<8xf64>, tensor<2x3xf64>, tensor<f64>)
      outs(%a, %b, %c : tensor<4x8xf64>, tensor<4x2x3xf64>, tensor<4xf64>) devices = <@grid, axes = [0]>
  return %0#0, %0#1, %0#2 : tensor<4x8xf64>, tensor<4x2x3xf64>, tensor<4xf64>
}

// Rows of f16 have 4 elements before them, and a multiple of 4.
// CHECK-LABEL: func.func @padded
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[4] [5] [1] : tensor<5xf16> into tensor<12xf16>
func.func @padded(%x: tensor<5xf16>, %a: tensor<4x5xf16>) -> tensor<4x5xf16> {
  %0 = norm.all_gather ins(%x : tensor<5xf16>) outs(%a : tensor<4x5xf16>) devices = <@grid, axes = [0]>
  return %0 : tensor<4x5xf16>
}

// CHECK-LABEL: func.func @dynamic
func.func @dynamic(%x: tensor<?xf64>, %y: tensor<?x3xf64>, %a: tensor<4x?xf64>, %b: tensor<4x?x3xf64>)
    -> (tensor<4x?xf64>, tensor<4x?x3xf64>) {
  // CHECK: %[[SIZE:.*]] = affine.apply #[[$BOTH]]()[%{{.*}}, %{{.*}}]
  // CHECK: tensor.empty(%[[SIZE]]) : tensor<?xf64>
  // CHECK: norm.all_gather ins(%{{.*}} : tensor<?xf64>) outs(%{{.*}} : tensor<4x?xf64>)
  // CHECK-SAME: packed
  %0:2 = norm.all_gather ins(%x, %y : tensor<?xf64>, tensor<?x3xf64>)
      outs(%a, %b : tensor<4x?xf64>, tensor<4x?x3xf64>) devices = <@grid, axes = [0]>
  return %0#0, %0#1 : tensor<4x?xf64>, tensor<4x?x3xf64>
}
