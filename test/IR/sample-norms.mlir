// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s
// RUN: norm-opt %s --emit-bytecode | norm-opt | FileCheck %s

// What is printed is what was written, for instance, layer and RMS norm, their
// gradients, and the attributes that all layers have. Defaults are not printed.

// CHECK-LABEL: func @instance(
// CHECK:         = norm.instance_norm ins(%{{.*}} : tensor<2x6x4xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) channel = 1{{$}}
// CHECK-NEXT:    :3 = norm.instance_norm ins(%{{.*}} : tensor<2x6x4xf32>) scale(%{{.*}} : tensor<2x6xf32>) bias(%{{.*}} : tensor<2x6xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) statistics(%{{.*}}, %{{.*}} : tensor<6x4xf32>, tensor<6x4xf32>) batch = [2] channel = 1 parameters = [0, 1] epsilon = 1.000000e-03 epsilon_mode = max zero_centered_scale variance = fast accumulator = f64 {name = "in"}
// CHECK-NEXT:    {{^ *}}norm.instance_norm ins(%{{.*}} : memref<?x?xf16>) outs(%{{.*}} : memref<?x?xf16>) batch = [] channel = 1{{$}}
func.func @instance(%x: tensor<2x6x4xf32>, %p: tensor<2x6xf32>, %s: tensor<6x4xf32>,
    %m: memref<?x?xf16>) {
  %0 = norm.instance_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      batch = [0] channel = 1 epsilon = 1.0e-5 epsilon_mode = add variance = stable
  %1:3 = norm.instance_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<2x6xf32>)
      bias(%p : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>)
      statistics(%s, %s : tensor<6x4xf32>, tensor<6x4xf32>)
      batch = [2] channel = 1 parameters = [0, 1] epsilon = 1.0e-3
      epsilon_mode = max zero_centered_scale variance = fast accumulator = f64
      {name = "in"}
  norm.instance_norm ins(%m : memref<?x?xf16>) outs(%m : memref<?x?xf16>)
      batch = [] channel = 1
  return
}

// CHECK-LABEL: func @layer(
// CHECK:         = norm.layer_norm ins(%{{.*}} : tensor<2x6x4xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) axes = [2]{{$}}
// CHECK-NEXT:    :3 = norm.layer_norm ins(%{{.*}} : tensor<2x6x4xf32>) scale(%{{.*}} : tensor<f32>) bias(%{{.*}} : tensor<f32>) outs(%{{.*}} : tensor<2x6x4xf32>) statistics(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) axes = [0, 2] parameters = [] epsilon = 0.000000e+00 epsilon_mode = outside zero_centered_scale variance = fast accumulator = f64
// CHECK-NEXT:    {{^ *}}norm.layer_norm ins(%{{.*}} : memref<?x?xf16>) scale(%{{.*}} : memref<?x?xf16>) outs(%{{.*}} : memref<?x?xf16>) axes = [1] parameters = [0, 1]{{$}}
func.func @layer(%x: tensor<2x6x4xf32>, %p: tensor<f32>, %s: tensor<6xf32>,
    %m: memref<?x?xf16>) {
  %0 = norm.layer_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [2]
  %1:3 = norm.layer_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<f32>)
      bias(%p : tensor<f32>) outs(%x : tensor<2x6x4xf32>)
      statistics(%s, %s : tensor<6xf32>, tensor<6xf32>)
      axes = [0, 2] parameters = [] epsilon = 0.0 epsilon_mode = outside
      zero_centered_scale variance = fast accumulator = f64
  norm.layer_norm ins(%m : memref<?x?xf16>) scale(%m : memref<?x?xf16>)
      outs(%m : memref<?x?xf16>) axes = [1] parameters = [0, 1]
  return
}

