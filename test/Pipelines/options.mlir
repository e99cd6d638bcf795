// Every option of norm-lower-to-cpu-pipeline acts.

// DEFINE: %{options} =
// DEFINE: %{linalg} = norm-opt %s --norm-to-linalg-pipeline="%{options}"
// DEFINE: %{vector} = norm-opt %s --norm-to-linalg-pipeline --norm-bufferize-pipeline --norm-vectorize-pipeline="%{options}"
// DEFINE: %{both} = norm-opt %s --norm-to-linalg-pipeline="%{options}" --norm-bufferize-pipeline --norm-vectorize-pipeline="%{options}"
// DEFINE: %{llvm} = norm-opt %s --norm-lower-to-cpu-pipeline="%{options}"

// REDEFINE: %{options} = vector-bits=256
// RUN: %{vector} | FileCheck %s --check-prefix=BITS
// BITS-LABEL: func @rows(
// BITS:         vector<8xf32>
// BITS-NOT:     vector<16xf32>

// REDEFINE: %{options} = unroll=2
// RUN: %{vector} | FileCheck %s --check-prefix=UNROLL2
// REDEFINE: %{options} = unroll=4
// RUN: %{vector} | FileCheck %s --check-prefix=UNROLL4
// UNROLL2-LABEL: func @rows(
// UNROLL2:         affine.for {{.*}} step 32 iter_args(%{{[^,]*}}, %{{[^,]*}}) -> (vector<16xf32>, vector<16xf32>)
// UNROLL4-LABEL: func @rows(
// UNROLL4:         affine.for {{.*}} step 64 iter_args(%{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)

// REDEFINE: %{options} = outer-unroll=1
// RUN: %{vector} | FileCheck %s --check-prefix=OUTER1
// REDEFINE: %{options} = outer-unroll=4
// RUN: %{vector} | FileCheck %s --check-prefix=OUTER4
// OUTER1-LABEL: func @fast_columns(
// OUTER1:         affine.for {{.*}} = 0 to 256 iter_args(%{{[^,]*}}, %{{[^,]*}}) -> (vector<16xf32>, vector<16xf32>)
// OUTER4-LABEL: func @fast_columns(
// OUTER4:         affine.for {{.*}} = 0 to 256 iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)

// REDEFINE: %{options} = strip-bytes=16384
// RUN: %{linalg} | FileCheck %s --check-prefix=STRIPS
// REDEFINE: %{options} = strip-bytes=0
// RUN: %{linalg} | FileCheck %s --check-prefix=NOSTRIPS
// STRIPS-LABEL: func @wide(
// STRIPS:         scf.forall (%{{.*}}) = (0) to (512) step (64)
// NOSTRIPS-LABEL: func @wide(
// NOSTRIPS-NOT:     step (64)
// NOSTRIPS-LABEL: func @dynamic(

// REDEFINE: %{options} = stream-threshold=0 prefetch-slab=1000000000 prefetch-chunks=false prefetch-ahead=false
// RUN: %{vector} | FileCheck %s --check-prefix=PREFETCH
// REDEFINE: %{options} = stream-threshold=0 prefetch-slab=0 prefetch-chunks=false prefetch-ahead=false
// RUN: %{vector} | FileCheck %s --check-prefix=NOPREFETCH
// PREFETCH: prefetch
// NOPREFETCH-NOT: prefetch

// REDEFINE: %{options} = chunk-size=1024 stream-threshold=-1 prefetch-chunks=true prefetch-ahead=false
// RUN: %{llvm} | FileCheck %s --check-prefix=PREFETCH
// REDEFINE: %{options} = chunk-size=1024 stream-threshold=-1 prefetch-chunks=false prefetch-ahead=false
// RUN: %{llvm} | FileCheck %s --check-prefix=NOPREFETCH

// REDEFINE: %{options} = stream-threshold=0 prefetch-slab=0 prefetch-chunks=false prefetch-ahead=true
// RUN: %{vector} | FileCheck %s --check-prefix=PREFETCH

// REDEFINE: %{options} = strip-bytes=0 block-rows=7
// RUN: %{both} | FileCheck %s --check-prefix=BLOCK7
// REDEFINE: %{options} = strip-bytes=0 block-rows=0
// RUN: %{both} | FileCheck %s --check-prefix=BLOCK0
// BLOCK7-LABEL: func @gradient(
// BLOCK7:         affine.for %{{.*}} step 7
// BLOCK0-LABEL: func @gradient(
// BLOCK0-NOT:     step 7

