// RUN: norm-opt %s -split-input-file -verify-diagnostics

// One case for every constraint of the verifiers of the layer ops; the labels
// are those of docs/SpecBatchNorm.md and docs/SpecSampleNorms.md, and of
// lib/IR/LayerOps.cpp and GroupOps.cpp.

// batch_norm_training (C1): tensors and memrefs mixed
func.func @f(%x: tensor<2x3x4xf32>, %g: memref<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 1}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>) scale(%g : memref<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C1): memrefs first
func.func @f(%x: memref<2x3xf32>, %y: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected all operands to be memrefs like the first one, but got 'tensor<2x3xf32>' for operand 1}}
  %0 = norm.batch_norm_training ins(%x : memref<2x3xf32>)
      outs(%y : tensor<2x3xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C2)
func.func @f(%x: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.batch_norm_training ins(%x : tensor<3xf32>)
      outs(%x : tensor<3xf32>) features = [0]
  return
}

// -----

// batch_norm_training (C2): rank 0
func.func @f(%x: tensor<f32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the rank of the input to be at least 2, but got 0}}
  %y = norm.batch_norm_training ins(%x : tensor<f32>)
      outs(%x : tensor<f32>) features = []
  return
}

// -----

// batch_norm_training (C3): a size
func.func @f(%x: tensor<2x3x4xf32>, %o: tensor<2x3x5xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the output to be 2x3x4, that of the input, but got 2x3x5}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%o : tensor<2x3x5xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C3): the rank
func.func @f(%x: tensor<2x?x4xf32>, %o: tensor<2x?xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the output to be 2x?x4, that of the input, but got 2x?}}
  %y = norm.batch_norm_training ins(%x : tensor<2x?x4xf32>)
      outs(%o : tensor<2x?xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C4): too large
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected feature axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [3]
  return
}

// -----

// batch_norm_training (C4): negative
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected feature axes to be from 0 to 2, but got -1}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [-1]
  return
}

// -----

// batch_norm_training (C4): twice
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected feature axes to be strictly increasing, but got 1 after 1}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1, 1]
  return
}

// -----

// batch_norm_training (C4): not sorted
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected feature axes to be strictly increasing, but got 0 after 2}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [2, 0]
  return
}

// -----

// batch_norm_training (C4): none
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected at least one feature axis, but got none}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = []
  return
}

// -----

// batch_norm_training (C5): scale
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of scale to be 3, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>) scale(%g : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C5): bias
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<f32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of bias to be 3, the sizes of the feature axes, but got rank 0}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>) bias(%g : tensor<f32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C5): several feature axes, in another order
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<4x2xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of bias to be 2x4, the sizes of the feature axes, but got 4x2}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>) bias(%g : tensor<4x2xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [0, 2]
  return
}

// -----

// batch_norm_training (C5): running mean
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the running mean to be 3, the sizes of the feature axes, but got 4}}
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) running(%w, %g : tensor<4xf32>, tensor<3xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C5): running variance
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the running variance to be 3, the sizes of the feature axes, but got 4}}
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) running(%g, %w : tensor<3xf32>, tensor<4xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C5): batch mean
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the batch mean to be 3, the sizes of the feature axes, but got 4}}
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) batch(%w, %g : tensor<4xf32>, tensor<3xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C5): batch variance
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the batch variance to be 3, the sizes of the feature axes, but got 4}}
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) batch(%g, %w : tensor<3xf32>, tensor<4xf32>) features = [1]
  return
}

// -----

// batch_norm_training (C6): running mean alone
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected both the running mean and the running variance or neither, but got only the running mean}}
  %y:2 = "norm.batch_norm_training"(%x, %x, %g) <{feature_axes = array<i64: 1>,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<3xf32>) -> (tensor<2x3x4xf32>, tensor<3xf32>)
  return
}

// -----

// batch_norm_training (C6): running variance alone
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected both the running mean and the running variance or neither, but got only the running variance}}
  %y:2 = "norm.batch_norm_training"(%x, %x, %g) <{feature_axes = array<i64: 1>,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<3xf32>) -> (tensor<2x3x4xf32>, tensor<3xf32>)
  return
}

// -----

// batch_norm_training (C6): batch mean alone
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected both the batch mean and the batch variance or neither, but got only the batch mean}}
  %y:2 = "norm.batch_norm_training"(%x, %x, %g) <{feature_axes = array<i64: 1>,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<3xf32>) -> (tensor<2x3x4xf32>, tensor<3xf32>)
  return
}

