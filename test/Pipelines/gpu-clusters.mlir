// Slabs that the workgroup memory of one block cannot hold, but that of a cluster.

// All chips must have clusters.
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none chip=sm_90 chip=sm_100" | FileCheck %s --check-prefix=CLUSTERS
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none chip=sm_90,sm_80" | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none" | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none chip=sm_90 cluster-size=1" | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none chip=sm_90 cluster-size=4" | FileCheck %s --check-prefix=CLUSTERS
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=none chip=sm_90 cluster-size=2" | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa chip=sm_90" | FileCheck %s --check-prefix=PTX

// RUN: not norm-opt %s --norm-lower-to-nvvm-pipeline="chip=sm_90 cluster-size=3" 2>&1 | FileCheck %s --check-prefix=SIZE
// RUN: not norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa chip=sm_90,sm_80 cluster-size=8" 2>&1 | FileCheck %s --check-prefix=CHIP
// SIZE: error: expected cluster-size to be 1, 2, 4 or 8, but got 3
// CHIP: gpu-clusters.mlir:[[@LINE+23]]:3: error: 'gpu.launch_func' op expected chips that have clusters of blocks, sm_90 and newer, but got sm_80

// Of 643 KB, each block of four has 161 KB.
// CLUSTERS: llvm.mlir.constant(4 : index)
// CLUSTERS: gpu.launch_func @norm_kernels::@training_0 clusters in
// CLUSTERS-NOT: gpu.launch_func
// CLUSTERS: nvvm.cluster.arrive {aligned}
// CLUSTERS: nvvm.cluster.wait {aligned}
// CLUSTERS: nvvm.mapa {{.*}} : !llvm.ptr<3> -> !llvm.ptr<7>
// CLUSTERS: nvvm.cluster.arrive {aligned}
// CLUSTERS: nvvm.cluster.wait {aligned}
// NONE-NOT: cluster
// NONE:     gpu.launch_func @norm_kernels::@training_0 blocks in
// NONE-NOT: cluster

// PTX:      .target sm_90
// PTX-SAME: barrier.cluster.arrive.aligned
// PTX-SAME: barrier.cluster.wait.aligned
// PTX-SAME: mapa.shared::cluster
// PTX-SAME: st.shared::cluster
// PTX-SAME: barrier.cluster.wait.aligned
func.func @training(%x: memref<32x64x5024xf32>, %y: memref<32x64x5024xf32>,
                    %mean: memref<64xf32>, %variance: memref<64xf32>) {
  norm.batch_norm_training
      ins(%x : memref<32x64x5024xf32>) outs(%y : memref<32x64x5024xf32>)
      running(%mean, %variance : memref<64xf32>, memref<64xf32>)
      features = [1] epsilon = 1.0e-5 momentum = 0.9
  return
}
