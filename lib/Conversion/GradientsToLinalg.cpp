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
Value mulIfPresent(Scalars &s, Value value, Value factor) {
  return factor ? s.mul(value, factor) : value;
}

/// Replaces `op` by its inits plus `sums`, added in the type `type`.
template <typename OpTy>
void replaceBySums(OpTy op, PatternRewriter &rewriter, FloatType type,
                   ArrayRef<Value> sums) {
  SmallVector<int64_t> kept = getAllAxes(op.getSum());
  GenericBuilder elementwise(rewriter, op.getLoc(), type, kept);
  rewriter.replaceOp(
      op,
      elementwise.build({{sums[0], kept}, {sums[1], kept}},
                        {{op.getSum(), kept}, {op.getProduct(), kept}},
                        [](Scalars &s, ValueRange sums, ValueRange outs) {
                          return SmallVector<Value>{s.add(outs[0], sums[0]),
                                                    s.add(outs[1], sums[1])};
                        }));
}

struct ConvertGradientSums : public OpRewritePattern<GradientSumsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GradientSumsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> all = getAllAxes(op.getInput());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    SmallVector<int64_t> statistics(op.getStatisticsAxes());
    SmallVector<int64_t> parameters(op.getParameterAxes());
    SmallVector<int64_t> maskAxes(op.getMaskAxes());
    SmallVector<Indexed> operands = getPresent({{op.getOutputGradient(), all},
                                                {op.getInput(), all},
                                                {op.getMean(), statistics},
                                                {op.getRstd(), statistics},
                                                {op.getScale(), parameters},
                                                {op.getMask(), maskAxes}});
    // From 0, and not from the inits, so that chunks are summed in two levels.
    FloatType type = op.getAccumulatorType();
    Value zeros = makeZerosLike(rewriter, op.getLoc(), op.getSum(), type);
    SmallVector<Value> computed(op.getDpsInputs());
    computed.push_back(zeros);
    GenericBuilder reduce(rewriter, op.getLoc(), getComputeType(computed),
                          concat(kept, op.getAxes()), op.getAxes());
    SmallVector<Value> sums = reduce.build(
        operands, {{zeros, kept}, {zeros, kept}},
        [&](Scalars &s, ValueRange ins, ValueRange sums) {
          Scalars adder(s.builder, s.loc, type);
          Elements elements(s, ins);
          Value gradient = elements.take(op.getOutputGradient());
          Value x = elements.take(op.getInput());
          if (Value mean = elements.take(op.getMean()))
            x = s.sub(x, mean);
          x = mulIfPresent(s, x, elements.take(op.getRstd()));
          gradient = mulIfPresent(s, gradient, elements.take(op.getScale()));
          Value mask = elements.take(op.getMask());
          Value product = s.zeroUnless(mask, s.mul(gradient, x));
          return SmallVector<Value>{
              adder.add(sums[0], s.zeroUnless(mask, gradient)),
              adder.add(sums[1], product)};
        });
    replaceBySums(op, rewriter,
                  cast<FloatType>(getElementTypeOrSelf(op.getSum())), sums);
    return success();
  }
};

struct ConvertCombineGradientSums
    : public OpRewritePattern<CombineGradientSumsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CombineGradientSumsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> all = getAllAxes(op.getPartialSum());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    SmallVector<int64_t> statistics(op.getStatisticsAxes());
    SmallVector<int64_t> parameters(op.getParameterAxes());
    SmallVector<Indexed> operands = getPresent({{op.getPartialSum(), all},
                                                {op.getPartialProduct(), all},
                                                {op.getRstd(), statistics},
                                                {op.getScale(), parameters}});
    // Partial sums are few, and may cancel: f64 costs little here.
    FloatType wide = rewriter.getF64Type();
    Value zeros = makeZerosLike(rewriter, op.getLoc(), op.getSum(), wide);
    GenericBuilder reduce(rewriter, op.getLoc(), wide,
                          getLoopOrder(all.size(), kept), op.getAxes());
    SmallVector<Value> sums = reduce.build(
        operands, {{zeros, kept}, {zeros, kept}},
        [&](Scalars &s, ValueRange ins, ValueRange sums) {
          Elements elements(s, ins);
          Value sum = elements.take(op.getPartialSum());
          Value product = elements.take(op.getPartialProduct());
          product = mulIfPresent(s, product, elements.take(op.getRstd()));
          Value scale = elements.take(op.getScale());
          return SmallVector<Value>{
              s.add(sums[0], mulIfPresent(s, sum, scale)),
              s.add(sums[1], mulIfPresent(s, product, scale))};
        });
    replaceBySums(op, rewriter, wide, sums);
    return success();
  }
};

