// RUN: norm-opt %s --norm-decompose --cse --split-input-file | FileCheck %s

// What instance, layer and RMS norm, their gradients, and the attributes of all
// layers decompose into.

// The channels are one more statistics axis; the statistics are wanted as they are.
// CHECK-LABEL: func @instance(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[G:.*]]: tensor<6xf32>, %[[Q:.*]]: tensor<4x6xf32>, %[[S:.*]]: tensor<4x6xf32>)
// CHECK:         %[[V1:.*]] = norm.shift ins(%[[X]] : tensor<4x6x5xf32>) outs(%{{.*}} : tensor<4x6xf32>) axes = [2]{{$}}
// CHECK:         %[[V3:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x6x5xf32>) shift(%[[V1]] : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x6xf64>, tensor<4x6xf64>, tensor<4x6xf64>) axes = [2] accumulator = f32{{$}}
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V3]]#1 : tensor<4x6xf64>) outs(%{{.*}} : tensor<4x6xf32>)
// CHECK:         %[[V4:.*]]:2 = norm.finalize ins(%[[V3]]#0, %[[MEAN]], %[[V3]]#2 : tensor<4x6xf64>, tensor<4x6xf32>, tensor<4x6xf64>) shift(%[[V1]] : tensor<4x6xf32>) outs(%[[Q]], %[[S]] : tensor<4x6xf32>, tensor<4x6xf32>) momentum = 0.000000e+00 running_var_correction = 0
// CHECK:         %[[V5:.*]] = norm.rstd ins(%[[V4]]#1 : tensor<4x6xf32>) outs(%{{.*}} : tensor<4x6xf32>)
// CHECK:         %[[V6:.*]] = norm.normalize ins(%[[X]] : tensor<4x6x5xf32>) shift(%[[V1]] : tensor<4x6xf32>) mean(%[[MEAN]] : tensor<4x6xf32>) rstd(%[[V5]] : tensor<4x6xf32>) scale(%[[G]] : tensor<6xf32>) outs(%[[X]] : tensor<4x6x5xf32>) statistics_axes = [0, 1] parameter_axes = [1]{{$}}
// CHECK:         return %[[V6]], %[[V4]]#0, %[[V4]]#1 : tensor<4x6x5xf32>, tensor<4x6xf32>, tensor<4x6xf32>
func.func @instance(%x: tensor<4x6x5xf32>, %g: tensor<6xf32>, %q: tensor<4x6xf32>,
    %s: tensor<4x6xf32>) -> (tensor<4x6x5xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %y:3 = norm.instance_norm ins(%x : tensor<4x6x5xf32>) scale(%g : tensor<6xf32>)
      outs(%x : tensor<4x6x5xf32>) statistics(%q, %s : tensor<4x6xf32>, tensor<4x6xf32>) channel = 1
  return %y#0, %y#1, %y#2 : tensor<4x6x5xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// Parameters on an axis that is normalized and one that is not.
// CHECK-LABEL: func @layer(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[G:.*]]: tensor<4x5xf32>)
// CHECK:         %[[V2:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x6x5xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) axes = [1, 2] variance = fast accumulator = f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V2]]#1 : tensor<4xf64>) outs(%{{.*}} : tensor<4xf32>)
// CHECK:         %[[V3:.*]]:2 = norm.finalize ins(%[[V2]]#0, %[[MEAN]], %[[V2]]#2 : tensor<4xf64>, tensor<4xf32>, tensor<4xf64>) outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>) momentum = 0.000000e+00 running_var_correction = 0
// CHECK:         %[[V4:.*]] = norm.rstd ins(%[[V3]]#1 : tensor<4xf32>) outs(%{{.*}} : tensor<4xf32>) epsilon_mode = max
// CHECK:         %[[V5:.*]] = norm.normalize ins(%[[X]] : tensor<4x6x5xf32>) mean(%[[MEAN]] : tensor<4xf32>) rstd(%[[V4]] : tensor<4xf32>) bias(%[[G]] : tensor<4x5xf32>) outs(%[[X]] : tensor<4x6x5xf32>) statistics_axes = [0] parameter_axes = [0, 2]{{$}}
// CHECK:         return %[[V5]] : tensor<4x6x5xf32>
func.func @layer(%x: tensor<4x6x5xf32>, %g: tensor<4x5xf32>) -> tensor<4x6x5xf32> {
  %y = norm.layer_norm ins(%x : tensor<4x6x5xf32>) bias(%g : tensor<4x5xf32>)
      outs(%x : tensor<4x6x5xf32>) axes = [1, 2] parameters = [0, 2] epsilon_mode = max variance = fast
  return %y : tensor<4x6x5xf32>
}

// -----

// No mean and no shift: the variance is the mean of the squares. The scale gets its 1
// before it is applied.
// CHECK-LABEL: func @rms(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[G:.*]]: tensor<6xf16>, %[[S:.*]]: tensor<4xf32>)
// CHECK:         %[[V2:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) axes = [1] uncentered accumulator = f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V2]]#1 : tensor<4xf64>) outs(%{{.*}} : tensor<4xf32>)
// CHECK:         %[[V3:.*]]:2 = norm.finalize ins(%[[V2]]#0, %[[MEAN]], %[[V2]]#2 : tensor<4xf64>, tensor<4xf32>, tensor<4xf64>) outs(%{{.*}}, %[[S]] : tensor<4xf32>, tensor<4xf32>) momentum = 0.000000e+00 running_var_correction = 0
// CHECK:         %[[V4:.*]] = norm.rstd ins(%[[V3]]#1 : tensor<4xf32>) outs(%{{.*}} : tensor<4xf32>) epsilon_mode = outside
// CHECK:         %[[V6:.*]] = linalg.generic {{.*}} ins(%[[G]] : tensor<6xf16>) outs(%{{.*}} : tensor<6xf32>) {
// CHECK:         arith.addf %{{.*}}, %{{.*}} : f32
// CHECK:         %[[V7:.*]] = norm.normalize ins(%[[X]] : tensor<4x6xf32>) rstd(%[[V4]] : tensor<4xf32>) scale(%[[V6]] : tensor<6xf32>) outs(%[[X]] : tensor<4x6xf32>) statistics_axes = [0] parameter_axes = [1]{{$}}
// CHECK:         return %[[V7]], %[[V3]]#1 : tensor<4x6xf32>, tensor<4xf32>
func.func @rms(%x: tensor<4x6xf32>, %g: tensor<6xf16>, %s: tensor<4xf32>) -> (tensor<4x6xf32>, tensor<4xf32>) {
  %y:2 = norm.rms_norm ins(%x : tensor<4x6xf32>) scale(%g : tensor<6xf16>)
      outs(%x : tensor<4x6xf32>) mean_square(%s : tensor<4xf32>) axes = [1] epsilon_mode = outside zero_centered_scale
  return %y#0, %y#1 : tensor<4x6xf32>, tensor<4xf32>
}

// -----

// A parameter for each group: the parameter axis is that of the groups.
// CHECK-LABEL: func @per_group(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[G:.*]]: tensor<2xf32>)
// CHECK:         %[[VEXPANDED:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5] : tensor<4x6x5xf32> into tensor<4x2x3x5xf32>
// CHECK:         %[[V1:.*]] = norm.shift ins(%[[VEXPANDED]] : tensor<4x2x3x5xf32>) outs(%{{.*}} : tensor<4x2xf32>) axes = [2, 3]{{$}}
// CHECK:         %[[V3:.*]]:3 = norm.moments ins(%[[VEXPANDED]] : tensor<4x2x3x5xf32>) shift(%[[V1]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x2xf64>, tensor<4x2xf64>, tensor<4x2xf64>) axes = [2, 3] accumulator = f32{{$}}
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V3]]#1 : tensor<4x2xf64>) outs(%{{.*}} : tensor<4x2xf32>)
// CHECK:         %[[V4:.*]]:2 = norm.finalize ins(%[[V3]]#0, %[[MEAN]], %[[V3]]#2 : tensor<4x2xf64>, tensor<4x2xf32>, tensor<4x2xf64>) shift(%[[V1]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>) momentum = 0.000000e+00 running_var_correction = 0
// CHECK:         %[[V5:.*]] = norm.rstd ins(%[[V4]]#1 : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2xf32>)
// CHECK:         %[[V6:.*]] = norm.normalize ins(%[[VEXPANDED]] : tensor<4x2x3x5xf32>) shift(%[[V1]] : tensor<4x2xf32>) mean(%[[MEAN]] : tensor<4x2xf32>) rstd(%[[V5]] : tensor<4x2xf32>) scale(%[[G]] : tensor<2xf32>) outs(%[[VEXPANDED]] : tensor<4x2x3x5xf32>) statistics_axes = [0, 1] parameter_axes = [1]{{$}}
// CHECK:         %[[VCOLLAPSED:.*]] = tensor.collapse_shape %[[V6]] {{\[\[}}0], [1, 2], [3]] : tensor<4x2x3x5xf32> into tensor<4x6x5xf32>
// CHECK:         return %[[VCOLLAPSED]] : tensor<4x6x5xf32>
func.func @per_group(%x: tensor<4x6x5xf32>, %g: tensor<2xf32>) -> tensor<4x6x5xf32> {
  %y = norm.group_norm ins(%x : tensor<4x6x5xf32>) scale(%g : tensor<2xf32>)
      outs(%x : tensor<4x6x5xf32>) channel = 1 num_groups = 2 affine = per_group
  return %y : tensor<4x6x5xf32>
}

