// RUN: norm-opt %s --norm-split-gradients --cse --split-input-file | FileCheck %s

// Gradients of instance, layer and RMS norm, and of parameters on other axes.

// Members of groups: the groups of a sample add to the same sums, so that two ops are
// made.
// CHECK-LABEL: func @per_member(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[G:.*]]: tensor<3xf32>)
// CHECK:         %[[V0:.*]] = norm.group_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) scale(%[[G]] : tensor<3xf32>) outs(%[[X]] : tensor<4x6x5xf32>) channel = 1 num_groups = 2 affine = per_member
// CHECK:         %[[V1:.*]] = norm.group_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) scale(%[[G]] : tensor<3xf32>) scale_gradient(%[[G]] : tensor<3xf32>) channel = 1 num_groups = 2 affine = per_member
// CHECK:         return %[[V0]], %[[V1]] : tensor<4x6x5xf32>, tensor<3xf32>
func.func @per_member(%x: tensor<4x6x5xf32>, %s: tensor<4x2xf32>, %g: tensor<3xf32>) -> (tensor<4x6x5xf32>, tensor<3xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) scale(%g : tensor<3xf32>)
      outs(%x : tensor<4x6x5xf32>) scale_gradient(%g : tensor<3xf32>)
      channel = 1 num_groups = 2 affine = per_member
  return %y#0, %y#1 : tensor<4x6x5xf32>, tensor<3xf32>
}

// -----

// The parameters of layer norm have the sizes of a sample, so that there are two ops.
// CHECK-LABEL: func @layer(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<6x5xf32>)
// CHECK:         %[[V0:.*]] = norm.layer_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4xf32>) variance(%[[S]] : tensor<4xf32>) scale(%[[G]] : tensor<6x5xf32>) outs(%[[X]] : tensor<4x6x5xf32>) axes = [1, 2] epsilon_mode = outside zero_centered_scale
// CHECK:         %[[V1:.*]]:2 = norm.layer_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4xf32>) variance(%[[S]] : tensor<4xf32>) scale(%[[G]] : tensor<6x5xf32>) scale_gradient(%[[G]] : tensor<6x5xf32>) bias_gradient(%[[G]] : tensor<6x5xf32>) axes = [1, 2] epsilon_mode = outside zero_centered_scale
// CHECK:         return %[[V0]], %[[V1]]#0, %[[V1]]#1 : tensor<4x6x5xf32>, tensor<6x5xf32>, tensor<6x5xf32>
func.func @layer(%x: tensor<4x6x5xf32>, %s: tensor<4xf32>, %g: tensor<6x5xf32>) -> (tensor<4x6x5xf32>, tensor<6x5xf32>, tensor<6x5xf32>) {
  %y:3 = norm.layer_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4xf32>) variance(%s : tensor<4xf32>) scale(%g : tensor<6x5xf32>)
      outs(%x : tensor<4x6x5xf32>) scale_gradient(%g : tensor<6x5xf32>)
      bias_gradient(%g : tensor<6x5xf32>) axes = [1, 2] epsilon_mode = outside zero_centered_scale
  return %y#0, %y#1, %y#2 : tensor<4x6x5xf32>, tensor<6x5xf32>, tensor<6x5xf32>
}

// -----

// Some of the normalized axes have parameters: each slab has sums of its own.
// CHECK-LABEL: func @layer_slabs(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[V1:.*]]:2 = norm.layer_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4xf32>) variance(%[[S]] : tensor<4xf32>) outs(%[[X]] : tensor<4x6x5xf32>) scale_gradient(%{{.*}} : tensor<4x6xf32>) axes = [1, 2] parameters = [1] per_sample
// CHECK:         %[[V4:.*]]:2 = norm.combine_gradient_sums ins(%[[V1]]#1, %[[V1]]#1 : tensor<4x6xf32>, tensor<4x6xf32>) outs(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) axes = [0]{{$}}
// CHECK:         %[[V5:.*]] = linalg.generic {{.*}} ins(%[[V4]]#1 : tensor<6xf32>) outs(%[[G]] : tensor<6xf32>) {
// CHECK:         return %[[V1]]#0, %[[V5]] : tensor<4x6x5xf32>, tensor<6xf32>
func.func @layer_slabs(%x: tensor<4x6x5xf32>, %s: tensor<4xf32>, %g: tensor<6xf32>) -> (tensor<4x6x5xf32>, tensor<6xf32>) {
  %y:2 = norm.layer_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4xf32>) variance(%s : tensor<4xf32>)
      outs(%x : tensor<4x6x5xf32>) scale_gradient(%g : tensor<6xf32>)
      axes = [1, 2] parameters = [1]
  return %y#0, %y#1 : tensor<4x6x5xf32>, tensor<6xf32>
}

