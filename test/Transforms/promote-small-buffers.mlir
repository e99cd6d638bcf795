// RUN: norm-opt %s --norm-promote-small-buffers --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-promote-small-buffers="max-bytes=64" --split-input-file | FileCheck %s --check-prefix=LESS
// RUN: norm-opt %s --norm-promote-small-buffers="max-bytes=0" --split-input-file | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %s --norm-promote-small-buffers="max-stack=8192" --split-input-file | FileCheck %s --check-prefix=SINGLE
// RUN: not norm-opt %s --norm-promote-small-buffers="max-bytes=-1" --mlir-print-op-on-diagnostic=false --split-input-file 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: error: expected max-bytes and max-stack to be at least 0, but got -1 and 131072

// NONE-NOT: memref.alloca

func.func private @use(memref<2x?xf32>)

// Of unknown size: the stack, if there is room.
// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    %[[N:.*]]: index)
// CHECK:         %[[C8:.*]] = arith.constant 8 : index
// CHECK:         %[[BYTES:.*]] = arith.muli %[[C8]], %[[N]]
// CHECK:         %[[LIMIT:.*]] = arith.constant 8192 : index
// CHECK:         %[[LARGE:.*]] = arith.cmpi ugt, %[[BYTES]], %[[LIMIT]]
// CHECK:         %[[STACK:.*]] = memref.alloca() {alignment = 64 : i64} : memref<8192xi8>
// CHECK:         %[[M:.*]] = scf.if %[[LARGE]] -> (memref<2x?xf32>) {
// CHECK-NEXT:      %[[HEAP:.*]] = memref.alloc(%[[N]]) {alignment = 64 : i64}
// CHECK-NEXT:      scf.yield %[[HEAP]]
// CHECK-NEXT:    } else {
// CHECK:           %[[VIEW:.*]] = memref.view %[[STACK]][%{{.*}}][%[[N]]] : memref<8192xi8> to memref<2x?xf32>
// CHECK-NEXT:      scf.yield %[[VIEW]]
// CHECK:         call @use(%[[M]])
// CHECK-NEXT:    scf.if %[[LARGE]] {
// CHECK-NEXT:      memref.dealloc %[[M]]
// CHECK-NEXT:    }
// CHECK-NEXT:    return
func.func @dynamic(%n: index) {
  %m = memref.alloc(%n) {alignment = 64 : i64} : memref<2x?xf32>
  call @use(%m) : (memref<2x?xf32>) -> ()
  memref.dealloc %m : memref<2x?xf32>
  return
}

// -----

func.func private @use(memref<8x256xf32>, memref<8x257xf32>, memref<?x?xi1>)

// Of known size: the stack or the heap. A boolean is a byte.
// CHECK-LABEL: func.func @static(
// CHECK:         %[[A:.*]] = memref.alloca() : memref<8x256xf32>
// CHECK:         %[[B:.*]] = memref.alloc() : memref<8x257xf32>
// CHECK:         %[[ONE:.*]] = arith.constant 1 : index
// CHECK:         %[[ROWS:.*]] = arith.muli %[[ONE]], %arg0
// CHECK:         arith.muli %[[ROWS]], %arg1
// CHECK:         memref.view {{.*}} to memref<?x?xi1>
// CHECK:         call @use(%[[A]], %[[B]],
// CHECK-NOT:     memref.dealloc %[[A]]
// CHECK:         memref.dealloc %[[B]]
// LESS-LABEL:  func.func @static(
// LESS-COUNT-2:  memref.alloc()
// LESS:          memref.alloca() : memref<64xi8>
func.func @static(%n: index, %k: index) {
  %a = memref.alloc() : memref<8x256xf32>
  %b = memref.alloc() : memref<8x257xf32>
  %c = memref.alloc(%n, %k) : memref<?x?xi1>
  call @use(%a, %b, %c) : (memref<8x256xf32>, memref<8x257xf32>, memref<?x?xi1>) -> ()
  memref.dealloc %a : memref<8x256xf32>
  memref.dealloc %b : memref<8x257xf32>
  memref.dealloc %c : memref<?x?xi1>
  return
}

// -----

func.func private @use(memref<?xf32>)

// Where there is room for one, that in a loop takes it.
// SINGLE-LABEL: func.func @loop(
// SINGLE:         memref.alloc(
// SINGLE-NOT:     memref.alloca
// SINGLE:         scf.for
// SINGLE:           memref.alloca
func.func @loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.alloc(%n) : memref<?xf32>
  scf.for %i = %c0 to %n step %c1 {
    %k = memref.alloc(%n) : memref<?xf32>
    func.call @use(%k) : (memref<?xf32>) -> ()
    memref.dealloc %k : memref<?xf32>
  }
  call @use(%m) : (memref<?xf32>) -> ()
  memref.dealloc %m : memref<?xf32>
  return
}

// -----

// What is returned, freed in another block, of another space, or no number stays.
// CHECK-LABEL: func.func @others(
// CHECK-NOT:     memref.alloca
func.func @others(%n: index, %free: i1) -> memref<4xf32> {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc(%n) : memref<?xf32>
  scf.if %free {
    memref.dealloc %b : memref<?xf32>
  }
  %c = memref.alloc(%n) : memref<?xf32, 1>
  memref.dealloc %c : memref<?xf32, 1>
  %d = memref.alloc(%n) : memref<?xindex>
  memref.dealloc %d : memref<?xindex>
  %e = memref.alloc(%n) : memref<4x?xf32, affine_map<(d0, d1) -> (d1, d0)>>
  memref.dealloc %e : memref<4x?xf32, affine_map<(d0, d1) -> (d1, d0)>>
  return %a : memref<4xf32>
}
