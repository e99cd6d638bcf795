// RUN: norm-opt %s --pass-pipeline='builtin.module(gpu.module(norm-gpu-lower-math))' | FileCheck %s

// CHECK-LABEL: gpu.func @f
gpu.module @kernels {
  gpu.func @f(%x: f32, %d: f64, %h: f16, %out: memref<f32>) kernel {
    // CHECK: llvm.call_intrinsic "llvm.sqrt"(%{{.*}}) : (f32) -> f32
    %0 = math.sqrt %x : f32
    // CHECK: llvm.call_intrinsic "llvm.copysign"(%{{.*}}, %{{.*}}) : (f32, f32) -> f32
    %1 = math.copysign %0, %x : f32
    // CHECK: llvm.call_intrinsic "llvm.floor"(%{{.*}}) : (f64) -> f64
    %2 = math.floor %d : f64
    // What has no instruction, or another type, stays.
    // CHECK: math.absf %{{.*}} : f16
    %3 = math.absf %h : f16
    // CHECK: math.sin %{{.*}} : f32
    %4 = math.sin %1 : f32
    %5 = arith.truncf %2 : f64 to f32
    %6 = arith.extf %3 : f16 to f32
    %7 = arith.addf %4, %5 : f32
    %8 = arith.addf %6, %7 : f32
    memref.store %8, %out[] : memref<f32>
    gpu.return
  }
}
