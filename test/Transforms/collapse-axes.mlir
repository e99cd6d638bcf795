// RUN: norm-opt %s --norm-collapse-axes --split-input-file | FileCheck %s

// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x5x7xf32>, %[[INIT:.*]]: tensor<8x3x5x7xf32>, %[[P:.*]]: tensor<3xf32>)
// CHECK-DAG:     %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf32> into tensor<8x3x35xf32>
// CHECK-DAG:     %[[IC:.*]] = tensor.collapse_shape %[[INIT]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf32> into tensor<8x3x35xf32>
// CHECK:         %[[YC:.*]]:3 = norm.batch_norm_training ins(%[[XC]] : tensor<8x3x35xf32>) scale(%[[P]] : tensor<3xf32>) outs(%[[IC]] : tensor<8x3x35xf32>) running(%[[P]], %[[P]] : tensor<3xf32>, tensor<3xf32>) features = [1]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[YC]]#0 {{\[\[}}0], [1], [2, 3]] output_shape [8, 3, 5, 7] : tensor<8x3x35xf32> into tensor<8x3x5x7xf32>
// CHECK:         return %[[Y]], %[[YC]]#1, %[[YC]]#2
func.func @training(%x: tensor<8x3x5x7xf32>, %init: tensor<8x3x5x7xf32>, %p: tensor<3xf32>)
    -> (tensor<8x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<8x3x5x7xf32>) scale(%p : tensor<3xf32>)
      outs(%init : tensor<8x3x5x7xf32>) running(%p, %p : tensor<3xf32>, tensor<3xf32>)
      features = [1]
  return %y#0, %y#1, %y#2 : tensor<8x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// Two runs of axes; features after them get new numbers.
// CHECK-LABEL: func @inference(
// CHECK:         tensor.collapse_shape %{{.*}} {{\[\[}}0, 1, 2], [3], [4, 5]] : tensor<2x3x4x5x6x7xf32> into tensor<24x5x42xf32>
// CHECK:         norm.batch_norm_inference {{.*}} outs(%{{.*}} : tensor<24x5x42xf32>) features = [1]
func.func @inference(%x: tensor<2x3x4x5x6x7xf32>, %init: tensor<2x3x4x5x6x7xf32>,
    %p: tensor<5xf32>) -> tensor<2x3x4x5x6x7xf32> {
  %y = norm.batch_norm_inference ins(%x : tensor<2x3x4x5x6x7xf32>)
      statistics(%p, %p : tensor<5xf32>, tensor<5xf32>)
      outs(%init : tensor<2x3x4x5x6x7xf32>) features = [3]
  return %y : tensor<2x3x4x5x6x7xf32>
}

// -----

// Neighbouring features become one, and so do the axes of their parameters.
// CHECK-LABEL: func @features(
// CHECK-SAME:    %{{.*}}: tensor<2x3x4x5xf32>, %[[P:.*]]: tensor<2x3xf32>)
// CHECK:         %[[PC:.*]] = tensor.collapse_shape %[[P]] {{\[\[}}0, 1]] : tensor<2x3xf32> into tensor<6xf32>
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<6x20xf32>) scale(%[[PC]] : tensor<6xf32>) outs(%{{.*}} : tensor<6x20xf32>) features = [0]
func.func @features(%x: tensor<2x3x4x5xf32>, %p: tensor<2x3xf32>) -> tensor<2x3x4x5xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4x5xf32>) scale(%p : tensor<2x3xf32>)
      outs(%x : tensor<2x3x4x5xf32>) features = [0, 1]
  return %y : tensor<2x3x4x5xf32>
}

// -----

// Features with parameters of other axes stay apart.
// CHECK-LABEL: func @parameters(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<2x3x20xf32>) scale(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<2x3x20xf32>) features = [0, 1] parameters = [1]
func.func @parameters(%x: tensor<2x3x4x5xf32>, %p: tensor<3xf32>) -> tensor<2x3x4x5xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4x5xf32>) scale(%p : tensor<3xf32>)
      outs(%x : tensor<2x3x4x5xf32>) features = [0, 1] parameters = [1]
  return %y : tensor<2x3x4x5xf32>
}

