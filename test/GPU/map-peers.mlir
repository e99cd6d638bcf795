// RUN: norm-opt %s --pass-pipeline="builtin.module(gpu.module(norm-gpu-map-peers))" | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(gpu.module(norm-gpu-map-peers,convert-gpu-to-nvvm,reconcile-unrealized-casts))" | FileCheck %s --check-prefix=NVVM --implicit-check-not=unrealized

// CHECK-LABEL: gpu.func @f
// CHECK-SAME:      workgroup(%[[W:.*]] : memref<4x8xf32, #gpu.address_space<workgroup>>
// CHECK-DAG:     %[[A:.*]] = memref.extract_aligned_pointer_as_index %[[W]]
// CHECK-DAG:     %[[I:.*]] = arith.index_cast %[[A]] : index to i64
// CHECK-DAG:     %[[P:.*]] = llvm.inttoptr %[[I]] : i64 to !llvm.ptr<3>
// CHECK-DAG:     %[[R:.*]] = arith.index_cast %{{.*}} : index to i32
// CHECK:         nvvm.mapa %[[P]], %[[R]] : !llvm.ptr<3> -> !llvm.ptr<7>
// CHECK:         builtin.unrealized_conversion_cast %{{.*}} to memref<4x8xf32, 7>
// NVVM:          nvvm.mapa %{{.*}} : !llvm.ptr<3> -> !llvm.ptr<7>
// NVVM:          llvm.store %{{.*}}, %{{.*}} : f32, !llvm.ptr<7>
gpu.module @kernels {
  gpu.func @f(%i: index, %rank: index, %v: f32)
      workgroup(%w : memref<4x8xf32, #gpu.address_space<workgroup>>) kernel {
    %p = norm.peer_memory %w[%rank] : memref<4x8xf32, #gpu.address_space<workgroup>>
    memref.store %v, %p[%i, %i] : memref<4x8xf32, 7>
    gpu.return
  }
}
