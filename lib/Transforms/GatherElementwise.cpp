//===- GatherElementwise.cpp - elementwise ops next to layers -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contiguity.h"
#include "Elementwise.h"
#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGATHERELEMENTWISE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Returns true if `value` is what a layer gives, or elementwise ops make of
/// it.
static bool comesFromLayer(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || isa<NormLayerOpInterface>(op))
    return op;
  if (auto reshape = dyn_cast<tensor::ExpandShapeOp>(op))
    return comesFromLayer(reshape.getSrc());
  linalg::GenericOp producer = getPointwiseProducer(value);
  return producer && llvm::any_of(producer.getInputs(), comesFromLayer);
}

/// Returns true if a layer takes `value`, or what elementwise ops make of it,
/// or an elementwise op that takes what comes from a layer, too.
static bool goesToLayer(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    if (isa<NormLayerOpInterface>(user))
      return true;
    auto generic = dyn_cast<linalg::GenericOp>(user);
    if (generic && (!isPointwise(generic) ||
                    llvm::any_of(generic.getInputs(), comesFromLayer)))
      return isPointwise(generic);
    return (generic || isa<tensor::CollapseShapeOp>(user)) &&
           llvm::any_of(user->getResults(), goesToLayer);
  });
}

namespace {
struct GeneralizeNamed : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (isa<linalg::GenericOp>(op) || !isPointwise(op))
      return rewriter.notifyMatchFailure(op, "expected a named one");
    // Most fills are initial values of sums.
    auto isInput = [](OpOperand &use) {
      auto user = dyn_cast<linalg::LinalgOp>(use.getOwner());
      return user && isPointwise(user) && user.isDpsInput(&use);
    };
    if (isa<linalg::FillOp>(op) && llvm::none_of(op->getUses(), isInput))
      return rewriter.notifyMatchFailure(op, "expected an elementwise use");
    return linalg::generalizeNamedOp(rewriter, op);
  }
};

/// Gives an op that writes to one of its inputs a tensor of its own. It may
/// then run where another op still reads this input.
struct SeparateInit : public OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (!isPointwise(op))
      return rewriter.notifyMatchFailure(op, "expected an elementwise op");
    for (OpOperand &init : op.getDpsInitsMutable()) {
      if (!llvm::is_contained(op.getInputs(), init.get()) ||
          op.payloadUsesValueFromOperand(&init))
        continue;
      Value empty = tensor::EmptyOp::create(
          rewriter, op.getLoc(),
          tensor::getMixedSizes(rewriter, op.getLoc(), init.get()),
          getElementTypeOrSelf(init.get()));
      rewriter.modifyOpInPlace(op, [&] { init.set(empty); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "expected an input as an init");
  }
};

/// Makes a number of an input that is the same everywhere.
struct UseScalar : public OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (!isPointwise(op))
      return rewriter.notifyMatchFailure(op, "expected an elementwise op");
    for (OpOperand *input : op.getDpsInputOperands()) {
      SplatElementsAttr splat;
      if (!matchPattern(input->get(), m_Constant(&splat)))
        continue;
      Value scalar = arith::ConstantOp::create(
          rewriter, op.getLoc(), splat.getSplatValue<TypedAttr>());
      SmallVector<AffineMap> maps = op.getIndexingMapsArray();
      maps[input->getOperandNumber()] =
          AffineMap::get(op.getNumLoops(), 0, rewriter.getContext());
      rewriter.modifyOpInPlace(op, [&] {
        input->set(scalar);
        op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "expected a constant input");
  }
};

/// Makes one op of two where no other op needs what stands between them.
struct JoinChain : public OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (!isPointwise(op))
      return rewriter.notifyMatchFailure(op, "expected an elementwise op");
    for (OpOperand *input : op.getDpsInputOperands()) {
      linalg::GenericOp producer = getPointwiseProducer(input->get());
      // What lacks axes is computed once for each of its elements.
      if (producer && producer->getBlock() == op->getBlock() &&
          (producer.getNumLoops() == op.getNumLoops() ||
           producer.getNumDpsInputs() == 0) &&
          llvm::all_of(producer->getUsers(),
                       [&](Operation *user) { return user == op; }) &&
          succeeded(mergeProducer(rewriter, *input)))
        return success();
    }
    return rewriter.notifyMatchFailure(op, "expected a producer for it alone");
  }
};

struct GatherElementwise
    : public norm::impl::NormGatherElementwiseBase<GatherElementwise> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<GeneralizeNamed, SeparateInit, UseScalar, JoinChain>(
        &getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(
        patterns, [](OpOperand *operand) { return canCollapse(*operand); });
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns,
                                                         &getContext());
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    // Sizes of results would be uses of these, in other places.
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation()->walk([](linalg::GenericOp op) {
      if (isPointwise(op))
        op->setAttr(kElementwiseAttr, UnitAttr::get(op.getContext()));
    });
  }

  /// Returns true if the elementwise op before or after a reshape, of which
  /// `operand` is the use of the first in the second, is to be moved to the
  /// side of the layer.
  static bool canCollapse(OpOperand &operand) {
    auto op = dyn_cast<linalg::GenericOp>(operand.getOwner());
    bool isConsumer = op != nullptr;
    if (!isConsumer)
      op = getPointwiseProducer(operand.get());
    // Of memory with gaps, the axes cannot be merged.
    if (!op || !isPointwise(op) ||
        !llvm::all_of(op->getOperands(), isContiguous))
      return false;
    return isConsumer ? comesFromLayer(operand.get())
                      : goesToLayer(operand.getOwner()->getResult(0));
  }
};
} // namespace
