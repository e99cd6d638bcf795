//===- Distribute.cpp - the ops of a kernel to threads --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream maps nested scf.forall ops to threads only by the transform dialect,
// with a barrier after each, and knows no reductions over threads.
//
//===----------------------------------------------------------------------===//

#include "BlockReduce.h"
#include "Norm/GPU/Chip.h"
#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"
#include "ThreadNest.h"
#include "Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUDISTRIBUTE
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The number of values up to which a sum is not worth a reduction over all
/// threads.
static constexpr int64_t kFew = 32;

/// The bytes, at most, of the partial sums of one op.
static constexpr int64_t kPartialBytes = 16384;

static int64_t countBytes(MemRefType type) {
  return type.getNumElements() *
         llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

namespace {

/// Spreads the ops of one kernel over its threads.
class Distributor {
public:
  Distributor(gpu::LaunchOp launch, int64_t blockSize, int64_t accessBytes,
              RewriterBase &rewriter)
      : launch(launch), thread(launch.getThreadIds().x), blockSize(blockSize),
        accessBytes(accessBytes), b(rewriter) {}

  void run() {
    shareMixedOutputs(launch, b);
    distribute(launch.getBody().front());
  }

private:
  void distribute(Block &block);
  void distribute(linalg::LinalgOp op);
  void distribute(memref::StoreOp op);
  void synchronize(Operation *op);

  /// Each thread does all of `op`, if `everywhere`; otherwise its iterations
  /// are dealt out, but for those of reductions.
  void buildParallel(linalg::LinalgOp op, ThreadNest nest, bool everywhere);
  /// All threads reduce together, one statistic after the other.
  void buildAllReduce(linalg::LinalgOp op, ThreadNest nest,
                      const Reductions &reductions);
  /// Some threads reduce each statistic, through workgroup memory.
  void buildSplit(linalg::LinalgOp op, ThreadNest nest,
                  const Reductions &reductions, int64_t splits);
  int64_t chooseSplits(linalg::LinalgOp op, const ThreadNest &nest);
  /// Starts the affine scope that replaces `op`, or a part of it.
  AffineScopeOp startScope(Location loc);
  /// Builds `makeBody` for the first thread of the block.
  void buildOnce(OpBuilder &builder, Location loc,
                 llvm::function_ref<void(OpBuilder &)> makeBody);

  gpu::LaunchOp launch;
  Value thread;
  int64_t blockSize, accessBytes;
  RewriterBase &b;
  ThreadMemory memory;
};

struct Distribute : public norm::impl::NormGPUDistributeBase<Distribute> {
  using NormGPUDistributeBase::NormGPUDistributeBase;

  void runOnOperation() override {
    if (accessBytes != kAccessBytes && accessBytes != kWideAccessBytes) {
      getOperation()->emitError(
          "expected access-bytes to be 16 or 32, but got ")
          << accessBytes.getValue();
      return signalPassFailure();
    }
    IRRewriter rewriter(&getContext());
    WalkResult result = getOperation()->walk([&](gpu::LaunchOp launch) {
      if (!launch->removeAttr(kBlockAttrName))
        return WalkResult::skip();
      std::optional<int64_t> size = getConstantIntValue(launch.getBlockSizeX());
      if (!size || !llvm::isPowerOf2_64(*size)) {
        launch.emitOpError("expected the number of threads of a block to be a "
                           "constant power of two");
        return WalkResult::interrupt();
      }
      Distributor(launch, *size, vectors ? accessBytes : 0, rewriter).run();
      return WalkResult::skip();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace

void Distributor::distribute(Block &block) {
  SmallVector<Operation *> ops =
      llvm::map_to_vector(block, [](Operation &op) { return &op; });
  for (Operation *op : ops) {
    if (auto computing = dyn_cast<linalg::LinalgOp>(op)) {
      distribute(computing);
    } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
      distribute(store);
    } else if (isa<memref::LoadOp>(op)) {
      synchronize(op);
    } else if (op->getNumRegions() != 0) {
      // A region may not run at all, so that what was pending before still is.
      ThreadMemory before = memory, after = memory;
      for (Region &region : op->getRegions())
        for (Block &inner : region) {
          memory = before;
          distribute(inner);
          if (isa<LoopLikeOpInterface>(op)) {
            b.setInsertionPoint(inner.getTerminator());
            if (memory.isPending())
              gpu::BarrierOp::create(b, op->getLoc());
            memory = ThreadMemory();
          }
          after.merge(memory);
        }
      memory = after;
    }
  }
}

void Distributor::synchronize(Operation *op) {
  b.setInsertionPoint(op);
  if (!memory.access(op))
    return;
  gpu::BarrierOp::create(b, op->getLoc());
  memory = ThreadMemory();
  memory.access(op);
}

AffineScopeOp Distributor::startScope(Location loc) {
  auto scope = AffineScopeOp::create(b, loc);
  b.setInsertionPointToStart(&scope.getBody().emplaceBlock());
  return scope;
}

void Distributor::buildOnce(OpBuilder &builder, Location loc,
                            llvm::function_ref<void(OpBuilder &)> makeBody) {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value isFirst = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                        thread, zero);
  scf::IfOp::create(builder, loc, isFirst, [&](OpBuilder &nested, Location) {
    makeBody(nested);
    scf::YieldOp::create(nested, loc);
  });
}

void Distributor::distribute(memref::StoreOp op) {
  synchronize(op);
  if (isPrivate(op.getMemRef()))
    return;
  buildOnce(b, op.getLoc(), [&](OpBuilder &nested) { nested.clone(*op); });
  b.eraseOp(op);
}

void Distributor::distribute(linalg::LinalgOp op) {
  synchronize(op);
  ThreadNest nest(b, op);
  std::optional<Reductions> reductions = matchReductions(op);
  bool everywhere = llvm::all_of(op.getDpsInits(), isPrivate);
  bool isOne = nest.isStatic(false) && nest.countIterations(false) == 1;
  bool isLaneReduced = !nest.loops.empty() && nest.loops[nest.lane].isReduction;
  int64_t length = nest.countIterations(true);
  // One statistic after the other keeps to the order of memory.
  if (reductions && length > kFew &&
      (isOne ||
       (isLaneReduced && (!nest.isStatic(false) || length >= 8 * blockSize))))
    buildAllReduce(op, nest, *reductions);
  else if (int64_t splits =
               reductions && !isOne && length > 1 ? chooseSplits(op, nest) : 1;
           splits > 1)
    buildSplit(op, nest, *reductions, splits);
  else
    buildParallel(op, nest, everywhere);
  b.eraseOp(op);
}

//===----------------------------------------------------------------------===//
// Nests
//===----------------------------------------------------------------------===//

/// Separates the loops of `nest` that are parallel from the reductions.
static std::pair<ArrayRef<ThreadLoop>, ArrayRef<ThreadLoop>>
splitLoops(const ThreadNest &nest) {
  ArrayRef<ThreadLoop> loops = nest.loops;
  size_t parallel = llvm::count_if(
      loops, [](const ThreadLoop &loop) { return !loop.isReduction; });
  return {loops.take_front(parallel), loops.drop_front(parallel)};
}

void Distributor::buildParallel(linalg::LinalgOp op, ThreadNest nest,
                                bool everywhere) {
  Location loc = op.getLoc();
  bool isDealt = !everywhere && !splitLoops(nest).first.empty();
  SmallVector<VectorChecks> checks;
  if (isDealt) {
    checks = addVectors(b, op, nest, accessBytes);
    nest.dealParallel(blockSize);
  }
  auto build = [&](OpBuilder &builder, const ThreadNest &version) {
    SmallVector<Value> indices(op.getNumLoops());
    return buildLoops(
        builder, loc, thread, splitLoops(version).first, indices, {},
        [&](OpBuilder &outer, ArrayRef<Value>, ValueRange) {
          SmallVector<Value> results = buildLoops(
              outer, loc, thread, splitLoops(version).second, indices,
              loadOutputs(outer, op, indices),
              [&](OpBuilder &inner, ArrayRef<Value> all, ValueRange carried) {
                return inlineBody(inner, op, all, carried);
              });
          storeOutputs(outer, op, indices, results);
          return SmallVector<Value>();
        });
  };
  OpBuilder::InsertionGuard guard(b);
  startScope(loc);
  if (everywhere || isDealt)
    buildVersions(b, loc, checks, nest, build);
  else
    buildOnce(b, loc, [&](OpBuilder &builder) { build(builder, nest); });
}

void Distributor::buildAllReduce(linalg::LinalgOp op, ThreadNest nest,
                                 const Reductions &reductions) {
  Location loc = op.getLoc();
  SmallVector<VectorChecks> checks;
  if (nest.loops[nest.lane].isReduction)
    checks = addVectors(b, op, nest, accessBytes);
  nest.dealReductions(blockSize);
  OpBuilder::InsertionGuard guard(b);
  startScope(loc);
  SmallVector<Value> indices(op.getNumLoops());
  ArrayRef<ThreadLoop> parallel = splitLoops(nest).first;
  bool isRepeated = !llvm::all_of(
      parallel, [](const ThreadLoop &loop) { return loop.isUnit(); });
  buildLoops(
      b, loc, thread, parallel, indices, {},
      [&](OpBuilder &outer, ArrayRef<Value>, ValueRange) {
        SmallVector<Value> totals = makeNeutral(outer, loc, reductions);
        totals = buildVersions(
            outer, loc, checks, nest,
            [&](OpBuilder &builder, const ThreadNest &version) {
              return buildLoops(builder, loc, thread,
                                splitLoops(version).second, indices, totals,
                                [&](OpBuilder &inner, ArrayRef<Value> all,
                                    ValueRange carried) {
                                  return inlineBody(inner, op, all, carried);
                                });
            });
        totals = buildBlockReduce(outer, loc, launch, blockSize, reductions,
                                  totals, memory);
        auto finish = [&](OpBuilder &builder) {
          storeOutputs(builder, op, indices,
                       combine(builder, reductions,
                               loadOutputs(builder, op, indices), totals));
        };
        if (llvm::all_of(op.getDpsInits(), isPrivate))
          finish(outer);
        else
          buildOnce(outer, loc, finish);
        if (isRepeated)
          gpu::BarrierOp::create(outer, loc);
        return SmallVector<Value>();
      });
  memory.addWrites(op.getDpsInits());
}

int64_t Distributor::chooseSplits(linalg::LinalgOp op, const ThreadNest &nest) {
  if (!nest.isStatic(false))
    return 1;
  int64_t statistics = std::max<int64_t>(nest.countIterations(false), 1);
  int64_t length = nest.countIterations(true);
  int64_t splits =
      std::max<int64_t>(blockSize / int64_t(llvm::PowerOf2Ceil(statistics)), 1);
  const ThreadLoop &lane = nest.loops[nest.lane];
  if (lane.isReduction)
    splits = std::max<int64_t>(
        splits, std::min<int64_t>(32, llvm::PowerOf2Ceil(lane.typicalSize)));
  splits = std::min<int64_t>(splits, llvm::PowerOf2Ceil(length));
  int64_t free = kSmallBufferBytes;
  for (BlockArgument buffer : launch.getWorkgroupAttributions())
    free -= countBytes(cast<MemRefType>(buffer.getType()));
  int64_t bytes = 0;
  for (Value init : op.getDpsInits())
    bytes += statistics *
             llvm::divideCeil(
                 cast<MemRefType>(init.getType()).getElementTypeBitWidth(), 8);
  while (splits > 1 && splits * bytes > std::min(kPartialBytes, free))
    splits /= 2;
  return splits;
}

void Distributor::buildSplit(linalg::LinalgOp op, ThreadNest nest,
                             const Reductions &reductions, int64_t splits) {
  Location loc = op.getLoc();
  SmallVector<VectorChecks> checks = addVectors(b, op, nest, accessBytes);
  Split split = nest.dealSplit(blockSize, splits);
  SmallVector<int64_t> shape = {split.count};
  for (const ThreadLoop &loop : splitLoops(nest).first)
    shape.push_back(*getConstantIntValue(loop.size));
  SmallVector<Value> partials;
  for (Value init : op.getDpsInits())
    partials.push_back(
        addWorkgroupBuffer(launch, shape, getElementTypeOrSelf(init)));
  SmallVector<Value> neutral = makeNeutral(b, loc, reductions);
  AffineExpr part =
      b.getAffineSymbolExpr(0).floorDiv(split.stride) % split.count;
  AffineMap partMap = AffineMap::get(0, 1, part);

  SmallVector<Value> indices(op.getNumLoops());
  auto getPartial = [&](ArrayRef<ThreadLoop> loops, Value first) {
    SmallVector<Value> position = {first};
    for (const ThreadLoop &loop : loops)
      position.push_back(indices[loop.dim]);
    return position;
  };
  {
    OpBuilder::InsertionGuard guard(b);
    startScope(loc);
    Value first = affine::AffineApplyOp::create(b, loc, partMap, thread);
    buildVersions(
        b, loc, checks, nest,
        [&](OpBuilder &builder, const ThreadNest &version) {
          auto [parallel, reduction] = splitLoops(version);
          return buildLoops(
              builder, loc, thread, parallel, indices, {},
              [&, &parallel = parallel, &reduction = reduction](
                  OpBuilder &outer, ArrayRef<Value>, ValueRange) {
                SmallVector<Value> sums =
                    buildLoops(outer, loc, thread, reduction, indices, neutral,
                               [&](OpBuilder &inner, ArrayRef<Value> all,
                                   ValueRange carried) {
                                 return inlineBody(inner, op, all, carried);
                               });
                for (auto [sum, buffer] : llvm::zip_equal(sums, partials))
                  affine::AffineStoreOp::create(outer, loc, sum, buffer,
                                                getPartial(parallel, first));
                return SmallVector<Value>();
              });
        });
  }
  gpu::BarrierOp::create(b, loc);

  // Of the parts, each thread adds those of other statistics.
  ThreadNest whole = nest;
  llvm::erase_if(whole.loops,
                 [](const ThreadLoop &loop) { return loop.isReduction; });
  for (ThreadLoop &loop : whole.loops)
    loop.threads = loop.stride = loop.vector = 1;
  whole.lane = whole.loops.size() - 1;
  whole.dealParallel(blockSize);
  {
    OpBuilder::InsertionGuard guard(b);
    startScope(loc);
    ThreadLoop parts{unsigned(op.getNumLoops()), b.getIndexAttr(split.count)};
    indices.emplace_back();
    buildLoops(
        b, loc, thread, whole.loops, indices, {},
        [&](OpBuilder &outer, ArrayRef<Value>, ValueRange) {
          SmallVector<Value> sums = buildLoops(
              outer, loc, thread, parts, indices, neutral,
              [&](OpBuilder &inner, ArrayRef<Value>, ValueRange carried) {
                SmallVector<Value> loaded;
                for (Value buffer : partials)
                  loaded.push_back(affine::AffineLoadOp::create(
                      inner, loc, buffer,
                      getPartial(whole.loops, indices.back())));
                return combine(inner, reductions, carried, loaded);
              });
          storeOutputs(outer, op, indices,
                       combine(outer, reductions,
                               loadOutputs(outer, op, indices), sums));
          return SmallVector<Value>();
        });
  }
  memory = ThreadMemory();
  memory.addWrites(op.getDpsInits());
  for (Value buffer : partials)
    memory.addRead(buffer);
}
