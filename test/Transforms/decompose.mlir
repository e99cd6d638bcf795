// RUN: norm-opt %s --norm-decompose --cse --split-input-file | FileCheck %s

// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x25xf32>, %[[G:.*]]: tensor<3xf16>, %[[B:.*]]: tensor<3xf16>, %[[INIT:.*]]: tensor<8x3x25xbf16>, %[[RM:.*]]: tensor<3xf16>, %[[RV:.*]]: tensor<3xf16>, %[[BM:.*]]: tensor<3xf32>, %[[BV:.*]]: tensor<3xf32>)
// CHECK-DAG:     %[[E:.*]] = tensor.empty() : tensor<3xf32>
// CHECK-DAG:     %[[Z:.*]] = linalg.fill
// CHECK-DAG:     %[[K:.*]] = norm.shift ins(%[[X]] : tensor<8x3x25xf32>) outs(%[[E]] : tensor<3xf32>) axes = [0, 2]
// CHECK:         %[[M:.*]]:3 = norm.moments ins(%[[X]] : tensor<8x3x25xf32>) shift(%[[K]] : tensor<3xf32>) outs(%[[Z]], %[[Z]], %[[Z]] : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) axes = [0, 2] accumulator = f32{{$}}
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[M]]#1 : tensor<3xf64>) outs(%{{.*}} : tensor<3xf32>)
// CHECK:         %[[S:.*]]:4 = norm.finalize ins(%[[M]]#0, %[[MEAN]], %[[M]]#2 : tensor<3xf64>, tensor<3xf32>, tensor<3xf64>) shift(%[[K]] : tensor<3xf32>) outs(%[[BM]], %[[BV]] : tensor<3xf32>, tensor<3xf32>) running(%[[RM]], %[[RV]] : tensor<3xf16>, tensor<3xf16>) momentum = 2.500000e-01 running_var_correction = 0
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[S]]#1 : tensor<3xf32>) outs(%[[E]] : tensor<3xf32>) epsilon = 1.000000e-03
// CHECK:         %[[Y:.*]] = norm.normalize ins(%[[X]] : tensor<8x3x25xf32>) shift(%[[K]] : tensor<3xf32>) mean(%[[MEAN]] : tensor<3xf32>) rstd(%[[R]] : tensor<3xf32>) scale(%[[G]] : tensor<3xf16>) bias(%[[B]] : tensor<3xf16>) outs(%[[INIT]] : tensor<8x3x25xbf16>) statistics_axes = [1] parameter_axes = [1]
// CHECK:         return %[[Y]], %[[S]]#2, %[[S]]#3, %[[S]]#0, %[[S]]#1
func.func @training(%x: tensor<8x3x25xf32>, %g: tensor<3xf16>, %b: tensor<3xf16>,
    %init: tensor<8x3x25xbf16>, %rm: tensor<3xf16>, %rv: tensor<3xf16>,
    %bm: tensor<3xf32>, %bv: tensor<3xf32>)
    -> (tensor<8x3x25xbf16>, tensor<3xf16>, tensor<3xf16>, tensor<3xf32>, tensor<3xf32>) {
  %y:5 = norm.batch_norm_training ins(%x : tensor<8x3x25xf32>)
      scale(%g : tensor<3xf16>) bias(%b : tensor<3xf16>)
      outs(%init : tensor<8x3x25xbf16>)
      running(%rm, %rv : tensor<3xf16>, tensor<3xf16>)
      batch(%bm, %bv : tensor<3xf32>, tensor<3xf32>)
      features = [1] epsilon = 1.0e-3 momentum = 0.25 running_var_correction = 0
  return %y#0, %y#1, %y#2, %y#3, %y#4
      : tensor<8x3x25xbf16>, tensor<3xf16>, tensor<3xf16>, tensor<3xf32>, tensor<3xf32>
}

// -----