struct ConvertGradientFinalize : public OpRewritePattern<GradientFinalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GradientFinalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> all = getAllAxes(op.getSum());
    GenericBuilder elementwise(rewriter, op.getLoc(),
                               getComputeType(op.getOperands()), all);
    rewriter.replaceOp(
        op, elementwise.build(
                getPresent({{op.getSum(), all},
                            {op.getProduct(), all},
                            {op.getRstd(), all},
                            {op.getCount(), all},
                            {op.getVariance(), all}}),
                {{op.getGradientMean(), all}, {op.getSlope(), all}},
                [&](Scalars &s, ValueRange ins, ValueRange) {
                  Value count = s.cast(ins[3]);
                  // Multiplied one by one, because rstd^2 might overflow.
                  Value product =
                      s.mul(s.mul(ins[1], ins[2]), computeFactor(op, s, ins));
                  return SmallVector<Value>{s.divByCount(ins[0], count),
                                            s.divByCount(product, count)};
                }));
    return success();
  }

  /// Returns -2 / rstd^2 times the derivative of rstd in the variance, which is
  /// rstd where epsilon is added to the variance.
  static Value computeFactor(GradientFinalizeOp op, Scalars &s,
                             ValueRange ins) {
    Value rstd = s.cast(ins[2]), zero = s.constant(0.0);
    switch (op.getEpsilonMode()) {
    case EpsilonMode::Add:
      return rstd;
    case EpsilonMode::Max: {
      Value isLarger = s.isGreater(s.cast(ins[4]), s.constant(op.getEpsilon()));
      return s.select(isLarger, rstd, zero);
    }
    case EpsilonMode::Outside: {
      Value variance = s.cast(ins[4]);
      Value factor = s.div(s.constant(1.0), s.sqrt(variance));
      return s.select(s.isZero(variance), zero, factor);
    }
    }
    llvm_unreachable("unknown place of epsilon");
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
    SmallVector<int64_t> maskAxes(op.getMaskAxes());
    SmallVector<Indexed> operands =
        getPresent({{op.getOutputGradient(), all},
                    {op.getInput(), all},
                    {op.getMean(), statistics},
                    {op.getRstd(), statistics},
                    {op.getScale(), parameters},
                    {op.getGradientMean(), statistics},
                    {op.getSlope(), statistics},
                    {op.getMask(), maskAxes}});
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
    Elements elements(s, ins);
    Value gradient = elements.take(op.getOutputGradient());
    Value x = elements.take(op.getInput()), mean = elements.take(op.getMean());
    Value rstd = elements.take(op.getRstd());
    gradient = mulIfPresent(s, gradient, elements.take(op.getScale()));
    Value gradientMean = elements.take(op.getGradientMean());
    Value slope = elements.take(op.getSlope());
    Value mask = elements.take(op.getMask());
    Value direct = gradient;
    if (gradientMean)
      gradient = s.sub(gradient, gradientMean);
    if (slope) {
      Value distance = mean ? s.sub(x, mean) : x;
      gradient = s.sub(gradient, s.mul(distance, slope));
    }
    if (op.getUnselected() == UnselectedRule::Zero)
      return s.zeroUnless(mask, mulIfPresent(s, gradient, rstd));
    gradient = mask ? s.select(mask, gradient, direct) : gradient;
    return mulIfPresent(s, gradient, rstd);
  }
};
} // namespace

void norm::populateGradientsToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertGradientSums, ConvertCombineGradientSums,
               ConvertGradientFinalize, ConvertGradientApply>(
      patterns.getContext());
}
