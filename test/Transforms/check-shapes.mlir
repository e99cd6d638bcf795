// RUN: norm-opt %s --norm-check-shapes --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-check-shapes --canonicalize --cse --canonicalize --split-input-file | FileCheck %s --check-prefix=FOLDED

// A size that is known on both sides is the verifier's.
// CHECK-LABEL: func @static(
// CHECK-NOT:     cf.assert
// CHECK:         return
func.func @static(%x: tensor<4x6x5xf32>, %p: tensor<6xf32>, %s: tensor<4x2xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<4x6x5xf32>)
      scale(%p : tensor<6xf32>) outs(%x : tensor<4x6x5xf32>)
      batch(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1]
  %1:3 = norm.group_norm ins(%x : tensor<4x6x5xf32>) bias(%p : tensor<6xf32>)
      outs(%x : tensor<4x6x5xf32>)
      statistics(%s, %s : tensor<4x2xf32>, tensor<4x2xf32>) channel = 1 num_groups = 2
  return
}

// -----

// What is known to hold folds away.
// FOLDED-LABEL: func @holds(
// FOLDED-NOT:     cf.assert
// FOLDED:         return
func.func @holds(%x: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x6xf32>
  %init = tensor.empty(%n) : tensor<?x6xf32>
  %y = norm.group_norm ins(%x : tensor<?x6xf32>) outs(%init : tensor<?x6xf32>)
      channel = 1 num_groups = 2
  return %y : tensor<?x6xf32>
}

// -----

// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x5xf32>, %[[Y:.*]]: tensor<?x3x?xf32>,
// CHECK-SAME:    %[[G:.*]]: tensor<?xf32>, %[[P:.*]]: tensor<3xf32>)
// CHECK:         %[[X1:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         %[[G0:.*]] = tensor.dim %[[G]], %{{.*}}
// CHECK:         %[[GOK:.*]] = arith.cmpi eq, %[[G0]], %[[X1]] : index
// CHECK:         cf.assert %[[GOK]], "norm.batch_norm_training: expected dimension 0 of scale to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_training: expected dimension 0 of bias to have the size of axis 1 of the input"
// CHECK:         %[[X0:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         %[[Y0:.*]] = tensor.dim %[[Y]], %{{.*}}
// CHECK:         %[[OK:.*]] = arith.cmpi eq, %[[Y0]], %[[X0]] : index
// CHECK:         cf.assert %[[OK]], "norm.batch_norm_training: expected dimension 0 of the output to have the size of axis 0 of the input"
// CHECK:         cf.assert %{{.*}}, "norm.batch_norm_training: expected dimension 1 of the output to have the size of axis 1 of the input"
// CHECK:         cf.assert %{{.*}}, "norm.batch_norm_training: expected dimension 2 of the output to have the size of axis 2 of the input"
// CHECK:         "norm.batch_norm_training: expected dimension 0 of the running mean to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_training: expected dimension 0 of the running variance to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_training: expected dimension 0 of the batch mean to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_training: expected dimension 0 of the batch variance to have the size of axis 1 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.batch_norm_training
func.func @training(%x: tensor<?x?x5xf32>, %y: tensor<?x3x?xf32>,
    %g: tensor<?xf32>, %p: tensor<3xf32>) {
  %0:5 = norm.batch_norm_training ins(%x : tensor<?x?x5xf32>)
      scale(%g : tensor<?xf32>) bias(%g : tensor<?xf32>)
      outs(%y : tensor<?x3x?xf32>)
      running(%p, %p : tensor<3xf32>, tensor<3xf32>)
      batch(%p, %g : tensor<3xf32>, tensor<?xf32>) features = [1]
  return
}

// -----

// Several feature axes, in their order.
// CHECK-LABEL: func @inference(
// CHECK:         "norm.batch_norm_inference: expected dimension 0 of mean to have the size of axis 0 of the input"
// CHECK:         "norm.batch_norm_inference: expected dimension 1 of mean to have the size of axis 2 of the input"
// CHECK:         "norm.batch_norm_inference: expected dimension 0 of variance to have the size of axis 0 of the input"
// CHECK:         "norm.batch_norm_inference: expected dimension 1 of variance to have the size of axis 2 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.batch_norm_inference
func.func @inference(%x: tensor<4x3x2xf32>, %m: tensor<?x?xf32>) {
  %0 = norm.batch_norm_inference ins(%x : tensor<4x3x2xf32>)
      statistics(%m, %m : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%x : tensor<4x3x2xf32>) features = [0, 2]
  return
}

