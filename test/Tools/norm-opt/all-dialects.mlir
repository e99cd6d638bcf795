// Norm's ops and passes stand beside all of upstream's.
// RUN: norm-opt %s --canonicalize | FileCheck %s
// RUN: norm-opt --help | FileCheck %s --check-prefix=HELP
// RUN: norm-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS

// HELP-DAG: Norm: normalization layers
// HELP-DAG: --affine-super-vectorize
// HELP-DAG: --gpu-lower-to-nvvm-pipeline

// DIALECTS-DAG: affine
// DIALECTS-DAG: norm
// DIALECTS-DAG: nvvm

// CHECK: norm.group_norm
func.func @f(%x: tensor<2x8x4x4xf32>, %init: tensor<2x8x4x4xf32>)
    -> tensor<2x8x4x4xf32> {
  %0 = norm.group_norm ins(%x : tensor<2x8x4x4xf32>)
      outs(%init : tensor<2x8x4x4xf32>) channel = 1 num_groups = 4
  return %0 : tensor<2x8x4x4xf32>
}
