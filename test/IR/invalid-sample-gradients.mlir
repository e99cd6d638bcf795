// RUN: norm-opt %s --split-input-file --verify-diagnostics

// One case for every constraint of the verifiers of the gradients of instance, layer
// and RMS norm; the labels are those of docs/SpecSampleNorms.md and lib/IR/GroupOps.cpp.

// instance_norm_grad (C1)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %k: memref<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected all operands to be tensors like the first one, but got 'memref<2x6xf32>' for operand 3}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%k : memref<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C2)
func.func @f(%v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.instance_norm_grad ins(%v, %v : tensor<6xf32>, tensor<6xf32>)
      mean(%v : tensor<6xf32>) rstd(%v : tensor<6xf32>) outs(%v : tensor<6xf32>) channel = 0
  return
}

// -----

// instance_norm_grad (C3): the output gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the output gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.instance_norm_grad ins(%d, %x : tensor<2x6x5xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C3): the input gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the input gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%d : tensor<2x6x5xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C4): batch axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected batch axes to be from 0 to 2, but got 3}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) batch = [3] channel = 1
  return
}

// -----

// instance_norm_grad (C4): batch axes in order
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected batch axes to be strictly increasing, but got 0 after 2}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) batch = [2, 0] channel = 1
  return
}

// -----

// instance_norm_grad (C4): the channel axis
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the channel axis to be from 0 to 2, but got -1}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = -1
  return
}

// -----

// instance_norm_grad (C4): one axis for both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the channel axis to be none of the batch axes, but got 1 for both}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) batch = [0, 1] channel = 1
  return
}

// -----

// instance_norm_grad (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 parameters = [1, 3]
  return
}

// -----

// instance_norm_grad (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected parameter axes to be strictly increasing, but got 2 after 2}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 parameters = [2, 2]
  return
}

// -----

// instance_norm_grad (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of scale to be 6, the size of the channel axis, but got 4}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) scale(%p : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C8): the scale gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the scale gradient to be 6, the size of the channel axis, but got 4}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) scale_gradient(%p : tensor<4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C8): the bias gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the bias gradient to be 6, the size of the channel axis, but got 4}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) bias_gradient(%p : tensor<4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C8): on other axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the scale gradient to be 2x4, the sizes of the parameter axes, but got 6}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) scale_gradient(%p : tensor<6xf32>) channel = 1 parameters = [0, 2]
  return
}

// -----

// instance_norm_grad (C8): for each sample
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the bias gradient to be 2x6, the sizes of the statistics and parameter axes, but got 6}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) bias_gradient(%p : tensor<6xf32>) channel = 1 per_sample
  return
}

// -----

// instance_norm_grad (C9): the mean
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the mean to be 2x6, the sizes of the batch and channel axes, but got 4}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<4xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C9): the variance
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the variance to be 2x6, the sizes of the batch and channel axes, but got 4}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) variance(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C9): the rstd
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the rstd to be 2x6, the sizes of the batch and channel axes, but got 4}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C10): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected exactly one of variance and rstd, but got both}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) variance(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1
  return
}

// -----

// instance_norm_grad (C10): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected exactly one of variance and rstd, but got neither}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C11)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected at least one of outs, scale_gradient and bias_gradient, but got none}}
  norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) channel = 1
  return
}

// -----

// instance_norm_grad (C12)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected epsilon to be finite and at least 0, but got -0.001}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 epsilon = -1.0e-3
  return
}

// -----

// instance_norm_grad (C13)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 accumulator = bf16
  return
}

// -----

// instance_norm_grad (C14): max
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected variance, and not rstd, with epsilon_mode = max, but got rstd}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 epsilon_mode = max
  return
}

// -----

// instance_norm_grad (C14): outside
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected variance, and not rstd, with epsilon_mode = outside, but got rstd}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 epsilon_mode = outside
  return
}

// -----

// instance_norm_grad (C15)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected a mean, but got none}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// layer_norm_grad (C1)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %k: memref<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected all operands to be tensors like the first one, but got 'memref<2xf32>' for operand 3}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%k : memref<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C2)
func.func @f(%v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.layer_norm_grad ins(%v, %v : tensor<6xf32>, tensor<6xf32>)
      mean(%v : tensor<6xf32>) rstd(%v : tensor<6xf32>) outs(%v : tensor<6xf32>) axes = [0]
  return
}

// -----

// layer_norm_grad (C3): the output gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the output gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.layer_norm_grad ins(%d, %x : tensor<2x6x5xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C3): the input gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the input gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%d : tensor<2x6x5xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C4): too large
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected normalized axes to be from 0 to 2, but got 3}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [3]
  return
}

// -----

// layer_norm_grad (C4): in order
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected normalized axes to be strictly increasing, but got 1 after 2}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [2, 1]
  return
}

// -----

