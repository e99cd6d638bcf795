// RUN: norm-opt %s --split-input-file --verify-diagnostics

// The labels are those of docs/SpecKernels.md and lib/IR/GradientOps.cpp.

// gradient_sums (C1)
func.func @f(%x: tensor<2x3x4xf32>, %k: memref<3xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 2}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>) mean(%k : memref<3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [1]
  return
}

// -----

// gradient_sums (C2)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected axes to be from 0 to 2, but got 3}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 3] statistics_axes = [1]
  return
}

// -----

// gradient_sums (C3)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the shape of the product to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %p : tensor<3xf32>, tensor<4xf32>) axes = [0, 2] statistics_axes = [1]
  return
}

// -----

// gradient_sums (C4)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf16>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the element type of the sum to be f32 or f64, but got 'f16'}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf16>, tensor<3xf16>) axes = [0, 2] statistics_axes = [1]
  return
}

// -----

// gradient_sums (C5)
func.func @f(%x: tensor<2x3x4xf32>, %d: tensor<2x3x5xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the shape of the output gradient to be 2x3x4, that of the input, but got 2x3x5}}
  %y:2 = norm.gradient_sums ins(%d, %x : tensor<2x3x5xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [1]
  return
}

// -----

// gradient_sums (C6)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected statistics axes to be strictly increasing, but got 1 after 1}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [1, 1]
  return
}

// -----

// gradient_sums (C6)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected parameter axes to be from 0 to 2, but got 3}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] parameter_axes = [3]
  return
}

// -----

// gradient_sums (C7)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the shape of mean to be 3, the sizes of the statistics axes, but got 4}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>) mean(%m : tensor<4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [1]
  return
}

// -----

// gradient_sums (C7): a statistics axis may be reduced
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %r: tensor<3x4xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the shape of rstd to be 2x3, the sizes of the statistics axes, but got 3x4}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>) rstd(%r : tensor<3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [0, 1]
  return
}

// -----

// gradient_sums (C8)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %g: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the shape of scale to be 3, the sizes of the parameter axes, but got 4}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>) scale(%g : tensor<4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] parameter_axes = [1]
  return
}

// -----

// combine_gradient_sums (C1)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %k: memref<3xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 2}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      rstd(%k : memref<3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [1]
  return
}

// -----

// combine_gradient_sums (C2)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected axes to be strictly increasing, but got 0 after 2}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [2, 0]
  return
}

// -----

// combine_gradient_sums (C3)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected the shape of the sum to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%p, %s : tensor<4xf32>, tensor<3xf32>) axes = [0, 2]
  return
}

// -----

// combine_gradient_sums (C4)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %p: tensor<3xbf16>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected the element type of the product to be f32 or f64, but got 'bf16'}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %p : tensor<3xf32>, tensor<3xbf16>) axes = [0, 2]
  return
}

// -----

// combine_gradient_sums (C5)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %p: tensor<2x3x5xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected the shape of the partial product to be 2x3x4, that of the partial sum, but got 2x3x5}}
  %y:2 = norm.combine_gradient_sums ins(%x, %p : tensor<2x3x4xf32>, tensor<2x3x5xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2]
  return
}

// -----

// combine_gradient_sums (C6)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected statistics axes to be from 0 to 2, but got -1}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [-1]
  return
}

// -----

// combine_gradient_sums (C6)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] parameter_axes = [1, 1]
  return
}

// -----

// combine_gradient_sums (C7)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %r: tensor<3x4xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected the shape of rstd to be 2x3, the sizes of the statistics axes, but got 3x4}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      rstd(%r : tensor<3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [0, 1]
  return
}

// -----

// combine_gradient_sums (C8)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %g: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_gradient_sums' op expected the shape of scale to be 3, the sizes of the parameter axes, but got 4}}
  %y:2 = norm.combine_gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      scale(%g : tensor<4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] parameter_axes = [1]
  return
}

// -----

// gradient_finalize (C1)
func.func @f(%s: tensor<3xf32>, %m: memref<3xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 3}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%s : tensor<3xf32>) count(%m : memref<3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// gradient_finalize (C2)
func.func @f(%s: tensor<3xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the shape of the product to be 3, that of the sum, but got 4}}
  %y:2 = norm.gradient_finalize ins(%s, %q : tensor<3xf32>, tensor<4xf32>)
      rstd(%s : tensor<3xf32>) count(%s : tensor<3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// gradient_finalize (C2)
func.func @f(%s: tensor<3xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the shape of rstd to be 3, that of the sum, but got 4}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%q : tensor<4xf32>) count(%s : tensor<3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// gradient_finalize (C2)
func.func @f(%s: tensor<3xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the shape of the count to be 3, that of the sum, but got 4}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%s : tensor<3xf32>) count(%q : tensor<4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// gradient_finalize (C2)
func.func @f(%s: tensor<3xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the shape of the gradient's mean to be 3, that of the sum, but got 4}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%s : tensor<3xf32>) count(%s : tensor<3xf32>)
      outs(%q, %s : tensor<4xf32>, tensor<3xf32>)
  return
}

// -----

// gradient_finalize (C2)
func.func @f(%s: tensor<3xf32>, %q: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the shape of the slope to be 3, that of the sum, but got 4}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%s : tensor<3xf32>) count(%s : tensor<3xf32>)
      outs(%s, %q : tensor<3xf32>, tensor<4xf32>)
  return
}

