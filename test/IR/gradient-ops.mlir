// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: norm-opt %s --emit-bytecode | norm-opt | FileCheck %s

// What is printed is what was written, for the gradients of layers and the
// kernels of these: every clause and none, on tensors and on memrefs.

//===----------------------------------------------------------------------===//
// batch_norm_grad
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @batch_all(
// CHECK:         %[[Y:.*]]:3 = norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : tensor<?x3x5xbf16>, tensor<4x?x5xf16>) mean(%{{.*}} : tensor<3xf32>) variance(%{{.*}} : tensor<3xf64>) scale(%{{.*}} : tensor<3xbf16>) outs(%{{.*}} : tensor<?x3x5xbf16>) scale_gradient(%{{.*}} : tensor<3xf32>) bias_gradient(%{{.*}} : tensor<3xf64>) features = [1] epsilon = 1.000000e-03 accumulator = f64 {name = "bn"}
// CHECK-NEXT:    return %[[Y]]#0, %[[Y]]#1, %[[Y]]#2 : tensor<?x3x5xbf16>, tensor<3xf32>, tensor<3xf64>
// GENERIC-LABEL: sym_name = "batch_all"
// GENERIC:         "norm.batch_norm_grad"(
// GENERIC-SAME:      accumulator = f64
// GENERIC-SAME:      feature_axes = array<i64: 1>
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1>
func.func @batch_all(%d: tensor<?x3x5xbf16>, %x: tensor<4x?x5xf16>, %m: tensor<3xf32>,
    %v: tensor<3xf64>, %g: tensor<3xbf16>)
    -> (tensor<?x3x5xbf16>, tensor<3xf32>, tensor<3xf64>) {
  %y:3 = norm.batch_norm_grad ins(%d, %x : tensor<?x3x5xbf16>, tensor<4x?x5xf16>)
      mean(%m : tensor<3xf32>) variance(%v : tensor<3xf64>) scale(%g : tensor<3xbf16>)
      outs(%d : tensor<?x3x5xbf16>) scale_gradient(%m : tensor<3xf32>)
      bias_gradient(%v : tensor<3xf64>)
      features = [1] epsilon = 1.0e-3 accumulator = f64 {name = "bn"}
  return %y#0, %y#1, %y#2 : tensor<?x3x5xbf16>, tensor<3xf32>, tensor<3xf64>
}

// Each gradient alone, and statistics given in both ways; values that are the
// defaults are not printed.
// CHECK-LABEL: func @batch_one_clause(
// CHECK:         %{{[0-9]*}} = norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<4x3xf32>) mean(%{{.*}} : tensor<3xf32>) rstd(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1]{{$}}
// CHECK-NEXT:    %{{[0-9]*}} = norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<4x3xf32>) mean(%{{.*}} : tensor<3xf32>) variance(%{{.*}} : tensor<3xf32>) scale_gradient(%{{.*}} : tensor<3xf32>) features = [1]{{$}}
// CHECK-NEXT:    %{{[0-9]*}} = norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<4x3xf32>) mean(%{{.*}} : tensor<3xf32>) rstd(%{{.*}} : tensor<3xf32>) bias_gradient(%{{.*}} : tensor<3xf32>) features = [1] epsilon = 0.000000e+00{{$}}
func.func @batch_one_clause(%x: tensor<4x3xf32>, %p: tensor<3xf32>) {
  %0 = norm.batch_norm_grad ins(%x, %x : tensor<4x3xf32>, tensor<4x3xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) outs(%x : tensor<4x3xf32>)
      features = [1] epsilon = 1.0e-5
  %1 = norm.batch_norm_grad ins(%x, %x : tensor<4x3xf32>, tensor<4x3xf32>)
      mean(%p : tensor<3xf32>) variance(%p : tensor<3xf32>)
      scale_gradient(%p : tensor<3xf32>) features = [1]
  %2 = norm.batch_norm_grad ins(%x, %x : tensor<4x3xf32>, tensor<4x3xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>)
      bias_gradient(%p : tensor<3xf32>) features = [1] epsilon = 0.0
  return
}

// CHECK-LABEL: func @batch_memref(
// CHECK:         {{^ *}}norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : memref<4x3x2xf32>, memref<4x?x2xf32, strided<[?, ?, 1], offset: ?>>) mean(%{{.*}} : memref<4x2xf32>) rstd(%{{.*}} : memref<4x2xf32>) outs(%{{.*}} : memref<4x3x2xf32>) bias_gradient(%{{.*}} : memref<4x2xf32>) features = [0, 2]{{$}}
// GENERIC-LABEL: sym_name = "batch_memref"
// GENERIC:         "norm.batch_norm_grad"({{.*}} -> ()
func.func @batch_memref(%d: memref<4x3x2xf32>,
    %x: memref<4x?x2xf32, strided<[?, ?, 1], offset: ?>>, %p: memref<4x2xf32>) {
  norm.batch_norm_grad
      ins(%d, %x : memref<4x3x2xf32>, memref<4x?x2xf32, strided<[?, ?, 1], offset: ?>>)
      mean(%p : memref<4x2xf32>) rstd(%p : memref<4x2xf32>) outs(%d : memref<4x3x2xf32>)
      bias_gradient(%p : memref<4x2xf32>) features = [0, 2]
  return
}

//===----------------------------------------------------------------------===//
// batch_norm_inference_grad
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @inference(
// CHECK:         %{{.*}}:3 = norm.batch_norm_inference_grad ins(%{{.*}}, %{{.*}} : tensor<4x3xf16>, tensor<4x3xf16>) mean(%{{.*}} : tensor<3xf32>) rstd(%{{.*}} : tensor<3xf32>) scale(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<4x3xf16>) scale_gradient(%{{.*}} : tensor<3xf32>) bias_gradient(%{{.*}} : tensor<3xf32>) features = [1]{{$}}
// CHECK-NEXT:    %{{[0-9]*}} = norm.batch_norm_inference_grad ins(%{{.*}}, %{{.*}} : tensor<4x3xf16>, tensor<4x3xf16>) mean(%{{.*}} : tensor<3xf32>) variance(%{{.*}} : tensor<3xf32>) scale_gradient(%{{.*}} : tensor<3xf32>) features = [1] epsilon = 1.000000e-02 accumulator = f32{{$}}
// CHECK-NEXT:    {{^ *}}norm.batch_norm_inference_grad ins(%{{.*}}, %{{.*}} : memref<?x?xf64>, memref<?x?xf64>) mean(%{{.*}} : memref<?xf64>) variance(%{{.*}} : memref<?xf64>) outs(%{{.*}} : memref<?x?xf64>) features = [0]{{$}}
func.func @inference(%x: tensor<4x3xf16>, %p: tensor<3xf32>, %b: memref<?x?xf64>,
    %q: memref<?xf64>) {
  %0:3 = norm.batch_norm_inference_grad ins(%x, %x : tensor<4x3xf16>, tensor<4x3xf16>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) scale(%p : tensor<3xf32>)
      outs(%x : tensor<4x3xf16>) scale_gradient(%p : tensor<3xf32>)
      bias_gradient(%p : tensor<3xf32>) features = [1]
  %1 = norm.batch_norm_inference_grad ins(%x, %x : tensor<4x3xf16>, tensor<4x3xf16>)
      mean(%p : tensor<3xf32>) variance(%p : tensor<3xf32>)
      scale_gradient(%p : tensor<3xf32>) features = [1] epsilon = 1.0e-2 accumulator = f32
  norm.batch_norm_inference_grad ins(%b, %b : memref<?x?xf64>, memref<?x?xf64>)
      mean(%q : memref<?xf64>) variance(%q : memref<?xf64>) outs(%b : memref<?x?xf64>)
      features = [0]
  return
}

//===----------------------------------------------------------------------===//
// group_norm_grad
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @group(
// CHECK:         %{{[0-9]*}} = norm.group_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x5xf32>, tensor<2x6x5xf32>) mean(%{{.*}} : tensor<2x3xf32>) rstd(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}} : tensor<2x6x5xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    %{{.*}}:2 = norm.group_norm_grad ins(%{{.*}}, %{{.*}} : tensor<2x6x5xf32>, tensor<2x6x5xf32>) mean(%{{.*}} : tensor<2x3xf32>) variance(%{{.*}} : tensor<2x3xf32>) scale(%{{.*}} : tensor<6xf32>) scale_gradient(%{{.*}} : tensor<6xf32>) bias_gradient(%{{.*}} : tensor<6xf32>) channel = 1 group_size = 2 epsilon = 0.000000e+00 accumulator = f64 {name = "gn"}
// GENERIC-LABEL: sym_name = "group"
// GENERIC:         "norm.group_norm_grad"(
// GENERIC-SAME:      batch_axes = array<i64: 0>
// GENERIC-SAME:      channel_axis = 1 : i64
// GENERIC-SAME:      num_groups = 3 : i64
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0>
// GENERIC-NOT:       per_sample
func.func @group(%x: tensor<2x6x5xf32>, %s: tensor<2x3xf32>, %p: tensor<6xf32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%s : tensor<2x3xf32>) rstd(%s : tensor<2x3xf32>) outs(%x : tensor<2x6x5xf32>)
      batch = [0] channel = 1 num_groups = 3 epsilon = 1.0e-5
  %1:2 = norm.group_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%s : tensor<2x3xf32>) variance(%s : tensor<2x3xf32>) scale(%p : tensor<6xf32>)
      scale_gradient(%p : tensor<6xf32>) bias_gradient(%p : tensor<6xf32>)
      channel = 1 group_size = 2 epsilon = 0.0 accumulator = f64 {name = "gn"}
  return
}

// With batch axes on both sides of the channels; each sample's gradients have
// the sizes of batch and channel axes.
// CHECK-LABEL: func @group_per_sample(
// CHECK:         scale_gradient(%{{.*}} : tensor<2x6x5xf32>) batch = [0, 2] channel = 1 num_groups = 1 per_sample{{$}}
// CHECK:         bias_gradient(%{{.*}} : tensor<?xf32>) batch = [] channel = 1 group_size = 7 per_sample epsilon = 1.000000e-03{{$}}
// GENERIC-LABEL: sym_name = "group_per_sample"
// GENERIC:         "norm.group_norm_grad"(
// GENERIC-SAME:      per_sample
func.func @group_per_sample(%x: tensor<2x6x5xf32>, %s: tensor<2x1x5xf32>, %e: tensor<?x?xf32>,
    %p: tensor<?xf32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<2x6x5xf32>, tensor<2x6x5xf32>)
      mean(%s : tensor<2x1x5xf32>) rstd(%s : tensor<2x1x5xf32>)
      scale_gradient(%x : tensor<2x6x5xf32>) batch = [0, 2] channel = 1 num_groups = 1 per_sample
  %1 = norm.group_norm_grad ins(%e, %e : tensor<?x?xf32>, tensor<?x?xf32>)
      mean(%p : tensor<?xf32>) rstd(%p : tensor<?xf32>) bias_gradient(%p : tensor<?xf32>)
      batch = [] channel = 1 group_size = 7 per_sample epsilon = 1.0e-3
  return
}