// CHECK-LABEL: func @rms(
// CHECK:         = norm.rms_norm ins(%{{.*}} : tensor<2x6x4xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) axes = [1, 2]{{$}}
// CHECK-NEXT:    :2 = norm.rms_norm ins(%{{.*}} : tensor<2x6x4xf32>) scale(%{{.*}} : tensor<2x6xf32>) bias(%{{.*}} : tensor<2x6xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) mean_square(%{{.*}} : tensor<2x6xf32>) axes = [2] parameters = [0, 1] epsilon = 1.000000e-03 epsilon_mode = max zero_centered_scale accumulator = f32
// CHECK-NEXT:    {{^ *}}norm.rms_norm ins(%{{.*}} : memref<?x?xf16>) outs(%{{.*}} : memref<?x?xf16>) axes = [1]{{$}}
func.func @rms(%x: tensor<2x6x4xf32>, %p: tensor<2x6xf32>, %m: memref<?x?xf16>) {
  %0 = norm.rms_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      axes = [1, 2]
  %1:2 = norm.rms_norm ins(%x : tensor<2x6x4xf32>) scale(%p : tensor<2x6xf32>)
      bias(%p : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>)
      mean_square(%p : tensor<2x6xf32>) axes = [2] parameters = [0, 1]
      epsilon = 1.0e-3 epsilon_mode = max zero_centered_scale accumulator = f32
  norm.rms_norm ins(%m : memref<?x?xf16>) outs(%m : memref<?x?xf16>) axes = [1]
  return
}

// CHECK-LABEL: func @gradients(
// CHECK:         :3 = norm.instance_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x4xf32>, tensor<2x6x4xf32>) mean(%{{.*}} : tensor<2x6xf32>) variance(%{{.*}} : tensor<2x6xf32>) scale(%{{.*}} : tensor<6xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) scale_gradient(%{{.*}} : tensor<6xf32>) bias_gradient(%{{.*}} : tensor<6xf32>) channel = 1 epsilon_mode = outside zero_centered_scale{{$}}
// CHECK-NEXT:    = norm.instance_norm_grad {{.*}} rstd(%{{.*}} : tensor<2x6xf32>) bias_gradient(%{{.*}} : tensor<2x6xf32>) channel = 1 per_sample accumulator = f64{{$}}
// CHECK-NEXT:    = norm.layer_norm_grad {{.*}} mean(%{{.*}} : tensor<2x6xf32>) rstd(%{{.*}} : tensor<2x6xf32>) scale_gradient(%{{.*}} : tensor<6xf32>) axes = [2] parameters = [1]{{$}}
// CHECK-NEXT:    = norm.layer_norm_grad {{.*}} outs(%{{.*}} : tensor<2x6x4xf32>) axes = [2] epsilon = 1.000000e-03 epsilon_mode = max{{$}}
// CHECK-NEXT:    = norm.rms_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x4xf32>, tensor<2x6x4xf32>) rstd(%{{.*}} : tensor<2x6xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) axes = [2]{{$}}
// CHECK-NEXT:    = norm.rms_norm_grad {{.*}} variance(%{{.*}} : tensor<2x6xf32>) scale(%{{.*}} : tensor<6xf32>) scale_gradient(%{{.*}} : tensor<2x6xf32>) axes = [2] parameters = [1] per_sample epsilon_mode = max zero_centered_scale accumulator = f64{{$}}
func.func @gradients(%x: tensor<2x6x4xf32>, %s: tensor<2x6xf32>, %p: tensor<6xf32>) {
  %0:3 = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) variance(%s : tensor<2x6xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<2x6x4xf32>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%p : tensor<6xf32>)
      channel = 1 epsilon_mode = outside zero_centered_scale
  %1 = norm.instance_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>)
      bias_gradient(%s : tensor<2x6xf32>) channel = 1 per_sample accumulator = f64
  %2 = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) rstd(%s : tensor<2x6xf32>)
      scale_gradient(%p : tensor<6xf32>) axes = [2] parameters = [1]
  %3 = norm.layer_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x6xf32>) variance(%s : tensor<2x6xf32>)
      outs(%x : tensor<2x6x4xf32>) axes = [2] epsilon = 1.0e-3 epsilon_mode = max
  %4 = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      rstd(%s : tensor<2x6xf32>) outs(%x : tensor<2x6x4xf32>) axes = [2]
  %5 = norm.rms_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      variance(%s : tensor<2x6xf32>) scale(%p : tensor<6xf32>)
      scale_gradient(%s : tensor<2x6xf32>) axes = [2] parameters = [1] per_sample
      epsilon_mode = max zero_centered_scale accumulator = f64
  return
}

