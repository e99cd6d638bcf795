//===- Launch.cpp - parallel loops to kernels -----------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's gpu-map-parallel-loops and convert-parallel-loops-to-gpu map
// perfectly nested loops; they do not take a block with several steps that all
// its threads work on.
//
//===----------------------------------------------------------------------===//

#include "../Affine/AccessUtils.h"
#include "HostMemory.h"
#include "LaunchMemory.h"
#include "Norm/GPU/Passes.h"
#include "Parts.h"
#include "ThreadMemory.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPULAUNCH
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Returns true if `op`, without its regions, reads or writes memory that was
/// allocated before.
static bool touchesMemory(Operation *op) {
  if (isa<memref::AllocOp, memref::AllocaOp, memref::DeallocOp>(op) ||
      isMemoryEffectFree(op))
    return false;
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return !isHostMemory(load.getMemRef());
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return !isHostMemory(store.getMemRef());
  return isa<linalg::LinalgOp>(op);
}

/// Returns true if the whole of `op` is for the device.
static bool isForDevice(Operation *op) {
  if (touchesMemory(op))
    return true;
  if (!isa<scf::ForOp, scf::IfOp, scf::WhileOp>(op) || op->getNumResults() != 0)
    return false;
  bool hasBlocks = false, hasWork = false;
  op->walk([&](Operation *inner) {
    hasBlocks |= isa<scf::ForallOp, func::CallOp>(inner);
    hasWork |= touchesMemory(inner);
  });
  return hasWork && !hasBlocks;
}

namespace {
struct Launch : public norm::impl::NormGPULaunchBase<Launch> {
  using NormGPULaunchBase::NormGPULaunchBase;

  void runOnOperation() override {
    if (blockSize < 32 || blockSize > 1024 || !llvm::isPowerOf2_64(blockSize)) {
      getOperation()->emitError("expected block-size to be a power of two "
                                "from 32 to 1024, but got ")
          << blockSize.getValue();
      return signalPassFailure();
    }
    IRRewriter rewriter(&getContext());
    numKernels.clear();
    wentBackwards.clear();
    getOperation()->walk([&](memref::CopyOp op) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<linalg::CopyOp>(op, op.getSource(),
                                                  op.getTarget());
    });
    if (failed(resolveSizes()))
      return signalPassFailure();
    SmallVector<Region *> regions;
    getOperation()->walk([&](FunctionOpInterface function) {
      if (function.isExternal())
        return;
      placeHostMemory(function, rewriter);
      regions.push_back(&function.getFunctionBody());
    });
    for (Region *region : regions)
      for (Block &block : *region)
        if (failed(launchBlock(block, rewriter)))
          return signalPassFailure();
  }

