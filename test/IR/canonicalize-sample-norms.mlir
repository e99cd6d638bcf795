// RUN: norm-opt %s --canonicalize --split-input-file | FileCheck %s

// Instance, layer and RMS norm, and the attributes that all layers have.

// The number of batches goes with the running statistics.
// CHECK-LABEL: func @unused_running_batches(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>, %[[K:.*]]: tensor<f32>)
// CHECK:         %[[V0:.*]] = norm.batch_norm_training ins(%[[X]] : tensor<4x6xf32>) outs(%[[X]] : tensor<4x6xf32>) features = [1]
// CHECK:         return %[[V0]] : tensor<4x6xf32>
func.func @unused_running_batches(%x: tensor<4x6xf32>, %p: tensor<6xf32>, %k: tensor<f32>) -> tensor<4x6xf32> {
  %y:3 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) batches(%k : tensor<f32>)
      outs(%x : tensor<4x6xf32>) running(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1]
  return %y#0 : tensor<4x6xf32>
}

// -----

// One used result keeps both, and the number of batches.
// CHECK-LABEL: func @used_running_batches(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>, %[[K:.*]]: tensor<f32>)
// CHECK:         %[[V0:.*]]:3 = norm.batch_norm_training ins(%[[X]] : tensor<4x6xf32>) batches(%[[K]] : tensor<f32>) outs(%[[X]] : tensor<4x6xf32>) running(%[[P]], %[[P]] : tensor<6xf32>, tensor<6xf32>) features = [1]
// CHECK:         return %[[V0]]#2 : tensor<6xf32>
func.func @used_running_batches(%x: tensor<4x6xf32>, %p: tensor<6xf32>, %k: tensor<f32>) -> tensor<6xf32> {
  %y:5 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) batches(%k : tensor<f32>)
      outs(%x : tensor<4x6xf32>) running(%p, %p : tensor<6xf32>, tensor<6xf32>)
      batch(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1]
  return %y#2 : tensor<6xf32>
}

// -----

// Statistics of samples that nobody uses.
// CHECK-LABEL: func @unused_statistics(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<4xf32>, %[[Q:.*]]: tensor<4x6xf32>)
// CHECK:         %[[V0:.*]] = norm.instance_norm ins(%[[X]] : tensor<4x6xf32>) outs(%[[X]] : tensor<4x6xf32>) channel = 1
// CHECK:         %[[V1:.*]] = norm.layer_norm ins(%[[X]] : tensor<4x6xf32>) outs(%[[X]] : tensor<4x6xf32>) axes = [1] epsilon_mode = max
// CHECK:         %[[V2:.*]] = norm.rms_norm ins(%[[X]] : tensor<4x6xf32>) outs(%[[X]] : tensor<4x6xf32>) axes = [1] zero_centered_scale
// CHECK:         return %[[V0]], %[[V1]], %[[V2]] : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
func.func @unused_statistics(%x: tensor<4x6xf32>, %p: tensor<4xf32>, %q: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %i:3 = norm.instance_norm ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      statistics(%q, %q : tensor<4x6xf32>, tensor<4x6xf32>) channel = 1
  %l:3 = norm.layer_norm ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      statistics(%p, %p : tensor<4xf32>, tensor<4xf32>) axes = [1] epsilon_mode = max
  %r:2 = norm.rms_norm ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      mean_square(%p : tensor<4xf32>) axes = [1] zero_centered_scale
  return %i#0, %l#0, %r#0 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// CHECK-LABEL: func @unused_gradients(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[V0:.*]] = norm.layer_norm_grad ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) mean(%[[P]] : tensor<4xf32>) variance(%[[P]] : tensor<4xf32>) outs(%[[X]] : tensor<4x6xf32>) axes = [1] epsilon_mode = max
// CHECK:         %[[V1:.*]] = norm.rms_norm_grad ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) rstd(%[[P]] : tensor<4xf32>) scale_gradient(%[[G]] : tensor<6xf32>) axes = [1]{{$}}
// CHECK:         return %[[V0]], %[[V1]] : tensor<4x6xf32>, tensor<6xf32>
func.func @unused_gradients(%x: tensor<4x6xf32>, %p: tensor<4xf32>, %g: tensor<6xf32>) -> (tensor<4x6xf32>, tensor<6xf32>) {
  %l:3 = norm.layer_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<4xf32>) variance(%p : tensor<4xf32>) outs(%x : tensor<4x6xf32>)
      scale_gradient(%g : tensor<6xf32>) bias_gradient(%g : tensor<6xf32>) axes = [1] epsilon_mode = max
  %r:2 = norm.rms_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      rstd(%p : tensor<4xf32>) outs(%x : tensor<4x6xf32>)
      scale_gradient(%g : tensor<6xf32>) axes = [1]
  return %l#0, %r#1 : tensor<4x6xf32>, tensor<6xf32>
}

// -----

