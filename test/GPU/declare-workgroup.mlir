// RUN: norm-opt %s --pass-pipeline='builtin.module(gpu.module(norm-gpu-declare-workgroup))' | FileCheck %s
// RUN: norm-opt %s --pass-pipeline='builtin.module(gpu.module(norm-gpu-declare-workgroup),norm-gpu-embed-kernels{format=isa chips=sm_90})' \
// RUN:   | FileCheck %s --check-prefix=PTX

// PTX: .extern .shared .align 16 .b8 tile[];
gpu.module @kernels {
  // CHECK: llvm.mlir.global external @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>
  // CHECK: llvm.mlir.global internal @known() {addr_space = 3 : i32} : !llvm.array<4 x f32>
  llvm.mlir.global internal @known() {addr_space = 3 : i32} : !llvm.array<4 x f32>
  // CHECK: llvm.mlir.global internal @elsewhere() {addr_space = 1 : i32} : !llvm.array<0 x i8>
  llvm.mlir.global internal @elsewhere() {addr_space = 1 : i32} : !llvm.array<0 x i8>
  llvm.func @f() attributes {gpu.kernel, nvvm.kernel} {
    %c = llvm.mlir.constant(0 : i8) : i8
    %t = llvm.mlir.addressof @tile : !llvm.ptr<3>
    llvm.store volatile %c, %t : i8, !llvm.ptr<3>
    llvm.return
  }
}
