// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none cooperative=true" | FileCheck %s
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline=format=none | FileCheck %s --check-prefix=APART --implicit-check-not=cooperative

// Statistics of parts, what combines them, and what applies them.
// CHECK-LABEL: llvm.func @training(
// CHECK:         gpu.launch_func @norm_kernels::@training_0 blocks in
// CHECK:         gpu.launch_func @norm_kernels::@training_1_cooperative blocks in
// CHECK-NOT:     gpu.launch_func
// CHECK:         llvm.func @training_1_cooperative(
// CHECK-COUNT-2:   llvm.call @norm_grid_barrier
// CHECK:         llvm.func internal @norm_grid_barrier
// APART-LABEL: llvm.func @training(
// APART-COUNT-4: gpu.launch_func
func.func @training(%x: memref<100000x64xf32>, %y: memref<100000x64xf32>) {
  norm.batch_norm_training ins(%x : memref<100000x64xf32>)
      outs(%y : memref<100000x64xf32>) features = [1]
  return
}
