//===- BlockRows.cpp - reductions of columns, a few rows at a time --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// affine-loop-tile tiles whole bands, in the order of their loops; here the
// inner loop alone is split, and its blocks move outwards.
//
//===----------------------------------------------------------------------===//

#include "AccessUtils.h"
#include "TripCount.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/LoopUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEBLOCKROWS
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// In bytes: what is wide enough of a row to be read by itself.
static constexpr int64_t kWide = 512;

/// Returns the loop that is all of the body of `loop`, if there is one.
static AffineForOp getOnlyLoop(AffineForOp loop) {
  if (!llvm::hasNItems(loop.getBody()->without_terminator(), 1))
    return {};
  return dyn_cast<AffineForOp>(loop.getBody()->front());
}

/// Returns true if `access` walks along a row with `columns`: the innermost
/// subscript is its variable, and no other one depends on it.
static bool isAlongRow(const norm::AffineAccess &access, AffineForOp columns) {
  ArrayRef<AffineExpr> subscripts = access.map.getResults();
  auto last = dyn_cast_or_null<AffineDimExpr>(
      subscripts.empty() ? AffineExpr() : subscripts.back());
  return last &&
         access.operands[last.getPosition()] == columns.getInductionVar() &&
         llvm::none_of(subscripts.drop_back(), [&](AffineExpr subscript) {
           return subscript.isFunctionOfDim(last.getPosition());
         });
}

/// Returns true if `rows` adds up columns: it stores, for each of `columns`,
/// what does not depend on the row, and reads rows that are wide. No column
/// reads what another one writes.
static bool isReductionOfColumns(AffineForOp columns, AffineForOp rows) {
  SmallVector<norm::AffineAccess> loads, stores;
  for (Operation &op : rows.getBody()->without_terminator()) {
    if (auto load = dyn_cast<AffineLoadOp>(op))
      loads.push_back(norm::AffineAccess::get(load));
    else if (auto store = dyn_cast<AffineStoreOp>(op))
      stores.push_back(norm::AffineAccess::get(store));
    else if (!isMemoryEffectFree(&op) || op.getNumRegions())
      return false;
  }
  int64_t bytes = 0;
  for (const norm::AffineAccess &load : loads) {
    Type type = cast<MemRefType>(load.memref.getType()).getElementType();
    if (!load.isInvariantIn(rows.getInductionVar()) &&
        isAlongRow(load, columns) && type.isIntOrFloat())
      bytes = std::max<int64_t>(bytes, type.getIntOrFloatBitWidth() / 8);
  }
  for (const norm::AffineAccess &store : stores) {
    auto isApart = [&](const norm::AffineAccess &other) {
      return other.memref == store.memref
                 ? isAlongRow(other, columns)
                 : !norm::mayAlias(other.memref, store.memref);
    };
    if (!store.isInvariantIn(rows.getInductionVar()) ||
        !isAlongRow(store, columns) || !llvm::all_of(loads, isApart) ||
        !llvm::all_of(stores, isApart))
      return false;
  }
  std::optional<int64_t> width = norm::getMaximum(norm::getTripCount(columns));
  return !stores.empty() && bytes > 0 && (!width || *width * bytes > kWide);
}

/// Returns the number of iterations, if it is constant.
static std::optional<int64_t> getConstantTripCount(AffineForOp loop) {
  if (!loop.hasConstantBounds())
    return {};
  return loop.getConstantUpperBound() - loop.getConstantLowerBound();
}

namespace {
struct BlockRows : public norm::impl::NormAffineBlockRowsBase<BlockRows> {
  using NormAffineBlockRowsBase::NormAffineBlockRowsBase;

  void runOnOperation() override {
    if (rows < 0) {
      getOperation()->emitError("expected rows to be at least 0, but got ")
          << rows.getValue();
      return signalPassFailure();
    }
    if (rows <= 1)
      return;
    SmallVector<AffineForOp> loops;
    getOperation()->walk([&](AffineForOp loop) { loops.push_back(loop); });
    for (AffineForOp columns : loops)
      if (AffineForOp inner = getOnlyLoop(columns); inner && canBlock(columns))
        block(columns, inner);
  }

  bool canBlock(AffineForOp columns) {
    AffineForOp inner = getOnlyLoop(columns);
    for (AffineForOp loop : {columns, inner})
      if (loop.getNumIterOperands() || loop.getStepAsInt() != 1 ||
          !loop.hasConstantLowerBound() ||
          loop.getUpperBoundMap().getNumResults() != 1)
        return false;
    if (llvm::is_contained(inner.getUpperBoundOperands(),
                           columns.getInductionVar()))
      return false;
    std::optional<int64_t> count = getConstantTripCount(inner);
    return (!count || *count > rows) && isReductionOfColumns(columns, inner);
  }

  /// Makes `inner` go over a block of rows, in a loop over all whole blocks
  /// around `columns`, and over what is left in a copy of both.
  void block(AffineForOp columns, AffineForOp inner) {
    OpBuilder b(columns);
    Location loc = columns.getLoc();
    int64_t begin = inner.getConstantLowerBound();
    AffineMap map = inner.getUpperBoundMap();
    SmallVector<Value> operands(inner.getUpperBoundOperands());
    AffineExpr count = map.getResult(0) - begin;
    AffineMap whole = AffineMap::get(map.getNumDims(), map.getNumSymbols(),
                                     count.floorDiv(rows) * rows + begin);
    std::optional<int64_t> constant = getConstantTripCount(inner);
    if (!constant || *constant % rows) {
      b.setInsertionPointAfter(columns);
      auto rest = cast<AffineForOp>(b.clone(*columns));
      getOnlyLoop(rest).setLowerBound(operands, whole);
      b.setInsertionPoint(columns);
    }
    auto blocks = AffineForOp::create(b, loc, {}, b.getConstantAffineMap(begin),
                                      operands, whole, rows);
    columns->moveBefore(blocks.getBody()->getTerminator());
    AffineExpr first = b.getAffineDimExpr(0);
    Value variable = blocks.getInductionVar();
    inner.setLowerBound(variable, AffineMap::get(1, 0, first));
    inner.setUpperBound(variable, AffineMap::get(1, 0, first + rows));
    ++numBlocked;
  }
};
} // namespace
