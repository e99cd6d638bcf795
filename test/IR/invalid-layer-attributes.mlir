// RUN: norm-opt %s --split-input-file --verify-diagnostics

// One case for every constraint on the attributes that layers have in common;
// the labels are those of docs/SpecBatchNorm.md and docs/SpecSampleNorms.md, and of
// lib/IR/LayerOps.cpp and GroupOps.cpp.

// batch_norm_training (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [0, 3]
  return
}

// -----

// batch_norm_training (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [1, 1]
  return
}

// -----

// batch_norm_training (C5): scale on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of scale to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [0, 1]
  return
}

// -----

// batch_norm_training (C5): bias on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of bias to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [0, 1]
  return
}

// -----

// batch_norm_inference (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [0, 3]
  return
}

// -----

// batch_norm_inference (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [1, 1]
  return
}

// -----

// batch_norm_inference (C5): scale on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of scale to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) scale(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [0, 1]
  return
}

// -----

// batch_norm_inference (C5): bias on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference' op expected the shape of bias to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_inference ins(%x : tensor<2x6x4xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      features = [1] parameters = [0, 1]
  return
}

// -----

// group_norm (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 parameters = [0, 3]
  return
}

// -----

// group_norm (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 parameters = [1, 1]
  return
}

// -----

// group_norm (C8): scale on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of scale to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 parameters = [0, 1]
  return
}

// -----

// group_norm (C8): bias on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of bias to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 parameters = [0, 1]
  return
}

// -----

// group_norm (C8): per_group
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of bias to be 2, the size of the channel axis, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 affine = per_group
  return
}

// -----

// group_norm (C8): per_group on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of bias to be 2x4, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 parameters = [1, 2] affine = per_group
  return
}

// -----

// group_norm (C8): per_member
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of bias to be 3, the size of the channel axis, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 affine = per_member
  return
}

// -----

// group_norm (C8): per_member on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.group_norm' op expected the shape of bias to be 3x4, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 parameters = [1, 2] affine = per_member
  return
}

// -----

// batch_norm_grad (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] parameters = [0, 3]
  return
}

// -----

// batch_norm_grad (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] parameters = [1, 1]
  return
}

// -----

// batch_norm_grad (C5): the scale gradient on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the scale gradient to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) scale_gradient(%p : tensor<6xf32>) features = [1] parameters = [0, 1]
  return
}

// -----

// batch_norm_grad (C5): the bias gradient on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected the shape of the bias gradient to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) bias_gradient(%p : tensor<6xf32>) features = [1] parameters = [0, 1]
  return
}

// -----

// batch_norm_inference_grad (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] parameters = [0, 3]
  return
}

// -----

// batch_norm_inference_grad (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] parameters = [1, 1]
  return
}

// -----

// batch_norm_inference_grad (C5): the scale gradient on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the scale gradient to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) scale_gradient(%p : tensor<6xf32>) features = [1] parameters = [0, 1]
  return
}

// -----

// batch_norm_inference_grad (C5): the bias gradient on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected the shape of the bias gradient to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) bias_gradient(%p : tensor<6xf32>) features = [1] parameters = [0, 1]
  return
}

// -----

// group_norm_grad (C4): parameter axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected parameter axes to be from 0 to 2, but got 3}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 parameters = [0, 3]
  return
}

// -----

// group_norm_grad (C4): parameter axes in order
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected parameter axes to be strictly increasing, but got 1 after 1}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 parameters = [1, 1]
  return
}

// -----

// group_norm_grad (C8): the scale gradient on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) scale_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2 parameters = [0, 1]
  return
}

// -----

// group_norm_grad (C8): the bias gradient on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the bias gradient to be 2x6, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) bias_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2 parameters = [0, 1]
  return
}

// -----

// group_norm_grad (C8): per_group
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 2, the size of the channel axis, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) scale_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2 affine = per_group
  return
}

// -----

// group_norm_grad (C8): per_group on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 2x4, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) scale_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2 parameters = [1, 2] affine = per_group
  return
}

// -----

// group_norm_grad (C8): per_member
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 3, the size of the channel axis, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) scale_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2 affine = per_member
  return
}

// -----

// group_norm_grad (C8): per_member on other axes
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected the shape of the scale gradient to be 3x4, the sizes of the parameter axes, but got 6}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) scale_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2 parameters = [1, 2] affine = per_member
  return
}

// -----

// batch_norm_training (C11): no running statistics
func.func @f(%x: tensor<2x6x4xf32>, %k: tensor<f32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected running statistics with the number of batches, but got none}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) batches(%k : tensor<f32>) outs(%x : tensor<2x6x4xf32>)
      features = [1]
  return
}

// -----

// batch_norm_training (C11): not a number
func.func @f(%x: tensor<2x6x4xf32>, %p: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_training' op expected the shape of the number of batches to be rank 0, that of a number, but got 6}}
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x6x4xf32>) batches(%p : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1]
  return
}

// -----

// batch_norm_grad (C10): max
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected variance, and not rstd, with epsilon_mode = max, but got rstd}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] epsilon_mode = max
  return
}

// -----

// batch_norm_grad (C10): outside
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected variance, and not rstd, with epsilon_mode = outside, but got rstd}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] epsilon_mode = outside
  return
}

// -----

// batch_norm_grad (C11)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_grad' op expected a mean, but got none}}
  %y = norm.batch_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// batch_norm_inference_grad (C10): max
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected variance, and not rstd, with epsilon_mode = max, but got rstd}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] epsilon_mode = max
  return
}

// -----

// batch_norm_inference_grad (C10): outside
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected variance, and not rstd, with epsilon_mode = outside, but got rstd}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<6xf32>) rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1] epsilon_mode = outside
  return
}

// -----

// batch_norm_inference_grad (C11)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'norm.batch_norm_inference_grad' op expected a mean, but got none}}
  %y = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<6xf32>) outs(%x : tensor<2x6x4xf32>) features = [1]
  return
}

// -----

// group_norm_grad (C14): max
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected variance, and not rstd, with epsilon_mode = max, but got rstd}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 epsilon_mode = max
  return
}

// -----

// group_norm_grad (C14): outside
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected variance, and not rstd, with epsilon_mode = outside, but got rstd}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 epsilon_mode = outside
  return
}

// -----

// group_norm_grad (C15)
func.func @f(%x: tensor<2x6x4xf32>, %s: tensor<2x2xf32>) {
  // expected-error@+1 {{'norm.group_norm_grad' op expected a mean, but got none}}
  %y = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2x2xf32>) outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2
  return
}
