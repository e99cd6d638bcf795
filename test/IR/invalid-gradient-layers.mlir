// RUN: norm-opt %s --split-input-file --verify-diagnostics

// One case for every constraint of the verifiers of the gradients of batch norm; the
// labels are those of docs/SpecBatchNorm.md and lib/IR/LayerOps.cpp.

// batch_norm_grad (C1)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %k: memref<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected all operands to be tensors like the first one, but got 'memref<6xf32>' for operand 3}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%k : memref<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C1): memrefs first
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %k: memref<2x6x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected all operands to be memrefs like the first one, but got 'tensor<2x6x4xf32>' for operand 1}}
  %y = norm.batch_norm_grad ins(%k, %x : memref<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C2)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.batch_norm_grad ins(%s, %s : tensor<6xf32>, tensor<6xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%s : tensor<6xf32>) features = [0]
  return
}

// -----

// batch_norm_grad (C3): the output gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the output gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.batch_norm_grad ins(%d, %x : tensor<2x6x5xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C3): the input gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %d: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the input gradient to be 2x6x4, that of the input, but got 2x6}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%d : tensor<2x6xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C4): too large
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected feature axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [3]
  return
}

// -----

// batch_norm_grad (C4): twice
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected feature axes to be strictly increasing, but got 1 after 1}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1, 1]
  return
}

// -----

// batch_norm_grad (C4): none
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected at least one feature axis, but got none}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = []
  return
}

// -----

// batch_norm_grad (C5): the mean
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the mean to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<4xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C5): the variance
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the variance to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) variance(%q : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C5): the rstd
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the rstd to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%q : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C5): scale
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of scale to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      scale(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C5): the scale gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the scale gradient to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      scale_gradient(%q : tensor<4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C5): the bias gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the bias gradient to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      bias_gradient(%q : tensor<4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C6): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected exactly one of variance and rstd, but got both}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) variance(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C6): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected exactly one of variance and rstd, but got neither}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C7)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected at least one of outs, scale_gradient and bias_gradient, but got none}}
  norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      features = [1]
  return
}

// -----

// batch_norm_grad (C8): negative
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected epsilon to be finite and at least 0, but got -0.001}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] epsilon = -1.0e-3
  return
}

// -----

// batch_norm_grad (C8): not a number
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected epsilon to be finite and at least 0, but got NaN}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] epsilon = 0x7FF8000000000000
  return
}

// -----

// batch_norm_grad (C9): the type
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] accumulator = bf16
  return
}

// -----

// batch_norm_grad (C9): narrower than the input
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %w: tensor<2x6x4xf64>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.batch_norm_grad ins(%x, %w : tensor<2x6x4xf32>, tensor<2x6x4xf64>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] accumulator = f32
  return
}

// -----

// batch_norm_inference_grad (C1)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %k: memref<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected all operands to be tensors like the first one, but got 'memref<6xf32>' for operand 3}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%k : memref<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C2)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.batch_norm_inference_grad ins(%s, %s : tensor<6xf32>, tensor<6xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%s : tensor<6xf32>) features = [0]
  return
}

// -----

// batch_norm_inference_grad (C3): the output gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %d: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the output gradient to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.batch_norm_inference_grad ins(%d, %x : tensor<2x6x5xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C3): the input gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %d: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the input gradient to be 2x6x4, that of the input, but got 2x6}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%d : tensor<2x6xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C4): too large
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected feature axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [3]
  return
}

// -----

// batch_norm_inference_grad (C4): none
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected at least one feature axis, but got none}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = []
  return
}

// -----

// batch_norm_inference_grad (C5): the mean
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the mean to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<4xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C5): the variance
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the variance to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) variance(%q : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C5): the rstd
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the rstd to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%q : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C5): scale
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of scale to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      scale(%q : tensor<4xf32>) outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C5): the scale gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the scale gradient to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      scale_gradient(%q : tensor<4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C5): the bias gradient
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the bias gradient to be 6, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      bias_gradient(%q : tensor<4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C6): both
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected exactly one of variance and rstd, but got both}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) variance(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C6): neither
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected exactly one of variance and rstd, but got neither}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C7)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected at least one of outs, scale_gradient and bias_gradient, but got none}}
  norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      features = [1]
  return
}

// -----

// batch_norm_inference_grad (C8): negative
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected epsilon to be finite and at least 0, but got -0.001}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] epsilon = -1.0e-3
  return
}

// -----

// batch_norm_inference_grad (C9): the type
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] accumulator = bf16
  return
}

// -----

// batch_norm_inference_grad (C9): narrower than the input
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>, %w: tensor<2x6x4xf64>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.batch_norm_inference_grad ins(%x, %w : tensor<2x6x4xf32>, tensor<2x6x4xf64>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) features = [1] accumulator = f32
  return
}
