// From ops with a mask and with lengths to code that reads vectors of the mask.
// RUN: norm-opt %s --norm-to-linalg-pipeline | FileCheck %s --check-prefix=LINALG --implicit-check-not="{{norm[.][a-z_]+ ins}}"
// RUN: norm-opt %s --norm-to-linalg-pipeline --norm-bufferize-pipeline --norm-vectorize-pipeline | FileCheck %s --check-prefix=VECTOR --implicit-check-not="linalg."
// RUN: norm-opt %s --norm-lower-to-cpu-pipeline > %t.llvm.mlir
// RUN: FileCheck %s --check-prefix=LLVM --input-file=%t.llvm.mlir --implicit-check-not="{{[ (\"](arith|affine|cf|func|linalg|math|memref|scf|tensor|vector)[.]}}" --implicit-check-not="{{norm[.][a-z_]+ ins}}" --implicit-check-not=unrealized_conversion_cast
// RUN: mlir-translate --mlir-to-llvmir %t.llvm.mlir | FileCheck %s --check-prefix=IR

// LINALG-LABEL: func @training(
// LINALG:         scf.forall (%{{.*}}) in (64)
// LINALG:           linalg.generic {{.*}} ins(%{{.*}} : tensor<{{.*}}xi1>)
// LINALG:           arith.select
// LINALG-LABEL: func @lengths(
// LINALG:         cf.assert %{{.*}}, "norm.layer_norm: expected dimension 0 of lengths to have the size of axis 0 of the input"
// LINALG:         linalg.index

// The inner loops of the statistics and of the output.
// VECTOR-LABEL: func @training(
// VECTOR:         scf.parallel
// VECTOR:           %[[X:.*]] = affine.vector_load {{.*}} vector<16xf32>
// VECTOR-NEXT:      %[[BYTES:.*]] = affine.vector_load {{.*}} memref<{{.*}}xi8{{.*}}, vector<16xi8>
// VECTOR-NEXT:      %[[BITS:.*]] = arith.trunci %[[BYTES]] : vector<16xi8> to vector<16xi1>
// VECTOR:           arith.select %[[BITS]], %{{.*}}, %{{.*}} : vector<16xi1>, vector<16xf32>
// VECTOR:           vector.store {{.*}} nontemporal = true
// VECTOR-LABEL: func @lengths(

// LLVM-LABEL:   llvm.func @training(
// LLVM:           omp.wsloop
// LLVM:             llvm.load {{.*}} -> vector<16xi8>
// LLVM-LABEL:   llvm.func @lengths(

// IR:           load <16 x i8>
// IR:           trunc <16 x i8> %{{.*}} to <16 x i1>
// IR:           select <16 x i1>

func.func @training(%x: memref<16x64x4096xf32>, %m: memref<16x4096xi1>,
    %y: memref<16x64x4096xf32>) {
  norm.batch_norm_training ins(%x : memref<16x64x4096xf32>)
      mask(%m : memref<16x4096xi1>) outs(%y : memref<16x64x4096xf32>)
      features = [1] mask_axes = [0, 2]
  return
}

func.func @lengths(%x: tensor<?x?x?xf32>, %l: tensor<?xi64>) -> tensor<?x?x?xf32> {
  %y = norm.layer_norm ins(%x : tensor<?x?x?xf32>) lengths(%l : tensor<?xi64>)
      outs(%x : tensor<?x?x?xf32>) axes = [2] mask_axes = [0] sequence_axis = 1
  return %y : tensor<?x?x?xf32>
}
