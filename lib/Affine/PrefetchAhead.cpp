//===- PrefetchAhead.cpp - prefetch what a nest reads from memory ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream has no pass that inserts prefetches.
//
//===----------------------------------------------------------------------===//

#include "AccessUtils.h"
#include "Prefetch.h"
#include "StreamCandidate.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEPREFETCHAHEAD
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// In bytes: how far ahead of its use memory is asked for; the width of rows
/// from which on the processor follows them by itself; and the size up to which
/// a buffer is in a cache anyway.
static constexpr int64_t kAhead = 16384, kWide = 2048, kSmall = 2 << 20;

/// Returns true if `view` takes all of dimension `dim` of its source. If the
/// size is computed, it usually does.
static bool takesAll(memref::SubViewOp view, unsigned dim) {
  OpFoldResult size = view.getMixedSizes()[dim];
  FailureOr<bool> isEqual = ValueBoundsConstraintSet::areEqual(
      size, ValueBoundsConstraintSet::Variable(view.getSource(), dim));
  return isConstantIntValue(view.getMixedOffsets()[dim], 0) &&
         (failed(isEqual) ? !getConstantIntValue(size) : *isEqual);
}

/// Returns true if `view` takes long pieces of what follows each other in its
/// source.
static bool takesNeighbors(memref::SubViewOp view) {
  if (!view.hasUnitStride())
    return false;
  int64_t rank = view.getSourceType().getRank(), first = rank - 1;
  while (first > 0 && takesAll(view, first))
    --first;
  ArrayRef<int64_t> sizes = view.getStaticSizes();
  if (llvm::all_of(sizes.take_front(first), [](int64_t n) { return n == 1; }))
    return true;
  if (first == rank - 1)
    return false;
  if (ShapedType::isDynamic(sizes[first]))
    return true;
  int64_t bytes = norm::getElementBytes(view.getType());
  for (int64_t size : sizes.drop_front(first))
    bytes = ShapedType::isDynamic(size) ? 0 : bytes * size;
  return bytes >= 8 * kAhead;
}

/// Returns true if the elements of `memref` follow each other in memory, the
/// last dimension innermost, as far as it matters.
static bool isContiguous(Value memref) {
  if (cast<MemRefType>(memref.getType()).getLayout().isIdentity())
    return true;
  Operation *op = memref.getDefiningOp();
  if (auto view = dyn_cast_or_null<memref::SubViewOp>(op))
    return takesNeighbors(view) && isContiguous(view.getSource());
  if (isa_and_nonnull<memref::CastOp, memref::CollapseShapeOp,
                      memref::ExpandShapeOp>(op))
    return isContiguous(op->getOperand(0));
  return false;
}

/// Returns true if the memory that `load` reads from may be outside the caches.
static bool isLarge(AffineVectorLoadOp load) {
  auto type =
      dyn_cast<MemRefType>(norm::getBufferRoot(load.getMemRef()).getType());
  if (!type)
    return false;
  std::optional<int64_t> bytes = norm::getNumBytes(type);
  return !bytes || *bytes > kSmall;
}

/// Returns true if `op` is one of norm-affine-prefetch-next that, at run time,
/// does nothing for what is too large.
static bool mayBeIdle(AffinePrefetchOp op) {
  return op.getLocalityHint() == 2 && !norm::getNumBytes(op.getMemRefType());
}

/// Returns true if each iteration of the nest at `nest` reads elsewhere.
static bool isReadOnce(AffineVectorLoadOp load, AffineForOp nest) {
  norm::AffineAccess access = norm::AffineAccess::get(load);
  for (Operation *op = load; op != nest;) {
    op = op->getParentOp();
    auto loop = dyn_cast<AffineForOp>(op);
    if (loop && access.isInvariantIn(loop.getInductionVar()))
      return false;
  }
  return true;
}

/// Returns true if the loop around `load` walks down rows that are too narrow
/// for the processor's own prefetching.
static bool walksDownRows(AffineVectorLoadOp load) {
  auto loop = dyn_cast<AffineForOp>(load->getParentOp());
  MemRefType type = load.getMemRefType();
  if (!loop || type.getRank() < 2)
    return false;
  norm::AffineAccess access = norm::AffineAccess::get(load);
  auto dependsOnLoop = [&](AffineExpr subscript) {
    return llvm::any_of(llvm::enumerate(access.operands), [&](auto operand) {
      return operand.value() == loop.getInductionVar() &&
             subscript.isFunctionOfDim(operand.index());
    });
  };
  ArrayRef<AffineExpr> subscripts = access.map.getResults();
  if (dependsOnLoop(subscripts.back()) ||
      llvm::none_of(subscripts.drop_back(), dependsOnLoop))
    return false;
  int64_t width = type.getShape().back();
  return ShapedType::isDynamic(width) ||
         width * type.getElementTypeBitWidth() <= 8 * kWide;
}

/// Returns true if loops around `load` walk from the last row to the first one.
static bool goesBackwards(AffineVectorLoadOp load) {
  norm::AffineAccess access = norm::AffineAccess::get(load);
  return llvm::any_of(
      access.map.getResults().drop_back(), [&](AffineExpr subscript) {
        bool result = false;
        subscript.walk([&](AffineExpr expr) {
          auto product = dyn_cast<AffineBinaryOpExpr>(expr);
          if (!product || product.getKind() != AffineExprKind::Mul ||
              !isa<AffineDimExpr>(product.getLHS()))
            return;
          auto factor = dyn_cast<AffineConstantExpr>(product.getRHS());
          result |= factor && factor.getValue() < 0;
        });
        return result;
      });
}

namespace {
struct PrefetchAhead
    : public norm::impl::NormAffinePrefetchAheadBase<PrefetchAhead> {
  void runOnOperation() override {
    getOperation()->walk<WalkOrder::PreOrder>([&](AffineForOp nest) {
      visit(nest);
      return WalkResult::skip();
    });
  }

  static void visit(AffineForOp nest) {
    DenseSet<Value> prefetched;
    nest.walk([&](AffinePrefetchOp op) {
      if (!mayBeIdle(op))
        prefetched.insert(norm::getBufferRoot(op.getMemref()));
    });
    bool streams = norm::hasStreamingStores(nest);
    nest.walk([&](AffineVectorLoadOp load) {
      if (((streams && isReadOnce(load, nest)) || walksDownRows(load)) &&
          load.getMemRefType().getElementType().isIntOrFloat() &&
          !prefetched.contains(norm::getBufferRoot(load.getMemRef())) &&
          isLarge(load) && isContiguous(load.getMemRef()))
        prefetch(load);
    });
  }

  static void prefetch(AffineVectorLoadOp load) {
    AffineMap map = load.getAffineMap();
    SmallVector<AffineExpr> subscripts(map.getResults());
    int64_t ahead = kAhead / norm::getElementBytes(load.getMemRefType());
    subscripts.back() =
        subscripts.back() + (goesBackwards(load) ? -ahead : ahead);
    map = AffineMap::get(map.getNumDims(), map.getNumSymbols(), subscripts,
                         load.getContext());
    norm::prefetchLike(load, load.getMemRef(), norm::CacheLevel::Second, map);
  }
};
} // namespace
