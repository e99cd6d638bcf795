// RUN: norm-opt %s --norm-tile=min-slabs=8 --canonicalize --cse --split-input-file | FileCheck %s

// Slabs of instance, layer and RMS norm, and of parameters on other axes.

// One iteration for each sample: its rows of the data, its elements of the statistics,
// and parameters that all samples share.
// CHECK-LABEL: func @layer(
// CHECK-SAME:    %[[X:.*]]: tensor<32x6x5xf32>, %[[G:.*]]: tensor<6x5xf32>, %[[M:.*]]: tensor<32xf32>, %[[V:.*]]: tensor<32xf32>)
// CHECK:         %[[V0:.*]]:3 = scf.forall (%{{.*}}) in (32) shared_outs(%{{.*}} = %[[X]], %{{.*}} = %[[M]], %{{.*}} = %[[V]]) -> (tensor<32x6x5xf32>, tensor<32xf32>, tensor<32xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][%{{.*}}, 0, 0] [1, 6, 5] [1, 1, 1] : tensor<32x6x5xf32> to tensor<1x6x5xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0, 0] [1, 6, 5] [1, 1, 1] : tensor<32x6x5xf32> to tensor<1x6x5xf32>
// CHECK:         %[[SLICE_1:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}] [1] [1] : tensor<32xf32> to tensor<1xf32>
// CHECK:         %[[SLICE_2:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}] [1] [1] : tensor<32xf32> to tensor<1xf32>
// CHECK:         %[[V1:.*]]:3 = norm.layer_norm ins(%[[SLICE]] : tensor<1x6x5xf32>) scale(%[[G]] : tensor<6x5xf32>) outs(%[[SLICE_0]] : tensor<1x6x5xf32>) statistics(%[[SLICE_1]], %[[SLICE_2]] : tensor<1xf32>, tensor<1xf32>) axes = [1, 2]{{$}}
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V1]]#0 into %{{.*}}[%{{.*}}, 0, 0] [1, 6, 5] [1, 1, 1] : tensor<1x6x5xf32> into tensor<32x6x5xf32>
// CHECK:         tensor.parallel_insert_slice %[[V1]]#1 into %{{.*}}[%{{.*}}] [1] [1] : tensor<1xf32> into tensor<32xf32>
// CHECK:         tensor.parallel_insert_slice %[[V1]]#2 into %{{.*}}[%{{.*}}] [1] [1] : tensor<1xf32> into tensor<32xf32>
// CHECK:         return %[[V0]]#0, %[[V0]]#1, %[[V0]]#2 : tensor<32x6x5xf32>, tensor<32xf32>, tensor<32xf32>
func.func @layer(%x: tensor<32x6x5xf32>, %g: tensor<6x5xf32>, %m: tensor<32xf32>, %v: tensor<32xf32>) -> (tensor<32x6x5xf32>, tensor<32xf32>, tensor<32xf32>) {
  %y:3 = norm.layer_norm ins(%x : tensor<32x6x5xf32>) scale(%g : tensor<6x5xf32>)
      outs(%x : tensor<32x6x5xf32>) statistics(%m, %v : tensor<32xf32>, tensor<32xf32>) axes = [1, 2]
  return %y#0, %y#1, %y#2 : tensor<32x6x5xf32>, tensor<32xf32>, tensor<32xf32>
}

// -----