// -----

// Groups share the parameters of their members: the channels are split, also where
// they are innermost.
// CHECK-LABEL: func @per_member(
// CHECK-SAME:    %[[X:.*]]: tensor<4x5x6xf32>, %[[G:.*]]: tensor<5x3xf32>)
// CHECK:         %[[VEXPANDED:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1], [2, 3]] output_shape [4, 5, 2, 3] : tensor<4x5x6xf32> into tensor<4x5x2x3xf32>
// CHECK:         %[[V1:.*]] = norm.shift ins(%[[VEXPANDED]] : tensor<4x5x2x3xf32>) outs(%{{.*}} : tensor<4x2xf32>) axes = [1, 3]{{$}}
// CHECK:         %[[V3:.*]]:3 = norm.moments ins(%[[VEXPANDED]] : tensor<4x5x2x3xf32>) shift(%[[V1]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x2xf64>, tensor<4x2xf64>, tensor<4x2xf64>) axes = [1, 3] accumulator = f32{{$}}
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V3]]#1 : tensor<4x2xf64>) outs(%{{.*}} : tensor<4x2xf32>)
// CHECK:         %[[V4:.*]]:2 = norm.finalize ins(%[[V3]]#0, %[[MEAN]], %[[V3]]#2 : tensor<4x2xf64>, tensor<4x2xf32>, tensor<4x2xf64>) shift(%[[V1]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>) momentum = 0.000000e+00 running_var_correction = 0
// CHECK:         %[[V5:.*]] = norm.rstd ins(%[[V4]]#1 : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2xf32>)
// CHECK:         %[[V6:.*]] = norm.normalize ins(%[[VEXPANDED]] : tensor<4x5x2x3xf32>) shift(%[[V1]] : tensor<4x2xf32>) mean(%[[MEAN]] : tensor<4x2xf32>) rstd(%[[V5]] : tensor<4x2xf32>) scale(%[[G]] : tensor<5x3xf32>) outs(%[[VEXPANDED]] : tensor<4x5x2x3xf32>) statistics_axes = [0, 2] parameter_axes = [1, 3]{{$}}
// CHECK:         %[[VCOLLAPSED:.*]] = tensor.collapse_shape %[[V6]] {{\[\[}}0], [1], [2, 3]] : tensor<4x5x2x3xf32> into tensor<4x5x6xf32>
// CHECK:         return %[[VCOLLAPSED]] : tensor<4x5x6xf32>
func.func @per_member(%x: tensor<4x5x6xf32>, %g: tensor<5x3xf32>) -> tensor<4x5x6xf32> {
  %y = norm.group_norm ins(%x : tensor<4x5x6xf32>) scale(%g : tensor<5x3xf32>)
      outs(%x : tensor<4x5x6xf32>) channel = 2 num_groups = 2 parameters = [1, 2] affine = per_member
  return %y : tensor<4x5x6xf32>
}

