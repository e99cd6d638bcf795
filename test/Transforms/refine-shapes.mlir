// RUN: norm-opt %s --norm-refine-shapes --split-input-file --verify-diagnostics | FileCheck %s
// RUN: norm-opt %s --norm-refine-shapes --canonicalize --split-input-file --verify-diagnostics | FileCheck %s --check-prefix=KEPT

// Each size is told by one operand.
// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<8x?x?xf32>, %[[Y:.*]]: tensor<?x?x5xf32>, %[[G:.*]]: tensor<3xf32>, %[[P:.*]]: tensor<?xf32>)
// CHECK-DAG:     %[[XC:.*]] = tensor.cast %[[X]] : tensor<8x?x?xf32> to tensor<8x3x5xf32>
// CHECK-DAG:     %[[YC:.*]] = tensor.cast %[[Y]] : tensor<?x?x5xf32> to tensor<8x3x5xf32>
// CHECK-DAG:     %[[PC:.*]] = tensor.cast %[[P]] : tensor<?xf32> to tensor<3xf32>
// CHECK:         %[[R:.*]]:3 = norm.batch_norm_training ins(%[[XC]] : tensor<8x3x5xf32>) scale(%[[G]] : tensor<3xf32>) outs(%[[YC]] : tensor<8x3x5xf32>) running(%[[PC]], %[[PC]] : tensor<3xf32>, tensor<3xf32>) features = [1]
// CHECK-DAG:     %[[R0:.*]] = tensor.cast %[[R]]#0 : tensor<8x3x5xf32> to tensor<?x?x5xf32>
// CHECK-DAG:     %[[R1:.*]] = tensor.cast %[[R]]#1 : tensor<3xf32> to tensor<?xf32>
// CHECK-DAG:     %[[R2:.*]] = tensor.cast %[[R]]#2 : tensor<3xf32> to tensor<?xf32>
// CHECK:         return %[[R0]], %[[R1]], %[[R2]]
// KEPT-LABEL:  func @training(
// KEPT:          norm.batch_norm_training ins(%{{.*}} : tensor<8x3x5xf32>) scale(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<8x3x5xf32>) running(%{{.*}} : tensor<3xf32>, tensor<3xf32>)
func.func @training(%x: tensor<8x?x?xf32>, %y: tensor<?x?x5xf32>, %g: tensor<3xf32>, %p: tensor<?xf32>)
    -> (tensor<?x?x5xf32>, tensor<?xf32>, tensor<?xf32>) {
  %r:3 = norm.batch_norm_training ins(%x : tensor<8x?x?xf32>) scale(%g : tensor<3xf32>)
      outs(%y : tensor<?x?x5xf32>) running(%p, %p : tensor<?xf32>, tensor<?xf32>)
      features = [1]
  return %r#0, %r#1, %r#2 : tensor<?x?x5xf32>, tensor<?xf32>, tensor<?xf32>
}

// -----

// Channels make groups of them, and one group is one statistic.
// CHECK-LABEL: func @groups(
// CHECK:         norm.group_norm ins(%{{.*}} : tensor<?x6x?xf32>) scale(%{{.*}} : tensor<2xf32>) outs(%{{.*}} : tensor<?x6x?xf32>) statistics(%{{.*}} : tensor<?x3xf32>, tensor<?x3xf32>) channel = 1 num_groups = 3 affine = per_member
// CHECK:         norm.group_norm {{.*}} statistics(%{{.*}} : tensor<1xf32>, tensor<1xf32>) batch = [] channel = 1 num_groups = 1
func.func @groups(%x: tensor<?x6x?xf32>, %y: tensor<?x?x?xf32>, %g: tensor<?xf32>, %s: tensor<?x?xf32>,
    %p: tensor<?xf32>) -> (tensor<?x?x?xf32>, tensor<?x?x?xf32>) {
  %r:3 = norm.group_norm ins(%x : tensor<?x6x?xf32>) scale(%g : tensor<?xf32>)
      outs(%y : tensor<?x?x?xf32>) statistics(%s, %s : tensor<?x?xf32>, tensor<?x?xf32>)
      channel = 1 num_groups = 3 affine = per_member
  %q:3 = norm.group_norm ins(%y : tensor<?x?x?xf32>) outs(%y : tensor<?x?x?xf32>)
      statistics(%p, %p : tensor<?xf32>, tensor<?xf32>) batch = [] channel = 1 num_groups = 1
  return %r#0, %q#0 : tensor<?x?x?xf32>, tensor<?x?x?xf32>
}

// -----

// Groups and the channels of one make all channels.
// CHECK-LABEL: func @channels(
// CHECK:         norm.group_norm_grad ins(%{{.*}}, %{{.*}} : tensor<?x6xf32>, tensor<?x6xf32>) mean(%{{.*}} : tensor<?x3xf32>) rstd(%{{.*}} : tensor<?x3xf32>) scale_gradient(%{{.*}} : tensor<6xf32>) channel = 1 group_size = 2
// CHECK:         norm.group_norm ins(%{{.*}} : tensor<?x6xf32>) bias(%{{.*}} : tensor<2xf32>) outs(%{{.*}} : tensor<?x6xf32>) channel = 1 num_groups = 3 affine = per_member
func.func @channels(%x: tensor<?x?xf32>, %s: tensor<?x3xf32>, %p: tensor<?xf32>, %b: tensor<2xf32>)
    -> (tensor<?xf32>, tensor<?x?xf32>) {
  %r = norm.group_norm_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      mean(%s : tensor<?x3xf32>) rstd(%s : tensor<?x3xf32>)
      scale_gradient(%p : tensor<?xf32>) channel = 1 group_size = 2
  %q = norm.group_norm ins(%x : tensor<?x?xf32>) bias(%b : tensor<2xf32>)
      outs(%x : tensor<?x?xf32>) channel = 1 num_groups = 3 affine = per_member
  return %r, %q : tensor<?xf32>, tensor<?x?xf32>
}

