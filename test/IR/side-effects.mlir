// RUN: norm-opt %s --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --loop-invariant-code-motion --split-input-file | FileCheck %s --check-prefix=LICM

// An op on tensors whose results nobody uses goes away; two equal ones are one.
// CHECK-LABEL: func @unused(
// CHECK-NEXT:    return
func.func @unused(%x: tensor<4x6xf32>, %p: tensor<6xf32>, %s: tensor<4x2xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1]
  %1 = norm.batch_norm_inference ins(%x : tensor<4x6xf32>)
      statistics(%p, %p : tensor<6xf32>, tensor<6xf32>) outs(%x : tensor<4x6xf32>) features = [1]
  %2:3 = norm.group_norm ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      statistics(%s, %s : tensor<4x2xf32>, tensor<4x2xf32>) channel = 1 num_groups = 2
  %3 = norm.shift ins(%x : tensor<4x6xf32>) outs(%p : tensor<6xf32>) axes = [0]
  %4:3 = norm.moments ins(%x : tensor<4x6xf32>)
      outs(%p, %p, %p : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) axes = [0]
  %5:3 = norm.combine_moments ins(%x, %x, %x : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>)
      outs(%p, %p, %p : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) axes = [0]
  %6:2 = norm.finalize ins(%p, %p, %p : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>)
      outs(%p, %p : tensor<6xf32>, tensor<6xf32>)
  %7 = norm.rstd ins(%p : tensor<6xf32>) outs(%p : tensor<6xf32>)
  %8 = norm.normalize ins(%x : tensor<4x6xf32>) mean(%p : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) statistics_axes = [1] parameter_axes = []
  %9 = norm.batch_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%x : tensor<4x6xf32>) features = [1]
  %10 = norm.batch_norm_inference_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) scale_gradient(%p : tensor<6xf32>)
      features = [1]
  %11:2 = norm.group_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%p : tensor<6xf32>) channel = 1 num_groups = 2
  %12:2 = norm.gradient_sums ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      outs(%p, %p : tensor<6xf32>, tensor<6xf32>) axes = [0]
  %13:2 = norm.combine_gradient_sums ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      outs(%p, %p : tensor<6xf32>, tensor<6xf32>) axes = [0]
  %14:2 = norm.gradient_finalize ins(%p, %p : tensor<6xf32>, tensor<6xf32>)
      rstd(%p : tensor<6xf32>) count(%p : tensor<6xf32>)
      outs(%p, %p : tensor<6xf32>, tensor<6xf32>)
  %15 = norm.gradient_apply ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      outs(%x : tensor<4x6xf32>) statistics_axes = [] parameter_axes = []
  return
}

// -----

// CHECK-LABEL: func @equal(
// CHECK:         %[[R:.*]] = norm.rstd
// CHECK-NOT:     norm.rstd
// CHECK:         return %[[R]], %[[R]]
func.func @equal(%p: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>) {
  %0 = norm.rstd ins(%p : tensor<6xf32>) outs(%p : tensor<6xf32>)
  %1 = norm.rstd ins(%p : tensor<6xf32>) outs(%p : tensor<6xf32>)
  return %0, %1 : tensor<6xf32>, tensor<6xf32>
}

// -----

