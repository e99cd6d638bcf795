// RUN: norm-opt %s --norm-gpu-form-clusters --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-gpu-form-clusters --norm-gpu-launch --split-input-file | FileCheck %s --check-prefix=LAUNCH

#row = affine_map<(d0, d1) -> (d0, d1)>
#all = affine_map<(d0, d1) -> (0)>
#sums = affine_map<(d0) -> (d0)>
#one = affine_map<(d0) -> (0)>
#part = affine_map<()[s0] -> (s0 floordiv 4)>

// Each block copies its part, and tells the others what it has summed up.
// CHECK-LABEL: func @parts(
// CHECK-SAME:      %[[X:.*]]: memref<8x16x100xf32>, %[[Y:.*]]: memref<8x16x100xf32>, %[[S:.*]]: memref<16xf32>)
// CHECK:         scf.forall (%[[C:.*]], %[[RANK:.*]]) in (16, 2) {
// CHECK:           %[[SLAB:.*]] = memref.subview %[[X]][0, %[[C]], 0] [8, 1, 100]
// CHECK:           %[[TILE:.*]] = memref.alloc() : memref<4x100xf32, #gpu.address_space<workgroup>>
// CHECK:           %[[I:.*]] = affine.apply #[[MUL:.*]](%[[RANK]])
// CHECK:           %[[FROM:.*]] = memref.subview %[[SLAB]][%[[I]], 0] [4, 100]
// CHECK:           linalg.copy ins(%[[FROM]] : {{.*}}) outs(%[[TILE]] : memref<4x100xf32, #gpu.address_space<workgroup>>)
// CHECK:           %[[SUMS:.*]] = memref.alloc() : memref<2xf32, #gpu.address_space<workgroup>>
// CHECK:           %[[CAST:.*]] = memref.memory_space_cast %[[SUMS]]
// CHECK:           linalg.fill {{.*}} outs(%[[CAST]] : memref<2xf32>)
// CHECK-NEXT:      nvvm.cluster.arrive {aligned}
// CHECK:           %[[SUM:.*]] = memref.subview %[[CAST]][%[[N:.*]]] [1] [1]
// CHECK:           linalg.generic {{.*}} ins(%[[TILE]] : memref<4x100xf32, #gpu.address_space<workgroup>>) outs(%[[SUM]] :
// CHECK:           nvvm.cluster.wait {aligned}
// CHECK:           %[[OTHER:.*]] = affine.apply #{{.*}}(%[[RANK]])
// CHECK:           %[[PEER:.*]] = norm.peer_memory %[[SUMS]][%[[OTHER]]]
// CHECK:           %[[PLACE:.*]] = memref.subview %[[PEER]][%[[N]]] [1] [1]
// CHECK:           linalg.copy ins(%[[SUM]] : {{.*}}) outs(%[[PLACE]] :
// CHECK-NEXT:      nvvm.cluster.arrive {aligned}
// CHECK-NEXT:      nvvm.cluster.wait {aligned}
// The first block writes for all.
// CHECK:           %[[TOTAL:.*]] = memref.subview %[[S]][%[[C]]] [1] [1]
// CHECK:           %[[COPY:.*]] = memref.alloca() : memref<1xf32>
// CHECK:           linalg.copy ins(%[[TOTAL]] : {{.*}}) outs(%[[COPY]] : memref<1xf32>)
// CHECK:           linalg.generic {{.*}} ins(%[[CAST]] : memref<2xf32>) outs(%[[COPY]] : memref<1xf32>)
// CHECK:           %[[TO:.*]] = memref.subview %[[Y]]
// CHECK:           %[[HERE:.*]] = memref.subview %[[TO]][%[[I]], 0] [4, 100]
// CHECK:           linalg.generic {{.*}} ins(%[[TILE]], %[[COPY]] : {{.*}}) outs(%[[HERE]] :
// CHECK-NOT:       nvvm
// CHECK:           %[[FIRST:.*]] = arith.cmpi eq, %[[RANK]], %c0
// CHECK-NEXT:      scf.if %[[FIRST]] {
// CHECK-NEXT:        linalg.copy ins(%[[COPY]] : memref<1xf32>) outs(%[[TOTAL]] :
// CHECK:         } {norm.cluster}

