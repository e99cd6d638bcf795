//===- ThreadNest.cpp - Loops of a thread ---------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadNest.h"
#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::norm;

/// What a size counts as that is not known.
static constexpr int64_t kTypicalSize = 256;

/// The number of threads that take whole segments of memory together.
static constexpr int64_t kLanes = 32;

/// Returns the loop along the last dimension of the operand of the highest
/// rank.
static unsigned findLane(linalg::LinalgOp op) {
  int64_t highest = 0;
  unsigned lane = op.getNumLoops() == 0 ? 0 : op.getNumLoops() - 1;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (map.getNumResults() <= highest)
      continue;
    auto dim = dyn_cast<AffineDimExpr>(map.getResults().back());
    if (!dim)
      continue;
    highest = map.getNumResults();
    lane = dim.getPosition();
  }
  return lane;
}

ThreadNest::ThreadNest(OpBuilder &builder, linalg::LinalgOp op) {
  unsigned laneDim = findLane(op);
  SmallVector<Range> ranges = op.createLoopRanges(builder, op.getLoc());
  SmallVector<utils::IteratorType> types = op.getIteratorTypesArray();
  auto add = [&](unsigned dim) {
    ThreadLoop loop{dim, ranges[dim].size};
    loop.isReduction = types[dim] == utils::IteratorType::reduction;
    std::optional<int64_t> size = getConstantIntValue(loop.size);
    if (size)
      loop.size = builder.getIndexAttr(*size);
    loop.typicalSize = size.value_or(kTypicalSize);
    if (dim == laneDim)
      lane = loops.size();
    loops.push_back(loop);
  };
  for (bool reduction : {false, true}) {
    for (unsigned dim = 0; dim < types.size(); ++dim)
      if ((types[dim] == utils::IteratorType::reduction) == reduction &&
          dim != laneDim)
        add(dim);
    if (!types.empty() &&
        (types[laneDim] == utils::IteratorType::reduction) == reduction)
      add(laneDim);
  }
}

int64_t ThreadNest::countIterations(bool reduction) const {
  int64_t count = 1;
  for (const ThreadLoop &loop : loops)
    if (loop.isReduction == reduction)
      count *= loop.typicalSize;
  return count;
}

bool ThreadNest::isStatic(bool reduction) const {
  return llvm::all_of(loops, [&](const ThreadLoop &loop) {
    return loop.isReduction != reduction || isa<Attribute>(loop.size);
  });
}

/// Gives `loop` as many of the `free` threads as it has iterations for.
static void deal(ThreadLoop &loop, int64_t &free) {
  int64_t size = std::max<int64_t>(loop.typicalSize / loop.vector, 1);
  loop.threads = std::min<int64_t>(free, llvm::PowerOf2Ceil(size));
  free /= loop.threads;
}

/// Lets consecutive threads differ in `loop` first; `stride` is that of the
/// next loop.
static void order(ThreadLoop &loop, int64_t &stride) {
  loop.stride = stride;
  stride *= loop.threads;
}

void ThreadNest::dealReductions(int64_t threads) {
  int64_t free = threads, stride = 1;
  ThreadLoop *outermost = nullptr;
  auto take = [&](ThreadLoop &loop) {
    deal(loop, free);
    order(loop, stride);
    outermost = &loop;
  };
  if (loops[lane].isReduction)
    take(loops[lane]);
  for (ThreadLoop &loop : llvm::reverse(loops))
    if (loop.isReduction && !isLane(loop))
      take(loop);
  // Those that are left over start beyond the last iteration.
  if (outermost)
    outermost->threads *= free;
}

