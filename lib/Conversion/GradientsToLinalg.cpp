//===- GradientsToLinalg.cpp - gradient kernels to linalg -----------------===//
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
struct ConvertGradientSums : public OpRewritePattern<GradientSumsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GradientSumsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> all = getAllAxes(op.getInput());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    SmallVector<int64_t> statistics(op.getStatisticsAxes());
    SmallVector<Indexed> ins = {{op.getOutputGradient(), all},
                                {op.getInput(), all}};
    if (op.getMean())
      ins.push_back({op.getMean(), statistics});
    // From 0, and not from the inits, so that chunks are summed in two levels.
    auto type = cast<FloatType>(getElementTypeOrSelf(op.getSum()));
    Value zeros = makeZerosLike(rewriter, op.getLoc(), op.getSum(), type);
    GenericBuilder reduce(rewriter, op.getLoc(), type,
                          concat(kept, op.getAxes()), op.getAxes());
    SmallVector<Value> sums = reduce.build(
        ins, {{zeros, kept}, {zeros, kept}},
        [&](Scalars &s, ValueRange ins, ValueRange sums) {
          Value d = op.getMean() ? s.sub(ins[1], ins[2]) : s.cast(ins[1]);
          return SmallVector<Value>{s.add(sums[0], ins[0]),
                                    s.add(sums[1], s.mul(ins[0], d))};
        });
    GenericBuilder elementwise(rewriter, op.getLoc(), type, kept);
    rewriter.replaceOp(
        op,
        elementwise.build({{sums[0], kept}, {sums[1], kept}},
                          {{op.getSum(), kept}, {op.getProduct(), kept}},
                          [](Scalars &s, ValueRange sums, ValueRange outs) {
                            return SmallVector<Value>{s.add(outs[0], sums[0]),
                                                      s.add(outs[1], sums[1])};
                          }));
    return success();
  }
};

struct ConvertGradientApply : public OpRewritePattern<GradientApplyOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GradientApplyOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> all = getAllAxes(op.getInput());
    SmallVector<int64_t> statistics(op.getStatisticsAxes());
    SmallVector<int64_t> parameters(op.getParameterAxes());
    SmallVector<Indexed> operands = {{op.getOutputGradient(), all},
                                     {op.getInput(), all}};
    for (const Indexed &operand :
         {Indexed{op.getMean(), statistics}, Indexed{op.getRstd(), statistics},
          Indexed{op.getScale(), parameters},
          Indexed{op.getGradientMean(), statistics},
          Indexed{op.getSlope(), statistics}})
      if (operand.tensor)
        operands.push_back(operand);
    SmallVector<int64_t> indexed = getOtherAxes(
        all.size(), getOtherAxes(all.size(), concat(statistics, parameters)));
    GenericBuilder apply(rewriter, op.getLoc(),
                         getComputeType(op.getOperands()),
                         getLoopOrder(all.size(), indexed));
    rewriter.replaceOp(
        op, apply.build(operands, {{op.getInputGradient(), all}},
                        [&](Scalars &s, ValueRange ins, ValueRange) {
                          return SmallVector<Value>{compute(op, s, ins)};
                        }));
    return success();
  }

  /// Computes an element from those of the operands that are present.
  static Value compute(GradientApplyOp op, Scalars &s, ValueRange ins) {
    auto take = [&](Value operand) {
      if (!operand)
        return Value();
      Value value = s.cast(ins.front());
      ins = ins.drop_front();
      return value;
    };
    Value gradient = take(op.getOutputGradient()), x = take(op.getInput());
    Value mean = take(op.getMean()), rstd = take(op.getRstd());
    Value scale = take(op.getScale());
    Value gradientMean = take(op.getGradientMean());
    Value slope = take(op.getSlope());
    gradient = scale ? s.mul(gradient, scale) : gradient;
    if (slope) {
      Value distance = mean ? s.sub(x, mean) : x;
      gradient = s.sub(s.sub(gradient, gradientMean), s.mul(distance, slope));
    }
    return rstd ? s.mul(gradient, rstd) : gradient;
  }
};
} // namespace

void norm::populateGradientsToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertGradientSums, ConvertGradientApply>(
      patterns.getContext());
}
