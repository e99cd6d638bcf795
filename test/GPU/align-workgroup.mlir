// RUN: norm-opt %s --pass-pipeline='builtin.module(gpu.module(norm-gpu-align-workgroup))' | FileCheck %s

gpu.module @kernels {
  // CHECK: gpu.func @f()
  // CHECK-SAME: workgroup(%{{.*}} : memref<32xf32, #gpu.address_space<workgroup>> {llvm.align = 16 : i64},
  // CHECK-SAME: %{{.*}} : memref<8xf64, #gpu.address_space<workgroup>> {llvm.align = 64 : i64})
  gpu.func @f() workgroup(%a : memref<32xf32, #gpu.address_space<workgroup>>,
                          %b : memref<8xf64, #gpu.address_space<workgroup>> {llvm.align = 64 : i64})
      kernel {
    gpu.return
  }
}