// CHECK-LABEL: func @batch_attributes(
// CHECK:         :3 = norm.batch_norm_training ins(%{{.*}} : tensor<2x6xf32>) scale(%{{.*}} : tensor<2x6xf32>) batches(%{{.*}} : tensor<f64>) outs(%{{.*}} : tensor<2x6xf32>) running(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) features = [1] parameters = [0, 1] epsilon_mode = max zero_centered_scale nonfinite = skip_update empty = nan single = biased{{$}}
// CHECK-NEXT:    = norm.batch_norm_training ins(%{{.*}} : tensor<2x6xf32>) outs(%{{.*}} : tensor<2x6xf32>) features = [1]{{$}}
// CHECK-NEXT:    = norm.batch_norm_training {{.*}} features = [1] single = nan{{$}}
// CHECK-NEXT:    = norm.batch_norm_inference {{.*}} features = [1] parameters = [0, 1] epsilon_mode = outside zero_centered_scale{{$}}
// CHECK-NEXT:    = norm.batch_norm_grad {{.*}} features = [1] parameters = [0] per_sample epsilon_mode = max zero_centered_scale{{$}}
// CHECK-NEXT:    = norm.batch_norm_inference_grad {{.*}} features = [1] parameters = [0] epsilon_mode = outside{{$}}
func.func @batch_attributes(%x: tensor<2x6xf32>, %p: tensor<6xf32>, %q: tensor<2xf32>,
    %k: tensor<f64>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<2x6xf32>) scale(%x : tensor<2x6xf32>)
      batches(%k : tensor<f64>) outs(%x : tensor<2x6xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1] parameters = [0, 1]
      epsilon_mode = max zero_centered_scale nonfinite = skip_update empty = nan
      single = biased
  %1 = norm.batch_norm_training ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>)
      features = [1] epsilon_mode = add nonfinite = propagate empty = keep single = keep
  %2 = norm.batch_norm_training ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>)
      features = [1] single = nan
  %3 = norm.batch_norm_inference ins(%x : tensor<2x6xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) scale(%x : tensor<2x6xf32>)
      outs(%x : tensor<2x6xf32>) features = [1] parameters = [0, 1]
      epsilon_mode = outside zero_centered_scale
  %4 = norm.batch_norm_grad ins(%x, %x : tensor<2x6xf32>, tensor<2x6xf32>)
      mean(%p : tensor<6xf32>) variance(%p : tensor<6xf32>) scale(%q : tensor<2xf32>)
      scale_gradient(%x : tensor<2x6xf32>) features = [1] parameters = [0] per_sample
      epsilon_mode = max zero_centered_scale
  %5 = norm.batch_norm_inference_grad ins(%x, %x : tensor<2x6xf32>, tensor<2x6xf32>)
      mean(%p : tensor<6xf32>) variance(%p : tensor<6xf32>)
      bias_gradient(%q : tensor<2xf32>) features = [1] parameters = [0]
      epsilon_mode = outside
  return
}

// CHECK-LABEL: func @group_attributes(
// CHECK:         = norm.group_norm {{.*}} scale(%{{.*}} : tensor<2xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) channel = 1 num_groups = 2 affine = per_group epsilon_mode = outside{{$}}
// CHECK-NEXT:    = norm.group_norm {{.*}} bias(%{{.*}} : tensor<3x4xf32>) outs(%{{.*}} : tensor<2x6x4xf32>) channel = 1 group_size = 3 parameters = [1, 2] affine = per_member zero_centered_scale{{$}}
// CHECK-NEXT:    = norm.group_norm {{.*}} channel = 1 num_groups = 2{{$}}
// CHECK-NEXT:    = norm.group_norm_grad {{.*}} scale_gradient(%{{.*}} : tensor<3x4xf32>) channel = 1 num_groups = 2 parameters = [1, 2] affine = per_member{{$}}
// CHECK-NEXT:    = norm.group_norm_grad {{.*}} scale_gradient(%{{.*}} : tensor<2x2xf32>) channel = 1 num_groups = 2 affine = per_group per_sample{{$}}
func.func @group_attributes(%x: tensor<2x6x4xf32>, %g: tensor<2xf32>, %e: tensor<3x4xf32>,
    %s: tensor<2x2xf32>) {
  %0 = norm.group_norm ins(%x : tensor<2x6x4xf32>) scale(%g : tensor<2xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 num_groups = 2 affine = per_group
      epsilon_mode = outside
  %1 = norm.group_norm ins(%x : tensor<2x6x4xf32>) bias(%e : tensor<3x4xf32>)
      outs(%x : tensor<2x6x4xf32>) channel = 1 group_size = 3 parameters = [1, 2]
      affine = per_member zero_centered_scale
  %2 = norm.group_norm ins(%x : tensor<2x6x4xf32>) outs(%x : tensor<2x6x4xf32>)
      channel = 1 num_groups = 2 affine = per_channel
  %3 = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>)
      scale_gradient(%e : tensor<3x4xf32>) channel = 1 num_groups = 2
      parameters = [1, 2] affine = per_member
  %4 = norm.group_norm_grad ins(%x, %x : tensor<2x6x4xf32>, tensor<2x6x4xf32>)
      mean(%s : tensor<2x2xf32>) rstd(%s : tensor<2x2xf32>)
      scale_gradient(%s : tensor<2x2xf32>) channel = 1 num_groups = 2
      affine = per_group per_sample
  return
}

