//===- Pipelines.h - pipelines from norm ops to machine code ----*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_PIPELINES_PIPELINES_H
#define NORM_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::norm {

/// Options of `norm-lower-to-cpu-pipeline`. The defaults fit a core with
/// 512-bit vectors, 32 KiB or more of first and 1 MiB of second cache.
struct CPUPipelineOptions : public PassPipelineOptions<CPUPipelineOptions> {
  Option<unsigned> vectorBits{
      *this, "vector-bits",
      llvm::cl::desc("The width of a vector register in bits"),
      llvm::cl::init(512)};
  Option<unsigned> unroll{
      *this, "unroll",
      llvm::cl::desc("The number of independent vectors in an innermost loop"),
      llvm::cl::init(4)};
  Option<unsigned> outerUnroll{
      *this, "outer-unroll",
      llvm::cl::desc("The number of vectors, at most, of a row that an inner "
                     "loop over rows takes at once"),
      llvm::cl::init(20)};
  Option<int64_t> minSlabs{
      *this, "min-slabs",
      llvm::cl::desc("The number of slabs from which on they are worked on in "
                     "parallel, each as a whole"),
      llvm::cl::init(8)};
  Option<int64_t> stripBytes{
      *this, "strip-bytes",
      llvm::cl::desc(
          "The bytes of the input in a strip of columns, at most; 0: none"),
      llvm::cl::init(1572864)};
  Option<int64_t> slabBytes{
      *this, "slab-bytes",
      llvm::cl::desc("The bytes of a slab, in all large inputs, up to which "
                     "slabs are worked on in parallel however few they are"),
      llvm::cl::init(0)};
  Option<int64_t> lineBytes{
      *this, "line-bytes",
      llvm::cl::desc(
          "What the bytes of rows should be a multiple of, for stores"),
      llvm::cl::init(64)};
  Option<int64_t> slabParts{
      *this, "slab-parts",
      llvm::cl::desc("The number of parts of slab-bytes, at most, that a slab "
                     "is split into, for the blocks of a cluster of a GPU"),
      llvm::cl::init(1)};
  Option<int64_t> partSize{
      *this, "part-size",
      llvm::cl::desc("The number of elements, about, that one iteration of a "
                     "parallel loop over parts works on"),
      llvm::cl::init(131072)};
  Option<int64_t> chunkSize{
      *this, "chunk-size",
      llvm::cl::desc("The number of elements, at most, that are summed in the "
                     "accumulator type"),
      llvm::cl::init(8192)};
  Option<int64_t> chunkRows{
      *this, "chunk-rows",
      llvm::cl::desc("The number of rows of innermost features, at least, in "
                     "such a chunk; at most, it has four times as many"),
      llvm::cl::init(64)};
  Option<bool> rowMoments{
      *this, "row-moments",
      llvm::cl::desc("Take moments of rows in one pass, one row after the "
                     "other"),
      llvm::cl::init(true)};
  Option<int64_t> streamThreshold{
      *this, "stream-threshold",
      llvm::cl::desc("The size of an output in bytes from which on it is "
                     "written around the caches; negative for never"),
      llvm::cl::init(8 << 20)};
  Option<bool> readBackwards{
      *this, "read-backwards",
      llvm::cl::desc("Read slabs that are too large to prefetch the next one "
                     "from their end when they are read again"),
      llvm::cl::init(true)};
  Option<int64_t> alignRows{
      *this, "align-rows",
      llvm::cl::desc("The size of a row in bytes from which on what is written "
                     "around the caches begins at a cache line; negative for "
                     "never"),
      llvm::cl::init(1024)};
  Option<bool> prefetchChunks{
      *this, "prefetch-chunks",
      llvm::cl::desc("Prefetch the next chunk while one is read twice"),
      llvm::cl::init(true)};
  Option<int64_t> blockRows{
      *this, "block-rows",
      llvm::cl::desc("The number of rows that sums of columns read at a time; "
                     "0: all"),
      llvm::cl::init(4)};
  Option<bool> prefetchAhead{
      *this, "prefetch-ahead",
      llvm::cl::desc(
          "Prefetch what sums of columns read, and what is read once "
          "to write around the caches"),
      llvm::cl::init(true)};
  Option<int64_t> prefetchSlab{
      *this, "prefetch-slab",
      llvm::cl::desc("The size of a slab in bytes up to which the next one is "
                     "prefetched while this one is written; 0 for never"),
      llvm::cl::init(4 << 20)};
  Option<bool> printSchedule{
      *this, "print-schedule",
      llvm::cl::desc("Tell how layers are worked on, and what memory moves"),
      llvm::cl::init(false)};
  Option<bool> fuse{
      *this, "fuse",
      llvm::cl::desc("Fuse elementwise ops around layers into their loops"),
      llvm::cl::init(true)};
  Option<bool> mergeGathers{
      *this, "merge-gathers",
      llvm::cl::desc("Send in one message what several layers of a function "
                     "gather from other devices, and compile each of these "
                     "layers by itself"),
      llvm::cl::init(false)};
  Option<bool> checkShapes{*this, "check-shapes",
                           llvm::cl::desc("Check dynamic sizes at run time"),
                           llvm::cl::init(true)};
  Option<bool> parallel{*this, "parallel",
                        llvm::cl::desc("Run parallel loops on OpenMP threads"),
                        llvm::cl::init(true)};
  Option<int64_t> stackBytes{
      *this, "stack-bytes",
      llvm::cl::desc("The size in bytes up to which a buffer is on the stack; "
                     "0 for none"),
      llvm::cl::init(8192)};
  Option<int64_t> parallelBytes{
      *this, "parallel-bytes",
      llvm::cl::desc(
          "The size in bytes of the memory that a loop works on, from "
          "which on several threads do"),
      llvm::cl::init(1 << 20)};
  Option<bool> fma{*this, "fma",
                   llvm::cl::desc("Fuse a product and a sum; false for "
                                  "processors without an instruction for it"),
                   llvm::cl::init(true)};
  Option<bool> expandF16{
      *this, "expand-f16",
      llvm::cl::desc("Convert f16 by integer arithmetic, for processors "
                     "without an instruction for it"),
      llvm::cl::init(false)};
  Option<bool> expandBF16{
      *this, "expand-bf16",
      llvm::cl::desc("Convert bf16 by integer arithmetic, for processors "
                     "without an instruction for it"),
      llvm::cl::init(false)};
  Option<bool> genericAllocation{
      *this, "generic-allocation",
      llvm::cl::desc("Allocate by functions of the embedder, "
                     "_mlir_memref_to_llvm_aligned_alloc and "
                     "_mlir_memref_to_llvm_free, instead of malloc and free"),
      llvm::cl::init(false)};
};

