// RUN: norm-opt %s --norm-gpu-distribute=vectors=false --canonicalize --split-input-file | FileCheck %s


// Neighbours along contiguous memory go to neighbours.
// CHECK-DAG:   #[[T256:.*]] = affine_map<()[s0] -> (s0 mod 256)>
// CHECK-LABEL: func @elementwise
// CHECK:         threads(%[[T:.*]], %{{.*}}, %{{.*}}) in
// CHECK:           norm.affine_scope {
// CHECK-NEXT:        affine.for %[[I:.*]] = 0 to 8 {
// CHECK-NEXT:          affine.for %[[J:.*]] = #[[T256]]()[%[[T]]] to 1000 step 256 {
// CHECK-NEXT:            %[[V:.*]] = affine.load %{{.*}}[%[[I]], %[[J]]]
// CHECK-NEXT:            affine.store %[[V]], %{{.*}}[%[[I]], %[[J]]]
// CHECK-NOT:       gpu.barrier
// CHECK:         gpu.terminator
// CHECK-NEXT:    }
// CHECK-NOT:     norm.block
func.func @elementwise(%x: memref<8x1000xf32>, %y: memref<8x1000xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x1000xf32>) outs(%y : memref<8x1000xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Four threads sum a column, each every fourth row, and one adds their sums.
// CHECK-DAG:   #[[LANE:.*]] = affine_map<()[s0] -> (s0 mod 64)>
// CHECK-DAG:   #[[ROW:.*]] = affine_map<()[s0] -> ((s0 floordiv 64) mod 4)>
// CHECK-DAG:   #[[T256:.*]] = affine_map<()[s0] -> (s0 mod 256)>
// CHECK-LABEL: func @columns
// CHECK:         %[[ZERO:.*]] = arith.constant 0.0
// CHECK:         workgroup(%[[PARTS:.*]] : memref<4x48xf32, #gpu.address_space<workgroup>>)
// CHECK:           affine.for %[[J:.*]] = #[[LANE]]()[%[[T:.*]]] to 48 step 64 {
// CHECK-NEXT:        %[[SUM:.*]] = affine.for %[[I:.*]] = #[[ROW]]()[%[[T]]] to 100 step 4 iter_args(%{{.*}} = %[[ZERO]])
// CHECK-NEXT:          affine.load %{{.*}}[%[[I]], %[[J]]]
// CHECK:             affine.store %[[SUM]], %[[PARTS]][(symbol(%[[T]]) floordiv 64) mod 4, %[[J]]]
// CHECK:           gpu.barrier
// CHECK:           affine.for %[[J:.*]] = #[[T256]]()[%[[T]]] to 48 step 256 {
// CHECK-NEXT:        %[[SUM:.*]] = affine.for %[[P:.*]] = 0 to 4 iter_args(%{{.*}} = %[[ZERO]])
// CHECK-NEXT:          affine.load %[[PARTS]][%[[P]], %[[J]]]
// CHECK:             %[[OLD:.*]] = affine.load %[[Y:.*]][%[[J]]]
// CHECK-NEXT:        %[[NEW:.*]] = arith.addf %[[OLD]], %[[SUM]]
// CHECK-NEXT:        affine.store %[[NEW]], %[[Y]][%[[J]]]
func.func @columns(%x: memref<100x48xf32>, %y: memref<48xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>],
                    iterator_types = ["reduction", "parallel"]}
        ins(%x : memref<100x48xf32>) outs(%y : memref<48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.addf %out, %in : f32
      linalg.yield %0 : f32
    }
    gpu.terminator
  } {norm.block}
  return
}

// -----