// -----

// Statistics are reshaped with the axes that they have, and back.
// CHECK-LABEL: func @layer(
// CHECK-SAME:    %{{.*}}: tensor<2x3x4x5xf32>, %[[G:.*]]: tensor<4x5xf32>, %[[S:.*]]: tensor<2x3xf32>)
// CHECK-DAG:     %[[GC:.*]] = tensor.collapse_shape %[[G]] {{\[\[}}0, 1]] : tensor<4x5xf32> into tensor<20xf32>
// CHECK-DAG:     %[[SC:.*]] = tensor.collapse_shape %[[S]] {{\[\[}}0, 1]] : tensor<2x3xf32> into tensor<6xf32>
// CHECK:         %[[Y:.*]]:3 = norm.layer_norm ins(%{{.*}} : tensor<6x20xf32>) scale(%[[GC]] : tensor<20xf32>) outs(%{{.*}} : tensor<6x20xf32>) statistics(%[[SC]], %[[SC]] : tensor<6xf32>, tensor<6xf32>) axes = [1]
// CHECK:         tensor.expand_shape %[[Y]]#1 {{\[\[}}0, 1]] output_shape [2, 3] : tensor<6xf32> into tensor<2x3xf32>
func.func @layer(%x: tensor<2x3x4x5xf32>, %g: tensor<4x5xf32>, %s: tensor<2x3xf32>)
    -> (tensor<2x3x4x5xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %y:3 = norm.layer_norm ins(%x : tensor<2x3x4x5xf32>) scale(%g : tensor<4x5xf32>)
      outs(%x : tensor<2x3x4x5xf32>) statistics(%s, %s : tensor<2x3xf32>, tensor<2x3xf32>)
      axes = [2, 3]
  return %y#0, %y#1, %y#2 : tensor<2x3x4x5xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

// Two axes remain.
// CHECK-LABEL: func @whole(
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<4x5xf32>) {{.*}} axes = [0, 1]
func.func @whole(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %y = norm.layer_norm ins(%x : tensor<4x5xf32>) outs(%x : tensor<4x5xf32>) axes = [0, 1]
  return %y : tensor<4x5xf32>
}

// -----

// Batch and channel axes are kept; dynamic sizes come from the output. An input
// that is the output is collapsed once.
// CHECK-LABEL: func @group(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?x?x6xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1, 2, 3], [4]] : tensor<?x?x?x?x6xf32> into tensor<?x?x6xf32>
// CHECK-NOT:     tensor.collapse_shape
// CHECK:         %[[YC:.*]] = norm.group_norm ins(%[[XC]] : tensor<?x?x6xf32>) outs(%[[XC]] : tensor<?x?x6xf32>) channel = 2 num_groups = 2
// CHECK:         tensor.expand_shape %[[YC]] {{\[\[}}0], [1, 2, 3], [4]] output_shape [%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, 6]
func.func @group(%x: tensor<?x?x?x?x6xf32>) -> tensor<?x?x?x?x6xf32> {
  %y = norm.group_norm ins(%x : tensor<?x?x?x?x6xf32>) outs(%x : tensor<?x?x?x?x6xf32>)
      channel = 4 num_groups = 2
  return %y : tensor<?x?x?x?x6xf32>
}

// -----

// CHECK-LABEL: func @group_batch(
// CHECK:         norm.group_norm ins(%{{.*}} : tensor<6x2x20xf32>) outs(%{{.*}} : tensor<6x2x20xf32>) batch = [1] channel = 0 group_size = 3
func.func @group_batch(%x: tensor<6x2x4x5xf32>) -> tensor<6x2x4x5xf32> {
  %y = norm.group_norm ins(%x : tensor<6x2x4x5xf32>) outs(%x : tensor<6x2x4x5xf32>)
      batch = [1] channel = 0 group_size = 3
  return %y : tensor<6x2x4x5xf32>
}

// -----

// Nothing to merge.
// CHECK-LABEL: func @nothing(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @nothing(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2x3x4xf32>) outs(%x : tensor<2x3x4xf32>)
      features = [1]
  return %y : tensor<2x3x4xf32>
}

// -----

