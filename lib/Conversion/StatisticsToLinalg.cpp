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
    // At least as wide as the running statistics, which may have to stay
    // exactly as they are.
    FloatType type = getComputeType(op.getOperands());
    GenericBuilder elementwise(rewriter, op.getLoc(), type, axes);
    bool hasGhosts = op.getGhostAxis() && op.getRunningMean();
    ArrayRef<Indexed> here(outs);
    SmallVector<Value> results = elementwise.build(
        ins, hasGhosts ? here.take_front(2) : here,
        [&](Scalars &s, ValueRange ins, ValueRange outs) {
          SmallVector<Value> statistics = computeStatistics(op, s, ins);
          if (outs.size() > statistics.size())
            llvm::append_range(statistics,
                               update(op, s, ins, outs.drop_front(2)));
          return statistics;
        });
    if (hasGhosts)
      llvm::append_range(results, updateByGhosts(op, rewriter, ins, type));
    rewriter.replaceOp(op, results);
    return success();
  }

  /// Returns the running statistics after those of all sub-batches.
  static SmallVector<Value> updateByGhosts(FinalizeOp op, OpBuilder &builder,
                                           ArrayRef<Indexed> ins,
                                           FloatType type) {
    Location loc = op.getLoc();
    int64_t axis = *op.getGhostAxis();
    SmallVector<int64_t> kept = getOtherAxes(getRank(op.getCount()), axis);
    // The sub-batches inside, one after the other.
    GenericBuilder reduce(builder, loc, type, concat(kept, axis), axis);
    SmallVector<Indexed> running = {{op.getRunningMean(), kept},
                                    {op.getRunningVariance(), kept}};
    if (op.getGhostUpdate() == GhostUpdate::Sequential)
      return reduce.build(ins, running,
                          [&](Scalars &s, ValueRange ins, ValueRange outs) {
                            return update(op, s, ins, outs, kept.size());
                          });

    // The average of the changes, so that what does not change is kept as it
    // is.
    Value number =
        makeFloat(builder, loc, type,
                  tensor::getMixedSize(builder, loc, op.getCount(), axis));
    SmallVector<Indexed> all(ins);
    llvm::append_range(all, running);
    Value zeros = makeZerosLike(builder, loc, op.getRunningMean(), type);
    SmallVector<Value> changes = reduce.build(
        all, {{zeros, kept}, {zeros, kept}},
        [&](Scalars &s, ValueRange values, ValueRange sums) {
          ValueRange old = values.take_back(2);
          SmallVector<Value> results = update(op, s, values.drop_back(2), old);
          for (auto [result, before, sum] : llvm::zip_equal(results, old, sums))
            result = s.add(sum, s.divByCount(s.sub(result, before), number));
          return results;
        });
    return GenericBuilder(builder, loc, type, kept)
        .build({{changes[0], kept}, {changes[1], kept}}, running,
               [](Scalars &s, ValueRange changes, ValueRange outs) {
                 return SmallVector<Value>{s.add(outs[0], changes[0]),
                                           s.add(outs[1], changes[1])};
               });
  }

  static SmallVector<Value> computeStatistics(FinalizeOp op, Scalars &s,
                                              ValueRange ins) {
    Value count = s.cast(ins[0]), m2 = s.cast(ins[2]);
    Value mean = op.getShift() ? s.add(ins[3], ins[1]) : s.cast(ins[1]);
    Value variance = s.divByCount(m2, count);
    Value nan = s.constant(APFloat::getNaN(APFloat::IEEEdouble()));
    if (op.getEmpty() == EmptyRule::NaN) {
      mean = s.select(s.isZero(count), nan, mean);
      variance = s.select(s.isZero(count), nan, variance);
    }
    return {mean, variance};
  }

  /// Returns the running statistics `running` after the statistics of one
  /// batch. If `loop` is given, it counts the batches before.
  static SmallVector<Value> update(FinalizeOp op, Scalars &s, ValueRange ins,
                                   ValueRange running,
                                   std::optional<int64_t> loop = std::nullopt) {
    SmallVector<Value> statistics = computeStatistics(op, s, ins), results;
    Value mean = statistics[0], variance = statistics[1];
    Value count = s.cast(ins[0]), m2 = s.cast(ins[2]);
    Value nan = s.constant(APFloat::getNaN(APFloat::IEEEdouble()));
    bool isEmptyNaN = op.getEmpty() == EmptyRule::NaN;
    Value keep = s.constant(op.getMomentum());
    APFloat rest(1.0);
    rest.subtract(op.getMomentum(), APFloat::rmNearestTiesToEven);
    Value update = s.constant(rest);
    if (op.getBatches()) {
      Value one = s.constant(1.0), seen = s.cast(ins.back());
      if (loop)
        seen = s.add(
            seen,
            makeFloat(
                s.builder, s.loc, s.type,
                linalg::IndexOp::create(s.builder, s.loc, *loop).getResult()));
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
      blended = s.fit(blended, running.getType());
      return isKept ? s.select(isKept, s.cast(running), blended) : blended;
    };
    results.push_back(blend(running[0], mean, isKept));
    if (op.getRunningVarCorrection() == 0) {
      results.push_back(blend(running[1], variance, isKept));
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
    results.push_back(blend(running[1], unbiased, isKept));
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
