//===- CPUPipeline.cpp - from norm ops to CPU code ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineRegistration.h"

#include "Norm/Affine/Passes.h"
#include "Norm/Conversion/Passes.h"
#include "Norm/Pipelines/Pipelines.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::norm;

static void addCleanup(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void norm::buildNormToLinalgStage(OpPassManager &pm,
                                  const CPUPipelineOptions &options) {
  pm.addPass(createNormExportFunctions());
  pm.addPass(createNormTensorize());
  pm.addPass(createConvertShardToNorm());
  if (options.checkShapes)
    pm.addPass(createNormCheckShapes());
  pm.addPass(createConvertElementwiseToLinalgPass());
  pm.addPass(createNormRefineShapes());
  pm.addPass(createNormExpandLengths());
  pm.addPass(createNormCollapseAxes());
  addCleanup(pm);
  if (options.fuse) {
    pm.addPass(createNormGatherElementwise());
    addCleanup(pm);
  }
  pm.addPass(createNormOutline({/*keepDevices=*/options.mergeGathers}));
  pm.addPass(createNormSplitGradients());
  if (options.printSchedule)
    pm.addPass(createNormPrintSchedule({options.minSlabs, options.stripBytes,
                                        options.slabBytes, options.lineBytes,
                                        options.prefetchSlab}));
  pm.addPass(
      createNormTile({options.minSlabs, options.stripBytes, options.slabBytes,
                      options.lineBytes, options.slabParts}));
  pm.addPass(createNormDecompose());
  if (options.mergeGathers)
    pm.addPass(createNormMergeGathers());
  pm.addPass(createNormPackGathers());
  pm.addPass(createNormFoldCoefficients());
  if (options.slabParts != 1)
    pm.addPass(createNormSplitSlabs({options.slabBytes, options.slabParts}));
  pm.addPass(createNormJoinRows({options.lineBytes}));
  pm.addPass(createNormParallelize({options.partSize}));
  addCleanup(pm);
  pm.addPass(createNormChunk({options.chunkSize, options.chunkRows}));
  pm.addPass(createConvertNormToLinalg({options.rowMoments}));
  addCleanup(pm);
  if (options.fuse) {
    pm.addPass(createNormFuseElementwise({options.partSize}));
    addCleanup(pm);
  }
}

void norm::buildBufferizeStage(OpPassManager &pm,
                               const CPUPipelineOptions &options) {
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  // A loop may carry the result of an op in it.
  bufferize.allowReturnAllocsFromLoops = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(createNormSplitFills());
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  // Functions of norm-outline write where their callers tell them to.
  pm.addPass(bufferization::createDropEquivalentBufferResultsPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(bufferization::createBufferLoopHoistingPass());
  pm.addNestedPass<func::FuncOp>(
      bufferization::createPromoteBuffersToStackPass());
  bufferization::BufferDeallocationPipelineOptions deallocation;
  bufferization::buildBufferDeallocationPipeline(pm, deallocation);
  pm.addPass(createConvertBufferizationToMemRefPass());
  addCleanup(pm);
}

void norm::buildVectorizeStage(OpPassManager &pm,
                               const CPUPipelineOptions &options) {
  pm.addPass(createNormSerialize({options.parallelBytes}));
  pm.addNestedPass<func::FuncOp>(createForallToParallelLoopPass());
  pm.addPass(createNormLowerCopies());
  pm.addPass(createNormAffineLowerLinalg());
  addCleanup(pm);
  pm.addPass(createNormAffineBlockRows({options.blockRows}));
  pm.addPass(createNormAffinePromoteAccumulators());
  pm.addNestedPass<func::FuncOp>(
      affine::createAffineLoopInvariantCodeMotionPass());
  if (options.fma)
    pm.addPass(createNormAffineContract());
  pm.addPass(createNormAffineWidenBooleans());
  if (options.readBackwards)
    pm.addPass(createNormAffineReadBackwards({options.prefetchSlab}));
  if (options.alignRows >= 0 && options.streamThreshold >= 0)
    pm.addPass(createNormAffineAlignRows(
        {options.streamThreshold, options.alignRows}));
  NormAffineVectorizeOptions vectorize;
  vectorize.vectorBits = options.vectorBits;
  vectorize.unroll = options.unroll;
  vectorize.outerUnroll = options.outerUnroll;
  pm.addPass(createNormAffineVectorize(vectorize));
  if (options.prefetchChunks)
    pm.addPass(createNormAffinePrefetchChunks());
  if (options.streamThreshold >= 0) {
    NormAffineStreamStoresOptions stream;
    stream.threshold = options.streamThreshold;
    stream.fence = false;
    pm.addPass(createNormAffineStreamStores(stream));
    pm.addPass(createNormAffinePrefetchNext({options.prefetchSlab}));
  }
  if (options.prefetchAhead)
    pm.addPass(createNormAffinePrefetchAhead());
  addCleanup(pm);
}

void norm::buildLowerToLLVMStage(OpPassManager &pm,
                                 const CPUPipelineOptions &options) {
  NormPromoteSmallBuffersOptions promote;
  promote.maxBytes = options.stackBytes;
  pm.addPass(createNormPromoteSmallBuffers(promote));
  pm.addPass(createNormApproximateMath());
  // Polynomials have them.
  if (!options.fma)
    pm.addPass(math::createMathExpandOpsPass({{"fma"}}));
  pm.addPass(createNormLowerExpandShapes());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createNormAffineInlineScopes());
  pm.addPass(createConvertDevicesToNormRuntime());
  pm.addPass(createConvertAssertToNormRuntime());
  if (options.parallel) {
    pm.addPass(createConvertSCFToOpenMPPass());
    pm.addPass(createNormSerialize({options.parallelBytes}));
  } else {
    // Or allocas would stay in them.
    pm.addPass(createParallelForToNestedForsPass());
  }
  pm.addPass(createNormFenceStreams());
  // The conversion to cf does not take scopes of allocas.
  pm.addPass(createNormHoistAllocas());
  pm.addPass(createCanonicalizerPass());
  if (options.expandF16 || options.expandBF16)
    pm.addPass(
        createNormExpandNarrowFloats({options.expandF16, options.expandBF16}));
  pm.addPass(createSCFToControlFlowPass());
  // Vectors take steps that the conversion of all dialects together lacks.
  pm.addPass(createConvertVectorToLLVMPass());
  if (options.genericAllocation) {
    FinalizeMemRefToLLVMConversionPassOptions finalize;
    finalize.useAlignedAlloc = true;
    finalize.useGenericFunctions = true;
    pm.addPass(createFinalizeMemRefToLLVMConversionPass(finalize));
  }
  pm.addPass(createConvertToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createNormMaskIntegers());
  addCleanup(pm);
}

void norm::buildLowerToCPUPipeline(OpPassManager &pm,
                                   const CPUPipelineOptions &options) {
  buildNormToLinalgStage(pm, options);
  buildBufferizeStage(pm, options);
  buildVectorizeStage(pm, options);
  buildLowerToLLVMStage(pm, options);
}

void norm::registerCPUPipelines() {
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-lower-to-cpu-pipeline",
      "Lower norm ops to vectorized, OpenMP-threaded code in the LLVM dialect",
      buildLowerToCPUPipeline);
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-to-linalg-pipeline",
      "First stage: norm ops to linalg ops on tensors", buildNormToLinalgStage);
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-bufferize-pipeline", "Second stage: tensors to memrefs",
      buildBufferizeStage);
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-vectorize-pipeline",
      "Third stage: linalg ops to vectorized affine loops",
      buildVectorizeStage);
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-lower-to-llvm-pipeline",
      "Fourth stage: everything to the LLVM dialect", buildLowerToLLVMStage);
}
