// RUN: norm-opt %s --norm-gather-elementwise --canonicalize --split-input-file --mlir-print-local-scope | FileCheck %s

// Named ops, constants and fills, and reshapes between the layer and them: one op on the axes of the layer.
// CHECK-LABEL: func @residual(
// CHECK-SAME:    %[[X:.*]]: tensor<8x64x25xf32>, %[[R:.*]]: tensor<8x64x5x5xf32>
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.0
// CHECK:         %[[Y:.*]] = norm.layer_norm ins(%[[X]]
// CHECK:         %[[FLAT:.*]] = tensor.collapse_shape %[[R]] {{\[}}[0], [1], [2, 3]] : tensor<8x64x5x5xf32> into tensor<8x64x25xf32>
// CHECK:         %[[Z:.*]] = linalg.generic {{.*}} ins(%[[Y]], %[[FLAT]], %[[ZERO]] : tensor<8x64x25xf32>, tensor<8x64x25xf32>, f32)
// CHECK-SAME:      attrs = {norm.elementwise}
// CHECK-NEXT:    ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[C:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT:      %[[SUM:.*]] = arith.addf %[[A]], %[[B]]
// CHECK-NEXT:      %[[MAX:.*]] = arith.maximumf %[[SUM]], %[[C]]
// CHECK-NEXT:      linalg.yield %[[MAX]]
// CHECK:         %[[S:.*]] = tensor.expand_shape %[[Z]]
// CHECK:         return %[[S]]
func.func @residual(%x: tensor<8x64x25xf32>, %r: tensor<8x64x5x5xf32>) -> tensor<8x64x5x5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x64x25xf32>
  %e4 = tensor.empty() : tensor<8x64x5x5xf32>
  %0 = norm.layer_norm ins(%x : tensor<8x64x25xf32>) outs(%e : tensor<8x64x25xf32>) axes = [2]
  %y = tensor.expand_shape %0 [[0], [1], [2, 3]] output_shape [8, 64, 5, 5] : tensor<8x64x25xf32> into tensor<8x64x5x5xf32>
  %1 = linalg.add ins(%y, %r : tensor<8x64x5x5xf32>, tensor<8x64x5x5xf32>) outs(%e4 : tensor<8x64x5x5xf32>) -> tensor<8x64x5x5xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%e4 : tensor<8x64x5x5xf32>) -> tensor<8x64x5x5xf32>
  %2 = linalg.max ins(%1, %zeros : tensor<8x64x5x5xf32>, tensor<8x64x5x5xf32>) outs(%e4 : tensor<8x64x5x5xf32>) -> tensor<8x64x5x5xf32>
  return %2 : tensor<8x64x5x5xf32>
}

// -----

// Before the layer; a number of each channel is broadcast in the op, and dynamic sizes come from where they were taken.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#channel = affine_map<(d0, d1, d2, d3) -> (d1)>
// CHECK-LABEL: func @before(
// CHECK-SAME:    %[[X:.*]]: tensor<?x64x?x?xf32>, %[[S:.*]]: tensor<64xf32>
// CHECK:         %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0], [1], [2, 3]]
// CHECK:         %[[P:.*]] = linalg.generic {{.*}} affine_map<(d0, d1, d2) -> (d1)>
// CHECK-SAME:      ins(%[[FLAT]], %[[S]] : tensor<?x64x?xf32>, tensor<64xf32>)
// CHECK:           arith.mulf
// CHECK:         norm.batch_norm_training ins(%[[P]] : tensor<?x64x?xf32>)
func.func @before(%x: tensor<?x64x?x?xf32>, %s: tensor<64xf32>, %e: tensor<?x64x?xf32>) -> tensor<?x64x?xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %n = tensor.dim %x, %c0 : tensor<?x64x?x?xf32>
  %h = tensor.dim %x, %c2 : tensor<?x64x?x?xf32>
  %w = tensor.dim %x, %c3 : tensor<?x64x?x?xf32>
  %i = tensor.empty(%n, %h, %w) : tensor<?x64x?x?xf32>
  %0 = linalg.broadcast ins(%s : tensor<64xf32>) outs(%i : tensor<?x64x?x?xf32>) dimensions = [0, 2, 3]
  %1 = linalg.mul ins(%x, %0 : tensor<?x64x?x?xf32>, tensor<?x64x?x?xf32>) outs(%i : tensor<?x64x?x?xf32>) -> tensor<?x64x?x?xf32>
  %2 = tensor.collapse_shape %1 [[0], [1], [2, 3]] : tensor<?x64x?x?xf32> into tensor<?x64x?xf32>
  %y = norm.batch_norm_training ins(%2 : tensor<?x64x?xf32>) outs(%e : tensor<?x64x?xf32>) features = [1]
  return %y : tensor<?x64x?xf32>
}

