// RUN: norm-opt %s --norm-decompose --cse --split-input-file | FileCheck %s

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

// The first values might not be selected, so the shift is the mean of a fast
// pass over those that are.
// CHECK-LABEL: func @stable(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x5xf32>, %[[M:.*]]: tensor<8x5xi1>, %[[P:.*]]: tensor<3xf32>)
// CHECK-NOT:     norm.shift
// CHECK:         %[[K:.*]]:3 = norm.moments ins(%[[X]] : tensor<8x3x5xf32>) mask(%[[M]] : tensor<8x5xi1>) outs({{.*}}) axes = [0, 2] mask_axes = [0, 2] variance = fast accumulator = f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[K]]#1 : {{.*}}) outs(%{{.*}} : {{.*}})
// CHECK:         %[[N:.*]]:3 = norm.moments ins(%[[X]] : tensor<8x3x5xf32>) shift(%[[MEAN]] : tensor<3xf32>) mask(%[[M]] : tensor<8x5xi1>) outs({{.*}}) axes = [0, 2] mask_axes = [0, 2] accumulator = f32{{$}}
// CHECK:         %[[MEAN2:.*]] = linalg.generic {{.*}} ins(%[[N]]#1 : {{.*}}) outs(%{{.*}} : {{.*}})
// CHECK:         %[[S:.*]]:4 = norm.finalize ins(%[[N]]#0, %[[MEAN2]], %[[N]]#2 : {{.*}}) shift(%[[MEAN]] : tensor<3xf32>) {{.*}} running(%[[P]], %[[P]] : tensor<3xf32>, tensor<3xf32>)
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[S]]#1 : tensor<3xf32>)
// CHECK:         norm.normalize ins(%[[X]] : tensor<8x3x5xf32>) shift(%[[MEAN]] : tensor<3xf32>) mean(%[[MEAN2]] : tensor<3xf32>) rstd(%[[R]] : tensor<3xf32>) mask(%[[M]] : tensor<8x5xi1>) outs(%[[X]] : tensor<8x3x5xf32>) statistics_axes = [1] parameter_axes = [1] mask_axes = [0, 2]
func.func @stable(%x: tensor<8x3x5xf32>, %m: tensor<8x5xi1>, %p: tensor<3xf32>)
    -> (tensor<8x3x5xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<8x3x5xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) running(%p, %p : tensor<3xf32>, tensor<3xf32>)
      features = [1] mask_axes = [0, 2]
  return %y#0, %y#1, %y#2 : tensor<8x3x5xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// With `normalize`, the mask is for the statistics alone.
// CHECK-LABEL: func @fast_normalize(
// CHECK:         %[[N:.*]]:3 = norm.moments ins(%{{.*}}) mask(%{{.*}} : tensor<8x5xi1>) outs({{.*}}) axes = [0, 2] mask_axes = [0, 2] variance = fast accumulator = f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[N]]#1 : {{.*}}) outs(%{{.*}} : {{.*}})
// CHECK-NOT:     norm.moments
// CHECK:         norm.normalize ins(%{{.*}} : tensor<8x3x5xf32>) mean(%[[MEAN]] : tensor<3xf32>) rstd(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<8x3x5xf32>) statistics_axes = [1] parameter_axes = [1]{{$}}
func.func @fast_normalize(%x: tensor<8x3x5xf32>, %m: tensor<8x5xi1>) -> tensor<8x3x5xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<8x3x5xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) features = [1] mask_axes = [0, 2]
      unselected = normalize variance = fast
  return %y : tensor<8x3x5xf32>
}

// -----

