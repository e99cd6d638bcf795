// RUN: norm-opt %s --norm-differentiate --split-input-file | FileCheck %s --check-prefixes=CHECK,REVERSE
// RUN: norm-opt %s --norm-differentiate=mode=forward --split-input-file | FileCheck %s --check-prefixes=CHECK,FORWARD

// A layer saves its statistics, and its gradient op gives what is wanted. The
// function that is differentiated stays.
// CHECK-LABEL:   func @layer(
// CHECK:           norm.layer_norm
// CHECK-NOT:       statistics
// CHECK:           return
// REVERSE-LABEL: func @layer_gradient(
// REVERSE-SAME:      %[[X:.*]]: tensor<8x?xf16>, %[[G:.*]]: tensor<?xf32>, %[[N:.*]]: index, %[[DY:.*]]: tensor<8x?xf16>) -> (tensor<8x?xf16>, tensor<?xf32>) {
// REVERSE:         %[[S:.*]] = tensor.empty() : tensor<8xf64>
// REVERSE:         %[[L:.*]]:3 = norm.layer_norm ins(%[[X]] : tensor<8x?xf16>) scale(%[[G]] : tensor<?xf32>) outs(%{{.*}} : tensor<8x?xf16>) statistics(%[[S]], %[[S]] : tensor<8xf64>, tensor<8xf64>) axes = [1] epsilon = 1.000000e-03 accumulator = f64
// REVERSE:         %[[D:.*]]:2 = norm.layer_norm_grad ins(%[[DY]], %[[X]] : tensor<8x?xf16>, tensor<8x?xf16>) mean(%[[L]]#1 : tensor<8xf64>) variance(%[[L]]#2 : tensor<8xf64>) scale(%[[G]] : tensor<?xf32>) outs(%{{.*}} : tensor<8x?xf16>) scale_gradient(%{{.*}} : tensor<?xf32>) axes = [1] epsilon = 1.000000e-03 accumulator = f64
// REVERSE:         return %[[D]]#0, %[[D]]#1
// The tangents of the mean, of the variance and of the output, in f64.
// FORWARD-LABEL: func @layer_jvp(
// FORWARD-SAME:      %[[X:.*]]: tensor<8x?xf16>, %[[G:.*]]: tensor<?xf32>, %[[N:.*]]: index, %[[TX:.*]]: tensor<8x?xf16>, %[[TG:.*]]: tensor<?xf32>) -> (tensor<8x?xf16>, tensor<8x?xf16>) {
// FORWARD:         %[[L:.*]]:3 = norm.layer_norm
// FORWARD:         %[[TM:.*]] = linalg.generic {{.*}} "reduction"]} ins(%[[TX]] : tensor<8x?xf16>) outs(%{{.*}} : tensor<8xf64>)
// FORWARD:         %[[TV:.*]] = linalg.generic {{.*}} "reduction"]} ins(%[[X]], %[[L]]#1, %[[TX]] : {{.*}} outs(%{{.*}} : tensor<8xf64>)
// FORWARD:         linalg.generic {{.*}} ins({{.*}}, %[[TV]] :
// FORWARD:         %[[TY:.*]] = linalg.generic {{.*}} ins({{.*}}, %[[TX]], %[[TM]], %{{.*}}, %[[TG]] :
// FORWARD:         %[[OUT:.*]] = linalg.generic {{.*}} ins(%[[TY]] : tensor<8x?xf64>)
// FORWARD:         return %[[L]]#0, %[[OUT]]
func.func @layer(%x: tensor<8x?xf16>, %g: tensor<?xf32>, %n: index) -> tensor<8x?xf16>
    attributes {norm.differentiate} {
  %e = tensor.empty(%n) : tensor<8x?xf16>
  %y = norm.layer_norm ins(%x : tensor<8x?xf16>) scale(%g : tensor<?xf32>)
      outs(%e : tensor<8x?xf16>) axes = [1] epsilon = 1.0e-3 accumulator = f64
  return %y : tensor<8x?xf16>
}

