// RUN: norm-opt %s --norm-tile=min-slabs=8 --canonicalize --cse --split-input-file | FileCheck %s

// A mask without the axis of slabs is the same for all of them.
// CHECK-LABEL: func @training(
// CHECK-SAME:    %{{.*}}: tensor<4x16x25xf32>, %[[M:.*]]: tensor<4x25xi1>)
// CHECK:         scf.forall (%{{.*}}) in (16)
// CHECK:           norm.batch_norm_training ins(%{{.*}} : tensor<4x1x25xf32>) mask(%[[M]] : tensor<4x25xi1>) outs(%{{.*}} : tensor<4x1x25xf32>) features = [1] mask_axes = [0, 2]
func.func @training(%x: tensor<4x16x25xf32>, %m: tensor<4x25xi1>) -> tensor<4x16x25xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<4x16x25xf32>) mask(%m : tensor<4x25xi1>)
      outs(%x : tensor<4x16x25xf32>) features = [1] mask_axes = [0, 2]
  return %y : tensor<4x16x25xf32>
}

// -----

// A slab of a group norm has the mask of the channels of one group.
// CHECK-LABEL: func @group(
// CHECK-SAME:    %{{.*}}: tensor<4x15x25xf32>, %[[P:.*]]: tensor<15xf32>, %[[M:.*]]: tensor<4x15x25xi1>)
// CHECK:         scf.forall (%[[N:.*]], %[[G:.*]]) in (4, 3)
// CHECK:           %[[C:.*]] = affine.apply #{{.*}}(%[[G]])
// CHECK:           %[[MS:.*]] = tensor.extract_slice %[[M]][%[[N]], %[[C]], 0] [1, 5, 25] [1, 1, 1]
// CHECK:           norm.group_norm {{.*}} mask(%[[MS]] : tensor<1x5x25xi1>) {{.*}} channel = 1 num_groups = 1 mask_axes = [0, 1, 2] unselected = normalize
func.func @group(%x: tensor<4x15x25xf32>, %p: tensor<15xf32>, %m: tensor<4x15x25xi1>)
    -> tensor<4x15x25xf32> {
  %y = norm.group_norm ins(%x : tensor<4x15x25xf32>) scale(%p : tensor<15xf32>)
      mask(%m : tensor<4x15x25xi1>) outs(%x : tensor<4x15x25xf32>) channel = 1
      num_groups = 3 mask_axes = [0, 1, 2] unselected = normalize
  return %y : tensor<4x15x25xf32>
}

// -----

// One value selects a whole sample.
// CHECK-LABEL: func @layer(
// CHECK-SAME:    %{{.*}}: tensor<4x16x25xf32>, %[[M:.*]]: tensor<4x16xi1>)
// CHECK:         scf.forall (%[[I:.*]], %[[J:.*]]) in (4, 16)
// CHECK:           %[[MS:.*]] = tensor.extract_slice %[[M]][%[[I]], %[[J]]] [1, 1] [1, 1]
// CHECK:           norm.layer_norm {{.*}} mask(%[[MS]] : tensor<1x1xi1>) {{.*}} axes = [2] mask_axes = [0, 1]
func.func @layer(%x: tensor<4x16x25xf32>, %m: tensor<4x16xi1>) -> tensor<4x16x25xf32> {
  %y = norm.layer_norm ins(%x : tensor<4x16x25xf32>) mask(%m : tensor<4x16xi1>)
      outs(%x : tensor<4x16x25xf32>) axes = [2] mask_axes = [0, 1]
  return %y : tensor<4x16x25xf32>
}

// -----

// CHECK-LABEL: func @gradient(
// CHECK-SAME:    %[[M:[a-z0-9]*]]: tensor<?x?xi1>)
// CHECK:         scf.forall (%[[C:.*]]) in
// CHECK:           %[[MS:.*]] = tensor.extract_slice %[[M]][%[[C]], 0] [1, %{{.*}}] [1, 1] : tensor<?x?xi1> to tensor<1x?xi1>
// CHECK:           norm.batch_norm_grad {{.*}} mask(%[[MS]] : tensor<1x?xi1>) {{.*}} features = [1] mask_axes = [1, 2] unselected = normalize
func.func @gradient(%x: tensor<?x?x?xf32>, %p: tensor<?xf32>, %m: tensor<?x?xi1>)
    -> tensor<?x?x?xf32> {
  %y = norm.batch_norm_grad ins(%x, %x : tensor<?x?x?xf32>, tensor<?x?x?xf32>)
      mean(%p : tensor<?xf32>) rstd(%p : tensor<?xf32>) mask(%m : tensor<?x?xi1>)
      outs(%x : tensor<?x?x?xf32>) features = [1] mask_axes = [1, 2]
      unselected = normalize
  return %y : tensor<?x?x?xf32>
}

// -----

// Lengths count from the start of an axis: the layer waits for its mask.
// CHECK-LABEL: func @lengths(
// CHECK-NOT:     scf.forall
// CHECK:         norm.batch_norm_training {{.*}} lengths(%{{.*}} : tensor<4xi32>) outs(%{{.*}} : tensor<4x16x25xf32>)
func.func @lengths(%x: tensor<4x16x25xf32>, %l: tensor<4xi32>) -> tensor<4x16x25xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<4x16x25xf32>) lengths(%l : tensor<4xi32>)
      outs(%x : tensor<4x16x25xf32>) features = [1] mask_axes = [0] sequence_axis = 2
  return %y : tensor<4x16x25xf32>
}
