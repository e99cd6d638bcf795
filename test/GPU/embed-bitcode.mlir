// RUN: norm-opt %s --norm-gpu-embed-bitcode | FileCheck %s
// RUN: not norm-opt %s --norm-gpu-embed-bitcode=chip=none 2>&1 | FileCheck %s --check-prefix=CHIP

// CHECK: gpu.binary @kernels [#gpu.object<#nvvm.target<chip = "sm_90">, offload = "BC
// CHECK-NOT: gpu.module
// CHIP: error: expected a GPU that LLVM knows, such as sm_90, but got none
gpu.module @kernels [#nvvm.target<chip = "sm_90">] {
  llvm.func @f(%x: !llvm.ptr<1>) attributes {gpu.kernel, nvvm.kernel} {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    llvm.store %t, %x : i32, !llvm.ptr<1>
    llvm.return
  }
}
