// RUN: norm-opt %s --norm-affine-prefetch-next --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-prefetch-next="max-slab=1000" --split-input-file \
// RUN:   | FileCheck %s --check-prefix=SMALL
// RUN: norm-opt %s --norm-affine-prefetch-next="max-slab=4095" --split-input-file \
// RUN:   | FileCheck %s --check-prefix=LESS
// RUN: norm-opt %s --norm-affine-prefetch-next="max-slab=4096" --split-input-file \
// RUN:   | FileCheck %s --check-prefix=ENOUGH

// The nest that streams prefetches what the next iteration reads; the one
// before it, and one that reads nothing twice, do not.

// SMALL-LABEL: func.func @slabs
// SMALL-NOT: affine.prefetch
// SMALL-LABEL: func.func @ordinary
// CHECK-LABEL: func.func @slabs
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<64x512xf32>, %[[Y:[a-z0-9]+]]: memref<64x512xf32>
func.func @slabs(%x: memref<64x512xf32>, %y: memref<64x512xf32>, %z: memref<64x512xf32>, %s: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant dense<0.0> : vector<16xf32>
  // CHECK: scf.parallel (%[[I:[a-z0-9]+]]) =
  // CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %c1
  // CHECK: %[[LAST:.*]] = arith.subi %c64, %c1
  // CHECK: %[[J:.*]] = arith.minsi %[[NEXT]], %[[LAST]]
  // CHECK: %[[XI:.*]] = memref.subview %[[X]][%[[I]], 0]
  // CHECK: %[[XJ:.*]] = memref.subview %[[X]][%[[J]], 0]
  scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
    %xi = memref.subview %x[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    %yi = memref.subview %y[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    %zi = memref.subview %z[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    // CHECK: affine.for
    // CHECK-NOT: affine.prefetch
    // CHECK: vector.reduction
    %sum = affine.for %l = 0 to 512 step 16 iter_args(%acc = %zero) -> (vector<16xf32>) {
      %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %next = arith.addf %acc, %v : vector<16xf32>
      affine.yield %next : vector<16xf32>
    }
    %r = vector.reduction <add>, %sum : vector<16xf32> into f32
    %b = vector.broadcast %r : f32 to vector<16xf32>
    // CHECK: affine.for %[[L:.*]] = 0 to 512 step 16
    // CHECK-NEXT: affine.prefetch %[[XJ]][0, %[[L]]], read, locality<2>, data
    // CHECK-NEXT: affine.vector_load %[[XI]][0, %[[L]]]
    // CHECK-NOT: affine.prefetch
    affine.for %l = 0 to 512 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %u = affine.vector_load %zi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %w = arith.mulf %v, %b : vector<16xf32>
      %t = arith.addf %w, %u : vector<16xf32>
      vector.store %t, %yi[%c0, %l] {alignment = 64 : i64, nontemporal = true} : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
    }
    scf.reduce
  }
  return
}

// -----

// Ordinary stores leave the data in the cache, where the next slab would push
// it out.

// CHECK-LABEL: func.func @ordinary
// CHECK-NOT: affine.prefetch
func.func @ordinary(%x: memref<64x512xf32>, %y: memref<64x512xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
    %xi = memref.subview %x[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    %yi = memref.subview %y[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    affine.for %l = 0 to 512 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      vector.store %v, %yi[%c0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
    }
    affine.for %l = 0 to 512 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      vector.store %v, %yi[%c0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
    }
    scf.reduce
  }
  return
}

// -----

// Of an unknown size: at run time, the slab of the next iteration or, if it is
// too large, that of this one.

// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<?x?xf32>
// CHECK: arith.constant 4 : index
// CHECK: %[[ROWS:.*]] = memref.dim %[[X]]
// CHECK: %[[COLUMN:.*]] = arith.muli %{{.*}}, %[[ROWS]]
// CHECK: %[[COLUMNS:.*]] = memref.dim %[[X]]
// CHECK: %[[BYTES:.*]] = arith.muli %[[COLUMN]], %[[COLUMNS]]
// CHECK: %[[MAX:.*]] = arith.constant 4194304 : index
// CHECK: %[[TRIPS:.*]] = arith.ceildivui
// CHECK: %[[LIMIT:.*]] = arith.muli %[[MAX]], %[[TRIPS]]
// CHECK: %[[FITS:.*]] = arith.cmpi ule, %[[BYTES]], %[[LIMIT]]
// CHECK: scf.parallel (%[[I:[a-z0-9]+]]) =
// CHECK: %[[NEXT:.*]] = arith.minsi
// CHECK: %[[J:.*]] = arith.select %[[FITS]], %[[NEXT]], %[[I]]
// CHECK: %[[XJ:.*]] = memref.subview %[[X]][%[[J]], 0]
// CHECK: affine.prefetch %[[XJ]][0, %{{.*}}], read, locality<2>, data
func.func @dynamic(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %x, %c0 : memref<?x?xf32>
  %m = memref.dim %x, %c1 : memref<?x?xf32>
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %xi = memref.subview %x[%i, 0] [1, %m] [1, 1] : memref<?x?xf32> to memref<1x?xf32, strided<[?, 1], offset: ?>>
    %yi = memref.subview %y[%i, 0] [1, %m] [1, 1] : memref<?x?xf32> to memref<1x?xf32, strided<[?, 1], offset: ?>>
    affine.for %l = 0 to %m step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
      vector.store %v, %yi[%c0, %l] : memref<1x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    }
    affine.for %l = 0 to %m step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
      vector.store %v, %yi[%c0, %l] {alignment = 64 : i64, nontemporal = true} : memref<1x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    }
    scf.reduce
  }
  return
}

// -----

// Two slabs of 2048 bytes share what may be prefetched.

// LESS-LABEL: func.func @slabs
// LESS:         affine.prefetch
// LESS-LABEL: func.func @two
// LESS-NOT:     affine.prefetch
// ENOUGH-LABEL: func.func @two
// ENOUGH-COUNT-2: affine.prefetch
func.func @two(%x: memref<64x512xf32>, %z: memref<64x512xf32>, %y: memref<64x512xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
    %xi = memref.subview %x[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    %yi = memref.subview %y[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    %zi = memref.subview %z[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    affine.for %l = 0 to 512 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %u = affine.vector_load %zi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %w = arith.mulf %v, %u : vector<16xf32>
      vector.store %w, %yi[%c0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
    }
    affine.for %l = 0 to 512 step 16 {
      %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %u = affine.vector_load %zi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      %w = arith.mulf %v, %u : vector<16xf32>
      vector.store %w, %yi[%c0, %l] {alignment = 64 : i64, nontemporal = true} : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
    }
    scf.reduce
  }
  return
}

// -----

// What another version of a nest reads was not read before.

// CHECK-LABEL: func.func @versions
// CHECK-NOT:     affine.prefetch
func.func @versions(%x: memref<64x512xf32>, %y: memref<64x512xf32>, %other: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
    %xi = memref.subview %x[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    %yi = memref.subview %y[%i, 0] [1, 512] [1, 1] : memref<64x512xf32> to memref<1x512xf32, strided<[512, 1], offset: ?>>
    scf.if %other {
      affine.for %l = 0 to 512 step 16 {
        %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
        vector.store %v, %yi[%c0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      }
    } else {
      affine.for %l = 0 to 512 step 16 {
        %v = affine.vector_load %xi[0, %l] : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
        vector.store %v, %yi[%c0, %l] {alignment = 64 : i64, nontemporal = true} : memref<1x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      }
    }
    scf.reduce
  }
  return
}
