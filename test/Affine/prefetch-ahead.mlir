// RUN: norm-opt %s --allow-unregistered-dialect --norm-affine-prefetch-ahead --split-input-file | FileCheck %s

// A nest that writes around the caches: 16 KiB ahead of what it reads from
// memory, in order, not of what it reads again for each row.

// CHECK-LABEL: func.func @streams
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<16384x128xf32>, %[[B:[a-z0-9]+]]: memref<16384x128xbf16>
// CHECK: affine.for %[[I:.*]] = 0 to 16384
// CHECK-NEXT: affine.for %[[L:.*]] = 0 to 128 step 16
// CHECK-NEXT: affine.prefetch %[[X]][%[[I]], %[[L]] + 4096], read, locality<2>, data
// CHECK-NEXT: affine.vector_load %[[X]][%[[I]], %[[L]]]
// CHECK-NEXT: affine.prefetch %[[B]][%[[I]], %[[L]] + 8192], read, locality<2>, data
// CHECK-NEXT: affine.vector_load %[[B]][%[[I]], %[[L]]]
// CHECK-NEXT: affine.vector_load
// CHECK-NEXT: "test.use"
func.func @streams(%x: memref<16384x128xf32>, %b: memref<16384x128xbf16>, %z: memref<16384x128xf32>, %y: memref<16384x128xf32>) {
  affine.for %i = 0 to 16384 {
    affine.for %l = 0 to 128 step 16 {
      %v = affine.vector_load %x[%i, %l] : memref<16384x128xf32>, vector<16xf32>
      %w = affine.vector_load %b[%i, %l] : memref<16384x128xbf16>, vector<16xbf16>
      %g = affine.vector_load %z[0, %l] : memref<16384x128xf32>, vector<16xf32>
      "test.use"(%w, %g) : (vector<16xbf16>, vector<16xf32>) -> ()
      vector.store %v, %y[%i, %l] {alignment = 64 : i64, nontemporal = true} : memref<16384x128xf32>, vector<16xf32>
    }
  }
  return
}

// -----

// Not with ordinary stores, and not in rows that the processor follows: wider
// ones, or a loop along a row.

