// RUN: norm-opt %s --norm-affine-read-backwards --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-read-backwards="bytes=5242880" --split-input-file | FileCheck %s --check-prefix=LARGER
// RUN: not norm-opt %s --norm-affine-read-backwards="bytes=-1" --split-input-file 2>&1 | FileCheck %s --check-prefix=ERROR

// ERROR: error: expected bytes to be at least 0, but got -1

// The second nest takes the rows of 4096 x 320 numbers, which are 5242880 bytes,
// from the last one to the first.
// CHECK: #[[BACK:.*]] = affine_map<(d0) -> (-d0 + 4095)>
// CHECK-LABEL: @rows(
// CHECK-SAME: %[[X:.*]]: memref<4096x320xf32>, %[[Y:.*]]: memref<4096x320xf32>
// CHECK: affine.for %[[R:.*]] = 0 to 4096 {
// CHECK-NEXT: affine.for %[[I:.*]] = 0 to 320 iter_args
// CHECK-NEXT: affine.load %[[X]][%[[R]], %[[I]]]
// CHECK: affine.for %[[ONE:.*]] = 0 to 1 {
// CHECK-NEXT: affine.for %[[R:.*]] = 0 to 4096 {
// CHECK-NEXT: %[[S:.*]] = affine.apply #[[BACK]](%[[R]])
// CHECK-NEXT: affine.for %[[I:.*]] = 0 to 320 {
// CHECK-NEXT: affine.load %[[X]][%[[S]] + %[[ONE]], %[[I]]]
// CHECK: affine.store %{{.*}}, %[[Y]][%[[S]] + %[[ONE]], %[[I]]]
// LARGER-LABEL: @rows(
// LARGER-NOT: affine.apply
func.func @rows(%x: memref<4096x320xf32>, %y: memref<4096x320xf32>, %s: memref<4096xf32>) {
  %c0 = arith.constant 0.0 : f32
  affine.for %r = 0 to 4096 {
    %sum = affine.for %i = 0 to 320 iter_args(%a = %c0) -> f32 {
      %v = affine.load %x[%r, %i] : memref<4096x320xf32>
      %w = arith.addf %v, %a : f32
      affine.yield %w : f32
    }
    affine.store %sum, %s[%r] : memref<4096xf32>
  }
  affine.for %one = 0 to 1 {
    affine.for %r = 0 to 4096 {
      affine.for %i = 0 to 320 {
        %v = affine.load %x[%r + %one, %i] : memref<4096x320xf32>
        %w = arith.addf %v, %v : f32
        affine.store %w, %y[%r + %one, %i] : memref<4096x320xf32>
      }
    }
  }
  return
}

// -----

// A view that a loop before has read through others, and bounds that run time
// alone knows.
// CHECK: #[[BACK:.*]] = affine_map<(d0)[s0, s1] -> (-d0 + s0 + s1 - 1)>
// CHECK-LABEL: @views(
// CHECK-SAME: %{{.*}}: memref<?x?xf32>, %{{.*}}: memref<?xf32>, %[[L:.*]]: index, %[[U:.*]]: index
// CHECK: affine.for %[[R:.*]] = %[[L]] to %[[U]] {
// CHECK-NEXT: affine.apply #[[BACK]](%[[R]])[%[[L]], %[[U]]]
// LARGER-LABEL: @views(
// LARGER: affine.apply
func.func @views(%x: memref<?x?xf32>, %s: memref<?xf32>, %lower: index, %upper: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.dim %x, %c1 : memref<?x?xf32>
  %n = memref.dim %x, %c0 : memref<?x?xf32>
  scf.for %i = %c0 to %n step %c1 {
    %row = memref.subview %x[%i, 0] [1, %m] [1, 1] : memref<?x?xf32> to memref<1x?xf32, strided<[?, 1], offset: ?>>
    %first = affine.load %row[0, 0] : memref<1x?xf32, strided<[?, 1], offset: ?>>
    memref.store %first, %s[%i] : memref<?xf32>
  }
  affine.for %r = %lower to %upper {
    affine.for %i = 0 to %m {
      %v = affine.load %x[%r, %i] : memref<?x?xf32>
      %w = arith.addf %v, %v : f32
      affine.store %w, %x[%r, %i] : memref<?x?xf32>
    }
  }
  return
}

// -----

// Nothing was read before; a sum would change its order; a store may write what
// another step reads; and small buffers stay in the caches.
// CHECK-LABEL: @others(
// CHECK-NOT: affine.apply
func.func @others(%x: memref<4096x320xf32>, %y: memref<320xf32>, %n: index) -> f32 {
  %c0 = arith.constant 0.0 : f32
  affine.for %r = 0 to 4096 {
    affine.for %i = 0 to 320 {
      %v = affine.load %x[%r, %i] : memref<4096x320xf32>
      affine.store %v, %y[%i] : memref<320xf32>
    }
  }
  %sum = affine.for %r = 0 to 4096 iter_args(%a = %c0) -> f32 {
    %v = affine.load %x[%r, 0] : memref<4096x320xf32>
    %w = arith.addf %v, %a : f32
    affine.yield %w : f32
  }
  %shifted = memref.subview %x[1, 0] [4095, 320] [1, 1] : memref<4096x320xf32> to memref<4095x320xf32, strided<[320, 1], offset: 320>>
  affine.for %r = 0 to 4095 {
    affine.for %i = 0 to 320 {
      %v = affine.load %x[%r, %i] : memref<4096x320xf32>
      affine.store %v, %shifted[%r, %i] : memref<4095x320xf32, strided<[320, 1], offset: 320>>
    }
  }
  affine.for %r = 1 to 4096 {
    affine.for %i = 0 to 320 {
      %v = affine.load %x[%r, %i] : memref<4096x320xf32>
      affine.store %v, %x[%r - 1, %i] : memref<4096x320xf32>
    }
  }
  %buffer = memref.alloc(%n) : memref<?x320xf32>
  affine.for %r = 0 to %n {
    affine.for %i = 0 to 320 {
      affine.store %c0, %buffer[%r, %i] : memref<?x320xf32>
    }
  }
  affine.for %r = 0 to %n {
    affine.for %i = 0 to 320 {
      %v = affine.load %buffer[%r, %i] : memref<?x320xf32>
      affine.store %v, %buffer[%r, %i] : memref<?x320xf32>
    }
  }
  affine.for %r = 0 to %n {
    affine.for %i = 0 to 320 {
      %v = affine.load %buffer[%r, %i] : memref<?x320xf32>
      affine.store %v, %buffer[%r, %i] : memref<?x320xf32>
    }
  }
  memref.dealloc %buffer : memref<?x320xf32>
  return %sum : f32
}
