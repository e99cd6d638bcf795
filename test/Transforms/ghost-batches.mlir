// RUN: norm-opt %s --norm-decompose --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-decompose --convert-norm-to-linalg --split-input-file | FileCheck %s --check-prefix=LINALG
// RUN: norm-opt %s --norm-collapse-axes --split-input-file | FileCheck %s --check-prefix=COLLAPSE
// RUN: norm-opt %s --norm-tile=min-slabs=1 --split-input-file | FileCheck %s --check-prefix=TILE
// RUN: norm-opt %s --norm-check-shapes --split-input-file | FileCheck %s --check-prefix=SHAPES

// Sub-batches are an axis of the statistics, which the running ones lack.
// CHECK-LABEL: func @training(
// CHECK:         %[[X:.*]] = tensor.expand_shape {{.*}} output_shape [2, 4, 6, 5, 7]
// CHECK:         norm.moments ins(%[[X]] {{.*}} axes = [1, 3, 4]
// CHECK:         norm.finalize {{.*}} tensor<2x6xf32>)
// CHECK-SAME:      running({{.*}} : tensor<6xf32>, tensor<6xf32>)
// CHECK-SAME:      ghost_axis = 0
// CHECK-SAME:      ghost_update = average
// CHECK:         norm.normalize {{.*}} statistics_axes = [0, 2] parameter_axes = [2]
// Axis 0 merges with no other.
// COLLAPSE-LABEL: func @training(
// COLLAPSE:         tensor.collapse_shape {{.*}} {{\[\[}}0], [1], [2, 3]]
// COLLAPSE:         norm.batch_norm_training {{.*}} features = [1] ghost_size = 4
// The features are tiled; their running statistics need all sub-batches.
// TILE-LABEL: func @training(
// TILE:         scf.forall (%[[F:.*]]) in (6)
// TILE:           tensor.extract_slice %{{.*}}[0, %[[F]], 0, 0] [8, 1, 5, 7]
// TILE:           norm.batch_norm_training {{.*}} ghost_size = 4
// LINALG-LABEL: func @training(
// The average of the changes.
// LINALG:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// LINALG:         linalg.generic {{.*}} iterator_types = ["parallel"]
func.func @training(%x: tensor<8x6x5x7xf32>, %r: tensor<6xf32>) -> (tensor<8x6x5x7xf32>, tensor<6xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6x5x7xf32>)
      scale(%r : tensor<6xf32>) outs(%x : tensor<8x6x5x7xf32>)
      running(%r, %r : tensor<6xf32>, tensor<6xf32>)
      features = [1] ghost_size = 4 ghost_update = average
  return %0#0, %0#1 : tensor<8x6x5x7xf32>, tensor<6xf32>
}

// -----

// One sub-batch is the batch.
// CHECK-LABEL: func @whole(
// CHECK:         norm.moments {{.*}} axes = [0, 2]
// CHECK:         norm.finalize
// CHECK-NOT:       ghost_axis
// CHECK:         return
func.func @whole(%x: tensor<8x6x5xf32>, %r: tensor<6xf32>) -> tensor<8x6x5xf32> {
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6x5xf32>)
      outs(%x : tensor<8x6x5xf32>) running(%r, %r : tensor<6xf32>, tensor<6xf32>)
      features = [1] ghost_size = 8
  return %0#0 : tensor<8x6x5xf32>
}

// -----

// The number of batches counts on.
// LINALG-LABEL: func @counted(
// LINALG:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// LINALG:           linalg.index 1
// SHAPES-LABEL: func @counted(
// SHAPES:         cf.assert {{.*}} "norm.batch_norm_training: expected the size of axis 0 to be a multiple of ghost_size = 4"
func.func @counted(%x: tensor<?x6x5xf32>, %r: tensor<6xf32>, %k: tensor<f32>)
    -> (tensor<?x6x5xf32>, tensor<6xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<?x6x5xf32>) batches(%k : tensor<f32>)
      outs(%x : tensor<?x6x5xf32>) running(%r, %r : tensor<6xf32>, tensor<6xf32>)
      features = [1] ghost_size = 4
  return %0#0, %0#1 : tensor<?x6x5xf32>, tensor<6xf32>
}