// No elements.
// CHECK-LABEL: func @empty(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @empty(%x: tensor<?x0x3xf32>) -> tensor<?x0x3xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<?x0x3xf32>) outs(%x : tensor<?x0x3xf32>)
      features = [2]
  return %y : tensor<?x0x3xf32>
}

// -----

// Slices and strided memrefs may have gaps; contiguous memrefs have none.
// CHECK-LABEL: func @slice(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @slice(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x2x5xf32> {
  %0 = tensor.extract_slice %x[0, 0, 1, 0] [2, 3, 2, 5] [1, 1, 1, 1]
      : tensor<2x3x4x5xf32> to tensor<2x3x2x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x2x5xf32>) outs(%0 : tensor<2x3x2x5xf32>)
      features = [1]
  return %y : tensor<2x3x2x5xf32>
}

// CHECK-LABEL: func @strided(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @strided(%x: memref<2x3x4x5xf32, strided<[100, 30, 7, 1]>>, %init: tensor<2x3x4x5xf32>)
    -> tensor<2x3x4x5xf32> {
  %0 = bufferization.to_tensor %x restrict
      : memref<2x3x4x5xf32, strided<[100, 30, 7, 1]>> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x4x5xf32>)
      outs(%init : tensor<2x3x4x5xf32>) features = [1]
  return %y : tensor<2x3x4x5xf32>
}

// CHECK-LABEL: func @contiguous(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<2x3x20xf32>)
func.func @contiguous(%x: memref<2x3x4x5xf32>, %init: tensor<2x3x4x5xf32>)
    -> tensor<2x3x4x5xf32> {
  %0 = bufferization.to_tensor %x restrict : memref<2x3x4x5xf32> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x4x5xf32>)
      outs(%init : tensor<2x3x4x5xf32>) features = [1]
  return %y : tensor<2x3x4x5xf32>
}

// A cast leaves gaps where they are.
// CHECK-LABEL: func @cast(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<2x3x20xf32>)
// CHECK-LABEL: func @cast_slice(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @cast(%x: tensor<2x3x?x5xf32>) -> tensor<2x3x4x5xf32> {
  %0 = tensor.cast %x : tensor<2x3x?x5xf32> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_training ins(%0 : tensor<2x3x4x5xf32>)
      outs(%0 : tensor<2x3x4x5xf32>) features = [1]
  return %y : tensor<2x3x4x5xf32>
}
func.func @cast_slice(%x: tensor<2x3x9x5xf32>, %n: index) -> tensor<2x3x4x5xf32> {
  %0 = tensor.extract_slice %x[0, 0, 1, 0] [2, 3, %n, 5] [1, 1, 1, 1]
      : tensor<2x3x9x5xf32> to tensor<2x3x?x5xf32>
  %1 = tensor.cast %0 : tensor<2x3x?x5xf32> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_training ins(%1 : tensor<2x3x4x5xf32>)
      outs(%1 : tensor<2x3x4x5xf32>) features = [1]
  return %y : tensor<2x3x4x5xf32>
}

// -----