// The fast variance has no shift. The least of operands, dynamic sizes.
// CHECK-LABEL: func @fast(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?xf16>, %[[INIT:.*]]: tensor<?x?x?xf16>)
// CHECK-NOT:     norm.shift
// CHECK:         %[[E:.*]] = tensor.empty(%{{.*}}, %{{.*}}) : tensor<?x?xf64>
// CHECK:         %[[Z:.*]] = linalg.fill {{.*}} outs(%[[E]] : tensor<?x?xf64>)
// CHECK:         %[[M:.*]]:3 = norm.moments ins(%[[X]] : tensor<?x?x?xf16>) outs(%[[Z]], %[[Z]], %[[Z]] : tensor<?x?xf64>, tensor<?x?xf64>, tensor<?x?xf64>) axes = [1] variance = fast accumulator = f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[M]]#1 : tensor<?x?xf64>) outs(%{{.*}} : tensor<?x?xf32>)
// CHECK:         %[[S:.*]]:2 = norm.finalize ins(%[[M]]#0, %[[MEAN]], %[[M]]#2 : tensor<?x?xf64>, tensor<?x?xf32>, tensor<?x?xf64>) outs(
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[S]]#1 : tensor<?x?xf32>)
// CHECK:         norm.normalize ins(%[[X]] : tensor<?x?x?xf16>) mean(%[[MEAN]] : tensor<?x?xf32>) rstd(%[[R]] : tensor<?x?xf32>) outs(%[[INIT]] : tensor<?x?x?xf16>) statistics_axes = [0, 2] parameter_axes = [0, 2]
func.func @fast(%x: tensor<?x?x?xf16>, %init: tensor<?x?x?xf16>) -> tensor<?x?x?xf16> {
  %y = norm.batch_norm_training ins(%x : tensor<?x?x?xf16>)
      outs(%init : tensor<?x?x?xf16>) features = [0, 2] variance = fast
  return %y : tensor<?x?x?xf16>
}

// -----

// Statistics wanted in another type are computed in the accumulator type and
// then converted.
// CHECK-LABEL: func @other_types(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3xf32>, %[[BM:.*]]: tensor<3xf16>, %[[BV:.*]]: tensor<3xf64>)
// CHECK:         %[[S:.*]]:2 = norm.finalize {{.*}} outs(%{{.*}}, %[[BV]] : tensor<3xf64>, tensor<3xf64>)
// CHECK:         norm.rstd ins(%[[S]]#1 : tensor<3xf64>)
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[S]]#0 : tensor<3xf64>) outs(%[[BM]] : tensor<3xf16>)
// CHECK:           arith.truncf %{{.*}} to f16
// CHECK:         return %{{.*}}, %[[MEAN]], %[[S]]#1
func.func @other_types(%x: tensor<8x3xf32>, %bm: tensor<3xf16>, %bv: tensor<3xf64>)
    -> (tensor<8x3xf32>, tensor<3xf16>, tensor<3xf64>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<8x3xf32>) outs(%x : tensor<8x3xf32>)
      batch(%bm, %bv : tensor<3xf16>, tensor<3xf64>) features = [1] accumulator = f64
  return %y#0, %y#1, %y#2 : tensor<8x3xf32>, tensor<3xf16>, tensor<3xf64>
}

// -----

// CHECK-LABEL: func @inference(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3xf64>, %[[M:.*]]: tensor<3xf32>, %[[V:.*]]: tensor<3xf32>, %[[INIT:.*]]: tensor<8x3xf32>)
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<3xf64>
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[V]] : tensor<3xf32>) outs(%[[E]] : tensor<3xf64>) epsilon = 1.000000e-02
// CHECK:         norm.normalize ins(%[[X]] : tensor<8x3xf64>) mean(%[[M]] : tensor<3xf32>) rstd(%[[R]] : tensor<3xf64>) bias(%[[M]] : tensor<3xf32>) outs(%[[INIT]] : tensor<8x3xf32>) statistics_axes = [1] parameter_axes = [1]
func.func @inference(%x: tensor<8x3xf64>, %m: tensor<3xf32>, %v: tensor<3xf32>,
    %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %y = norm.batch_norm_inference ins(%x : tensor<8x3xf64>)
      statistics(%m, %v : tensor<3xf32>, tensor<3xf32>) bias(%m : tensor<3xf32>)
      outs(%init : tensor<8x3xf32>) features = [1] epsilon = 1.0e-2
  return %y : tensor<8x3xf32>
}

// -----

