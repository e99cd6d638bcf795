// RUN: norm-opt %s --norm-gpu-launch --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-gpu-launch=block-size=128 --split-input-file | FileCheck %s --check-prefix=SIZE
// RUN: norm-opt %s --norm-gpu-launch=workgroup-bytes=64 --split-input-file | FileCheck %s --check-prefix=BYTES
// RUN: not norm-opt %s --norm-gpu-launch=block-size=100 --split-input-file 2>&1 | FileCheck %s --check-prefix=POWER

// POWER: error: expected block-size to be a power of two from 32 to 1024, but got 100

// A block for each iteration, of loops that may start anywhere.
// CHECK-LABEL: func @blocks
// CHECK:         %[[GRID:.*]] = arith.muli
// CHECK:         %[[C256:.*]] = arith.constant 256 : index
// CHECK:         gpu.launch blocks(%[[B:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %[[GRID]], %{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) threads(%{{.*}}, %{{.*}}, %{{.*}}) in (%{{.*}} = %[[C256]],
// CHECK-SAME:        module(@norm_kernels) function(@blocks_0)
// CHECK:           arith.remui %[[B]]
// CHECK:           %[[I:.*]] = arith.divui %[[B]]
// CHECK:           %[[J:.*]] = affine.apply
// CHECK:           memref.subview %{{.*}}[%[[I]], %[[J]]]
// CHECK:           linalg.fill
// CHECK:           gpu.terminator
// CHECK-NEXT:    } {norm.block}
// SIZE-LABEL: func @blocks
// SIZE:         arith.constant 128 : index
func.func @blocks(%x: memref<8x?xf32>, %n: index, %v: f32) {
  scf.forall (%i, %j) = (0, 0) to (8, %n) step (1, 4) {
    %row = memref.subview %x[%i, %j] [1, 4] [1, 1] : memref<8x?xf32> to memref<1x4xf32, strided<[?, 1], offset: ?>>
    linalg.fill ins(%v : f32) outs(%row : memref<1x4xf32, strided<[?, 1], offset: ?>>)
  }
  return
}

// -----

// Single elements are private, small buffers are in workgroup memory, others in
// a share of what the host allocates.
// CHECK-LABEL: func @buffers
// CHECK:         %[[ALL:.*]] = memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?xi8>
// CHECK:         gpu.launch
// CHECK-SAME:      workgroup(%{{.*}} : memref<64xf32, #gpu.address_space<workgroup>>)
// CHECK:           memref.alloca() : memref<1xf32>
// CHECK:           memref.view %[[ALL]][%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?xf32>
// CHECK:         memref.dealloc %[[ALL]]
// BYTES-LABEL: func @buffers
// BYTES-COUNT-2: memref.alloc({{.*}}) {alignment = 64 : i64} : memref<?xi8>
// BYTES-NOT:     workgroup(
func.func @buffers(%n: index, %v: f32) {
  scf.forall (%i) in (8) {
    %one = memref.alloca() : memref<1xf32>
    %some = memref.alloca() : memref<64xf32>
    %many = memref.alloc(%n) : memref<?xf32>
    linalg.fill ins(%v : f32) outs(%one : memref<1xf32>)
    linalg.fill ins(%v : f32) outs(%some : memref<64xf32>)
    linalg.fill ins(%v : f32) outs(%many : memref<?xf32>)
    memref.dealloc %many : memref<?xf32>
  }
  return
}

// -----

// What stands beside loops is one kernel, of one block; temporaries on the stack
// become memory of the device, which is freed at the end.
// CHECK-LABEL: func @beside
// CHECK:         %[[A:.*]] = memref.alloc() : memref<4xf32>
// CHECK:         gpu.launch
// CHECK-COUNT-2:   linalg.fill
// CHECK:           linalg.copy
// CHECK:           gpu.terminator
// CHECK-NOT:     gpu.launch
// CHECK:         memref.dealloc %[[A]]
// CHECK-NEXT:    return
func.func @beside(%x: memref<4xf32>, %y: memref<4xf32>, %v: f32) {
  linalg.fill ins(%v : f32) outs(%x : memref<4xf32>)
  %a = memref.alloca() : memref<4xf32>
  linalg.fill ins(%v : f32) outs(%a : memref<4xf32>)
  memref.copy %a, %y : memref<4xf32> to memref<4xf32>
  return
}

// -----

// The host's own memory, and what it does with it, stay on the host.
// CHECK-LABEL: func @host
// CHECK:         memref.alloca() : memref<2xindex>
// CHECK:         memref.store
// CHECK:         memref.load
// CHECK-NOT:     gpu.launch
func.func @host(%n: index) -> index {
  %c0 = arith.constant 0 : index
  %list = memref.alloc() : memref<2xindex>
  memref.store %n, %list[%c0] : memref<2xindex>
  %v = memref.load %list[%c0] : memref<2xindex>
  memref.dealloc %list : memref<2xindex>
  return %v : index
}