// -----

// CHECK-LABEL: func @num_groups(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?xf32>, %[[M:.*]]: tensor<?x?xf32>)
// CHECK:         "norm.group_norm: expected dimension 0 of the mean to have the size of axis 0 of the input"
// CHECK:         %[[C4:.*]] = arith.constant 4 : index
// CHECK:         %[[M1:.*]] = tensor.dim %[[M]], %{{.*}}
// CHECK:         %[[MOK:.*]] = arith.cmpi eq, %[[M1]], %[[C4]] : index
// CHECK:         cf.assert %[[MOK]], "norm.group_norm: expected dimension 1 of the mean to have the number of groups"
// CHECK:         "norm.group_norm: expected dimension 0 of the variance to have the size of axis 0 of the input"
// CHECK:         "norm.group_norm: expected dimension 1 of the variance to have the number of groups"
// CHECK:         %[[X1:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         %[[D:.*]] = arith.constant 4 : index
// CHECK:         %[[REST:.*]] = arith.remui %[[X1]], %[[D]] : index
// CHECK:         %[[OK:.*]] = arith.cmpi eq, %[[REST]], %{{.*}} : index
// CHECK:         cf.assert %[[OK]], "norm.group_norm: expected the number of channels to be a multiple of num_groups = 4"
// CHECK:         norm.group_norm
func.func @num_groups(%x: tensor<?x?xf32>, %m: tensor<?x?xf32>) {
  %0:3 = norm.group_norm ins(%x : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>)
      statistics(%m, %m : tensor<?x?xf32>, tensor<?x?xf32>) channel = 1 num_groups = 4
  return
}

// -----

// CHECK-LABEL: func @group_size(
// CHECK:         %[[C3:.*]] = arith.constant 3 : index
// CHECK:         %[[GROUPS:.*]] = arith.divui %{{.*}}, %[[C3]] : index
// CHECK:         arith.cmpi eq, %{{.*}}, %[[GROUPS]] : index
// CHECK:         "norm.group_norm: expected dimension 0 of the mean to have the number of groups"
// CHECK:         "norm.group_norm: expected dimension 1 of the mean to have the size of axis 2 of the input"
// CHECK:         "norm.group_norm: expected the number of channels to be a multiple of group_size = 3"
func.func @group_size(%x: tensor<?x5x?xf32>, %m: tensor<?x?xf32>) {
  %0:3 = norm.group_norm ins(%x : tensor<?x5x?xf32>) outs(%x : tensor<?x5x?xf32>)
      statistics(%m, %m : tensor<?x?xf32>, tensor<?x?xf32>)
      batch = [2] channel = 0 group_size = 3
  return
}

// -----

// Ops on memrefs become tensors first.
// CHECK-LABEL: func @memrefs(
// CHECK-NOT:     cf.assert
// CHECK:         return
func.func @memrefs(%x: memref<?x?xf32>) {
  norm.group_norm ins(%x : memref<?x?xf32>) outs(%x : memref<?x?xf32>) channel = 1 num_groups = 4
  return
}

// -----

// Gradients have the sizes of what they are gradients of; the input is not
// compared with itself.
// CHECK-LABEL: func @batch_gradient(
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the output gradient to have the size of axis 0 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 1 of the output gradient to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the mean to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the variance to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of scale to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the input gradient to have the size of axis 0 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 1 of the input gradient to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the scale gradient to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the bias gradient to have the size of axis 1 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.batch_norm_grad
// CHECK:         "norm.batch_norm_inference_grad: expected dimension 0 of the rstd to have the size of axis 1 of the input"
// CHECK:         norm.batch_norm_inference_grad
func.func @batch_gradient(%d: tensor<4x?xf32>, %x: tensor<?x?xf32>, %p: tensor<6xf32>) {
  %0:3 = norm.batch_norm_grad ins(%d, %x : tensor<4x?xf32>, tensor<?x?xf32>)
      mean(%p : tensor<6xf32>) variance(%p : tensor<6xf32>) scale(%p : tensor<6xf32>)
      outs(%d : tensor<4x?xf32>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%p : tensor<6xf32>) features = [1]
  %1 = norm.batch_norm_inference_grad ins(%d, %x : tensor<4x?xf32>, tensor<?x?xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%d : tensor<4x?xf32>)
      features = [1]
  return
}

// -----

