//===- JoinKernels.cpp - kernels that follow each other as one ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"
#include "Norm/Runtime/Cuda.h"
#include "ThreadMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUJOINKERNELS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Launches that follow each other, what the host frees in between, and the
/// values that become parameters of their kernel.
struct Run {
  SmallVector<gpu::LaunchOp> launches;
  SmallVector<Operation *> deallocations;
  llvm::SetVector<Value> parameters;
};

struct JoinKernels : public norm::impl::NormGPUJoinKernelsBase<JoinKernels> {
  void runOnOperation() override {
    llvm::SetVector<Block *> blocks;
    getOperation()->walk(
        [&](gpu::LaunchOp launch) { blocks.insert(launch->getBlock()); });
    IRRewriter rewriter(&getContext());
    for (Block *block : blocks)
      for (Run &run : findRuns(*block))
        join(run, rewriter);
  }

  static SmallVector<Run> findRuns(Block &block);
  static void join(Run &run, IRRewriter &rewriter);
};
} // namespace

/// The bytes of parameters, at most, that a kernel gets: before PTX 8.1 it may
/// have 4352, of which some are those of the counters.
static constexpr int64_t kParameterBytes = 4096;

/// Returns how many bytes of parameters `values` become, at most.
static int64_t countParameterBytes(ArrayRef<Value> values) {
  int64_t words = 0;
  for (Value value : values) {
    auto type = dyn_cast<MemRefType>(value.getType());
    words += type ? 3 + 2 * type.getRank() : 1;
  }
  return 8 * words;
}

/// Returns true if `launch` may be joined with those of `run`.
static bool canJoin(gpu::LaunchOp launch, const Run &run) {
  auto getBlockSize = [](gpu::LaunchOp launch) {
    return getConstantIntValue(launch.getBlockSizeX());
  };
  if (!launch->hasAttr(kBlockAttrName) || launch.getClusterSizeX() ||
      !getBlockSize(launch))
    return false;
  if (run.launches.empty())
    return true;
  llvm::SetVector<Value> parameters = run.parameters;
  getUsedValuesDefinedAbove(launch.getBody(), parameters);
  return getBlockSize(run.launches.front()) == getBlockSize(launch) &&
         countParameterBytes(parameters.getArrayRef()) <= kParameterBytes;
}

SmallVector<Run> JoinKernels::findRuns(Block &block) {
  SmallVector<Run> runs(1);
  for (Operation &op : block) {
    if (auto launch = dyn_cast<gpu::LaunchOp>(op)) {
      if (!canJoin(launch, runs.back()))
        runs.emplace_back();
      if (canJoin(launch, runs.back())) {
        runs.back().launches.push_back(launch);
        getUsedValuesDefinedAbove(launch.getBody(), runs.back().parameters);
      }
    } else if (isa<memref::DeallocOp>(op)) {
      if (!runs.back().launches.empty())
        runs.back().deallocations.push_back(&op);
    } else if (!isMemoryEffectFree(&op) && !isa<memref::AllocOp>(op)) {
      runs.emplace_back();
    }
  }
  return runs;
}

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

/// Creates a launch with an empty body before the next op.
static gpu::LaunchOp createLaunch(OpBuilder &b, Location loc, Value blocks,
                                  gpu::LaunchOp like, const Twine &name) {
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  auto launch = gpu::LaunchOp::create(b, loc, blocks, one, one,
                                      like.getBlockSizeX(), one, one);
  launch->setAttr(kBlockAttrName, b.getUnitAttr());
  launch.setModuleAttr(like.getModuleAttr());
  launch.setFunction(name.str());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(&launch.getBody().front());
  gpu::TerminatorOp::create(b, loc);
  return launch;
}

/// Takes an array like `buffer` for the workgroup memory of `launch`, one that
/// is not among those `taken`, if there is any.
static Value takeWorkgroupBuffer(gpu::LaunchOp launch, BlockArgument buffer,
                                 llvm::SmallPtrSetImpl<void *> &taken) {
  auto type = cast<MemRefType>(buffer.getType());
  for (BlockArgument own : launch.getWorkgroupAttributions())
    if (own.getType() == type && taken.insert(own.getAsOpaquePointer()).second)
      return own;
  Value added =
      addWorkgroupBuffer(launch, type.getShape(), type.getElementType());
  taken.insert(added.getAsOpaquePointer());
  return added;
}

