// RUN: norm-opt %s --split-input-file --verify-diagnostics

// The shape of masks and lengths, M4 of docs/Spec.md and of
// lib/IR/LayerOpUtils.cpp.

// batch_norm_training (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0, 2]
  return
}

// -----

// batch_norm_inference (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0, 2]
  return
}

// -----

// group_norm (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0, 2]
  return
}

// -----

// instance_norm (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.instance_norm' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.instance_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 mask_axes = [0, 2]
  return
}

// -----

// layer_norm (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0, 2]
  return
}

// -----

// rms_norm (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0, 2]
  return
}

// -----

// batch_norm_grad (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0, 2]
  return
}

// -----

// batch_norm_inference_grad (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0, 2]
  return
}

// -----

// group_norm_grad (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x3xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x3xf32>) rstd(%q : tensor<2x3xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0, 2]
  return
}

// -----

// instance_norm_grad (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 mask_axes = [0, 2]
  return
}

// -----

// layer_norm_grad (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.layer_norm_grad' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0, 2]
  return
}

// -----

// rms_norm_grad (M4): the mask
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %m: tensor<2x5xi1>) {
  // expected-error@+1 {{'norm.rms_norm_grad' op expected the shape of the mask to be 2x4, the sizes of the mask axes, but got 2x5}}
  %y = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>) rstd(%q : tensor<2x6xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0, 2]
  return
}

// -----

// batch_norm_training (M4): lengths
func.func @f(%x: tensor<2x6x4xf32>, %l: tensor<3xi64>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of lengths to be 2, the sizes of the mask axes, but got 3}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>)
      lengths(%l : tensor<3xi64>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_inference (M4): lengths
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %l: tensor<3xi64>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of lengths to be 2, the sizes of the mask axes, but got 3}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      lengths(%l : tensor<3xi64>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// group_norm (M4): lengths
func.func @f(%x: tensor<2x6x4xf32>, %l: tensor<3xi64>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of lengths to be 2, the sizes of the mask axes, but got 3}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>)
      lengths(%l : tensor<3xi64>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 3 mask_axes = [0] sequence_axis = 2
  return
}

// -----

// rms_norm (M4): lengths
func.func @f(%x: tensor<2x6x4xf32>, %l: tensor<3xi64>) {
  // expected-error@+1 {{'norm.rms_norm' op expected the shape of lengths to be 2, the sizes of the mask axes, but got 3}}
  %y = norm.rms_norm ins(%x : tensor<2x6x4xf32>)
      lengths(%l : tensor<3xi64>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// batch_norm_inference_grad (M4): lengths
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %l: tensor<3xi64>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of lengths to be 2, the sizes of the mask axes, but got 3}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>)
      lengths(%l : tensor<3xi64>) outs(%x : tensor<2x6x4xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// -----

// instance_norm_grad (M4): lengths
func.func @f(%x: tensor<2x6x4xf32>, %q: tensor<2x6xf32>, %l: tensor<3xi64>) {
  // expected-error@+1 {{'norm.instance_norm_grad' op expected the shape of lengths to be 2, the sizes of the mask axes, but got 3}}
  %y = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%q : tensor<2x6xf32>) rstd(%q : tensor<2x6xf32>)
      lengths(%l : tensor<3xi64>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 mask_axes = [0] sequence_axis = 2
  return
}

// -----

// layer_norm (M4): the rank
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x6xi1>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of the mask to be 2, the sizes of the mask axes, but got 2x6}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x6xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2] mask_axes = [0]
  return
}

// -----

// layer_norm (M4): no mask axes
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<2x6x4xi1>) {
  // expected-error@+1 {{'norm.layer_norm' op expected the shape of the mask to be rank 0, the sizes of the mask axes, but got 2x6x4}}
  %y = norm.layer_norm ins(%x : tensor<2x6x4xf32>)
      mask(%m : tensor<2x6x4xi1>) outs(%x : tensor<2x6x4xf32>)
      axes = [2]
  return
}
