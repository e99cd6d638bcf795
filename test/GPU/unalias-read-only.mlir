// RUN: norm-opt %s --pass-pipeline='builtin.module(gpu.module(norm-gpu-unalias-read-only))' | FileCheck %s

gpu.module @kernels {
  // CHECK: llvm.func @kernel(%{{.*}}: !llvm.ptr {llvm.noalias, llvm.readonly}, %{{.*}}: !llvm.ptr)
  llvm.func @kernel(%x: !llvm.ptr {llvm.readonly}, %y: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