// The gradients of input and output, each once; those of parameters stay as they
// are.
// CHECK-LABEL: func @batch_gradient(
// CHECK-SAME:    %[[D:.*]]: tensor<8x3x5x7xf16>, %[[X:.*]]: tensor<8x3x5x7xf32>, %[[INIT:.*]]: tensor<8x3x5x7xf16>, %[[P:.*]]: tensor<3xf32>)
// CHECK-DAG:     %[[DC:.*]] = tensor.collapse_shape %[[D]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf16> into tensor<8x3x35xf16>
// CHECK-DAG:     %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf32> into tensor<8x3x35xf32>
// CHECK-DAG:     %[[IC:.*]] = tensor.collapse_shape %[[INIT]] {{\[\[}}0], [1], [2, 3]] : tensor<8x3x5x7xf16> into tensor<8x3x35xf16>
// CHECK-NOT:     tensor.collapse_shape
// CHECK:         %[[YC:.*]]:3 = norm.batch_norm_grad ins(%[[DC]], %[[XC]] : tensor<8x3x35xf16>, tensor<8x3x35xf32>) mean(%[[P]] : tensor<3xf32>) rstd(%[[P]] : tensor<3xf32>) outs(%[[IC]] : tensor<8x3x35xf16>) scale_gradient(%[[P]] : tensor<3xf32>) bias_gradient(%[[P]] : tensor<3xf32>) features = [1]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[YC]]#0 {{\[\[}}0], [1], [2, 3]] output_shape [8, 3, 5, 7]
// CHECK:         return %[[Y]], %[[YC]]#1, %[[YC]]#2
func.func @batch_gradient(%d: tensor<8x3x5x7xf16>, %x: tensor<8x3x5x7xf32>,
    %init: tensor<8x3x5x7xf16>, %p: tensor<3xf32>)
    -> (tensor<8x3x5x7xf16>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.batch_norm_grad ins(%d, %x : tensor<8x3x5x7xf16>, tensor<8x3x5x7xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) outs(%init : tensor<8x3x5x7xf16>)
      scale_gradient(%p : tensor<3xf32>) bias_gradient(%p : tensor<3xf32>) features = [1]
  return %y#0, %y#1, %y#2 : tensor<8x3x5x7xf16>, tensor<3xf32>, tensor<3xf32>
}

// -----

// Without the gradient of the input; axes get new numbers.
// CHECK-LABEL: func @inference_gradient(
// CHECK:         norm.batch_norm_inference_grad ins(%{{.*}}, %{{.*}} : tensor<24x5x42xf32>, tensor<24x5x42xf32>) {{.*}} bias_gradient(%{{.*}} : tensor<5xf32>) features = [1]
// CHECK-NOT:     tensor.expand_shape
// CHECK:         return
func.func @inference_gradient(%x: tensor<2x3x4x5x6x7xf32>, %p: tensor<5xf32>) -> tensor<5xf32> {
  %y = norm.batch_norm_inference_grad
      ins(%x, %x : tensor<2x3x4x5x6x7xf32>, tensor<2x3x4x5x6x7xf32>)
      mean(%p : tensor<5xf32>) rstd(%p : tensor<5xf32>) bias_gradient(%p : tensor<5xf32>)
      features = [3]
  return %y : tensor<5xf32>
}

// CHECK-LABEL: func @group_gradient(
// CHECK:         norm.group_norm_grad ins(%{{.*}}, %{{.*}} : tensor<20x2x6xf32>, tensor<20x2x6xf32>) mean(%{{.*}} : tensor<2x3xf32>) rstd(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<20x2x6xf32>) scale_gradient(%{{.*}} : tensor<2x6xf32>) batch = [1] channel = 2 num_groups = 3 per_sample
func.func @group_gradient(%x: tensor<4x5x2x6xf32>, %s: tensor<2x3xf32>, %q: tensor<2x6xf32>)
    -> (tensor<4x5x2x6xf32>, tensor<2x6xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x5x2x6xf32>, tensor<4x5x2x6xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>) outs(%x : tensor<4x5x2x6xf32>)
      scale_gradient(%q : tensor<2x6xf32>) batch = [2] channel = 3 num_groups = 3 per_sample
  return %y#0, %y#1 : tensor<4x5x2x6xf32>, tensor<2x6xf32>
}

// -----

// The output's gradient may have gaps, too.
// CHECK-LABEL: func @slice_gradient(
// CHECK-NOT:     collapse_shape
// CHECK:         return
func.func @slice_gradient(%d: tensor<2x3x9x5xf32>, %x: tensor<2x3x4x5xf32>, %p: tensor<3xf32>)
    -> tensor<2x3x4x5xf32> {
  %0 = tensor.extract_slice %d[0, 0, 1, 0] [2, 3, 4, 5] [1, 1, 1, 1]
      : tensor<2x3x9x5xf32> to tensor<2x3x4x5xf32>
  %y = norm.batch_norm_grad ins(%0, %x : tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) outs(%x : tensor<2x3x4x5xf32>)
      features = [1]
  return %y : tensor<2x3x4x5xf32>
}

// -----