// -----

// gradient_finalize (C3)
func.func @f(%s: tensor<3xf32>, %h: tensor<3xf16>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the element type of the gradient's mean to be f32 or f64, but got 'f16'}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%s : tensor<3xf32>) count(%s : tensor<3xf32>)
      outs(%h, %s : tensor<3xf16>, tensor<3xf32>)
  return
}

// -----

// gradient_finalize (C3)
func.func @f(%s: tensor<3xf32>, %h: tensor<3xf16>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the element type of the slope to be f32 or f64, but got 'f16'}}
  %y:2 = norm.gradient_finalize ins(%s, %s : tensor<3xf32>, tensor<3xf32>)
      rstd(%s : tensor<3xf32>) count(%s : tensor<3xf32>)
      outs(%s, %h : tensor<3xf32>, tensor<3xf16>)
  return
}

// -----

// gradient_finalize (C2): the variance
func.func @f(%s: tensor<8xf32>, %t: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected the shape of the variance to be 8, that of the sum, but got 4}}
  %0:2 = norm.gradient_finalize ins(%s, %s : tensor<8xf32>, tensor<8xf32>)
      rstd(%s : tensor<8xf32>) count(%s : tensor<8xf32>) variance(%t : tensor<4xf32>)
      outs(%s, %s : tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

// gradient_finalize (C4)
func.func @f(%s: tensor<8xf32>, %t: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected epsilon to be finite and at least 0, but got -1}}
  %0:2 = norm.gradient_finalize ins(%s, %s : tensor<8xf32>, tensor<8xf32>)
      rstd(%s : tensor<8xf32>) count(%s : tensor<8xf32>)
      outs(%s, %s : tensor<8xf32>, tensor<8xf32>) epsilon = -1.0
  return
}

// -----

// gradient_finalize (C5): max
func.func @f(%s: tensor<8xf32>, %t: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected a variance with epsilon_mode = max, but got none}}
  %0:2 = norm.gradient_finalize ins(%s, %s : tensor<8xf32>, tensor<8xf32>)
      rstd(%s : tensor<8xf32>) count(%s : tensor<8xf32>)
      outs(%s, %s : tensor<8xf32>, tensor<8xf32>) epsilon_mode = max
  return
}

// -----

// gradient_finalize (C5): outside
func.func @f(%s: tensor<8xf32>, %t: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_finalize' op expected a variance with epsilon_mode = outside, but got none}}
  %0:2 = norm.gradient_finalize ins(%s, %s : tensor<8xf32>, tensor<8xf32>)
      rstd(%s : tensor<8xf32>) count(%s : tensor<8xf32>)
      outs(%s, %s : tensor<8xf32>, tensor<8xf32>) epsilon_mode = outside
  return
}

// -----

// gradient_apply (C1)
func.func @f(%x: tensor<2x3x4xf32>, %k: memref<3xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 2}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>) mean(%k : memref<3xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [1]
  return
}

// -----

// gradient_apply (C2)
func.func @f(%x: tensor<2x3x4xf32>, %d: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of the output gradient to be 2x3x4, that of the input, but got 2x3}}
  %y = norm.gradient_apply ins(%d, %x : tensor<2x3xf32>, tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [1]
  return
}

// -----

// gradient_apply (C2)
func.func @f(%x: tensor<2x3x4xf32>, %d: tensor<2x3x?x1xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of the input gradient to be 2x3x4, that of the input, but got 2x3x?x1}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%d : tensor<2x3x?x1xf32>) statistics_axes = [1] parameter_axes = [1]
  return
}

// -----

// gradient_apply (C3)
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected statistics axes to be from 0 to 2, but got 3}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [3] parameter_axes = [1]
  return
}

// -----

// gradient_apply (C3)
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected parameter axes to be from 0 to 2, but got -1}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [-1]
  return
}

// -----

// gradient_apply (C4)
func.func @f(%x: tensor<2x3x4xf32>, %a: tensor<2xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of the gradient's mean to be 3, the sizes of the statistics axes, but got 2}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      gradient_mean(%a : tensor<2xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [1]
  return
}

// -----

// gradient_apply (C4)
func.func @f(%x: tensor<2x3x4xf32>, %a: tensor<3xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of the slope to be 3, the sizes of the statistics axes, but got 4}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      gradient_mean(%a : tensor<3xf32>) slope(%b : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [1]
  return
}

// -----

// gradient_apply (C5)
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of scale to be 4, the sizes of the parameter axes, but got 3}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>) scale(%g : tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// gradient_sums (C10): the type
func.func @f(%x: tensor<2x3xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected accumulator to be f32 or f64, but got 'i32'}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3xf32>, tensor<2x3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0] accumulator = i32
  return
}

// -----

// gradient_sums (C10): wider than an init
func.func @f(%x: tensor<2x3xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected accumulator to be at most as wide as the element type of the sum, 'f32', but got 'f64'}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3xf32>, tensor<2x3xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0] accumulator = f64
  return
}