// CHECK-LABEL: func @uncentered(
// CHECK:         norm.moments ins(%{{.*}}) mask(%{{.*}} : tensor<8x3xi1>) outs({{.*}}) axes = [1, 2] mask_axes = [0, 1] uncentered accumulator = f32
// CHECK-NOT:     norm.moments
// CHECK:         norm.normalize ins(%{{.*}}) rstd(%{{.*}} : tensor<8xf32>) mask(%{{.*}} : tensor<8x3xi1>) {{.*}} statistics_axes = [0] parameter_axes = [1, 2] mask_axes = [0, 1]
func.func @uncentered(%x: tensor<8x3x5xf32>, %m: tensor<8x3xi1>) -> tensor<8x3x5xf32> {
  %y = norm.rms_norm ins(%x : tensor<8x3x5xf32>) mask(%m : tensor<8x3xi1>)
      outs(%x : tensor<8x3x5xf32>) axes = [1, 2] mask_axes = [0, 1]
  return %y : tensor<8x3x5xf32>
}

// -----

// Groups of channels are groups of the mask, too, also where channels are
// innermost: statistics of single channels would need one mask for each.
// CHECK-LABEL: func @group(
// CHECK-SAME:    %[[X:.*]]: tensor<8x5x6xf32>, %[[M:.*]]: tensor<5x6xi1>, %{{.*}}: tensor<6xf32>)
// CHECK-DAG:     %[[MG:.*]] = tensor.expand_shape %[[M]] {{\[\[}}0], [1, 2]] output_shape [5, 3, 2] : tensor<5x6xi1> into tensor<5x3x2xi1>
// CHECK-DAG:     %[[XG:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1], [2, 3]] output_shape [8, 5, 3, 2] : tensor<8x5x6xf32> into tensor<8x5x3x2xf32>
// CHECK:         norm.moments ins(%[[XG]] : tensor<8x5x3x2xf32>) mask(%[[MG]] : tensor<5x3x2xi1>) {{.*}} axes = [1, 3] mask_axes = [1, 2, 3] variance = fast accumulator = f32
// CHECK:         norm.moments ins(%[[XG]] : tensor<8x5x3x2xf32>) shift({{.*}}) mask(%[[MG]] : tensor<5x3x2xi1>) {{.*}} axes = [1, 3] mask_axes = [1, 2, 3] accumulator = f32{{$}}
// CHECK:         norm.normalize ins(%[[XG]] : tensor<8x5x3x2xf32>) {{.*}} mask(%[[MG]] : tensor<5x3x2xi1>) {{.*}} statistics_axes = [0, 2] parameter_axes = [2, 3] mask_axes = [1, 2, 3]
func.func @group(%x: tensor<8x5x6xf32>, %m: tensor<5x6xi1>, %p: tensor<6xf32>)
    -> tensor<8x5x6xf32> {
  %y = norm.group_norm ins(%x : tensor<8x5x6xf32>) scale(%p : tensor<6xf32>)
      mask(%m : tensor<5x6xi1>) outs(%x : tensor<8x5x6xf32>) channel = 2
      num_groups = 3 mask_axes = [1, 2]
  return %y : tensor<8x5x6xf32>
}

// -----

// The axes after channels that are split get new numbers.
// CHECK-LABEL: func @group_after(
// CHECK:         norm.moments ins(%{{.*}} : tensor<8x3x2x5xf32>) mask(%{{.*}} : tensor<8x5xi1>) {{.*}} axes = [2, 3] mask_axes = [0, 3] variance = fast accumulator = f32
// CHECK:         norm.normalize {{.*}} mask_axes = [0, 3]
func.func @group_after(%x: tensor<8x6x5xf32>, %m: tensor<8x5xi1>) -> tensor<8x6x5xf32> {
  %y = norm.group_norm ins(%x : tensor<8x6x5xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x6x5xf32>) channel = 1 num_groups = 3 mask_axes = [0, 2]
      variance = fast
  return %y : tensor<8x6x5xf32>
}

// -----

