//===- NormToLinalg.cpp - kernel ops to linalg.generic ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "Norm/Conversion/Passes.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_CONVERTNORMTOLINALG
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
struct NormToLinalg : public norm::impl::ConvertNormToLinalgBase<NormToLinalg> {
  using ConvertNormToLinalgBase::ConvertNormToLinalgBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateNormToLinalgPatterns(patterns, rowMoments);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

void norm::populateNormToLinalgPatterns(RewritePatternSet &patterns,
                                        bool rowMoments) {
  populateGradientsToLinalgPatterns(patterns);
  populateMomentsToLinalgPatterns(patterns, rowMoments);
  populateShiftToLinalgPatterns(patterns);
  populateStatisticsToLinalgPatterns(patterns);
  populateNormalizeToLinalgPatterns(patterns);
}
