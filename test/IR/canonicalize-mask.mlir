// RUN: norm-opt %s --canonicalize --split-input-file | FileCheck %s

// Outputs that nobody uses go away, and the mask and the lengths stay.
// CHECK-LABEL: func @unused_batch(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, {{.*}}, %[[M:.*]]: tensor<4x5xi1>, %[[L:.*]]: tensor<4xi32>)
// CHECK:         norm.batch_norm_training ins(%[[X]] : tensor<4x6x5xf32>) mask(%[[M]] : tensor<4x5xi1>) outs(%[[X]] : tensor<4x6x5xf32>) features = [1] mask_axes = [0, 2] unselected = normalize{{$}}
// CHECK:         norm.batch_norm_training ins(%[[X]] : tensor<4x6x5xf32>) lengths(%[[L]] : tensor<4xi32>) outs(%[[X]] : tensor<4x6x5xf32>) features = [1] mask_axes = [0] sequence_axis = 2{{$}}
func.func @unused_batch(%x: tensor<4x6x5xf32>, %p: tensor<6xf32>, %k: tensor<f32>,
    %m: tensor<4x5xi1>, %l: tensor<4xi32>) -> (tensor<4x6x5xf32>, tensor<4x6x5xf32>) {
  %a:5 = norm.batch_norm_training ins(%x : tensor<4x6x5xf32>) batches(%k : tensor<f32>)
      mask(%m : tensor<4x5xi1>) outs(%x : tensor<4x6x5xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>)
      batch(%p, %p : tensor<6xf32>, tensor<6xf32>)
      features = [1] mask_axes = [0, 2] unselected = normalize
  %b:3 = norm.batch_norm_training ins(%x : tensor<4x6x5xf32>)
      lengths(%l : tensor<4xi32>) outs(%x : tensor<4x6x5xf32>)
      batch(%p, %p : tensor<6xf32>, tensor<6xf32>)
      features = [1] mask_axes = [0] sequence_axis = 2
  return %a#0, %b#0 : tensor<4x6x5xf32>, tensor<4x6x5xf32>
}

// CHECK-LABEL: func @unused_samples(
// CHECK:         norm.layer_norm {{.*}} mask(%{{.*}} : tensor<4xi1>) outs(%{{.*}} : tensor<4x6xf32>) axes = [1] mask_axes = [0]{{$}}
// CHECK:         norm.rms_norm {{.*}} lengths(%{{.*}} : tensor<i64>) outs(%{{.*}} : tensor<4x6xf32>) axes = [1] sequence_axis = 1{{$}}
// CHECK:         norm.layer_norm_grad {{.*}} mask(%{{.*}} : tensor<4xi1>) outs(%{{.*}} : tensor<4x6xf32>) axes = [1] parameters = [0] mask_axes = [0] unselected = normalize{{$}}
func.func @unused_samples(%x: tensor<4x6xf32>, %p: tensor<4xf32>, %m: tensor<4xi1>,
    %l: tensor<i64>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %a:3 = norm.layer_norm ins(%x : tensor<4x6xf32>) mask(%m : tensor<4xi1>)
      outs(%x : tensor<4x6xf32>) statistics(%p, %p : tensor<4xf32>, tensor<4xf32>)
      axes = [1] mask_axes = [0]
  %b:2 = norm.rms_norm ins(%x : tensor<4x6xf32>) lengths(%l : tensor<i64>)
      outs(%x : tensor<4x6xf32>) mean_square(%p : tensor<4xf32>)
      axes = [1] sequence_axis = 1
  %c:3 = norm.layer_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<4xf32>) rstd(%p : tensor<4xf32>) mask(%m : tensor<4xi1>)
      outs(%x : tensor<4x6xf32>) scale_gradient(%p : tensor<4xf32>)
      bias_gradient(%p : tensor<4xf32>) axes = [1] parameters = [0] mask_axes = [0]
      unselected = normalize
  return %a#0, %b#0, %c#0 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// The batch norm that a group norm becomes selects the same values.
// CHECK-LABEL: func @group(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[M:.*]]: tensor<6x5xi1>, %[[L:.*]]: tensor<4xi32>)
// CHECK:         norm.batch_norm_training ins(%[[X]] : tensor<4x6x5xf32>) mask(%[[M]] : tensor<6x5xi1>) outs(%[[X]] : tensor<4x6x5xf32>) features = [0, 1] mask_axes = [1, 2] unselected = normalize
// CHECK:         norm.batch_norm_training ins(%[[X]] : tensor<4x6x5xf32>) lengths(%[[L]] : tensor<4xi32>) outs(%[[X]] : tensor<4x6x5xf32>) features = [0] mask_axes = [0] sequence_axis = 2
func.func @group(%x: tensor<4x6x5xf32>, %m: tensor<6x5xi1>, %l: tensor<4xi32>)
    -> (tensor<4x6x5xf32>, tensor<4x6x5xf32>) {
  %a = norm.group_norm ins(%x : tensor<4x6x5xf32>) mask(%m : tensor<6x5xi1>)
      outs(%x : tensor<4x6x5xf32>) channel = 1 num_groups = 6 mask_axes = [1, 2]
      unselected = normalize
  %b = norm.group_norm ins(%x : tensor<4x6x5xf32>) lengths(%l : tensor<4xi32>)
      outs(%x : tensor<4x6x5xf32>) channel = 1 group_size = 6 mask_axes = [0]
      sequence_axis = 2
  return %a, %b : tensor<4x6x5xf32>, tensor<4x6x5xf32>
}

