// RUN: norm-opt %s --resolve-shaped-type-result-dims --canonicalize --cse --split-input-file | FileCheck %s

// Sizes of results are sizes of the outs operands; the ops are not needed.

// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<?x6xf32>, %[[INIT:.*]]: tensor<?x?xf32>, %[[P:.*]]: tensor<?xf32>, %[[Q:.*]]: tensor<?xf32>)
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C1:.*]] = arith.constant 1 : index
// CHECK-NOT:     norm.
// CHECK-DAG:     %[[A:.*]] = tensor.dim %[[INIT]], %[[C0]]
// CHECK-DAG:     %[[B:.*]] = tensor.dim %[[INIT]], %[[C1]]
// CHECK-DAG:     %[[C:.*]] = tensor.dim %[[P]], %[[C0]]
// CHECK-DAG:     %[[D:.*]] = tensor.dim %[[Q]], %[[C0]]
// CHECK:         return %[[A]], %[[B]], %[[C]], %[[D]]
func.func @training(%x: tensor<?x6xf32>, %init: tensor<?x?xf32>, %p: tensor<?xf32>,
    %q: tensor<?xf32>) -> (index, index, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y:5 = norm.batch_norm_training ins(%x : tensor<?x6xf32>) outs(%init : tensor<?x?xf32>)
      running(%p, %p : tensor<?xf32>, tensor<?xf32>)
      batch(%p, %q : tensor<?xf32>, tensor<?xf32>) features = [1]
  %0 = tensor.dim %y#0, %c0 : tensor<?x?xf32>
  %1 = tensor.dim %y#0, %c1 : tensor<?x?xf32>
  %2 = tensor.dim %y#2, %c0 : tensor<?xf32>
  %3 = tensor.dim %y#4, %c0 : tensor<?xf32>
  return %0, %1, %2, %3 : index, index, index, index
}

// -----

// Every other op, each by its last result.
// CHECK-LABEL: func @others(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?xf32>, %[[P:.*]]: tensor<?xf32>, %[[S:.*]]: tensor<?x?xf32>)
// CHECK-NOT:     norm.
// CHECK-DAG:     %[[DX:.*]] = tensor.dim %[[X]]
// CHECK-DAG:     %[[DP:.*]] = tensor.dim %[[P]]
// CHECK-DAG:     %[[DS:.*]] = tensor.dim %[[S]]
// CHECK-NOT:     norm.
// CHECK:         return %[[DX]], %[[DS]], %[[DP]], %[[DP]], %[[DP]], %[[DP]], %[[DP]], %[[DX]]
func.func @others(%x: tensor<?x?xf32>, %p: tensor<?xf32>, %s: tensor<?x?xf32>)
    -> (index, index, index, index, index, index, index, index) {
  %c0 = arith.constant 0 : index
  %0 = norm.batch_norm_inference ins(%x : tensor<?x?xf32>)
      statistics(%p, %p : tensor<?xf32>, tensor<?xf32>) outs(%x : tensor<?x?xf32>) features = [1]
  %1:3 = norm.group_norm ins(%x : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>)
      statistics(%s, %s : tensor<?x?xf32>, tensor<?x?xf32>) channel = 1 num_groups = 2
  %2 = norm.shift ins(%x : tensor<?x?xf32>) outs(%p : tensor<?xf32>) axes = [0]
  %3:3 = norm.moments ins(%x : tensor<?x?xf32>)
      outs(%p, %p, %p : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) axes = [0]
  %4:3 = norm.combine_moments ins(%x, %x, %x : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%p, %p, %p : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) axes = [0]
  %5:2 = norm.finalize ins(%p, %p, %p : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>)
      outs(%p, %p : tensor<?xf32>, tensor<?xf32>)
  %6 = norm.rstd ins(%p : tensor<?xf32>) outs(%p : tensor<?xf32>)
  %7 = norm.normalize ins(%x : tensor<?x?xf32>) mean(%p : tensor<?xf32>)
      outs(%x : tensor<?x?xf32>) statistics_axes = [1] parameter_axes = []
  %d0 = tensor.dim %0, %c0 : tensor<?x?xf32>
  %d1 = tensor.dim %1#2, %c0 : tensor<?x?xf32>
  %d2 = tensor.dim %2, %c0 : tensor<?xf32>
  %d3 = tensor.dim %3#2, %c0 : tensor<?xf32>
  %d4 = tensor.dim %4#2, %c0 : tensor<?xf32>
  %d5 = tensor.dim %5#1, %c0 : tensor<?xf32>
  %d6 = tensor.dim %6, %c0 : tensor<?xf32>
  %d7 = tensor.dim %7, %c0 : tensor<?x?xf32>
  return %d0, %d1, %d2, %d3, %d4, %d5, %d6, %d7
      : index, index, index, index, index, index, index, index
}

// -----

// Gradients that are absent have no result.
// CHECK-LABEL: func @gradients(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?xf32>, %[[P:.*]]: tensor<?xf32>, %[[Q:.*]]: tensor<?xf32>)
// CHECK-NOT:     norm.
// CHECK-DAG:     %[[DX:.*]] = tensor.dim %[[X]]
// CHECK-DAG:     %[[DP:.*]] = tensor.dim %[[P]]
// CHECK-DAG:     %[[DQ:.*]] = tensor.dim %[[Q]]
// CHECK-NOT:     norm.
// CHECK:         return %[[DX]], %[[DQ]], %[[DP]], %[[DQ]], %[[DQ]], %[[DX]]
func.func @gradients(%x: tensor<?x?xf32>, %p: tensor<?xf32>, %q: tensor<?xf32>)
    -> (index, index, index, index, index, index) {
  %c0 = arith.constant 0 : index
  %0:2 = norm.batch_norm_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      mean(%p : tensor<?xf32>) rstd(%p : tensor<?xf32>) outs(%x : tensor<?x?xf32>)
      bias_gradient(%q : tensor<?xf32>) features = [1]
  %1 = norm.batch_norm_inference_grad ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      mean(%p : tensor<?xf32>) rstd(%p : tensor<?xf32>) scale_gradient(%p : tensor<?xf32>)
      features = [1]
  %2:2 = norm.combine_gradient_sums ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%p, %q : tensor<?xf32>, tensor<?xf32>) axes = [0]
  %3:2 = norm.gradient_finalize ins(%p, %p : tensor<?xf32>, tensor<?xf32>)
      rstd(%p : tensor<?xf32>) count(%p : tensor<?xf32>)
      outs(%p, %q : tensor<?xf32>, tensor<?xf32>)
  %4 = norm.gradient_apply ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%x : tensor<?x?xf32>) statistics_axes = [] parameter_axes = []
  %d0 = tensor.dim %0#0, %c0 : tensor<?x?xf32>
  %d1 = tensor.dim %0#1, %c0 : tensor<?xf32>
  %d2 = tensor.dim %1, %c0 : tensor<?xf32>
  %d3 = tensor.dim %2#1, %c0 : tensor<?xf32>
  %d4 = tensor.dim %3#1, %c0 : tensor<?xf32>
  %d5 = tensor.dim %4, %c0 : tensor<?x?xf32>
  return %d0, %d1, %d2, %d3, %d4, %d5 : index, index, index, index, index, index
}
