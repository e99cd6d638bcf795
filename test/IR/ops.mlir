// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: norm-opt %s --emit-bytecode | norm-opt | FileCheck %s

// What is printed is what was written: every op with every optional clause and
// without, on tensors and on memrefs.

//===----------------------------------------------------------------------===//
// batch_norm_training
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @training_plain(
// CHECK-SAME:    %[[X:.*]]: tensor<2x3x5xf32>, %[[O:.*]]: tensor<2x3x5xf32>)
// CHECK-NEXT:    norm.batch_norm_training ins(%[[X]] : tensor<2x3x5xf32>) outs(%[[O]] : tensor<2x3x5xf32>) features = [1]{{$}}
// GENERIC-LABEL: sym_name = "training_plain"
// GENERIC:         "norm.batch_norm_training"(%{{.*}}, %{{.*}}) <{
// GENERIC-SAME:      epsilon = 1.000000e-05 : f64
// GENERIC-SAME:      feature_axes = array<i64: 1>
// GENERIC-SAME:      momentum = 9.000000e-01 : f64
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0>
// GENERIC-SAME:      running_var_correction = 1 : i64
// GENERIC-SAME:      variance = 0 : i32
// GENERIC-SAME:      }> : (tensor<2x3x5xf32>, tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
func.func @training_plain(%x: tensor<2x3x5xf32>, %o: tensor<2x3x5xf32>)
    -> tensor<2x3x5xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2x3x5xf32>)
      outs(%o : tensor<2x3x5xf32>) features = [1]
  return %y : tensor<2x3x5xf32>
}

// CHECK-LABEL: func @training_all(
// CHECK:         %[[Y:.*]]:5 = norm.batch_norm_training ins(%{{.*}} : tensor<?x3x?xf16>) scale(%{{.*}} : tensor<3xf32>) bias(%{{.*}} : tensor<3xbf16>) outs(%{{.*}} : tensor<?x?x5xbf16>) running(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf64>) batch(%{{.*}}, %{{.*}} : tensor<?xf16>, tensor<3xf32>) features = [1] epsilon = 1.000000e-03 momentum = 2.500000e-01 running_var_correction = 0 variance = fast accumulator = f64 {name = "bn1"}
// CHECK-NEXT:    return %[[Y]]#0, %[[Y]]#1, %[[Y]]#2, %[[Y]]#3, %[[Y]]#4 : tensor<?x?x5xbf16>, tensor<3xf32>, tensor<3xf64>, tensor<?xf16>, tensor<3xf32>
// GENERIC-LABEL: sym_name = "training_all"
// GENERIC:         "norm.batch_norm_training"(
// GENERIC-SAME:      accumulator = f64
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1>
// GENERIC-SAME:      running_var_correction = 0 : i64
// GENERIC-SAME:      variance = 1 : i32
func.func @training_all(%x: tensor<?x3x?xf16>, %g: tensor<3xf32>,
    %b: tensor<3xbf16>, %o: tensor<?x?x5xbf16>, %rm: tensor<3xf32>,
    %rv: tensor<3xf64>, %bm: tensor<?xf16>, %bv: tensor<3xf32>)
    -> (tensor<?x?x5xbf16>, tensor<3xf32>, tensor<3xf64>, tensor<?xf16>,
        tensor<3xf32>) {
  %y:5 = norm.batch_norm_training ins(%x : tensor<?x3x?xf16>)
      scale(%g : tensor<3xf32>) bias(%b : tensor<3xbf16>)
      outs(%o : tensor<?x?x5xbf16>)
      running(%rm, %rv : tensor<3xf32>, tensor<3xf64>)
      batch(%bm, %bv : tensor<?xf16>, tensor<3xf32>)
      features = [1] epsilon = 1.0e-3 momentum = 0.25
      running_var_correction = 0 variance = fast accumulator = f64
      {name = "bn1"}
  return %y#0, %y#1, %y#2, %y#3, %y#4
      : tensor<?x?x5xbf16>, tensor<3xf32>, tensor<3xf64>, tensor<?xf16>,
        tensor<3xf32>
}