/// Lets the blocks of `joined` do what those of `launch` do, each of them for
/// several, as far apart as there are blocks.
static void moveBlocks(gpu::LaunchOp launch, gpu::LaunchOp joined,
                       Value numBlocks, IRRewriter &rewriter) {
  Location loc = launch.getLoc();
  rewriter.setInsertionPoint(joined.getBody().front().getTerminator());
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  auto loop = scf::ForOp::create(rewriter, loc, joined.getBlockIds().x,
                                 launch.getGridSizeX(), numBlocks);
  gpu::KernelDim3 threads = joined.getThreadIds(), size = joined.getBlockSize();
  SmallVector<Value> arguments = {
      loop.getInductionVar(), zero, zero, threads.x, threads.y, threads.z,
      launch.getGridSizeX(),  one,  one,  size.x,    size.y,    size.z};
  llvm::SmallPtrSet<void *, 4> taken;
  for (BlockArgument buffer : launch.getWorkgroupAttributions())
    arguments.push_back(takeWorkgroupBuffer(joined, buffer, taken));

  Block *body = &launch.getBody().front();
  rewriter.eraseOp(body->getTerminator());
  rewriter.inlineBlockBefore(body, loop.getBody()->getTerminator(), arguments);
  rewriter.eraseOp(launch);
  // In a loop, each iteration would have one.
  Operation *first = &joined.getBody().front().front();
  loop.walk([&](memref::AllocaOp op) { rewriter.moveOpBefore(op, first); });
}

void JoinKernels::join(Run &run, IRRewriter &rewriter) {
  // What one block does alone at first can clear the counters.
  MutableArrayRef<gpu::LaunchOp> phases = run.launches;
  gpu::LaunchOp clearing;
  if (!phases.empty() && isConstantIntValue(phases.front().getGridSizeX(), 1)) {
    clearing = phases.front();
    phases = phases.drop_front();
  }
  if (phases.size() < 2)
    return;
  gpu::LaunchOp first = phases.front(), last = phases.back();
  Location loc = first.getLoc();
  std::string name = first.getFunctionAttr().getValue().str();

  rewriter.setInsertionPoint(clearing ? clearing : first);
  int64_t numBarriers = phases.size() - 1;
  Value counters = memref::AllocOp::create(
      rewriter, loc, MemRefType::get({numBarriers}, rewriter.getI32Type()));
  if (!clearing) {
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    rewriter.setInsertionPoint(first);
    clearing = createLaunch(rewriter, loc, one, first, name + "_clear");
  }
  rewriter.setInsertionPoint(clearing.getBody().front().getTerminator());
  Value none = arith::ConstantIntOp::create(rewriter, loc, 0, 32);
  linalg::FillOp::create(rewriter, loc, none, counters);

  rewriter.setInsertionPoint(last);
  Value blocks = first.getGridSizeX(), bytes;
  for (gpu::LaunchOp phase : phases) {
    blocks = rewriter.createOrFold<arith::MaxUIOp>(loc, blocks,
                                                   phase.getGridSizeX());
    Value own = phase.getDynamicSharedMemorySize();
    if (own)
      bytes =
          bytes ? rewriter.createOrFold<arith::MaxUIOp>(loc, bytes, own) : own;
  }
  gpu::LaunchOp joined = createLaunch(rewriter, loc, blocks, first,
                                      name + NORM_CUDA_COOPERATIVE_SUFFIX);
  if (bytes)
    joined.getDynamicSharedMemorySizeMutable().assign(bytes);
  // There may be fewer than the launch asks for.
  rewriter.setInsertionPointToStart(&joined.getBody().front());
  Value numBlocks = arith::IndexCastUIOp::create(
      rewriter, loc, rewriter.getIndexType(),
      NVVM::GridDimXOp::create(rewriter, loc, rewriter.getI32Type()));
  for (auto [index, phase] : llvm::enumerate(phases)) {
    if (index > 0) {
      rewriter.setInsertionPoint(joined.getBody().front().getTerminator());
      Value place = arith::ConstantIndexOp::create(rewriter, loc, index - 1);
      GridBarrierOp::create(rewriter, loc, counters, place);
    }
    moveBlocks(phase, joined, numBlocks, rewriter);
  }

  rewriter.setInsertionPointAfter(joined);
  memref::DeallocOp::create(rewriter, loc, counters);
  for (Operation *op : run.deallocations)
    if (op->isBeforeInBlock(joined))
      rewriter.moveOpAfter(op, joined);
}
