// RUN: norm-opt %s --norm-gpu-join-kernels --split-input-file | FileCheck %s

// The first launch has one block: it clears the counters. The host frees after
// the last launch what it freed between them. Arrays in workgroup memory of
// the same type serve several of them.
// CHECK-LABEL: func @joined
// CHECK-SAME:      (%[[X:.*]]: memref<4096xf32>, %[[N:.*]]: index, %[[BYTES:.*]]: i32)
// CHECK:         %[[C64:.*]] = arith.constant 64 : index
// CHECK:         %[[PARTS:.*]] = memref.alloc() : memref<64xf32>
// CHECK:         %[[COUNTERS:.*]] = memref.alloc() : memref<2xi32>
// CHECK:         gpu.launch
// CHECK-SAME:        function(@joined_0)
// CHECK:           linalg.fill ins(%{{.*}} : f32) outs(%[[X]]
// CHECK:           %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-NEXT:      linalg.fill ins(%[[ZERO]] : i32) outs(%[[COUNTERS]] : memref<2xi32>)
// CHECK-NEXT:      gpu.terminator
// CHECK:         %[[MAX:.*]] = arith.maxui %[[N]], %{{.*}} : index
// CHECK:         gpu.launch blocks(%[[B:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %[[MAX]],
// CHECK-SAME:        dynamic_shared_memory_size %[[BYTES]]
// CHECK-SAME:        function(@joined_1_cooperative)
// CHECK-SAME:        workgroup(%[[W0:.*]] : memref<8xf32, #gpu.address_space<workgroup>>, %[[W1:.*]] : memref<4xf32, #gpu.address_space<workgroup>>)
// CHECK:           %[[ALLOCA:.*]] = memref.alloca() : memref<f32>
// CHECK:           %[[G:.*]] = nvvm.read.ptx.sreg.nctaid.x : i32
// CHECK:           %[[BLOCKS:.*]] = arith.index_castui %[[G]]
// CHECK:           scf.for %[[I:.*]] = %[[B]] to %[[C64]] step %[[BLOCKS]] {
// CHECK-NOT:         memref.alloca
// CHECK:             memref.subview %[[PARTS]][%[[I]]]
// CHECK:             outs(%[[W0]] :
// CHECK:           }
// CHECK:           norm.grid_barrier %[[COUNTERS]][%{{.*}}] : memref<2xi32>
// CHECK:           scf.for %{{.*}} = %[[B]] to %{{.*}} step %[[BLOCKS]] {
// CHECK:             outs(%[[W1]] :
// CHECK:           norm.grid_barrier %[[COUNTERS]][%{{.*}}] : memref<2xi32>
// CHECK:           scf.for %{{.*}} = %[[B]] to %[[N]] step %[[BLOCKS]] {
// CHECK:             outs(%[[W0]] :
// CHECK:           gpu.terminator
// CHECK-NEXT:    } {norm.block}
// CHECK-DAG:     memref.dealloc %[[COUNTERS]]
// CHECK-DAG:     memref.dealloc %[[PARTS]]
// CHECK-NOT:     gpu.launch
func.func @joined(%x: memref<4096xf32>, %n: index, %bytes: i32) {
  %v = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c256 = arith.constant 256 : index
  %parts = memref.alloc() : memref<64xf32>
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@joined_0) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@joined_1)
             workgroup(%w : memref<8xf32, #gpu.address_space<workgroup>>) {
    %own = memref.alloca() : memref<f32>
    %part = memref.subview %parts[%b] [1] [1] : memref<64xf32> to memref<1xf32, strided<[1], offset: ?>>
    linalg.fill ins(%v : f32) outs(%own : memref<f32>)
    linalg.fill ins(%v : f32) outs(%part : memref<1xf32, strided<[1], offset: ?>>)
    linalg.fill ins(%v : f32) outs(%w : memref<8xf32, #gpu.address_space<workgroup>>)
    gpu.terminator
  } {norm.block}
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@joined_2)
             workgroup(%w : memref<4xf32, #gpu.address_space<workgroup>>) {
    linalg.fill ins(%v : f32) outs(%w : memref<4xf32, #gpu.address_space<workgroup>>)
    linalg.fill ins(%v : f32) outs(%parts : memref<64xf32>)
    gpu.terminator
  } {norm.block}
  memref.dealloc %parts : memref<64xf32>
  gpu.launch blocks(%b, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1)
             dynamic_shared_memory_size %bytes
             module(@norm_kernels) function(@joined_3)
             workgroup(%w : memref<8xf32, #gpu.address_space<workgroup>>) {
    linalg.fill ins(%v : f32) outs(%w : memref<8xf32, #gpu.address_space<workgroup>>)
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// A launch of its own clears the counter.
// CHECK-LABEL: func @clear
// CHECK:         %[[COUNTERS:.*]] = memref.alloc() : memref<1xi32>
// CHECK:         gpu.launch
// CHECK-SAME:        function(@clear_0_clear)
// CHECK:           linalg.fill ins(%{{.*}} : i32) outs(%[[COUNTERS]] : memref<1xi32>)
// CHECK:         gpu.launch
// CHECK-SAME:        function(@clear_0_cooperative)
// CHECK:           norm.grid_barrier
// CHECK-NOT:     gpu.launch
func.func @clear(%x: memref<4096xf32>) {
  %v = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@clear_0) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@clear_1) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Not joined: launches with something between them, with blocks of other sizes,
// or in clusters, and a single one after one of one block.
// CHECK-LABEL: func @apart
// CHECK-COUNT-5: gpu.launch {{.*}} function(@apart_{{[0-9]}})
// CHECK-NOT:     gpu.launch
func.func private @call()
func.func @apart(%x: memref<4096xf32>) {
  %v = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@apart_0) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@apart_1) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  call @call() : () -> ()
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@apart_2) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c2, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@apart_3) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %c2, %ky = %c1, %kz = %c1)
             blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@apart_4) {
    linalg.fill ins(%v : f32) outs(%x : memref<4096xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Nor what together would have more than 4096 bytes of parameters.
// CHECK-LABEL: func @parameters
// CHECK-COUNT-2: gpu.launch {{.*}} function(@parameters_{{[01]}})
// CHECK-NOT:     gpu.launch
func.func @parameters(%x0: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x1: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x2: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x3: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x4: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x5: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x6: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x7: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x8: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x9: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x10: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x11: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x12: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x13: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x14: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x15: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x16: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x17: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x18: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x19: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x20: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x21: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x22: memref<1x1x1x1x1x1x1x1x1x1xf32>, %x23: memref<1x1x1x1x1x1x1x1x1x1xf32>) {
  %v = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@parameters_0) {
    linalg.fill ins(%v : f32) outs(%x0 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x1 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x2 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x3 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x4 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x5 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x6 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x7 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x8 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x9 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x10 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x11 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    gpu.terminator
  } {norm.block}
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             module(@norm_kernels) function(@parameters_1) {
    linalg.fill ins(%v : f32) outs(%x12 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x13 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x14 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x15 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x16 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x17 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x18 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x19 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x20 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x21 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x22 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    linalg.fill ins(%v : f32) outs(%x23 : memref<1x1x1x1x1x1x1x1x1x1xf32>)
    gpu.terminator
  } {norm.block}
  return
}
