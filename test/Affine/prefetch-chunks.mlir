// RUN: norm-opt %s --allow-unregistered-dialect --norm-affine-prefetch-chunks --split-input-file | FileCheck %s

// Two nests read a chunk: each prefetches half of the next one. What is read
// once, a tail here, and what does not depend on the loop is not prefetched.

// CHECK-LABEL: func.func @twice
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<64x112xf32>, %[[Z:[a-z0-9]+]]: memref<112xf32>
func.func @twice(%x: memref<64x112xf32>, %z: memref<112xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant dense<0.0> : vector<16xf32>
  // CHECK: scf.for %[[I:[a-z0-9]+]] =
  // CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %c1
  // CHECK: %[[LAST:.*]] = arith.subi %c64, %c1
  // CHECK: %[[J:.*]] = arith.minsi %[[NEXT]], %[[LAST]]
  // CHECK: %[[XI:.*]] = memref.subview %[[X]][%[[I]], 0]
  // CHECK: %[[XJ:.*]] = memref.subview %[[X]][%[[J]], 0]
  scf.for %i = %c0 to %c64 step %c1 {
    %xi = memref.subview %x[%i, 0] [1, 112] [1, 1] : memref<64x112xf32> to memref<1x112xf32, strided<[112, 1], offset: ?>>
    // CHECK: affine.for %[[L:.*]] = 0 to 96 step 32
    // CHECK-NEXT: affine.prefetch %[[XJ]][0, %[[L]]], read, locality<3>, data
    // CHECK-NEXT: affine.vector_load %[[XI]][0, %[[L]]]
    // CHECK-NEXT: affine.vector_load %[[XI]][0, %[[L]] + 16]
    // CHECK-NOT: affine.prefetch
    %a:2 = affine.for %l = 0 to 96 step 32 iter_args(%p = %zero, %q = %zero) -> (vector<16xf32>, vector<16xf32>) {
      %v = affine.vector_load %xi[0, %l] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      %w = affine.vector_load %xi[0, %l + 16] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      %s = arith.addf %p, %v : vector<16xf32>
      %t = arith.addf %q, %w : vector<16xf32>
      affine.yield %s, %t : vector<16xf32>, vector<16xf32>
    }
    // CHECK: affine.for %{{.*}} = 96 to 112
    affine.for %l = 96 to 112 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    // CHECK: affine.for %[[L:.*]] = 0 to 96 step 32
    // CHECK-NEXT: affine.vector_load %[[XI]][0, %[[L]]]
    // CHECK-NEXT: affine.prefetch %[[XJ]][0, %[[L]] + 16], read, locality<3>, data
    // CHECK-NEXT: affine.vector_load %[[XI]][0, %[[L]] + 16]
    // CHECK-NOT: affine.prefetch
    affine.for %l = 0 to 96 step 32 {
      %v = affine.vector_load %xi[0, %l] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      %w = affine.vector_load %xi[0, %l + 16] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      %u = affine.vector_load %z[%l] : memref<112xf32>, vector<16xf32>
      "test.use"(%v, %w, %u) : (vector<16xf32>, vector<16xf32>, vector<16xf32>) -> ()
    }
    // CHECK: affine.for %[[L:.*]] = 96 to 112
    affine.for %l = 96 to 112 step 16 {
      %u = affine.vector_load %z[%l] : memref<112xf32>, vector<16xf32>
      "test.use"(%u) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// A single vector is left to the last nest; nothing is prefetched down columns.

// CHECK-LABEL: func.func @single
// CHECK: affine.for
// CHECK-NOT: affine.prefetch
// CHECK: affine.for
// CHECK: affine.for
// CHECK: affine.prefetch
// CHECK: affine.for
// CHECK-NOT: affine.prefetch
func.func @single(%x: memref<64x112xf32>, %z: memref<64x8x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c64 step %c1 {
    %xi = memref.subview %x[%i, 0] [1, 112] [1, 1] : memref<64x112xf32> to memref<1x112xf32, strided<[112, 1], offset: ?>>
    %zi = memref.subview %z[%i, 0, 0] [1, 8, 16] [1, 1, 1] : memref<64x8x16xf32> to memref<1x8x16xf32, strided<[128, 16, 1], offset: ?>>
    affine.for %l = 0 to 112 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    affine.for %l = 0 to 8 {
      %v = affine.vector_load %zi[0, %l, 0] : memref<1x8x16xf32, strided<[128, 16, 1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    affine.for %l = 0 to 112 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x112xf32, strided<[112, 1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    affine.for %l = 0 to 8 {
      %v = affine.vector_load %zi[0, %l, 0] : memref<1x8x16xf32, strided<[128, 16, 1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// What is carried from iteration to iteration is not known beforehand.

// CHECK-LABEL: func.func @carried
// CHECK-NOT: affine.prefetch
func.func @carried(%x: memref<1024xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c64 step %c1 iter_args(%at = %c0) -> (index) {
    %xi = memref.subview %x[%at] [16] [1] : memref<1024xf32> to memref<16xf32, strided<[1], offset: ?>>
    affine.for %l = 0 to 16 step 16 {
      %v = affine.vector_load %xi[%l] : memref<16xf32, strided<[1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    affine.for %l = 0 to 16 step 16 {
      %v = affine.vector_load %xi[%l] : memref<16xf32, strided<[1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    %next = "test.next"(%at) : (index) -> (index)
    scf.yield %next : index
  }
  return
}

// -----

// A size that is the rest of the loop is computed for the next chunk as well.

// CHECK-LABEL: func.func @rest
// CHECK: scf.for %[[I:[a-z0-9]+]] =
// CHECK: %[[J:.*]] = arith.minsi
// CHECK: affine.min {{.*}}(%[[I]])
// CHECK: %[[SIZE:.*]] = affine.min {{.*}}(%[[J]])
// CHECK: %[[XJ:.*]] = memref.subview %{{.*}}[%[[J]]] [%[[SIZE]]]
// CHECK: affine.for
// CHECK: affine.for
// CHECK: affine.prefetch %[[XJ]]
func.func @rest(%x: memref<1000xf32>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c1000 = arith.constant 1000 : index
  scf.for %i = %c0 to %c1000 step %c64 {
    %n = affine.min affine_map<(d0) -> (64, -d0 + 1000)>(%i)
    %xi = memref.subview %x[%i] [%n] [1] : memref<1000xf32> to memref<?xf32, strided<[1], offset: ?>>
    affine.for %l = 0 to 48 step 16 {
      %v = affine.vector_load %xi[%l] : memref<?xf32, strided<[1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
    affine.for %l = 0 to 48 step 16 {
      %v = affine.vector_load %xi[%l] : memref<?xf32, strided<[1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// The last chunk of a row is followed by the first of the next row.

// CHECK-LABEL: func.func @rows
// CHECK: scf.for %[[R:[a-z0-9]+]] =
// CHECK: scf.for %[[I:[a-z0-9]+]] =
// CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %c32
// CHECK: %[[ISLAST:.*]] = arith.cmpi sge, %[[NEXT]], %c128
// CHECK: %[[J:.*]] = arith.select %[[ISLAST]], %c0, %[[NEXT]]
// CHECK: %[[NEXTR:.*]] = arith.minsi
// CHECK: %[[S:.*]] = arith.select %[[ISLAST]], %[[NEXTR]], %[[R]]
// CHECK: memref.subview %{{.*}}[%[[R]], %[[I]]]
// CHECK: %[[XJ:.*]] = memref.subview %{{.*}}[%[[S]], %[[J]]]
// CHECK: affine.prefetch %[[XJ]]
func.func @rows(%x: memref<64x128xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  scf.for %r = %c0 to %c64 step %c1 {
    scf.for %i = %c0 to %c128 step %c32 {
      %xi = memref.subview %x[%r, %i] [1, 32] [1, 1] : memref<64x128xf32> to memref<1x32xf32, strided<[128, 1], offset: ?>>
      affine.for %l = 0 to 32 step 16 {
        %v = affine.vector_load %xi[0, %l] : memref<1x32xf32, strided<[128, 1], offset: ?>>, vector<16xf32>
        "test.use"(%v) : (vector<16xf32>) -> ()
      }
      affine.for %l = 0 to 32 step 16 {
        %v = affine.vector_load %xi[0, %l] : memref<1x32xf32, strided<[128, 1], offset: ?>>, vector<16xf32>
        "test.use"(%v) : (vector<16xf32>) -> ()
      }
    }
  }
  return
}

// -----

// What is read once, in runs too short for the processor to follow, is
// prefetched some iterations ahead: 16 KiB, here 32 rows of 512 bytes. Beyond
// the last row of an outer iteration come those of the next one, by views that
// the outer loop makes.

// CHECK-LABEL: func.func @short
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<256x128xf32>
// CHECK: scf.for %[[O:[a-z0-9]+]] = %c0 to %c256 step %c64
// CHECK: scf.for %[[I:[a-z0-9]+]] = %c0 to %c64 step %c1
// CHECK: %[[C32:.*]] = arith.constant 32 : index
// CHECK: %[[AHEAD:.*]] = arith.muli %c1, %[[C32]]
// CHECK: %[[LATER:.*]] = arith.addi %[[I]], %[[AHEAD]]
// CHECK: %[[BEYOND:.*]] = arith.cmpi sge, %[[LATER]], %c64
// CHECK: %[[LENGTH:.*]] = arith.subi %c64, %c0
// CHECK: %[[REST:.*]] = arith.subi %[[LATER]], %[[LENGTH]]
// CHECK: %[[LAST:.*]] = arith.subi %c64, %c1
// CHECK: %[[WRAPPED:.*]] = arith.minsi %[[REST]], %[[LAST]]
// CHECK: %[[J:.*]] = arith.select %[[BEYOND]], %[[WRAPPED]], %[[LATER]]
// CHECK: %[[P:.*]] = arith.select %[[BEYOND]], %{{.*}}, %[[O]]
// CHECK: %[[NEXT:.*]] = memref.subview %[[X]][%[[P]], 0] [64, 128]
// CHECK: %[[ROW:.*]] = memref.subview %[[NEXT]][%[[J]], 0] [1, 128]
// CHECK: affine.prefetch %[[ROW]][0, %{{.*}}], read, locality<3>, data
// CHECK-NEXT: affine.vector_load
// CHECK-NOT: affine.prefetch
func.func @short(%x: memref<256x128xf32>, %z: memref<128xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c256 = arith.constant 256 : index
  scf.for %o = %c0 to %c256 step %c64 {
    %xo = memref.subview %x[%o, 0] [64, 128] [1, 1] : memref<256x128xf32> to memref<64x128xf32, strided<[128, 1], offset: ?>>
    scf.for %i = %c0 to %c64 step %c1 {
      %xi = memref.subview %xo[%i, 0] [1, 128] [1, 1] : memref<64x128xf32, strided<[128, 1], offset: ?>> to memref<1x128xf32, strided<[128, 1], offset: ?>>
      affine.for %l = 0 to 128 step 16 {
        %v = affine.vector_load %xi[0, %l] : memref<1x128xf32, strided<[128, 1], offset: ?>>, vector<16xf32>
        %w = affine.vector_load %z[%l] : memref<128xf32>, vector<16xf32>
        "test.use"(%v, %w) : (vector<16xf32>, vector<16xf32>) -> ()
      }
    }
  }
  return
}

// -----

// Of longer runs, the next one is far enough.

// CHECK-LABEL: func.func @long
// CHECK: %[[NEXT:.*]] = arith.addi %{{.*}}, %c1
// CHECK: %[[LAST:.*]] = arith.subi %c256, %c1
// CHECK: %[[J:.*]] = arith.minsi %[[NEXT]], %[[LAST]]
// CHECK: %[[ROW:.*]] = memref.subview %{{.*}}[%[[J]], 0] [1, 1024]
// CHECK: affine.prefetch %[[ROW]][0, %{{.*}}], read, locality<3>, data
func.func @long(%x: memref<256x1024xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  scf.for %i = %c0 to %c256 step %c1 {
    %xi = memref.subview %x[%i, 0] [1, 1024] [1, 1] : memref<256x1024xf32> to memref<1x1024xf32, strided<[1024, 1], offset: ?>>
    affine.for %l = 0 to 1024 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x1024xf32, strided<[1024, 1], offset: ?>>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}
