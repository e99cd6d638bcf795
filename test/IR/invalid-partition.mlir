// RUN: norm-opt %s --split-input-file --verify-diagnostics \
// RUN:   --pass-pipeline='builtin.module(func.func(sharding-propagation,shard-partition))'

shard.grid @grid(shape = 2)
func.func @devices(%x: tensor<8x6xf32>, %y0: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %sharding = shard.sharding @grid split_axes = [[0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6xf32>
  // expected-error @below {{expected no devices, to be partitioned, but got some}}
  %y = norm.batch_norm_training ins(%xs : tensor<8x6xf32>) outs(%y0 : tensor<8x6xf32>)
      features = [1] devices = <@grid, axes = [0]>
  return %y : tensor<8x6xf32>
}

// -----

shard.grid @grid(shape = 2)
func.func @groups(%x: tensor<8x12x5xf32>, %y0: tensor<8x12x5xf32>) -> tensor<8x12x5xf32> {
  %sharding = shard.sharding @grid split_axes = [[], [0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x12x5xf32>
  // expected-error @below {{expected num_groups to be a multiple of the devices that split the channel axis, 2, but got 3}}
  %y = norm.group_norm ins(%xs : tensor<8x12x5xf32>) outs(%y0 : tensor<8x12x5xf32>) channel = 1 num_groups = 3
  return %y : tensor<8x12x5xf32>
}

// -----

shard.grid @grid(shape = 2)
func.func @ghosts(%x: tensor<8x6xf32>, %y0: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %sharding = shard.sharding @grid split_axes = [[0]] : !shard.sharding
  %xs = shard.shard %x to %sharding annotate_for_users : tensor<8x6xf32>
  // expected-error @below {{expected axis 0, which ghost_size divides, to be whole, but got it split}}
  %y = norm.batch_norm_training ins(%xs : tensor<8x6xf32>) outs(%y0 : tensor<8x6xf32>) features = [1] ghost_size = 4
  return %y : tensor<8x6xf32>
}
