// RUN: norm-opt %s -split-input-file -verify-diagnostics

// One case for every constraint of the verifiers of the kernel ops; the labels
// are those of docs/SpecKernels.md and lib/IR/KernelOps.cpp.

// shift (C1)
func.func @f(%x: tensor<2x3x4xf32>, %k: memref<3xf32>) {
  // expected-error@+1 {{'norm.shift' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 1}}
  norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : memref<3xf32>) axes = [0, 2]
  return
}

// -----

// shift (C2): too large
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{'norm.shift' op expected axes to be from 0 to 2, but got 3}}
  %y = norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : tensor<3xf32>) axes = [0, 3]
  return
}

// -----

// shift (C2): negative
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{'norm.shift' op expected axes to be from 0 to 2, but got -2}}
  %y = norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : tensor<3xf32>) axes = [-2, 0]
  return
}

// -----

// shift (C2): not sorted
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{'norm.shift' op expected axes to be strictly increasing, but got 0 after 2}}
  %y = norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : tensor<3xf32>) axes = [2, 0]
  return
}

// -----

// shift (C3)
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<4xf32>) {
  // expected-error@+1 {{'norm.shift' op expected the shape of the shift to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y = norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : tensor<4xf32>) axes = [0, 2]
  return
}

// -----

// shift (C3): all axes
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<4xf32>) {
  // expected-error@+1 {{'norm.shift' op expected the shape of the shift to be rank 0, the sizes of the axes that are not reduced, but got 4}}
  %y = norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : tensor<4xf32>) axes = [0, 1, 2]
  return
}

// -----

// shift (C3): no axis
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<4xf32>) {
  // expected-error@+1 {{'norm.shift' op expected the shape of the shift to be 2x3x4, the sizes of the axes that are not reduced, but got 4}}
  %y = norm.shift ins(%x : tensor<2x3x4xf32>)
      outs(%k : tensor<4xf32>) axes = []
  return
}

// -----

// moments (C1)
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{'norm.moments' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 1}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) shift(%b : memref<3xf32>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0, 2]
  return
}

// -----

// moments (C2)
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected axes to be from 0 to 2, but got 5}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [5]
  return
}

// -----

// moments (C3): shift
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected the shape of the shift to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) shift(%w : tensor<4xf32>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0, 2]
  return
}

// -----

// moments (C3): the count
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected the shape of the count to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>)
      outs(%w, %k, %k : tensor<4xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0, 2]
  return
}

// -----

// moments (C3): the mean
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected the shape of the mean to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>)
      outs(%k, %w, %k : tensor<3xf32>, tensor<4xf32>, tensor<3xf32>) axes = [0, 2]
  return
}

// -----

// moments (C3): M2
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected the shape of M2 to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>)
      outs(%k, %k, %w : tensor<3xf32>, tensor<3xf32>, tensor<4xf32>) axes = [0, 2]
  return
}

// -----

// combine_moments (C1)
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 3}}
  %y:2 = norm.combine_moments ins(%p, %p, %p : tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>)
      outs(%b, %k, %k : memref<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0]
  return
}

// -----

// combine_moments (C2)
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected axes to be from 0 to 1, but got 2}}
  %y:3 = norm.combine_moments ins(%p, %p, %p : tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [2]
  return
}

// -----

// combine_moments (C3): the count
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected the shape of the count to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.combine_moments ins(%p, %p, %p : tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>)
      outs(%w, %k, %k : tensor<4xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0]
  return
}

// -----

// combine_moments (C3): the mean
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected the shape of the mean to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.combine_moments ins(%p, %p, %p : tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>)
      outs(%k, %w, %k : tensor<3xf32>, tensor<4xf32>, tensor<3xf32>) axes = [0]
  return
}

// -----

// combine_moments (C3): M2
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected the shape of M2 to be 3, the sizes of the axes that are not reduced, but got 4}}
  %y:3 = norm.combine_moments ins(%p, %p, %p : tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>)
      outs(%k, %k, %w : tensor<3xf32>, tensor<3xf32>, tensor<4xf32>) axes = [0]
  return
}

// -----

// combine_moments (C5)
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected the shape of the partial mean to be 5x3, that of the partial count, but got 5x2}}
  %y:3 = norm.combine_moments ins(%p, %q, %p : tensor<5x3xf32>, tensor<5x2xf32>, tensor<5x3xf32>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0]
  return
}

// -----

// combine_moments (C5)
func.func @f(%p: tensor<5x3xf32>, %q: tensor<5x2xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.combine_moments' op expected the shape of the partial M2 to be 5x3, that of the partial count, but got 5x2}}
  %y:3 = norm.combine_moments ins(%p, %p, %q : tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x2xf32>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0]
  return
}

// -----

// finalize (C1)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 4}}
  %y = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      outs(%k, %b : tensor<3xf32>, memref<3xf32>)
  return
}

// -----

