//===- ReadBackwards.cpp - begin with what was read last ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// norm-affine-read-backwards. Upstream has no pass that turns loops around.
//
//===----------------------------------------------------------------------===//

#include "AccessUtils.h"
#include "StreamCandidate.h"
#include "TripCount.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/Analysis/AffineAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEREADBACKWARDS
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// Adds what `op` reads, and all that these are views of, to `memrefs`.
static void addReadMemRefs(Operation *op, DenseSet<Value> &memrefs) {
  op->walk([&](AffineReadOpInterface read) {
    for (Value memref = read.getMemRef(); memrefs.insert(memref).second;) {
      auto view = memref.getDefiningOp<ViewLikeOpInterface>();
      if (!view)
        break;
      memref = view.getViewSource();
    }
  });
}

/// Returns true if no step of `nest` reads through one memref what another one
/// writes through a different one.
static bool isApart(AffineForOp nest) {
  SmallVector<Value> loaded, stored;
  nest.walk([&](Operation *op) {
    if (auto load = dyn_cast<AffineReadOpInterface>(op))
      loaded.push_back(load.getMemRef());
    else if (auto store = dyn_cast<AffineWriteOpInterface>(op))
      stored.push_back(store.getMemRef());
  });
  return llvm::none_of(stored, [&](Value store) {
    return llvm::any_of(llvm::concat<Value>(loaded, stored), [&](Value other) {
      return store != other && norm::mayAlias(store, other);
    });
  });
}

/// Returns the loops of `nest` around its innermost one that take more than one
/// step, if their order does not matter.
static SmallVector<AffineForOp> getOuterLoops(AffineForOp nest) {
  SmallVector<AffineForOp> loops;
  if (!isApart(nest))
    return loops;
  for (AffineForOp loop = nest;;) {
    if (loop.getNumIterOperands() || loop.getStepAsInt() != 1 ||
        loop.getLowerBoundMap().getNumResults() != 1 ||
        loop.getUpperBoundMap().getNumResults() != 1 || !isLoopParallel(loop))
      return {};
    auto inner = loop.getBody()->getOps<AffineForOp>();
    if (inner.empty())
      return loops;
    if (!llvm::hasSingleElement(inner))
      return {};
    if (norm::getMaximum(norm::getTripCount(loop)) != 1)
      loops.push_back(loop);
    loop = *inner.begin();
  }
}

/// Lets `loop` begin with its last step.
static void reverse(AffineForOp loop) {
  OpBuilder b(loop.getBody(), loop.getBody()->begin());
  Location loc = loop.getLoc();
  auto getBound = [&](AffineMap map, ValueRange operands) {
    return makeComposedFoldedAffineApply(b, loc, map,
                                         getAsOpFoldResult(operands));
  };
  AffineExpr lower = b.getAffineSymbolExpr(0), upper = b.getAffineSymbolExpr(1),
             step = b.getAffineDimExpr(0);
  auto mirrored = makeComposedAffineApply(
      b, loc, AffineMap::get(1, 2, lower + upper - 1 - step),
      {loop.getInductionVar(),
       getBound(loop.getLowerBoundMap(), loop.getLowerBoundOperands()),
       getBound(loop.getUpperBoundMap(), loop.getUpperBoundOperands())});
  loop.getInductionVar().replaceAllUsesExcept(mirrored, mirrored);
}

/// Returns how many bytes `nest` reads of what is in `read`, or nothing if run
/// time alone knows. Buffers that are made beside the nest are small.
static std::optional<int64_t> getBytesAgain(AffineForOp nest,
                                            const DenseSet<Value> &read) {
  DenseSet<Value> again;
  nest.walk([&](AffineLoadOp load) {
    Value memref = load.getMemRef();
    Operation *root = norm::getBufferRoot(memref).getDefiningOp();
    if (read.contains(memref) &&
        (!root || root->getBlock() != nest->getBlock()))
      again.insert(memref);
  });
  int64_t bytes = 0;
  for (Value memref : again) {
    auto type = cast<MemRefType>(memref.getType());
    if (!type.hasStaticShape())
      return std::nullopt;
    if (type.getElementType().isIntOrFloat())
      bytes += type.getNumElements() * norm::getElementBytes(type);
  }
  return bytes;
}

namespace {
struct ReadBackwards
    : public norm::impl::NormAffineReadBackwardsBase<ReadBackwards> {
  using NormAffineReadBackwardsBase::NormAffineReadBackwardsBase;

  void runOnOperation() override {
    if (bytes < 0) {
      getOperation()->emitError("expected bytes to be at least 0, but got ")
          << bytes.getValue();
      return signalPassFailure();
    }
    getOperation()->walk([&](Block *block) {
      if (!isa<AffineForOp>(block->getParentOp()))
        visit(*block);
    });
  }

  void visit(Block &block) {
    // What has been read, and from the beginning to the end.
    DenseSet<Value> read;
    for (Operation &op : block) {
      if (auto nest = dyn_cast<AffineForOp>(op);
          nest && isWorthwhile(nest, read))
        for (AffineForOp loop : getOuterLoops(nest)) {
          reverse(loop);
          ++numReversed;
        }
      addReadMemRefs(&op, read);
    }
  }

  /// Returns true if `nest` reads so much once more that the beginning of it
  /// may have left the caches.
  bool isWorthwhile(AffineForOp nest, const DenseSet<Value> &read) {
    std::optional<int64_t> again = getBytesAgain(nest, read);
    return !again || *again > bytes;
  }
};
} // namespace
