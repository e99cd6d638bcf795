// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s

// CHECK-LABEL: func @training(
// CHECK:         norm.batch_norm_training
// CHECK-SAME:      batch({{.*}} : tensor<2x6xf32>, tensor<2x6xf32>)
// CHECK-SAME:      features = [1] ghost_size = 4 epsilon = 1.0{{.*}} ghost_update = average
func.func @training(%x: tensor<8x6x5xf32>, %r: tensor<6xf32>, %s: tensor<2x6xf32>)
    -> tensor<8x6x5xf32> {
  %0:5 = norm.batch_norm_training ins(%x : tensor<8x6x5xf32>)
      outs(%x : tensor<8x6x5xf32>) running(%r, %r : tensor<6xf32>, tensor<6xf32>)
      batch(%s, %s : tensor<2x6xf32>, tensor<2x6xf32>)
      features = [1] ghost_size = 4 epsilon = 1.0 ghost_update = average
  return %0#0 : tensor<8x6x5xf32>
}

// CHECK-LABEL: func @gradient(
// CHECK:         norm.batch_norm_grad
// CHECK-SAME:      features = [2] ghost_size = 2
func.func @gradient(%x: tensor<8x5x6xf32>, %s: tensor<4x6xf32>, %g: tensor<6xf32>)
    -> tensor<8x5x6xf32> {
  %0:2 = norm.batch_norm_grad ins(%x, %x : tensor<8x5x6xf32>, tensor<8x5x6xf32>)
      mean(%s : tensor<4x6xf32>) variance(%s : tensor<4x6xf32>)
      outs(%x : tensor<8x5x6xf32>) scale_gradient(%g : tensor<6xf32>)
      features = [2] ghost_size = 2
  return %0#0 : tensor<8x5x6xf32>
}

// CHECK-LABEL: func @kernel(
// CHECK:         norm.finalize
// CHECK-SAME:      ghost_axis = 1 momentum = 5.0{{.*}} ghost_update = average
func.func @kernel(%s: memref<6x2xf32>, %r: memref<6xf32>) {
  norm.finalize ins(%s, %s, %s : memref<6x2xf32>, memref<6x2xf32>, memref<6x2xf32>)
      outs(%s, %s : memref<6x2xf32>, memref<6x2xf32>)
      running(%r, %r : memref<6xf32>, memref<6xf32>)
      ghost_axis = 1 momentum = 0.5 ghost_update = average
  return
}