// finalize (C2): operand 1
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the moments' mean to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %w, %k : tensor<3xf32>, tensor<4xf32>, tensor<3xf32>)
      shift(%k : tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>)
      running(%k, %k : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C2): operand 2
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of M2 to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %k, %w : tensor<3xf32>, tensor<3xf32>, tensor<4xf32>)
      shift(%k : tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>)
      running(%k, %k : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C2): operand 3
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the shift to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      shift(%w : tensor<4xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>)
      running(%k, %k : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C2): operand 4
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the mean to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      shift(%k : tensor<3xf32>)
      outs(%w, %k : tensor<4xf32>, tensor<3xf32>)
      running(%k, %k : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C2): operand 5
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the variance to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      shift(%k : tensor<3xf32>)
      outs(%k, %w : tensor<3xf32>, tensor<4xf32>)
      running(%k, %k : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C2): operand 6
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the running mean to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      shift(%k : tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>)
      running(%w, %k : tensor<4xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C2): operand 7
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the running variance to be 3, that of the count, but got 4}}
  %y:4 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      shift(%k : tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>)
      running(%k, %w : tensor<3xf32>, tensor<4xf32>)
  return
}

// -----

// finalize (C3): running mean alone
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected both the running mean and the running variance or neither, but got only the running mean}}
  %y:3 = "norm.finalize"(%k, %k, %k, %k, %k, %k) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 1, 1, 0>}>
      : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C3): running variance alone
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected both the running mean and the running variance or neither, but got only the running variance}}
  %y:3 = "norm.finalize"(%k, %k, %k, %k, %k, %k) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 1, 0, 1>}>
      : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// finalize (C4)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected momentum to be from 0 to 1, but got -0.25}}
  %y:2 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>) momentum = -0.25
  return
}

// -----

// finalize (C4)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected momentum to be from 0 to 1, but got 2}}
  %y:2 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>) momentum = 2.0
  return
}

// -----

// finalize (C4)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected momentum to be from 0 to 1, but got NaN}}
  %y:2 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>) momentum = 0x7FF8000000000000
  return
}

// -----

// finalize (C5)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected running_var_correction to be 0 or 1, but got 3}}
  %y:2 = norm.finalize ins(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      outs(%k, %k : tensor<3xf32>, tensor<3xf32>) running_var_correction = 3
  return
}

// -----

// rstd (C1)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{'norm.rstd' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 1}}
  norm.rstd ins(%k : tensor<3xf32>) outs(%b : memref<3xf32>)
  return
}

// -----

// rstd (C2)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rstd' op expected the shape of the rstd to be 3, that of the variance, but got 4}}
  %y = norm.rstd ins(%k : tensor<3xf32>) outs(%w : tensor<4xf32>)
  return
}

// -----

// rstd (C3)
func.func @f(%k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rstd' op expected epsilon to be finite and at least 0, but got NaN}}
  %y = norm.rstd ins(%k : tensor<3xf32>) outs(%k : tensor<3xf32>) epsilon = 0x7FF8000000000000
  return
}

// -----

// normalize (C1)
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 1}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) mean(%b : memref<3xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// normalize (C2)
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>, %o: tensor<2x3x5xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of the output to be 2x3x4, that of the input, but got 2x3x5}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>)
      outs(%o : tensor<2x3x5xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// normalize (C3): statistics axes
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected statistics axes to be from 0 to 2, but got 3}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [3] parameter_axes = []
  return
}

// -----

// normalize (C3): parameter axes
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [] parameter_axes = [1, 1]
  return
}

// -----

// normalize (C4): shift
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of shift to be 3, the sizes of the statistics axes, but got 4}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) shift(%w : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// normalize (C4): mean
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of mean to be 3, the sizes of the statistics axes, but got 4}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) mean(%w : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// normalize (C4): rstd
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of rstd to be 3, the sizes of the statistics axes, but got 4}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) rstd(%w : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// normalize (C5): scale
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of scale to be 4, the sizes of the parameter axes, but got 3}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) scale(%k : tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// normalize (C5): bias
func.func @f(%x: tensor<2x3x4xf32>, %k: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of bias to be 4, the sizes of the parameter axes, but got 3}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) bias(%k : tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [1] parameter_axes = [2]
  return
}

// -----

// shift : element type
func.func @f(%i: tensor<3xi32>) {
  // expected-error@+1 {{'norm.shift' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'tensor<3xi32>'}}
  %y = norm.shift ins(%i : tensor<3xi32>) outs(%i : tensor<3xi32>) axes = []
  return
}

// -----

// rstd : element type
func.func @f(%i: tensor<3xi32>) {
  // expected-error@+1 {{'norm.rstd' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'tensor<3xi32>'}}
  %y = norm.rstd ins(%i : tensor<3xi32>) outs(%i : tensor<3xi32>)
  return
}

// -----

// shift (C2)
func.func @shift_of_rank_0(%x: tensor<f32>, %k: tensor<f32>) -> tensor<f32> {
  // expected-error@+1 {{'norm.shift' op expected axes to be empty for rank 0, but got 0}}
  %0 = norm.shift ins(%x : tensor<f32>) outs(%k : tensor<f32>) axes = [0]
  return %0 : tensor<f32>
}