// REDEFINE: %{options} = stack-bytes=250
// RUN: %{llvm} | FileCheck %s --check-prefix=STACK250
// REDEFINE: %{options} = stack-bytes=0
// RUN: %{llvm} | FileCheck %s --check-prefix=STACK0
// STACK250: llvm.alloca %{{.*}} x i8
// STACK0-NOT: llvm.alloca %{{.*}} x i8

// REDEFINE: %{options} = min-slabs=16
// RUN: %{linalg} | FileCheck %s --check-prefix=SLABS16
// REDEFINE: %{options} = min-slabs=17
// RUN: %{linalg} | FileCheck %s --check-prefix=SLABS17
// SLABS16-LABEL: func @rows(
// SLABS16:         scf.forall (%{{.*}}) in (16)
// SLABS17-LABEL: func @rows(
// SLABS17-NOT:     scf.forall (%{{.*}}) in (16)
// SLABS17-LABEL: func @columns(

// A few slabs are worked on as a whole if they are small.
// REDEFINE: %{options} = min-slabs=17 slab-bytes=1000000000
// RUN: %{linalg} | FileCheck %s --check-prefix=SLABS16

// Or if their parts are, for the blocks of a cluster.
// REDEFINE: %{options} = min-slabs=17 slab-bytes=17408 slab-parts=2
// RUN: %{linalg} | FileCheck %s --check-prefix=HALVES
// REDEFINE: %{options} = min-slabs=17 slab-bytes=17408
// RUN: %{linalg} | FileCheck %s --check-prefix=SLABS17
// HALVES-LABEL: func @rows(
// HALVES:         scf.forall (%{{.*}}) in (16)
// HALVES:           scf.forall (%{{.*}}) = (0) to (4) step (2)
// HALVES:           } {mapping = [#gpu.block<linear_dim_0>]}

// REDEFINE: %{options} = line-bytes=16
// RUN: %{linalg} | FileCheck %s --check-prefix=LINES16
// REDEFINE: %{options} = line-bytes=64
// RUN: %{linalg} | FileCheck %s --check-prefix=LINES64
// LINES16-LABEL: func @short(
// LINES16:         scf.forall (%{{.*}}) = (0) to (256) step (4)
// LINES16:           tensor<196xf32>
// LINES64-LABEL: func @short(
// LINES64:         scf.forall (%{{.*}}) = (0) to (256) step (16)
// LINES64:           tensor<784xf32>

// REDEFINE: %{options} = part-size=4096
// RUN: %{linalg} | FileCheck %s --check-prefix=PART4K
// REDEFINE: %{options} = part-size=8192
// RUN: %{linalg} | FileCheck %s --check-prefix=PART8K
// PART4K-LABEL: func @columns(
// PART4K:         scf.forall (%{{.*}}) = (0) to (4096) step (64)
// PART8K-LABEL: func @columns(
// PART8K:         scf.forall (%{{.*}}) = (0) to (4096) step (128)

// REDEFINE: %{options} = chunk-size=1024
// RUN: %{linalg} | FileCheck %s --check-prefix=CHUNK1K
// REDEFINE: %{options} = chunk-size=512
// RUN: %{linalg} | FileCheck %s --check-prefix=CHUNK512
// CHUNK1K-LABEL: func @rows(
// CHUNK1K:         tensor<1x1x1024xf32>
// CHUNK512-LABEL: func @rows(
// CHUNK512:         tensor<1x1x512xf32>

// REDEFINE: %{options} = chunk-rows=32 chunk-size=64
// RUN: %{linalg} | FileCheck %s --check-prefix=ROWS128
// ROWS128-LABEL: func @columns(
// ROWS128:         tensor<128x64xf32>

// REDEFINE: %{options} = stream-threshold=0
// RUN: %{vector} | FileCheck %s --check-prefix=STREAM
// REDEFINE: %{options} = stream-threshold=-1
// RUN: %{vector} | FileCheck %s --check-prefix=NOSTREAM
// REDEFINE: %{options} = stream-threshold=1000000000
// RUN: %{vector} | FileCheck %s --check-prefix=NOSTREAM
// STREAM-LABEL: func @rows(
// STREAM:         nontemporal = true
// NOSTREAM-LABEL: func @rows(
// NOSTREAM-NOT:     nontemporal
// NOSTREAM-LABEL: func @columns(
// NOSTREAM-NOT:     nontemporal
// NOSTREAM-LABEL: func @dynamic(

// REDEFINE: %{options} = prefetch-slab=1000
// RUN: %{vector} | FileCheck %s --check-prefix=BACK
// REDEFINE: %{options} = prefetch-slab=1000 read-backwards=false
// RUN: %{vector} | FileCheck %s --check-prefix=NOBACK
// REDEFINE: %{options} = prefetch-slab=1000000000
// RUN: %{vector} | FileCheck %s --check-prefix=NOBACK
// BACK-LABEL: func @rows(
// BACK:         affine.vector_load %subview{{[_0-9]*}}[-%{{.*}} + 3, 0, %
// NOBACK-LABEL: func @rows(
// NOBACK-NOT:     [-%{{.*}} + 3,
// NOBACK-LABEL: func @columns(