// CHECK-LABEL: func @inference(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x5xf32>, %[[M:.*]]: tensor<8x5xi1>
// CHECK:         norm.normalize ins(%[[X]] : tensor<8x3x5xf32>) {{.*}} mask(%[[M]] : tensor<8x5xi1>) {{.*}} parameter_axes = [1] mask_axes = [0, 2]
// CHECK:         norm.normalize ins(%[[X]] : tensor<8x3x5xf32>) {{.*}} parameter_axes = [1]{{$}}
func.func @inference(%x: tensor<8x3x5xf32>, %m: tensor<8x5xi1>, %p: tensor<3xf32>)
    -> (tensor<8x3x5xf32>, tensor<8x3x5xf32>) {
  %y = norm.batch_norm_inference ins(%x : tensor<8x3x5xf32>)
      statistics(%p, %p : tensor<3xf32>, tensor<3xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) features = [1] mask_axes = [0, 2]
  %z = norm.batch_norm_inference ins(%x : tensor<8x3x5xf32>)
      statistics(%p, %p : tensor<3xf32>, tensor<3xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) features = [1] mask_axes = [0, 2]
      unselected = normalize
  return %y, %z : tensor<8x3x5xf32>, tensor<8x3x5xf32>
}

// -----

// Lengths are left to norm-expand-lengths.
// CHECK-LABEL: func @lengths(
// CHECK:         norm.layer_norm {{.*}} lengths(
// CHECK:         norm.batch_norm_inference {{.*}} lengths(
// CHECK:         norm.rms_norm_grad {{.*}} lengths(
func.func @lengths(%x: tensor<8x3xf32>, %p: tensor<3xf32>, %s: tensor<8xf32>, %l: tensor<i32>)
    -> (tensor<8x3xf32>, tensor<8x3xf32>, tensor<8x3xf32>) {
  %0 = norm.layer_norm ins(%x : tensor<8x3xf32>) lengths(%l : tensor<i32>)
      outs(%x : tensor<8x3xf32>) axes = [1] sequence_axis = 1
  %1 = norm.batch_norm_inference ins(%x : tensor<8x3xf32>)
      statistics(%p, %p : tensor<3xf32>, tensor<3xf32>) lengths(%l : tensor<i32>)
      outs(%x : tensor<8x3xf32>) features = [1] sequence_axis = 0
  %2 = norm.rms_norm_grad ins(%x, %x : tensor<8x3xf32>, tensor<8x3xf32>)
      variance(%s : tensor<8xf32>) lengths(%l : tensor<i32>)
      outs(%x : tensor<8x3xf32>) axes = [1] sequence_axis = 1
  return %0, %1, %2 : tensor<8x3xf32>, tensor<8x3xf32>, tensor<8x3xf32>
}

// -----

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