// All threads sum together: the lanes of a warp by shuffles, then the warps, in
// order. Each thread has the sum for itself; the first one writes it for all, and
// they wait before they read it.
// CHECK-LABEL: func @all
// CHECK:         workgroup(%[[WARPS:.*]] : memref<2xf32, #gpu.address_space<workgroup>>)
// CHECK:           %[[SUM:.*]] = memref.alloca
// CHECK:           norm.affine_scope {
// CHECK-NEXT:        affine.store %{{.*}}, %[[SUM]][0]
// CHECK:           affine.for %{{.*}} = 0 to 100
// CHECK-NEXT:        affine.for %{{.*}} = #{{.*}}()[%[[T:.*]]] to 48 step 64
// CHECK-COUNT-5:   gpu.shuffle xor
// CHECK:           scf.if
// CHECK-NEXT:        memref.store %{{.*}}, %[[WARPS]]
// CHECK-NEXT:      }
// CHECK-NEXT:      gpu.barrier
// CHECK-NEXT:      %[[A:.*]] = memref.load %[[WARPS]][%{{.*}}]
// CHECK-NEXT:      %[[B:.*]] = memref.load %[[WARPS]][%{{.*}}]
// CHECK-NEXT:      arith.addf %[[A]], %[[B]]
// CHECK:           affine.store %{{.*}}, %[[SUM]][0]
// CHECK-NOT:       gpu.barrier
// CHECK:           affine.for %{{.*}} = #{{.*}}()[%[[T]]] to 1 step 64 {
// CHECK:             affine.store %{{.*}}, %[[SHARED:.*]][%{{.*}}] : memref<1xf32>
// CHECK:           gpu.barrier
// CHECK:           affine.for %{{.*}} = #{{.*}}()[%[[T]]] to 48 step 64 {
// CHECK-NEXT:        affine.load %{{.*}}[0] : memref<1xf32>
func.func @all(%x: memref<100x48xf32>, %y: memref<48xf32>, %shared: memref<1xf32>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %sum = memref.alloca() : memref<1xf32>
    linalg.fill ins(%zero : f32) outs(%sum : memref<1xf32>)
    linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (0)>],
                    iterator_types = ["reduction", "reduction"]}
        ins(%x : memref<100x48xf32>) outs(%sum : memref<1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.addf %out, %in : f32
      linalg.yield %0 : f32
    }
    linalg.copy ins(%sum : memref<1xf32>) outs(%shared : memref<1xf32>)
    linalg.generic {indexing_maps = [affine_map<(d0) -> (0)>, affine_map<(d0) -> (d0)>],
                    iterator_types = ["parallel"]}
        ins(%shared : memref<1xf32>) outs(%y : memref<48xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    gpu.terminator
  } {norm.block}
  return
}

// -----

// All threads load, the first one stores, and nobody is in the next iteration
// before it has.
// CHECK-LABEL: func @loop
// CHECK:         scf.for
// CHECK-NEXT:      memref.load
// CHECK-NEXT:      arith.addf
// CHECK-NEXT:      gpu.barrier
// CHECK:           scf.if
// CHECK-NEXT:        memref.store
// CHECK-NEXT:      }
// CHECK-NEXT:      gpu.barrier
// CHECK-NEXT:    }
func.func @loop(%x: memref<8xf32>, %n: index, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c32, %sy = %c1, %sz = %c1) {
    scf.for %i = %c0 to %n step %c1 {
      %u = memref.load %x[%c0] : memref<8xf32>
      %w = arith.addf %u, %v : f32
      memref.store %w, %x[%c1] : memref<8xf32>
    }
    gpu.terminator
  } {norm.block}
  return
}

// -----

// What is computed beside something that threads share is shared itself.
// CHECK-LABEL: func @mixed
// CHECK:         workgroup(%[[OWN:.*]] : memref<1xf32, #gpu.address_space<workgroup>>)
// CHECK-NOT:     memref.alloca
// CHECK:         %[[CAST:.*]] = memref.memory_space_cast %[[OWN]]
// CHECK:         affine.store %{{.*}}, %[[CAST]]
// CHECK:         gpu.barrier
// CHECK:         affine.load %[[CAST]]
func.func @mixed(%y: memref<1xf32>, %z: memref<1xf32>, %v: f32) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c32, %sy = %c1, %sz = %c1) {
    %own = memref.alloca() : memref<1xf32>
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
                    iterator_types = ["parallel"]}
        outs(%own, %y : memref<1xf32>, memref<1xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %v, %v : f32, f32
    }
    linalg.copy ins(%own : memref<1xf32>) outs(%z : memref<1xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// What may be a tile that threads have written is one.
// CHECK-LABEL: func @either
// CHECK:         scf.if
// CHECK:           affine.store %{{.*}}, %{{.*}} : memref<99xf32, #gpu.address_space<workgroup>>
// CHECK:         %[[EITHER:.*]] = arith.select
// CHECK-NEXT:    gpu.barrier
// CHECK:         affine.load %[[EITHER]]
func.func @either(%x: memref<99xf32>, %fits: i1) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c32, %sy = %c1, %sz = %c1)
             workgroup(%tile : memref<99xf32, #gpu.address_space<workgroup>>,
                       %y : memref<99xf32, #gpu.address_space<workgroup>>) {
    scf.if %fits {
      linalg.copy ins(%x : memref<99xf32>) outs(%tile : memref<99xf32, #gpu.address_space<workgroup>>)
    }
    %0 = memref.memory_space_cast %tile : memref<99xf32, #gpu.address_space<workgroup>> to memref<99xf32>
    %1 = arith.select %fits, %0, %x : memref<99xf32>
    linalg.exp ins(%1 : memref<99xf32>) outs(%y : memref<99xf32, #gpu.address_space<workgroup>>)
    gpu.terminator
  } {norm.block}
  return
}