// layer_norm_grad (C4): none
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected at least one normalized axis, but got none}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = []
  return
}

// -----

// layer_norm_grad (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = [1, 3]
  return
}

// -----

// layer_norm_grad (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected parameter axes to be strictly increasing, but got 2 after 2}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = [2, 2]
  return
}

// -----

// layer_norm_grad (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of scale to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) scale(%p : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C8): the scale gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the scale gradient to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) scale_gradient(%p : tensor<4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C8): the bias gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the bias gradient to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) bias_gradient(%p : tensor<4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C8): on other axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the scale gradient to be 2x4, the sizes of the parameter axes, but got 6x4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) scale_gradient(%p : tensor<6x4xf32>) axes = [1, 2] parameters = [0, 2]
  return
}

// -----

// layer_norm_grad (C8): for each sample
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the bias gradient to be 2x6x4, the sizes of the statistics and parameter axes, but got 6x4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) bias_gradient(%p : tensor<6x4xf32>) axes = [1, 2] per_sample
  return
}

// -----

// layer_norm_grad (C9): the mean
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the mean to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<4xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C9): the variance
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the variance to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) variance(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C9): the rstd
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the rstd to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C10): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected exactly one of variance and rstd, but got both}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) variance(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C10): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected exactly one of variance and rstd, but got neither}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C11)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected at least one of outs, scale_gradient and bias_gradient, but got none}}
  norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm_grad (C12)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected epsilon to be finite and at least 0, but got -0.001}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] epsilon = -1.0e-3
  return
}

// -----

// layer_norm_grad (C13)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] accumulator = bf16
  return
}

// -----

// layer_norm_grad (C14): max
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected variance, and not rstd, with epsilon_mode = max, but got rstd}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] epsilon_mode = max
  return
}

// -----

// layer_norm_grad (C14): outside
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected variance, and not rstd, with epsilon_mode = outside, but got rstd}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] epsilon_mode = outside
  return
}

// -----

// layer_norm_grad (C15)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected a mean, but got none}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C1)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %k: memref<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected all operands to be tensors like the first one, but got 'memref<2xf32>' for operand 2}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%k : memref<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C2)
func.func @f(%v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.rms_norm_grad ins(%v, %v : tensor<6xf32>, tensor<6xf32>)
      rstd(%v : tensor<6xf32>) outs(%v : tensor<6xf32>) axes = [0]
  return
}

// -----

// rms_norm_grad (C3): the output gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the output gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.rms_norm_grad ins(%d, %x : tensor<2x6x5xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C3): the input gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the input gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%d : tensor<2x6x5xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C4): too large
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected normalized axes to be from 0 to 2, but got 3}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [3]
  return
}

// -----

// rms_norm_grad (C4): in order
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected normalized axes to be strictly increasing, but got 1 after 2}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [2, 1]
  return
}

// -----

// rms_norm_grad (C4): none
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected at least one normalized axis, but got none}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = []
  return
}

// -----

// rms_norm_grad (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = [1, 3]
  return
}

// -----

// rms_norm_grad (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected parameter axes to be strictly increasing, but got 2 after 2}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = [2, 2]
  return
}

// -----

// rms_norm_grad (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of scale to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) scale(%p : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C8): the scale gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the scale gradient to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) scale_gradient(%p : tensor<4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C8): the bias gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the bias gradient to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) bias_gradient(%p : tensor<4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C8): on other axes
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the scale gradient to be 2x4, the sizes of the parameter axes, but got 6x4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) scale_gradient(%p : tensor<6x4xf32>) axes = [1, 2] parameters = [0, 2]
  return
}

// -----

// rms_norm_grad (C8): for each sample
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %p: tensor<6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the bias gradient to be 2x6x4, the sizes of the statistics and parameter axes, but got 6x4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) bias_gradient(%p : tensor<6x4xf32>) axes = [1, 2] per_sample
  return
}

// -----

// rms_norm_grad (C9): the variance
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the variance to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      variance(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C9): the rstd
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the rstd to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C10): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected exactly one of variance and rstd, but got both}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      variance(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C10): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected exactly one of variance and rstd, but got neither}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C11)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected at least one of outs, scale_gradient and bias_gradient, but got none}}
  norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm_grad (C12)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected epsilon to be finite and at least 0, but got -0.001}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] epsilon = -1.0e-3
  return
}

// -----

// rms_norm_grad (C13)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] accumulator = bf16
  return
}

// -----

// rms_norm_grad (C14): max
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected variance, and not rstd, with epsilon_mode = max, but got rstd}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] epsilon_mode = max
  return
}

// -----

// rms_norm_grad (C14): outside
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected variance, and not rstd, with epsilon_mode = outside, but got rstd}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2] epsilon_mode = outside
  return
}

// -----

// rms_norm_grad (C15)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected no mean, but got one}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2xf32>) rstd(%s : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}