// The sums are over the selected values, and so is the number that divides them:
// five for each element of the mask.
// CHECK-LABEL: func @gradient_zero(
// CHECK-SAME:    %{{.*}}: tensor<8x3x5xf32>, %[[M:.*]]: tensor<8x3xi1>, %[[P:.*]]: tensor<3xf32>)
// CHECK:         %[[FIVE:.*]] = arith.constant 5.000000e+00 : f32
// CHECK:         %[[S:.*]]:2 = norm.gradient_sums {{.*}} mask(%[[M]] : tensor<8x3xi1>) {{.*}} axes = [0, 2] statistics_axes = [1] mask_axes = [0, 1] accumulator = f32
// CHECK:         %[[ONES:.*]] = linalg.generic {{.*}}iterator_types = ["reduction", "parallel"]} ins(%[[M]] : tensor<8x3xi1>) outs(%{{.*}} : tensor<3xf64>)
// CHECK:           arith.uitofp %{{.*}} : i1 to f64
// CHECK:           arith.addf %{{.*}} : f64
// CHECK:         %[[N:.*]] = linalg.generic {{.*}} ins(%[[ONES]] : tensor<3xf64>) outs(%{{.*}} : tensor<3xf32>)
// CHECK:           arith.mulf %{{.*}}, %[[FIVE]] : f32
// CHECK:         %[[F:.*]]:2 = norm.gradient_finalize ins(%[[S]]#0, %[[S]]#1 : {{.*}}) rstd(%[[P]] : tensor<3xf32>) count(%[[N]] : tensor<3xf32>)
// CHECK:         norm.gradient_apply {{.*}} gradient_mean(%[[F]]#0 : tensor<3xf32>) slope(%[[F]]#1 : tensor<3xf32>) mask(%[[M]] : tensor<8x3xi1>) {{.*}} mask_axes = [0, 1]{{$}}
func.func @gradient_zero(%x: tensor<8x3x5xf32>, %m: tensor<8x3xi1>, %p: tensor<3xf32>)
    -> (tensor<8x3x5xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.batch_norm_grad ins(%x, %x : tensor<8x3x5xf32>, tensor<8x3x5xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) mask(%m : tensor<8x3xi1>)
      outs(%x : tensor<8x3x5xf32>) scale_gradient(%p : tensor<3xf32>)
      bias_gradient(%p : tensor<3xf32>) features = [1] mask_axes = [0, 1]
  return %y#0, %y#1, %y#2 : tensor<8x3x5xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// The sums are over all values, what they are divided by is not; one number
// selects for all features.
// CHECK-LABEL: func @gradient_normalize(
// CHECK-SAME:    %{{.*}}: tensor<8x3x5xf32>, %[[M:.*]]: tensor<8x5xi1>, %[[P:.*]]: tensor<3xf32>)
// CHECK:         norm.gradient_sums ins({{.*}}) mean(%[[P]] : tensor<3xf32>) outs({{.*}}) axes = [0, 2] statistics_axes = [1] accumulator = f32{{$}}
// CHECK:         %[[ONES:.*]] = linalg.generic {{.*}}iterator_types = ["reduction", "reduction"]} ins(%[[M]] : tensor<8x5xi1>) outs(%{{.*}} : tensor<f64>)
// CHECK:         %[[N:.*]] = linalg.generic {{.*}} ins(%[[ONES]] : tensor<f64>) outs(%{{.*}} : tensor<3xf32>)
// CHECK:         norm.gradient_finalize {{.*}} count(%[[N]] : tensor<3xf32>)
// CHECK:         norm.gradient_apply {{.*}} mask(%[[M]] : tensor<8x5xi1>) {{.*}} mask_axes = [0, 2] unselected = normalize
func.func @gradient_normalize(%x: tensor<8x3x5xf32>, %m: tensor<8x5xi1>, %p: tensor<3xf32>)
    -> tensor<8x3x5xf32> {
  %y = norm.batch_norm_grad ins(%x, %x : tensor<8x3x5xf32>, tensor<8x3x5xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) features = [1] mask_axes = [0, 2]
      unselected = normalize
  return %y : tensor<8x3x5xf32>
}

// -----

// With statistics that are given, nothing is divided.
// CHECK-LABEL: func @gradient_inference(
// CHECK-NOT:     arith.uitofp
// CHECK:         norm.gradient_sums {{.*}} mask(%{{.*}} : tensor<8x5xi1>) {{.*}} mask_axes = [0, 2] accumulator = f32
// CHECK:         norm.normalize {{.*}} mask(%{{.*}} : tensor<8x5xi1>) {{.*}} mask_axes = [0, 2]
// CHECK:         norm.normalize {{.*}} parameter_axes = []{{$}}
func.func @gradient_inference(%x: tensor<8x3x5xf32>, %m: tensor<8x5xi1>, %p: tensor<3xf32>)
    -> (tensor<8x3x5xf32>, tensor<3xf32>, tensor<8x3x5xf32>) {
  %y:2 = norm.batch_norm_inference_grad ins(%x, %x : tensor<8x3x5xf32>, tensor<8x3x5xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) bias_gradient(%p : tensor<3xf32>)
      features = [1] mask_axes = [0, 2]
  %z = norm.batch_norm_inference_grad ins(%x, %x : tensor<8x3x5xf32>, tensor<8x3x5xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5xf32>) features = [1] mask_axes = [0, 2]
      unselected = normalize
  return %y#0, %y#1, %z : tensor<8x3x5xf32>, tensor<3xf32>, tensor<8x3x5xf32>
}
