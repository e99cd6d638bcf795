// RUN: norm-opt %s --norm-affine-align-rows --canonicalize --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-align-rows="threshold=100000000" --split-input-file | FileCheck %s --check-prefix=OFF
// RUN: norm-opt %s --norm-affine-align-rows="row-bytes=2501" --split-input-file | FileCheck %s --check-prefix=LONG
// RUN: norm-opt %s --norm-affine-align-rows="threshold=0 row-bytes=64" --split-input-file | FileCheck %s --check-prefix=ALL
// RUN: not norm-opt %s --norm-affine-align-rows="threshold=-1" --split-input-file 2>&1 | FileCheck %s --check-prefix=THRESHOLD
// RUN: not norm-opt %s --norm-affine-align-rows="row-bytes=-2" --split-input-file 2>&1 | FileCheck %s --check-prefix=BYTES

// THRESHOLD: error: expected threshold to be at least 0, but got -1
// BYTES: error: expected row-bytes to be at least 0, but got -2

// Rows of 2500 bytes. The first loop ends at the first address of the row that
// 64 divides, the second one goes on from there.
// CHECK: #[[MIDDLE:.*]] = affine_map<()[s0] -> (15, 625, s0)>
// CHECK-LABEL: @static(
// CHECK-SAME: %[[X:.*]]: memref<8192x625xf32>, %[[Y:.*]]: memref<8192x625xf32>
// CHECK-NOT: scf.if
// CHECK: affine.for %[[R:.*]] = 0 to 8192 {
// CHECK-NEXT: norm.affine_scope {
// CHECK: %[[P:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK: %[[PLACE:.*]] = arith.muli %[[R]], %c2500
// CHECK: %[[ADDRESS:.*]] = arith.addi %[[P]], %[[PLACE]]
// CHECK: %[[BACK:.*]] = arith.subi %c0, %[[ADDRESS]]
// CHECK: %[[AHEAD:.*]] = arith.andi %[[BACK]], %c63
// CHECK: %[[ELEMENTS:.*]] = arith.shrui %[[AHEAD]], %c2
// CHECK: %[[M:.*]] = affine.min #[[MIDDLE]]()[%[[ELEMENTS]]]
// CHECK: %[[L:.*]] = arith.subi %c625, %[[M]]
// CHECK: %[[V:.*]] = memref.subview %[[Y]][%[[R]], %[[M]]] [1, %[[L]]] [1, 1]
// CHECK: affine.for %[[I:.*]] = 0 to %[[M]] {
// CHECK-NEXT: affine.load %[[X]][%[[R]], %[[I]]]
// CHECK-NEXT: arith.addf
// CHECK-NEXT: affine.store %{{.*}}, %[[Y]][%[[R]], %[[I]]]
// CHECK: affine.for %[[I:.*]] = 0 to %[[L]] {
// CHECK-NEXT: affine.load %[[X]][%[[R]], %[[I]] + symbol(%[[M]])]
// CHECK-NEXT: arith.addf
// CHECK-NEXT: affine.store %{{.*}}, %[[V]][0, %[[I]]]
// CHECK: return
// OFF-LABEL: @static(
// OFF-NOT: subview
// OFF-LABEL: @dynamic(
// LONG-LABEL: @static(
// LONG-NOT: subview
// LONG-LABEL: @dynamic(
func.func @static(%x: memref<8192x625xf32>, %y: memref<8192x625xf32>) {
  affine.for %r = 0 to 8192 {
    affine.for %i = 0 to 625 {
      %v = affine.load %x[%r, %i] : memref<8192x625xf32>
      %w = arith.addf %v, %v : f32
      affine.store %w, %y[%r, %i] : memref<8192x625xf32>
    }
  }
  return
}

// -----