// Each optional clause alone; values that are the defaults are not printed.
// CHECK-LABEL: func @training_one_clause(
// CHECK:         = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) scale(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1]{{$}}
// CHECK-NEXT:    = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) bias(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1]{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<4x3xf32>) running(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) features = [1]{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<4x3xf32>) batch(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) features = [1]{{$}}
// CHECK-NEXT:    = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1] epsilon = 0.000000e+00{{$}}
// CHECK-NEXT:    = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1] momentum = 1.000000e+00{{$}}
// CHECK-NEXT:    = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1] running_var_correction = 0{{$}}
// CHECK-NEXT:    = norm.batch_norm_training ins(%{{.*}} : tensor<4x3xf32>) outs(%{{.*}} : tensor<4x3xf32>) features = [1]{{$}}
func.func @training_one_clause(%x: tensor<4x3xf32>, %p: tensor<3xf32>) {
  %0 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      scale(%p : tensor<3xf32>) outs(%x : tensor<4x3xf32>) features = [1]
  %1 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      bias(%p : tensor<3xf32>) outs(%x : tensor<4x3xf32>) features = [1]
  %2:3 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      outs(%x : tensor<4x3xf32>)
      running(%p, %p : tensor<3xf32>, tensor<3xf32>) features = [1]
  %3:3 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      outs(%x : tensor<4x3xf32>)
      batch(%p, %p : tensor<3xf32>, tensor<3xf32>) features = [1]
  %4 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      outs(%x : tensor<4x3xf32>) features = [1] epsilon = 0.0
  %5 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      outs(%x : tensor<4x3xf32>) features = [1] momentum = 1.0
  %6 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      outs(%x : tensor<4x3xf32>) features = [1] running_var_correction = 0
  %7 = norm.batch_norm_training ins(%x : tensor<4x3xf32>)
      outs(%x : tensor<4x3xf32>) features = [1] epsilon = 1.0e-5
      momentum = 0.9 running_var_correction = 1 variance = stable
  return
}

// Several feature axes, every axis, a dynamic shape, an empty axis.
// CHECK-LABEL: func @training_axes(
// CHECK:         features = [0, 2]
// CHECK:         features = [0, 1]
// CHECK:         features = [0, 1, 2, 3, 4]
// CHECK:         tensor<0x3xf32>
func.func @training_axes(%x: tensor<4x3x2xf32>, %p: tensor<4x2xf32>,
    %d: tensor<?x?xf64>, %e: tensor<?x?x?x?x?xf16>, %z: tensor<0x3xf32>) {
  %0 = norm.batch_norm_training ins(%x : tensor<4x3x2xf32>)
      scale(%p : tensor<4x2xf32>) outs(%x : tensor<4x3x2xf32>) features = [0, 2]
  %1 = norm.batch_norm_training ins(%d : tensor<?x?xf64>)
      outs(%d : tensor<?x?xf64>) features = [0, 1]
  %2 = norm.batch_norm_training ins(%e : tensor<?x?x?x?x?xf16>)
      outs(%e : tensor<?x?x?x?x?xf16>) features = [0, 1, 2, 3, 4]
  %3 = norm.batch_norm_training ins(%z : tensor<0x3xf32>)
      outs(%z : tensor<0x3xf32>) features = [1]
  return
}

// CHECK-LABEL: func @training_memref(
// CHECK:         {{^ *}}norm.batch_norm_training ins(%{{.*}} : memref<?x3xf32, strided<[?, 1], offset: ?>>) scale(%{{.*}} : memref<3xf32, strided<[2]>>) outs(%{{.*}} : memref<4x3xf32>) running(%{{.*}}, %{{.*}} : memref<3xf32, strided<[2]>>, memref<?xf64, 1>) features = [1]
// GENERIC-LABEL: sym_name = "training_memref"
// GENERIC:         "norm.batch_norm_training"({{.*}} -> ()
func.func @training_memref(%x: memref<?x3xf32, strided<[?, 1], offset: ?>>,
    %p: memref<3xf32, strided<[2]>>, %o: memref<4x3xf32>,
    %v: memref<?xf64, 1>) {
  norm.batch_norm_training
      ins(%x : memref<?x3xf32, strided<[?, 1], offset: ?>>)
      scale(%p : memref<3xf32, strided<[2]>>) outs(%o : memref<4x3xf32>)
      running(%p, %v : memref<3xf32, strided<[2]>>, memref<?xf64, 1>)
      features = [1]
  return
}

