//===- MomentsToLinalg.cpp - moments to linalg.generic ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "RowMoments.h"

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::norm;

/// Combines the moments in `outs` with others given by their count, mean and
/// M2 (Chan, Golub, LeVeque 1983, equations 2.1a and 2.1b).
static SmallVector<Value> combine(Scalars &s, ValueRange outs, Value count,
                                  Value mean, Value m2) {
  Value total = s.add(outs[0], count);
  Value weight = s.divByCount(count, total);
  Value delta = s.sub(mean, outs[1]);
  // In this order, no values so far give 0 also where the square overflows.
  Value between = s.mul(delta, s.mul(delta, s.mul(outs[0], weight)));
  // The distance of two finite means might be infinite; their shares are not.
  Value step = s.sub(s.mul(mean, weight), s.mul(outs[1], weight));
  return {total, s.add(outs[1], step), s.add(outs[2], s.add(m2, between))};
}

/// Returns M2 from a sum of squares about a value that is `distance` below the
/// mean. It is not negative, and infinite where the sum is.
static Value takeM2(Scalars &s, Value squares, Value distance, Value count) {
  Value excess = s.mul(s.mul(distance, distance), count);
  Value m2 = s.max(s.sub(squares, excess), s.constant(0.0));
  return s.select(s.isInfinity(squares), squares, m2);
}

