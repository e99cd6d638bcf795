// RUN: norm-opt %s --split-input-file --verify-diagnostics

// (D1)
// expected-error @+2 {{expected integer value}}
// expected-error @+1 {{failed to parse Norm_Devices parameter 'axes'}}
#none = #norm.devices<@grid, axes = []>

// -----

// (D1)
// expected-error @below {{expected grid axes to be at least 0, but got -1}}
#negative = #norm.devices<@grid, axes = [-1]>

// -----

// (D1)
// expected-error @below {{expected each grid axis once, but got 1 twice}}
#twice = #norm.devices<@grid, axes = [1, 0, 1]>

// -----

// (D2)
// expected-error @below {{expected each group to have a device, but got an empty group}}
#empty = #norm.devices<@grid, axes = [0], groups = [[0, 1], []]>

// -----

// (D2)
// expected-error @below {{expected groups of 4 devices to have indices from 0 to 3, but got 4}}
#beyond = #norm.devices<@grid, axes = [0], groups = [[0, 1], [2, 4]]>

// -----

// (D2)
// expected-error @below {{expected each device in one group, but got 1 twice}}
#shared = #norm.devices<@grid, axes = [0], groups = [[0, 1], [1, 2]]>

// -----

// (D3)
func.func @grid(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected @grid to be a shard.grid, but got none}}
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] devices = <@grid, axes = [0]>
  return
}

// -----

// (D4)
shard.grid @g(shape = 2x4)
func.func @axis(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected grid axes to be from 0 to 1, but got 2}}
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] devices = <@g, axes = [2]>
  return
}

// -----

// (D4)
shard.grid @g(shape = 2x?)
func.func @unknown(%x: tensor<6xf32>) {
  // expected-error @below {{expected the sizes of @g to be static, but got ? for axis 1}}
  %0:3 = norm.combine_moments ins(%x, %x, %x : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>)
      outs(%x, %x, %x : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) axes = [] devices = <@g, axes = [1]>
  return
}

// -----

// (D5)
shard.grid @g(shape = 4)
func.func @groups(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected the groups to have all 4 devices along the grid axes, but got 2}}
  %0 = norm.layer_norm ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      axes = [1] devices = <@g, axes = [0], groups = [[0, 1]]>
  return
}

// -----

// (D6)
func.func @parameters(%x: tensor<8x6xf32>, %s: tensor<6xf32>) {
  // expected-error @below {{expected devices with sum_parameters, but got none}}
  %0 = norm.batch_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] sum_parameters
  return
}

// -----

// batch_norm_training (C15)
shard.grid @g(shape = 4)
func.func @ghosts(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected no devices with ghost_size, but got some}}
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] ghost_size = 2 devices = <@g, axes = [0]>
  return
}

// -----

// all_gather (C2)
shard.grid @g(shape = 4)
func.func @kind(%x: tensor<6xf32>, %y: memref<4x6xf32>) {
  // expected-error @below {{expected all operands to be tensors like the first one, but got 'memref<4x6xf32>' for operand 1}}
  norm.all_gather ins(%x : tensor<6xf32>) outs(%y : memref<4x6xf32>) devices = <@g, axes = [0]>
  return
}

// -----

// all_gather (C3)
shard.grid @g(shape = 4)
func.func @type(%x: tensor<6xf32>, %y: tensor<4x6xf64>) {
  // expected-error @below {{expected all element types to be 'f32', that of the first input, but got 'f64'}}
  %0 = norm.all_gather ins(%x : tensor<6xf32>) outs(%y : tensor<4x6xf64>) devices = <@g, axes = [0]>
  return
}

// -----

// all_gather (C4)
shard.grid @g(shape = 4)
func.func @shape(%x: tensor<6xf32>, %y: tensor<4x5xf32>) {
  // expected-error @below {{expected the shape of the output to be 4x6, the devices and the sizes of the input, but got 4x5}}
  %0 = norm.all_gather ins(%x : tensor<6xf32>) outs(%y : tensor<4x5xf32>) devices = <@g, axes = [0]>
  return
}

// -----

// all_gather (C5)
shard.grid @g(shape = 4)
func.func @packed(%x: tensor<1xf32>, %y: tensor<4x1xf32>) {
  // expected-error @below {{expected the input to be one vector of at least 2 elements with packed, but got 1, the first of the shape 1}}
  %0 = norm.all_gather ins(%x : tensor<1xf32>) outs(%y : tensor<4x1xf32>) devices = <@g, axes = [0]> packed
  return
}

// -----

// all_gather (C6)
shard.grid @g(shape = 4)
func.func @size(%x: tensor<6xf32>, %y: tensor<4x6xf32>) {
  // expected-error @below {{expected the first size of the output to be 3, that of the largest group, but got 4}}
  %0 = norm.all_gather ins(%x : tensor<6xf32>) outs(%y : tensor<4x6xf32>)
      devices = <@g, axes = [0], groups = [[0], [1, 2, 3]]>
  return
}
