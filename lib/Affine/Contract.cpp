//===- Contract.cpp - Products and sums into fma --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// norm-affine-contract. Upstream has math-uplift-to-fma, which needs a contract
// flag on both ops, which nothing that lowers linalg sets, and knows only the
// sum; with a flag LLVM would contract across whatever it inlines.
//
//===----------------------------------------------------------------------===//

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINECONTRACT
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {

/// The product behind `value` if `user` may absorb it.
arith::MulFOp getContractibleProduct(Value value, Operation *user) {
  auto product = value.getDefiningOp<arith::MulFOp>();
  Type element = getElementTypeOrSelf(value.getType());
  // Out of another block it would move into a loop, perhaps.
  if (!product || !value.hasOneUse() ||
      product->getBlock() != user->getBlock() ||
      !(element.isF32() || element.isF64()))
    return {};
  return product;
}

/// Rewrites a * b + c, c + a * b, a * b - c or c - a * b.
void contract(RewriterBase &rewriter, Operation *op) {
  bool isSub = isa<arith::SubFOp>(op);
  for (unsigned position : {0, 1}) {
    arith::MulFOp product =
        getContractibleProduct(op->getOperand(position), op);
    if (!product)
      continue;
    rewriter.setInsertionPoint(op);
    Value lhs = product.getLhs();
    Value other = op->getOperand(1 - position);
    // Negation is exact, and the instruction sets have all four sign variants.
    if (isSub && position == 0)
      other = arith::NegFOp::create(rewriter, op->getLoc(), other);
    else if (isSub)
      lhs = arith::NegFOp::create(rewriter, op->getLoc(), lhs);
    rewriter.replaceOpWithNewOp<math::FmaOp>(op, lhs, product.getRhs(), other);
    rewriter.eraseOp(product);
    return;
  }
}

struct ContractPass : norm::impl::NormAffineContractBase<ContractPass> {
  using NormAffineContractBase::NormAffineContractBase;

  void runOnOperation() override {
    SmallVector<Operation *> sums;
    getOperation()->walk([&](Operation *op) {
      if (isa<arith::AddFOp, arith::SubFOp>(op))
        sums.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : sums)
      contract(rewriter, op);
  }
};

} // namespace