// -----

// Sizes that are known from where a value comes from; one value for an output that
// is an input.
// CHECK-LABEL: func @origins(
// CHECK:         %[[E:.*]] = tensor.empty
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<8x4xf32>) outs(%{{.*}} : tensor<8x4xf32>)
// CHECK:         %[[C:.*]] = tensor.cast %{{.*}} : tensor<?x?xf32> to tensor<8x4xf32>
// CHECK-NEXT:    %{{.*}} = tensor.cast
// CHECK-NEXT:    %{{.*}} = norm.layer_norm ins(%[[C]] : tensor<8x4xf32>) scale(%{{.*}} : tensor<4xf32>) outs(%[[C]] : tensor<8x4xf32>)
// KEPT-LABEL:  func @origins(
// KEPT:          norm.layer_norm ins(%{{.*}} : tensor<8x4xf32>) outs(%{{.*}} : tensor<8x4xf32>)
// KEPT:          norm.layer_norm ins(%{{.*}} : tensor<8x4xf32>) scale(%{{.*}} : tensor<4xf32>) outs(%{{.*}} : tensor<8x4xf32>)
func.func @origins(%x: tensor<?x?xf32>, %g: tensor<?xf32>) -> tensor<?x?xf32> {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %e = tensor.empty(%c8, %c4) : tensor<?x?xf32>
  %y = norm.layer_norm ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) axes = [1]
  %z = norm.layer_norm ins(%y : tensor<?x?xf32>) scale(%g : tensor<?xf32>)
      outs(%y : tensor<?x?xf32>) axes = [1]
  return %z : tensor<?x?xf32>
}

// -----

// Nothing to tell, and nothing to add.
// CHECK-LABEL: func @nothing(
// CHECK-NOT:     tensor.cast
// CHECK:         return
func.func @nothing(%x: tensor<?x?x4xf32>, %p: tensor<?xf32>, %y: memref<?x3xf32>, %q: memref<?xf32>) {
  %0 = norm.rms_norm ins(%x : tensor<?x?x4xf32>) scale(%p : tensor<?xf32>)
      outs(%x : tensor<?x?x4xf32>) axes = [1]
  norm.layer_norm ins(%y : memref<?x3xf32>) scale(%q : memref<?xf32>)
      outs(%y : memref<?x3xf32>) axes = [1]
  return
}

// -----

func.func @contradiction(%x: tensor<?x?xf32>, %g: tensor<3xf32>, %b: tensor<4xf32>) -> tensor<?x?xf32> {
  // expected-error@+1 {{expected the shape of bias to be 3, the sizes of the feature axes, but got 4}}
  %y = norm.batch_norm_training ins(%x : tensor<?x?xf32>) scale(%g : tensor<3xf32>)
      bias(%b : tensor<4xf32>) outs(%x : tensor<?x?xf32>) features = [1]
  return %y : tensor<?x?xf32>
}

// -----

func.func @multiple(%x: tensor<?x?xf32>, %g: tensor<6xf32>) -> tensor<?x?xf32> {
  // expected-error@+1 {{expected the number of channels to be a multiple of num_groups = 4, but got 6}}
  %y = norm.group_norm ins(%x : tensor<?x?xf32>) scale(%g : tensor<6xf32>)
      outs(%x : tensor<?x?xf32>) channel = 1 num_groups = 4
  return %y : tensor<?x?xf32>
}

// -----

// A mask and lengths tell sizes of the input, and are told them.
// CHECK-LABEL: func @mask(
// CHECK-SAME:    %[[X:.*]]: tensor<?x3x?xf32>, %[[M:.*]]: tensor<8x?x5xi1>, %[[L:.*]]: tensor<8xi32>)
// CHECK-DAG:     %[[XC:.*]] = tensor.cast %[[X]] : tensor<?x3x?xf32> to tensor<8x3x5xf32>
// CHECK-DAG:     %[[MC:.*]] = tensor.cast %[[M]] : tensor<8x?x5xi1> to tensor<8x3x5xi1>
// CHECK:         norm.layer_norm ins(%[[XC]] : tensor<8x3x5xf32>) mask(%[[MC]] : tensor<8x3x5xi1>) outs(%[[XC]] : tensor<8x3x5xf32>)
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<8x3x?xf32>) lengths(%[[L]] : tensor<8xi32>) outs(%{{.*}} : tensor<8x3x?xf32>)
// KEPT-LABEL:  func @mask(
func.func @mask(%x: tensor<?x3x?xf32>, %m: tensor<8x?x5xi1>, %l: tensor<8xi32>)
    -> (tensor<?x3x?xf32>, tensor<?x3x?xf32>) {
  %y = norm.layer_norm ins(%x : tensor<?x3x?xf32>) mask(%m : tensor<8x?x5xi1>)
      outs(%x : tensor<?x3x?xf32>) axes = [2] mask_axes = [0, 1, 2]
  %z = norm.layer_norm ins(%x : tensor<?x3x?xf32>) lengths(%l : tensor<8xi32>)
      outs(%x : tensor<?x3x?xf32>) axes = [2] mask_axes = [0] sequence_axis = 2
  return %y, %z : tensor<?x3x?xf32>, tensor<?x3x?xf32>
}