// -----

// batch_norm_training (C6): batch variance alone
func.func @f(%x: tensor<2x3x4xf32>, %g: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected both the batch mean and the batch variance or neither, but got only the batch variance}}
  %y:2 = "norm.batch_norm_training"(%x, %x, %g) <{feature_axes = array<i64: 1>,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<3xf32>) -> (tensor<2x3x4xf32>, tensor<3xf32>)
  return
}

// -----

// batch_norm_training (C7): negative
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected epsilon to be finite and at least 0, but got -1}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] epsilon = -1.0
  return
}

// -----

// batch_norm_training (C7): infinite
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected epsilon to be finite and at least 0, but got +Inf}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] epsilon = 0x7FF0000000000000
  return
}

// -----

// batch_norm_training (C7): NaN
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected epsilon to be finite and at least 0, but got NaN}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] epsilon = 0x7FF8000000000000
  return
}

// -----

// batch_norm_training (C8): negative
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected momentum to be from 0 to 1, but got -0.5}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] momentum = -0.5
  return
}

// -----

// batch_norm_training (C8): more than 1
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected momentum to be from 0 to 1, but got 1.5}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] momentum = 1.5
  return
}

// -----

// batch_norm_training (C8): infinite
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected momentum to be from 0 to 1, but got +Inf}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] momentum = 0x7FF0000000000000
  return
}

// -----

// batch_norm_training (C8): NaN
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected momentum to be from 0 to 1, but got NaN}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] momentum = 0x7FF8000000000000
  return
}

// -----

// batch_norm_training (C9)
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected running_var_correction to be 0 or 1, but got 2}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] running_var_correction = 2
  return
}

// -----

// batch_norm_training (C9)
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected running_var_correction to be 0 or 1, but got -1}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] running_var_correction = -1
  return
}

// -----

// batch_norm_training (C10): bf16
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = bf16
  return
}

// -----

// batch_norm_training (C10): f16
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be f32 or f64, but got 'f16'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = f16
  return
}

// -----

// batch_norm_training (C10): i32
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be f32 or f64, but got 'i32'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = i32
  return
}

// -----

// batch_norm_training (C10): index
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be f32 or f64, but got 'index'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = index
  return
}

// -----

// batch_norm_training (C10): f128
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be f32 or f64, but got 'f128'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = f128
  return
}

// -----

// batch_norm_training (C10): tensor<3xf32>
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be f32 or f64, but got 'tensor<3xf32>'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = tensor<3xf32>
  return
}

// -----

// batch_norm_training (C10): narrower than the input
func.func @f(%x: tensor<2x3xf64>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3xf64>)
      outs(%x : tensor<2x3xf64>) features = [1] accumulator = f32
  return
}

// -----

// batch_norm_training: element type i32
func.func @f(%x: tensor<2x3xi32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'tensor<2x3xi32>'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3xi32>)
      outs(%x : tensor<2x3xi32>) features = [1]
  return
}

// -----

// batch_norm_training: element type f80
func.func @f(%x: tensor<2x3xf80>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'tensor<2x3xf80>'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3xf80>)
      outs(%x : tensor<2x3xf80>) features = [1]
  return
}

// -----

// batch_norm_training: element type complex<f32>
func.func @f(%x: tensor<2x3xcomplex<f32>>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'tensor<2x3xcomplex<f32>>'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x3xcomplex<f32>>)
      outs(%x : tensor<2x3xcomplex<f32>>) features = [1]
  return
}

// -----

// batch_norm_training: a layout without strides
func.func @f(%x: memref<2x4xf32, affine_map<(d0, d1) -> (d0 floordiv 2, d1)>>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'memref<2x4xf32, affine_map<(d0, d1) -> (d0 floordiv 2, d1)>>'}}
  norm.batch_norm_training
      ins(%x : memref<2x4xf32, affine_map<(d0, d1) -> (d0 floordiv 2, d1)>>)
      outs(%x : memref<2x4xf32, affine_map<(d0, d1) -> (d0 floordiv 2, d1)>>)
      features = [1]
  return
}

// -----

// batch_norm_training: an unranked memref
func.func @f(%x: memref<*xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'memref<*xf32>'}}
  norm.batch_norm_training ins(%x : memref<*xf32>)
      outs(%x : memref<*xf32>) features = [1]
  return
}