// -----

// Parameters of groups: sums of each group of a sample.
// CHECK-LABEL: func @per_group(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[G:.*]]: tensor<2xf32>)
// CHECK:         %[[V1:.*]] = norm.group_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) bias_gradient(%{{.*}} : tensor<4x2xf32>) channel = 1 num_groups = 2 affine = per_group per_sample
// CHECK:         %[[V4:.*]]:2 = norm.combine_gradient_sums ins(%[[V1]], %[[V1]] : tensor<4x2xf32>, tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) axes = [0]{{$}}
// CHECK:         %[[V5:.*]] = linalg.generic {{.*}} ins(%[[V4]]#0 : tensor<2xf32>) outs(%[[G]] : tensor<2xf32>) {
// CHECK:         return %[[V5]] : tensor<2xf32>
func.func @per_group(%x: tensor<4x6x5xf32>, %s: tensor<4x2xf32>, %g: tensor<2xf32>) -> tensor<2xf32> {
  %y = norm.group_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>)
      bias_gradient(%g : tensor<2xf32>) channel = 1 num_groups = 2 affine = per_group
  return %y : tensor<2xf32>
}

// -----

// CHECK-LABEL: func @instance(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x6xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[V1:.*]] = norm.instance_norm_grad ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4x6xf32>) rstd(%[[S]] : tensor<4x6xf32>) scale_gradient(%{{.*}} : tensor<4x6xf32>) channel = 1 per_sample
// CHECK:         %[[V4:.*]]:2 = norm.combine_gradient_sums ins(%[[V1]], %[[V1]] : tensor<4x6xf32>, tensor<4x6xf32>) outs(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) axes = [0]{{$}}
// CHECK:         %[[V5:.*]] = linalg.generic {{.*}} ins(%[[V4]]#1 : tensor<6xf32>) outs(%[[G]] : tensor<6xf32>) {
// CHECK:         return %[[V5]] : tensor<6xf32>
func.func @instance(%x: tensor<4x6x5xf32>, %s: tensor<4x6xf32>, %g: tensor<6xf32>) -> tensor<6xf32> {
  %y = norm.instance_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x6xf32>) rstd(%s : tensor<4x6xf32>)
      scale_gradient(%g : tensor<6xf32>) channel = 1
  return %y : tensor<6xf32>
}

// -----

// One gradient of the parameters alone stays, and so does a layer with a parameter for
// each statistic.
// CHECK-LABEL: func @rms_stays(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[S:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[V0:.*]] = norm.rms_norm_grad ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) rstd(%[[S]] : tensor<4xf32>) scale_gradient(%[[G]] : tensor<6xf32>) axes = [1]{{$}}
// CHECK:         %[[V1:.*]]:2 = norm.rms_norm_grad ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) rstd(%[[S]] : tensor<4xf32>) outs(%[[X]] : tensor<4x6xf32>) scale_gradient(%[[S]] : tensor<4xf32>) axes = [1] parameters = [0]
// CHECK:         return %[[V0]], %[[V1]]#0, %[[V1]]#1 : tensor<6xf32>, tensor<4x6xf32>, tensor<4xf32>
func.func @rms_stays(%x: tensor<4x6xf32>, %s: tensor<4xf32>, %g: tensor<6xf32>) -> (tensor<6xf32>, tensor<4x6xf32>, tensor<4xf32>) {
  %y = norm.rms_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      rstd(%s : tensor<4xf32>) scale_gradient(%g : tensor<6xf32>) axes = [1]
  %z:2 = norm.rms_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      rstd(%s : tensor<4xf32>) outs(%x : tensor<4x6xf32>)
      scale_gradient(%s : tensor<4xf32>) axes = [1] parameters = [0]
  return %y, %z#0, %z#1 : tensor<6xf32>, tensor<4x6xf32>, tensor<4xf32>
}