Split ThreadNest::dealSplit(int64_t threads, int64_t splits) {
  if (loops.empty())
    return {1, 1};
  auto inReverse = [&](bool reduction, auto act) {
    for (ThreadLoop &loop : llvm::reverse(loops))
      if (loop.isReduction == reduction && !isLane(loop))
        act(loop);
  };
  bool isLaneReduced = loops[lane].isReduction;
  int64_t free = threads;
  if (!isLaneReduced) {
    // Whole segments of memory come first.
    int64_t lanes = splits == 1 ? free : std::min(kLanes, free);
    int64_t rest = free / lanes;
    deal(loops[lane], lanes);
    free = rest * lanes;
  }
  int64_t forSplits = std::min(splits, free), rest = free / forSplits;
  if (isLaneReduced)
    deal(loops[lane], forSplits);
  inReverse(true, [&](ThreadLoop &loop) { deal(loop, forSplits); });
  free = rest * forSplits;
  ThreadLoop *outermost = &loops[lane];
  inReverse(false, [&](ThreadLoop &loop) {
    deal(loop, free);
    outermost = &loop;
  });
  // Those that are left over start beyond the last iteration.
  outermost->threads *= free;

  int64_t stride = 1;
  Split split;
  if (!isLaneReduced)
    order(loops[lane], stride);
  split.stride = stride;
  if (isLaneReduced)
    order(loops[lane], stride);
  inReverse(true, [&](ThreadLoop &loop) { order(loop, stride); });
  split.count = stride / split.stride;
  inReverse(false, [&](ThreadLoop &loop) { order(loop, stride); });
  return split;
}

SmallVector<Value> norm::buildLoops(OpBuilder &builder, Location loc,
                                    Value thread, ArrayRef<ThreadLoop> loops,
                                    SmallVectorImpl<Value> &indices,
                                    ValueRange inits, ThreadBody makeBody) {
  if (loops.empty())
    return makeBody(builder, indices, inits);
  const ThreadLoop &loop = loops.front();
  if (loop.isUnit() && loop.threads == 1) {
    indices[loop.dim] = arith::ConstantIndexOp::create(builder, loc, 0);
    SmallVector<Value> results = buildLoops(
        builder, loc, thread, loops.drop_front(), indices, inits, makeBody);
    indices[loop.dim] = Value();
    return results;
  }
  AffineExpr first = getAffineConstantExpr(0, builder.getContext());
  SmallVector<Value> lowerOperands, upperOperands;
  if (loop.threads > 1) {
    first =
        (builder.getAffineSymbolExpr(0).floorDiv(loop.stride) % loop.threads) *
        loop.vector;
    lowerOperands.push_back(thread);
  }
  auto lower = AffineMap::get(0, lowerOperands.size(), first);
  AffineMap upper;
  if (auto size = dyn_cast<Value>(loop.size)) {
    upper = AffineMap::get(0, 1, builder.getAffineSymbolExpr(0));
    upperOperands.push_back(size);
  } else {
    upper = AffineMap::getConstantMap(*getConstantIntValue(loop.size),
                                      builder.getContext());
  }
  auto nested = affine::AffineForOp::create(
      builder, loc, lowerOperands, lower, upperOperands, upper,
      loop.threads * loop.vector, inits,
      [&](OpBuilder &b, Location, Value index, ValueRange carried) {
        auto buildBody = [&](OpBuilder &inner, Location, Value element,
                             ValueRange values) {
          indices[loop.dim] = element;
          SmallVector<Value> next =
              buildLoops(inner, loc, thread, loops.drop_front(), indices,
                         values, makeBody);
          affine::AffineYieldOp::create(inner, loc, next);
        };
        if (loop.vector == 1)
          return buildBody(b, loc, index, carried);
        AffineExpr start = b.getAffineDimExpr(0);
        auto vector = affine::AffineForOp::create(
            b, loc, index, AffineMap::get(1, 0, start), index,
            AffineMap::get(1, 0, start + loop.vector), /*step=*/1, carried,
            buildBody);
        vector->setAttr(kVectorAttrName, b.getUnitAttr());
        affine::AffineYieldOp::create(b, loc, vector.getResults());
      });
  // What follows is outside of the loop.
  indices[loop.dim] = Value();
  return llvm::to_vector_of<Value>(nested.getResults());
}