/// Options of `norm-lower-to-nvvm-pipeline`.
struct GPUPipelineOptions : public PassPipelineOptions<GPUPipelineOptions> {
  Option<int64_t> blockSize{
      *this, "block-size",
      llvm::cl::desc("The number of threads of a block, a power of two; 0: as "
                     "many as its work needs, 64 to 256"),
      llvm::cl::init(0)};
  Option<int64_t> minSlabs{
      *this, "min-slabs",
      llvm::cl::desc("The number of slabs from which on each is worked on by "
                     "one block, even if it does not fit tile-bytes"),
      llvm::cl::init(1024)};
  Option<int64_t> tileBytes{
      *this, "tile-bytes",
      llvm::cl::desc("The bytes of workgroup memory of a block, at most, for "
                     "what it reads again; negative: what the chip has"),
      llvm::cl::init(-1)};
  Option<int64_t> clusterSize{
      *this, "cluster-size",
      llvm::cl::desc("The number of blocks, at most, that work on a slab "
                     "together, each on a part that fits tile-bytes: 1, 2, 4 "
                     "or 8; 0: 8 if all chips have clusters, else 1"),
      llvm::cl::init(0)};
  Option<int64_t> partSize{
      *this, "part-size",
      llvm::cl::desc("The number of elements, about, that one block works on "
                     "where slabs are parted"),
      llvm::cl::init(8192)};
  Option<bool> cooperative{
      *this, "cooperative",
      llvm::cl::desc("Join kernels that follow each other to one, whose blocks "
                     "run together and wait for each other in between"),
      llvm::cl::init(false)};
  Option<bool> fuse{
      *this, "fuse",
      llvm::cl::desc("Fuse elementwise ops around layers into their loops"),
      llvm::cl::init(true)};
  Option<bool> mergeGathers{
      *this, "merge-gathers",
      llvm::cl::desc("Send in one message what several layers of a function "
                     "gather from other devices"),
      llvm::cl::init(false)};
  Option<bool> checkShapes{*this, "check-shapes",
                           llvm::cl::desc("Check dynamic sizes at run time"),
                           llvm::cl::init(true)};
  Option<bool> vectors{
      *this, "vectors",
      llvm::cl::desc("Let threads take several elements at once, where they "
                     "are aligned"),
      llvm::cl::init(true)};
  Option<int64_t> accessBytes{
      *this, "access-bytes",
      llvm::cl::desc("The bytes, at most, that a thread takes at once: 16 or "
                     "32; 0: 32 if all chips have such accesses, else 16"),
      llvm::cl::init(0)};
  ListOption<std::string> chips{
      *this, "chip", llvm::cl::desc("The GPUs that kernels are compiled for"),
      llvm::cl::list_init<std::string>({"sm_80", "sm_90", "sm_100", "sm_120"})};
  Option<std::string> features{
      *this, "features",
      llvm::cl::desc("Features of PTX, as LLVM names them, such as +ptx86")};
  Option<std::string> toolkit{
      *this, "toolkit",
      llvm::cl::desc("The folder of the CUDA toolkit whose ptxas and fatbinary "
                     "make machine code; by default, one that is found")};
  Option<std::string> format{
      *this, "format",
      llvm::cl::desc("What kernels become: none leaves them in the NVVM "
                     "dialect; bitcode: LLVM's, for the emulator; isa: PTX "
                     "for the newest chip; bin: a cubin, for one chip; fatbin: "
                     "cubins for all and PTX for the newest"),
      llvm::cl::init("fatbin")};
};

