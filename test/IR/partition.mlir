// RUN: norm-opt %s --split-input-file \
// RUN:   --pass-pipeline='builtin.module(func.func(sharding-propagation,shard-partition,canonicalize))' | FileCheck %s

// A split of the batch, or of the pixels, needs the statistics of all devices that split it.
shard.grid @grid(shape = 2x4)
// CHECK-LABEL: func.func @training
// CHECK-SAME: (%[[X:.*]]: tensor<4x6x5xf32>, %{{.*}}: tensor<4x6x5xf32>, %{{.*}}: tensor<6xf32>, %{{.*}}: tensor<6xf32>)
func.func @training(%x: tensor<8x6x20xf32>, %y0: tensor<8x6x20xf32>, %rm: tensor<6xf32>, %rv: tensor<6xf32>)
    -> (tensor<8x6x20xf32>, tensor<6xf32>, tensor<6xf32>) {
  // CHECK: norm.batch_norm_training ins(%[[X]] : tensor<4x6x5xf32>)
  // CHECK-SAME: features = [1] devices = <@grid, axes = [0, 1]>
  // CHECK-NOT: shard.all
  %sharding = shard.sharding @grid split_axes = [[0], [], [1]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6x20xf32>
  %y:3 = norm.batch_norm_training ins(%xs : tensor<8x6x20xf32>) outs(%y0 : tensor<8x6x20xf32>)
      running(%rm, %rv : tensor<6xf32>, tensor<6xf32>) features = [1]
  return %y#0, %y#1, %y#2 : tensor<8x6x20xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// A split of the features needs nothing of other devices.
shard.grid @grid(shape = 2)
// CHECK-LABEL: func.func @features
func.func @features(%x: tensor<8x6x20xf32>, %y0: tensor<8x6x20xf32>, %scale: tensor<6xf32>) -> tensor<8x6x20xf32> {
  // CHECK: norm.batch_norm_training ins(%{{.*}} : tensor<8x3x20xf32>) scale(%{{.*}} : tensor<3xf32>)
  // CHECK-NOT: devices
  // CHECK-NOT: shard.all
  %sharding = shard.sharding @grid split_axes = [[], [0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6x20xf32>
  %y = norm.batch_norm_training ins(%xs : tensor<8x6x20xf32>) scale(%scale : tensor<6xf32>)
      outs(%y0 : tensor<8x6x20xf32>) features = [1]
  return %y : tensor<8x6x20xf32>
}

// -----

// The function's gradients of parameters are those of all devices.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func.func @gradient
func.func @gradient(%dy: tensor<8x6x5xf32>, %x: tensor<8x6x5xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>,
    %dx0: tensor<8x6x5xf32>, %p0: tensor<6xf32>) -> (tensor<8x6x5xf32>, tensor<6xf32>) {
  // CHECK: norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
  // CHECK-SAME: devices = <@grid, axes = [0]> sum_parameters
  // CHECK-NOT: shard.all
  %sharding = shard.sharding @grid split_axes = [[0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6x5xf32>
  %g:2 = norm.batch_norm_grad ins(%dy, %xs : tensor<8x6x5xf32>, tensor<8x6x5xf32>)
      mean(%m : tensor<6xf32>) variance(%v : tensor<6xf32>) outs(%dx0 : tensor<8x6x5xf32>)
      scale_gradient(%p0 : tensor<6xf32>) features = [1]
  return %g#0, %g#1 : tensor<8x6x5xf32>, tensor<6xf32>
}

// -----

// Samples have statistics of their own; their parameters do not.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func.func @samples
func.func @samples(%dy: tensor<8x6x5xf32>, %x: tensor<8x6x5xf32>, %m: tensor<8x2xf32>, %v: tensor<8x2xf32>,
    %dx0: tensor<8x6x5xf32>, %p0: tensor<6xf32>) -> (tensor<8x6x5xf32>, tensor<6xf32>) {
  // CHECK: %[[G:.*]]:2 = norm.group_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
  // CHECK-NOT: devices
  // CHECK: shard.all_reduce %[[G]]#1 on @grid grid_axes = [0]
  %sharding = shard.sharding @grid split_axes = [[0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6x5xf32>
  %g:2 = norm.group_norm_grad ins(%dy, %xs : tensor<8x6x5xf32>, tensor<8x6x5xf32>)
      mean(%m : tensor<8x2xf32>) variance(%v : tensor<8x2xf32>) outs(%dx0 : tensor<8x6x5xf32>)
      scale_gradient(%p0 : tensor<6xf32>) channel = 1 num_groups = 2
  return %g#0, %g#1 : tensor<8x6x5xf32>, tensor<6xf32>
}

// -----

// Each device has its part of the groups.
shard.grid @grid(shape = 2)
// CHECK-LABEL: func.func @groups
func.func @groups(%x: tensor<8x12x5xf32>, %y0: tensor<8x12x5xf32>) -> tensor<8x12x5xf32> {
  // CHECK: norm.group_norm ins(%{{.*}} : tensor<8x6x5xf32>) {{.*}} num_groups = 2
  // CHECK-NOT: devices
  %sharding = shard.sharding @grid split_axes = [[], [0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x12x5xf32>
  %y = norm.group_norm ins(%xs : tensor<8x12x5xf32>) outs(%y0 : tensor<8x12x5xf32>) channel = 1 num_groups = 4
  return %y : tensor<8x12x5xf32>
}

// -----

// Given statistics need nothing.
shard.grid @grid(shape = 2)
// CHECK-LABEL: func.func @inference
func.func @inference(%x: tensor<8x6xf32>, %m: tensor<6xf32>, %y0: tensor<8x6xf32>) -> tensor<8x6xf32> {
  // CHECK: norm.batch_norm_inference ins(%{{.*}} : tensor<4x6xf32>)
  // CHECK-NOT: shard.all
  %sharding = shard.sharding @grid split_axes = [[0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6xf32>
  %y = norm.batch_norm_inference ins(%xs : tensor<8x6xf32>) statistics(%m, %m : tensor<6xf32>, tensor<6xf32>)
      outs(%y0 : tensor<8x6xf32>) features = [1]
  return %y : tensor<8x6xf32>
}