// -----

// shift (C4)
func.func @shift_type(%x: tensor<2x3xf16>, %k: tensor<3xf16>) -> tensor<3xf16> {
  // expected-error@+1 {{'norm.shift' op expected the element type of the shift to be f32 or f64, but got 'f16'}}
  %0 = norm.shift ins(%x : tensor<2x3xf16>) outs(%k : tensor<3xf16>) axes = [0]
  return %0 : tensor<3xf16>
}

// -----

// moments (C4)
func.func @moments_type(%x: tensor<2x3xf16>, %n: tensor<3xf32>, %m: tensor<3xbf16>) {
  // expected-error@+1 {{'norm.moments' op expected the element type of M2 to be f32 or f64, but got 'bf16'}}
  %0:3 = norm.moments ins(%x : tensor<2x3xf16>) outs(%n, %n, %m : tensor<3xf32>, tensor<3xf32>, tensor<3xbf16>) axes = [0]
  return
}

// -----

// combine_moments (C4)
func.func @combine_type(%p: tensor<2x3xf32>, %n: tensor<3xf32>, %m: tensor<3xf16>) {
  // expected-error@+1 {{'norm.combine_moments' op expected the element type of the mean to be f32 or f64, but got 'f16'}}
  %0:3 = norm.combine_moments ins(%p, %p, %p : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) outs(%n, %m, %n : tensor<3xf32>, tensor<3xf16>, tensor<3xf32>) axes = [0]
  return
}

// -----

// finalize (C6)
func.func @finalize_type(%n: tensor<3xf32>, %m: tensor<3xf16>) {
  // expected-error@+1 {{'norm.finalize' op expected the element type of the count to be f32 or f64, but got 'f16'}}
  %0:2 = norm.finalize ins(%m, %n, %n : tensor<3xf16>, tensor<3xf32>, tensor<3xf32>) outs(%n, %n : tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// rstd (C3)
func.func @small_epsilon(%v: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{'norm.rstd' op expected epsilon to be finite and at least 0, but got -1e-05}}
  %0 = norm.rstd ins(%v : tensor<3xf32>) outs(%v : tensor<3xf32>) epsilon = -1.0e-5
  return %0 : tensor<3xf32>
}

// -----

// moments (C5)
func.func @f(%x: tensor<4x8xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected no shift with uncentered, but got one}}
  %0:3 = norm.moments ins(%x : tensor<4x8xf32>) shift(%s : tensor<4xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1] uncentered
  return
}

// -----

// moments (C8): no mean is taken
func.func @f(%x: tensor<4x8xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected no guess with uncentered, but got one}}
  %0:3 = norm.moments ins(%x : tensor<4x8xf32>) guess(%s : tensor<4xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1] uncentered
  return
}

// -----

// moments (C8): one pass anyway
func.func @f(%x: tensor<4x8xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected no guess with variance = fast, but got one}}
  %0:3 = norm.moments ins(%x : tensor<4x8xf32>) guess(%s : tensor<4xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1] variance = fast
  return
}

// -----

// moments (C3): the guess
func.func @f(%x: tensor<4x8xf32>, %s: tensor<4xf32>, %g: tensor<8xf32>) {
  // expected-error@+1 {{'norm.moments' op expected the shape of the guess to be 4}}
  %0:3 = norm.moments ins(%x : tensor<4x8xf32>) guess(%g : tensor<8xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1]
  return
}

// -----

// finalize (C7): no running statistics
func.func @f(%s: tensor<4xf32>, %k: tensor<f32>) {
  // expected-error@+1 {{'norm.finalize' op expected running statistics with the number of batches, but got none}}
  %0:2 = norm.finalize ins(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      batches(%k : tensor<f32>) outs(%s, %s : tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

// finalize (C7): not a number
func.func @f(%s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.finalize' op expected the shape of the number of batches to be rank 0, that of a number, but got 4}}
  %0:4 = norm.finalize ins(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      batches(%s : tensor<4xf32>) outs(%s, %s : tensor<4xf32>, tensor<4xf32>)
      running(%s, %s : tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

// moments (C7): the type
func.func @f(%x: tensor<4x8xf32>, %s: tensor<4xf64>) {
  // expected-error@+1 {{'norm.moments' op expected accumulator to be f32 or f64, but got 'f16'}}
  %0:3 = norm.moments ins(%x : tensor<4x8xf32>)
      outs(%s, %s, %s : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>)
      axes = [1] accumulator = f16
  return
}

// -----

// moments (C7): wider than an init
func.func @f(%x: tensor<4x8xf32>, %s: tensor<4xf64>, %m: tensor<4xf32>) {
  // expected-error@+1 {{'norm.moments' op expected accumulator to be at most as wide as the element type of M2, 'f32', but got 'f64'}}
  %0:3 = norm.moments ins(%x : tensor<4x8xf32>)
      outs(%s, %s, %m : tensor<4xf64>, tensor<4xf64>, tensor<4xf32>)
      axes = [1] accumulator = f64
  return
}
