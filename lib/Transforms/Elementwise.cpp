//===- Elementwise.cpp - elementwise ops around norm ops ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::norm;

bool norm::isPointwise(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op->getNumResults() == 0 ||
      op.getNumLoops() == 0 || op.getNumParallelLoops() != op.getNumLoops() ||
      op.hasIndexSemantics())
    return false;
  AffineMap order = op.getIndexingMapsArray().back();
  return order.isPermutation() &&
         llvm::all_of(op.getIndexingMapsArray(), [&](AffineMap map) {
           return map == order || (map.isProjectedPermutation() &&
                                   map.getNumResults() < order.getNumResults());
         });
}

linalg::GenericOp norm::getPointwiseProducer(Value value) {
  auto producer = value.getDefiningOp<linalg::GenericOp>();
  return producer && isPointwise(producer) ? producer : linalg::GenericOp();
}

bool norm::canMergeInto(linalg::GenericOp producer,
                        linalg::GenericOp consumer) {
  if (producer->getBlock() != consumer->getBlock() || !isPointwise(consumer))
    return false;
  // All that consumer reads at the places of other loops is read again there.
  for (OpOperand &operand : consumer->getOpOperands())
    if (operand.get().getDefiningOp() == producer &&
        consumer.getMatchingIndexingMap(&operand).getNumResults() !=
            consumer.getNumLoops())
      return false;
  return llvm::all_of(producer->getUsers(), [&](Operation *user) {
    Operation *ancestor = consumer->getBlock()->findAncestorOpInBlock(*user);
    return ancestor &&
           (ancestor == consumer || consumer->isBeforeInBlock(ancestor));
  });
}

static LogicalResult fuse(RewriterBase &rewriter, OpOperand &operand,
                          bool replacesProducer) {
  auto producer = operand.get().getDefiningOp<linalg::GenericOp>();
  Operation *consumer = operand.getOwner();
  if (!linalg::areElementwiseOpsFusable(&operand))
    return failure();
  rewriter.setInsertionPoint(consumer);
  FailureOr<linalg::ElementwiseOpFusionResult> fused =
      linalg::fuseElementwiseOps(rewriter, &operand);
  if (failed(fused))
    return failure();
  if (producer->hasAttr(kElementwiseAttr) ||
      consumer->hasAttr(kElementwiseAttr))
    fused->fusedOp->setAttr(kElementwiseAttr, rewriter.getUnitAttr());
  for (auto [old, replacement] : fused->replacements)
    if (replacesProducer || old.getDefiningOp() == consumer)
      rewriter.replaceUsesWithIf(old, replacement, [&](OpOperand &use) {
        return use.getOwner() != fused->fusedOp && use.getOwner() != consumer;
      });
  rewriter.eraseOp(consumer);
  if (producer->use_empty())
    rewriter.eraseOp(producer);
  return success();
}

LogicalResult norm::mergeProducer(RewriterBase &rewriter, OpOperand &operand) {
  return fuse(rewriter, operand, /*replacesProducer=*/true);
}

LogicalResult norm::fuseCopyOfProducer(RewriterBase &rewriter,
                                       OpOperand &operand) {
  auto result = cast<OpResult>(operand.get());
  if (result.hasOneUse())
    return fuse(rewriter, operand, /*replacesProducer=*/false);
  if (!linalg::areElementwiseOpsFusable(&operand))
    return failure();
  // Of a producer with one use, upstream keeps no result.
  rewriter.setInsertionPoint(operand.getOwner());
  Operation *copy = rewriter.clone(*result.getOwner());
  rewriter.modifyOpInPlace(operand.getOwner(), [&] {
    operand.set(copy->getResult(result.getResultNumber()));
  });
  return fuse(rewriter, operand, /*replacesProducer=*/false);
}
