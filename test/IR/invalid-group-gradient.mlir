// RUN: norm-opt %s --split-input-file --verify-diagnostics

// One case for every constraint of the verifiers of the gradients of group norm; the
// labels are those of docs/SpecSampleNorms.md and lib/IR/GroupOps.cpp.

// group_norm_grad (C1)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %k: memref<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected all operands to be tensors like the first one, but got 'memref<2x3xf32>' for operand 3}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%k : memref<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C1): memrefs first
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %k: memref<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected all operands to be memrefs like the first one, but got 'tensor<2x6x4xf32>' for operand 1}}
  %y = norm.group_norm_grad ins(%k, %x : memref<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C2)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.group_norm_grad ins(%v, %v : tensor<6xf32>, tensor<6xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%v : tensor<6xf32>) channel = 0 num_groups = 3
  return
}

// -----

// group_norm_grad (C3): the output gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the output gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.group_norm_grad ins(%d, %x : tensor<2x6x5xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C3): the input gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %d: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the input gradient to be 2x6x4, that of the input, but got 2x6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%d : tensor<2x6xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C4): batch axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected batch axes to be from 0 to 2, but got -1}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) batch = [-1] channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C4): not sorted
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected batch axes to be strictly increasing, but got 0 after 2}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) batch = [2, 0] channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C4): the channel axis
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the channel axis to be from 0 to 2, but got 3}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 3 num_groups = 3
  return
}

// -----

// group_norm_grad (C4): one axis for both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the channel axis to be none of the batch axes, but got 1 for both}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) batch = [0, 1] channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C5): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected exactly one of num_groups and group_size, but got both}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3 group_size = 2
  return
}

// -----

// group_norm_grad (C5): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected exactly one of num_groups and group_size, but got neither}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// group_norm_grad (C6)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected num_groups to be at least 1, but got 0}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 0
  return
}

// -----

// group_norm_grad (C6)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected group_size to be at least 1, but got -2}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = -2
  return
}

// -----

// group_norm_grad (C7)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the number of channels to be a multiple of num_groups = 4, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 4
  return
}

// -----

// group_norm_grad (C7)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the number of channels to be a multiple of group_size = 5, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = 5
  return
}

// -----

// group_norm_grad (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of scale to be 6, the size of the channel axis, but got 3}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      scale(%q : tensor<3xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C8): the scale gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 6, the size of the channel axis, but got 3}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      scale_gradient(%q : tensor<3xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C8): the bias gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the bias gradient to be 6, the size of the channel axis, but got 3}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      bias_gradient(%q : tensor<3xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C8): scale has no sample
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of scale to be 6, the size of the channel axis, but got 2x6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      scale(%q : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3 per_sample
  return
}

// -----

// group_norm_grad (C8): the scale gradient, for each sample
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 2x6, the sizes of the statistics and parameter axes, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      scale_gradient(%q : tensor<6xf32>) channel = 1 num_groups = 3 per_sample
  return
}

// -----

// group_norm_grad (C8): the bias gradient, for each sample
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the bias gradient to be 2x6, the sizes of the statistics and parameter axes, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      bias_gradient(%q : tensor<6xf32>) channel = 1 num_groups = 3 per_sample
  return
}

// -----

// group_norm_grad (C9): the mean
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the mean to be 2x3, the sizes of the batch axes and the groups, but got 2x6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C9): the variance
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the variance to be 2x3, the sizes of the batch axes and the groups, but got 2x6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) variance(%q : tensor<2x6xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C9): the rstd
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %q: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the rstd to be 2x3, the sizes of the batch axes and the groups, but got 2x6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%q : tensor<2x6xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C10): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected exactly one of variance and rstd, but got both}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) variance(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C10): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected exactly one of variance and rstd, but got neither}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C11)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected at least one of outs, scale_gradient and bias_gradient, but got none}}
  norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      channel = 1 num_groups = 3
  return
}

// -----

// group_norm_grad (C12): negative
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected epsilon to be finite and at least 0, but got -0.001}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3 epsilon = -1.0e-3
  return
}

// -----

// group_norm_grad (C12): not a number
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected epsilon to be finite and at least 0, but got NaN}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3 epsilon = 0x7FF8000000000000
  return
}

// -----

// group_norm_grad (C13): the type
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3 accumulator = bf16
  return
}

// -----

// group_norm_grad (C13): narrower than the input
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x3xf32>, %w: tensor<2x6x4xf64>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.group_norm_grad ins(%x, %w : tensor<2x6x4xf32>, tensor<2x6x4xf64>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 3 accumulator = f32
  return
}
