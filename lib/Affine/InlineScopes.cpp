//===- InlineScopes.cpp - affine scopes to what is in them ----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Affine/Passes.h"
#include "Norm/IR/Norm.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEINLINESCOPES
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct InlineScopes
    : public norm::impl::NormAffineInlineScopesBase<InlineScopes> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Post-order, so that a scope in a scope goes first.
    getOperation()->walk([&](norm::AffineScopeOp scope) {
      rewriter.inlineBlockBefore(&scope.getBody().front(), scope);
      rewriter.eraseOp(scope);
    });
  }
};
} // namespace
