// RUN: norm-opt %s --norm-lower-copies | FileCheck %s

// CHECK-LABEL: func @copy(
// CHECK-SAME:    %[[A:.*]]: memref<4xf32, strided<[2]>>, %[[B:.*]]: memref<4xf32>)
// CHECK-NEXT:    linalg.copy ins(%[[A]] : memref<4xf32, strided<[2]>>) outs(%[[B]] : memref<4xf32>)
// CHECK-NOT:     memref.copy
func.func @copy(%a: memref<4xf32, strided<[2]>>, %b: memref<4xf32>) {
  memref.copy %a, %b : memref<4xf32, strided<[2]>> to memref<4xf32>
  return
}

// A memref collapsed and expanded again is itself.
// CHECK-LABEL: func @onto_itself(
// CHECK-NOT:     copy
// CHECK:         return
func.func @onto_itself(%a: memref<2x3x4xf32>) {
  %0 = memref.collapse_shape %a [[0], [1, 2]] : memref<2x3x4xf32> into memref<2x12xf32>
  %1 = memref.expand_shape %0 [[0], [1, 2]] output_shape [2, 3, 4]
      : memref<2x12xf32> into memref<2x3x4xf32>
  memref.copy %1, %a : memref<2x3x4xf32> to memref<2x3x4xf32>
  return
}

// CHECK-LABEL: func @cast(
// CHECK-NOT:     copy
// CHECK:         return
func.func @cast(%a: memref<?x3x?xf32>) {
  %0 = memref.cast %a : memref<?x3x?xf32> to memref<2x3x?xf32>
  %1 = memref.collapse_shape %0 [[0], [1, 2]] : memref<2x3x?xf32> into memref<2x?xf32>
  %c2 = arith.constant 2 : index
  %n = memref.dim %a, %c2 : memref<?x3x?xf32>
  %2 = memref.expand_shape %1 [[0], [1, 2]] output_shape [2, 3, %n]
      : memref<2x?xf32> into memref<2x3x?xf32>
  %3 = memref.cast %2 : memref<2x3x?xf32> to memref<2x?x?xf32>
  memref.copy %3, %a : memref<2x?x?xf32> to memref<?x3x?xf32>
  return
}

// Expanded in another way, or from another memref, it is not.
// CHECK-LABEL: func @other(
// CHECK-SAME:    %[[A:.*]]: memref<2x3x4xf32>, %[[B:.*]]: memref<2x3x4xf32>)
// CHECK:         %[[AE:.*]] = memref.expand_shape
// CHECK:         linalg.copy ins(%[[AE]] : memref<2x3x4xf32>) outs(%[[B]] : memref<2x3x4xf32>)
func.func @other(%a: memref<2x3x4xf32>, %b: memref<2x3x4xf32>) {
  %0 = memref.collapse_shape %a [[0], [1, 2]] : memref<2x3x4xf32> into memref<2x12xf32>
  %1 = memref.expand_shape %0 [[0], [1, 2]] output_shape [2, 3, 4]
      : memref<2x12xf32> into memref<2x3x4xf32>
  memref.copy %1, %b : memref<2x3x4xf32> to memref<2x3x4xf32>
  return
}

// linalg needs ranks.
// CHECK-LABEL: func @unranked(
// CHECK:         memref.copy
func.func @unranked(%a: memref<*xf32>, %b: memref<4xf32>) {
  memref.copy %a, %b : memref<*xf32> to memref<4xf32>
  return
}

// A memcpy is less code, but not for a few numbers.
// CHECK-LABEL: func @temporaries(
// CHECK:         memref.copy
// CHECK:         linalg.copy
func.func @temporaries(%n: index, %a: memref<?xf32>) {
  %0 = memref.alloc(%n) : memref<?xf32>
  %1 = memref.alloc(%n) : memref<?xf32>
  memref.copy %0, %1 : memref<?xf32> to memref<?xf32>
  memref.copy %1, %a : memref<?xf32> to memref<?xf32>
  // CHECK:         linalg.copy {{.*}} memref<128xf32>
  %2 = memref.alloc() : memref<128xf32>
  %3 = memref.alloca() : memref<128xf32>
  memref.copy %2, %3 : memref<128xf32> to memref<128xf32>
  // CHECK:         memref.copy {{.*}} memref<129xf32>
  %4 = memref.alloc() : memref<129xf32>
  %5 = memref.alloca() : memref<129xf32>
  memref.copy %4, %5 : memref<129xf32> to memref<129xf32>
  memref.dealloc %2 : memref<128xf32>
  memref.dealloc %4 : memref<129xf32>
  memref.dealloc %0 : memref<?xf32>
  memref.dealloc %1 : memref<?xf32>
  return
}