// CHECK-LABEL: func @kernels(
// CHECK:         :3 = norm.moments {{.*}} axes = [0] uncentered{{$}}
// CHECK-NEXT:    :3 = norm.moments {{.*}} axes = [0] variance = fast uncentered{{$}}
// CHECK-NEXT:    :4 = norm.finalize {{.*}} shift(%{{.*}} : tensor<4xf32>) batches(%{{.*}} : tensor<f16>) outs(%{{.*}} : tensor<4xf32>, tensor<4xf32>) running({{.*}}) nonfinite = skip_update empty = nan single = biased{{$}}
// CHECK-NEXT:    :2 = norm.finalize {{.*}} outs(%{{.*}} : tensor<4xf32>, tensor<4xf32>) single = nan{{$}}
// CHECK-NEXT:    = norm.rstd {{.*}} epsilon_mode = max{{$}}
// CHECK-NEXT:    = norm.rstd {{.*}} epsilon = 1.000000e-03 epsilon_mode = outside{{$}}
// CHECK-NEXT:    :2 = norm.gradient_finalize ins({{.*}}) rstd({{.*}}) count({{.*}}) outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>){{$}}
// CHECK-NEXT:    :2 = norm.gradient_finalize ins({{.*}}) rstd({{.*}}) count({{.*}}) variance(%{{.*}} : tensor<4xf32>) outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>) epsilon = 1.000000e-03 epsilon_mode = max{{$}}
func.func @kernels(%x: tensor<3x4xf32>, %p: tensor<4xf32>, %k: tensor<f16>) {
  %0:3 = norm.moments ins(%x : tensor<3x4xf32>)
      outs(%p, %p, %p : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [0] uncentered
  %1:3 = norm.moments ins(%x : tensor<3x4xf32>)
      outs(%p, %p, %p : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      axes = [0] variance = fast uncentered
  %2:4 = norm.finalize ins(%p, %p, %p : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      shift(%p : tensor<4xf32>) batches(%k : tensor<f16>)
      outs(%p, %p : tensor<4xf32>, tensor<4xf32>)
      running(%p, %p : tensor<4xf32>, tensor<4xf32>)
      nonfinite = skip_update empty = nan single = biased
  %3:2 = norm.finalize ins(%p, %p, %p : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      outs(%p, %p : tensor<4xf32>, tensor<4xf32>)
      nonfinite = propagate empty = keep single = nan
  %4 = norm.rstd ins(%p : tensor<4xf32>) outs(%p : tensor<4xf32>)
      epsilon_mode = max
  %5 = norm.rstd ins(%p : tensor<4xf32>) outs(%p : tensor<4xf32>)
      epsilon = 1.0e-3 epsilon_mode = outside
  %6:2 = norm.gradient_finalize ins(%p, %p : tensor<4xf32>, tensor<4xf32>)
      rstd(%p : tensor<4xf32>) count(%p : tensor<4xf32>)
      outs(%p, %p : tensor<4xf32>, tensor<4xf32>) epsilon = 1.0e-5 epsilon_mode = add
  %7:2 = norm.gradient_finalize ins(%p, %p : tensor<4xf32>, tensor<4xf32>)
      rstd(%p : tensor<4xf32>) count(%p : tensor<4xf32>) variance(%p : tensor<4xf32>)
      outs(%p, %p : tensor<4xf32>, tensor<4xf32>) epsilon = 1.0e-3 epsilon_mode = max
  return
}