// Constant statistics with other attributes are not folded.
// CHECK-LABEL: func @constant_statistics_stay(
// CHECK-SAME:    %[[X:.*]]: tensor<4x2xf32>, %[[Q:.*]]: tensor<4xf32>)
// CHECK:         %[[V0:.*]] = norm.batch_norm_inference ins(%[[X]] : tensor<4x2xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) scale(%{{.*}} : tensor<4xf32>) outs(%[[X]] : tensor<4x2xf32>) features = [1] parameters = [0]
// CHECK:         %[[V1:.*]] = norm.batch_norm_inference ins(%[[X]] : tensor<4x2xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) scale(%{{.*}} : tensor<2xf32>) outs(%[[X]] : tensor<4x2xf32>) features = [1] zero_centered_scale
// CHECK:         %[[V2:.*]] = norm.batch_norm_inference ins(%[[X]] : tensor<4x2xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) outs(%[[X]] : tensor<4x2xf32>) features = [1] epsilon_mode = max
// CHECK:         %[[V3:.*]] = norm.batch_norm_inference ins(%[[X]] : tensor<4x2xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) outs(%[[X]] : tensor<4x2xf32>) features = [1] epsilon_mode = outside
// CHECK:         return %[[V0]], %[[V1]], %[[V2]], %[[V3]] : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
func.func @constant_statistics_stay(%x: tensor<4x2xf32>, %q: tensor<4xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) {
  %m = arith.constant dense<[2.0, 0.0]> : tensor<2xf32>
  %s = arith.constant dense<3.0> : tensor<4xf32>
  %0 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>) statistics(%m, %m : tensor<2xf32>, tensor<2xf32>)
      scale(%s : tensor<4xf32>) outs(%x : tensor<4x2xf32>) features = [1] parameters = [0]
  %1 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>) statistics(%m, %m : tensor<2xf32>, tensor<2xf32>)
      scale(%m : tensor<2xf32>) outs(%x : tensor<4x2xf32>) features = [1] zero_centered_scale
  %2 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>) statistics(%m, %m : tensor<2xf32>, tensor<2xf32>)
      outs(%x : tensor<4x2xf32>) features = [1] epsilon_mode = max
  %3 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>) statistics(%m, %m : tensor<2xf32>, tensor<2xf32>)
      outs(%x : tensor<4x2xf32>) features = [1] epsilon_mode = outside
  return %0, %1, %2, %3 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// Statistics of no values are 0, but not if they are to be NaN.
// CHECK-LABEL: func @empty(
// CHECK-SAME:    %[[X:.*]]: tensor<0x6xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK:         %[[V0:.*]]:3 = norm.batch_norm_training ins(%[[X]] : tensor<0x6xf32>) outs(%[[X]] : tensor<0x6xf32>) running(%[[P]], %[[P]] : tensor<6xf32>, tensor<6xf32>) features = [1] empty = nan
// CHECK:         return %[[P]], %[[V0]]#1 : tensor<6xf32>, tensor<6xf32>
func.func @empty(%x: tensor<0x6xf32>, %p: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<0x6xf32>) outs(%x : tensor<0x6xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1] nonfinite = skip_update single = nan
  %1:3 = norm.batch_norm_training ins(%x : tensor<0x6xf32>) outs(%x : tensor<0x6xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1] empty = nan
  return %0#1, %1#1 : tensor<6xf32>, tensor<6xf32>
}

// -----

// CHECK-LABEL: func @empty_samples(
// CHECK-SAME:    %[[X:.*]]: tensor<4x0xf32>, %[[P:.*]]: tensor<4xf32>)
// CHECK:         %[[V0:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[P]] : tensor<4xf32>) -> tensor<4xf32>
// CHECK:         %[[V1:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[P]] : tensor<4xf32>) -> tensor<4xf32>
// CHECK:         return %[[V0]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
func.func @empty_samples(%x: tensor<4x0xf32>, %p: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0:3 = norm.layer_norm ins(%x : tensor<4x0xf32>) outs(%x : tensor<4x0xf32>)
      statistics(%p, %p : tensor<4xf32>, tensor<4xf32>) axes = [1]
  %1 = norm.rms_norm_grad ins(%x, %x : tensor<4x0xf32>, tensor<4x0xf32>)
      rstd(%p : tensor<4xf32>) scale_gradient(%p : tensor<4xf32>) axes = [1] parameters = [0]
  return %0#1, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Group norm with one channel a group becomes batch norm, with its place of epsilon; with
// parameters of any kind it stays.
// CHECK-LABEL: func @group_to_batch(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[G:.*]]: tensor<1xf32>)
// CHECK:         %[[V0:.*]] = norm.batch_norm_training ins(%[[X]] : tensor<4x6x5xf32>) outs(%[[X]] : tensor<4x6x5xf32>) features = [0, 1] epsilon_mode = outside
// CHECK:         %[[V1:.*]] = norm.group_norm ins(%[[X]] : tensor<4x6x5xf32>) scale(%[[G]] : tensor<1xf32>) outs(%[[X]] : tensor<4x6x5xf32>) channel = 1 group_size = 1 affine = per_member zero_centered_scale
// CHECK:         return %[[V0]], %[[V1]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>
func.func @group_to_batch(%x: tensor<4x6x5xf32>, %g: tensor<1xf32>) -> (tensor<4x6x5xf32>, tensor<4x6x5xf32>) {
  %0 = norm.group_norm ins(%x : tensor<4x6x5xf32>) outs(%x : tensor<4x6x5xf32>)
      channel = 1 group_size = 1 epsilon_mode = outside zero_centered_scale
  %1 = norm.group_norm ins(%x : tensor<4x6x5xf32>) scale(%g : tensor<1xf32>) outs(%x : tensor<4x6x5xf32>)
      channel = 1 num_groups = 6 affine = per_member zero_centered_scale
  return %0, %1 : tensor<4x6x5xf32>, tensor<4x6x5xf32>
}