// CHECK-LABEL: func @group_gradient(
// CHECK:         "norm.group_norm_grad: expected dimension 0 of the mean to have the size of axis 0 of the input"
// CHECK:         "norm.group_norm_grad: expected dimension 1 of the mean to have the number of groups"
// CHECK:         "norm.group_norm_grad: expected dimension 0 of the rstd to have the size of axis 0 of the input"
// CHECK:         "norm.group_norm_grad: expected dimension 1 of the rstd to have the number of groups"
// CHECK:         "norm.group_norm_grad: expected dimension 0 of scale to have the size of axis 1 of the input"
// CHECK:         "norm.group_norm_grad: expected dimension 0 of the bias gradient to have the size of axis 1 of the input"
// CHECK:         "norm.group_norm_grad: expected the number of channels to be a multiple of num_groups = 4"
// CHECK-NOT:     cf.assert
// CHECK:         norm.group_norm_grad
func.func @group_gradient(%x: tensor<?x?xf32>, %s: tensor<?x?xf32>, %p: tensor<?xf32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      mean(%s : tensor<?x?xf32>) rstd(%s : tensor<?x?xf32>) scale(%p : tensor<?xf32>)
      bias_gradient(%p : tensor<?xf32>) channel = 1 num_groups = 4
  return
}

// -----

// CHECK-LABEL: func @per_sample(
// CHECK:         "norm.group_norm_grad: expected dimension 0 of the scale gradient to have the size of axis 0 of the input"
// CHECK:         "norm.group_norm_grad: expected dimension 1 of the scale gradient to have the size of axis 2 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.group_norm_grad
func.func @per_sample(%x: tensor<2x5x6xf32>, %s: tensor<2x3xf32>, %q: tensor<?x?xf32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<2x5x6xf32>, tensor<2x5x6xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      scale_gradient(%q : tensor<?x?xf32>) channel = 2 num_groups = 3 per_sample
  return
}

// -----

// CHECK-LABEL: func @sample_norms(
// CHECK:         "norm.instance_norm: expected dimension 0 of bias to have the size of axis 1 of the input"
// CHECK:         "norm.instance_norm: expected dimension 0 of the mean to have the size of axis 0 of the input"
// CHECK:         "norm.instance_norm: expected dimension 1 of the mean to have the size of axis 1 of the input"
// CHECK:         "norm.instance_norm: expected dimension 0 of the variance to have the size of axis 0 of the input"
// CHECK:         "norm.instance_norm: expected dimension 1 of the variance to have the size of axis 1 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.instance_norm ins
// CHECK:         "norm.layer_norm: expected dimension 0 of scale to have the size of axis 1 of the input"
// CHECK:         "norm.layer_norm: expected dimension 1 of scale to have the size of axis 2 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.layer_norm ins
// CHECK:         "norm.rms_norm: expected dimension 0 of the mean square to have the size of axis 0 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.rms_norm ins
func.func @sample_norms(%x: tensor<?x?x4xf32>, %i: tensor<?x?xf32>, %l: tensor<?xf32>, %p: tensor<?x?xf32>) {
  %0:3 = norm.instance_norm ins(%x : tensor<?x?x4xf32>) bias(%l : tensor<?xf32>) outs(%x : tensor<?x?x4xf32>)
      statistics(%i, %i : tensor<?x?xf32>, tensor<?x?xf32>) channel = 1
  %1 = norm.layer_norm ins(%x : tensor<?x?x4xf32>) scale(%p : tensor<?x?xf32>)
      outs(%x : tensor<?x?x4xf32>) axes = [1, 2]
  %2:2 = norm.rms_norm ins(%x : tensor<?x?x4xf32>) outs(%x : tensor<?x?x4xf32>)
      mean_square(%l : tensor<?xf32>) axes = [1, 2]
  return
}

// -----

// CHECK-LABEL: func @affine(
// CHECK:         "norm.group_norm: expected dimension 0 of scale to have the number of groups"
// CHECK:         "norm.group_norm: expected the number of channels to be a multiple of num_groups = 4"
// CHECK-NOT:     cf.assert
// CHECK:         norm.group_norm ins
// CHECK:         "norm.group_norm: expected dimension 0 of scale to have the size of axis 0 of the input"
// CHECK:         "norm.group_norm: expected dimension 1 of scale to have the number of channels of a group"
// CHECK:         "norm.group_norm: expected the number of channels to be a multiple of num_groups = 4"
// CHECK-NOT:     cf.assert
// CHECK:         norm.group_norm ins
// CHECK:         "norm.group_norm: expected dimension 0 of bias to have the number of channels of a group"
// CHECK:         "norm.group_norm: expected the number of channels to be a multiple of group_size = 3"
// CHECK-NOT:     cf.assert
// CHECK:         norm.group_norm ins
func.func @affine(%x: tensor<?x?xf32>, %g: tensor<?xf32>, %e: tensor<?x?xf32>) {
  %0 = norm.group_norm ins(%x : tensor<?x?xf32>) scale(%g : tensor<?xf32>) outs(%x : tensor<?x?xf32>)
      channel = 1 num_groups = 4 affine = per_group
  %1 = norm.group_norm ins(%x : tensor<?x?xf32>) scale(%e : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>)
      channel = 1 num_groups = 4 parameters = [0, 1] affine = per_member
  %2 = norm.group_norm ins(%x : tensor<?x?xf32>) bias(%g : tensor<?xf32>) outs(%x : tensor<?x?xf32>)
      channel = 1 group_size = 3 affine = per_member
  return
}

