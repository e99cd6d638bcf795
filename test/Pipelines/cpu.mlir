// The stages, each of which leaves what the next one takes.
// RUN: norm-opt %s --norm-to-linalg-pipeline | FileCheck %s --check-prefix=LINALG --implicit-check-not="{{norm[.][a-z_]+ ins}}"
// RUN: norm-opt %s --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %s --check-prefix=BUFFER --implicit-check-not="tensor." --implicit-check-not="bufferization."
// RUN: norm-opt %s --norm-to-linalg-pipeline --norm-bufferize-pipeline --norm-vectorize-pipeline | FileCheck %s --check-prefix=VECTOR --implicit-check-not="linalg."
// RUN: norm-opt %s --norm-lower-to-cpu-pipeline > %t.llvm.mlir
// RUN: FileCheck %s --check-prefix=LLVM --input-file=%t.llvm.mlir --implicit-check-not="{{[ (\"](arith|affine|bufferization|cf|func|linalg|math|memref|scf|tensor|ub|vector)[.]}}" --implicit-check-not="{{norm[.][a-z_]+ ins}}" --implicit-check-not=unrealized_conversion_cast

// The stages together are the pipeline.
// RUN: norm-opt %s --norm-to-linalg-pipeline --norm-bufferize-pipeline --norm-vectorize-pipeline --norm-lower-to-llvm-pipeline > %t.stages.mlir
// RUN: diff %t.llvm.mlir %t.stages.mlir

// What is in the LLVM dialect already passes through, once blocks that are alike
// have been merged.
// RUN: norm-opt %t.llvm.mlir --norm-lower-to-cpu-pipeline > %t.merged.mlir
// RUN: norm-opt %t.merged.mlir --norm-lower-to-cpu-pipeline > %t.again.mlir
// RUN: diff %t.merged.mlir %t.again.mlir

// It is LLVM IR.
// RUN: mlir-translate --mlir-to-llvmir %t.llvm.mlir | FileCheck %s --check-prefix=IR

// LINALG-LABEL: func @training(
// LINALG:         scf.forall (%{{.*}}) in (64)
// LINALG:           scf.for
// LINALG:             linalg.generic
// LINALG:         bufferization.materialize_in_destination
// LINALG-LABEL: func @group(
// LINALG:         cf.assert %{{.*}}, "norm.group_norm: expected the number of channels to be a multiple of num_groups = 4"
// LINALG:         linalg.generic

// The memref is written in place: all copies of it are onto itself.
// BUFFER-LABEL: func @training(
// BUFFER-SAME:    %[[X:.*]]: memref<16x64x64x64xf32>, %[[Y:.*]]: memref<16x64x64x64xf32>,
// BUFFER-SAME:    llvm.emit_c_interface, norm.signature = (memref<16x64x64x64xf32>, memref<16x64x64x64xf32>, memref<64xf32>, memref<64xf32>) -> ()
// BUFFER-NOT:     memref.alloc({{.*}}x64x4096xf32>
// BUFFER:         scf.forall
// BUFFER:           linalg.generic
// BUFFER-LABEL: func @group(

// VECTOR-LABEL: func @training(
// VECTOR:         scf.parallel
// VECTOR:           affine.for
// VECTOR:             affine.vector_load {{.*}} vector<16xf32>
// VECTOR:           math.fma {{.*}} : vector<16xf32>
// VECTOR:           vector.store {{.*}} nontemporal = true
// VECTOR-LABEL: func @group(
// VECTOR:         vector<16xbf16>

// LLVM-DAG:     llvm.func @normRuntimeFail(!llvm.ptr)
// LLVM-LABEL:   llvm.func @training(
// LLVM:           omp.parallel
// LLVM:             omp.wsloop
// LLVM:             llvm.store {{.*}} {alignment = 64 : i64, nontemporal}
// LLVM:             llvm.fence seq_cst
// LLVM-LABEL:   llvm.func @_mlir_ciface_training(
// LLVM-LABEL:   llvm.func @group(
// LLVM:           llvm.call @normRuntimeFail

// IR-DAG:       define void @training(
// IR-DAG:       define void @_mlir_ciface_group(
// IR-DAG:       call void {{.*}}@__kmpc_fork_call
// IR-DAG:       store <16 x float> {{.*}} !nontemporal

func.func @training(%x: memref<16x64x64x64xf32>, %y: memref<16x64x64x64xf32>,
    %m: memref<64xf32>, %v: memref<64xf32>) {
  norm.batch_norm_training ins(%x : memref<16x64x64x64xf32>)
      outs(%y : memref<16x64x64x64xf32>) running(%m, %v : memref<64xf32>, memref<64xf32>)
      features = [1]
  return
}

func.func @group(%x: tensor<?x?x?x?xbf16>, %y: tensor<?x?x?x?xbf16>) -> tensor<?x?x?x?xbf16> {
  %0 = norm.group_norm ins(%x : tensor<?x?x?x?xbf16>) outs(%y : tensor<?x?x?x?xbf16>)
      channel = 3 num_groups = 4
  return %0 : tensor<?x?x?x?xbf16>
}