  /// Takes sizes from where views got them, so that the host knows them.
  LogicalResult resolveSizes() {
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    memref::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  /// Puts what `block`, of the host, does on memory into kernels.
  LogicalResult launchBlock(Block &block, IRRewriter &rewriter) {
    SmallVector<Operation *> ops =
        llvm::map_to_vector(block, [](Operation &op) { return &op; });
    gpu::LaunchOp shared;
    for (Operation *op : ops) {
      if (auto forall = dyn_cast<scf::ForallOp>(op)) {
        shared = nullptr;
        if (failed(launchForall(forall, rewriter)))
          return failure();
        continue;
      }
      if (isa<gpu::LaunchOp>(op)) {
        shared = nullptr;
        continue;
      }
      if (isForDevice(op)) {
        if (llvm::any_of(op->getResults(),
                         [](Value value) { return !value.use_empty(); }) &&
            !areUsesForDevice(op))
          return op->emitOpError("expected a value that the host does not "
                                 "need, but got one that it uses");
        // What is between them is pure, or allocates, and may go first.
        if (!shared)
          shared = createLaunch(rewriter, op->getLoc(), op,
                                rewriter.getIndexAttr(1));
        else
          shared->moveBefore(op);
        rewriter.moveOpBefore(op, shared.getBody().front().getTerminator());
        continue;
      }
      if (op->getNumRegions() != 0 || !isMemoryEffectFree(op))
        if (!isa<memref::AllocOp>(op))
          shared = nullptr;
      for (Region &region : op->getRegions())
        for (Block &inner : region)
          if (failed(launchBlock(inner, rewriter)))
            return failure();
    }
    return success();
  }

  /// Returns true if only ops of the device use what `op` loads.
  static bool areUsesForDevice(Operation *op) {
    return llvm::all_of(op->getUsers(), isForDevice);
  }

  /// The number of kernels so far of each function.
  DenseMap<Operation *, unsigned> numKernels;

  gpu::LaunchOp createLaunch(IRRewriter &rewriter, Location loc,
                             Operation *before, OpFoldResult blocks,
                             Value clusterSize = Value()) {
    rewriter.setInsertionPoint(before);
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    Value size = arith::ConstantIndexOp::create(rewriter, loc, blockSize);
    Value grid = getValueOrCreateConstantIndexOp(rewriter, loc, blocks);
    Value clusterOne = clusterSize ? one : Value();
    auto launch = gpu::LaunchOp::create(
        rewriter, loc, grid, one, one, size, one, one,
        /*dynamicSharedMemorySize=*/Value(), /*asyncTokenType=*/Type(),
        /*asyncDependencies=*/{}, /*workgroupAttributions=*/{},
        /*privateAttributions=*/{}, clusterSize, clusterOne, clusterOne);
    // Upstream's builder leaves out the arguments for clusters.
    if (clusterSize)
      for (int i = 0; i < 6; ++i)
        launch.getBody().addArgument(rewriter.getIndexType(), loc);
    launch->setAttr(kBlockAttrName, rewriter.getUnitAttr());
    // One module, with names that tell where kernels come from.
    auto function = before->getParentOfType<FunctionOpInterface>();
    launch.setModule("norm_kernels");
    launch.setFunction(function.getName().str() + "_" +
                       std::to_string(numKernels[function]++));
    rewriter.setInsertionPointToEnd(&launch.getBody().front());
    gpu::TerminatorOp::create(rewriter, loc);
    return launch;
  }

  /// Whether the last kernel that read a buffer went backwards over it.
  DenseMap<Value, bool> wentBackwards;

  /// Returns true if `forall`, which runs next, should go backwards because the
  /// kernel before it went forwards over what it reads: what was read last is
  /// still in the cache. Blocks start in the order of their numbers, mostly.
  bool goesBackwards(scf::ForallOp forall) {
    llvm::SmallSetVector<Value, 4> buffers;
    forall.walk([&](linalg::LinalgOp op) {
      for (OpOperand *input : op.getDpsInputOperands()) {
        if (!isa<MemRefType>(input->get().getType()))
          continue;
        Value root = getBufferRoot(input->get());
        if (forall.isDefinedOutsideOfLoop(root))
          buffers.insert(root);
      }
    });
    bool backwards = llvm::any_of(buffers, [&](Value buffer) {
      auto it = wentBackwards.find(buffer);
      return it != wentBackwards.end() && !it->second;
    });
    for (Value buffer : buffers)
      wentBackwards[buffer] = backwards;
    return backwards;
  }

  LogicalResult launchForall(scf::ForallOp forall, IRRewriter &rewriter) {
    if (forall.getNumResults() != 0)
      return forall.emitOpError("expected memrefs, but got tensors");
    // Sizes of what is allocated, for one.
    moveLoopInvariantCode(forall);
    Location loc = forall.getLoc();
    rewriter.setInsertionPoint(forall);
    AffineExpr lower, upper, step;
    bindSymbols(rewriter.getContext(), lower, upper, step);
    SmallVector<Value> sizes;
    for (auto [from, to, by] :
         llvm::zip_equal(forall.getMixedLowerBound(),
                         forall.getMixedUpperBound(), forall.getMixedStep()))
      sizes.push_back(getValueOrCreateConstantIndexOp(
          rewriter, loc,
          affine::makeComposedFoldedAffineApply(
              rewriter, loc, (upper - lower).ceilDiv(step), {from, to, by})));
    Value blocks = sizes.front();
    for (Value size : ArrayRef(sizes).drop_front())
      blocks = arith::MulIOp::create(rewriter, loc, blocks, size);
    Value clusterSize;
    if (forall->hasAttr(kClusterAttrName))
      clusterSize = sizes.back();
    gpu::LaunchOp launch =
        createLaunch(rewriter, loc, forall, blocks, clusterSize);

    Block *body = &launch.getBody().front();
    rewriter.setInsertionPointToStart(body);
    SmallVector<Value> indices(sizes.size());
    Value rest = launch.getBlockIds().x;
    // Blocks have to know their number in the cluster.
    if (!clusterSize && goesBackwards(forall)) {
      Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
      Value last = arith::SubIOp::create(rewriter, loc, blocks, one);
      rest = arith::SubIOp::create(rewriter, loc, last, rest);
    }
    for (size_t i = sizes.size(); i-- > 1;) {
      indices[i] = arith::RemUIOp::create(rewriter, loc, rest, sizes[i]);
      rest = arith::DivUIOp::create(rewriter, loc, rest, sizes[i]);
    }
    indices[0] = rest;
    AffineExpr number, first, stride;
    bindDims(rewriter.getContext(), number);
    bindSymbols(rewriter.getContext(), first, stride);
    for (auto [index, from, by] : llvm::zip_equal(
             indices, forall.getMixedLowerBound(), forall.getMixedStep()))
      index = getValueOrCreateConstantIndexOp(
          rewriter, loc,
          affine::makeComposedFoldedAffineApply(
              rewriter, loc, AffineMap::get(1, 2, first + number * stride),
              {index, from, by}));
    rewriter.eraseOp(forall.getTerminator());
    rewriter.inlineBlockBefore(forall.getBody(), body->getTerminator(),
                               indices);
    rewriter.eraseOp(forall);
    return placeBuffers(launch, workgroupBytes, rewriter);
  }
};
} // namespace