// -----

// Rows stay rows, with the parameters of a group repeated for its channels.
// CHECK-LABEL: func @per_group_rows(
// CHECK-SAME:    %[[X:.*]]: tensor<4x5x6xf32>, %[[G:.*]]: tensor<2xf32>)
// CHECK:         %[[V1:.*]] = norm.shift ins(%[[X]] : tensor<4x5x6xf32>) outs(%{{.*}} : tensor<4x6xf32>) axes = [1]{{$}}
// CHECK:         %[[VEXPANDED:.*]] = tensor.expand_shape %[[V1]] {{\[\[}}0], [1, 2]] output_shape [4, 2, 3] : tensor<4x6xf32> into tensor<4x2x3xf32>
// CHECK:         %[[V3:.*]] = norm.shift ins(%[[VEXPANDED]] : tensor<4x2x3xf32>) outs(%{{.*}} : tensor<4x2xf32>) axes = [2]{{$}}
// CHECK:         %[[VBROADCASTED:.*]] = linalg.broadcast ins(%[[V3]] : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2x3xf32>) dimensions = [2]
// CHECK:         %[[VCOLLAPSED:.*]] = tensor.collapse_shape %[[VBROADCASTED]] {{\[\[}}0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
// CHECK:         %[[V6:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x5x6xf32>) shift(%[[VCOLLAPSED]] : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x6xf64>, tensor<4x6xf64>, tensor<4x6xf64>) axes = [1] accumulator = f32{{$}}
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V6]]#1 : tensor<4x6xf64>) outs(%{{.*}} : tensor<4x6xf32>)
// CHECK:         %[[VEXPANDED_0:.*]] = tensor.expand_shape %[[V6]]#0 {{\[\[}}0], [1, 2]] output_shape [4, 2, 3] : tensor<4x6xf64> into tensor<4x2x3xf64>
// CHECK:         %[[VEXPANDED_1:.*]] = tensor.expand_shape %[[MEAN]] {{\[\[}}0], [1, 2]] output_shape [4, 2, 3] : tensor<4x6xf32> into tensor<4x2x3xf32>
// CHECK:         %[[VEXPANDED_2:.*]] = tensor.expand_shape %[[V6]]#2 {{\[\[}}0], [1, 2]] output_shape [4, 2, 3] : tensor<4x6xf64> into tensor<4x2x3xf64>
// CHECK:         %[[V8:.*]]:3 = norm.combine_moments ins(%[[VEXPANDED_0]], %[[VEXPANDED_1]], %[[VEXPANDED_2]] : tensor<4x2x3xf64>, tensor<4x2x3xf32>, tensor<4x2x3xf64>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) axes = [2]{{$}}
// CHECK:         %[[V9:.*]]:2 = norm.finalize ins(%[[V8]]#0, %[[V8]]#1, %[[V8]]#2 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) shift(%[[V3]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>) momentum = 0.000000e+00 running_var_correction = 0
// CHECK:         %[[V10:.*]] = norm.rstd ins(%[[V9]]#1 : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2xf32>)
// CHECK:         %[[VBROADCASTED_3:.*]] = linalg.broadcast ins(%[[V8]]#1 : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2x3xf32>) dimensions = [2]
// CHECK:         %[[VCOLLAPSED_4:.*]] = tensor.collapse_shape %[[VBROADCASTED_3]] {{\[\[}}0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
// CHECK:         %[[VBROADCASTED_5:.*]] = linalg.broadcast ins(%[[V10]] : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2x3xf32>) dimensions = [2]
// CHECK:         %[[VCOLLAPSED_6:.*]] = tensor.collapse_shape %[[VBROADCASTED_5]] {{\[\[}}0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
// CHECK:         %[[VBROADCASTED_7:.*]] = linalg.broadcast ins(%[[G]] : tensor<2xf32>) outs(%{{.*}} : tensor<2x3xf32>) dimensions = [1]
// CHECK:         %[[VCOLLAPSED_8:.*]] = tensor.collapse_shape %[[VBROADCASTED_7]] {{\[\[}}0, 1]] : tensor<2x3xf32> into tensor<6xf32>
// CHECK:         %[[V12:.*]] = norm.normalize ins(%[[X]] : tensor<4x5x6xf32>) shift(%[[VCOLLAPSED]] : tensor<4x6xf32>) mean(%[[VCOLLAPSED_4]] : tensor<4x6xf32>) rstd(%[[VCOLLAPSED_6]] : tensor<4x6xf32>) bias(%[[VCOLLAPSED_8]] : tensor<6xf32>) outs(%[[X]] : tensor<4x5x6xf32>) statistics_axes = [0, 2] parameter_axes = [2]{{$}}
// CHECK:         return %[[V12]] : tensor<4x5x6xf32>
func.func @per_group_rows(%x: tensor<4x5x6xf32>, %g: tensor<2xf32>) -> tensor<4x5x6xf32> {
  %y = norm.group_norm ins(%x : tensor<4x5x6xf32>) bias(%g : tensor<2xf32>)
      outs(%x : tensor<4x5x6xf32>) channel = 2 num_groups = 2 affine = per_group
  return %y : tensor<4x5x6xf32>
}