// What instance norm has neither statistics nor parameters for is merged.
// CHECK-LABEL: func @instance_axes(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5x7xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<4x6x5x7xf32> into tensor<4x6x35xf32>
// CHECK:         %[[V0:.*]] = norm.instance_norm ins(%[[XC]] : tensor<4x6x35xf32>) scale(%[[G]] : tensor<6xf32>) outs(%[[XC]] : tensor<4x6x35xf32>) channel = 1
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[V0]] {{\[\[}}0], [1], [2, 3]] output_shape [4, 6, 5, 7] : tensor<4x6x35xf32> into tensor<4x6x5x7xf32>
// CHECK:         return %[[Y]] : tensor<4x6x5x7xf32>
func.func @instance_axes(%x: tensor<4x6x5x7xf32>, %g: tensor<6xf32>) -> tensor<4x6x5x7xf32> {
  %y = norm.instance_norm ins(%x : tensor<4x6x5x7xf32>) scale(%g : tensor<6xf32>)
      outs(%x : tensor<4x6x5x7xf32>) channel = 1
  return %y : tensor<4x6x5x7xf32>
}

// -----

// Parameter axes are kept, and get new numbers.
// CHECK-LABEL: func @instance_parameters_axes(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5x7x8xf32>, %[[G:.*]]: tensor<6x8xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3], [4]] : tensor<4x6x5x7x8xf32> into tensor<4x6x35x8xf32>
// CHECK:         %[[V0:.*]] = norm.instance_norm ins(%[[XC]] : tensor<4x6x35x8xf32>) scale(%[[G]] : tensor<6x8xf32>) outs(%[[XC]] : tensor<4x6x35x8xf32>) channel = 1 parameters = [1, 3]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[V0]] {{\[\[}}0], [1], [2, 3], [4]] output_shape [4, 6, 5, 7, 8] : tensor<4x6x35x8xf32> into tensor<4x6x5x7x8xf32>
// CHECK:         return %[[Y]] : tensor<4x6x5x7x8xf32>
func.func @instance_parameters_axes(%x: tensor<4x6x5x7x8xf32>, %g: tensor<6x8xf32>) -> tensor<4x6x5x7x8xf32> {
  %y = norm.instance_norm ins(%x : tensor<4x6x5x7x8xf32>) scale(%g : tensor<6x8xf32>)
      outs(%x : tensor<4x6x5x7x8xf32>) channel = 1 parameters = [1, 4]
  return %y : tensor<4x6x5x7x8xf32>
}

// -----

// Axes that are normalized are merged only if both or neither have parameters.
// CHECK-LABEL: func @layer_axes(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5x7xf32>, %[[G:.*]]: tensor<5xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0, 1], [2], [3]] : tensor<4x6x5x7xf32> into tensor<24x5x7xf32>
// CHECK:         %[[V0:.*]] = norm.layer_norm ins(%[[XC]] : tensor<24x5x7xf32>) scale(%[[G]] : tensor<5xf32>) outs(%[[XC]] : tensor<24x5x7xf32>) axes = [1, 2] parameters = [1]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[V0]] {{\[\[}}0, 1], [2], [3]] output_shape [4, 6, 5, 7] : tensor<24x5x7xf32> into tensor<4x6x5x7xf32>
// CHECK:         return %[[Y]] : tensor<4x6x5x7xf32>
func.func @layer_axes(%x: tensor<4x6x5x7xf32>, %g: tensor<5xf32>) -> tensor<4x6x5x7xf32> {
  %y = norm.layer_norm ins(%x : tensor<4x6x5x7xf32>) scale(%g : tensor<5xf32>)
      outs(%x : tensor<4x6x5x7xf32>) axes = [2, 3] parameters = [2]
  return %y : tensor<4x6x5x7xf32>
}

// -----