// REDEFINE: %{options} = stream-threshold=0
// RUN: %{vector} | FileCheck %s --check-prefix=ALIGN
// REDEFINE: %{options} = stream-threshold=0 align-rows=-1
// RUN: %{vector} | FileCheck %s --check-prefix=NOALIGN
// REDEFINE: %{options} = stream-threshold=-1
// RUN: %{vector} | FileCheck %s --check-prefix=NOALIGN
// ALIGN-LABEL: func @uneven(
// ALIGN:         memref.subview %{{.*}} : memref<1x625xf32, {{.*}}> to memref<1x?xf32,
// NOALIGN-LABEL: func @uneven(
// NOALIGN-NOT:     memref<1x?xf32

// REDEFINE: %{options} = print-schedule=true
// RUN: %{linalg} 2>&1 | FileCheck %s --check-prefix=SCHEDULE
// REDEFINE: %{options} = print-schedule=false
// RUN: %{linalg} 2>&1 | FileCheck %s --check-prefix=SILENT
// SCHEDULE: remark: schedule: 16 slabs
// SILENT-NOT: remark

// REDEFINE: %{options} = check-shapes=true
// RUN: %{linalg} | FileCheck %s --check-prefix=CHECKED
// REDEFINE: %{options} = check-shapes=false
// RUN: %{linalg} | FileCheck %s --check-prefix=UNCHECKED
// CHECKED: cf.assert
// UNCHECKED-NOT: cf.assert

// REDEFINE: %{options} = parallel=true
// RUN: %{llvm} | FileCheck %s --check-prefix=PARALLEL
// REDEFINE: %{options} = parallel=false
// RUN: %{llvm} | FileCheck %s --check-prefix=SEQUENTIAL
// PARALLEL: omp.parallel
// SEQUENTIAL-NOT: omp.

// A sequential loop does not grow the stack, either.
// RUN: %{llvm} | FileCheck %s --check-prefix=HOISTED
// HOISTED-LABEL: llvm.func @dynamic(
// HOISTED:         llvm.alloca
// HOISTED:       ^bb1
// HOISTED-NOT:     llvm.alloca
// HOISTED-LABEL: llvm.func @halves(

// Of 1 MiB, input and output together, and of a dynamic size.
// REDEFINE: %{options} = parallel-bytes=1048576
// RUN: %{llvm} | FileCheck %s --check-prefix=BYTES1M
// REDEFINE: %{options} = parallel-bytes=1048577
// RUN: %{llvm} | FileCheck %s --check-prefix=MOREBYTES
// BYTES1M-LABEL: llvm.func @rows(
// BYTES1M:         omp.parallel {
// BYTES1M-LABEL: llvm.func @dynamic(
// BYTES1M:         omp.parallel if(
// MOREBYTES-LABEL: llvm.func @rows(
// MOREBYTES-NOT:     omp.parallel
// MOREBYTES-LABEL: llvm.func @columns(

// REDEFINE: %{options} = expand-bf16=true
// RUN: %{llvm} | FileCheck %s --check-prefix=EXPAND
// REDEFINE: %{options} = expand-bf16=false
// RUN: %{llvm} | FileCheck %s --check-prefix=NOEXPAND
// EXPAND-NOT: llvm.fptrunc {{.*}}bf16
// EXPAND-NOT: llvm.fpext {{.*}}bf16
// NOEXPAND: llvm.fptrunc {{.*}}bf16

// REDEFINE: %{options} = expand-f16=true
// RUN: %{llvm} | FileCheck %s --check-prefix=EXPANDF16
// REDEFINE: %{options} = expand-f16=false
// RUN: %{llvm} | FileCheck %s --check-prefix=NOEXPANDF16
// EXPANDF16-NOT: llvm.fptrunc {{.*}}f16>
// EXPANDF16: llvm.fptrunc {{.*}}bf16
// NOEXPANDF16-LABEL: llvm.func @halves(
// NOEXPANDF16: llvm.fpext {{.*}}f16> to
// NOEXPANDF16: llvm.fptrunc {{.*}} to vector<16xf16>

// REDEFINE: %{options} = fma=true
// RUN: %{llvm} | FileCheck %s --check-prefix=FUSED
// REDEFINE: %{options} = fma=false
// RUN: %{llvm} | FileCheck %s --check-prefix=UNFUSED
// FUSED: llvm.intr.fma
// UNFUSED-NOT: llvm.intr.fma