// -----

// The rules go to norm.finalize, with the number of batches.
// CHECK-LABEL: func @rules(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>, %[[K:.*]]: tensor<f32>)
// CHECK:         %[[V1:.*]] = norm.shift ins(%[[X]] : tensor<4x6xf32>) outs(%{{.*}} : tensor<6xf32>) axes = [0]{{$}}
// CHECK:         %[[V3:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x6xf32>) shift(%[[V1]] : tensor<6xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>) axes = [0] accumulator = f32{{$}}
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[V3]]#1 : tensor<6xf64>) outs(%{{.*}} : tensor<6xf32>)
// CHECK:         %[[V4:.*]]:4 = norm.finalize ins(%[[V3]]#0, %[[MEAN]], %[[V3]]#2 : tensor<6xf64>, tensor<6xf32>, tensor<6xf64>) shift(%[[V1]] : tensor<6xf32>) batches(%[[K]] : tensor<f32>) outs(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) running(%[[P]], %[[P]] : tensor<6xf32>, tensor<6xf32>) nonfinite = skip_update empty = nan single = biased
// CHECK:         %[[V5:.*]] = norm.rstd ins(%[[V4]]#1 : tensor<6xf32>) outs(%{{.*}} : tensor<6xf32>)
// CHECK:         %[[V6:.*]] = norm.normalize ins(%[[X]] : tensor<4x6xf32>) shift(%[[V1]] : tensor<6xf32>) mean(%[[MEAN]] : tensor<6xf32>) rstd(%[[V5]] : tensor<6xf32>) scale(%[[X]] : tensor<4x6xf32>) outs(%[[X]] : tensor<4x6xf32>) statistics_axes = [1] parameter_axes = [0, 1]{{$}}
// CHECK:         return %[[V6]], %[[V4]]#2, %[[V4]]#3 : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
func.func @rules(%x: tensor<4x6xf32>, %p: tensor<6xf32>, %k: tensor<f32>) -> (tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) scale(%x : tensor<4x6xf32>) batches(%k : tensor<f32>)
      outs(%x : tensor<4x6xf32>) running(%p, %p : tensor<6xf32>, tensor<6xf32>)
      features = [1] parameters = [0, 1] nonfinite = skip_update empty = nan single = biased
  return %y#0, %y#1, %y#2 : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// One bias for all.
