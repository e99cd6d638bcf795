// RUN: norm-opt %s --convert-shard-to-norm | FileCheck %s

shard.grid @grid(shape = 2x4)

// Sums are in f64, in the order of the devices.
// CHECK-LABEL: func.func @reduce
// CHECK-SAME: %[[X:.*]]: tensor<6xf32>
func.func @reduce(%x: tensor<6xf32>) -> tensor<6xf32> {
  // CHECK: %[[ALL:.*]] = norm.all_gather ins(%[[X]] : tensor<6xf32>) outs(%{{.*}} : tensor<8x6xf32>) devices = <@grid, axes = [1, 0]>
  // CHECK: %[[SUM:.*]] = linalg.reduce ins(%[[ALL]] : tensor<8x6xf32>) outs(%{{.*}} : tensor<6xf64>) dimensions = [0]
  // CHECK: arith.extf
  // CHECK: arith.addf {{.*}} : f64
  // CHECK: linalg.generic {{.*}} ins(%[[SUM]] : tensor<6xf64>) outs(%{{.*}} : tensor<6xf32>)
  %0 = shard.all_reduce %x on @grid grid_axes = [1, 0] : tensor<6xf32> -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// CHECK-LABEL: func.func @first
// CHECK: %[[ALL:.*]] = norm.all_gather {{.*}} : tensor<2x3x5xf32>) devices = <@grid, axes = [0]>
// CHECK-NOT: linalg.transpose
// CHECK: tensor.collapse_shape %[[ALL]] {{\[\[}}0, 1], [2]] : tensor<2x3x5xf32> into tensor<6x5xf32>
func.func @first(%x: tensor<3x5xf32>) -> tensor<6x5xf32> {
  %0 = shard.all_gather %x on @grid grid_axes = [0] gather_axis = 0 : tensor<3x5xf32> -> tensor<6x5xf32>
  return %0 : tensor<6x5xf32>
}

// CHECK-LABEL: func.func @second
// CHECK: %[[ALL:.*]] = norm.all_gather {{.*}} : tensor<2x3x5x?xbf16>) devices = <@grid, axes = [0]>
// CHECK: %[[MOVED:.*]] = linalg.transpose ins(%[[ALL]] : tensor<2x3x5x?xbf16>) outs(%{{.*}} : tensor<3x2x5x?xbf16>) permutation = [1, 0, 2, 3]
// CHECK: tensor.collapse_shape %[[MOVED]] {{\[\[}}0], [1, 2], [3]] : tensor<3x2x5x?xbf16> into tensor<3x10x?xbf16>
func.func @second(%x: tensor<3x5x?xbf16>) -> tensor<3x10x?xbf16> {
  %0 = shard.all_gather %x on @grid grid_axes = [0] gather_axis = 1 : tensor<3x5x?xbf16> -> tensor<3x10x?xbf16>
  return %0 : tensor<3x10x?xbf16>
}

// CHECK-LABEL: func.func @slice
// CHECK: shard.process_linear_index
// CHECK: tensor.extract_slice
// CHECK-NOT: shard.all_slice
func.func @slice(%x: tensor<8x5xf32>) -> tensor<2x5xf32> {
  %0 = shard.all_slice %x on @grid grid_axes = [1] slice_axis = 0 : tensor<8x5xf32> -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// CHECK-LABEL: func.func @others
// CHECK: shard.all_reduce {{.*}} reduction = max
// CHECK: shard.all_gather {{.*}} tensor<3xi32>
func.func @others(%x: tensor<6xf32>, %y: tensor<3xi32>) -> (tensor<6xf32>, tensor<6xi32>) {
  %0 = shard.all_reduce %x on @grid grid_axes = [0] reduction = max : tensor<6xf32> -> tensor<6xf32>
  %1 = shard.all_gather %y on @grid grid_axes = [0] gather_axis = 0 : tensor<3xi32> -> tensor<6xi32>
  return %0, %1 : tensor<6xf32>, tensor<6xi32>
}