// A scale for each channel of each sample is sliced along both.
// CHECK-LABEL: func @instance(
// CHECK-SAME:    %[[X:.*]]: tensor<4x8x25xf32>, %[[G:.*]]: tensor<4x8xf32>)
// CHECK:         %[[V0:.*]] = scf.forall (%{{.*}}, %{{.*}}) in (4, 8) shared_outs(%{{.*}} = %[[X]]) -> (tensor<4x8x25xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][%{{.*}}, %{{.*}}, 0] [1, 1, 25] [1, 1, 1] : tensor<4x8x25xf32> to tensor<1x1x25xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %[[G]][%{{.*}}, %{{.*}}] [1, 1] [1, 1] : tensor<4x8xf32> to tensor<1x1xf32>
// CHECK:         %[[SLICE_1:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, %{{.*}}, 0] [1, 1, 25] [1, 1, 1] : tensor<4x8x25xf32> to tensor<1x1x25xf32>
// CHECK:         %[[V1:.*]] = norm.instance_norm ins(%[[SLICE]] : tensor<1x1x25xf32>) scale(%[[SLICE_0]] : tensor<1x1xf32>) outs(%[[SLICE_1]] : tensor<1x1x25xf32>) channel = 1 parameters = [0, 1]
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V1]] into %{{.*}}[%{{.*}}, %{{.*}}, 0] [1, 1, 25] [1, 1, 1] : tensor<1x1x25xf32> into tensor<4x8x25xf32>
// CHECK:         return %[[V0]] : tensor<4x8x25xf32>
func.func @instance(%x: tensor<4x8x25xf32>, %g: tensor<4x8xf32>) -> tensor<4x8x25xf32> {
  %y = norm.instance_norm ins(%x : tensor<4x8x25xf32>) scale(%g : tensor<4x8xf32>)
      outs(%x : tensor<4x8x25xf32>) channel = 1 parameters = [0, 1]
  return %y : tensor<4x8x25xf32>
}

// -----

// CHECK-LABEL: func @rms(
// CHECK-SAME:    %[[X:.*]]: tensor<32x25xf32>, %[[G:.*]]: tensor<25xf32>)
// CHECK:         %[[V0:.*]] = scf.forall (%{{.*}}) in (32) shared_outs(%{{.*}} = %[[X]]) -> (tensor<32x25xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][%{{.*}}, 0] [1, 25] [1, 1] : tensor<32x25xf32> to tensor<1x25xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0] [1, 25] [1, 1] : tensor<32x25xf32> to tensor<1x25xf32>
// CHECK:         %[[V1:.*]] = norm.rms_norm ins(%[[SLICE]] : tensor<1x25xf32>) scale(%[[G]] : tensor<25xf32>) outs(%[[SLICE_0]] : tensor<1x25xf32>) axes = [1] epsilon_mode = max zero_centered_scale
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V1]] into %{{.*}}[%{{.*}}, 0] [1, 25] [1, 1] : tensor<1x25xf32> into tensor<32x25xf32>
// CHECK:         return %[[V0]] : tensor<32x25xf32>
func.func @rms(%x: tensor<32x25xf32>, %g: tensor<25xf32>) -> tensor<32x25xf32> {
  %y = norm.rms_norm ins(%x : tensor<32x25xf32>) scale(%g : tensor<25xf32>)
      outs(%x : tensor<32x25xf32>) axes = [1] epsilon_mode = max zero_centered_scale
  return %y : tensor<32x25xf32>
}

// -----

// A group has one parameter, or those of its members, which are whole.
// CHECK-LABEL: func @affine(
// CHECK-SAME:    %[[X:.*]]: tensor<16x6x25xf32>, %[[G:.*]]: tensor<2xf32>, %[[E:.*]]: tensor<3xf32>)
// CHECK:         %[[V0:.*]] = scf.forall (%{{.*}}, %{{.*}}) in (16, 2) shared_outs(%{{.*}} = %[[X]]) -> (tensor<16x6x25xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][%{{.*}}, %{{.*}}, 0] [1, 3, 25] [1, 1, 1] : tensor<16x6x25xf32> to tensor<1x3x25xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %[[G]][%{{.*}}] [1] [1] : tensor<2xf32> to tensor<1xf32>
// CHECK:         %[[SLICE_1:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, %{{.*}}, 0] [1, 3, 25] [1, 1, 1] : tensor<16x6x25xf32> to tensor<1x3x25xf32>
// CHECK:         %[[V3:.*]] = norm.group_norm ins(%[[SLICE]] : tensor<1x3x25xf32>) scale(%[[SLICE_0]] : tensor<1xf32>) outs(%[[SLICE_1]] : tensor<1x3x25xf32>) channel = 1 num_groups = 1 affine = per_group
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V3]] into %{{.*}}[%{{.*}}, %{{.*}}, 0] [1, 3, 25] [1, 1, 1] : tensor<1x3x25xf32> into tensor<16x6x25xf32>
// CHECK:         %[[V1:.*]] = scf.forall (%{{.*}}, %{{.*}}) in (16, 2) shared_outs(%{{.*}} = %[[V0]]) -> (tensor<16x6x25xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[V0]][%{{.*}}, %{{.*}}, 0] [1, 3, 25] [1, 1, 1] : tensor<16x6x25xf32> to tensor<1x3x25xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, %{{.*}}, 0] [1, 3, 25] [1, 1, 1] : tensor<16x6x25xf32> to tensor<1x3x25xf32>
// CHECK:         %[[V3:.*]] = norm.group_norm ins(%[[SLICE]] : tensor<1x3x25xf32>) bias(%[[E]] : tensor<3xf32>) outs(%[[SLICE_0]] : tensor<1x3x25xf32>) channel = 1 num_groups = 1 affine = per_member
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V3]] into %{{.*}}[%{{.*}}, %{{.*}}, 0] [1, 3, 25] [1, 1, 1] : tensor<1x3x25xf32> into tensor<16x6x25xf32>
// CHECK:         return %[[V1]] : tensor<16x6x25xf32>
func.func @affine(%x: tensor<16x6x25xf32>, %g: tensor<2xf32>, %e: tensor<3xf32>) -> tensor<16x6x25xf32> {
  %y = norm.group_norm ins(%x : tensor<16x6x25xf32>) scale(%g : tensor<2xf32>)
      outs(%x : tensor<16x6x25xf32>) channel = 1 num_groups = 2 affine = per_group
  %z = norm.group_norm ins(%y : tensor<16x6x25xf32>) bias(%e : tensor<3xf32>)
      outs(%y : tensor<16x6x25xf32>) channel = 1 num_groups = 2 affine = per_member
  return %z : tensor<16x6x25xf32>
}

