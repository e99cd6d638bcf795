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
      ins.push_back({value, axes});
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
    SmallVector<Value> results = {mean, variance};
    if (!op.getRunningMean())
      return results;
    // Without values, nothing is known; with as many values as the correction
    // takes off, nothing is known of the variance.
    APFloat update(1.0);
    update.subtract(op.getMomentum(), APFloat::rmNearestTiesToEven);
    auto blend = [&](Value running, Value value, Value divisor) {
      Value blended = s.add(s.mul(running, s.constant(op.getMomentum())),
                            s.mul(value, s.constant(update)));
      return s.select(s.isZero(divisor), s.cast(running), blended);
    };
    results.push_back(blend(outs[2], mean, count));
    int64_t correction = op.getRunningVarCorrection();
    Value divisor = correction ? s.max(s.sub(count, s.constant(correction)),
                                       s.constant(0.0))
                               : count;
    results.push_back(blend(outs[3], s.divByCount(m2, divisor), divisor));
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
        op,
        elementwise.build({{op.getVariance(), axes}}, {{op.getRstd(), axes}},
                          [&](Scalars &s, ValueRange ins, ValueRange) {
                            Value sum =
                                s.add(ins[0], s.constant(op.getEpsilon()));
                            Value rstd = s.div(s.constant(1.0), s.sqrt(sum));
                            return SmallVector<Value>{
                                s.select(s.isZero(sum), s.constant(0.0), rstd)};
                          }));
    return success();
  }
};
} // namespace

void norm::populateStatisticsToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertFinalize, ConvertRstd>(patterns.getContext());
}
