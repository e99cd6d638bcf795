// RUN: norm-opt %s --pass-pipeline="builtin.module(gpu.module(norm-gpu-lower-grid-barriers))" | FileCheck %s
// RUN: norm-opt %s --norm-lower-to-gpu-binary-pipeline="format=isa chip=sm_80" | FileCheck %s --check-prefix=PTX

// One function, for all barriers.
// CHECK-LABEL: gpu.func @f
// CHECK-SAME:      (%[[C:.*]]: memref<2xi32>, %[[I:.*]]: index
// CHECK:         %[[A:.*]] = memref.extract_aligned_pointer_as_index %[[C]]
// CHECK:         %[[A64:.*]] = arith.index_cast %[[A]] : index to i64
// CHECK:         %[[P:.*]] = llvm.inttoptr %[[A64]] : i64 to !llvm.ptr<1>
// CHECK:         %[[I64:.*]] = arith.index_cast %[[I]] : index to i64
// CHECK:         %[[E:.*]] = llvm.getelementptr %[[P]][%[[I64]]] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, i32
// CHECK:         llvm.call @norm_grid_barrier(%[[E]]) : (!llvm.ptr<1>) -> ()
// CHECK:         llvm.call @norm_grid_barrier(
// CHECK:       llvm.func internal @norm_grid_barrier(%{{.*}}: !llvm.ptr<1>) attributes {no_inline}
// CHECK-NOT:   llvm.func

// The writes of a block go before its count, and those of the others come with it.
// PTX:         .entry f_cooperative(
// PTX-COUNT-2: call.uni norm_grid_barrier,
// PTX:         .func norm_grid_barrier(
// PTX-SAME:    bar.sync
// PTX-SAME:    fence.acq_rel.gpu;
// PTX-SAME:    atom.global.add.u32
// PTX-SAME:    ld.acquire.gpu.global.b32
// PTX-SAME:    bar.sync
module attributes {gpu.container_module} {
  func.func @host(%c: memref<2xi32>, %i: index) {
    %one = arith.constant 1 : index
    gpu.launch_func @kernels::@f_cooperative blocks in (%one, %one, %one) threads in (%one, %one, %one) args(%c : memref<2xi32>, %i : index)
    return
  }
  gpu.module @kernels {
    gpu.func @f_cooperative(%c: memref<2xi32>, %i: index) kernel {
      norm.grid_barrier %c[%i] : memref<2xi32>
      norm.grid_barrier %c[%i] : memref<2xi32>
      gpu.return
    }
  }
}