// CHECK-LABEL: func @inference(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>, %[[Q:.*]]: tensor<f32>)
// CHECK:         %[[V1:.*]] = norm.rstd ins(%[[P]] : tensor<6xf32>) outs(%{{.*}} : tensor<6xf32>) epsilon_mode = outside
// CHECK:         %[[V2:.*]] = norm.normalize ins(%[[X]] : tensor<4x6xf32>) mean(%[[P]] : tensor<6xf32>) rstd(%[[V1]] : tensor<6xf32>) bias(%[[Q]] : tensor<f32>) outs(%[[X]] : tensor<4x6xf32>) statistics_axes = [1] parameter_axes = []{{$}}
// CHECK:         return %[[V2]] : tensor<4x6xf32>
func.func @inference(%x: tensor<4x6xf32>, %p: tensor<6xf32>, %q: tensor<f32>) -> tensor<4x6xf32> {
  %y = norm.batch_norm_inference ins(%x : tensor<4x6xf32>) statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      bias(%q : tensor<f32>) outs(%x : tensor<4x6xf32>) features = [1] parameters = [] epsilon_mode = outside
  return %y : tensor<4x6xf32>
}

// -----

// The parameters are summed over other axes than the statistics: two passes take the
// sums. The variance tells where its own gradient is 0.
// CHECK-LABEL: func @layer_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<6x5xf32>)
// CHECK:         %[[V1:.*]] = norm.rstd ins(%[[S]] : tensor<4xf32>) outs(%{{.*}} : tensor<4xf32>) epsilon_mode = max
// CHECK:         %[[V4:.*]]:2 = norm.gradient_sums ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4xf32>) rstd(%[[V1]] : tensor<4xf32>) outs(%{{.*}}, %{{.*}} : tensor<6x5xf64>, tensor<6x5xf64>) axes = [0] statistics_axes = [0] accumulator = f32{{$}}
// CHECK:         %[[V6:.*]]:2 = norm.gradient_sums ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4xf32>) scale(%[[G]] : tensor<6x5xf32>) outs(%{{.*}}, %{{.*}} : tensor<4xf64>, tensor<4xf64>) axes = [1, 2] statistics_axes = [0] parameter_axes = [1, 2] accumulator = f32{{$}}
// CHECK:         %[[V8:.*]]:2 = norm.gradient_finalize ins(%[[V6]]#0, %[[V6]]#1 : tensor<4xf64>, tensor<4xf64>) rstd(%[[V1]] : tensor<4xf32>) count(%{{.*}} : tensor<4xf32>) variance(%[[S]] : tensor<4xf32>) outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>) epsilon_mode = max
// CHECK:         %[[V9:.*]] = norm.gradient_apply ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4xf32>) rstd(%[[V1]] : tensor<4xf32>) scale(%[[G]] : tensor<6x5xf32>) gradient_mean(%[[V8]]#0 : tensor<4xf32>) slope(%[[V8]]#1 : tensor<4xf32>) outs(%[[X]] : tensor<4x6x5xf32>) statistics_axes = [0] parameter_axes = [1, 2]{{$}}
// CHECK:         %[[V10:.*]] = linalg.generic {{.*}} ins(%[[V4]]#1 : tensor<6x5xf64>) outs(%[[G]] : tensor<6x5xf32>) {
// CHECK:         return %[[V9]], %[[V10]] : tensor<4x6x5xf32>, tensor<6x5xf32>
func.func @layer_gradient(%x: tensor<4x6x5xf32>, %s: tensor<4xf32>, %g: tensor<6x5xf32>) -> (tensor<4x6x5xf32>, tensor<6x5xf32>) {
  %y:2 = norm.layer_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4xf32>) variance(%s : tensor<4xf32>) scale(%g : tensor<6x5xf32>) outs(%x : tensor<4x6x5xf32>)
      scale_gradient(%g : tensor<6x5xf32>) axes = [1, 2] epsilon_mode = max
  return %y#0, %y#1 : tensor<4x6x5xf32>, tensor<6x5xf32>
}