// Run time decides: the buffer is large, rows are long, and the first one or one
// of the others does not begin at a line.
// CHECK-LABEL: @dynamic(
// CHECK-SAME: %[[X:.*]]: memref<?x?xf32>, %[[Y:.*]]: memref<?x?xf32>
// CHECK-DAG: %[[D0:.*]] = memref.dim %[[Y]], %c0
// CHECK-DAG: %[[D1:.*]] = memref.dim %[[Y]], %c1
// CHECK: %[[N:.*]] = arith.muli %[[D0]], %[[D1]]
// CHECK: %[[TOTAL:.*]] = arith.muli %[[N]], %c4
// CHECK: %[[ISLARGE:.*]] = arith.cmpi uge, %[[TOTAL]], %c8388608
// CHECK: %[[ISLONG:.*]] = arith.cmpi sge, %{{.*}}, %c256
// CHECK: %[[BOTH:.*]] = arith.andi %[[ISLARGE]], %[[ISLONG]]
// CHECK: %[[P:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK: %[[S:.*]] = arith.muli %{{.*}}, %c4
// CHECK: %[[OR:.*]] = arith.ori %[[P]], %[[S]]
// CHECK: %[[REST:.*]] = arith.andi %[[OR]], %c63
// CHECK: %[[AMISS:.*]] = arith.cmpi ne, %[[REST]], %c0
// CHECK: %[[OK:.*]] = arith.andi %[[BOTH]], %[[AMISS]]
// CHECK: scf.if %[[OK]] {
// CHECK: affine.for
// CHECK: memref.subview
// CHECK: } else {
// CHECK: affine.for
// CHECK-NOT: subview
// CHECK: return
// OFF: arith.constant 100000000 : index
// OFF: subview
// LONG: arith.constant 626 : index
// LONG: subview
func.func @dynamic(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %x, %c0 : memref<?x?xf32>
  %m = memref.dim %x, %c1 : memref<?x?xf32>
  affine.for %r = 0 to %n {
    affine.for %i = 0 to %m {
      %v = affine.load %x[%r, %i] : memref<?x?xf32>
      %w = arith.addf %v, %v : f32
      affine.store %w, %y[%r, %i] : memref<?x?xf32>
    }
  }
  return
}

// -----

// Rows of half lines are streamed as they are, those of 900 bytes too short.
// CHECK-LABEL: @lines(
// CHECK-NOT: subview
// ALL-LABEL: @lines(
// ALL-NOT: 8192x1000xf32> to
// ALL: memref.subview {{.*}} memref<32768x225xf32> to
func.func @lines(%x: memref<8192x1000xf32>, %y: memref<8192x1000xf32>, %z: memref<32768x225xf32>) {
  %c0 = arith.constant 0.0 : f32
  affine.for %r = 0 to 8192 {
    affine.for %i = 0 to 1000 {
      %v = affine.load %x[%r, %i] : memref<8192x1000xf32>
      affine.store %v, %y[%r, %i] : memref<8192x1000xf32>
    }
  }
  affine.for %r = 0 to 32768 {
    affine.for %i = 0 to 225 {
      affine.store %c0, %z[%r, %i] : memref<32768x225xf32>
    }
  }
  return
}

// -----

// However many there are, these rows are whole lines.
// CHECK-LABEL: @whole(
// CHECK-NOT: subview
func.func @whole(%n: index, %y: memref<?x1024xf32>) {
  %c0 = arith.constant 0.0 : f32
  affine.for %r = 0 to %n {
    affine.for %i = 0 to 1024 {
      affine.store %c0, %y[%r, %i] : memref<?x1024xf32>
    }
  }
  return
}

// -----

// What is read again stays in the caches; a sum would change its order; and what
// is one row begins at a line by itself.
// CHECK-LABEL: @others(
// CHECK-NOT: subview
func.func @others(%x: memref<8192x625xf32>, %y: memref<8192x625xf32>, %s: memref<8192xf32>,
                  %z: memref<8192x625xf32>, %t: memref<4000001xf32>) -> f32 {
  %c0 = arith.constant 0.0 : f32
  affine.for %r = 0 to 8192 {
    affine.for %i = 0 to 625 {
      affine.store %c0, %y[%r, %i] : memref<8192x625xf32>
    }
  }
  affine.for %r = 0 to 8192 {
    %sum = affine.for %i = 0 to 625 iter_args(%a = %c0) -> f32 {
      %v = affine.load %x[%r, %i] : memref<8192x625xf32>
      affine.store %v, %z[%r, %i] : memref<8192x625xf32>
      %w = arith.addf %v, %a : f32
      affine.yield %w : f32
    }
    affine.store %sum, %s[%r] : memref<8192xf32>
  }
  affine.for %i = 0 to 4000001 {
    affine.store %c0, %t[%i] : memref<4000001xf32>
  }
  %first = affine.load %y[0, 0] : memref<8192x625xf32>
  return %first : f32
}
