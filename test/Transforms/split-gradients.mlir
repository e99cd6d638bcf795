// RUN: norm-opt %s --norm-split-gradients --cse --split-input-file | FileCheck %s

// The gradients of parameters are taken of each sample, in the accumulator type,
// and then added up; that of the input stays where it is.
// CHECK-LABEL: func @all(
// CHECK-SAME:    %[[D:.*]]: tensor<8x6x25xf16>, %[[X:.*]]: tensor<8x6x25xf16>, %[[S:.*]]: tensor<8x3xf32>, %[[P:.*]]: tensor<6xf32>, %[[H:.*]]: tensor<6xf16>)
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<8x6xf32>
// CHECK:         %[[Y:.*]]:3 = norm.group_norm_grad ins(%[[D]], %[[X]] : tensor<8x6x25xf16>, tensor<8x6x25xf16>) mean(%[[S]] : tensor<8x3xf32>) variance(%[[S]] : tensor<8x3xf32>) scale(%[[P]] : tensor<6xf32>) outs(%[[D]] : tensor<8x6x25xf16>) scale_gradient(%[[E]] : tensor<8x6xf32>) bias_gradient(%[[E]] : tensor<8x6xf32>) channel = 1 num_groups = 3 per_sample epsilon = 1.000000e-03
// CHECK:         %[[Z:.*]] = linalg.fill {{.*}} -> tensor<6xf32>
// CHECK:         %[[SUMS:.*]]:2 = norm.combine_gradient_sums ins(%[[Y]]#2, %[[Y]]#1 : tensor<8x6xf32>, tensor<8x6xf32>) outs(%[[Z]], %[[Z]] : tensor<6xf32>, tensor<6xf32>) axes = [0]{{$}}
// CHECK:         %[[DG:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]#1 : tensor<6xf32>) outs(%[[P]] : tensor<6xf32>)
// CHECK:         %[[DB:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]#0 : tensor<6xf32>) outs(%[[H]] : tensor<6xf16>)
// CHECK:         return %[[Y]]#0, %[[DG]], %[[DB]]
func.func @all(%d: tensor<8x6x25xf16>, %x: tensor<8x6x25xf16>, %s: tensor<8x3xf32>,
    %p: tensor<6xf32>, %h: tensor<6xf16>)
    -> (tensor<8x6x25xf16>, tensor<6xf32>, tensor<6xf16>) {
  %y:3 = norm.group_norm_grad ins(%d, %x : tensor<8x6x25xf16>, tensor<8x6x25xf16>)
      mean(%s : tensor<8x3xf32>) variance(%s : tensor<8x3xf32>) scale(%p : tensor<6xf32>)
      outs(%d : tensor<8x6x25xf16>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%h : tensor<6xf16>) channel = 1 num_groups = 3 epsilon = 1.0e-3
  return %y#0, %y#1, %y#2 : tensor<8x6x25xf16>, tensor<6xf32>, tensor<6xf16>
}

// -----

// One of them alone, in f64, with batch axes around the channels.
// CHECK-LABEL: func @one(
// CHECK-SAME:    %[[X:.*]]: tensor<?x6x25x?xf32>, %[[S:.*]]: tensor<?x3x?xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK:         %[[E:.*]] = tensor.empty(%{{.*}}, %{{.*}}) : tensor<?x6x?xf64>
// CHECK:         %[[Y:.*]] = norm.group_norm_grad {{.*}} scale_gradient(%[[E]] : tensor<?x6x?xf64>) batch = [0, 3] channel = 1 group_size = 2 per_sample accumulator = f64
// CHECK:         %[[SUMS:.*]]:2 = norm.combine_gradient_sums ins(%[[Y]], %[[Y]] : tensor<?x6x?xf64>, tensor<?x6x?xf64>) outs(%{{.*}}, %{{.*}} : tensor<6xf64>, tensor<6xf64>) axes = [0, 2]{{$}}
// CHECK:         linalg.generic {{.*}} ins(%[[SUMS]]#1 : tensor<6xf64>) outs(%[[P]] : tensor<6xf32>)
func.func @one(%x: tensor<?x6x25x?xf32>, %s: tensor<?x3x?xf32>, %p: tensor<6xf32>)
    -> tensor<6xf32> {
  %y = norm.group_norm_grad ins(%x, %x : tensor<?x6x25x?xf32>, tensor<?x6x25x?xf32>)
      mean(%s : tensor<?x3x?xf32>) rstd(%s : tensor<?x3x?xf32>)
      scale_gradient(%p : tensor<6xf32>)
      batch = [0, 3] channel = 1 group_size = 2 accumulator = f64
  return %y : tensor<6xf32>
}

