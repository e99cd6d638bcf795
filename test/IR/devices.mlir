// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s

shard.grid @grid(shape = 2x4)

// CHECK-LABEL: func.func @training
func.func @training(%x: tensor<8x6x5xf32>) -> tensor<8x6x5xf32> {
  // CHECK: norm.batch_norm_training
  // CHECK-SAME: features = [1] devices = <@grid, axes = [0, 1]>
  %0 = norm.batch_norm_training ins(%x : tensor<8x6x5xf32>) outs(%x : tensor<8x6x5xf32>)
      features = [1] devices = <@grid, axes = [0, 1]>
  return %0 : tensor<8x6x5xf32>
}

// CHECK-LABEL: func.func @layers
func.func @layers(%x: memref<8x6x5xf32>) {
  // CHECK: norm.group_norm {{.*}} num_groups = 2 devices = <@grid, axes = [1], groups = {{\[}}[0, 3], [1, 2]]> epsilon = 1.000000e-03
  norm.group_norm ins(%x : memref<8x6x5xf32>) outs(%x : memref<8x6x5xf32>) channel = 1 num_groups = 2
      devices = <@grid, axes = [1], groups = [[0, 3], [1, 2]]> epsilon = 1.0e-3
  // CHECK: norm.instance_norm {{.*}} devices = <@grid, axes = [0]>
  norm.instance_norm ins(%x : memref<8x6x5xf32>) outs(%x : memref<8x6x5xf32>) channel = 1
      devices = <@grid, axes = [0]>
  // CHECK: norm.layer_norm {{.*}} devices = <@grid, axes = [1, 0]>
  norm.layer_norm ins(%x : memref<8x6x5xf32>) outs(%x : memref<8x6x5xf32>) axes = [1, 2]
      devices = <@grid, axes = [1, 0]>
  // CHECK: norm.rms_norm {{.*}} devices = <@grid, axes = [0]>
  norm.rms_norm ins(%x : memref<8x6x5xf32>) outs(%x : memref<8x6x5xf32>) axes = [1, 2]
      devices = <@grid, axes = [0]>
  return
}

// CHECK-LABEL: func.func @gradient
func.func @gradient(%x: memref<8x6x5xf32>, %s: memref<6xf32>) {
  // CHECK: norm.batch_norm_grad {{.*}} features = [1] devices = <@grid, axes = [0]> sum_parameters
  norm.batch_norm_grad ins(%x, %x : memref<8x6x5xf32>, memref<8x6x5xf32>)
      mean(%s : memref<6xf32>) rstd(%s : memref<6xf32>) outs(%x : memref<8x6x5xf32>)
      features = [1] devices = <@grid, axes = [0]> sum_parameters
  return
}

// CHECK-LABEL: func.func @kernels
func.func @kernels(%x: tensor<6xf64>, %all: tensor<2x6xf64>, %row: tensor<?xf32>, %rows: tensor<4x?xf32>) {
  // CHECK: norm.combine_moments {{.*}} axes = [] devices = <@grid, axes = [0]>
  %0:3 = norm.combine_moments ins(%x, %x, %x : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>)
      outs(%x, %x, %x : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>) axes = [] devices = <@grid, axes = [0]>
  // CHECK: norm.all_gather ins(%{{.*}}, %{{.*}} : tensor<6xf64>, tensor<6xf64>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<2x6xf64>, tensor<2x6xf64>) devices = <@grid, axes = [0]>
  %1:2 = norm.all_gather ins(%x, %x : tensor<6xf64>, tensor<6xf64>)
      outs(%all, %all : tensor<2x6xf64>, tensor<2x6xf64>) devices = <@grid, axes = [0]>
  // CHECK: norm.all_gather {{.*}} devices = <@grid, axes = [1]> packed
  %2 = norm.all_gather ins(%row : tensor<?xf32>) outs(%rows : tensor<4x?xf32>)
      devices = <@grid, axes = [1]> packed
  return
}