// CHECK-LABEL: func @batch_axes(
// CHECK-SAME:    %[[X:.*]]: tensor<4x5x7x6xf32>, %[[G:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1, 2], [3]] : tensor<4x5x7x6xf32> into tensor<4x35x6xf32>
// CHECK:         %[[V0:.*]] = norm.batch_norm_inference ins(%[[XC]] : tensor<4x35x6xf32>) statistics(%[[P]], %[[P]] : tensor<6xf32>, tensor<6xf32>) scale(%[[G]] : tensor<4x6xf32>) outs(%[[XC]] : tensor<4x35x6xf32>) features = [2] parameters = [0, 2]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[V0]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 5, 7, 6] : tensor<4x35x6xf32> into tensor<4x5x7x6xf32>
// CHECK:         return %[[Y]] : tensor<4x5x7x6xf32>
func.func @batch_axes(%x: tensor<4x5x7x6xf32>, %g: tensor<4x6xf32>, %p: tensor<6xf32>) -> tensor<4x5x7x6xf32> {
  %y = norm.batch_norm_inference ins(%x : tensor<4x5x7x6xf32>) statistics(%p, %p : tensor<6xf32>, tensor<6xf32>)
      scale(%g : tensor<4x6xf32>) outs(%x : tensor<4x5x7x6xf32>) features = [3] parameters = [0, 3]
  return %y : tensor<4x5x7x6xf32>
}

// -----

// CHECK-LABEL: func @group_axes(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x5x7x8xf32>, %[[G:.*]]: tensor<3x8xf32>)
// CHECK:         %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3], [4]] : tensor<4x6x5x7x8xf32> into tensor<4x6x35x8xf32>
// CHECK:         %[[V0:.*]] = norm.group_norm ins(%[[XC]] : tensor<4x6x35x8xf32>) scale(%[[G]] : tensor<3x8xf32>) outs(%[[XC]] : tensor<4x6x35x8xf32>) channel = 1 num_groups = 2 parameters = [1, 3] affine = per_member
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[V0]] {{\[\[}}0], [1], [2, 3], [4]] output_shape [4, 6, 5, 7, 8] : tensor<4x6x35x8xf32> into tensor<4x6x5x7x8xf32>
// CHECK:         return %[[Y]] : tensor<4x6x5x7x8xf32>
func.func @group_axes(%x: tensor<4x6x5x7x8xf32>, %g: tensor<3x8xf32>) -> tensor<4x6x5x7x8xf32> {
  %y = norm.group_norm ins(%x : tensor<4x6x5x7x8xf32>) scale(%g : tensor<3x8xf32>)
      outs(%x : tensor<4x6x5x7x8xf32>) channel = 1 num_groups = 2 parameters = [1, 4] affine = per_member
  return %y : tensor<4x6x5x7x8xf32>
}

// -----

// The axes of a mask are merged where the input's are.
// CHECK-LABEL: func @mask(
// CHECK-SAME:    %{{.*}}: tensor<8x3x5x7xf32>, %[[M:.*]]: tensor<5x7xi1>)
// CHECK:         %[[MC:.*]] = tensor.collapse_shape %[[M]] {{\[\[}}0, 1]] : tensor<5x7xi1> into tensor<35xi1>
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<8x3x35xf32>) mask(%[[MC]] : tensor<35xi1>) outs(%{{.*}} : tensor<8x3x35xf32>) features = [1] mask_axes = [2]
func.func @mask(%x: tensor<8x3x5x7xf32>, %m: tensor<5x7xi1>) -> tensor<8x3x5x7xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<8x3x5x7xf32>) mask(%m : tensor<5x7xi1>)
      outs(%x : tensor<8x3x5x7xf32>) features = [1] mask_axes = [2, 3]
  return %y : tensor<8x3x5x7xf32>
}

// -----

// An axis with a mask and one without stay apart; two without are merged.
// CHECK-LABEL: func @mask_apart(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<8x3x5x7xf32>) mask(%{{.*}} : tensor<8x5xi1>) {{.*}} mask_axes = [0, 2]
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<8x3x35xf32>) mask(%{{.*}} : tensor<8xi1>) {{.*}} axes = [2] mask_axes = [0]
func.func @mask_apart(%x: tensor<8x3x5x7xf32>, %m: tensor<8x5xi1>, %n: tensor<8xi1>)
    -> tensor<8x3x5x7xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<8x3x5x7xf32>) mask(%m : tensor<8x5xi1>)
      outs(%x : tensor<8x3x5x7xf32>) features = [1] mask_axes = [0, 2]
  %z = norm.layer_norm ins(%y : tensor<8x3x5x7xf32>) mask(%n : tensor<8xi1>)
      outs(%x : tensor<8x3x5x7xf32>) axes = [2, 3] mask_axes = [0]
  return %z : tensor<8x3x5x7xf32>
}

