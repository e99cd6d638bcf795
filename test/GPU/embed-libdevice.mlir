// REQUIRES: ptxas
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90" | FileCheck %s --implicit-check-not=.extern
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=bin chips=sm_90" | FileCheck %s --check-prefix=BIN

// What is called of libdevice is part of the kernel.
// CHECK: gpu.binary @kernels
// CHECK-SAME: .entry f
// BIN: bin = "\7FELF
gpu.module @kernels {
  llvm.func @__nv_sinf(f32) -> f32
  llvm.func @f(%x: !llvm.ptr<1>) attributes {gpu.kernel, nvvm.kernel} {
    %0 = llvm.load %x : !llvm.ptr<1> -> f32
    %1 = llvm.call @__nv_sinf(%0) : (f32) -> f32
    llvm.store %1, %x : f32, !llvm.ptr<1>
    llvm.return
  }
}
