//===- Vectorize.cpp - Vectorization of affine loops ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR bug: affine-super-vectorize writes past the
// bound of a loop that is not a multiple of the vector size (see
// test/Affine/vectorize-run.mlir), has one accumulator chain and a mask in each
// iteration, and has no outer-loop form for reductions in registers;
// affine-loop-unroll would give several accumulators, but hands the wrong
// values to its clean-up loop where there is more than one iter_arg.
//
//===----------------------------------------------------------------------===//

#include "Norm/Affine/Passes.h"
#include "VectorizeAnalysis.h"

#include "mlir/Dialect/Affine/LoopUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEVECTORIZE
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

struct VectorizePass : norm::impl::NormAffineVectorizeBase<VectorizePass> {
  using NormAffineVectorizeBase::NormAffineVectorizeBase;

  void runOnOperation() override {
    if (unroll == 0 || outerUnroll == 0 || vectorBits < 16) {
      getOperation()->emitError("expected unroll and outer-unroll to be at "
                                "least 1 and vector-bits to be at least 16, "
                                "but got ")
          << unroll.getValue() << ", " << outerUnroll.getValue() << " and "
          << vectorBits.getValue();
      return signalPassFailure();
    }

    // Loops of one iteration, which unit dimensions leave, hide the loop that
    // is worth it.
    SmallVector<affine::AffineForOp> loops;
    getOperation()->walk(
        [&](affine::AffineForOp loop) { loops.push_back(loop); });
    for (affine::AffineForOp loop : loops)
      (void)affine::promoteIfSingleIteration(loop);

    // Post-order: innermost loops first. Around vector code nothing qualifies.
    loops.clear();
    getOperation()->walk(
        [&](affine::AffineForOp loop) { loops.push_back(loop); });
    IRRewriter rewriter(&getContext());
    DenseSet<Operation *> replaced;
    for (affine::AffineForOp loop : loops) {
      if (replaced.contains(loop) ||
          (marked && !loop->removeAttr(kVectorAttrName)))
        continue;
      FailureOr<VectorizableLoop> info = analyzeLoop(loop, vectorBits, marked);
      if (failed(info))
        continue;
      for (affine::AffineForOp carrier : info->carriers)
        replaced.insert(carrier);
      vectorizeLoop(rewriter, *info, chooseUnroll(*info));
      ++numVectorized;
    }
  }

  /// Returns the number of vectors in one iteration of the main loop. A
  /// reduction needs several, whose additions do not wait for each other; what
  /// is elementwise does not. Around inner loops, all or an equal part of a row
  /// is best, because every strip of it that is left over goes through the
  /// inner loops again, unless these are short.
  unsigned chooseUnroll(const VectorizableLoop &info) {
    affine::AffineForOp loop = info.loop;
    if (loop.getOps<affine::AffineForOp>().empty())
      return info.reductions.empty() ? 1 : unroll;
    if (info.hasShortInnerLoops)
      return 1;
    if (!info.tripCount)
      return std::min(outerUnroll.getValue(), 8u);
    // Accumulators that find no register cost more than another strip.
    unsigned accumulators = 1;
    for (auto inner : loop.getOps<affine::AffineForOp>())
      accumulators = std::max(accumulators, inner.getNumRegionIterArgs());
    int64_t limit = std::max(outerUnroll / accumulators, 1u);
    int64_t vectors = *info.tripCount / info.vectorLength;
    for (int64_t count = limit; count > limit / 2; --count)
      if (vectors % count == 0 && vectors > 0)
        return count;
    return limit;
  }
};

} // namespace
