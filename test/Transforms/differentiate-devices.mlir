// RUN: norm-opt %s --norm-differentiate --split-input-file --verify-diagnostics | FileCheck %s

// A gradient has the devices of its layer.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func @layer_gradient(
// CHECK:         norm.batch_norm_training {{.*}} devices = <@grid, axes = [0], groups = {{\[}}[0, 1], [2, 3]]>
// CHECK:         norm.batch_norm_grad {{.*}} devices = <@grid, axes = [0], groups = {{\[}}[0, 1], [2, 3]]>
// CHECK-NOT:     sum_parameters
func.func @layer(%x: tensor<8x6xf32>, %s: tensor<6xf32>) -> tensor<8x6xf32> attributes {norm.differentiate} {
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) scale(%s : tensor<6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] devices = <@grid, axes = [0], groups = [[0, 1], [2, 3]]>
  return %0 : tensor<8x6xf32>
}

// -----

shard.grid @grid(shape = 4)
func.func @statistics(%x: tensor<8x6xf32>, %m: tensor<6xf32>) -> tensor<6xf32> attributes {norm.differentiate} {
  // expected-error @below {{expected no devices, but for the pull-back of an output, but got some}}
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      batch(%m, %m : tensor<6xf32>, tensor<6xf32>) features = [1] devices = <@grid, axes = [0]>
  return %0#1 : tensor<6xf32>
}

// -----

shard.grid @grid(shape = 4)
func.func @gradient(%x: tensor<8x6xf32>, %m: tensor<6xf32>) -> tensor<8x6xf32> attributes {norm.differentiate} {
  // expected-error @below {{expected no devices, but for the pull-back of an output, but got some}}
  %0 = norm.batch_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>) mean(%m : tensor<6xf32>)
      rstd(%m : tensor<6xf32>) outs(%x : tensor<8x6xf32>) features = [1] devices = <@grid, axes = [0]>
  return %0 : tensor<8x6xf32>
}
