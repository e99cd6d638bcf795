// RUN: norm-opt %s --norm-collapse-axes --split-input-file | FileCheck %s

// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x5x7xf32>, %[[INIT:.*]]: tensor<8x3x5x7xf32>, %[[P:.*]]: tensor<3xf32>)
// CHECK-DAG:     %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf32> into tensor<8x3x35xf32>
// CHECK-DAG:     %[[IC:.*]] = tensor.collapse_shape %[[INIT]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf32> into tensor<8x3x35xf32>
// CHECK:         %[[YC:.*]]:3 = norm.batch_norm_training ins(%[[XC]] : tensor<8x3x35xf32>) scale(%[[P]] : tensor<3xf32>) outs(%[[IC]] : tensor<8x3x35xf32>) running(%[[P]], %[[P]] : tensor<3xf32>, tensor<3xf32>) features = [1]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[YC]]#0 {{\[\[}}0], [1], [2, 3]] output_shape [8, 3, 5, 7] : tensor<8x3x35xf32> into tensor<8x3x5x7xf32>
// CHECK:         return %[[Y]], %[[YC]]#1, %[[YC]]#2
func.func @training(%x: tensor<8x3x5x7xf32>, %init: tensor<8x3x5x7xf32>, %p: tensor<3xf32>)
    -> (tensor<8x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<8x3x5x7xf32>) scale(%p : tensor<3xf32>)
      outs(%init : tensor<8x3x5x7xf32>) running(%p, %p : tensor<3xf32>, tensor<3xf32>)
      features = [1]
  return %y#0, %y#1, %y#2 : tensor<8x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// Two runs of axes; features after them get new numbers.
// CHECK-LABEL: func @inference(
// CHECK:         tensor.collapse_shape %{{.*}} {{\[\[}}0, 1, 2], [3], [4, 5]] : tensor<2x3x4x5x6x7xf32> into tensor<24x5x42xf32>
// CHECK:         norm.batch_norm_inference {{.*}} outs(%{{.*}} : tensor<24x5x42xf32>) features = [1]
func.func @inference(%x: tensor<2x3x4x5x6x7xf32>, %init: tensor<2x3x4x5x6x7xf32>,
    %p: tensor<5xf32>) -> tensor<2x3x4x5x6x7xf32> {
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4x5x6x7xf32>)
      statistics(%p, %p : tensor<5xf32>, tensor<5xf32>)
      outs(%init : tensor<2x3x4x5x6x7xf32>) features = [3]
  return %y : tensor<2x3x4x5x6x7xf32>
}

// -----

// Neighbouring features stay apart, as their parameters have an axis for each.
// CHECK-LABEL: func @features(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<2x3x20xf32>) scale(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<2x3x20xf32>) features = [0, 1]
func.func @features(%x: tensor<2x3x4x5xf32>, %p: tensor<2x3xf32>) -> tensor<2x3x4x5xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4x5xf32>) scale(%p : tensor<2x3xf32>)
      outs(%x : tensor<2x3x4x5xf32>) features = [0, 1]
  return %y : tensor<2x3x4x5xf32>
}

// -----

// Batch and channel axes are kept; dynamic sizes come from the output. An input
// that is the output is collapsed once.
// CHECK-LABEL: func @group(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?x?x6xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1, 2, 3], [4]] : tensor<?x?x?x?x6xf32> into tensor<?x?x6xf32>
// CHECK-NOT:     tensor.collapse_shape
// CHECK:         %[[YC:.*]] = norm.group_norm ins(%[[XC]] : tensor<?x?x6xf32>) outs(%[[XC]] : tensor<?x?x6xf32>) channel = 2 num_groups = 2
// CHECK:         tensor.expand_shape %[[YC]] {{\[\[}}0], [1, 2, 3], [4]] output_shape [%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, 6]
func.func @group(%x: tensor<?x?x?x?x6xf32>) -> tensor<?x?x?x?x6xf32> {
  %y = norm.group_norm ins(%x : tensor<?x?x?x?x6xf32>) outs(%x : tensor<?x?x?x?x6xf32>)
      channel = 4 num_groups = 2
  return %y : tensor<?x?x?x?x6xf32>
}

// -----

// CHECK-LABEL: func @group_batch(
// CHECK:         norm.group_norm ins(%{{.*}} : tensor<6x2x20xf32>) outs(%{{.*}} : tensor<6x2x20xf32>) batch = [1] channel = 0 group_size = 3
func.func @group_batch(%x: tensor<6x2x4x5xf32>) -> tensor<6x2x4x5xf32> {
  %y = norm.group_norm ins(%x : tensor<6x2x4x5xf32>) outs(%x : tensor<6x2x4x5xf32>)
      batch = [1] channel = 0 group_size = 3
  return %y : tensor<6x2x4x5xf32>
}

// -----

// Nothing to merge.
// CHECK-LABEL: func @nothing(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @nothing(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>) outs(%x : tensor<2x3x4xf32>)
      features = [1]
  return %y : tensor<2x3x4xf32>
}

// -----

// Slices and strided memrefs may have gaps; contiguous memrefs have none.
// CHECK-LABEL: func @slice(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @slice(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x2x5xf32> {
  %0 = tensor.extract_slice %x[0, 0, 1, 0] [2, 3, 2, 5] [1, 1, 1, 1]
      : tensor<2x3x4x5xf32> to tensor<2x3x2x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x2x5xf32>) outs(%0 : tensor<2x3x2x5xf32>)
      features = [1]
  return %y : tensor<2x3x2x5xf32>
}

// CHECK-LABEL: func @strided(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @strided(%x: memref<2x3x4x5xf32, strided<[100, 30, 7, 1]>>, %init: tensor<2x3x4x5xf32>)
    -> tensor<2x3x4x5xf32> {
  %0 = bufferization.to_tensor %x restrict
      : memref<2x3x4x5xf32, strided<[100, 30, 7, 1]>> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x4x5xf32>)
      outs(%init : tensor<2x3x4x5xf32>) features = [1]
  return %y : tensor<2x3x4x5xf32>
}

// CHECK-LABEL: func @contiguous(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<2x3x20xf32>)
func.func @contiguous(%x: memref<2x3x4x5xf32>, %init: tensor<2x3x4x5xf32>)
    -> tensor<2x3x4x5xf32> {
  %0 = bufferization.to_tensor %x restrict : memref<2x3x4x5xf32> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x4x5xf32>)
      outs(%init : tensor<2x3x4x5xf32>) features = [1]
  return %y : tensor<2x3x4x5xf32>
}