// CHECK-LABEL: func @group_memref(
// CHECK:         {{^ *}}norm.group_norm_grad ins(%{{.*}}, %{{.*}} : memref<2x6x?xf16>, memref<2x6x?xf16>) mean(%{{.*}} : memref<2x3xf32>) rstd(%{{.*}} : memref<2x3xf32>) outs(%{{.*}} : memref<2x6x?xf16, strided<[?, ?, 1]>>) scale_gradient(%{{.*}} : memref<6xf32>) channel = 1 num_groups = 3{{$}}
func.func @group_memref(%x: memref<2x6x?xf16>, %y: memref<2x6x?xf16, strided<[?, ?, 1]>>,
    %s: memref<2x3xf32>, %p: memref<6xf32>) {
  norm.group_norm_grad ins(%x, %x : memref<2x6x?xf16>, memref<2x6x?xf16>)
      mean(%s : memref<2x3xf32>) rstd(%s : memref<2x3xf32>)
      outs(%y : memref<2x6x?xf16, strided<[?, ?, 1]>>) scale_gradient(%p : memref<6xf32>)
      channel = 1 num_groups = 3
  return
}

//===----------------------------------------------------------------------===//
// Kernel ops
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @gradient_sums(
// CHECK:         %{{.*}}:2 = norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<4x5xf16>, tensor<4x5xbf16>) outs(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>) axes = [0]{{$}}
// CHECK-NEXT:    %{{.*}}:2 = norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<4x5xf16>, tensor<4x5xbf16>) mean(%{{.*}} : tensor<4xf32>) rstd(%{{.*}} : tensor<4xf32>) scale(%{{.*}} : tensor<5xf64>) outs(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf64>) axes = [0] statistics_axes = [0] parameter_axes = [1]{{$}}
// CHECK-NEXT:    {{^ *}}norm.gradient_sums ins(%{{.*}}, %{{.*}} : memref<4x?xf32>, memref<4x?xf32>) mean(%{{.*}} : memref<4xf32>) outs(%{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>) axes = [1] statistics_axes = [0]{{$}}
// CHECK-NEXT:    %{{.*}}:2 = norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<4x5xf16>, tensor<4x5xbf16>) outs(%{{.*}}, %{{.*}} : tensor<5xf64>, tensor<5xf64>) axes = [0] accumulator = f32{{$}}
func.func @gradient_sums(%d: tensor<4x5xf16>, %x: tensor<4x5xbf16>, %s: tensor<5xf32>,
    %r: tensor<4xf32>, %w: tensor<5xf64>, %m: memref<4x?xf32>, %t: memref<4xf32>) {
  %0:2 = norm.gradient_sums ins(%d, %x : tensor<4x5xf16>, tensor<4x5xbf16>)
      outs(%s, %s : tensor<5xf32>, tensor<5xf32>) axes = [0] statistics_axes = [] parameter_axes = []
  %1:2 = norm.gradient_sums ins(%d, %x : tensor<4x5xf16>, tensor<4x5xbf16>)
      mean(%r : tensor<4xf32>) rstd(%r : tensor<4xf32>) scale(%w : tensor<5xf64>)
      outs(%s, %w : tensor<5xf32>, tensor<5xf64>) axes = [0] statistics_axes = [0] parameter_axes = [1]
  norm.gradient_sums ins(%m, %m : memref<4x?xf32>, memref<4x?xf32>) mean(%t : memref<4xf32>)
      outs(%t, %t : memref<4xf32>, memref<4xf32>) axes = [1] statistics_axes = [0]
  %2:2 = norm.gradient_sums ins(%d, %x : tensor<4x5xf16>, tensor<4x5xbf16>)
      outs(%w, %w : tensor<5xf64>, tensor<5xf64>) axes = [0] accumulator = f32
  return
}

// CHECK-LABEL: func @combine_gradient_sums(
// CHECK:         %{{.*}}:2 = norm.combine_gradient_sums ins(%{{.*}}, %{{.*}} : tensor<?x5xf32>, tensor<4x?xf64>) outs(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>) axes = [0]{{$}}
// CHECK-NEXT:    %{{.*}}:2 = norm.combine_gradient_sums ins(%{{.*}}, %{{.*}} : tensor<?x5xf32>, tensor<?x5xf32>) rstd(%{{.*}} : tensor<?xf32>) scale(%{{.*}} : tensor<5xf32>) outs(%{{.*}}, %{{.*}} : tensor<?xf32>, tensor<?xf32>) axes = [1] statistics_axes = [0] parameter_axes = [1]{{$}}
// CHECK-NEXT:    {{^ *}}norm.combine_gradient_sums ins(%{{.*}}, %{{.*}} : memref<2x5xf32>, memref<2x5xf32>) outs(%{{.*}}, %{{.*}} : memref<f32>, memref<f32>) axes = [0, 1]{{$}}
func.func @combine_gradient_sums(%a: tensor<?x5xf32>, %b: tensor<4x?xf64>, %s: tensor<5xf32>,
    %r: tensor<?xf32>, %m: memref<2x5xf32>, %t: memref<f32>) {
  %0:2 = norm.combine_gradient_sums ins(%a, %b : tensor<?x5xf32>, tensor<4x?xf64>)
      outs(%s, %s : tensor<5xf32>, tensor<5xf32>) axes = [0]
  %1:2 = norm.combine_gradient_sums ins(%a, %a : tensor<?x5xf32>, tensor<?x5xf32>)
      rstd(%r : tensor<?xf32>) scale(%s : tensor<5xf32>)
      outs(%r, %r : tensor<?xf32>, tensor<?xf32>)
      axes = [1] statistics_axes = [0] parameter_axes = [1]
  norm.combine_gradient_sums ins(%m, %m : memref<2x5xf32>, memref<2x5xf32>)
      outs(%t, %t : memref<f32>, memref<f32>) axes = [0, 1]
  return
}

// CHECK-LABEL: func @gradient_finalize(
// CHECK:         %{{.*}}:2 = norm.gradient_finalize ins(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf64>) rstd(%{{.*}} : tensor<5xf16>) count(%{{.*}} : tensor<5xf32>) outs(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf64>) {name = "end"}
// CHECK-NEXT:    {{^ *}}norm.gradient_finalize ins(%{{.*}}, %{{.*}} : memref<f32>, memref<f32>) rstd(%{{.*}} : memref<f32>) count(%{{.*}} : memref<f32>) outs(%{{.*}}, %{{.*}} : memref<f32>, memref<f32>){{$}}
func.func @gradient_finalize(%s: tensor<5xf32>, %w: tensor<5xf64>, %r: tensor<5xf16>,
    %t: memref<f32>) {
  %0:2 = norm.gradient_finalize ins(%s, %w : tensor<5xf32>, tensor<5xf64>)
      rstd(%r : tensor<5xf16>) count(%s : tensor<5xf32>)
      outs(%s, %w : tensor<5xf32>, tensor<5xf64>) {name = "end"}
  norm.gradient_finalize ins(%t, %t : memref<f32>, memref<f32>)
      rstd(%t : memref<f32>) count(%t : memref<f32>) outs(%t, %t : memref<f32>, memref<f32>)
  return
}

// CHECK-LABEL: func @gradient_apply(
// CHECK:         %{{.*}} = norm.gradient_apply ins(%{{.*}}, %{{.*}} : tensor<4x5xf16>, tensor<4x5xbf16>) outs(%{{.*}} : tensor<4x5xf16>) statistics_axes = [] parameter_axes = []{{$}}
// CHECK-NEXT:    {{^ *}}norm.gradient_apply ins(%{{.*}}, %{{.*}} : memref<4x?xf32>, memref<4x?xf32>) mean(%{{.*}} : memref<4xf32>) rstd(%{{.*}} : memref<4xf32>) scale(%{{.*}} : memref<4xf32>) gradient_mean(%{{.*}} : memref<4xf32>) slope(%{{.*}} : memref<4xf32>) outs(%{{.*}} : memref<4x?xf32>) statistics_axes = [0] parameter_axes = [0]{{$}}
// CHECK-NEXT:    {{^ *}}norm.gradient_apply ins(%{{.*}}, %{{.*}} : memref<4x?xf32>, memref<4x?xf32>) gradient_mean(%{{.*}} : memref<4xf32>) outs(%{{.*}} : memref<4x?xf32>) statistics_axes = [0] parameter_axes = []{{$}}
// CHECK-NEXT:    {{^ *}}norm.gradient_apply ins(%{{.*}}, %{{.*}} : memref<4x?xf32>, memref<4x?xf32>) slope(%{{.*}} : memref<4xf32>) outs(%{{.*}} : memref<4x?xf32>) statistics_axes = [0] parameter_axes = []{{$}}
func.func @gradient_apply(%d: tensor<4x5xf16>, %x: tensor<4x5xbf16>, %m: memref<4x?xf32>,
    %t: memref<4xf32>) {
  %0 = norm.gradient_apply ins(%d, %x : tensor<4x5xf16>, tensor<4x5xbf16>)
      outs(%d : tensor<4x5xf16>) statistics_axes = [] parameter_axes = []
  norm.gradient_apply ins(%m, %m : memref<4x?xf32>, memref<4x?xf32>)
      mean(%t : memref<4xf32>) rstd(%t : memref<4xf32>) scale(%t : memref<4xf32>)
      gradient_mean(%t : memref<4xf32>) slope(%t : memref<4xf32>)
      outs(%m : memref<4x?xf32>) statistics_axes = [0] parameter_axes = [0]
  norm.gradient_apply ins(%m, %m : memref<4x?xf32>, memref<4x?xf32>)
      gradient_mean(%t : memref<4xf32>) outs(%m : memref<4x?xf32>)
      statistics_axes = [0] parameter_axes = []
  norm.gradient_apply ins(%m, %m : memref<4x?xf32>, memref<4x?xf32>)
      slope(%t : memref<4xf32>) outs(%m : memref<4x?xf32>)
      statistics_axes = [0] parameter_axes = []
  return
}