// -----

// The number of batches is the same for all features.
// CHECK-LABEL: func @batches(
// CHECK-SAME:    %[[X:.*]]: tensor<4x32x25xf32>, %[[P:.*]]: tensor<32xf32>, %[[K:.*]]: tensor<f32>)
// CHECK:         %[[V0:.*]]:3 = scf.forall (%{{.*}}) in (32) shared_outs(%{{.*}} = %[[X]], %{{.*}} = %[[P]], %{{.*}} = %[[P]]) -> (tensor<4x32x25xf32>, tensor<32xf32>, tensor<32xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][0, %{{.*}}, 0] [4, 1, 25] [1, 1, 1] : tensor<4x32x25xf32> to tensor<4x1x25xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %{{.*}}[0, %{{.*}}, 0] [4, 1, 25] [1, 1, 1] : tensor<4x32x25xf32> to tensor<4x1x25xf32>
// CHECK:         %[[SLICE_1:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}] [1] [1] : tensor<32xf32> to tensor<1xf32>
// CHECK:         %[[SLICE_2:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}] [1] [1] : tensor<32xf32> to tensor<1xf32>
// CHECK:         %[[V1:.*]]:3 = norm.batch_norm_training ins(%[[SLICE]] : tensor<4x1x25xf32>) batches(%[[K]] : tensor<f32>) outs(%[[SLICE_0]] : tensor<4x1x25xf32>) running(%[[SLICE_1]], %[[SLICE_2]] : tensor<1xf32>, tensor<1xf32>) features = [1] empty = nan
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V1]]#0 into %{{.*}}[0, %{{.*}}, 0] [4, 1, 25] [1, 1, 1] : tensor<4x1x25xf32> into tensor<4x32x25xf32>
// CHECK:         tensor.parallel_insert_slice %[[V1]]#1 into %{{.*}}[%{{.*}}] [1] [1] : tensor<1xf32> into tensor<32xf32>
// CHECK:         tensor.parallel_insert_slice %[[V1]]#2 into %{{.*}}[%{{.*}}] [1] [1] : tensor<1xf32> into tensor<32xf32>
// CHECK:         return %[[V0]]#0, %[[V0]]#1, %[[V0]]#2 : tensor<4x32x25xf32>, tensor<32xf32>, tensor<32xf32>
func.func @batches(%x: tensor<4x32x25xf32>, %p: tensor<32xf32>, %k: tensor<f32>) -> (tensor<4x32x25xf32>, tensor<32xf32>, tensor<32xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<4x32x25xf32>) batches(%k : tensor<f32>)
      outs(%x : tensor<4x32x25xf32>) running(%p, %p : tensor<32xf32>, tensor<32xf32>)
      features = [1] empty = nan
  return %y#0, %y#1, %y#2 : tensor<4x32x25xf32>, tensor<32xf32>, tensor<32xf32>
}

