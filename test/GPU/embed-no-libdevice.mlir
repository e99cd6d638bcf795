// RUN: rm -rf %t.kit && mkdir %t.kit && mkdir %t.kit/bin
// RUN: cp %S/Inputs/fake-tool.sh %t.kit/bin/ptxas && cp %S/Inputs/fake-tool.sh %t.kit/bin/fatbinary
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90 toolkit=%t.kit" 2>&1 | FileCheck %s

// CHECK: error: 'gpu.module' op expected {{.*}}.kit/nvvm/libdevice/libdevice.10.bc for the functions that kernels call, but got none: install nvidia-nvvm from PyPI
gpu.module @kernels {
  llvm.func @__nv_sinf(f32) -> f32
  llvm.func @f(%x: !llvm.ptr<1>) attributes {gpu.kernel, nvvm.kernel} {
    %0 = llvm.load %x : !llvm.ptr<1> -> f32
    %1 = llvm.call @__nv_sinf(%0) : (f32) -> f32
    llvm.store %1, %x : f32, !llvm.ptr<1>
    llvm.return
  }
}