// CHECK-LABEL: func.func @follows
// CHECK-NOT: affine.prefetch
func.func @follows(%x: memref<8192x520xf32>, %y: memref<8192x520xf32>) {
  affine.for %i = 0 to 8192 {
    affine.for %l = 0 to 512 step 16 {
      %v = affine.vector_load %x[%i, %l] : memref<8192x520xf32>, vector<16xf32>
      affine.vector_store %v, %y[%i, %l] : memref<8192x520xf32>, vector<16xf32>
    }
  }
  affine.for %l = 0 to 512 step 16 {
    affine.for %i = 0 to 8192 {
      %v = affine.vector_load %x[%i, %l] : memref<8192x520xf32>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// Down rows of 2 KiB, of a part of a buffer of unknown size.

// CHECK-LABEL: func.func @down
// CHECK: %[[V:.*]] = memref.subview
// CHECK: affine.for %[[L:.*]] = 0 to 512 step 16
// CHECK-NEXT: affine.for %[[I:.*]] = 0 to 32
// CHECK-NEXT: affine.prefetch %[[V]][%[[I]], %[[L]] + 4096], read, locality<2>, data
// CHECK-NEXT: affine.vector_load %[[V]][%[[I]], %[[L]]]
func.func @down(%x: memref<?x512xf32>, %first: index) {
  %v = memref.subview %x[%first, 0] [32, 512] [1, 1] : memref<?x512xf32> to memref<32x512xf32, strided<[512, 1], offset: ?>>
  affine.for %l = 0 to 512 step 16 {
    affine.for %i = 0 to 32 {
      %r = affine.vector_load %v[%i, %l] : memref<32x512xf32, strided<[512, 1], offset: ?>>, vector<16xf32>
      "test.use"(%r) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// All of a row of unknown size is contiguous with the next one, and what is
// computed is taken for all of it; a part is not, nor is every other row.

// CHECK-LABEL: func.func @views
// CHECK: %[[A:.*]] = memref.subview
// CHECK: %[[B:.*]] = memref.subview
// CHECK: %[[C:.*]] = memref.subview
// CHECK: %[[D:.*]] = memref.subview
// CHECK-NOT: affine.prefetch
// CHECK: affine.prefetch %[[A]]
// CHECK-NOT: affine.prefetch
// CHECK: affine.prefetch %[[D]]
// CHECK-NOT: affine.prefetch
// CHECK: return
func.func @views(%x: memref<?x?xf32>, %n: index) {
  %c1 = arith.constant 1 : index
  %m = memref.dim %x, %c1 : memref<?x?xf32>
  %a = memref.subview %x[%n, 0] [32, %m] [1, 1] : memref<?x?xf32> to memref<32x?xf32, strided<[?, 1], offset: ?>>
  %b = memref.subview %x[%n, 0] [32, 64] [1, 1] : memref<?x?xf32> to memref<32x64xf32, strided<[?, 1], offset: ?>>
  %c = memref.subview %x[%n, 0] [32, %m] [2, 1] : memref<?x?xf32> to memref<32x?xf32, strided<[?, 1], offset: ?>>
  %d = memref.subview %x[%n, 0] [32, %n] [1, 1] : memref<?x?xf32> to memref<32x?xf32, strided<[?, 1], offset: ?>>
  affine.for %i = 0 to 32 {
    %u = affine.vector_load %a[%i, 0] : memref<32x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    %v = affine.vector_load %b[%i, 0] : memref<32x64xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    %w = affine.vector_load %c[%i, 0] : memref<32x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    %t = affine.vector_load %d[%i, 0] : memref<32x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    "test.use"(%u, %v, %w, %t) : (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>) -> ()
  }
  return
}

// -----

// Runs of several samples that are long, 256 rows of 512 numbers or some that
// run time tells, are worth it; those of 32 rows are not.

// CHECK-LABEL: func.func @runs
// CHECK: %[[A:.*]] = memref.subview
// CHECK: memref.subview
// CHECK: %[[C:.*]] = memref.subview
// CHECK-NOT: affine.prefetch
// CHECK: affine.prefetch %[[A]]
// CHECK-NOT: affine.prefetch
// CHECK: affine.prefetch %[[C]]
// CHECK-NOT: affine.prefetch
// CHECK: return
func.func @runs(%x: memref<2x16384x512xf32>, %n: index) {
  %a = memref.subview %x[0, %n, 0] [2, 256, 512] [1, 1, 1] : memref<2x16384x512xf32> to memref<2x256x512xf32, strided<[8388608, 512, 1], offset: ?>>
  %b = memref.subview %x[0, %n, 0] [2, 32, 512] [1, 1, 1] : memref<2x16384x512xf32> to memref<2x32x512xf32, strided<[8388608, 512, 1], offset: ?>>
  %c = memref.subview %x[0, %n, 0] [2, %n, 512] [1, 1, 1] : memref<2x16384x512xf32> to memref<2x?x512xf32, strided<[8388608, 512, 1], offset: ?>>
  affine.for %i = 0 to 32 {
    %u = affine.vector_load %a[1, %i, 0] : memref<2x256x512xf32, strided<[8388608, 512, 1], offset: ?>>, vector<16xf32>
    %v = affine.vector_load %b[1, %i, 0] : memref<2x32x512xf32, strided<[8388608, 512, 1], offset: ?>>, vector<16xf32>
    %w = affine.vector_load %c[1, %i, 0] : memref<2x?x512xf32, strided<[8388608, 512, 1], offset: ?>>, vector<16xf32>
    "test.use"(%u, %v, %w) : (vector<16xf32>, vector<16xf32>, vector<16xf32>) -> ()
  }
  return
}

// -----

// From the last row to the first one, what comes next lies before.

// CHECK-LABEL: func.func @backwards
// CHECK-COUNT-2: affine.prefetch {{.*}} - 4096], read, locality<2>, data
// CHECK-NOT: affine.prefetch
func.func @backwards(%x: memref<16384x128xf32>, %z: memref<?x128xf32>, %n: index) {
  affine.for %l = 0 to 128 step 16 {
    affine.for %i = 0 to 16384 {
      %v = affine.vector_load %x[-%i + 16383, %l] : memref<16384x128xf32>, vector<16xf32>
      %w = affine.vector_load %z[-%i + symbol(%n) - 1, %l] : memref<?x128xf32>, vector<16xf32>
      "test.use"(%v, %w) : (vector<16xf32>, vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// 2 MiB stay in a cache, and what a nest already prefetches is left as it is.

// CHECK-LABEL: func.func @small
// CHECK-NOT: affine.prefetch
// CHECK-LABEL: func.func @twice
// CHECK-COUNT-1: affine.prefetch
// CHECK-NOT: affine.prefetch
func.func @small(%x: memref<4096x128xf32>) {
  affine.for %l = 0 to 128 step 16 {
    affine.for %i = 0 to 4096 {
      %v = affine.vector_load %x[%i, %l] : memref<4096x128xf32>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}
func.func @twice(%x: memref<4097x128xf32>) {
  affine.for %l = 0 to 128 step 16 {
    affine.for %i = 0 to 4097 {
      affine.prefetch %x[%i + 8, %l], read, locality<3>, data : memref<4097x128xf32>
      %v = affine.vector_load %x[%i, %l] : memref<4097x128xf32>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// CHECK-LABEL: func.func @larger
// CHECK: affine.prefetch
func.func @larger(%x: memref<4097x128xf32>) {
  affine.for %l = 0 to 128 step 16 {
    affine.for %i = 0 to 4097 {
      %v = affine.vector_load %x[%i, %l] : memref<4097x128xf32>, vector<16xf32>
      "test.use"(%v) : (vector<16xf32>) -> ()
    }
  }
  return
}

// -----

// What norm-affine-prefetch-next prefetches of unknown size may not fit, and is
// prefetched as well.

// CHECK-LABEL: func.func @next
// CHECK: affine.prefetch %[[X:.*]][%{{.*}} + 4096, %{{.*}}], read, locality<2>, data
// CHECK-NEXT: affine.prefetch %[[X]][%{{.*}}, %{{.*}} + 4096], read, locality<2>, data
// CHECK-NOT: affine.prefetch
// CHECK-LABEL: func.func @first_cache
// CHECK-COUNT-1: affine.prefetch
// CHECK-NOT: affine.prefetch
func.func @next(%x: memref<?x128xf32>, %n: index, %y: memref<?x128xf32>) {
  affine.for %i = 0 to %n {
    affine.for %l = 0 to 128 step 16 {
      affine.prefetch %x[%i + 4096, %l], read, locality<2>, data : memref<?x128xf32>
      %v = affine.vector_load %x[%i, %l] : memref<?x128xf32>, vector<16xf32>
      vector.store %v, %y[%i, %l] {alignment = 64 : i64, nontemporal = true} : memref<?x128xf32>, vector<16xf32>
    }
  }
  return
}
func.func @first_cache(%x: memref<?x128xf32>, %n: index, %y: memref<?x128xf32>) {
  affine.for %i = 0 to %n {
    affine.for %l = 0 to 128 step 16 {
      affine.prefetch %x[%i + 4096, %l], read, locality<3>, data : memref<?x128xf32>
      %v = affine.vector_load %x[%i, %l] : memref<?x128xf32>, vector<16xf32>
      vector.store %v, %y[%i, %l] {alignment = 64 : i64, nontemporal = true} : memref<?x128xf32>, vector<16xf32>
    }
  }
  return
}
