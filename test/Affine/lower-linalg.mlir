// RUN: norm-opt %s --norm-affine-lower-linalg --split-input-file | FileCheck %s

// A size that a view inside a loop got from outside is taken from there.

// CHECK-LABEL: func.func @size_of_view
// CHECK-SAME: %[[N:.*]]: index, %[[M:.*]]: index
func.func @size_of_view(%n: index, %m: index, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: scf.for
  scf.for %i = %c0 to %n step %c1 {
    %0 = memref.alloc(%m) : memref<8x?xf32>
    %1 = memref.expand_shape %0 [[0, 1], [2]] output_shape [2, 4, %m] : memref<8x?xf32> into memref<2x4x?xf32>
    // CHECK: affine.for {{.*}} = 0 to 2
    // CHECK: affine.for {{.*}} = 0 to 4
    // CHECK: affine.for {{.*}} = 0 to %[[M]]
    // CHECK: affine.store
    linalg.fill ins(%v : f32) outs(%1 : memref<2x4x?xf32>)
    memref.dealloc %0 : memref<8x?xf32>
  }
  return
}

// -----

// A size that is known only inside a loop is an affine symbol only in a scope.

// CHECK-LABEL: func.func @size_of_iteration
func.func @size_of_iteration(%x: memref<?xf32>, %n: index, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: scf.for %[[I:.*]] =
  scf.for %i = %c0 to %n step %c1 {
    // CHECK: norm.affine_scope {
    // CHECK-NEXT: affine.for %{{.*}} = 0 to #map(%[[I]]) {
    // CHECK-NEXT: affine.store
    %1 = memref.subview %x[0] [%i] [1] : memref<?xf32> to memref<?xf32, strided<[1]>>
    linalg.fill ins(%v : f32) outs(%1 : memref<?xf32, strided<[1]>>)
  }
  return
}

// -----

// A nest of which only an inner loop has such a size goes in as a whole.

// CHECK-LABEL: func.func @nest
func.func @nest(%x: memref<8x?xf32>, %n: index, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    // CHECK: norm.affine_scope {
    // CHECK-NEXT: affine.for %{{.*}} = 0 to 8 {
    // CHECK-NEXT: affine.for
    %1 = memref.subview %x[0, 0] [8, %i] [1, 1] : memref<8x?xf32> to memref<8x?xf32, strided<[?, 1]>>
    linalg.fill ins(%v : f32) outs(%1 : memref<8x?xf32, strided<[?, 1]>>)
  }
  return
}
