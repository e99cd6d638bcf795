// RUN: norm-opt %s --split-input-file --verify-diagnostics

// The masks of kernel ops; the labels are those of docs/SpecKernels.md and of
// lib/IR/KernelOps.cpp and GradientOps.cpp.

// moments (C1)
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: memref<2xi1>) {
  // expected-error@+1 {{'norm.moments' op expected all operands to be tensors like the first one, but got 'memref<2xi1>' for operand 1}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) mask(%m : memref<2xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0]
  return
}

// -----

// moments (C6): too large
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<2xi1>) {
  // expected-error@+1 {{'norm.moments' op expected mask axes to be from 0 to 2, but got 3}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<2xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [3]
  return
}

// -----

// moments (C6): not sorted
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<4x2xi1>) {
  // expected-error@+1 {{'norm.moments' op expected mask axes to be strictly increasing, but got 0 after 2}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<4x2xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [2, 0]
  return
}

// -----

// moments (C6): the shape
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<2x3xi1>) {
  // expected-error@+1 {{'norm.moments' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x3}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<2x3xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0, 2]
  return
}

// -----

// moments: the element type
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<2xf32>) {
  // expected-error@+1 {{'norm.moments' op operand #1 must be ranked tensor or strided memref of i1, but got 'tensor<2xf32>'}}
  %y:3 = norm.moments ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<2xf32>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0]
  return
}

// -----

// normalize (C6): negative
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<2xi1>) {
  // expected-error@+1 {{'norm.normalize' op expected mask axes to be from 0 to 2, but got -1}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<2xi1>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [] parameter_axes = []
      mask_axes = [-1]
  return
}

// -----

// normalize (C6): the shape
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<2xi1>) {
  // expected-error@+1 {{'norm.normalize' op expected the shape of the mask to be 3, the sizes of the mask axes, but got 2}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<2xi1>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [] parameter_axes = []
      mask_axes = [1]
  return
}

// -----

// normalize: the element type
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<2xi8>) {
  // expected-error@+1 {{'norm.normalize' op operand #1 must be ranked tensor or strided memref of i1, but got 'tensor<2xi8>'}}
  %y = norm.normalize ins(%x : tensor<2x3x4xf32>) mask(%m : tensor<2xi8>)
      outs(%x : tensor<2x3x4xf32>) statistics_axes = [] parameter_axes = []
      mask_axes = [0]
  return
}

// -----

// gradient_sums (C9): twice
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<2x2xi1>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected mask axes to be strictly increasing, but got 0 after 0}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      mask(%m : tensor<2x2xi1>) outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0, 0]
  return
}

// -----

// gradient_sums (C9): the shape
func.func @f(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %m: tensor<4xi1>) {
  // expected-error@+1 {{'norm.gradient_sums' op expected the shape of the mask to be 2, the sizes of the mask axes, but got 4}}
  %y:2 = norm.gradient_sums ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      mask(%m : tensor<4xi1>) outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0]
  return
}

// -----

// gradient_apply (C6): too large
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<2xi1>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected mask axes to be from 0 to 2, but got 5}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      mask(%m : tensor<2xi1>) outs(%x : tensor<2x3x4xf32>)
      statistics_axes = [] parameter_axes = [] mask_axes = [5]
  return
}

// -----

// gradient_apply (C6): the rank
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<2x3xi1>) {
  // expected-error@+1 {{'norm.gradient_apply' op expected the shape of the mask to be 2, the sizes of the mask axes, but got 2x3}}
  %y = norm.gradient_apply ins(%x, %x : tensor<2x3x4xf32>, tensor<2x3x4xf32>)
      mask(%m : tensor<2x3xi1>) outs(%x : tensor<2x3x4xf32>)
      statistics_axes = [] parameter_axes = [] mask_axes = [0]
  return
}