//===----------------------------------------------------------------------===//
// batch_norm_inference
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @inference(
// CHECK:         %[[Y0:.*]] = norm.batch_norm_inference ins(%{{.*}} : tensor<?x3xf16>) statistics(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf64>) outs(%{{.*}} : tensor<?x3xbf16>) features = [1]{{$}}
// CHECK-NEXT:    %[[Y1:.*]] = norm.batch_norm_inference ins(%{{.*}} : tensor<?x3xf16>) statistics(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf64>) scale(%{{.*}} : tensor<3xf32>) bias(%{{.*}} : tensor<3xf64>) outs(%[[Y0]] : tensor<?x3xbf16>) features = [1] epsilon = 1.000000e-02 accumulator = f32{{$}}
func.func @inference(%x: tensor<?x3xf16>, %m: tensor<3xf32>,
    %v: tensor<3xf64>, %o: tensor<?x3xbf16>) -> tensor<?x3xbf16> {
  %0 = norm.batch_norm_inference ins(%x : tensor<?x3xf16>)
      statistics(%m, %v : tensor<3xf32>, tensor<3xf64>)
      outs(%o : tensor<?x3xbf16>) features = [1]
  %1 = norm.batch_norm_inference ins(%x : tensor<?x3xf16>)
      statistics(%m, %v : tensor<3xf32>, tensor<3xf64>)
      scale(%m : tensor<3xf32>) bias(%v : tensor<3xf64>)
      outs(%0 : tensor<?x3xbf16>) features = [1] epsilon = 1.0e-2
      accumulator = f32
  return %1 : tensor<?x3xbf16>
}

// CHECK-LABEL: func @inference_memref(
// CHECK:         {{^ *}}norm.batch_norm_inference ins(%{{.*}} : memref<4x3xf32, strided<[1, 4]>>) statistics(%{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>) bias(%{{.*}} : memref<4xf32>) outs(%{{.*}} : memref<4x3xf32, strided<[1, 4]>>) features = [0]
func.func @inference_memref(%x: memref<4x3xf32, strided<[1, 4]>>,
    %p: memref<4xf32>) {
  norm.batch_norm_inference ins(%x : memref<4x3xf32, strided<[1, 4]>>)
      statistics(%p, %p : memref<4xf32>, memref<4xf32>)
      bias(%p : memref<4xf32>) outs(%x : memref<4x3xf32, strided<[1, 4]>>)
      features = [0]
  return
}

//===----------------------------------------------------------------------===//
// group_norm
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @group_norm(
// CHECK:         = norm.group_norm ins(%{{.*}} : tensor<2x6x5xf32>) outs(%{{.*}} : tensor<2x6x5xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    = norm.group_norm ins(%{{.*}} : tensor<2x6x5xf32>) outs(%{{.*}} : tensor<2x6x5xf32>) channel = 1 group_size = 3{{$}}
// CHECK-NEXT:    = norm.group_norm ins(%{{.*}} : tensor<2x6x5xf32>) outs(%{{.*}} : tensor<2x6x5xf32>) channel = 1 num_groups = 3{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.group_norm ins(%{{.*}} : tensor<2x6x5xf32>) scale(%{{.*}} : tensor<6xf32>) bias(%{{.*}} : tensor<6xf32>) outs(%{{.*}} : tensor<2x6x5xf32>) statistics(%{{.*}}, %{{.*}} : tensor<2x1x5xf16>, tensor<2x1x5xf16>) batch = [0, 2] channel = 1 num_groups = 1 epsilon = 0.000000e+00 variance = fast accumulator = f64 {name = "gn"}
// GENERIC-LABEL: sym_name = "group_norm"
// GENERIC:         "norm.group_norm"(
// GENERIC-SAME:      batch_axes = array<i64: 0>
// GENERIC-SAME:      channel_axis = 1 : i64
// GENERIC-SAME:      num_groups = 3 : i64
// GENERIC-SAME:      operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 0, 0>
func.func @group_norm(%x: tensor<2x6x5xf32>, %p: tensor<6xf32>,
    %s: tensor<2x1x5xf16>) {
  %0 = norm.group_norm ins(%x : tensor<2x6x5xf32>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 num_groups = 3
  %1 = norm.group_norm ins(%x : tensor<2x6x5xf32>)
      outs(%x : tensor<2x6x5xf32>) channel = 1 group_size = 3
  %2 = norm.group_norm ins(%x : tensor<2x6x5xf32>)
      outs(%x : tensor<2x6x5xf32>) batch = [0] channel = 1 num_groups = 3
      epsilon = 1.0e-5 variance = stable
  %3:3 = norm.group_norm ins(%x : tensor<2x6x5xf32>)
      scale(%p : tensor<6xf32>) bias(%p : tensor<6xf32>)
      outs(%x : tensor<2x6x5xf32>)
      statistics(%s, %s : tensor<2x1x5xf16>, tensor<2x1x5xf16>)
      batch = [0, 2] channel = 1 num_groups = 1 epsilon = 0.0 variance = fast
      accumulator = f64 {name = "gn"}
  return
}

// The groups of a dynamic number of channels, no batch axis, more groups than a
// dynamic axis may turn out to have channels.
// CHECK-LABEL: func @group_norm_dynamic(
// CHECK:         statistics(%{{.*}}, %{{.*}} : tensor<3x?xf32>, tensor<3x?xf32>) batch = [1] channel = 0 num_groups = 3{{$}}
// CHECK:         batch = [] channel = 1 group_size = 7{{$}}
func.func @group_norm_dynamic(%x: tensor<?x?xf32>, %s: tensor<3x?xf32>) {
  %0:3 = norm.group_norm ins(%x : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>)
      statistics(%s, %s : tensor<3x?xf32>, tensor<3x?xf32>)
      batch = [1] channel = 0 num_groups = 3
  %1 = norm.group_norm ins(%x : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>)
      batch = [] channel = 1 group_size = 7
  return
}

// CHECK-LABEL: func @group_norm_memref(
// CHECK:         {{^ *}}norm.group_norm ins(%{{.*}} : memref<2x6x?xf16>) outs(%{{.*}} : memref<2x6x?xf16, strided<[?, ?, 1]>>) statistics(%{{.*}}, %{{.*}} : memref<2x3xf32>, memref<2x3xf32>) channel = 1 group_size = 2{{$}}
func.func @group_norm_memref(%x: memref<2x6x?xf16>,
    %y: memref<2x6x?xf16, strided<[?, ?, 1]>>, %s: memref<2x3xf32>) {
  norm.group_norm ins(%x : memref<2x6x?xf16>)
      outs(%y : memref<2x6x?xf16, strided<[?, ?, 1]>>)
      statistics(%s, %s : memref<2x3xf32>, memref<2x3xf32>)
      channel = 1 group_size = 2
  return
}

//===----------------------------------------------------------------------===//
// Kernel ops
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @shift(
// CHECK:         = norm.shift ins(%{{.*}} : tensor<4x?x3xf16>) outs(%{{.*}} : tensor<?xf32>) axes = [0, 2]
// CHECK-NEXT:    {{^ *}}norm.shift ins(%{{.*}} : memref<3xf32, strided<[?]>>) outs(%{{.*}} : memref<f32>) axes = [0]
// CHECK-NEXT:    = norm.shift ins(%{{.*}} : tensor<f32>) outs(%{{.*}} : tensor<f32>) axes = []
// CHECK-NEXT:    {{^ *}}norm.shift ins(%{{.*}} : memref<3xf32, strided<[?]>>) outs(%{{.*}} : memref<f32>) axes = [0] all
func.func @shift(%x: tensor<4x?x3xf16>, %k: tensor<?xf32>,
    %v: memref<3xf32, strided<[?]>>, %m: memref<f32>, %z: tensor<f32>) {
  %0 = norm.shift ins(%x : tensor<4x?x3xf16>) outs(%k : tensor<?xf32>)
      axes = [0, 2]
  norm.shift ins(%v : memref<3xf32, strided<[?]>>) outs(%m : memref<f32>)
      axes = [0]
  %1 = norm.shift ins(%z : tensor<f32>) outs(%z : tensor<f32>) axes = []
  norm.shift ins(%v : memref<3xf32, strided<[?]>>) outs(%m : memref<f32>)
      axes = [0] all
  return
}

// CHECK-LABEL: func @moments(
// CHECK:         %{{.*}}:3 = norm.moments ins(%{{.*}} : tensor<4x5xf16>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0]{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.moments ins(%{{.*}} : tensor<4x5xf16>) shift(%{{.*}} : tensor<5xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0] variance = fast{{$}}
// CHECK-NEXT:    {{^ *}}norm.moments ins(%{{.*}} : memref<4x5xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>, memref<4xf32>) axes = [1]{{$}}
// CHECK-NEXT:    {{^ *}}norm.moments ins(%{{.*}} : memref<4x5xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : memref<4xf64>, memref<4xf64>, memref<4xf64>) axes = [1] accumulator = f32{{$}}
// CHECK-NEXT:    %{{.*}}:3 = norm.moments ins(%{{.*}} : tensor<4x5xf16>) shift(%{{.*}} : tensor<5xf32>) guess(%{{.*}} : tensor<5xf32>) outs(
// CHECK-NEXT:    {{^ *}}norm.moments ins(%{{.*}} : memref<4x5xf32>) guess(%{{.*}} : memref<4xf32>) outs(
func.func @moments(%x: tensor<4x5xf16>, %p: tensor<5xf32>, %m: memref<4x5xf32>,
    %b: memref<4xf32>, %w: memref<4xf64>) {
  %0:3 = norm.moments ins(%x : tensor<4x5xf16>)
      outs(%p, %p, %p : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0]
  %1:3 = norm.moments ins(%x : tensor<4x5xf16>) shift(%p : tensor<5xf32>)
      outs(%p, %p, %p : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>)
      axes = [0] variance = fast
  norm.moments ins(%m : memref<4x5xf32>)
      outs(%b, %b, %b : memref<4xf32>, memref<4xf32>, memref<4xf32>) axes = [1]
  norm.moments ins(%m : memref<4x5xf32>)
      outs(%w, %w, %w : memref<4xf64>, memref<4xf64>, memref<4xf64>) axes = [1] accumulator = f32
  %2:3 = norm.moments ins(%x : tensor<4x5xf16>) shift(%p : tensor<5xf32>) guess(%p : tensor<5xf32>)
      outs(%p, %p, %p : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0]
  norm.moments ins(%m : memref<4x5xf32>) guess(%b : memref<4xf32>)
      outs(%b, %b, %b : memref<4xf32>, memref<4xf32>, memref<4xf32>) axes = [1]
  return
}

// CHECK-LABEL: func @combine_moments(
// CHECK:         %{{.*}}:3 = norm.combine_moments ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0]
// CHECK-NEXT:    {{^ *}}norm.combine_moments ins(%{{.*}}, %{{.*}}, %{{.*}} : memref<2x5xf32>, memref<2x5xf32>, memref<2x5xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : memref<f32>, memref<f32>, memref<f32>) axes = [0, 1]
func.func @combine_moments(%x: tensor<?x5xf32>, %p: tensor<5xf32>,
    %m: memref<2x5xf32>, %b: memref<f32>) {
  %0:3 = norm.combine_moments
      ins(%x, %x, %x : tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>)
      outs(%p, %p, %p : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0]
  norm.combine_moments
      ins(%m, %m, %m : memref<2x5xf32>, memref<2x5xf32>, memref<2x5xf32>)
      outs(%b, %b, %b : memref<f32>, memref<f32>, memref<f32>) axes = [0, 1]
  return
}

// CHECK-LABEL: func @finalize(
// CHECK:         %{{.*}}:2 = norm.finalize ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) outs(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>){{$}}
// CHECK-NEXT:    %{{.*}}:4 = norm.finalize ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) shift(%{{.*}} : tensor<5xf32>) outs(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>) running(%{{.*}}, %{{.*}} : tensor<5xf16>, tensor<5xf16>) momentum = 5.000000e-01 running_var_correction = 0{{$}}
// CHECK-NEXT:    {{^ *}}norm.finalize ins(%{{.*}}, %{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>, memref<4xf32>) outs(%{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>) running(%{{.*}}, %{{.*}} : memref<4xf32>, memref<4xf32>){{$}}
func.func @finalize(%p: tensor<5xf32>, %r: tensor<5xf16>, %b: memref<4xf32>) {
  %0:2 = norm.finalize
      ins(%p, %p, %p : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>)
      outs(%p, %p : tensor<5xf32>, tensor<5xf32>)
  %1:4 = norm.finalize
      ins(%p, %p, %p : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>)
      shift(%p : tensor<5xf32>)
      outs(%p, %p : tensor<5xf32>, tensor<5xf32>)
      running(%r, %r : tensor<5xf16>, tensor<5xf16>)
      momentum = 0.5 running_var_correction = 0
  norm.finalize ins(%b, %b, %b : memref<4xf32>, memref<4xf32>, memref<4xf32>)
      outs(%b, %b : memref<4xf32>, memref<4xf32>)
      running(%b, %b : memref<4xf32>, memref<4xf32>)
  return
}

// CHECK-LABEL: func @rstd(
// CHECK:         = norm.rstd ins(%{{.*}} : tensor<5xf32>) outs(%{{.*}} : tensor<5xf32>){{$}}
// CHECK-NEXT:    = norm.rstd ins(%{{.*}} : tensor<5xf32>) outs(%{{.*}} : tensor<5xf32>) epsilon = 1.000000e-03{{$}}
// CHECK-NEXT:    {{^ *}}norm.rstd ins(%{{.*}} : memref<f32>) outs(%{{.*}} : memref<f32>){{$}}
func.func @rstd(%p: tensor<5xf32>, %b: memref<f32>) {
  %0 = norm.rstd ins(%p : tensor<5xf32>) outs(%p : tensor<5xf32>)
  %1 = norm.rstd ins(%p : tensor<5xf32>) outs(%p : tensor<5xf32>)
      epsilon = 1.0e-3
  norm.rstd ins(%b : memref<f32>) outs(%b : memref<f32>)
  return
}

// CHECK-LABEL: func @normalize(
// CHECK:         = norm.normalize ins(%{{.*}} : tensor<4x5xf16>) outs(%{{.*}} : tensor<4x5xf16>) statistics_axes = [] parameter_axes = []{{$}}
// CHECK-NEXT:    = norm.normalize ins(%{{.*}} : tensor<4x5xf16>) shift(%{{.*}} : tensor<4xf32>) mean(%{{.*}} : tensor<4xf32>) rstd(%{{.*}} : tensor<4xf32>) scale(%{{.*}} : tensor<5xbf16>) bias(%{{.*}} : tensor<5xbf16>) outs(%{{.*}} : tensor<4x5xf16>) statistics_axes = [0] parameter_axes = [1]{{$}}
// CHECK-NEXT:    {{^ *}}norm.normalize ins(%{{.*}} : memref<4x?xf32>) rstd(%{{.*}} : memref<4x5xf32>) outs(%{{.*}} : memref<4x?xf32>) statistics_axes = [0, 1] parameter_axes = []{{$}}
func.func @normalize(%x: tensor<4x5xf16>, %s: tensor<4xf32>, %p: tensor<5xbf16>,
    %m: memref<4x?xf32>, %r: memref<4x5xf32>) {
  %0 = norm.normalize ins(%x : tensor<4x5xf16>) outs(%x : tensor<4x5xf16>)
      statistics_axes = [] parameter_axes = []
  %1 = norm.normalize ins(%x : tensor<4x5xf16>) shift(%s : tensor<4xf32>)
      mean(%s : tensor<4xf32>) rstd(%s : tensor<4xf32>)
      scale(%p : tensor<5xbf16>) bias(%p : tensor<5xbf16>)
      outs(%x : tensor<4x5xf16>) statistics_axes = [0] parameter_axes = [1]
  norm.normalize ins(%m : memref<4x?xf32>) rstd(%r : memref<4x5xf32>)
      outs(%m : memref<4x?xf32>) statistics_axes = [0, 1] parameter_axes = []
  return
}

// CHECK-LABEL: func @affine_scope
// CHECK: norm.affine_scope {
// CHECK-NEXT: affine.for %{{.*}} = 0 to %{{.*}} {
func.func @affine_scope(%n: index, %x: memref<?xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    norm.affine_scope {
      affine.for %j = 0 to %i {
        affine.store %v, %x[%j] : memref<?xf32>
      }
    }
  }
  return
}

// Strides of what is staged are those that the source and an array without gaps
// have in common.
// CHECK-LABEL: func @stage
// CHECK: norm.stage %{{.*}} within 49152 : tensor<1x?xf32>
// CHECK: norm.stage %{{.*}} within 0 : memref<3x?x4x5xi1, strided<[?, 40, 5, 1]>>
// CHECK: return {{.*}} : tensor<1x?xf32>, memref<3x?x4x5xi1, strided<[?, ?, 5, 1], offset: ?>>
func.func @stage(%x: tensor<1x?xf32>, %m: memref<3x?x4x5xi1, strided<[?, 40, 5, 1]>>)
    -> (tensor<1x?xf32>, memref<3x?x4x5xi1, strided<[?, ?, 5, 1], offset: ?>>) {
  %0 = norm.stage %x within 49152 : tensor<1x?xf32>
  %1 = norm.stage %m within 0 : memref<3x?x4x5xi1, strided<[?, 40, 5, 1]>>
  return %0, %1 : tensor<1x?xf32>, memref<3x?x4x5xi1, strided<[?, ?, 5, 1], offset: ?>>
}
