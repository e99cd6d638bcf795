//===- StatisticsToLinalg.cpp - statistics to linalg.generic ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
struct ConvertFinalize : public OpRewritePattern<FinalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(FinalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> axes = getAllAxes(op.getCount());
    SmallVector<Indexed> ins, outs;
    for (Value value : op.getDpsInputs())
      ins.push_back(
          {value, value == op.getBatches() ? SmallVector<int64_t>() : axes});
    for (Value value : op.getDpsInits())
      outs.push_back({value, axes});
    GenericBuilder elementwise(rewriter, op.getLoc(),
                               // At least as wide as the running statistics,
                               // which may have to stay exactly as they are.
                               getComputeType(op.getOperands()), axes);
    rewriter.replaceOp(
        op, elementwise.build(ins, outs,
                              [&](Scalars &s, ValueRange ins, ValueRange outs) {
                                return finalize(op, s, ins, outs);
                              }));
    return success();
  }

  static SmallVector<Value> finalize(FinalizeOp op, Scalars &s, ValueRange ins,
                                     ValueRange outs) {
    Value count = s.cast(ins[0]), m2 = s.cast(ins[2]);
    Value mean = op.getShift() ? s.add(ins[3], ins[1]) : s.cast(ins[1]);
    Value variance = s.divByCount(m2, count);
    Value nan = s.constant(APFloat::getNaN(APFloat::IEEEdouble()));
    bool isEmptyNaN = op.getEmpty() == EmptyRule::NaN;
    if (isEmptyNaN) {
      mean = s.select(s.isZero(count), nan, mean);
      variance = s.select(s.isZero(count), nan, variance);
    }
    SmallVector<Value> results = {mean, variance};
    if (!op.getRunningMean())
      return results;

    Value keep = s.constant(op.getMomentum());
    APFloat rest(1.0);
    rest.subtract(op.getMomentum(), APFloat::rmNearestTiesToEven);
    Value update = s.constant(rest);
    if (op.getBatches()) {
      Value one = s.constant(1.0), seen = s.cast(ins.back());
      update = s.div(one, s.add(seen, one));
      keep = s.mul(seen, update);
    }
    // Statistics that are not known, or are to be skipped, change nothing.
    Value isKept;
    if (!isEmptyNaN)
      isKept = s.isZero(count);
    if (op.getNonfinite() == NonfiniteRule::SkipUpdate) {
      Value isSkipped = s.either(s.isNotFinite(mean), s.isNotFinite(variance));
      isKept = isKept ? s.either(isKept, isSkipped) : isSkipped;
    }
    auto blend = [&](Value running, Value value, Value isKept) {
      Value blended = s.add(s.mul(running, keep), s.mul(value, update));
      return isKept ? s.select(isKept, s.cast(running), blended) : blended;
    };
    results.push_back(blend(outs[2], mean, isKept));
    if (op.getRunningVarCorrection() == 0) {
      results.push_back(blend(outs[3], variance, isKept));
      return results;
    }
    // Of as many values as the correction takes off, no variance is known.
    Value divisor =
        s.max(s.sub(count, s.constant(op.getRunningVarCorrection())),
              s.constant(0.0));
    Value unbiased = s.divByCount(m2, divisor), isSingle = s.isZero(divisor);
    switch (op.getSingle()) {
    case SingleRule::Keep:
      // No values are fewer than the correction too, but may have to be NaN.
      if (isEmptyNaN)
        unbiased = s.select(s.isZero(count), nan, unbiased);
      isSingle = isEmptyNaN ? s.both(isSingle, s.isNotZero(count)) : isSingle;
      isKept = isKept ? s.either(isKept, isSingle) : isSingle;
      break;
    case SingleRule::NaN:
      unbiased = s.select(isSingle, nan, unbiased);
      break;
    case SingleRule::Biased:
      unbiased = s.select(isSingle, variance, unbiased);
      break;
    }
    results.push_back(blend(outs[3], unbiased, isKept));
    return results;
  }
};

struct ConvertRstd : public OpRewritePattern<RstdOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RstdOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> axes = getAllAxes(op.getVariance());
    GenericBuilder elementwise(
        rewriter, op.getLoc(),
        cast<FloatType>(getElementTypeOrSelf(op.getRstd())), axes);
    rewriter.replaceOp(
        op, elementwise.build(
                {{op.getVariance(), axes}}, {{op.getRstd(), axes}},
                [&](Scalars &s, ValueRange ins, ValueRange) {
                  return SmallVector<Value>{computeRstd(op, s, s.cast(ins[0]))};
                }));
    return success();
  }

  static Value computeRstd(RstdOp op, Scalars &s, Value variance) {
    Value epsilon = s.constant(op.getEpsilon()), divisor;
    switch (op.getEpsilonMode()) {
    case EpsilonMode::Add:
      divisor = s.add(variance, epsilon);
      break;
    case EpsilonMode::Max:
      divisor = s.max(variance, epsilon);
      break;
    case EpsilonMode::Outside:
      divisor = variance;
      break;
    }
    Value root = s.sqrt(divisor);
    if (op.getEpsilonMode() == EpsilonMode::Outside)
      divisor = root = s.add(root, epsilon);
    Value rstd = s.div(s.constant(1.0), root);
    return s.select(s.isZero(divisor), s.constant(0.0), rstd);
  }
};
} // namespace

void norm::populateStatisticsToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertFinalize, ConvertRstd>(patterns.getContext());
}
