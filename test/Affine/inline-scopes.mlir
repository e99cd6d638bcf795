// RUN: norm-opt %s --norm-affine-inline-scopes | FileCheck %s

// CHECK-LABEL: func.func @nested
// CHECK-SAME: %[[X:.*]]: memref<?xf32>, %[[I:.*]]: index, %[[V:.*]]: f32
// CHECK-NEXT: memref.store %[[V]], %[[X]][%[[I]]]
// CHECK-NEXT: memref.load
// CHECK-NEXT: return
func.func @nested(%x: memref<?xf32>, %i: index, %v: f32) {
  norm.affine_scope {
    norm.affine_scope {
      memref.store %v, %x[%i] : memref<?xf32>
    }
    %w = memref.load %x[%i] : memref<?xf32>
  }
  return
}
