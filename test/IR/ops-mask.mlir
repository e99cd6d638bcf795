// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: norm-opt %s --emit-bytecode | norm-opt | FileCheck %s

// What is printed is what was written: every op that takes a mask or lengths,
// with one of each. Values that are the defaults are not printed.

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @training(
// CHECK:         %[[Y0:.*]] = norm.batch_norm_training ins(%{{.*}} : tensor<2x3x5xf32>) mask(%{{.*}} : tensor<2x5xi1>) outs(%{{.*}} : tensor<2x3x5xf32>) features = [1] mask_axes = [0, 2]{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.batch_norm_training ins(%[[Y0]] : tensor<2x3x5xf32>) scale(%{{.*}} : tensor<3xf32>) bias(%{{.*}} : tensor<3xf32>) batches(%{{.*}} : tensor<f32>) lengths(%{{.*}} : tensor<2xi32>) outs(%{{.*}} : tensor<2x3x5xf32>) running(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) features = [1] parameters = [1] mask_axes = [0] sequence_axis = 2 unselected = normalize epsilon = 1.000000e-03{{$}}
// CHECK-NEXT:    {{^ *}}norm.batch_norm_training ins(%{{.*}} : memref<2x3x5xf32>) mask(%{{.*}} : memref<2x5xi1, strided<[8, 1], offset: ?>>) outs(%{{.*}} : memref<2x3x5xf32>) features = [1] mask_axes = [0, 2]{{$}}
// GENERIC-LABEL: sym_name = "training"
// GENERIC:         "norm.batch_norm_training"(
// GENERIC-SAME:      mask_axes = array<i64: 0, 2>
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0>
// GENERIC-SAME:      unselected = 0 : i32
// GENERIC:         "norm.batch_norm_training"(
// GENERIC-SAME:      mask_axes = array<i64: 0>
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0>
// GENERIC-SAME:      sequence_axis = 2 : i64
// GENERIC-SAME:      unselected = 1 : i32
func.func @training(%x: tensor<2x3x5xf32>, %p: tensor<3xf32>, %k: tensor<f32>,
    %m: tensor<2x5xi1>, %l: tensor<2xi32>, %b: memref<2x3x5xf32>,
    %bm: memref<2x5xi1, strided<[8, 1], offset: ?>>) {
  %0 = norm.batch_norm_training ins(%x : tensor<2x3x5xf32>)
      mask(%m : tensor<2x5xi1>) outs(%x : tensor<2x3x5xf32>)
      features = [1] mask_axes = [0, 2] unselected = zero
  %1:3 = norm.batch_norm_training ins(%0 : tensor<2x3x5xf32>)
      scale(%p : tensor<3xf32>) bias(%p : tensor<3xf32>) batches(%k : tensor<f32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x3x5xf32>)
      running(%p, %p : tensor<3xf32>, tensor<3xf32>) features = [1] parameters = [1]
      mask_axes = [0] sequence_axis = 2 unselected = normalize epsilon = 1.0e-3
  norm.batch_norm_training ins(%b : memref<2x3x5xf32>)
      mask(%bm : memref<2x5xi1, strided<[8, 1], offset: ?>>)
      outs(%b : memref<2x3x5xf32>) features = [1] mask_axes = [0, 2]
  return
}

// A mask of all axes, one value for all, and sizes that are dynamic on one side.
// CHECK-LABEL: func @axes(
// CHECK:         = norm.layer_norm {{.*}} mask(%{{.*}} : tensor<2x?x5xi1>) {{.*}} axes = [2] mask_axes = [0, 1, 2]{{$}}
// CHECK-NEXT:    = norm.layer_norm {{.*}} mask(%{{.*}} : tensor<i1>) {{.*}} axes = [2]{{$}}
// CHECK-NEXT:    = norm.layer_norm {{.*}} lengths(%{{.*}} : tensor<i64>) {{.*}} axes = [2] sequence_axis = 0{{$}}
func.func @axes(%x: tensor<?x3x5xf32>, %m: tensor<2x?x5xi1>, %one: tensor<i1>,
    %l: tensor<i64>) {
  %0 = norm.layer_norm ins(%x : tensor<?x3x5xf32>) mask(%m : tensor<2x?x5xi1>)
      outs(%x : tensor<?x3x5xf32>) axes = [2] mask_axes = [0, 1, 2]
  %1 = norm.layer_norm ins(%x : tensor<?x3x5xf32>) mask(%one : tensor<i1>)
      outs(%x : tensor<?x3x5xf32>) axes = [2] mask_axes = []
  %2 = norm.layer_norm ins(%x : tensor<?x3x5xf32>) lengths(%l : tensor<i64>)
      outs(%x : tensor<?x3x5xf32>) axes = [2] sequence_axis = 0
  return
}

// CHECK-LABEL: func @layers(
// CHECK:         = norm.batch_norm_inference ins(%{{.*}} : tensor<2x6x5xf32>) statistics(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) scale(%{{.*}} : tensor<6xf32>) bias(%{{.*}} : tensor<6xf32>) mask(%{{.*}} : tensor<5xi1>) outs(%{{.*}} : tensor<2x6x5xf32>) features = [1] mask_axes = [2] unselected = normalize epsilon = 1.000000e-03{{$}}
// CHECK-NEXT:    = norm.batch_norm_inference {{.*}} lengths(%{{.*}} : tensor<2xi64>) {{.*}} features = [1] mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.group_norm ins(%{{.*}} : tensor<2x6x5xf32>) scale(%{{.*}} : tensor<6xf32>) mask(%{{.*}} : tensor<5xi1>) outs(%{{.*}} : tensor<2x6x5xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2x3xf32>) channel = 1 num_groups = 3 mask_axes = [2] unselected = normalize variance = fast{{$}}
// CHECK-NEXT:    = norm.group_norm {{.*}} lengths(%{{.*}} : tensor<2xi64>) {{.*}} channel = 1 group_size = 3 affine = per_member mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    = norm.instance_norm {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} channel = 1 mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.instance_norm {{.*}} lengths(%{{.*}} : tensor<2xi64>) {{.*}} channel = 1 mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    = norm.layer_norm {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} axes = [1, 2] mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.layer_norm {{.*}} lengths(%{{.*}} : tensor<2xi64>) {{.*}} axes = [1, 2] mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    = norm.rms_norm {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} axes = [1, 2] mask_axes = [2] accumulator = f64{{$}}
// CHECK-NEXT:    = norm.rms_norm {{.*}} lengths(%{{.*}} : tensor<2xi64>) {{.*}} axes = [1, 2] mask_axes = [0] sequence_axis = 2 epsilon_mode = max{{$}}
func.func @layers(%x: tensor<2x6x5xf32>, %p: tensor<6xf32>, %s: tensor<2x3xf32>,
    %m: tensor<5xi1>, %l: tensor<2xi64>) {
  %0 = norm.batch_norm_inference ins(%x : tensor<2x6x5xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) scale(%p : tensor<6xf32>)
      bias(%p : tensor<6xf32>) mask(%m : tensor<5xi1>) outs(%x : tensor<2x6x5xf32>)
      features = [1] mask_axes = [2] unselected = normalize epsilon = 1.0e-3
  %1 = norm.batch_norm_inference ins(%x : tensor<2x6x5xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) lengths(%l : tensor<2xi64>)
      outs(%x : tensor<2x6x5xf32>) features = [1] mask_axes = [0] sequence_axis = 2
  %2:3 = norm.group_norm ins(%x : tensor<2x6x5xf32>) scale(%p : tensor<6xf32>)
      mask(%m : tensor<5xi1>) outs(%x : tensor<2x6x5xf32>)
      statistics(%s, %s : tensor<2x3xf32>, tensor<2x3xf32>) channel = 1
      num_groups = 3 mask_axes = [2] unselected = normalize variance = fast
  %3 = norm.group_norm ins(%x : tensor<2x6x5xf32>) lengths(%l : tensor<2xi64>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 group_size = 3 affine = per_member
      mask_axes = [0] sequence_axis = 2
  %4 = norm.instance_norm ins(%x : tensor<2x6x5xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 mask_axes = [2]
  %5 = norm.instance_norm ins(%x : tensor<2x6x5xf32>) lengths(%l : tensor<2xi64>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 mask_axes = [0] sequence_axis = 2
  %6 = norm.layer_norm ins(%x : tensor<2x6x5xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [2]
  %7 = norm.layer_norm ins(%x : tensor<2x6x5xf32>) lengths(%l : tensor<2xi64>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [0] sequence_axis = 2
  %8 = norm.rms_norm ins(%x : tensor<2x6x5xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [2] accumulator = f64
  %9 = norm.rms_norm ins(%x : tensor<2x6x5xf32>) lengths(%l : tensor<2xi64>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [0] sequence_axis = 2
      epsilon_mode = max
  return
}

//===----------------------------------------------------------------------===//
// Gradients of layers
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @batch_gradients(
// CHECK:         %{{.*}}:3 = norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x5xf32>, tensor<2x6x5xf32>) mean(%{{.*}} : tensor<6xf32>) rstd(%{{.*}} : tensor<6xf32>) scale(%{{.*}} : tensor<6xf32>) mask(%{{.*}} : tensor<5xi1>) outs(%{{.*}} : tensor<2x6x5xf32>) scale_gradient(%{{.*}} : tensor<6xf32>) bias_gradient(%{{.*}} : tensor<6xf32>) features = [1] per_sample mask_axes = [2] unselected = normalize epsilon = 1.000000e-03{{$}}
// CHECK-NEXT:    = norm.batch_norm_grad {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} features = [1] mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    = norm.batch_norm_inference_grad {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} features = [1] mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.batch_norm_inference_grad {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} features = [1] mask_axes = [0] sequence_axis = 2{{$}}
// GENERIC-LABEL: sym_name = "batch_gradients"
// GENERIC:         "norm.batch_norm_grad"(
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1>
// GENERIC:         "norm.batch_norm_grad"(
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0>
func.func @batch_gradients(%x: tensor<2x6x5xf32>, %p: tensor<6xf32>, %m: tensor<5xi1>,
    %l: tensor<2xi32>) {
  %0:3 = norm.batch_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) scale(%p : tensor<6xf32>)
      mask(%m : tensor<5xi1>) outs(%x : tensor<2x6x5xf32>)
      scale_gradient(%p : tensor<6xf32>) bias_gradient(%p : tensor<6xf32>)
      features = [1] per_sample mask_axes = [2] unselected = normalize
      epsilon = 1.0e-3
  %1 = norm.batch_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) lengths(%l : tensor<2xi32>)
      outs(%x : tensor<2x6x5xf32>) features = [1] mask_axes = [0] sequence_axis = 2
  %2 = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) features = [1] mask_axes = [2]
  %3 = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) lengths(%l : tensor<2xi32>)
      outs(%x : tensor<2x6x5xf32>) features = [1] mask_axes = [0] sequence_axis = 2
  return
}

// CHECK-LABEL: func @sample_gradients(
// CHECK:         = norm.group_norm_grad {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} channel = 1 num_groups = 3 mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.group_norm_grad {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} channel = 1 num_groups = 3 mask_axes = [0] sequence_axis = 2 unselected = normalize{{$}}
// CHECK-NEXT:    = norm.instance_norm_grad {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} channel = 1 mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.instance_norm_grad {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} channel = 1 mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    = norm.layer_norm_grad {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} axes = [1, 2] mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.layer_norm_grad {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} axes = [1, 2] mask_axes = [0] sequence_axis = 2{{$}}
// CHECK-NEXT:    = norm.rms_norm_grad {{.*}} mask(%{{.*}} : tensor<5xi1>) {{.*}} axes = [1, 2] mask_axes = [2]{{$}}
// CHECK-NEXT:    = norm.rms_norm_grad {{.*}} lengths(%{{.*}} : tensor<2xi32>) {{.*}} axes = [1, 2] mask_axes = [0] sequence_axis = 2{{$}}
func.func @sample_gradients(%x: tensor<2x6x5xf32>, %s: tensor<2x3xf32>,
    %c: tensor<2x6xf32>, %n: tensor<2xf32>, %m: tensor<5xi1>, %l: tensor<2xi32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 num_groups = 3 mask_axes = [2]
  %1 = norm.group_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x5xf32>) channel = 1
      num_groups = 3 mask_axes = [0] sequence_axis = 2 unselected = normalize
  %2 = norm.instance_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%c : tensor<2x6xf32>) rstd(%c : tensor<2x6xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 mask_axes = [2]
  %3 = norm.instance_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%c : tensor<2x6xf32>) rstd(%c : tensor<2x6xf32>)
      lengths(%l : tensor<2xi32>) outs(%x : tensor<2x6x5xf32>) channel = 1
      mask_axes = [0] sequence_axis = 2
  %4 = norm.layer_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%n : tensor<2xf32>) rstd(%n : tensor<2xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [2]
  %5 = norm.layer_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%n : tensor<2xf32>) rstd(%n : tensor<2xf32>) lengths(%l : tensor<2xi32>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [0] sequence_axis = 2
  %6 = norm.rms_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      variance(%n : tensor<2xf32>) mask(%m : tensor<5xi1>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [2]
  %7 = norm.rms_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      variance(%n : tensor<2xf32>) lengths(%l : tensor<2xi32>)
      outs(%x : tensor<2x6x5xf32>) axes = [1, 2] mask_axes = [0] sequence_axis = 2
  return
}

//===----------------------------------------------------------------------===//
// Kernel ops
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @kernels(
// CHECK:         %{{.*}}:3 = norm.moments ins(%{{.*}} : tensor<4x3xf32>) shift(%{{.*}} : tensor<3xf32>) mask(%{{.*}} : tensor<4xi1>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) axes = [0] mask_axes = [0] variance = fast{{$}}
// CHECK-NEXT:    {{^ *}}norm.moments ins(%{{.*}} : memref<4x3xf32>) mask(%{{.*}} : memref<?xi1, 1>) outs(%{{.*}}, %{{.*}}, %{{.*}} : memref<3xf32>, memref<3xf32>, memref<3xf32>) axes = [0] mask_axes = [0] uncentered{{$}}
// CHECK-NEXT:    = norm.normalize ins(%{{.*}} : tensor<4x3xf32>) rstd(%{{.*}} : tensor<3xf32>) mask(%{{.*}} : tensor<4xi1>) outs(%{{.*}} : tensor<4x3xf32>) statistics_axes = [1] parameter_axes = [] mask_axes = [0]{{$}}
// CHECK-NEXT:    %{{.*}}:2 = norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<4x3xf32>) scale(%{{.*}} : tensor<3xf32>) mask(%{{.*}} : tensor<4xi1>) outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) axes = [0] parameter_axes = [1] mask_axes = [0]{{$}}
// CHECK-NEXT:    = norm.gradient_apply ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<4x3xf32>) slope(%{{.*}} : tensor<3xf32>) mask(%{{.*}} : tensor<4xi1>) outs(%{{.*}} : tensor<4x3xf32>) statistics_axes = [1] parameter_axes = [] mask_axes = [0]{{$}}
// CHECK-NEXT:    = norm.gradient_apply {{.*}} statistics_axes = [1] parameter_axes = [] mask_axes = [0] unselected = normalize{{$}}
func.func @kernels(%x: tensor<4x3xf32>, %s: tensor<3xf32>, %m: tensor<4xi1>,
    %b: memref<4x3xf32>, %bs: memref<3xf32>, %bm: memref<?xi1, 1>) {
  %0:3 = norm.moments ins(%x : tensor<4x3xf32>) shift(%s : tensor<3xf32>)
      mask(%m : tensor<4xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0] mask_axes = [0] variance = fast
  norm.moments ins(%b : memref<4x3xf32>) mask(%bm : memref<?xi1, 1>)
      outs(%bs, %bs, %bs : memref<3xf32>, memref<3xf32>, memref<3xf32>)
      axes = [0] mask_axes = [0] uncentered
  %1 = norm.normalize ins(%x : tensor<4x3xf32>) rstd(%s : tensor<3xf32>)
      mask(%m : tensor<4xi1>) outs(%x : tensor<4x3xf32>)
      statistics_axes = [1] parameter_axes = [] mask_axes = [0]
  %2:2 = norm.gradient_sums ins(%x, %x : tensor<4x3xf32>, tensor<4x3xf32>)
      scale(%s : tensor<3xf32>) mask(%m : tensor<4xi1>)
      outs(%s, %s : tensor<3xf32>, tensor<3xf32>) axes = [0] parameter_axes = [1]
      mask_axes = [0]
  %3 = norm.gradient_apply ins(%x, %x : tensor<4x3xf32>, tensor<4x3xf32>)
      slope(%s : tensor<3xf32>) mask(%m : tensor<4xi1>) outs(%x : tensor<4x3xf32>)
      statistics_axes = [1] parameter_axes = [] mask_axes = [0] unselected = zero
  %4 = norm.gradient_apply ins(%x, %x : tensor<4x3xf32>, tensor<4x3xf32>)
      slope(%s : tensor<3xf32>) mask(%m : tensor<4xi1>) outs(%x : tensor<4x3xf32>)
      statistics_axes = [1] parameter_axes = [] mask_axes = [0]
      unselected = normalize
  return
}
