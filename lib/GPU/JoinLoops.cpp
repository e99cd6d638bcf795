//===- JoinLoops.cpp - loops over rows without gaps -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's collapseOpIterationDims takes only ops all of whose operands have
// both dimensions or none.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"
#include "ThreadMemory.h"
#include "Vectors.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <numeric>

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUJOINLOOPS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Two loops of an op, along the last two dimensions of its largest operand,
/// and the number of iterations of the inner one, if it is known.
struct Rows {
  unsigned outer, inner;
  int64_t length;
};
} // namespace

static int64_t getElementBytes(MemRefType type) {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// Returns the dimensions of a memref with the last two as one.
static SmallVector<ReassociationIndices> getJoined(int64_t rank) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim : llvm::seq(rank - 1))
    groups.push_back({dim});
  groups.back().push_back(rank - 1);
  return groups;
}

/// Returns true if the rows of arrays of `type`, along its last dimension, are
/// contiguous and follow each other without gaps.
static bool haveNoGaps(MemRefType type) {
  SmallVector<ReassociationIndices> groups = getJoined(type.getRank());
  return type.getStridesAndOffset().first.back() == 1 &&
         memref::CollapseShapeOp::isGuaranteedCollapsible(type, groups) &&
         memref::CollapseShapeOp::computeCollapsedType(type, groups)
                 .getStridesAndOffset()
                 .first.back() == 1;
}

/// Returns true if `operand` has the rows as its last two dimensions.
static bool hasRows(linalg::LinalgOp op, OpOperand &operand, Rows rows) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return map.isFunctionOfDim(rows.outer) && map.isFunctionOfDim(rows.inner);
}

static std::optional<Rows> findRows(linalg::LinalgOp op) {
  Rows rows;
  int64_t rank = 1;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (map.getNumResults() <= rank)
      continue;
    auto inner = dyn_cast<AffineDimExpr>(map.getResults().end()[-1]);
    auto outer = dyn_cast<AffineDimExpr>(map.getResults().end()[-2]);
    if (!inner || !outer)
      return std::nullopt;
    rank = map.getNumResults();
    rows = {outer.getPosition(), inner.getPosition(),
            cast<MemRefType>(operand.get().getType()).getShape().back()};
  }
  if (rank == 1)
    return std::nullopt;
  return rows;
}

/// Returns true if the loops of `rows` can become one, and it is worth it.
static bool canJoin(linalg::LinalgOp op, Rows rows) {
  SmallVector<utils::IteratorType> types = op.getIteratorTypesArray();
  if (types[rows.outer] != types[rows.inner] || op.hasIndexSemantics())
    return false;
  bool isLookedUp = false;
  bool isDynamic = ShapedType::isDynamic(rows.length);
  int64_t narrowest = kAccessBytes, count = rows.length;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    bool isOfOuter = map.isFunctionOfDim(rows.outer),
         isOfInner = map.isFunctionOfDim(rows.inner);
    if (!isOfOuter && !isOfInner)
      continue;
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    if (!type || !map.isProjectedPermutation())
      return false;
    if (!isOfOuter || !isOfInner) {
      isLookedUp = true;
      if (!op.isDpsInput(&operand))
        return false;
      continue;
    }
    ArrayRef<AffineExpr> last = map.getResults().take_back(2);
    if (last[0] != getAffineDimExpr(rows.outer, op.getContext()) ||
        last[1] != getAffineDimExpr(rows.inner, op.getContext()) ||
        !haveNoGaps(type))
      return false;
    narrowest = std::min(narrowest, getElementBytes(type));
    int64_t outer = type.getShape().end()[-2];
    if (!isDynamic)
      count =
          rows.length * (ShapedType::isDynamic(outer) ? kAccessBytes : outer);
  }
  if (!isLookedUp)
    return true;
  // Looking up is for rows that fill no accesses, if they do together.
  int64_t access = kAccessBytes / narrowest;
  return !isDynamic && std::gcd(count, access) > std::gcd(rows.length, access);
}

/// Joins the loops of `rows`. Returns the op that does the same.
static linalg::LinalgOp join(linalg::LinalgOp op, Rows rows, RewriterBase &b) {
  b.setInsertionPoint(op);
  Location loc = op.getLoc();
  unsigned numLoops = op.getNumLoops() - 1;
  SmallVector<AffineExpr> replacements;
  for (unsigned dim : llvm::seq(op.getNumLoops()))
    replacements.push_back(b.getAffineDimExpr(dim - (dim > rows.inner)));
  AffineExpr joined = replacements[rows.outer];
  SmallVector<AffineExpr> lookUp = replacements;
  if (!ShapedType::isDynamic(rows.length)) {
    lookUp[rows.outer] = joined.floorDiv(rows.length);
    lookUp[rows.inner] = joined % rows.length;
  }
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
  for (OpOperand &operand : op->getOpOperands()) {
    Value value = operand.get();
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (hasRows(op, operand, rows)) {
      value = memref::CollapseShapeOp::create(b, loc, value,
                                              getJoined(map.getNumResults()));
      map = map.dropResult(map.getNumResults() - 1)
                .replaceDimsAndSymbols(replacements, {}, numLoops, 0);
    } else {
      map = map.replaceDimsAndSymbols(lookUp, {}, numLoops, 0);
    }
    operands.push_back(value);
    maps.push_back(map);
  }
  SmallVector<utils::IteratorType> types = op.getIteratorTypesArray();
  types.erase(types.begin() + rows.inner);
  auto replaced = linalg::GenericOp::create(
      b, loc, TypeRange(), ArrayRef(operands).take_front(op.getNumDpsInputs()),
      ArrayRef(operands).take_back(op.getNumDpsInits()), maps, types);
  b.inlineRegionBefore(op->getRegion(0), replaced.getRegion(),
                       replaced.getRegion().end());
  b.eraseOp(op);
  return replaced;
}

namespace {
struct JoinLoops : public norm::impl::NormGPUJoinLoopsBase<JoinLoops> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](gpu::LaunchOp launch) {
      if (launch->hasAttr(kBlockAttrName))
        launch.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops)
      while (std::optional<Rows> rows = findRows(op)) {
        if (!canJoin(op, *rows))
          break;
        op = join(op, *rows, rewriter);
      }
  }
};
} // namespace