namespace {
struct ConvertShift : public OpRewritePattern<ShiftOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShiftOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    auto type = cast<FloatType>(getElementTypeOrSelf(op.getShift()));
    Value init = makeZerosLike(rewriter, loc, op.getShift(), type);
    if (llvm::is_contained(
            cast<RankedTensorType>(op.getInput().getType()).getShape(), 0)) {
      rewriter.replaceOp(op, init);
      return success();
    }
    SmallVector<int64_t> kept =
        getOtherAxes(getRank(op.getInput()), op.getAxes());
    GenericBuilder generic(rewriter, loc, type,
                           getLoopOrder(getRank(op.getInput()), kept),
                           op.getAxes());
    // The first value, as a sum so that an empty axis gives 0; then the mean
    // distance of some values from it, which is exactly 0 where all are equal.
    // Halves, as the distance of two finite values might be infinite.
    OpFoldResult one;
    Value firstSlice = takeFirst(op, rewriter, 1, one);
    Value first =
        generic.build({{firstSlice, getAllAxes(firstSlice)}}, {{init, kept}},
                      [&](Scalars &s, ValueRange ins, ValueRange outs) {
                        Value value =
                            Distance(s, op.getInput()).get(ins[0], {});
                        return SmallVector<Value>{s.add(outs[0], value)};
                      })[0];
    OpFoldResult count;
    Value samples = takeFirst(op, rewriter, ShiftOp::kSamples, count);
    Value number = makeFloat(rewriter, loc, type, count);
    Value mean = generic.build(
        {{samples, getAllAxes(samples)}, {first, kept}}, {{first, kept}},
        [&](Scalars &s, ValueRange ins, ValueRange outs) {
          Value value = Distance(s, op.getInput()).get(ins[0], {});
          Value share =
              s.sub(s.divByCount(value, number), s.divByCount(ins[1], number));
          return SmallVector<Value>{s.add(outs[0], share)};
        })[0];
    SmallVector<int64_t> axes = getAllAxes(mean);
    rewriter.replaceOp(op,
                       GenericBuilder(rewriter, loc, type, axes, {})
                           .build({}, {{mean, axes}},
                                  [&](Scalars &s, ValueRange, ValueRange outs) {
                                    Distance d(s, op.getInput());
                                    return SmallVector<Value>{
                                        d.scale(outs[0], d.getUnit())};
                                  }));
    return success();
  }

  /// Returns up to `most` values along the last reduced axis and one along each
  /// other, none if an axis is empty. `count` is their number along the last.
  static Value takeFirst(ShiftOp op, OpBuilder &builder, int64_t most,
                         OpFoldResult &count) {
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, op.getInput());
    count = builder.getIndexAttr(1);
    for (int64_t axis : op.getAxes()) {
      AffineExpr limit =
          builder.getAffineConstantExpr(axis == op.getAxes().back() ? most : 1);
      AffineMap min = AffineMap::get(
          0, 1, {builder.getAffineSymbolExpr(0), limit}, builder.getContext());
      sizes[axis] =
          affine::makeComposedFoldedAffineMin(builder, loc, min, {sizes[axis]});
      count = sizes[axis];
    }
    SmallVector<OpFoldResult> zeros(sizes.size(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(sizes.size(), builder.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(builder, loc, op.getInput(), zeros,
                                          sizes, ones);
  }
};

/// The number of values that each statistic is taken of, and 1 / number:
/// scalars, or tensors with the axes `axes` where a mask tells.
struct Count {
  Value number, share;
  SmallVector<int64_t> axes;
  bool isTensor = false;

  /// The operands of a generic op that takes elements of them.
  Indexed getNumber() const { return {isTensor ? number : Value(), axes}; }
  Indexed getShare() const { return {isTensor ? share : Value(), axes}; }
  Value takeNumber(Elements &elements) const {
    return isTensor ? elements.take(number) : number;
  }
  Value takeShare(Elements &elements) const {
    return isTensor ? elements.take(share) : share;
  }
};

struct ConvertMoments : public OpRewritePattern<MomentsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MomentsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    FloatType type = op.getAccumulatorType();
    SmallVector<int64_t> all = getAllAxes(op.getInput());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    GenericBuilder reduce(rewriter, loc, type, concat(kept, op.getAxes()),
                          op.getAxes());
    GenericBuilder elementwise(
        rewriter, loc, cast<FloatType>(getElementTypeOrSelf(op.getMean())),
        kept);
    Count count = makeCount(op, rewriter, type);
    Value zeros = makeZerosLike(rewriter, loc, op.getMean(), type);
    SmallVector<Indexed> ins =
        getPresent({{op.getInput(), all},
                    {op.getShift(), kept},
                    {op.getMask(), SmallVector<int64_t>(op.getMaskAxes())}});
    auto takeDistance = [&](Scalars &s, Elements &elements) {
      Value x = elements.take(op.getInput());
      return Distance(s, op.getInput()).get(x, elements.take(op.getShift()));
    };
    // Adds shares of distances, which cannot overflow, and their squares.
    auto addBoth = [&](Scalars &s, ValueRange sums, Value d, Value share) {
      return SmallVector<Value>{s.add(sums[0], s.mul(d, share)),
                                s.add(sums[1], s.mul(d, d))};
    };
    // From the units of the distances to those of the values, in the type that
    // sums them; then added to what the inits hold, in their type.
    SmallVector<Indexed> outs = {
        {op.getCount(), kept}, {op.getMean(), kept}, {op.getM2(), kept}};
    auto finish = [&](ArrayRef<Indexed> parts, auto makeMeanAndM2) {
      SmallVector<Indexed> operands(parts);
      if (count.isTensor)
        operands.push_back(count.getNumber());
      rewriter.replaceOp(
          op, elementwise.build(
                  operands, outs,
                  [&](Scalars &adder, ValueRange ins, ValueRange outs) {
                    Scalars s(adder.builder, adder.loc, type);
                    Elements elements(s, ins.drop_front(parts.size()));
                    Value number = count.takeNumber(elements);
                    auto [mean, m2] = makeMeanAndM2(s, ins, number);
                    Distance d(s, op.getInput());
                    double unit = d.getUnit();
                    if (unit != 1)
                      mean = s.saturate(d.scale(mean, unit));
                    return combine(adder, outs, number, mean,
                                   d.scale(m2, unit * unit));
                  }));
      return success();
    };

    if (op.getUncentered()) {
      Value squares =
          reduce.build(ins, {{zeros, kept}},
                       [&](Scalars &s, ValueRange values, ValueRange sums) {
                         Elements elements(s, values);
                         Value d = takeDistance(s, elements);
                         d = s.zeroUnless(elements.take(op.getMask()), d);
                         return SmallVector<Value>{s.add(sums[0], s.mul(d, d))};
                       })[0];
      return finish({{squares, kept}}, [&](Scalars &s, ValueRange ins, Value) {
        return std::pair<Value, Value>(s.constant(0.0), ins[0]);
      });
    }

    if (count.isTensor)
      ins.push_back(count.getShare());
    if (op.getVariance() == VarianceAlgorithm::Fast) {
      SmallVector<Value> sums =
          reduce.build(ins, {{zeros, kept}, {zeros, kept}},
                       [&](Scalars &s, ValueRange values, ValueRange sums) {
                         Elements elements(s, values);
                         Value d = takeDistance(s, elements);
                         d = s.zeroUnless(elements.take(op.getMask()), d);
                         return addBoth(s, sums, d, count.takeShare(elements));
                       });
      return finish({{sums[0], kept}, {sums[1], kept}},
                    [&](Scalars &s, ValueRange sums, Value number) {
                      return std::pair<Value, Value>(
                          sums[0], takeM2(s, sums[1], sums[0], number));
                    });
    }

    if (std::optional<int64_t> rowAxis = getRowAxis(op)) {
      auto [mean, m2] = buildRowMoments(op, rewriter, *rowAxis);
      return finish({{mean, kept}, {m2, kept}},
                    [](Scalars &, ValueRange ins, Value) {
                      return std::pair<Value, Value>(ins[0], ins[1]);
                    });
    }

    Value mean =
        reduce.build(ins, {{zeros, kept}},
                     [&](Scalars &s, ValueRange values, ValueRange sums) {
                       Elements elements(s, values);
                       Value d = takeDistance(s, elements);
                       d = s.zeroUnless(elements.take(op.getMask()), d);
                       return SmallVector<Value>{
                           s.add(sums[0], s.mul(d, count.takeShare(elements)))};
                     })[0];
    // The second pass also finds what rounding has left of the mean (the
    // corrected two-pass algorithm, Chan, Golub, LeVeque 1983, equation 1.7).
    ins.push_back({mean, kept});
    SmallVector<Value> sums =
        reduce.build(ins, {{zeros, kept}, {zeros, kept}},
                     [&](Scalars &s, ValueRange values, ValueRange sums) {
                       Elements elements(s, values);
                       Value d =
                           s.sub(takeDistance(s, elements), values.back());
                       d = s.zeroUnless(elements.take(op.getMask()), d);
                       return addBoth(s, sums, d, count.takeShare(elements));
                     });
    return finish({{mean, kept}, {sums[0], kept}, {sums[1], kept}},
                  [&](Scalars &s, ValueRange ins, Value number) {
                    Value m2 = takeM2(s, ins[2], ins[1], number);
                    return std::pair<Value, Value>(s.add(ins[0], ins[1]), m2);
                  });
  }

  static Count makeCount(MomentsOp op, OpBuilder &builder, FloatType type) {
    Location loc = op.getLoc();
    SmallVector<int64_t> unmasked = llvm::to_vector(
        llvm::make_filter_range(op.getAxes(), [&](int64_t axis) {
          return !llvm::is_contained(op.getMaskAxes(), axis);
        }));
    // Those that share an element of the mask, or all.
    Value alike =
        makeFloat(builder, loc, type,
                  countElements(builder, loc, op.getInput(), unmasked));
    Scalars scalars(builder, loc, type);
    if (!op.getMask())
      return {alike, scalars.divByCount(scalars.constant(1.0), alike), {}};
    Count count;
    count.isTensor = true;
    SmallVector<int64_t> summed;
    for (auto [i, axis] : llvm::enumerate(op.getMaskAxes()))
      llvm::is_contained(op.getAxes(), axis) ? summed.push_back(i)
                                             : count.axes.push_back(axis);
    Value selected = countSelected(builder, loc, op.getMask(), summed);
    Value init = makeEmptyLike(builder, loc, selected, type);
    SmallVector<Value> counts =
        GenericBuilder(builder, loc, type, count.axes)
            .build({{selected, count.axes}},
                   {{init, count.axes}, {init, count.axes}},
                   [&](Scalars &s, ValueRange ins, ValueRange) {
                     Value number = s.mul(ins[0], alike);
                     return SmallVector<Value>{
                         number, s.divByCount(s.constant(1.0), number)};
                   });
    count.number = counts[0];
    count.share = counts[1];
    return count;
  }
};

