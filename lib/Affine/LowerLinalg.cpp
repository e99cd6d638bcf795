//===- LowerLinalg.cpp - linalg ops to affine loops -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR bug: convert-linalg-to-affine-loops makes loops whose bounds are no
// affine symbols where an op of dynamic size stands in a loop; verification
// then fails. This pass uses the same conversion and repairs the bounds.
//
//===----------------------------------------------------------------------===//

#include "Norm/Affine/Passes.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINELOWERLINALG
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns true if the operands of the loop's bounds may stand in affine maps.
static bool hasValidBounds(affine::AffineForOp loop) {
  auto isValid = [](Value operand) {
    return affine::isValidDim(operand) || affine::isValidSymbol(operand);
  };
  return llvm::all_of(loop.getLowerBoundOperands(), isValid) &&
         llvm::all_of(loop.getUpperBoundOperands(), isValid);
}

namespace {
struct LowerLinalg : public norm::impl::NormAffineLowerLinalgBase<LowerLinalg> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    for (linalg::LinalgOp op : ops) {
      rewriter.setInsertionPoint(op);
      if (failed(linalg::linalgOpToAffineLoops(rewriter, op)))
        return signalPassFailure();
      rewriter.eraseOp(op);
    }
    if (failed(resolveSizes()))
      return signalPassFailure();
    makeScopes(rewriter);
  }

  /// Takes sizes from where views got them, and moves them out of loops.
  LogicalResult resolveSizes() {
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    memref::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return failure();
    getOperation()->walk(
        [](LoopLikeOpInterface loop) { moveLoopInvariantCode(loop); });
    return success();
  }

  /// Puts the nests with a loop whose bounds are not valid into affine scopes.
  void makeScopes(IRRewriter &rewriter) {
    llvm::SmallSetVector<Operation *, 4> nests;
    getOperation()->walk([&](affine::AffineForOp loop) {
      if (hasValidBounds(loop))
        return;
      Operation *outermost = loop;
      while (auto parent = outermost->getParentOfType<affine::AffineForOp>())
        outermost = parent;
      nests.insert(outermost);
    });
    for (Operation *nest : nests) {
      rewriter.setInsertionPoint(nest);
      auto scope = norm::AffineScopeOp::create(rewriter, nest->getLoc());
      Block &body = scope.getBody().emplaceBlock();
      rewriter.moveOpBefore(nest, &body, body.end());
    }
  }
};
} // namespace