// -----

// The channels first, and samples after them.
// CHECK-LABEL: func @channels_first(
// CHECK:         %[[Y:.*]] = norm.group_norm_grad {{.*}} bias_gradient(%{{.*}} : tensor<6x8xf32>) batch = [1] channel = 0 num_groups = 3 per_sample
// CHECK:         norm.combine_gradient_sums ins(%[[Y]], %[[Y]] : tensor<6x8xf32>, tensor<6x8xf32>) {{.*}} axes = [1]{{$}}
func.func @channels_first(%x: tensor<6x8x25xf32>, %s: tensor<3x8xf32>, %p: tensor<6xf32>)
    -> tensor<6xf32> {
  %y = norm.group_norm_grad ins(%x, %x : tensor<6x8x25xf32>, tensor<6x8x25xf32>)
      mean(%s : tensor<3x8xf32>) rstd(%s : tensor<3x8xf32>) bias_gradient(%p : tensor<6xf32>)
      batch = [1] channel = 0 num_groups = 3
  return %y : tensor<6xf32>
}

// -----

// No axis besides batch and channel: sums over a sample would be as large as the
// input. The gradient of the input can still be taken slab by slab.
// CHECK-LABEL: func @separate(
// CHECK-SAME:    %[[X:.*]]: tensor<8x6xf32>, %[[S:.*]]: tensor<8x3xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK-NEXT:    %[[Y:.*]] = norm.group_norm_grad ins(%[[X]], %[[X]] : tensor<8x6xf32>, tensor<8x6xf32>) mean(%[[S]] : tensor<8x3xf32>) rstd(%[[S]] : tensor<8x3xf32>) scale(%[[P]] : tensor<6xf32>) outs(%[[X]] : tensor<8x6xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    %[[Q:.*]]:2 = norm.group_norm_grad {{.*}} scale(%[[P]] : tensor<6xf32>) scale_gradient(%[[P]] : tensor<6xf32>) bias_gradient(%[[P]] : tensor<6xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    return %[[Y]], %[[Q]]#0, %[[Q]]#1
func.func @separate(%x: tensor<8x6xf32>, %s: tensor<8x3xf32>, %p: tensor<6xf32>)
    -> (tensor<8x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %y:3 = norm.group_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<8x3xf32>) rstd(%s : tensor<8x3xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<8x6xf32>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 3
  return %y#0, %y#1, %y#2 : tensor<8x6xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// What needs no sum over samples, or has no slabs, stays.
// CHECK-LABEL: func @stays(
// CHECK-NEXT:    norm.group_norm_grad {{.*}} outs(%{{.*}} : tensor<8x6x25xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    norm.group_norm_grad {{.*}} scale_gradient(%{{.*}} : tensor<8x6xf32>) channel = 1 num_groups = 3 per_sample{{$}}
// CHECK-NEXT:    norm.group_norm_grad {{.*}} bias_gradient(%{{.*}} : tensor<6xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    norm.batch_norm_grad {{.*}} outs({{.*}} bias_gradient(
// CHECK-NEXT:    return
func.func @stays(%x: tensor<8x6x25xf32>, %y: tensor<8x6xf32>, %s: tensor<8x3xf32>,
    %p: tensor<6xf32>) -> (tensor<8x6x25xf32>, tensor<8x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<8x6x25xf32>, tensor<8x6x25xf32>)
      mean(%s : tensor<8x3xf32>) rstd(%s : tensor<8x3xf32>) outs(%x : tensor<8x6x25xf32>)
      channel = 1 num_groups = 3
  %1 = norm.group_norm_grad ins(%x, %x : tensor<8x6x25xf32>, tensor<8x6x25xf32>)
      mean(%s : tensor<8x3xf32>) rstd(%s : tensor<8x3xf32>)
      scale_gradient(%y : tensor<8x6xf32>) channel = 1 num_groups = 3 per_sample
  %2 = norm.group_norm_grad ins(%y, %y : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<8x3xf32>) rstd(%s : tensor<8x3xf32>) bias_gradient(%p : tensor<6xf32>)
      channel = 1 num_groups = 3
  %3:2 = norm.batch_norm_grad ins(%x, %x : tensor<8x6x25xf32>, tensor<8x6x25xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%x : tensor<8x6x25xf32>)
      bias_gradient(%p : tensor<6xf32>) features = [1]
  return %0, %1, %2, %3#1 : tensor<8x6x25xf32>, tensor<8x6xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// Ops on memrefs become tensors first.
// CHECK-LABEL: func @memrefs(
// CHECK-NEXT:    norm.group_norm_grad
// CHECK-NEXT:    return
func.func @memrefs(%x: memref<8x6x25xf32>, %s: memref<8x3xf32>, %p: memref<6xf32>) {
  norm.group_norm_grad ins(%x, %x : memref<8x6x25xf32>, memref<8x6x25xf32>)
      mean(%s : memref<8x3xf32>) rstd(%s : memref<8x3xf32>) bias_gradient(%p : memref<6xf32>)
      channel = 1 num_groups = 3
  return
}

// -----

// Each of the ops keeps the mask, or the lengths.
// CHECK-LABEL: func @mask(
// CHECK:         norm.group_norm_grad {{.*}} mask(%{{.*}} : tensor<8x25xi1>) {{.*}} channel = 1 num_groups = 3 per_sample mask_axes = [0, 2] unselected = normalize
// CHECK:         norm.combine_gradient_sums
func.func @mask(%x: tensor<8x6x25xf32>, %s: tensor<8x3xf32>, %p: tensor<6xf32>,
    %m: tensor<8x25xi1>) -> (tensor<8x6x25xf32>, tensor<6xf32>, tensor<6xf32>) {
  %y:3 = norm.group_norm_grad ins(%x, %x : tensor<8x6x25xf32>, tensor<8x6x25xf32>)
      mean(%s : tensor<8x3xf32>) rstd(%s : tensor<8x3xf32>) mask(%m : tensor<8x25xi1>)
      outs(%x : tensor<8x6x25xf32>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 3
      mask_axes = [0, 2] unselected = normalize
  return %y#0, %y#1, %y#2 : tensor<8x6x25xf32>, tensor<6xf32>, tensor<6xf32>
}

// CHECK-LABEL: func @lengths(
// CHECK:         norm.layer_norm_grad {{.*}} lengths(%{{.*}} : tensor<8xi32>) outs({{.*}}) axes = [1] mask_axes = [0] sequence_axis = 1
// CHECK:         norm.layer_norm_grad {{.*}} lengths(%{{.*}} : tensor<8xi32>) scale_gradient({{.*}}) axes = [1] mask_axes = [0] sequence_axis = 1
func.func @lengths(%x: tensor<8x6xf32>, %s: tensor<8xf32>, %p: tensor<6xf32>,
    %l: tensor<8xi32>) -> (tensor<8x6xf32>, tensor<6xf32>) {
  %y:2 = norm.layer_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<8xf32>) rstd(%s : tensor<8xf32>) lengths(%l : tensor<8xi32>)
      outs(%x : tensor<8x6xf32>) scale_gradient(%p : tensor<6xf32>)
      axes = [1] mask_axes = [0] sequence_axis = 1
  return %y#0, %y#1 : tensor<8x6xf32>, tensor<6xf32>
}