struct ConvertCombineMoments : public OpRewritePattern<CombineMomentsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CombineMomentsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    SmallVector<int64_t> all = getAllAxes(op.getPartialCount());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    // Partial moments are few, and their sums are long: f64 costs little here,
    // and keeps their number from costing accuracy.
    FloatType wide = rewriter.getF64Type();
    GenericBuilder reduce(rewriter, loc, wide, getLoopOrder(all.size(), kept),
                          op.getAxes());
    GenericBuilder elementwise(rewriter, loc, wide, kept);
    Value zeros = makeZerosLike(rewriter, loc, op.getMean(), wide);

    // The weighted mean of the means first, then the distances from it: as
    // accurate as combining one by one, in any order.
    SmallVector<Value> sums = reduce.build(
        {{op.getPartialCount(), all}, {op.getPartialMean(), all}},
        {{zeros, kept}, {zeros, kept}},
        [](Scalars &s, ValueRange ins, ValueRange sums) {
          return SmallVector<Value>{s.add(sums[0], ins[0]),
                                    s.add(sums[1], s.mul(ins[0], ins[1]))};
        });
    Value empty = makeEmptyLike(rewriter, loc, op.getMean(), wide);
    Value mean = elementwise.build(
        {{sums[0], kept}, {sums[1], kept}}, {{empty, kept}},
        [](Scalars &s, ValueRange sums, ValueRange) {
          return SmallVector<Value>{s.divByCount(sums[1], sums[0])};
        })[0];
    Value m2 = reduce.build(
        {{op.getPartialCount(), all},
         {op.getPartialMean(), all},
         {op.getPartialM2(), all},
         {mean, kept}},
        {{zeros, kept}}, [](Scalars &s, ValueRange ins, ValueRange sums) {
          Value d = s.sub(ins[1], ins[3]);
          Value between = s.mul(ins[0], s.mul(d, d));
          return SmallVector<Value>{s.add(sums[0], s.add(ins[2], between))};
        })[0];
    rewriter.replaceOp(
        op,
        elementwise.build(
            {{sums[0], kept}, {mean, kept}, {m2, kept}},
            {{op.getCount(), kept}, {op.getMean(), kept}, {op.getM2(), kept}},
            [](Scalars &s, ValueRange ins, ValueRange outs) {
              return combine(s, outs, ins[0], ins[1], ins[2]);
            }));
    return success();
  }
};
} // namespace

void norm::populateMomentsToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertShift, ConvertMoments, ConvertCombineMoments>(
      patterns.getContext());
}