// -----

// batch_norm_training: an unranked tensor
func.func @f(%x: tensor<*xf32>, %o: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #0 must be ranked tensor or strided memref of f16, bf16, f32 or f64, but got 'tensor<*xf32>'}}
  %y = norm.batch_norm_training ins(%x : tensor<*xf32>)
      outs(%o : tensor<2x3xf32>) features = [1]
  return
}

// -----

// batch_norm_training: the type of the result is not that of the output
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected type of operand #1 ('tensor<2x3x4xf32>') to match type of corresponding result ('tensor<2x3x5xf32>')}}
  %y = "norm.batch_norm_training"(%x, %x) <{feature_axes = array<i64: 1>,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x5xf32>
  return
}

// -----

// batch_norm_training: a result too many
func.func @f(%x: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the number of tensor results (2) to be equal to the number of output tensors (1)}}
  %y:2 = "norm.batch_norm_training"(%x, %x) <{feature_axes = array<i64: 1>,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0>}>
      : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>)
  return
}

// -----

// batch_norm_training: a result of an op on memrefs
func.func @f(%x: memref<2x3xf32>) {
  // expected-error@+1 {{cannot name an operation with no results}}
  %y = norm.batch_norm_training ins(%x : memref<2x3xf32>)
      outs(%x : memref<2x3xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C1)
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %g: memref<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected all operands to be tensors like the first one, but got 'memref<3xf32>' for operand 3}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>) scale(%g : memref<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C2)
func.func @f(%m: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.batch_norm_inference ins(%m : tensor<3xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%m : tensor<3xf32>) features = [0]
  return
}

// -----

// batch_norm_inference (C3)
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %o: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of the output to be 2x3x4, that of the input, but got 2x3}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%o : tensor<2x3xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C4): too large
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected feature axes to be from 0 to 2, but got 9223372036854775807}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [9223372036854775807]
  return
}

// -----

// batch_norm_inference (C4): not sorted
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected feature axes to be strictly increasing, but got 0 after 1}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1, 0]
  return
}

// -----

// batch_norm_inference (C4): none
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected at least one feature axis, but got none}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = []
  return
}

// -----

// batch_norm_inference (C5): mean
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of mean to be 3, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%w, %m : tensor<4xf32>, tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C5): variance
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of variance to be 3, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %w : tensor<3xf32>, tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C5): scale
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of scale to be 3, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>) scale(%w : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C5): bias
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %w: tensor<4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of bias to be 3, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>) bias(%w : tensor<4xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference (C6)
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected epsilon to be finite and at least 0, but got -2}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] epsilon = -2.0
  return
}

// -----

// batch_norm_inference (C7)
func.func @f(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected accumulator to be f32 or f64, but got 'bf16'}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4xf32>)
      statistics(%m, %m : tensor<3xf32>, tensor<3xf32>)
      outs(%x : tensor<2x3x4xf32>) features = [1] accumulator = bf16
  return
}

// -----

// group_norm (C1)
func.func @f(%x: tensor<2x6x4xf32>, %g: memref<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected all operands to be tensors like the first one, but got 'memref<6xf32>' for operand 1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) scale(%g : memref<6xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C2)
func.func @f(%x: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.group_norm ins(%x : tensor<6xf32>)
      outs(%x : tensor<6xf32>) batch = [] channel = 0 num_groups = 2
  return
}

// -----

// group_norm (C3)
func.func @f(%x: tensor<2x6x4xf32>, %o: tensor<2x6x3xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of the output to be 2x6x4, that of the input, but got 2x6x3}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%o : tensor<2x6x3xf32>) channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C4): batch axis too large
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected batch axes to be from 0 to 2, but got 3}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) batch = [0, 3] channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C4): batch axes not sorted
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected batch axes to be strictly increasing, but got 0 after 2}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) batch = [2, 0] channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C4): channel axis too large
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the channel axis to be from 0 to 2, but got 3}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 3 num_groups = 2
  return
}

// -----

// group_norm (C4): channel axis negative
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the channel axis to be from 0 to 2, but got -1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = -1 num_groups = 2
  return
}

// -----

// group_norm (C4): channel axis is a batch axis
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the channel axis to be none of the batch axes, but got 0 for both}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 0 num_groups = 2
  return
}

// -----

// group_norm (C5): both
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected exactly one of num_groups and group_size, but got both}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 group_size = 3
  return
}