// -----

// The axis of a sequence stays apart, and gets a new number.
// CHECK-LABEL: func @lengths(
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<15x8x5xf32>) lengths(%{{.*}} : tensor<15xi32>) {{.*}} axes = [1, 2] mask_axes = [0] sequence_axis = 1
func.func @lengths(%x: tensor<3x5x8x5xf32>, %l: tensor<3x5xi32>) -> tensor<3x5x8x5xf32> {
  %y = norm.layer_norm ins(%x : tensor<3x5x8x5xf32>) lengths(%l : tensor<3x5xi32>)
      outs(%x : tensor<3x5x8x5xf32>) axes = [2, 3] mask_axes = [0, 1] sequence_axis = 2
  return %y : tensor<3x5x8x5xf32>
}

// -----

// A part of a larger mask is not contiguous.
// CHECK-LABEL: func @mask_slice(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<8x3x5x7xf32>) mask(%{{.*}} : tensor<5x7xi1>)
func.func @mask_slice(%x: tensor<8x3x5x7xf32>, %all: tensor<9x9xi1>) -> tensor<8x3x5x7xf32> {
  %m = tensor.extract_slice %all[0, 0] [5, 7] [1, 1] : tensor<9x9xi1> to tensor<5x7xi1>
  %y = norm.batch_norm_training ins(%x : tensor<8x3x5x7xf32>) mask(%m : tensor<5x7xi1>)
      outs(%x : tensor<8x3x5x7xf32>) features = [1] mask_axes = [2, 3]
  return %y : tensor<8x3x5x7xf32>
}

// -----

// An axis of one element joins a neighbour that more attributes name.
// CHECK-LABEL: func @unit(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<96x13xf32>) scale(%{{.*}} : tensor<13xf32>) outs(%{{.*}} : tensor<96x13xf32>) features = [1]
func.func @unit(%x: tensor<3x32x13x1xf32>, %p: tensor<13xf32>) -> tensor<3x32x13x1xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<3x32x13x1xf32>) scale(%p : tensor<13xf32>)
      outs(%x : tensor<3x32x13x1xf32>) features = [2]
  return %y : tensor<3x32x13x1xf32>
}

// -----

// One that cannot comes first, with its dimensions in other operands.
// CHECK-LABEL: func @unit_feature(
// CHECK-SAME:    %[[X:.*]]: tensor<7x2x?x1xf32>, %[[P:.*]]: tensor<2x1xf32>)
// CHECK:         %[[C:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<7x2x?x1xf32> into tensor<7x2x?xf32>
// CHECK:         %[[XC:.*]] = tensor.expand_shape %[[C]] {{\[\[}}0, 1], [2], [3]] output_shape [1, 7, 2, %{{.*}}] : tensor<7x2x?xf32> into tensor<1x7x2x?xf32>
// CHECK:         %[[PE:.*]] = tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] output_shape [1, 2] : tensor<2xf32> into tensor<1x2xf32>
// CHECK:         %[[YC:.*]] = norm.batch_norm_training ins(%[[XC]] : tensor<1x7x2x?xf32>) scale(%[[PE]] : tensor<1x2xf32>) outs(%[[XC]] : tensor<1x7x2x?xf32>) features = [0, 2]
// CHECK:         %[[CC:.*]] = tensor.collapse_shape %[[YC]] {{\[\[}}0, 1], [2], [3]] : tensor<1x7x2x?xf32> into tensor<7x2x?xf32>
// CHECK:         tensor.expand_shape %[[CC]] {{\[\[}}0], [1], [2, 3]] output_shape [7, 2, %{{.*}}, 1] : tensor<7x2x?xf32> into tensor<7x2x?x1xf32>
func.func @unit_feature(%x: tensor<7x2x?x1xf32>, %p: tensor<2x1xf32>) -> tensor<7x2x?x1xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<7x2x?x1xf32>) scale(%p : tensor<2x1xf32>)
      outs(%x : tensor<7x2x?x1xf32>) features = [1, 3]
  return %y : tensor<7x2x?x1xf32>
}

