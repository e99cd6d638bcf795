//===- GPUPipeline.cpp - from norm ops to GPU kernels -------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineRegistration.h"

#include "Norm/Affine/Passes.h"
#include "Norm/Conversion/Passes.h"
#include "Norm/GPU/Chip.h"
#include "Norm/GPU/Passes.h"
#include "Norm/Pipelines/Pipelines.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::norm;

static void addCleanup(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

static int64_t chooseTileBytes(const GPUPipelineOptions &options) {
  if (options.tileBytes >= 0)
    return options.tileBytes;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const std::string &chip : options.chips)
    least = std::min(least, getTileBytes(chip));
  return options.chips.empty() ? 0 : least;
}

static int64_t chooseClusterSize(const GPUPipelineOptions &options) {
  if (options.clusterSize != 0)
    return options.clusterSize;
  bool haveClusters = !options.chips.empty() &&
                      llvm::all_of(options.chips, [](const std::string &chip) {
                        return hasClusters(chip);
                      });
  return haveClusters ? kMaxClusterSize : 1;
}

static int64_t chooseAccessBytes(const GPUPipelineOptions &options) {
  if (options.accessBytes != 0)
    return options.accessBytes;
  int64_t least = kWideAccessBytes;
  for (const std::string &chip : options.chips)
    least = std::min(least, getAccessBytes(chip, options.features));
  return options.chips.empty() ? kAccessBytes : least;
}

/// How the first stages, which are those of the CPU, work for a GPU.
static void setSchedule(CPUPipelineOptions &schedule,
                        const GPUPipelineOptions &options) {
  schedule.minSlabs = options.minSlabs;
  // What does not fit there is read again, in strips if they are many.
  schedule.stripBytes = std::numeric_limits<int64_t>::max();
  schedule.slabBytes = chooseTileBytes(options);
  // The accesses of a thread that all chips have.
  schedule.lineBytes = kAccessBytes;
  schedule.slabParts = chooseClusterSize(options);
  schedule.partSize = options.partSize;
  // What one thread sums is not long.
  schedule.chunkSize = 32768;
  schedule.chunkRows = 64;
  schedule.rowMoments = false;
  schedule.fuse = options.fuse;
  schedule.mergeGathers = options.mergeGathers;
  schedule.checkShapes = options.checkShapes;
}

void norm::buildNormToBlocksStage(OpPassManager &pm,
                                  const GPUPipelineOptions &options) {
  CPUPipelineOptions schedule;
  setSchedule(schedule, options);
  buildNormToLinalgStage(pm, schedule);
  pm.addPass(createNormGPUStageTiles({chooseTileBytes(options)}));
  buildBufferizeStage(pm, schedule);
}

void norm::buildLaunchStage(OpPassManager &pm,
                            const GPUPipelineOptions &options) {
  pm.addPass(createNormLowerCopies());
  pm.addPass(createNormGPUCopyConstants());
  pm.addPass(createNormGPUFormClusters());
  NormGPULaunchOptions launch;
  if (options.blockSize != 0)
    launch.blockSize = options.blockSize;
  pm.addPass(createNormGPULaunch(launch));
  pm.addPass(createNormGPUSinkConstants());
  if (options.cooperative)
    pm.addPass(createNormGPUJoinKernels());
  if (options.blockSize == 0)
    pm.addPass(createNormGPUSizeBlocks());
  pm.addPass(createNormGPUJoinLoops());
  pm.addPass(
      createNormGPUDistribute({options.vectors, chooseAccessBytes(options)}));
  addCleanup(pm);
  pm.addPass(createNormAffineContract());
  pm.addPass(createNormAffineWidenBooleans());
  NormAffineVectorizeOptions vectorize;
  vectorize.marked = true;
  pm.addPass(createNormAffineVectorize(vectorize));
  addCleanup(pm);
}

void norm::buildLowerToGPUBinaryStage(OpPassManager &pm,
                                      const GPUPipelineOptions &options) {
  // What has no approximation of ours calls libdevice.
  pm.addPass(createNormApproximateMath({/*calls=*/false}));
  pm.addPass(createNormLowerExpandShapes());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createNormAffineInlineScopes());
  pm.addPass(createNormGPUAlignVectors());
  addCleanup(pm);
  pm.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addPass(createGpuKernelOutliningPass());
  addCleanup(pm);
  pm.addPass(createNormGPUMarkReadOnly());

  GpuNVVMAttachTargetOptions target;
  if (!options.chips.empty())
    target.chip = options.chips.front();
  target.optLevel = 3;
  pm.addPass(createGpuNVVMAttachTarget(target));
  OpPassManager &kernels = pm.nest<gpu::GPUModuleOp>();
  kernels.addPass(createSCFToControlFlowPass());
  kernels.addPass(createNormGPUMapPeers());
  kernels.addPass(createNormGPULowerGridBarriers());
  kernels.addPass(createNormGPULowerMath());
  kernels.addPass(createNormGPUAlignWorkgroup());
  kernels.addPass(createConvertGpuOpsToNVVMOps());
  kernels.addPass(createNormGPUDeclareWorkgroup());
  kernels.addPass(createNormGPUFreeRegisters());
  kernels.addPass(createNormGPUUnaliasReadOnly());
  addCleanup(kernels);
  kernels.addPass(createReconcileUnrealizedCastsPass());

  pm.addPass(createConvertDevicesToNormRuntime());
  pm.addPass(createConvertAssertToNormRuntime());
  pm.addPass(createSCFToControlFlowPass());
  FinalizeMemRefToLLVMConversionPassOptions finalize;
  finalize.useAlignedAlloc = true;
  finalize.useGenericFunctions = true;
  pm.addPass(createFinalizeMemRefToLLVMConversionPass(finalize));
  pm.addPass(createGpuToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  addCleanup(pm);
  if (options.format == "none")
    return;
  NormGPUEmbedKernelsOptions embed;
  embed.format = options.format;
  llvm::append_range(embed.chips, options.chips);
  embed.features = options.features;
  embed.toolkit = options.toolkit;
  embed.accessBytes = chooseAccessBytes(options);
  pm.addPass(createNormGPUEmbedKernels(embed));
}

void norm::buildLowerToNVVMPipeline(OpPassManager &pm,
                                    const GPUPipelineOptions &options) {
  buildNormToBlocksStage(pm, options);
  buildLaunchStage(pm, options);
  buildLowerToGPUBinaryStage(pm, options);
}

void norm::registerGPUPipelines() {
  PassPipelineRegistration<GPUPipelineOptions>(
      "norm-lower-to-nvvm-pipeline",
      "Lower norm ops to GPU kernels, and to host code that launches them",
      buildLowerToNVVMPipeline);
  PassPipelineRegistration<GPUPipelineOptions>(
      "norm-to-blocks-pipeline",
      "First stage: norm ops to linalg ops on memrefs, for thread blocks",
      buildNormToBlocksStage);
  PassPipelineRegistration<GPUPipelineOptions>(
      "norm-launch-pipeline",
      "Second stage: linalg ops to kernels, beside what launches them",
      buildLaunchStage);
  PassPipelineRegistration<GPUPipelineOptions>(
      "norm-lower-to-gpu-binary-pipeline",
      "Third stage: kernels to machine code, the rest to the LLVM dialect",
      buildLowerToGPUBinaryStage);
}

void norm::registerPipelines() {
  registerCPUPipelines();
  registerGPUPipelines();
}
