// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s

// CHECK-LABEL: func @peer(
// CHECK:         norm.peer_memory %{{.*}}[%{{.*}}] : memref<2x3xf32, #gpu.address_space<workgroup>>
// CHECK:         memref.load %{{.*}} : memref<2x3xf32, 7>
func.func @peer(%w: memref<2x3xf32, #gpu.address_space<workgroup>>, %rank: index) -> f32 {
  %p = norm.peer_memory %w[%rank] : memref<2x3xf32, #gpu.address_space<workgroup>>
  %v = memref.load %p[%rank, %rank] : memref<2x3xf32, 7>
  return %v : f32
}

// CHECK-LABEL: func @barrier(
// CHECK:         norm.grid_barrier %{{.*}}[%{{.*}}] : memref<2xi32>
func.func @barrier(%counters: memref<2xi32>, %i: index) {
  norm.grid_barrier %counters[%i] : memref<2xi32>
  return
}