// -----

// group_norm (C5): neither
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected exactly one of num_groups and group_size, but got neither}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// group_norm (C6): num_groups
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected num_groups to be at least 1, but got 0}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 0
  return
}

// -----

// group_norm (C6): num_groups
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected num_groups to be at least 1, but got -1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = -1
  return
}

// -----

// group_norm (C6): num_groups
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected num_groups to be at least 1, but got -9223372036854775808}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = -9223372036854775808
  return
}

// -----

// group_norm (C7): num_groups
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the number of channels to be a multiple of num_groups = 4, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 4
  return
}

// -----

// group_norm (C7): num_groups
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the number of channels to be a multiple of num_groups = 7, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 7
  return
}

// -----

// group_norm (C7): num_groups
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the number of channels to be a multiple of num_groups = 9223372036854775807, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 9223372036854775807
  return
}

// -----

// group_norm (C6): group_size
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected group_size to be at least 1, but got 0}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = 0
  return
}

// -----

// group_norm (C6): group_size
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected group_size to be at least 1, but got -1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = -1
  return
}

// -----

// group_norm (C6): group_size
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected group_size to be at least 1, but got -9223372036854775808}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = -9223372036854775808
  return
}

// -----

// group_norm (C7): group_size
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the number of channels to be a multiple of group_size = 4, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = 4
  return
}

// -----

// group_norm (C7): group_size
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the number of channels to be a multiple of group_size = 7, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = 7
  return
}

// -----

// group_norm (C7): group_size
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the number of channels to be a multiple of group_size = 9223372036854775807, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = 9223372036854775807
  return
}

// -----

// group_norm (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<2xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of scale to be 6, the size of the channel axis, but got 2}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) scale(%g : tensor<2xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C8): bias
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6x1xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of bias to be 6, the size of the channel axis, but got 6x1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%g : tensor<6x1xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C9): mean
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x6xf32>, %v: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of the mean to be 2x3, the sizes of the batch axes and the groups, but got 2x6}}
  %y:3 = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>)
      statistics(%m, %v : tensor<2x6xf32>, tensor<2x3xf32>) channel = 1 group_size = 2
  return
}

// -----

// group_norm (C9): variance
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x2xf32>, %v: tensor<2xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of the variance to be 2x2, the sizes of the batch axes and the groups, but got 2}}
  %y:3 = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>)
      statistics(%m, %v : tensor<2x2xf32>, tensor<2xf32>) channel = 1 num_groups = 2
  return
}

// -----

// group_norm (C9): groups before batch axes, as in the input
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<4x3xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of the mean to be 3x4, the sizes of the batch axes and the groups, but got 4x3}}
  %y:3 = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>)
      statistics(%m, %m : tensor<4x3xf32>, tensor<4x3xf32>) batch = [2] channel = 1 num_groups = 3
  return
}

// -----

// group_norm (C9): num_groups with a dynamic number of channels
func.func @f(%x: tensor<?x?x4xf32>, %m: tensor<?x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of the mean to be ?x3, the sizes of the batch axes and the groups, but got ?x4}}
  %y:3 = norm.group_norm ins(%x : tensor<?x?x4xf32>)
      outs(%x : tensor<?x?x4xf32>)
      statistics(%m, %m : tensor<?x4xf32>, tensor<?x4xf32>) channel = 1 num_groups = 3
  return
}

// -----

// group_norm (C10): mean alone
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected both the mean and the variance or neither, but got only the mean}}
  %y:2 = "norm.group_norm"(%x, %x, %m) <{channel_axis = 1 : i64, num_groups = 3 : i64,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 1, 0>}>
      : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2x3xf32>) -> (tensor<2x6x4xf32>, tensor<2x3xf32>)
  return
}

// -----

// group_norm (C10): variance alone
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x3xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected both the mean and the variance or neither, but got only the variance}}
  %y:2 = "norm.group_norm"(%x, %x, %m) <{channel_axis = 1 : i64, num_groups = 3 : i64,
      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 0, 1>}>
      : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2x3xf32>) -> (tensor<2x6x4xf32>, tensor<2x3xf32>)
  return
}

// -----

// group_norm (C11)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected epsilon to be finite and at least 0, but got -Inf}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 epsilon = 0xFFF0000000000000
  return
}

// -----

// group_norm (C12)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected accumulator to be f32 or f64, but got 'f16'}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 accumulator = f16
  return
}