// -----

// CHECK-LABEL: func @layer_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<32x25xf32>, %[[S:.*]]: tensor<32xf32>, %[[G:.*]]: tensor<25xf32>)
// CHECK:         %[[V0:.*]] = scf.forall (%{{.*}}) in (32) shared_outs(%{{.*}} = %[[X]]) -> (tensor<32x25xf32>) {
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][%{{.*}}, 0] [1, 25] [1, 1] : tensor<32x25xf32> to tensor<1x25xf32>
// CHECK:         %[[SLICE_0:.*]] = tensor.extract_slice %[[S]][%{{.*}}] [1] [1] : tensor<32xf32> to tensor<1xf32>
// CHECK:         %[[SLICE_1:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0] [1, 25] [1, 1] : tensor<32x25xf32> to tensor<1x25xf32>
// CHECK:         %[[V1:.*]] = norm.layer_norm_grad ins(%[[SLICE]], %[[SLICE]] : tensor<1x25xf32>, tensor<1x25xf32>) mean(%[[SLICE_0]] : tensor<1xf32>) variance(%[[SLICE_0]] : tensor<1xf32>) scale(%[[G]] : tensor<25xf32>) outs(%[[SLICE_1]] : tensor<1x25xf32>) axes = [1] epsilon_mode = outside
// CHECK:         scf.forall.in_parallel {
// CHECK:         tensor.parallel_insert_slice %[[V1]] into %{{.*}}[%{{.*}}, 0] [1, 25] [1, 1] : tensor<1x25xf32> into tensor<32x25xf32>
// CHECK:         return %[[V0]] : tensor<32x25xf32>
func.func @layer_gradient(%x: tensor<32x25xf32>, %s: tensor<32xf32>, %g: tensor<25xf32>) -> tensor<32x25xf32> {
  %y = norm.layer_norm_grad ins(%x, %x : tensor<32x25xf32>, tensor<32x25xf32>)
      mean(%s : tensor<32xf32>) variance(%s : tensor<32xf32>) scale(%g : tensor<25xf32>)
      outs(%x : tensor<32x25xf32>) axes = [1] epsilon_mode = outside
  return %y : tensor<32x25xf32>
}

// -----

// Sums over a loop that is not tiled, however long it is.
// CHECK-LABEL: func @sums_in_slab(
// CHECK:         scf.forall (%[[I:.*]]) in (%{{.*}})
// CHECK:           norm.layer_norm_grad ins(%{{.*}} : tensor<1x?x?xf32>, tensor<1x?x?xf32>) {{.*}} scale_gradient(%{{.*}} : tensor<1x?xf32>) axes = [1] parameters = [0, 1]
// CHECK-LABEL: func @group_sums_in_slab(
// CHECK:         scf.forall (%[[I:.*]]) in (%{{.*}})
// CHECK:           norm.group_norm_grad ins(%{{.*}} : tensor<1x?x?xf32>, tensor<1x?x?xf32>) {{.*}} bias_gradient(%{{.*}} : tensor<1x?xf32>) channel = 2 group_size = 2 parameters = [0, 2] affine = per_member
func.func @sums_in_slab(%x: tensor<?x?x?xf32>, %s: tensor<?x?xf32>, %p: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = norm.layer_norm_grad ins(%x, %x : tensor<?x?x?xf32>, tensor<?x?x?xf32>)
      mean(%s : tensor<?x?xf32>) variance(%s : tensor<?x?xf32>)
      scale_gradient(%p : tensor<?x?xf32>) axes = [1] parameters = [0, 1]
  return %y : tensor<?x?xf32>
}
func.func @group_sums_in_slab(%x: tensor<?x?x?xf32>, %s: tensor<?x?xf32>, %p: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = norm.group_norm_grad ins(%x, %x : tensor<?x?x?xf32>, tensor<?x?x?xf32>)
      mean(%s : tensor<?x?xf32>) variance(%s : tensor<?x?xf32>)
      bias_gradient(%p : tensor<?x?xf32>) channel = 2 group_size = 2 parameters = [0, 2] affine = per_member
  return %y : tensor<?x?xf32>
}
