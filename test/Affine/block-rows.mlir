// RUN: norm-opt %s --norm-affine-block-rows --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-block-rows=rows=2 --split-input-file | FileCheck %s --check-prefix=TWO
// RUN: norm-opt %s --norm-affine-block-rows=rows=0 --split-input-file | FileCheck %s --check-prefix=ALL
// RUN: norm-opt %s --norm-affine-block-rows=rows=1 --split-input-file | FileCheck %s --check-prefix=ALL
// RUN: not norm-opt %s --norm-affine-block-rows=rows=-1 --mlir-print-op-on-diagnostic=false --split-input-file 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: error: expected rows to be at least 0, but got -1

// Five blocks of four rows, and the two rows that are left. Two rows at a time
// leave nothing.
// CHECK-DAG: #[[$FIRST:.*]] = affine_map<(d0) -> (d0)>
// CHECK-DAG: #[[$END:.*]] = affine_map<(d0) -> (d0 + 4)>
// CHECK-LABEL: func.func @rest
// CHECK-SAME: %[[X:.*]]: memref<22x512xf32>, %[[A:.*]]: memref<512xf32>
// CHECK-NEXT: affine.for %[[B:.*]] = 0 to 20 step 4 {
// CHECK-NEXT:   affine.for %[[C:.*]] = 0 to 512 {
// CHECK-NEXT:     affine.for %[[R:.*]] = #[[$FIRST]](%[[B]]) to #[[$END]](%[[B]]) {
// CHECK-NEXT:       affine.load %[[X]][%[[R]], %[[C]]]
// CHECK-NEXT:       affine.load %[[A]][%[[C]]]
// CHECK-NEXT:       arith.addf
// CHECK-NEXT:       affine.store %{{.*}}, %[[A]][%[[C]]]
// CHECK-NEXT:     }
// CHECK-NEXT:   }
// CHECK-NEXT: }
// CHECK-NEXT: affine.for %[[C:.*]] = 0 to 512 {
// CHECK-NEXT:   affine.for %[[R:.*]] = 20 to 22 {
// CHECK-NEXT:     affine.load %[[X]][%[[R]], %[[C]]]
// CHECK:      }
// CHECK-NEXT: }
// CHECK-NEXT: return
// TWO-LABEL: func.func @rest
// TWO-NEXT: affine.for %{{.*}} = 0 to 22 step 2 {
// TWO:      }
// TWO-NEXT: }
// TWO-NEXT: }
// TWO-NEXT: return
// ALL-LABEL: func.func @rest
// ALL-NEXT: affine.for %{{.*}} = 0 to 512 {
// ALL-NEXT: affine.for %{{.*}} = 0 to 22 {
func.func @rest(%x: memref<22x512xf32>, %a: memref<512xf32>) {
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 22 {
      %v = affine.load %x[%r, %c] : memref<22x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  return
}

// -----

// Sizes that are known at run time, rows that begin elsewhere, and a weight of
// each row. A row of unknown width may be wide.
// CHECK-DAG: #[[$WHOLE:.*]] = affine_map<()[s0] -> (((s0 - 3) floordiv 4) * 4 + 3)>
// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: %[[N:[a-z0-9]+]]: index, %[[M:[a-z0-9]+]]: index
// CHECK-NEXT: affine.for %[[B:.*]] = 3 to #[[$WHOLE]]()[%[[N]]] step 4 {
// CHECK-NEXT:   affine.for %{{.*}} = 0 to %[[M]] {
// CHECK-NEXT:     affine.for %{{.*}} = #{{.*}}(%[[B]]) to #{{.*}}(%[[B]]) {
// CHECK:      affine.for %{{.*}} = 0 to %[[M]] {
// CHECK-NEXT:   affine.for %{{.*}} = #[[$WHOLE]]()[%[[N]]] to %[[N]] {
func.func @dynamic(%n: index, %m: index, %x: memref<?x?xbf16>, %w: memref<?xf32>, %a: memref<2x?xf32>) {
  affine.for %c = 0 to %m {
    affine.for %r = 3 to %n {
      %v = affine.load %x[%r, %c] : memref<?x?xbf16>
      %e = arith.extf %v : bf16 to f32
      %g = affine.load %w[%r] : memref<?xf32>
      %o = affine.load %a[1, %c] : memref<2x?xf32>
      %s = math.fma %e, %g, %o : f32
      affine.store %s, %a[1, %c] : memref<2x?xf32>
    }
  }
  return
}

// -----

// Four rows are one block; five are not.
// CHECK-LABEL: func.func @few
// CHECK-NOT: step
// CHECK: affine.for %{{.*}} = 0 to 4 step 4
// CHECK-NOT: step
func.func @few(%x: memref<5x512xf32>, %a: memref<512xf32>) {
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 4 {
      %v = affine.load %x[%r, %c] : memref<5x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 5 {
      %v = affine.load %x[%r, %c] : memref<5x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  return
}

// -----

// 512 bytes are read at once.
// CHECK-LABEL: func.func @narrow
// CHECK-NOT: step
// CHECK-LABEL: func.func @wider
// CHECK: step 4
func.func @narrow(%x: memref<16x129xf32>, %a: memref<129xf32>) {
  affine.for %c = 0 to 128 {
    affine.for %r = 0 to 16 {
      %v = affine.load %x[%r, %c] : memref<16x129xf32>
      %o = affine.load %a[%c] : memref<129xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<129xf32>
    }
  }
  return
}
func.func @wider(%x: memref<16x129xf32>, %a: memref<129xf32>) {
  affine.for %c = 0 to 129 {
    affine.for %r = 0 to 16 {
      %v = affine.load %x[%r, %c] : memref<16x129xf32>
      %o = affine.load %a[%c] : memref<129xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<129xf32>
    }
  }
  return
}

// -----

// A sum of each row, a store for each row, columns that read each other's sums,
// by the same view or by another one, a diagonal, and a triangle stay.
// CHECK-LABEL: func.func @others
// CHECK-NOT: step
// CHECK: return
func.func @others(%x: memref<512x512xf32>, %a: memref<512xf32>, %d: memref<512x512xf32>) {
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 512 {
      %v = affine.load %x[%c, %r] : memref<512x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 512 {
      %v = affine.load %x[%r, %c] : memref<512x512xf32>
      affine.store %v, %d[%r, %c] : memref<512x512xf32>
    }
  }
  affine.for %c = 0 to 511 {
    affine.for %r = 0 to 512 {
      %v = affine.load %x[%r, %c] : memref<512x512xf32>
      %o = affine.load %a[%c + 1] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  %view = memref.subview %a[1] [511] [1] : memref<512xf32> to memref<511xf32, strided<[1], offset: 1>>
  affine.for %c = 0 to 511 {
    affine.for %r = 0 to 512 {
      %v = affine.load %x[%r, %c] : memref<512x512xf32>
      %o = affine.load %view[%c] : memref<511xf32, strided<[1], offset: 1>>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 512 {
      %v = affine.load %x[%r, %c] : memref<512x512xf32>
      affine.store %v, %d[%c, %c] : memref<512x512xf32>
    }
  }
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to affine_map<(d0) -> (d0)>(%c) {
      %v = affine.load %x[%r, %c] : memref<512x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  return
}

// -----

// So do loops that carry values, with steps, several bounds, several ops, or
// ops with effects.
// CHECK-LABEL: func.func @forms
// CHECK-NOT: step 4
// CHECK: return
func.func @forms(%x: memref<64x512xf32>, %a: memref<512xf32>, %n: index) {
  affine.for %c = 0 to 512 {
    %i = affine.load %a[%c] : memref<512xf32>
    %t = affine.for %r = 0 to 64 iter_args(%o = %i) -> (f32) {
      %v = affine.load %x[%r, %c] : memref<64x512xf32>
      %s = arith.addf %o, %v : f32
      affine.yield %s : f32
    }
    affine.store %t, %a[%c] : memref<512xf32>
  }
  affine.for %c = 0 to 512 step 2 {
    affine.for %r = 0 to 64 {
      %v = affine.load %x[%r, %c] : memref<64x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to min affine_map<()[s0] -> (s0, 64)>()[%n] {
      %v = affine.load %x[%r, %c] : memref<64x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
    }
  }
  affine.for %c = 0 to 512 {
    affine.for %r = 0 to 64 {
      %v = affine.load %x[%r, %c] : memref<64x512xf32>
      %o = affine.load %a[%c] : memref<512xf32>
      %s = arith.addf %o, %v : f32
      affine.store %s, %a[%c] : memref<512xf32>
      vector.print %s : f32
    }
  }
  return
}