// REDEFINE: %{options} = generic-allocation=true stack-bytes=0
// RUN: %{llvm} | FileCheck %s --check-prefix=GENERIC --implicit-check-not="{{@(malloc|aligned_alloc|free)[(]}}"
// REDEFINE: %{options} = generic-allocation=false stack-bytes=0
// RUN: %{llvm} | FileCheck %s --check-prefix=CLIBRARY --implicit-check-not=_mlir_memref
// GENERIC-LABEL: llvm.func @dynamic(
// GENERIC:         %[[ALIGNMENT:.*]] = llvm.mlir.constant(64 : index) : i64
// GENERIC:         %[[DATA:.*]] = llvm.call @_mlir_memref_to_llvm_aligned_alloc(%[[ALIGNMENT]], %{{.*}}) : (i64, i64) -> !llvm.ptr
// GENERIC:         llvm.call @_mlir_memref_to_llvm_free(%[[DATA]]) : (!llvm.ptr) -> ()
// CLIBRARY-LABEL: llvm.func @dynamic(
// CLIBRARY:         %[[DATA:.*]] = llvm.call @malloc(%{{.*}}) : (i64) -> !llvm.ptr
// CLIBRARY:         llvm.call @free(%[[DATA]]) : (!llvm.ptr) -> ()

// Options that make no sense.
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=vector-bits=0 2>&1 | FileCheck %s --check-prefix=BAD
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=unroll=0 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: error: expected unroll and outer-unroll to be at least 1 and vector-bits to be at least 16, but got
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=min-slabs=0 2>&1 | FileCheck %s --check-prefix=SLABS0
// SLABS0: error: expected min-slabs to be at least 1, but got 0
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=part-size=-5 2>&1 | FileCheck %s --check-prefix=PART0
// PART0: error: expected part-size to be at least 1, but got -5
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=chunk-size=0 2>&1 | FileCheck %s --check-prefix=CHUNK0
// CHUNK0: error: expected chunk-size to be at least 1, but got 0
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=chunk-rows=-1 2>&1 | FileCheck %s --check-prefix=ROWS0
// ROWS0: error: expected chunk-rows to be at least 1, but got -1
// RUN: not norm-opt %s --norm-lower-to-cpu-pipeline=no-such-option=1 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: no such option no-such-option

func.func @rows(%x: memref<4x16x2048xf32>, %y: memref<4x16x2048xf32>) {
  norm.batch_norm_training ins(%x : memref<4x16x2048xf32>)
      outs(%y : memref<4x16x2048xf32>) features = [1]
  return
}

func.func @columns(%x: memref<4096x64xf32>, %y: memref<4096x64xbf16>) {
  norm.batch_norm_training ins(%x : memref<4096x64xf32>)
      outs(%y : memref<4096x64xbf16>) features = [1]
  return
}

func.func @fast_columns(%x: memref<4096x64xf32>, %y: memref<4096x64xbf16>) {
  norm.batch_norm_training ins(%x : memref<4096x64xf32>)
      outs(%y : memref<4096x64xbf16>) features = [1] variance = fast
  return
}

func.func @wide(%x: memref<64x512xf32>, %y: memref<64x512xbf16>) {
  norm.batch_norm_training ins(%x : memref<64x512xf32>)
      outs(%y : memref<64x512xbf16>) features = [1]
  return
}

func.func @dynamic(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  norm.batch_norm_training ins(%x : memref<?x?xf32>)
      outs(%y : memref<?x?xf32>) features = [1]
  return
}

func.func @halves(%x: memref<4x16x2048xf16>, %y: memref<4x16x2048xf16>) {
  norm.batch_norm_training ins(%x : memref<4x16x2048xf16>)
      outs(%y : memref<4x16x2048xf16>) features = [1]
  return
}

func.func @short(%x: memref<8x256x49xf32>, %y: memref<8x256x49xf32>) {
  norm.batch_norm_training ins(%x : memref<8x256x49xf32>)
      outs(%y : memref<8x256x49xf32>) features = [1]
  return
}

func.func @gradient(%d: memref<64x512xf32>, %x: memref<64x512xf32>, %m: memref<512xf32>, %h: memref<64x512xf32>) {
  norm.batch_norm_grad ins(%d, %x : memref<64x512xf32>, memref<64x512xf32>)
      mean(%m : memref<512xf32>) variance(%m : memref<512xf32>)
      outs(%h : memref<64x512xf32>) features = [1]
  return
}

func.func @uneven(%x: memref<64x625xf32>, %y: memref<64x625xf32>) {
  norm.layer_norm ins(%x : memref<64x625xf32>)
      outs(%y : memref<64x625xf32>) axes = [1]
  return
}