/// The stages of `norm-lower-to-cpu-pipeline`, each of which leaves IR that the
/// next one takes.

/// Norm ops to linalg ops on tensors, in parallel and in chunks.
void buildNormToLinalgStage(OpPassManager &pm,
                            const CPUPipelineOptions &options);
/// Tensors to memrefs.
void buildBufferizeStage(OpPassManager &pm, const CPUPipelineOptions &options);
/// Linalg ops to vectorized affine loops.
void buildVectorizeStage(OpPassManager &pm, const CPUPipelineOptions &options);
/// Everything to the LLVM dialect, parallel loops through OpenMP.
void buildLowerToLLVMStage(OpPassManager &pm,
                           const CPUPipelineOptions &options);

/// All stages, from any of these levels down to the LLVM dialect.
void buildLowerToCPUPipeline(OpPassManager &pm,
                             const CPUPipelineOptions &options);

/// The stages of `norm-lower-to-nvvm-pipeline`.

/// Norm ops to linalg ops on memrefs, in parallel.
void buildNormToBlocksStage(OpPassManager &pm,
                            const GPUPipelineOptions &options);
/// Linalg ops to kernels, still in the function that launches them.
void buildLaunchStage(OpPassManager &pm, const GPUPipelineOptions &options);
/// Kernels to NVVM, and the host's code to the LLVM dialect.
void buildLowerToGPUBinaryStage(OpPassManager &pm,
                                const GPUPipelineOptions &options);

/// All stages, from any of these levels down to the LLVM dialect.
void buildLowerToNVVMPipeline(OpPassManager &pm,
                              const GPUPipelineOptions &options);

/// Registers the upstream dialects that the pipelines go through, and the
/// interfaces that they need of them.
void registerPipelineDependencies(DialectRegistry &registry);

/// Registers `norm-lower-to-cpu-pipeline`, `norm-lower-to-nvvm-pipeline` and a
/// pipeline for each stage of them.
void registerPipelines();

} // namespace mlir::norm

#endif // NORM_PIPELINES_PIPELINES_H