// -----

// Without a mean, nothing is lost to it.
// CHECK-LABEL: func @rms_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[S:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[V1:.*]] = linalg.generic {{.*}} ins(%[[G]] : tensor<6xf32>) outs(%{{.*}} : tensor<6xf32>) {
// CHECK:         arith.addf %{{.*}}, %{{.*}} : f32
// CHECK:         %[[V4:.*]]:2 = norm.gradient_sums ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) scale(%[[V1]] : tensor<6xf32>) outs(%{{.*}}, %{{.*}} : tensor<4xf64>, tensor<4xf64>) axes = [1] statistics_axes = [0] parameter_axes = [1] accumulator = f32{{$}}
// CHECK:         %[[V6:.*]]:2 = norm.gradient_finalize ins(%[[V4]]#0, %[[V4]]#1 : tensor<4xf64>, tensor<4xf64>) rstd(%[[S]] : tensor<4xf32>) count(%{{.*}} : tensor<4xf32>) outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>)
// CHECK:         %[[V7:.*]] = norm.gradient_apply ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) rstd(%[[S]] : tensor<4xf32>) scale(%[[V1]] : tensor<6xf32>) slope(%[[V6]]#1 : tensor<4xf32>) outs(%[[X]] : tensor<4x6xf32>) statistics_axes = [0] parameter_axes = [1]{{$}}
// CHECK:         return %[[V7]] : tensor<4x6xf32>
func.func @rms_gradient(%x: tensor<4x6xf32>, %s: tensor<4xf32>, %g: tensor<6xf32>) -> tensor<4x6xf32> {
  %y = norm.rms_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      rstd(%s : tensor<4xf32>) scale(%g : tensor<6xf32>) outs(%x : tensor<4x6xf32>)
      axes = [1] zero_centered_scale
  return %y : tensor<4x6xf32>
}

// -----

