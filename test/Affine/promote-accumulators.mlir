// RUN: norm-opt %s --norm-affine-promote-accumulators --split-input-file | FileCheck %s

// A nest of two reduction loops with two accumulators: nested iter_args.
// CHECK-LABEL: @nest
// CHECK-SAME: %[[X:.*]]: memref<4x8x?xf32>, %[[A:.*]]: memref<8xf32>, %[[B:.*]]: memref<8xf32>, %[[N:.*]]: index
func.func @nest(%x: memref<4x8x?xf32>, %a: memref<8xf32>, %b: memref<8xf32>, %n: index) {
  // CHECK: affine.for %[[C:.*]] = 0 to 8 {
  // CHECK-NEXT: %[[A0:.*]] = affine.load %[[A]][%[[C]]]
  // CHECK-NEXT: %[[B0:.*]] = affine.load %[[B]][%[[C]]]
  // CHECK-NEXT: %[[OUTER:.*]]:2 = affine.for %{{.*}} = 0 to 4 iter_args(%[[A1:.*]] = %[[A0]], %[[B1:.*]] = %[[B0]])
  // CHECK-NEXT: %[[INNER:.*]]:2 = affine.for %{{.*}} = 0 to %[[N]] iter_args(%[[A2:.*]] = %[[A1]], %[[B2:.*]] = %[[B1]])
  // CHECK-NEXT: %[[V:.*]] = affine.load %[[X]]
  // CHECK-NEXT: %[[S:.*]] = arith.addf %[[A2]], %[[V]]
  // CHECK-NEXT: %[[M:.*]] = arith.maximumf %[[B2]], %[[V]]
  // CHECK-NEXT: affine.yield %[[S]], %[[M]]
  // CHECK: affine.yield %[[INNER]]#0, %[[INNER]]#1
  // CHECK: affine.store %[[OUTER]]#0, %[[A]][%[[C]]]
  // CHECK-NEXT: affine.store %[[OUTER]]#1, %[[B]][%[[C]]]
  affine.for %c = 0 to 8 {
    affine.for %i = 0 to 4 {
      affine.for %l = 0 to %n {
        %v = affine.load %x[%i, %c, %l] : memref<4x8x?xf32>
        %0 = affine.load %a[%c] : memref<8xf32>
        %1 = arith.addf %0, %v : f32
        affine.store %1, %a[%c] : memref<8xf32>
        %2 = affine.load %b[%c] : memref<8xf32>
        %3 = arith.maximumf %2, %v : f32
        affine.store %3, %b[%c] : memref<8xf32>
      }
    }
  }
  return
}

// -----

// iter_args that are there already stay in front; a second load and a store
// of what was just stored are forwarded; the two accumulators swap values.
// CHECK-LABEL: @existing
// CHECK: %[[A0:.*]] = affine.load %[[A:.*]][]
// CHECK-NEXT: %[[B0:.*]] = affine.load %[[B:.*]][]
// CHECK-NEXT: %[[R:.*]]:3 = affine.for {{.*}} iter_args(%[[O:.*]] = %{{.*}}, %[[A1:.*]] = %[[A0]], %[[B1:.*]] = %[[B0]])
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[O]], %[[A1]]
// CHECK-NEXT: %[[T:.*]] = arith.mulf %[[S]], %[[B1]]
// CHECK-NEXT: affine.yield %[[T]], %[[B1]], %[[A1]]
// CHECK: affine.store %[[R]]#1, %[[A]][]
// CHECK-NEXT: affine.store %[[R]]#2, %[[B]][]
// CHECK-NEXT: return %[[R]]#0
func.func @existing(%a: memref<f32>, %b: memref<f32>, %init: f32) -> f32 {
  %r = affine.for %i = 0 to 10 iter_args(%o = %init) -> (f32) {
    %0 = affine.load %a[] : memref<f32>
    %1 = affine.load %b[] : memref<f32>
    %s = arith.addf %o, %0 : f32
    affine.store %1, %a[] : memref<f32>
    affine.store %0, %b[] : memref<f32>
    %2 = affine.load %b[] : memref<f32>
    affine.store %2, %b[] : memref<f32>
    %t = arith.mulf %s, %1 : f32
    affine.yield %t : f32
  }
  return %r : f32
}