// One group: the channels are one more reduced axis.
// CHECK-LABEL: func @one_group(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[G:.*]]: tensor<6xf32>, %[[S:.*]]: tensor<4x1xf32>)
// CHECK-NOT:     tensor.expand_shape %[[X]]
// CHECK:         %[[K:.*]] = norm.shift ins(%[[X]] : tensor<4x6x5xf32>) outs(%{{.*}} : tensor<4xf32>) axes = [1, 2]
// CHECK:         %[[M:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x6x5xf32>) shift(%[[K]] : tensor<4xf32>) {{.*}} axes = [1, 2] accumulator = f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[M]]#1 : {{.*}}) outs(%{{.*}} : {{.*}})
// CHECK:         %[[F:.*]]:2 = norm.finalize
// CHECK:         %[[Y:.*]] = norm.normalize ins(%[[X]] : tensor<4x6x5xf32>) shift(%[[K]] : tensor<4xf32>) mean(%[[MEAN]] : tensor<4xf32>) rstd(%{{.*}} : tensor<4xf32>) scale(%[[G]] : tensor<6xf32>) outs(%[[X]] : tensor<4x6x5xf32>) statistics_axes = [0] parameter_axes = [1]
// CHECK:         %[[MEAN:.*]] = tensor.expand_shape %[[F]]#0 {{\[\[}}0, 1]] output_shape [4, 1]
// CHECK:         linalg.generic {{.*}} ins(%[[MEAN]] : tensor<4x1xf32>) outs(%[[S]] : tensor<4x1xf32>)
func.func @one_group(%x: tensor<4x6x5xf32>, %g: tensor<6xf32>, %s: tensor<4x1xf32>)
    -> (tensor<4x6x5xf32>, tensor<4x1xf32>, tensor<4x1xf32>) {
  %y:3 = norm.group_norm ins(%x : tensor<4x6x5xf32>) scale(%g : tensor<6xf32>)
      outs(%x : tensor<4x6x5xf32>) statistics(%s, %s : tensor<4x1xf32>, tensor<4x1xf32>)
      channel = 1 num_groups = 1
  return %y#0, %y#1, %y#2 : tensor<4x6x5xf32>, tensor<4x1xf32>, tensor<4x1xf32>
}

// -----

// One channel a group: the channels are one more statistics axis.
// CHECK-LABEL: func @one_channel(
// CHECK-SAME:    %[[X:.*]]: tensor<4x?x5xf32>
// CHECK-NOT:     tensor.expand_shape
// CHECK:         norm.shift ins(%[[X]] : tensor<4x?x5xf32>) outs(%{{.*}} : tensor<4x?xf32>) axes = [2]
// CHECK:         norm.moments ins(%[[X]] : tensor<4x?x5xf32>) {{.*}} axes = [2] accumulator = f32
// CHECK:         norm.normalize ins(%[[X]] : tensor<4x?x5xf32>) {{.*}} statistics_axes = [0, 1] parameter_axes = [1]
func.func @one_channel(%x: tensor<4x?x5xf32>, %g: tensor<?xf32>) -> tensor<4x?x5xf32> {
  %y = norm.group_norm ins(%x : tensor<4x?x5xf32>) bias(%g : tensor<?xf32>)
      outs(%x : tensor<4x?x5xf32>) channel = 1 group_size = 1
  return %y : tensor<4x?x5xf32>
}

// -----

// Channels innermost: moments of channels, in one shift for each group, are
// combined to those of groups.
// CHECK-LABEL: func @channels_last(
// CHECK-SAME:    %[[X:.*]]: tensor<4x5x6xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[K0:.*]] = norm.shift ins(%[[X]] : tensor<4x5x6xf32>) outs(%{{.*}} : tensor<4x6xf32>) axes = [1]
// CHECK:         %[[K1:.*]] = tensor.expand_shape %[[K0]] {{\[\[}}0], [1, 2]] output_shape [4, 2, 3]
// CHECK:         %[[K2:.*]] = norm.shift ins(%[[K1]] : tensor<4x2x3xf32>) outs(%{{.*}} : tensor<4x2xf32>) axes = [2]
// CHECK:         %[[K3:.*]] = linalg.broadcast ins(%[[K2]] : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2x3xf32>) dimensions = [2]
// CHECK:         %[[K:.*]] = tensor.collapse_shape %[[K3]] {{\[\[}}0], [1, 2]]
// CHECK:         %[[P:.*]]:3 = norm.moments ins(%[[X]] : tensor<4x5x6xf32>) shift(%[[K]] : tensor<4x6xf32>) {{.*}} axes = [1] accumulator = f32
// CHECK:         %[[M:.*]]:3 = norm.combine_moments ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<4x2x3xf64>, tensor<4x2x3xf32>, tensor<4x2x3xf64>) {{.*}} axes = [2]
// CHECK:         norm.finalize ins(%[[M]]#0, %[[M]]#1, %[[M]]#2 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) shift(%[[K2]] : tensor<4x2xf32>)
// CHECK:         norm.normalize ins(%[[X]] : tensor<4x5x6xf32>) shift(%[[K]] : tensor<4x6xf32>) mean(%{{.*}} : tensor<4x6xf32>) rstd(%{{.*}} : tensor<4x6xf32>) scale(%[[G]] : tensor<6xf32>) outs(%[[X]] : tensor<4x5x6xf32>) statistics_axes = [0, 2] parameter_axes = [2]
func.func @channels_last(%x: tensor<4x5x6xf32>, %g: tensor<6xf32>) -> tensor<4x5x6xf32> {
  %y = norm.group_norm ins(%x : tensor<4x5x6xf32>) scale(%g : tensor<6xf32>)
      outs(%x : tensor<4x5x6xf32>) channel = 2 num_groups = 2
  return %y : tensor<4x5x6xf32>
}

