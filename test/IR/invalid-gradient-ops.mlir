// RUN: norm-opt %s --split-input-file --verify-diagnostics

// The labels are those of docs/Spec.md.

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
  // expected-error@+1 {{'norm.gradient_sums' op expected statistics axes to be axes that are not reduced, but got 2}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0, 2] statistics_axes = [2]
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
func.func @f(%x: tensor<2x3x4xf32>, %a: tensor<3xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of the slope to be 3, the sizes of the statistics axes, but got 4}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      through(%a, %b : tensor<3xf32>, tensor<4xf32>)
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

// gradient_apply (C6): only one of the two, which the assembly cannot say.
func.func @f(%x: tensor<2x3x4xf32>, %a: tensor<3xf32>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected both the gradient's mean and the slope or neither, but got only the gradient's mean}}
  %y = "norm.gradient_apply"(%x, %x, %a, %x) <{statistics_axes = array<i64: 1>, parameter_axes = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 1, 0, 1>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<3xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}
