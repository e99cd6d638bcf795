// RUN: norm-opt %s --canonicalize | FileCheck %s

shard.grid @grid(shape = 4)

// A device without values still takes part.
// CHECK-LABEL: func.func @empty
// CHECK: norm.batch_norm_training {{.*}} devices = <@grid, axes = [0]>
func.func @empty(%x: tensor<0x6xf32>, %m: tensor<6xf32>) -> (tensor<0x6xf32>, tensor<6xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<0x6xf32>) outs(%x : tensor<0x6xf32>)
      running(%m, %m : tensor<6xf32>, tensor<6xf32>) features = [1] devices = <@grid, axes = [0]>
  return %0#0, %0#1 : tensor<0x6xf32>, tensor<6xf32>
}

// CHECK-LABEL: func.func @instance
// CHECK: norm.batch_norm_training {{.*}} features = [0, 1] devices = <@grid, axes = [0]>
func.func @instance(%x: tensor<8x6x5xf32>) -> tensor<8x6x5xf32> {
  %0 = norm.group_norm ins(%x : tensor<8x6x5xf32>) outs(%x : tensor<8x6x5xf32>)
      channel = 1 group_size = 1 devices = <@grid, axes = [0]>
  return %0 : tensor<8x6x5xf32>
}