// -----

// Else the channel axis becomes two.
// CHECK-LABEL: func @groups(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5xf32>, %[[G:.*]]: tensor<6xf32>, %[[INIT:.*]]: tensor<4x6x5xf32>)
// CHECK:         %[[XS:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5]
// CHECK:         %[[K:.*]] = norm.shift ins(%[[XS]] : tensor<4x2x3x5xf32>) outs(%{{.*}} : tensor<4x2xf32>) axes = [2, 3]
// CHECK:         norm.moments ins(%[[XS]] : tensor<4x2x3x5xf32>) shift(%[[K]] : tensor<4x2xf32>) {{.*}} axes = [2, 3] accumulator = f32
// CHECK:         %[[GS:.*]] = tensor.expand_shape %[[G]] {{\[\[}}0, 1]] output_shape [2, 3]
// CHECK:         %[[IS:.*]] = tensor.expand_shape %[[INIT]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5]
// CHECK:         %[[Y:.*]] = norm.normalize ins(%[[XS]] : tensor<4x2x3x5xf32>) {{.*}} scale(%[[GS]] : tensor<2x3xf32>) outs(%[[IS]] : tensor<4x2x3x5xf32>) statistics_axes = [0, 1] parameter_axes = [1, 2]
// CHECK:         tensor.collapse_shape %[[Y]] {{\[\[}}0], [1, 2], [3]]
func.func @groups(%x: tensor<4x6x5xf32>, %g: tensor<6xf32>, %init: tensor<4x6x5xf32>)
    -> tensor<4x6x5xf32> {
  %y = norm.group_norm ins(%x : tensor<4x6x5xf32>) scale(%g : tensor<6xf32>)
      outs(%init : tensor<4x6x5xf32>) channel = 1 group_size = 3
  return %y : tensor<4x6x5xf32>
}

// -----

// The number of channels of a group is computed at run time; statistics in
// another type.
// CHECK-LABEL: func @dynamic_groups(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?xf32>, %[[S:.*]]: tensor<?x2xf16>)
// CHECK:         %[[C:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         %[[SIZE:.*]] = affine.apply #{{.*}}()[%[[C]]]
// CHECK:         tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3]] output_shape [%{{.*}}, 2, %[[SIZE]], %{{.*}}] : tensor<?x?x?xf32> into tensor<?x2x?x?xf32>
// CHECK:         %[[F:.*]]:2 = norm.finalize
// CHECK:         linalg.generic {{.*}} ins(%[[F]]#0 : tensor<?x2xf32>) outs(%[[S]] : tensor<?x2xf16>)
// CHECK:         linalg.generic {{.*}} ins(%[[F]]#1 : tensor<?x2xf32>) outs(%[[S]] : tensor<?x2xf16>)
func.func @dynamic_groups(%x: tensor<?x?x?xf32>, %s: tensor<?x2xf16>)
    -> (tensor<?x?x?xf32>, tensor<?x2xf16>, tensor<?x2xf16>) {
  %y:3 = norm.group_norm ins(%x : tensor<?x?x?xf32>) outs(%x : tensor<?x?x?xf32>)
      statistics(%s, %s : tensor<?x2xf16>, tensor<?x2xf16>) channel = 1 num_groups = 2
  return %y#0, %y#1, %y#2 : tensor<?x?x?xf32>, tensor<?x2xf16>, tensor<?x2xf16>
}

// -----

// Ops on memrefs become tensors first.
// CHECK-LABEL: func @memrefs(
// CHECK:         norm.batch_norm_training
func.func @memrefs(%x: memref<4x6xf32>) {
  norm.batch_norm_training ins(%x : memref<4x6xf32>) outs(%x : memref<4x6xf32>) features = [1]
  return
}
