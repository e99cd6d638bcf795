// RUN: norm-opt %s --split-input-file --verify-diagnostics

// One case for every constraint of the verifiers of instance, layer and RMS norm;
// the labels are those of docs/SpecSampleNorms.md and lib/IR/GroupOps.cpp.

// instance_norm (C1)
func.func @f(%x: tensor<2x6x4xf32>, %g: memref<6xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected all operands to be tensors like the first one, but got 'memref<6xf32>' for operand 1}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) scale(%g : memref<6xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm (C2)
func.func @f(%v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.instance_norm ins(%v : tensor<6xf32>) outs(%v : tensor<6xf32>)
      channel = 0
  return
}

// -----

// instance_norm (C3)
func.func @f(%x: tensor<2x6x4xf32>, %o: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of the output to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%o : tensor<2x6x5xf32>)
      channel = 1
  return
}

// -----

// instance_norm (C4): batch axes
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected batch axes to be from 0 to 2, but got 3}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      batch = [3] channel = 1
  return
}

// -----

// instance_norm (C4): batch axes in order
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected batch axes to be strictly increasing, but got 0 after 2}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      batch = [2, 0] channel = 1
  return
}

// -----

// instance_norm (C4): the channel axis
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the channel axis to be from 0 to 2, but got -1}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = -1
  return
}

// -----

// instance_norm (C4): one axis for both
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the channel axis to be none of the batch axes, but got 1 for both}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      batch = [0, 1] channel = 1
  return
}

// -----

// instance_norm (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 parameters = [1, 3]
  return
}

// -----

// instance_norm (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected parameter axes to be strictly increasing, but got 2 after 2}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 parameters = [2, 2]
  return
}

// -----

// instance_norm (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of scale to be 6, the size of the channel axis, but got 4}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm (C8): bias
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of bias to be 6, the size of the channel axis, but got 4}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1
  return
}

// -----

// instance_norm (C8): on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of scale to be 2x4, the sizes of the parameter axes, but got 6}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 parameters = [0, 2]
  return
}

// -----

// instance_norm (C8): on no axis
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<1xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of bias to be rank 0, the sizes of the parameter axes, but got 1}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<1xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 parameters = []
  return
}

// -----

// instance_norm (C9): the mean
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2x6xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of the mean to be 2x6, the sizes of the batch and channel axes, but got 4}}
  %y:3 = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      statistics(%s, %r : tensor<4xf32>, tensor<2x6xf32>) channel = 1
  return
}

// -----

// instance_norm (C9): the variance
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2x6xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of the variance to be 2x6, the sizes of the batch and channel axes, but got 4}}
  %y:3 = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      statistics(%r, %s : tensor<2x6xf32>, tensor<4xf32>) channel = 1
  return
}

// -----

// instance_norm (C10): the mean alone
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected both the mean and the variance or neither, but got only the mean}}
  %y:2 = "norm.instance_norm"(%x, %x, %r) {channel_axis = 1 : i64, operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 1, 0>}
      : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2x6xf32>) -> (tensor<2x6x4xf32>, tensor<2x6xf32>)
  return
}

// -----

// instance_norm (C10): the variance alone
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2x6xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected both the mean and the variance or neither, but got only the variance}}
  %y:2 = "norm.instance_norm"(%x, %x, %r) {channel_axis = 1 : i64, operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 0, 1>}
      : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2x6xf32>) -> (tensor<2x6x4xf32>, tensor<2x6xf32>)
  return
}

// -----

// instance_norm (C11)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected epsilon to be finite and at least 0, but got -1}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 epsilon = -1.0
  return
}

// -----

// instance_norm (C11): infinite
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected epsilon to be finite and at least 0, but got +Inf}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 epsilon = 0x7FF0000000000000
  return
}

// -----

// instance_norm (C12)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected accumulator to be f32 or f64, but got 'f16'}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 accumulator = f16
  return
}

// -----

// instance_norm (C12): narrower than the input
func.func @f(%x: tensor<2x6x4xf64>) {
  // expected-error@+1 {{'norm.instance_norm' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf64>) outs(%x : tensor<2x6x4xf64>)
      channel = 1 accumulator = f32
  return
}

// -----

// layer_norm (C1)
func.func @f(%x: tensor<2x6x4xf32>, %g: memref<6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected all operands to be tensors like the first one, but got 'memref<6x4xf32>' for operand 1}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) scale(%g : memref<6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm (C2)
func.func @f(%v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.layer_norm ins(%v : tensor<6xf32>) outs(%v : tensor<6xf32>)
      axes = [0]
  return
}

// -----

// layer_norm (C3)
func.func @f(%x: tensor<2x6x4xf32>, %o: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of the output to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%o : tensor<2x6x5xf32>)
      axes = [1, 2]
  return
}

// -----

// layer_norm (C4): too large
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected normalized axes to be from 0 to 2, but got 3}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [3]
  return
}

// -----

// layer_norm (C4): in order
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected normalized axes to be strictly increasing, but got 1 after 2}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2, 1]
  return
}

// -----

// layer_norm (C4): none
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected at least one normalized axis, but got none}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = []
  return
}

// -----

// layer_norm (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] parameters = [1, 3]
  return
}

// -----

