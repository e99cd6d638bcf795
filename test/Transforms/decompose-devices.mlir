// RUN: norm-opt %s --norm-decompose --split-input-file | FileCheck %s

// Each device gathers the moments of all, in f64 and about 0, and combines them; the mean, rounded, is the shift from then on.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func.func @training
// CHECK-SAME: %[[X:.*]]: tensor<8x6x5xf32>
func.func @training(%x: tensor<8x6x5xf32>, %rm: tensor<6xf32>, %rv: tensor<6xf32>)
    -> (tensor<8x6x5xf32>, tensor<6xf32>, tensor<6xf32>) {
  // CHECK: %[[K:.*]] = norm.shift ins(%[[X]]
  // CHECK: %[[LOCAL:.*]]:3 = norm.moments ins(%[[X]]
  // CHECK: %[[ROUNDED:.*]] = linalg.generic {{.*}} ins(%[[LOCAL]]#1
  // CHECK: %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[ROUNDED]], %[[K]] : tensor<6xf32>, tensor<6xf32>)
  // CHECK: arith.addf {{.*}} : f64
  // CHECK: %[[ALL:.*]]:3 = norm.all_gather ins(%[[LOCAL]]#0, %[[MEAN]], %[[LOCAL]]#2 : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>)
  // CHECK-SAME: tensor<2x6xf64>, tensor<2x6xf64>, tensor<2x6xf64>
  // CHECK-SAME: devices = <@grid, axes = [0], groups = {{\[}}[0, 3], [1, 2]]>
  // CHECK-NOT: all_gather
  // CHECK: %[[M:.*]]:3 = norm.combine_moments ins(%[[ALL]]#0, %[[ALL]]#1, %[[ALL]]#2
  // CHECK-SAME: axes = [0]
  // CHECK: %[[SHIFT:.*]] = linalg.generic {{.*}} ins(%[[M]]#1 : tensor<6xf64>) outs({{.*}} : tensor<6xf32>)
  // CHECK: %[[REST:.*]] = linalg.generic {{.*}} ins(%[[M]]#1, %[[SHIFT]]
  // CHECK: arith.subf {{.*}} : f64
  // CHECK: norm.finalize ins(%[[M]]#0, %[[REST]], %[[M]]#2 {{.*}} shift(%[[SHIFT]]
  // CHECK: norm.normalize ins(%[[X]] {{.*}} shift(%[[SHIFT]] {{.*}} mean(%[[REST]]
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6x5xf32>) outs(%x : tensor<8x6x5xf32>)
      running(%rm, %rv : tensor<6xf32>, tensor<6xf32>)
      features = [1] devices = <@grid, axes = [0], groups = [[0, 3], [1, 2]]>
  return %0#0, %0#1, %0#2 : tensor<8x6x5xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// Sums and the count travel together; the gradients of parameters stay here.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func.func @gradient
func.func @gradient(%x: tensor<8x6x5xf32>, %s: tensor<6xf32>) -> (tensor<8x6x5xf32>, tensor<6xf32>) {
  // CHECK: norm.all_gather
  // CHECK-SAME: ins(%{{[^:]*}} : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>)
  // CHECK-COUNT-3: linalg.reduce
  // CHECK: norm.gradient_finalize
  // CHECK-NOT: norm.all_gather
  %0:2 = norm.batch_norm_grad ins(%x, %x : tensor<8x6x5xf32>, tensor<8x6x5xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) scale(%s : tensor<6xf32>)
      outs(%x : tensor<8x6x5xf32>) scale_gradient(%s : tensor<6xf32>)
      features = [1] devices = <@grid, axes = [0]>
  return %0#0, %0#1 : tensor<8x6x5xf32>, tensor<6xf32>
}

// -----

// With sum_parameters, they travel in the same message.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func.func @parameters
func.func @parameters(%x: tensor<8x6x5xf32>, %s: tensor<6xf32>)
    -> (tensor<8x6x5xf32>, tensor<6xf32>, tensor<6xf32>) {
  // CHECK: norm.all_gather
  // CHECK-SAME: ins(%{{[^:]*}} : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>, tensor<6xf64>, tensor<6xf64>)
  // CHECK-COUNT-5: linalg.reduce
  // CHECK-NOT: norm.all_gather
  %0:3 = norm.batch_norm_grad ins(%x, %x : tensor<8x6x5xf32>, tensor<8x6x5xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) scale(%s : tensor<6xf32>)
      outs(%x : tensor<8x6x5xf32>) scale_gradient(%s : tensor<6xf32>) bias_gradient(%s : tensor<6xf32>)
      features = [1] devices = <@grid, axes = [0]> sum_parameters
  return %0#0, %0#1, %0#2 : tensor<8x6x5xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// A device that is alone sends nothing.
shard.grid @grid(shape = 1x2)
// CHECK-LABEL: func.func @alone
func.func @alone(%x: tensor<8x6x5xf32>, %s: tensor<6xf64>) -> (tensor<8x6x5xf32>, tensor<8x6x5xf32>, tensor<6xf64>) {
  // CHECK-NOT: all_gather
  %0 = norm.batch_norm_training ins(%x : tensor<8x6x5xf32>) outs(%x : tensor<8x6x5xf32>)
      features = [1] devices = <@grid, axes = [0]>
  %1 = norm.layer_norm ins(%x : tensor<8x6x5xf32>) outs(%x : tensor<8x6x5xf32>)
      axes = [1, 2] devices = <@grid, axes = [1], groups = [[1], [0]]>
  // CHECK: norm.combine_moments {{.*}} axes = []
  // CHECK-NOT: devices
  %2:3 = norm.combine_moments ins(%s, %s, %s : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>)
      outs(%s, %s, %s : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>) axes = [] devices = <@grid, axes = [0]>
  return %0, %1, %2#0 : tensor<8x6x5xf32>, tensor<8x6x5xf32>, tensor<6xf64>
}

// -----

// Partial moments of a device are combined before they travel.
shard.grid @grid(shape = 2)
// CHECK-LABEL: func.func @combination
func.func @combination(%p: tensor<16x6xf32>, %s: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) {
  // CHECK: %[[LOCAL:.*]]:3 = norm.combine_moments {{.*}} axes = [0]
  // CHECK: %[[ALL:.*]]:3 = norm.all_gather ins(%[[LOCAL]]#0, %[[LOCAL]]#1, %[[LOCAL]]#2
  // CHECK: norm.combine_moments ins(%[[ALL]]#0, %[[ALL]]#1, %[[ALL]]#2 {{.*}} axes = [0]
  %0:3 = norm.combine_moments ins(%p, %p, %p : tensor<16x6xf32>, tensor<16x6xf32>, tensor<16x6xf32>)
      outs(%s, %s, %s : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) axes = [0] devices = <@grid, axes = [0]>
  return %0#0, %0#1, %0#2 : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>
}
