//===- PromoteAccumulators.cpp - Accumulators into iter_args --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// norm-affine-promote-accumulators. Upstream has affine-scalrep, which forwards
// stores to loads inside one iteration but never across iterations, and its
// loop-invariant code motion leaves stores alone: after
// convert-linalg-to-affine-loops a reduction goes through memory, and
// affine-super-vectorize then finds nothing to vectorize.
//
//===----------------------------------------------------------------------===//

#include "AccessUtils.h"
#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/Debug.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEPROMOTEACCUMULATORS
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

#define DEBUG_TYPE "norm-affine-promote-accumulators"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// One loop-invariant address and its loads and stores, in program order, all
/// of them directly in the loop's body.
struct Accumulator {
  AffineAccess access;
  SmallVector<Operation *> ops;
};

/// True if `access` means the same location in every iteration of `loop`.
bool isInvariant(const AffineAccess &access, affine::AffineForOp loop) {
  return !isDefinedIn(access.memref, loop) &&
         llvm::none_of(access.operands,
                       [&](Value v) { return isDefinedIn(v, loop); });
}

/// True if nothing in `loop` but the accumulator's own ops may touch its
/// buffer.
bool isExclusive(const Accumulator &acc, affine::AffineForOp loop) {
  return !loop.getBody()
              ->walk([&](Operation *op) {
                if (llvm::is_contained(acc.ops, op))
                  return WalkResult::advance();
                bool reads, writes;
                getEffectsOn(op, acc.access.memref, reads, writes);
                return reads || writes ? WalkResult::interrupt()
                                       : WalkResult::advance();
              })
              .wasInterrupted();
}

/// The accumulators of `loop` that may be promoted.
SmallVector<Accumulator> findAccumulators(affine::AffineForOp loop) {
  SmallVector<Accumulator> candidates;
  for (Operation &op : loop.getBody()->without_terminator()) {
    AffineAccess access;
    if (auto load = dyn_cast<affine::AffineLoadOp>(op))
      access = AffineAccess::get(
          cast<affine::AffineReadOpInterface>(load.getOperation()));
    else if (auto store = dyn_cast<affine::AffineStoreOp>(op))
      access = AffineAccess::get(
          cast<affine::AffineWriteOpInterface>(store.getOperation()));
    else
      continue;
    if (!isInvariant(access, loop))
      continue;
    auto *it = llvm::find_if(
        candidates, [&](Accumulator &acc) { return acc.access == access; });
    if (it == candidates.end())
      it = candidates.insert(it, {access, {}});
    it->ops.push_back(&op);
  }
  llvm::erase_if(candidates, [&](Accumulator &acc) {
    // Without a store there is nothing to carry; a first store that no load
    // precedes carries nothing from one iteration to the next.
    if (!isa<affine::AffineLoadOp>(acc.ops.front()) ||
        llvm::none_of(acc.ops, llvm::IsaPred<affine::AffineStoreOp>))
      return true;
    if (isExclusive(acc, loop))
      return false;
    LLVM_DEBUG(llvm::dbgs() << "not promoted, other accesses may alias: "
                            << *acc.ops.front() << "\n");
    return true;
  });
  return candidates;
}

/// Carries `accumulators` through iter_args of `loop`.
void promote(RewriterBase &rewriter, affine::AffineForOp loop,
             ArrayRef<Accumulator> accumulators) {
  SmallVector<Value> inits;
  rewriter.setInsertionPoint(loop);
  for (const Accumulator &acc : accumulators)
    inits.push_back(affine::AffineLoadOp::create(
        rewriter, acc.ops.front()->getLoc(), acc.access.memref, acc.access.map,
        acc.access.operands));

  auto yieldAccumulators =
      [&](OpBuilder &, Location,
          ArrayRef<BlockArgument> args) -> SmallVector<Value> {
    for (auto [acc, arg] : llvm::zip_equal(accumulators, args)) {
      Value current = arg;
      for (Operation *op : acc.ops) {
        if (auto store = dyn_cast<affine::AffineStoreOp>(op))
          current = store.getValueToStore();
        else
          rewriter.replaceAllUsesWith(op->getResult(0), current);
      }
    }
    // Only now: a stored value may have been a load of another accumulator.
    SmallVector<Value> yielded;
    for (const Accumulator &acc : accumulators) {
      Operation *last = *llvm::find_if(llvm::reverse(acc.ops),
                                       llvm::IsaPred<affine::AffineStoreOp>);
      yielded.push_back(cast<affine::AffineStoreOp>(last).getValueToStore());
    }
    return yielded;
  };
  FailureOr<LoopLikeOpInterface> carried = loop.replaceWithAdditionalYields(
      rewriter, inits, /*replaceInitOperandUsesInLoop=*/false,
      yieldAccumulators);
  assert(succeeded(carried) && "affine.for takes additional iter_args");

  rewriter.setInsertionPointAfter(*carried);
  ValueRange results = (*carried)->getResults().take_back(accumulators.size());
  for (auto [acc, result] : llvm::zip_equal(accumulators, results)) {
    affine::AffineStoreOp::create(rewriter, acc.ops.front()->getLoc(), result,
                                  acc.access.memref, acc.access.map,
                                  acc.access.operands);
    for (Operation *op : acc.ops)
      rewriter.eraseOp(op);
  }
}

struct PromoteAccumulatorsPass
    : norm::impl::NormAffinePromoteAccumulatorsBase<PromoteAccumulatorsPass> {
  using NormAffinePromoteAccumulatorsBase::NormAffinePromoteAccumulatorsBase;

  void runOnOperation() override {
    // The walk is post-order, so that what an inner loop loads and stores
    // around itself is a candidate of the next loop outwards.
    SmallVector<affine::AffineForOp> loops;
    getOperation()->walk(
        [&](affine::AffineForOp loop) { loops.push_back(loop); });
    IRRewriter rewriter(&getContext());
    for (affine::AffineForOp loop : loops) {
      SmallVector<Accumulator> accumulators = findAccumulators(loop);
      if (accumulators.empty())
        continue;
      numPromoted += accumulators.size();
      promote(rewriter, loop, accumulators);
    }
  }
};

} // namespace
