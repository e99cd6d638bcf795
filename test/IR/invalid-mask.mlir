// RUN: norm-opt %s --split-input-file --verify-diagnostics

// One case for every constraint on the kinds of masks and lengths, and on their
// axes, M1 to M3 of docs/Spec.md and of lib/IR/LayerOpUtils.cpp.

// batch_norm_training (M1)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected at most one of mask and lengths, but got both}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_inference (M1)
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected at most one of mask and lengths, but got both}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// group_norm (M1)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.group_norm' op expected at most one of mask and lengths, but got both}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0] sequence_axis = 2
  return
}

// -----

// instance_norm (M1)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected at most one of mask and lengths, but got both}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 mask_axes = [0] sequence_axis = 2
  return
}

// -----

// layer_norm (M1)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.layer_norm' op expected at most one of mask and lengths, but got both}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// rms_norm (M1)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected at most one of mask and lengths, but got both}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_grad (M1)
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected at most one of mask and lengths, but got both}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_inference_grad (M1)
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected at most one of mask and lengths, but got both}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// group_norm_grad (M1)
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x3xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected at most one of mask and lengths, but got both}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x3xf32>) rstd(%q : tensor<2x3xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0] sequence_axis = 2
  return
}

// -----

// instance_norm_grad (M1)
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected at most one of mask and lengths, but got both}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 mask_axes = [0] sequence_axis = 2
  return
}

// -----

// layer_norm_grad (M1)
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected at most one of mask and lengths, but got both}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// rms_norm_grad (M1)
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x4xi1>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected at most one of mask and lengths, but got both}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x4xi1>) lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_training (M2): too large
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected mask axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0, 3]
  return
}

// -----

// group_norm (M2): negative
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>) {
  // expected-error@+1 {{'norm.group_norm' op expected mask axes to be from 0 to 2, but got -1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [-1, 0]
  return
}

// -----

// layer_norm (M2): not sorted
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x4xi1>) {
  // expected-error@+1 {{'norm.layer_norm' op expected mask axes to be strictly increasing, but got 0 after 2}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x4xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [2, 0]
  return
}

// -----

// rms_norm_grad (M2): twice
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x4xi1>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected mask axes to be strictly increasing, but got 0 after 0}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x4xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0, 0]
  return
}

// -----

// batch_norm_grad (M2): without a mask
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected mask axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [3]
  return
}

// -----

// batch_norm_training (M2): nothing to have the axes
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected a mask or lengths on the mask axes, but got neither}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0]
  return
}

// -----

// layer_norm_grad (M2): nothing to have the axes
func.func @f(%x: tensor<2x6xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected a mask or lengths on the mask axes, but got neither}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6xf32>, tensor<2x6xf32>)
      mean(%s : tensor<2xf32>) variance(%s : tensor<2xf32>) outs(%x : tensor<2x6xf32>)
      axes = [1] mask_axes = [0]
  return
}

// -----

// batch_norm_training (M2): lengths alone
func.func @f(%x: tensor<2x6x4xf32>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected both of lengths and sequence_axis or neither, but got only lengths}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0]
  return
}

// -----

// instance_norm (M2): sequence_axis alone
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error@+1 {{'norm.instance_norm' op expected both of lengths and sequence_axis or neither, but got only sequence_axis}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>)
      outs(%x : tensor<2x6x4xf32>)
      channel = 1 sequence_axis = 2
  return
}

// -----

// layer_norm_grad (M2): a mask with sequence_axis
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2xi1>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected both of lengths and sequence_axis or neither, but got only sequence_axis}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// rms_norm (M3): too large
func.func @f(%x: tensor<2x6x4xf32>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the sequence axis to be from 0 to 2, but got 3}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 3
  return
}

// -----

// batch_norm_inference (M3): negative
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the sequence axis to be from 0 to 2, but got -1}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = -1
  return
}

// -----

// group_norm_grad (M3): one of the mask axes
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x3xf32>, %l: tensor<2xi32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the sequence axis to be none of the mask axes, but got 0 for both}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x3xf32>) rstd(%q : tensor<2x3xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0] sequence_axis = 0
  return
}

// -----

// instance_norm (C1): the mask
func.func @f(%x: tensor<2x6x4xf32>, %m: memref<2xi1>) {
  // expected-error@+1 {{'norm.instance_norm' op expected all operands to be tensors like the first one, but got 'memref<2xi1>' for operand 1}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : memref<2xi1>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 mask_axes = [0]
  return
}

// -----

// rms_norm_grad (C1): lengths
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %l: memref<2xi32>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected all operands to be tensors like the first one, but got 'memref<2xi32>' for operand 3}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>) rstd(%q : tensor<2x6xf32>)
      lengths(%l : memref<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 1
  return
}

// -----

// batch_norm_training (the element type)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op operand #1 must be ranked tensor or strided memref of i1, but got 'tensor<2xf32>'}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0]
  return
}

// -----

// group_norm (the element type)
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2xi8>) {
  // expected-error@+1 {{'norm.group_norm' op operand #1 must be ranked tensor or strided memref of i1, but got 'tensor<2xi8>'}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2xi8>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0]
  return
}

// -----

// layer_norm_grad (the element type)
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2xi32>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op operand #4 must be ranked tensor or strided memref of i1, but got 'tensor<2xi32>'}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2xi32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0]
  return
}

// -----

// rms_norm (the element type)
func.func @f(%x: tensor<2x6x4xf32>, %l: tensor<2xi1>) {
  // expected-error@+1 {{'norm.rms_norm' op operand #1 must be ranked tensor or strided memref of i32 or i64, but got 'tensor<2xi1>'}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>)
      lengths(%l : tensor<2xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 1
  return
}

// -----

// batch_norm_inference (the element type)
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %l: tensor<2xindex>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op operand #3 must be ranked tensor or strided memref of i32 or i64, but got 'tensor<2xindex>'}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      lengths(%l : tensor<2xindex>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_grad (the element type)
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %l: tensor<2xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op operand #4 must be ranked tensor or strided memref of i32 or i64, but got 'tensor<2xf32>'}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      lengths(%l : tensor<2xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}