// -----

// A channel comes first as well, and axes of one element alone have rank 0.
// CHECK-LABEL: func @unit_channel(
// CHECK:         norm.group_norm ins(%{{.*}} : tensor<1x1x3000xf32>) {{.*}} statistics(%{{.*}} : tensor<1x1xf32>, tensor<1x1xf32>) channel = 1 num_groups = 1
func.func @unit_channel(%x: tensor<5x1x600x1xf32>, %s: tensor<1x1xf32>)
    -> (tensor<5x1x600x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) {
  %y:3 = norm.group_norm ins(%x : tensor<5x1x600x1xf32>) outs(%x : tensor<5x1x600x1xf32>)
      statistics(%s, %s : tensor<1x1xf32>, tensor<1x1xf32>)
      batch = [1] channel = 3 num_groups = 1
  return %y#0, %y#1, %y#2 : tensor<5x1x600x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
}

// -----

// Statistics lose an axis of one element that is normalized over from now on.
// CHECK-LABEL: func @unit_statistic(
// CHECK-SAME:    %{{.*}}: tensor<8x768x1xf32>, %[[S:.*]]: tensor<8x1xf32>)
// CHECK:         %[[SC:.*]] = tensor.collapse_shape %[[S]] {{\[\[}}0, 1]] : tensor<8x1xf32> into tensor<8xf32>
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<8x768xf32>) outs(%{{.*}} : tensor<8x768xf32>) statistics(%[[SC]], %[[SC]] : tensor<8xf32>, tensor<8xf32>) axes = [1]
func.func @unit_statistic(%x: tensor<8x768x1xf32>, %s: tensor<8x1xf32>)
    -> (tensor<8x768x1xf32>, tensor<8x1xf32>, tensor<8x1xf32>) {
  %y:3 = norm.layer_norm ins(%x : tensor<8x768x1xf32>) outs(%x : tensor<8x768x1xf32>)
      statistics(%s, %s : tensor<8x1xf32>, tensor<8x1xf32>) axes = [1]
  return %y#0, %y#1, %y#2 : tensor<8x768x1xf32>, tensor<8x1xf32>, tensor<8x1xf32>
}

// -----

// Where all axes are alike, the first remains apart.
// CHECK-LABEL: func @unit_whole(
// CHECK:         norm.layer_norm ins(%{{.*}} : tensor<1x20xf32>) {{.*}} axes = [0, 1]
func.func @unit_whole(%x: tensor<4x5x1xf32>) -> tensor<4x5x1xf32> {
  %y = norm.layer_norm ins(%x : tensor<4x5x1xf32>) outs(%x : tensor<4x5x1xf32>) axes = [0, 1, 2]
  return %y : tensor<4x5x1xf32>
}

// -----

// Sub-batches divide axis 0, which is not moved.
// CHECK-LABEL: func @unit_ghost(
// CHECK:         norm.batch_norm_training ins(%{{.*}} : tensor<8x5xf32>) {{.*}} features = [1] ghost_size = 4
func.func @unit_ghost(%x: tensor<8x1x5x1xf32>) -> tensor<8x1x5x1xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<8x1x5x1xf32>) outs(%x : tensor<8x1x5x1xf32>)
      features = [2] ghost_size = 4
  return %y : tensor<8x1x5x1xf32>
}

// -----

// A dynamic size that is 1 elsewhere is for norm-refine-shapes.
// CHECK-LABEL: func @unrefined(
// CHECK-NOT:     tensor.collapse_shape
// CHECK:         return
func.func @unrefined(%x: tensor<8x768x1xf32>, %s: tensor<8x?xf32>)
    -> (tensor<8x768x1xf32>, tensor<8x?xf32>, tensor<8x?xf32>) {
  %y:3 = norm.layer_norm ins(%x : tensor<8x768x1xf32>) outs(%x : tensor<8x768x1xf32>)
      statistics(%s, %s : tensor<8x?xf32>, tensor<8x?xf32>) axes = [1]
  return %y#0, %y#1, %y#2 : tensor<8x768x1xf32>, tensor<8x?xf32>, tensor<8x?xf32>
}
