// RUN: norm-opt %s --norm-affine-vectorize --canonicalize | FileCheck %s
// RUN: norm-opt %s --norm-affine-vectorize="outer-unroll=10" --canonicalize \
// RUN:   | FileCheck %s --check-prefix=HALF

// A row of 20 vectors is taken at once, or in two equal parts.

// CHECK-LABEL: func.func @rows
// HALF-LABEL: func.func @rows
func.func @rows(%x: memref<32x320xf32>, %acc: memref<320xf32>) {
  // CHECK-NOT: step
  // CHECK: affine.for %{{.*}} = 0 to 32 iter_args
  // CHECK-COUNT-20: affine.vector_load %arg0
  // CHECK-NOT: affine.vector_load %arg0
  // HALF: affine.for %{{.*}} = 0 to 320 step 160
  // HALF-COUNT-10: affine.vector_load %arg0
  // HALF-NOT: affine.vector_load %arg0
  affine.for %c = 0 to 320 {
    %init = affine.load %acc[%c] : memref<320xf32>
    %sum = affine.for %r = 0 to 32 iter_args(%s = %init) -> (f32) {
      %v = affine.load %x[%r, %c] : memref<32x320xf32>
      %next = arith.addf %s, %v : f32
      affine.yield %next : f32
    }
    affine.store %sum, %acc[%c] : memref<320xf32>
  }
  return
}

// A row that no number above half of the limit divides is taken by the limit.

// CHECK-LABEL: func.func @uneven
// HALF-LABEL: func.func @uneven
func.func @uneven(%x: memref<32x176xf32>, %acc: memref<176xf32>) {
  // HALF-COUNT-10: affine.vector_load %arg0
  // HALF: affine.vector_load %arg0
  // HALF-NOT: affine.vector_load %arg0
  // HALF: return
  affine.for %c = 0 to 176 {
    %init = affine.load %acc[%c] : memref<176xf32>
    %sum = affine.for %r = 0 to 32 iter_args(%s = %init) -> (f32) {
      %v = affine.load %x[%r, %c] : memref<32x176xf32>
      %next = arith.addf %s, %v : f32
      affine.yield %next : f32
    }
    affine.store %sum, %acc[%c] : memref<176xf32>
  }
  return
}

// Where the inner loop is short, one vector at a time is enough.

// CHECK-LABEL: func.func @short
// CHECK: affine.for %{{.*}} = 0 to 320 step 16 {
// CHECK: affine.for %{{.*}} = 0 to 16 iter_args(%{{[^,]*}}) -> (vector<16xf32>)
func.func @short(%x: memref<16x320xf32>, %acc: memref<320xf32>) {
  affine.for %c = 0 to 320 {
    %init = affine.load %acc[%c] : memref<320xf32>
    %sum = affine.for %r = 0 to 16 iter_args(%s = %init) -> (f32) {
      %v = affine.load %x[%r, %c] : memref<16x320xf32>
      %next = arith.addf %s, %v : f32
      affine.yield %next : f32
    }
    affine.store %sum, %acc[%c] : memref<320xf32>
  }
  return
}

// Two accumulators share the limit.

// CHECK-LABEL: func.func @two
// CHECK: affine.for %{{.*}} = 0 to 320 step 160 {
// CHECK-COUNT-10: affine.vector_load %arg0
// CHECK-NOT: affine.vector_load %arg0
func.func @two(%x: memref<32x320xf32>, %a: memref<320xf32>, %b: memref<320xf32>) {
  affine.for %c = 0 to 320 {
    %a0 = affine.load %a[%c] : memref<320xf32>
    %b0 = affine.load %b[%c] : memref<320xf32>
    %sums:2 = affine.for %r = 0 to 32 iter_args(%s = %a0, %t = %b0) -> (f32, f32) {
      %v = affine.load %x[%r, %c] : memref<32x320xf32>
      %s1 = arith.addf %s, %v : f32
      %t1 = math.fma %v, %v, %t : f32
      affine.yield %s1, %t1 : f32, f32
    }
    affine.store %sums#0, %a[%c] : memref<320xf32>
    affine.store %sums#1, %b[%c] : memref<320xf32>
  }
  return
}