// LAUNCH-LABEL: func @parts(
// LAUNCH:         gpu.launch clusters(%{{.*}}) in (%{{.*}} = %c2{{[_0-9]*}}, %{{.*}} = %c1{{[_0-9]*}}, %{{.*}} = %c1{{[_0-9]*}}) blocks(%[[B:[a-z0-9]+]], 
// LAUNCH:           arith.remui %[[B]], %c2
// LAUNCH:           arith.divui %[[B]], %c2
func.func @parts(%x: memref<8x16x100xf32>, %y: memref<8x16x100xf32>, %s: memref<16xf32>) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%c) in (16) {
    %slab = memref.subview %x[0, %c, 0] [8, 1, 100] [1, 1, 1] : memref<8x16x100xf32> to memref<8x100xf32, strided<[1600, 1], offset: ?>>
    %tile = memref.alloc() : memref<2x4x100xf32, #gpu.address_space<workgroup>>
    scf.forall (%i) = (0) to (8) step (4) {
      %n = affine.apply #part()[%i]
      %from = memref.subview %slab[%i, 0] [4, 100] [1, 1] : memref<8x100xf32, strided<[1600, 1], offset: ?>> to memref<4x100xf32, strided<[1600, 1], offset: ?>>
      %to = memref.subview %tile[%n, 0, 0] [1, 4, 100] [1, 1, 1] : memref<2x4x100xf32, #gpu.address_space<workgroup>> to memref<4x100xf32, strided<[100, 1], offset: ?>, #gpu.address_space<workgroup>>
      linalg.copy ins(%from : memref<4x100xf32, strided<[1600, 1], offset: ?>>) outs(%to : memref<4x100xf32, strided<[100, 1], offset: ?>, #gpu.address_space<workgroup>>)
    } {mapping = [#gpu.block<linear_dim_0>]}
    %sums = memref.alloca() : memref<2xf32>
    linalg.fill ins(%zero : f32) outs(%sums : memref<2xf32>)
    scf.forall (%i) = (0) to (8) step (4) {
      %n = affine.apply #part()[%i]
      %part = memref.subview %tile[%n, 0, 0] [1, 4, 100] [1, 1, 1] : memref<2x4x100xf32, #gpu.address_space<workgroup>> to memref<4x100xf32, strided<[100, 1], offset: ?>, #gpu.address_space<workgroup>>
      %sum = memref.subview %sums[%n] [1] [1] : memref<2xf32> to memref<1xf32, strided<[1], offset: ?>>
      linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction", "reduction"]}
          ins(%part : memref<4x100xf32, strided<[100, 1], offset: ?>, #gpu.address_space<workgroup>>) outs(%sum : memref<1xf32, strided<[1], offset: ?>>) {
      ^bb0(%a: f32, %b: f32):
        %0 = arith.addf %a, %b : f32
        linalg.yield %0 : f32
      }
    } {mapping = [#gpu.block<linear_dim_0>]}
    %total = memref.subview %s[%c] [1] [1] : memref<16xf32> to memref<1xf32, strided<[1], offset: ?>>
    linalg.generic {indexing_maps = [#sums, #one], iterator_types = ["reduction"]}
        ins(%sums : memref<2xf32>) outs(%total : memref<1xf32, strided<[1], offset: ?>>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %b : f32
      linalg.yield %0 : f32
    }
    %out = memref.subview %y[0, %c, 0] [8, 1, 100] [1, 1, 1] : memref<8x16x100xf32> to memref<8x100xf32, strided<[1600, 1], offset: ?>>
    scf.forall (%i) = (0) to (8) step (4) {
      %n = affine.apply #part()[%i]
      %part = memref.subview %tile[%n, 0, 0] [1, 4, 100] [1, 1, 1] : memref<2x4x100xf32, #gpu.address_space<workgroup>> to memref<4x100xf32, strided<[100, 1], offset: ?>, #gpu.address_space<workgroup>>
      %here = memref.subview %out[%i, 0] [4, 100] [1, 1] : memref<8x100xf32, strided<[1600, 1], offset: ?>> to memref<4x100xf32, strided<[1600, 1], offset: ?>>
      linalg.generic {indexing_maps = [#row, #all, #row], iterator_types = ["parallel", "parallel"]}
          ins(%part, %total : memref<4x100xf32, strided<[100, 1], offset: ?>, #gpu.address_space<workgroup>>, memref<1xf32, strided<[1], offset: ?>>)
          outs(%here : memref<4x100xf32, strided<[1600, 1], offset: ?>>) {
      ^bb0(%a: f32, %b: f32, %o: f32):
        %0 = arith.subf %a, %b : f32
        linalg.yield %0 : f32
      }
    } {mapping = [#gpu.block<linear_dim_0>]}
    memref.dealloc %tile : memref<2x4x100xf32, #gpu.address_space<workgroup>>
  }
  return
}

// -----

// What others read of global memory needs a barrier.
// CHECK-LABEL: func @global(
// CHECK:         linalg.fill
// CHECK-NEXT:    nvvm.cluster.arrive {aligned}
// CHECK-NEXT:    nvvm.cluster.wait {aligned}
// CHECK:         memref.load
func.func @global(%x: memref<16x4xf32>, %y: memref<16x4xf32>) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%c) in (16) {
    scf.forall (%i) in (4) {
      %to = memref.subview %x[%c, %i] [1, 1] [1, 1] : memref<16x4xf32> to memref<1xf32, strided<[1], offset: ?>>
      linalg.fill ins(%zero : f32) outs(%to : memref<1xf32, strided<[1], offset: ?>>)
    } {mapping = [#gpu.block<linear_dim_0>]}
    %c0 = arith.constant 0 : index
    %v = memref.load %x[%c, %c0] : memref<16x4xf32>
    scf.forall (%i) in (4) {
      %to = memref.subview %y[%c, %i] [1, 1] [1, 1] : memref<16x4xf32> to memref<1xf32, strided<[1], offset: ?>>
      linalg.fill ins(%v : f32) outs(%to : memref<1xf32, strided<[1], offset: ?>>)
    } {mapping = [#gpu.block<linear_dim_0>]}
  }
  return
}