// An op on memrefs writes: it stays, each time.
// CHECK-LABEL: func @written(
// CHECK-COUNT-16: {{^ *}}norm.
// CHECK:         return
func.func @written(%x: memref<4x6xf32>, %p: memref<6xf32>, %s: memref<4x2xf32>,
    %a: memref<6xf32>, %b: memref<6xf32>) {
  norm.batch_norm_training ins(%x : memref<4x6xf32>) outs(%x : memref<4x6xf32>)
      running(%a, %b : memref<6xf32>, memref<6xf32>) features = [1]
  norm.batch_norm_inference ins(%x : memref<4x6xf32>)
      statistics(%p, %p : memref<6xf32>, memref<6xf32>) outs(%x : memref<4x6xf32>) features = [1]
  norm.group_norm ins(%x : memref<4x6xf32>) outs(%x : memref<4x6xf32>) channel = 1 num_groups = 2
  norm.shift ins(%x : memref<4x6xf32>) outs(%p : memref<6xf32>) axes = [0]
  norm.moments ins(%x : memref<4x6xf32>)
      outs(%p, %a, %b : memref<6xf32>, memref<6xf32>, memref<6xf32>) axes = [0]
  norm.combine_moments ins(%x, %x, %x : memref<4x6xf32>, memref<4x6xf32>, memref<4x6xf32>)
      outs(%p, %a, %b : memref<6xf32>, memref<6xf32>, memref<6xf32>) axes = [0]
  norm.finalize ins(%p, %p, %p : memref<6xf32>, memref<6xf32>, memref<6xf32>)
      outs(%a, %b : memref<6xf32>, memref<6xf32>)
  norm.rstd ins(%p : memref<6xf32>) outs(%a : memref<6xf32>)
  norm.normalize ins(%x : memref<4x6xf32>) mean(%p : memref<6xf32>)
      outs(%x : memref<4x6xf32>) statistics_axes = [1] parameter_axes = []
  norm.batch_norm_grad ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      mean(%p : memref<6xf32>) rstd(%p : memref<6xf32>) outs(%x : memref<4x6xf32>) features = [1]
  norm.batch_norm_inference_grad ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      mean(%p : memref<6xf32>) rstd(%p : memref<6xf32>) scale_gradient(%a : memref<6xf32>)
      features = [1]
  norm.group_norm_grad ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      mean(%s : memref<4x2xf32>) rstd(%s : memref<4x2xf32>) bias_gradient(%a : memref<6xf32>)
      channel = 1 num_groups = 2
  norm.gradient_sums ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      outs(%a, %b : memref<6xf32>, memref<6xf32>) axes = [0]
  norm.combine_gradient_sums ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      outs(%a, %b : memref<6xf32>, memref<6xf32>) axes = [0]
  norm.gradient_finalize ins(%p, %p : memref<6xf32>, memref<6xf32>)
      rstd(%p : memref<6xf32>) count(%p : memref<6xf32>)
      outs(%a, %b : memref<6xf32>, memref<6xf32>)
  norm.gradient_apply ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      outs(%x : memref<4x6xf32>) statistics_axes = [] parameter_axes = []
  return
}

// -----

// What an op writes is read again after it, and what it reads before it.
// CHECK-LABEL: func @order(
// CHECK-SAME:    %[[V:.*]]: memref<6xf32>, %[[R:.*]]: memref<6xf32>)
// CHECK:         %[[A:.*]] = memref.load %[[R]]
// CHECK:         norm.rstd
// CHECK:         %[[B:.*]] = memref.load %[[R]]
// CHECK:         memref.store %{{.*}}, %[[V]]
// CHECK:         norm.rstd
// CHECK:         return %[[A]], %[[B]]
func.func @order(%v: memref<6xf32>, %r: memref<6xf32>) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %0 = memref.load %r[%c0] : memref<6xf32>
  norm.rstd ins(%v : memref<6xf32>) outs(%r : memref<6xf32>)
  %1 = memref.load %r[%c0] : memref<6xf32>
  memref.store %one, %v[%c0] : memref<6xf32>
  norm.rstd ins(%v : memref<6xf32>) outs(%r : memref<6xf32>)
  return %0, %1 : f32, f32
}

// -----

// An op on tensors may run once in front of a loop, one on memrefs may not.
// LICM-LABEL: func @loop(
// LICM:         %[[R:.*]] = norm.rstd ins(%{{.*}} : tensor<6xf32>)
// LICM:         scf.for
// LICM-NOT:       norm.rstd ins(%{{.*}} : tensor
// LICM:           norm.rstd ins(%{{.*}} : memref<6xf32>)
// LICM:         }
func.func @loop(%p: tensor<6xf32>, %v: memref<6xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = norm.rstd ins(%p : tensor<6xf32>) outs(%p : tensor<6xf32>)
    %1 = tensor.extract %0[%i] : tensor<6xf32>
    memref.store %1, %v[%i] : memref<6xf32>
    norm.rstd ins(%v : memref<6xf32>) outs(%v : memref<6xf32>)
  }
  return
}