// -----

// Kernels that are there already stay as they are.
// CHECK-LABEL: func @kernel
// CHECK:         gpu.launch
// CHECK-NOT:     norm.block
// CHECK:           memref.store
// CHECK-NOT:     gpu.launch
func.func @kernel(%x: memref<64xf32>, %v: f32) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    memref.store %v, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// -----

// Tiles are parts of workgroup memory whose size the launch tells.
// CHECK-LABEL: func @tiles
// CHECK:         %[[TOTAL:.*]] = arith.constant 2432 : i32
// CHECK:         gpu.launch
// CHECK-SAME:      dynamic_shared_memory_size %[[TOTAL]]
// CHECK-DAG:       %[[ALL:.*]] = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
// CHECK-DAG:       %[[AT0:.*]] = arith.constant 0 : index
// CHECK-DAG:       %[[AT1:.*]] = arith.constant 2048 : index
// CHECK-DAG:       %[[A:.*]] = memref.view %{{.*}}[%[[AT0]]][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<1x8x64xf32, #gpu.address_space<workgroup>>
// CHECK-DAG:       %[[B:.*]] = memref.view %{{.*}}[%[[AT1]]][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<90xf32, #gpu.address_space<workgroup>>
// CHECK:           linalg.copy ins(%{{.*}}) outs(%[[A]] : memref<1x8x64xf32, #gpu.address_space<workgroup>>)
// CHECK-NOT:       memref.dealloc
func.func @tiles(%x: memref<4x8x64xf32>, %v: f32) {
  scf.forall (%i) in (4) {
    %0 = memref.subview %x[%i, 0, 0] [1, 8, 64] [1, 1, 1] : memref<4x8x64xf32> to memref<1x8x64xf32, strided<[512, 64, 1], offset: ?>>
    %1 = memref.alloc() : memref<1x8x64xf32, #gpu.address_space<workgroup>>
    %2 = memref.alloc() : memref<90xf32, #gpu.address_space<workgroup>>
    memref.copy %0, %1 : memref<1x8x64xf32, strided<[512, 64, 1], offset: ?>> to memref<1x8x64xf32, #gpu.address_space<workgroup>>
    linalg.fill ins(%v : f32) outs(%2 : memref<90xf32, #gpu.address_space<workgroup>>)
    memref.dealloc %1 : memref<1x8x64xf32, #gpu.address_space<workgroup>>
    memref.dealloc %2 : memref<90xf32, #gpu.address_space<workgroup>>
  }
  return
}

// -----

// Who reads an array again begins at its end, and the next one at its start.
// CHECK-LABEL: func @again
// CHECK:         gpu.launch blocks(%[[B0:[a-z0-9]+]],
// CHECK-NOT:       arith.subi
// CHECK:           memref.subview %{{.*}}[%[[B0]], 0]
// CHECK:         gpu.launch blocks(%[[B1:[a-z0-9]+]],
// CHECK:           %[[LAST:.*]] = arith.subi
// CHECK-NEXT:      %[[I:.*]] = arith.subi %[[LAST]], %[[B1]]
// CHECK:           memref.subview %{{.*}}[%[[I]], 0]
// CHECK:         gpu.launch blocks(%[[B2:[a-z0-9]+]],
// CHECK-NOT:       arith.subi
// CHECK:           memref.subview %{{.*}}[%[[B2]], 0]
func.func @again(%x: memref<8x64xf32>, %y: memref<8x64xf32>) {
  scf.forall (%i) in (8) {
    %0 = memref.subview %x[%i, 0] [1, 64] [1, 1] : memref<8x64xf32> to memref<64xf32, strided<[1], offset: ?>>
    %1 = memref.subview %y[%i, 0] [1, 64] [1, 1] : memref<8x64xf32> to memref<64xf32, strided<[1], offset: ?>>
    linalg.exp ins(%0 : memref<64xf32, strided<[1], offset: ?>>) outs(%1 : memref<64xf32, strided<[1], offset: ?>>)
  }
  scf.forall (%i) in (8) {
    %0 = memref.subview %x[%i, 0] [1, 64] [1, 1] : memref<8x64xf32> to memref<64xf32, strided<[1], offset: ?>>
    %1 = memref.subview %y[%i, 0] [1, 64] [1, 1] : memref<8x64xf32> to memref<64xf32, strided<[1], offset: ?>>
    linalg.exp ins(%0 : memref<64xf32, strided<[1], offset: ?>>) outs(%1 : memref<64xf32, strided<[1], offset: ?>>)
  }
  scf.forall (%i) in (8) {
    %0 = memref.subview %x[%i, 0] [1, 64] [1, 1] : memref<8x64xf32> to memref<64xf32, strided<[1], offset: ?>>
    %1 = memref.subview %y[%i, 0] [1, 64] [1, 1] : memref<8x64xf32> to memref<64xf32, strided<[1], offset: ?>>
    linalg.exp ins(%0 : memref<64xf32, strided<[1], offset: ?>>) outs(%1 : memref<64xf32, strided<[1], offset: ?>>)
  }
  return
}

// -----

// What is staged is copied behind the tiles, if all of it fits, and what has been
// staged before; where the host does not know how large it is, it stays.
// CHECK-LABEL: func @staged
// CHECK-SAME:      %[[X:.*]]: memref<4x?xf32>, %[[N:.*]]: index,
// CHECK:         %[[SUM:.*]] = arith.muli %{{.*}}, %[[N]]
// CHECK:         %[[LINES:.*]] = arith.ceildivui %[[SUM]]
// CHECK:         %[[ROUND:.*]] = arith.muli %[[LINES]]
// CHECK:         %[[AFTER:.*]] = arith.addi %[[ZERO:.*]], %[[ROUND]]
// CHECK:         %[[ROOM:.*]] = arith.constant 1000 : index
// CHECK:         %[[FITS:.*]] = arith.cmpi ule, %[[AFTER]], %[[ROOM]]
// CHECK:         %[[STAGED:.*]] = arith.select %[[FITS]], %[[AFTER]], %[[ZERO]]
// CHECK:         arith.addi %[[STAGED]]
// CHECK:         %[[FITS2:.*]] = arith.cmpi ule
// CHECK:         gpu.launch
// CHECK-SAME:      dynamic_shared_memory_size
// CHECK:           %[[ROW:.*]] = memref.subview %[[X]]
// CHECK:           %[[TILE:.*]] = memref.view %{{.*}}[%{{.*}}][%[[N]]] : memref<?xi8, #gpu.address_space<workgroup>> to memref<?xf32, #gpu.address_space<workgroup>>
// CHECK:           scf.if %[[FITS]] {
// CHECK-NEXT:        linalg.copy ins(%[[ROW]] : {{.*}}) outs(%[[TILE]] :
// CHECK:           %[[ANY:.*]] = memref.memory_space_cast %[[TILE]]
// CHECK:           %[[CAST:.*]] = memref.cast %[[ANY]]
// CHECK:           %[[S:.*]] = arith.select %[[FITS]], %[[CAST]], %[[ROW]] : memref<?xf32, strided<[1], offset: ?>>
// CHECK:           scf.if %[[FITS2]]
// CHECK:           %[[S2:.*]] = arith.select %[[FITS2]]
// CHECK:           linalg.exp ins(%[[S]]
// CHECK:           linalg.exp ins(%[[S2]] : memref<?xf32, strided<[1], offset: ?>>)
// CHECK:           %[[PART:.*]] = memref.subview %[[X]][0, 0]
// CHECK-NOT:       scf.if
// CHECK:           %[[SAME:.*]] = memref.cast %[[PART]]
// CHECK:           linalg.exp ins(%[[SAME]]
func.func @staged(%x: memref<4x?xf32>, %n: index, %sizes: memref<4xindex>, %v: f32) {
  scf.forall (%i) in (4) {
    %0 = memref.subview %x[%i, 0] [1, %n] [1, 1] : memref<4x?xf32> to memref<?xf32, strided<[1], offset: ?>>
    %1 = norm.stage %0 within 1000 : memref<?xf32, strided<[1], offset: ?>>
    %2 = norm.stage %0 within 1000 : memref<?xf32, strided<[1], offset: ?>>
    linalg.exp ins(%1 : memref<?xf32, strided<[1], offset: ?>>) outs(%0 : memref<?xf32, strided<[1], offset: ?>>)
    linalg.exp ins(%2 : memref<?xf32, strided<[1], offset: ?>>) outs(%0 : memref<?xf32, strided<[1], offset: ?>>)
    %m = memref.load %sizes[%i] : memref<4xindex>
    %3 = memref.subview %x[0, 0] [1, %m] [1, 1] : memref<4x?xf32> to memref<?xf32, strided<[1]>>
    %4 = norm.stage %3 within 1000 : memref<?xf32, strided<[1]>>
    linalg.exp ins(%4 : memref<?xf32, strided<[1], offset: ?>>) outs(%0 : memref<?xf32, strided<[1], offset: ?>>)
  }
  return
}