// -----

// Constant statistics are not folded where a mask makes zeros.
// CHECK-LABEL: func @constant_statistics(
// CHECK:         norm.batch_norm_inference {{.*}} mask(%{{.*}} : tensor<4xi1>) {{.*}} features = [1] mask_axes = [0]
// CHECK:         norm.batch_norm_inference {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} features = [1] mask_axes = [1] sequence_axis = 0
func.func @constant_statistics(%x: tensor<4x2xf32>, %m: tensor<4xi1>, %l: tensor<2xi32>)
    -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %mean = arith.constant dense<1.0> : tensor<2xf32>
  %variance = arith.constant dense<4.0> : tensor<2xf32>
  %a = norm.batch_norm_inference ins(%x : tensor<4x2xf32>)
      statistics(%mean, %variance : tensor<2xf32>, tensor<2xf32>)
      mask(%m : tensor<4xi1>) outs(%x : tensor<4x2xf32>) features = [1] mask_axes = [0]
  %b = norm.batch_norm_inference ins(%x : tensor<4x2xf32>)
      statistics(%mean, %variance : tensor<2xf32>, tensor<2xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<4x2xf32>)
      features = [1] mask_axes = [1] sequence_axis = 0
  return %a, %b : tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// Where statistics are given and unselected values are as all others, a mask
// tells nothing.
// CHECK-LABEL: func @idle(
// CHECK:         = norm.batch_norm_inference ins(%{{.*}} : tensor<4x2xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) outs(%{{.*}} : tensor<4x2xf32>) features = [1]{{$}}
// CHECK:         = norm.batch_norm_inference ins(%{{.*}} : tensor<4x2xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2xf32>, tensor<2xf32>) outs(%{{.*}} : tensor<4x2xf32>) features = [1]{{$}}
// CHECK:         = norm.batch_norm_inference_grad ins(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>) mean(%{{.*}} : tensor<2xf32>) rstd(%{{.*}} : tensor<2xf32>) outs(%{{.*}} : tensor<4x2xf32>) features = [1]{{$}}
// CHECK:         {{^ *}}norm.batch_norm_inference ins(%{{.*}} : memref<4x2xf32>) statistics(%{{.*}}, %{{.*}} : memref<2xf32>, memref<2xf32>) outs(%{{.*}} : memref<4x2xf32>) features = [1]{{$}}
func.func @idle(%x: tensor<4x2xf32>, %p: tensor<2xf32>, %m: tensor<4xi1>, %l: tensor<2xi32>,
    %b: memref<4x2xf32>, %bp: memref<2xf32>, %bm: memref<4xi1>)
    -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) {
  %0 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>)
      statistics(%p, %p : tensor<2xf32>, tensor<2xf32>) mask(%m : tensor<4xi1>)
      outs(%x : tensor<4x2xf32>) features = [1] mask_axes = [0] unselected = normalize
  %1 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>)
      statistics(%p, %p : tensor<2xf32>, tensor<2xf32>) lengths(%l : tensor<2xi32>)
      outs(%x : tensor<4x2xf32>) features = [1] mask_axes = [1] sequence_axis = 0
      unselected = normalize
  %2 = norm.batch_norm_inference_grad ins(%x, %x : tensor<4x2xf32>, tensor<4x2xf32>)
      mean(%p : tensor<2xf32>) rstd(%p : tensor<2xf32>) mask(%m : tensor<4xi1>)
      outs(%x : tensor<4x2xf32>) features = [1] mask_axes = [0] unselected = normalize
  norm.batch_norm_inference ins(%b : memref<4x2xf32>)
      statistics(%bp, %bp : memref<2xf32>, memref<2xf32>) mask(%bm : memref<4xi1>)
      outs(%b : memref<4x2xf32>) features = [1] mask_axes = [0] unselected = normalize
  return %0, %1, %2 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// An input without elements has no use for its mask.
// CHECK-LABEL: func @empty(
// CHECK-SAME:    %[[X:.*]]: tensor<0x6xf32>, %[[P:.*]]: tensor<6xf32>, %{{.*}}: tensor<0xi1>)
// CHECK-NOT:     norm.
// CHECK:         %[[MEAN:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[P]] : tensor<6xf32>)
// CHECK:         return %[[X]], %[[MEAN]], %{{.*}}
func.func @empty(%x: tensor<0x6xf32>, %p: tensor<6xf32>, %m: tensor<0xi1>)
    -> (tensor<0x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<0x6xf32>) mask(%m : tensor<0xi1>)
      outs(%x : tensor<0x6xf32>) batch(%p, %p : tensor<6xf32>, tensor<6xf32>)
      features = [1] mask_axes = [0]
  return %y#0, %y#1, %y#2 : tensor<0x6xf32>, tensor<6xf32>, tensor<6xf32>
}