// -----

// What is written to an input of its own gets other memory.
// CHECK-LABEL: func @inplace(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf32>
// CHECK:         %[[E:.*]] = tensor.empty()
// CHECK:         linalg.generic {{.*}} ins(%[[X]] {{.*}} outs(%[[E]]
func.func @inplace(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %y = linalg.exp ins(%x : tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// Not elementwise: a transposition, a sum, what asks where it is; and memrefs.
#id = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @others(
// CHECK:         linalg.transpose
// CHECK:         linalg.reduce
// CHECK:         linalg.generic
// CHECK-NOT:       norm.elementwise
// CHECK:           linalg.index
// CHECK:         linalg.exp ins(%{{.*}} : memref<8x8xf32>)
func.func @others(%x: tensor<8x8xf32>, %e: tensor<8x8xf32>, %v: tensor<8xf32>, %m: memref<8x8xf32>)
    -> (tensor<8x8xf32>, tensor<8xf32>, tensor<8x8xindex>) {
  %y = norm.layer_norm ins(%x : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) axes = [1]
  %t = linalg.transpose ins(%y : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) permutation = [1, 0]
  %s = linalg.reduce { arith.addf } ins(%y : tensor<8x8xf32>) outs(%v : tensor<8xf32>) dimensions = [1]
  %f = tensor.empty() : tensor<8x8xindex>
  %i = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%f : tensor<8x8xindex>) {
    ^bb0(%out: index):
      %0 = linalg.index 0 : index
      linalg.yield %0 : index
  } -> tensor<8x8xindex>
  linalg.exp ins(%m : memref<8x8xf32>) outs(%m : memref<8x8xf32>)
  return %t, %s, %i : tensor<8x8xf32>, tensor<8xf32>, tensor<8x8xindex>
}

// -----

// Memory with gaps keeps its axes.
// CHECK-LABEL: func @gaps(
// CHECK:         tensor.expand_shape
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x64x5x5xf32>, tensor<8x64x5x5xf32>)
func.func @gaps(%x: tensor<8x64x25xf32>, %r: tensor<8x64x5x6xf32>, %e: tensor<8x64x25xf32>) -> tensor<8x64x5x5xf32> {
  %e4 = tensor.empty() : tensor<8x64x5x5xf32>
  %0 = norm.layer_norm ins(%x : tensor<8x64x25xf32>) outs(%e : tensor<8x64x25xf32>) axes = [2]
  %y = tensor.expand_shape %0 [[0], [1], [2, 3]] output_shape [8, 64, 5, 5] : tensor<8x64x25xf32> into tensor<8x64x5x5xf32>
  %s = tensor.extract_slice %r[0, 0, 0, 0] [8, 64, 5, 5] [1, 1, 1, 1] : tensor<8x64x5x6xf32> to tensor<8x64x5x5xf32>
  %1 = linalg.add ins(%y, %s : tensor<8x64x5x5xf32>, tensor<8x64x5x5xf32>) outs(%e4 : tensor<8x64x5x5xf32>) -> tensor<8x64x5x5xf32>
  return %1 : tensor<8x64x5x5xf32>
}

// -----

// What others need is computed once, and stays an op of its own.
// CHECK-LABEL: func @twice(
// CHECK:         %[[S:.*]] = linalg.generic
// CHECK:         %[[Z:.*]] = linalg.generic {{.*}} ins(%[[S]]
// CHECK:         return %[[S]], %[[Z]]
func.func @twice(%x: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %s = linalg.add ins(%x, %x : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %z = linalg.exp ins(%s : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %s, %z : tensor<8x4xf32>, tensor<8x4xf32>
}
