// RUN: norm-opt %s --norm-split-fills | FileCheck %s

// Each sum begins with zeros of its own, and what only reads keeps the first.
// CHECK-LABEL: func @sums(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?xf32>, %[[N:.*]]: index
// CHECK:         %[[E0:.*]] = tensor.empty(%[[N]])
// CHECK:         %[[F0:.*]] = linalg.fill ins(%[[Z:.*]] : f32) outs(%[[E0]] : tensor<?xf32>)
// CHECK:         %[[E1:.*]] = tensor.empty(%[[N]])
// CHECK:         %[[F1:.*]] = linalg.fill ins(%[[Z]] : f32) outs(%[[E1]] : tensor<?xf32>)
// CHECK:         linalg.reduce {{.*}} outs(%[[F1]] : tensor<?xf32>)
// CHECK:         %[[E2:.*]] = tensor.empty(%[[N]])
// CHECK:         %[[F2:.*]] = linalg.fill ins(%[[Z]] : f32) outs(%[[E2]] : tensor<?xf32>)
// CHECK:         scf.for {{.*}} iter_args(%[[S:.*]] = %[[F2]])
// CHECK-NOT:       linalg.fill
// CHECK:           linalg.reduce {{.*}} outs(%[[S]] : tensor<?xf32>)
// CHECK:         linalg.add ins(%{{.*}}, %[[F0]] :
func.func @sums(%x: tensor<?x?xf32>, %n: index, %init: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%n) : tensor<?xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %a = linalg.reduce {arith.addf} ins(%x : tensor<?x?xf32>) outs(%f : tensor<?xf32>) dimensions = [0]
  %b = scf.for %i = %c0 to %n step %c1 iter_args(%s = %f) -> tensor<?xf32> {
    %r = linalg.reduce {arith.maximumf} ins(%x : tensor<?x?xf32>) outs(%s : tensor<?xf32>) dimensions = [0]
    scf.yield %r : tensor<?xf32>
  }
  %c = linalg.add ins(%a, %f : tensor<?xf32>, tensor<?xf32>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %a, %b, %c : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}

// Of one use, and of a tensor that is given, there is nothing to split.
// CHECK-LABEL: func @left(
// CHECK-COUNT-2: linalg.fill
// CHECK-NOT:     linalg.fill
func.func @left(%x: tensor<4x8xf32>, %given: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %a = linalg.reduce {arith.addf} ins(%x : tensor<4x8xf32>) outs(%f : tensor<8xf32>) dimensions = [0]
  %g = linalg.fill ins(%zero : f32) outs(%given : tensor<8xf32>) -> tensor<8xf32>
  %b = linalg.reduce {arith.addf} ins(%x : tensor<4x8xf32>) outs(%g : tensor<8xf32>) dimensions = [0]
  %c = linalg.reduce {arith.maximumf} ins(%x : tensor<4x8xf32>) outs(%g : tensor<8xf32>) dimensions = [0]
  return %a, %b, %c : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}