// -----

// CHECK-LABEL: func @sample_gradients(
// CHECK:         "norm.layer_norm_grad: expected dimension 0 of the mean to have the size of axis 0 of the input"
// CHECK:         "norm.layer_norm_grad: expected dimension 0 of the variance to have the size of axis 0 of the input"
// CHECK:         "norm.layer_norm_grad: expected dimension 0 of the scale gradient to have the size of axis 0 of the input"
// CHECK:         "norm.layer_norm_grad: expected dimension 1 of the scale gradient to have the size of axis 1 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.layer_norm_grad ins
// CHECK:         "norm.rms_norm_grad: expected dimension 0 of the rstd to have the size of axis 0 of the input"
// CHECK:         "norm.rms_norm_grad: expected dimension 0 of the bias gradient to have the size of axis 0 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.rms_norm_grad ins
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the mean to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the rstd to have the size of axis 1 of the input"
// CHECK:         "norm.batch_norm_grad: expected dimension 0 of the bias gradient to have the size of axis 0 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.batch_norm_grad ins
func.func @sample_gradients(%x: tensor<?x?xf32>, %s: tensor<?xf32>, %g: tensor<?x?xf32>) {
  %0 = norm.layer_norm_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>) mean(%s : tensor<?xf32>)
      variance(%s : tensor<?xf32>) scale_gradient(%g : tensor<?x?xf32>) axes = [1] per_sample
  %1 = norm.rms_norm_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      rstd(%s : tensor<?xf32>) bias_gradient(%s : tensor<?xf32>) axes = [1] parameters = [0]
  %2 = norm.batch_norm_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>) mean(%s : tensor<?xf32>)
      rstd(%s : tensor<?xf32>) bias_gradient(%s : tensor<?xf32>) features = [1] parameters = [0]
  return
}

// -----

// CHECK-LABEL: func @mask(
// CHECK-SAME:    %[[X:.*]]: tensor<4x?x5xf32>, %[[M:.*]]: tensor<?x?xi1>, %[[L:.*]]: tensor<?xi32>)
// CHECK:         %[[M0:.*]] = tensor.dim %[[M]], %c0
// CHECK:         arith.cmpi eq, %[[M0]], %c4
// CHECK:         cf.assert %{{.*}}, "norm.layer_norm: expected dimension 0 of the mask to have the size of axis 0 of the input"
// CHECK:         cf.assert %{{.*}}, "norm.layer_norm: expected dimension 1 of the mask to have the size of axis 1 of the input"
// CHECK:         norm.layer_norm {{.*}} mask(
// CHECK:         %[[L0:.*]] = tensor.dim %[[L]], %c0
// CHECK:         cf.assert %{{.*}}, "norm.layer_norm: expected dimension 0 of lengths to have the size of axis 0 of the input"
// CHECK-NOT:     cf.assert
// CHECK:         norm.layer_norm {{.*}} lengths(
func.func @mask(%x: tensor<4x?x5xf32>, %m: tensor<?x?xi1>, %l: tensor<?xi32>)
    -> (tensor<4x?x5xf32>, tensor<4x?x5xf32>) {
  %y = norm.layer_norm ins(%x : tensor<4x?x5xf32>) mask(%m : tensor<?x?xi1>)
      outs(%x : tensor<4x?x5xf32>) axes = [2] mask_axes = [0, 1]
  %z = norm.layer_norm ins(%x : tensor<4x?x5xf32>) lengths(%l : tensor<?xi32>)
      outs(%x : tensor<4x?x5xf32>) axes = [2] mask_axes = [0] sequence_axis = 1
  return %y, %z : tensor<4x?x5xf32>, tensor<4x?x5xf32>
}