// The sums of each sample are only multiplied by rstd.
// CHECK-LABEL: func @instance_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x6xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[V2:.*]]:2 = norm.gradient_sums ins(%[[X]], %[[X]] : tensor<4x6x5xf32>, tensor<4x6x5xf32>) mean(%[[S]] : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x6xf64>, tensor<4x6xf64>) axes = [2] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         %[[V3:.*]]:2 = norm.combine_gradient_sums ins(%[[V2]]#0, %[[V2]]#1 : tensor<4x6xf64>, tensor<4x6xf64>) rstd(%[[S]] : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x6xf32>, tensor<4x6xf32>) axes = [] statistics_axes = [0, 1]{{$}}
// CHECK:         %[[V4:.*]] = linalg.generic {{.*}} ins(%[[V3]]#1 : tensor<4x6xf32>) outs(%[[S]] : tensor<4x6xf32>) {
// CHECK:         return %[[V4]] : tensor<4x6xf32>
func.func @instance_gradient(%x: tensor<4x6x5xf32>, %s: tensor<4x6xf32>, %g: tensor<6xf32>) -> tensor<4x6xf32> {
  %y = norm.instance_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x6xf32>) rstd(%s : tensor<4x6xf32>) scale(%g : tensor<6xf32>)
      scale_gradient(%s : tensor<4x6xf32>) channel = 1 per_sample
  return %y : tensor<4x6xf32>
}

// -----

// The gradients of members are summed over samples and groups.
// CHECK-LABEL: func @per_member_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[G:.*]]: tensor<3xf32>)
// CHECK:         %[[VEXPANDED:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5] : tensor<4x6x5xf32> into tensor<4x2x3x5xf32>
// CHECK:         %[[V2:.*]]:2 = norm.gradient_sums ins(%[[VEXPANDED]], %[[VEXPANDED]] : tensor<4x2x3x5xf32>, tensor<4x2x3x5xf32>) mean(%[[S]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2x3xf64>, tensor<4x2x3xf64>) axes = [3] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         %[[V5:.*]]:2 = norm.combine_gradient_sums ins(%[[V2]]#0, %[[V2]]#1 : tensor<4x2x3xf64>, tensor<4x2x3xf64>) rstd(%[[S]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) axes = [0, 1] statistics_axes = [0, 1]{{$}}
// CHECK:         %[[V8:.*]]:2 = norm.combine_gradient_sums ins(%[[V2]]#0, %[[V2]]#1 : tensor<4x2x3xf64>, tensor<4x2x3xf64>) scale(%[[G]] : tensor<3xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>) axes = [2] parameter_axes = [2]{{$}}
// CHECK:         %[[V10:.*]]:2 = norm.gradient_finalize ins(%[[V8]]#0, %[[V8]]#1 : tensor<4x2xf32>, tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) count(%{{.*}} : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>)
// CHECK:         %[[V11:.*]] = norm.gradient_apply ins(%[[VEXPANDED]], %[[VEXPANDED]] : tensor<4x2x3x5xf32>, tensor<4x2x3x5xf32>) mean(%[[S]] : tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) scale(%[[G]] : tensor<3xf32>) gradient_mean(%[[V10]]#0 : tensor<4x2xf32>) slope(%[[V10]]#1 : tensor<4x2xf32>) outs(%[[VEXPANDED]] : tensor<4x2x3x5xf32>) statistics_axes = [0, 1] parameter_axes = [2]{{$}}
// CHECK:         %[[VCOLLAPSED:.*]] = tensor.collapse_shape %[[V11]] {{\[\[}}0], [1, 2], [3]] : tensor<4x2x3x5xf32> into tensor<4x6x5xf32>
// CHECK:         %[[V12:.*]] = linalg.generic {{.*}} ins(%[[V5]]#0 : tensor<3xf32>) outs(%[[G]] : tensor<3xf32>) {
// CHECK:         return %[[VCOLLAPSED]], %[[V12]] : tensor<4x6x5xf32>, tensor<3xf32>
func.func @per_member_gradient(%x: tensor<4x6x5xf32>, %s: tensor<4x2xf32>, %g: tensor<3xf32>) -> (tensor<4x6x5xf32>, tensor<3xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) scale(%g : tensor<3xf32>) outs(%x : tensor<4x6x5xf32>)
      bias_gradient(%g : tensor<3xf32>) channel = 1 num_groups = 2 affine = per_member
  return %y#0, %y#1 : tensor<4x6x5xf32>, tensor<3xf32>
}
