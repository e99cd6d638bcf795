// The stages, each of which leaves what the next one takes.
// RUN: norm-opt %s --norm-to-blocks-pipeline | FileCheck %s --check-prefix=BLOCKS --implicit-check-not="tensor." --implicit-check-not="bufferization."
// RUN: norm-opt %s --norm-to-blocks-pipeline --norm-launch-pipeline | FileCheck %s --check-prefix=LAUNCH --implicit-check-not="linalg." --implicit-check-not="scf.forall"
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline=format=none > %t.nvvm.mlir
// RUN: FileCheck %s --check-prefix=NVVM --input-file=%t.nvvm.mlir --implicit-check-not="{{[ (\"](arith|affine|bufferization|cf|func|linalg|math|memref|scf|tensor|ub|vector)[.]}}" --implicit-check-not=unrealized_conversion_cast --implicit-check-not=__nv_

// The stages together are the pipeline.
// RUN: norm-opt %s --norm-to-blocks-pipeline --norm-launch-pipeline --norm-lower-to-gpu-binary-pipeline=format=none > %t.stages.mlir
// RUN: diff %t.nvvm.mlir %t.stages.mlir

// PTX, for the chip that is asked for.
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa chip=sm_90" | FileCheck %s --check-prefix=PTX

// Single elements, if vectors are not wanted.
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa vectors=false" | FileCheck %s --check-prefix=SCALAR --implicit-check-not=global.v

// BLOCKS-LABEL: func.func @training(
// BLOCKS:         scf.forall (%{{.*}}) in (64)
// BLOCKS:           linalg.generic

// LAUNCH-LABEL: func.func @training(
// LAUNCH:         gpu.launch
// LAUNCH-SAME:      module(@norm_kernels) function(@training_0)
// LAUNCH:           gpu.shuffle xor

// NVVM-LABEL: llvm.func @training(
// NVVM:         gpu.launch_func @norm_kernels::@training_0 blocks in
// NVVM:       gpu.module @norm_kernels [#nvvm.target<O = 3, chip = "sm_80">]
// NVVM:         llvm.func @training_0(
// NVVM:           nvvm.shfl.sync bfly
// NVVM:           nvvm.barrier

// PTX:        gpu.binary @norm_kernels
// PTX-SAME:     .target sm_90
// PTX-SAME:     .extern .shared
// PTX-SAME:     .entry training_0
// PTX-SAME:     ld.global.nc.v4.b32
// PTX-SAME:     shfl.sync.bfly.b32
// PTX-SAME:     bar.sync
// PTX-SAME:     sqrt.rn.f32
// PTX-SAME:     ld.shared.v4.b32
// PTX-SAME:     st.global.v4.b32

// SCALAR:     .entry training_0
// SCALAR-SAME:  ld.global.b32
// SCALAR-SAME:  st.global.b32
func.func @training(%x: memref<8x64x784xf32>, %y: memref<8x64x784xf32>,
                    %mean: memref<64xf32>, %variance: memref<64xf32>) {
  norm.batch_norm_training
      ins(%x : memref<8x64x784xf32>) outs(%y : memref<8x64x784xf32>)
      running(%mean, %variance : memref<64xf32>, memref<64xf32>)
      features = [1] epsilon = 1.0e-5 momentum = 0.9
  return
}
