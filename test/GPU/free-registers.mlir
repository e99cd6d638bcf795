// RUN: norm-opt %s --pass-pipeline='builtin.module(gpu.module(norm-gpu-free-registers))' | FileCheck %s

gpu.module @kernels {
  // CHECK: llvm.func @small() attributes {gpu.kernel, nvvm.kernel} {
  llvm.func @small() attributes {gpu.kernel, nvvm.kernel, nvvm.maxntid = array<i32: 256, 1, 1>} {
    llvm.return
  }
  // CHECK: llvm.func @large() attributes {gpu.kernel, nvvm.kernel, nvvm.maxntid = array<i32: 256, 2, 1>} {
  llvm.func @large() attributes {gpu.kernel, nvvm.kernel, nvvm.maxntid = array<i32: 256, 2, 1>} {
    llvm.return
  }
}