// layer_norm (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected parameter axes to be strictly increasing, but got 2 after 2}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] parameters = [2, 2]
  return
}

// -----

// layer_norm (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of scale to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm (C8): bias
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of bias to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm (C8): on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of scale to be 2x4, the sizes of the parameter axes, but got 6x4}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = [0, 2]
  return
}

// -----

// layer_norm (C8): on no axis
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<1xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of bias to be rank 0, the sizes of the parameter axes, but got 1}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<1xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = []
  return
}

// -----

// layer_norm (C9): the mean
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of the mean to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y:3 = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      statistics(%s, %r : tensor<4xf32>, tensor<2xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm (C9): the variance
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of the variance to be 2, the sizes of the axes that are not normalized, but got 4}}
  %y:3 = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      statistics(%r, %s : tensor<2xf32>, tensor<4xf32>) axes = [1, 2]
  return
}

// -----

// layer_norm (C10): the mean alone
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected both the mean and the variance or neither, but got only the mean}}
  %y:2 = "norm.layer_norm"(%x, %x, %r) {axes = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 1, 0>}
      : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2xf32>) -> (tensor<2x6x4xf32>, tensor<2xf32>)
  return
}

// -----

// layer_norm (C10): the variance alone
func.func @f(%x: tensor<2x6x4xf32>, %r: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected both the mean and the variance or neither, but got only the variance}}
  %y:2 = "norm.layer_norm"(%x, %x, %r) {axes = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 0, 1>}
      : (tensor<2x6x4xf32>, tensor<2x6x4xf32>, tensor<2xf32>) -> (tensor<2x6x4xf32>, tensor<2xf32>)
  return
}

// -----

// layer_norm (C11)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected epsilon to be finite and at least 0, but got -1}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] epsilon = -1.0
  return
}

// -----

// layer_norm (C11): infinite
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected epsilon to be finite and at least 0, but got +Inf}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] epsilon = 0x7FF0000000000000
  return
}

// -----

// layer_norm (C12)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected accumulator to be f32 or f64, but got 'f16'}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] accumulator = f16
  return
}

// -----

// layer_norm (C12): narrower than the input
func.func @f(%x: tensor<2x6x4xf64>) {
  // expected-error@+1 {{'norm.layer_norm' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf64>) outs(%x : tensor<2x6x4xf64>)
      axes = [1, 2] accumulator = f32
  return
}

// -----

// rms_norm (C1)
func.func @f(%x: tensor<2x6x4xf32>, %g: memref<6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected all operands to be tensors like the first one, but got 'memref<6x4xf32>' for operand 1}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) scale(%g : memref<6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm (C2)
func.func @f(%v: tensor<6xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the rank of the input to be at least 2, but got 1}}
  %y = norm.rms_norm ins(%v : tensor<6xf32>) outs(%v : tensor<6xf32>)
      axes = [0]
  return
}

// -----

// rms_norm (C3)
func.func @f(%x: tensor<2x6x4xf32>, %o: tensor<2x6x5xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of the output to be 2x6x4, that of the input, but got 2x6x5}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%o : tensor<2x6x5xf32>)
      axes = [1, 2]
  return
}

// -----

// rms_norm (C4): too large
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected normalized axes to be from 0 to 2, but got 3}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [3]
  return
}

// -----

// rms_norm (C4): in order
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected normalized axes to be strictly increasing, but got 1 after 2}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2, 1]
  return
}

// -----

// rms_norm (C4): none
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected at least one normalized axis, but got none}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = []
  return
}

// -----

// rms_norm (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] parameters = [1, 3]
  return
}

// -----

// rms_norm (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected parameter axes to be strictly increasing, but got 2 after 2}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] parameters = [2, 2]
  return
}

// -----

// rms_norm (C8): scale
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of scale to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm (C8): bias
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of bias to be 6x4, the sizes of the normalized axes, but got 4}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm (C8): on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of scale to be 2x4, the sizes of the parameter axes, but got 6x4}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<6x4xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = [0, 2]
  return
}

// -----

// rms_norm (C8): on no axis
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<1xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of bias to be rank 0, the sizes of the parameter axes, but got 1}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<1xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [1, 2] parameters = []
  return
}

// -----

// rms_norm (C9)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of the mean square to be 2, the sizes of the axes that are not normalized, but got 6}}
  %y:2 = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      mean_square(%s : tensor<6xf32>) axes = [1, 2]
  return
}

// -----

// rms_norm (C11)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected epsilon to be finite and at least 0, but got -1}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] epsilon = -1.0
  return
}

// -----

// rms_norm (C11): infinite
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected epsilon to be finite and at least 0, but got +Inf}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] epsilon = 0x7FF0000000000000
  return
}

// -----

// rms_norm (C12)
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected accumulator to be f32 or f64, but got 'f16'}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2] accumulator = f16
  return
}

// -----

// rms_norm (C12): narrower than the input
func.func @f(%x: tensor<2x6x4xf64>) {
  // expected-error@+1 {{'norm.rms_norm' op expected accumulator to be at least as wide as the input's element type 'f64', but got 'f32'}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf64>) outs(%x : tensor<2x6x4xf64>)
      axes = [1, 2] accumulator = f32
  return
}