// -----

// The address is invariant although its subscript is computed in the loop.
// CHECK-LABEL: @composed
// CHECK: affine.load %{{.*}}[%{{.*}} + 1]
// CHECK-NEXT: affine.for {{.*}} iter_args
// CHECK-NOT: affine.store
// CHECK: affine.yield
// CHECK: affine.store %{{.*}}[%{{.*}} + 1]
func.func @composed(%a: memref<9xf32>, %x: memref<16xf32>) {
  affine.for %c = 0 to 8 {
    %c1 = affine.apply affine_map<(d0) -> (d0 + 1)>(%c)
    affine.for %i = 0 to 16 {
      %v = affine.load %x[%i] : memref<16xf32>
      %0 = affine.load %a[%c + 1] : memref<9xf32>
      %1 = arith.addf %0, %v : f32
      affine.store %1, %a[%c1] : memref<9xf32>
    }
  }
  return
}

// -----

// A view of the accumulator's buffer is read in the loop.
// CHECK-LABEL: @view
// CHECK-NOT: iter_args
func.func @view(%a: memref<16xf32>) {
  %v = memref.subview %a[4] [4] [1] : memref<16xf32> to memref<4xf32, strided<[1], offset: 4>>
  affine.for %i = 0 to 4 {
    %x = affine.load %v[%i] : memref<4xf32, strided<[1], offset: 4>>
    %0 = affine.load %a[5] : memref<16xf32>
    %1 = arith.addf %0, %x : f32
    affine.store %1, %a[5] : memref<16xf32>
  }
  return
}

// -----

// CHECK-LABEL: @nested_access
// CHECK-NOT: iter_args
func.func @nested_access(%a: memref<16xf32>, %y: memref<4x16xf32>) {
  affine.for %i = 0 to 4 {
    %0 = affine.load %a[5] : memref<16xf32>
    %1 = arith.addf %0, %0 : f32
    affine.store %1, %a[5] : memref<16xf32>
    affine.for %j = 0 to 16 {
      %2 = affine.load %a[%j] : memref<16xf32>
      affine.store %2, %y[%i, %j] : memref<4x16xf32>
    }
  }
  return
}

// -----

// CHECK-LABEL: @unknown_effects
// CHECK-NOT: iter_args
func.func private @opaque()
func.func @unknown_effects(%a: memref<f32>) {
  affine.for %i = 0 to 4 {
    %0 = affine.load %a[] : memref<f32>
    %1 = arith.addf %0, %0 : f32
    affine.store %1, %a[] : memref<f32>
    func.call @opaque() : () -> ()
  }
  return
}

// -----

// What comes out of a select may be either buffer.
// CHECK-LABEL: @select
// CHECK-NOT: iter_args
func.func @select(%a: memref<f32>, %b: memref<f32>, %c: i1, %y: memref<4xf32>) {
  %s = arith.select %c, %a, %b : memref<f32>
  affine.for %i = 0 to 4 {
    %0 = affine.load %a[] : memref<f32>
    %1 = arith.addf %0, %0 : f32
    affine.store %1, %a[] : memref<f32>
    %2 = affine.load %s[] : memref<f32>
    affine.store %2, %y[%i] : memref<4xf32>
  }
  return
}

// -----

// A store that no load precedes carries nothing; an address that varies is none.
// CHECK-LABEL: @no_accumulator
// CHECK-NOT: iter_args
func.func @no_accumulator(%a: memref<f32>, %b: memref<4xf32>, %v: f32) {
  affine.for %i = 0 to 4 {
    affine.store %v, %a[] : memref<f32>
    %0 = affine.load %b[%i] : memref<4xf32>
    %1 = arith.addf %0, %v : f32
    affine.store %1, %b[%i] : memref<4xf32>
  }
  return
}