// CHECK-LABEL: func @unmarked(
// CHECK-NOT:   func @unmarked_
func.func @unmarked(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// -----

// The cotangents of running statistics go to the input and to the statistics
// before; constants get none.
// REVERSE-LABEL: func @running_gradient(
// REVERSE-SAME:      %[[X:.*]]: tensor<8x4xf32>, %[[I:.*]]: tensor<8x4xi32>, %[[M:.*]]: tensor<4xf32>, %[[V:.*]]: tensor<4xf32>, %[[DM:.*]]: tensor<4xf32>, %[[DV:.*]]: tensor<4xf32>)
// REVERSE-SAME:      -> (tensor<8x4xf32>, tensor<4xf32>, tensor<4xf32>) {
// REVERSE-DAG:     %[[KEEP:.*]] = arith.constant 7.500000e-01 : f32
// REVERSE-DAG:     %[[MOVE:.*]] = arith.constant 2.500000e-01 : f32
// REVERSE-NOT:     norm.batch_norm_grad
// REVERSE:         return
// FORWARD-LABEL: func @running_jvp(
func.func @running(%x: tensor<8x4xf32>, %i: tensor<8x4xi32>, %m: tensor<4xf32>, %v: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<8x4xi32>, tensor<4xf32>) attributes {norm.differentiate} {
  %y:3 = norm.batch_norm_training ins(%x : tensor<8x4xf32>) outs(%x : tensor<8x4xf32>)
      running(%m, %v : tensor<4xf32>, tensor<4xf32>) features = [1] momentum = 0.75
  return %y#1, %i, %y#2 : tensor<4xf32>, tensor<8x4xi32>, tensor<4xf32>
}

// -----

// Sums in 16 bits are taken in 32.
// REVERSE-LABEL: func @broadcast_gradient(
// REVERSE-SAME:      %[[X:.*]]: tensor<8x4xbf16>, %[[B:.*]]: tensor<4xbf16>, %[[D:.*]]: tensor<8x4xbf16>)
// REVERSE:         %[[DX:.*]] = linalg.generic {{.*}} ins(%[[B]], %[[D]] : {{.*}} outs(%{{.*}} : tensor<8x4xbf16>)
// REVERSE:         %[[SUM:.*]] = linalg.generic {{.*}}"reduction", "parallel"]} ins(%[[X]], %[[D]] : {{.*}} outs(%{{.*}} : tensor<4xf32>)
// REVERSE:           arith.mulf %{{.*}}, %{{.*}} : f32
// REVERSE:           arith.addf %{{.*}}, %{{.*}} : f32
// REVERSE:         %[[DB:.*]] = linalg.generic {{.*}} ins(%[[SUM]] : tensor<4xf32>)
// REVERSE:         return %[[DX]], %[[DB]]
// FORWARD-LABEL: func @broadcast_jvp(
func.func @broadcast(%x: tensor<8x4xbf16>, %b: tensor<4xbf16>) -> tensor<8x4xbf16>
    attributes {norm.differentiate} {
  %e = tensor.empty() : tensor<8x4xbf16>
  %0 = linalg.broadcast ins(%b : tensor<4xbf16>) outs(%e : tensor<8x4xbf16>) dimensions = [0]
  %1 = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%x, %b : tensor<8x4xbf16>, tensor<4xbf16>) outs(%e : tensor<8x4xbf16>) {
  ^bb0(%p: bf16, %q: bf16, %out: bf16):
    %m = arith.mulf %p, %q : bf16
    linalg.yield %m : bf16
  } -> tensor<8x4xbf16>
  return %1 : tensor<8x4xbf16>
}

// -----

// A frozen layer: only the input has a gradient.
// REVERSE-LABEL: func @frozen_gradient(
// REVERSE-SAME:      %[[X:.*]]: tensor<8x4xf32>, %[[S:.*]]: tensor<4xf32>, %[[D:.*]]: tensor<8x4xf32>)
// REVERSE:         %[[DX:.*]] = norm.batch_norm_inference_grad ins(%[[D]], %[[X]] : {{.*}} scale(%[[S]] : tensor<4xf32>) outs(%{{.*}} : tensor<8x4xf32>) features = [1] {norm.frozen}
// REVERSE:         %[[Z:.*]] = linalg.fill {{.*}} -> tensor<4xf32>
// REVERSE:         return %[[DX]], %[[Z]]
// FORWARD-LABEL: func @frozen_jvp(
func.func @frozen(%x: tensor<8x4xf32>, %s: tensor<4xf32>) -> tensor<8x4xf32>
    attributes {norm.differentiate} {
  %m = arith.constant dense<1.0> : tensor<4xf32>
  %y = norm.batch_norm_inference ins(%x : tensor<8x4xf32>) statistics(%m, %m : tensor<4xf32>, tensor<4xf32>)
      scale(%s : tensor<4xf32>) bias(%s : tensor<4xf32>) outs(%x : tensor<8x4xf32>) features = [1] {norm.frozen}
  return %y : tensor<8x4xf32>
}

// -----

// What does not depend on the arguments may be computed by any op.
// REVERSE-LABEL: func @constants_gradient(
// REVERSE-SAME:      %[[X:.*]]: tensor<8xf32>, %[[S:.*]]: f32, %[[I:.*]]: tensor<8xi32>, %[[D:.*]]: tensor<8xf32>)
// REVERSE:           arith.sitofp
// REVERSE:         %[[C:.*]] = linalg.generic
// REVERSE:           math.cos
// REVERSE:         linalg.generic {{.*}} ins(%[[C]], %[[D]] : tensor<8xf32>, tensor<8xf32>)
// FORWARD-LABEL: func @constants_jvp(
func.func @constants(%x: tensor<8xf32>, %s: f32, %i: tensor<8xi32>) -> (tensor<8xf32>, index)
    attributes {norm.differentiate} {
  %c0 = arith.constant 0 : index
  %0 = arith.sitofp %i : tensor<8xi32> to tensor<8xf32>
  %1 = math.cos %0 : tensor<8xf32>
  %2 = arith.mulf %1, %x : tensor<8xf32>
  %d = tensor.dim %x, %c0 : tensor<8xf32>
  return %2, %d : tensor<8xf32>, index
}
