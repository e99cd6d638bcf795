//===- ApproximateMath.cpp - functions of math as polynomials -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Conversion/Passes.h"

#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAPPROXIMATEMATH
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// The functions whose polynomials of f32 are good to 5 units in the last place
/// of what is not subnormal. Those of the others, such as sine and cube root,
/// are far worse.
static bool isAccurate(StringRef name) {
  return llvm::is_contained(
      {math::ErfOp::getOperationName(), math::ExpOp::getOperationName(),
       math::ExpM1Op::getOperationName(), math::LogOp::getOperationName(),
       math::Log1pOp::getOperationName(), math::Log2Op::getOperationName(),
       math::TanhOp::getOperationName()},
      name);
}

namespace {
struct ApproximateMath
    : public norm::impl::NormApproximateMathBase<ApproximateMath> {
  using NormApproximateMathBase::NormApproximateMathBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateMathF32ExpansionPatterns(patterns, [](StringRef) { return true; });
    populateMathPolynomialApproximationPatterns(patterns, isAccurate);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();

    if (!calls)
      return;
    // LLVM has no intrinsics of these, or expands them in a way that loses what
    // they are for.
    RewritePatternSet conversions(&getContext());
    populateMathToLibmConversionPatterns(conversions);
    ConversionTarget target(getContext());
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    target.addIllegalOp<math::AcoshOp, math::AsinhOp, math::AtanhOp,
                        math::CbrtOp, math::ErfOp, math::ErfcOp, math::ExpM1Op,
                        math::Log1pOp>();
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(conversions))))
      signalPassFailure();
  }
};
} // namespace
