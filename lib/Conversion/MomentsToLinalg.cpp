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
  ConvertMoments(MLIRContext *context, bool rowMoments)
      : OpRewritePattern(context), rowMoments(rowMoments) {}

  /// Whether rows may be taken one after the other.
  bool rowMoments;

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
    Value center = op.getGuess() ? makeCenter(op, rewriter) : Value();
    Value origin = center ? center : op.getShift();
    SmallVector<Indexed> ins =
        getPresent({{op.getInput(), all},
                    {origin, kept},
                    {op.getMask(), SmallVector<int64_t>(op.getMaskAxes())}});
    auto takeDistance = [&](Scalars &s, Elements &elements) {
      Value x = elements.take(op.getInput());
      return Distance(s, op.getInput()).get(x, elements.take(origin));
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
      if (center)
        append_range(operands,
                     getPresent({{center, kept}, {op.getShift(), kept}}));
      rewriter.replaceOp(
          op, elementwise.build(
                  operands, outs,
                  [&](Scalars &adder, ValueRange ins, ValueRange outs) {
                    Scalars s(adder.builder, adder.loc, type);
                    Elements elements(s, ins.drop_front(parts.size()));
                    Value number = count.takeNumber(elements);
                    auto [mean, m2] = makeMeanAndM2(s, ins, number);
                    Distance d(s, op.getInput());
                    if (Value from = elements.take(center))
                      mean = adder.add(mean,
                                       Distance(adder, d).get(
                                           from, elements.take(op.getShift())));
                    double unit = d.getUnit();
                    if (unit != 1)
                      mean = adder.clamp(adder.mul(mean, adder.constant(unit)),
                                         type.getFloatSemantics());
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
    if (center || op.getVariance() == VarianceAlgorithm::Fast) {
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
                      Value m2 = takeM2(s, sums[1], sums[0], number);
                      // Of an infinite value, as reading twice has it.
                      if (center)
                        m2 = s.add(m2, s.sub(sums[0], sums[0]));
                      return std::pair<Value, Value>(sums[0], m2);
                    });
    }

    if (std::optional<int64_t> rowAxis =
            rowMoments ? getRowAxis(op) : std::nullopt) {
      auto [mean, m2] = buildRowMoments(op, rewriter, *rowAxis);
      return finish({{mean, kept}, {m2, kept}}, [](Scalars &s, ValueRange ins,
                                                   Value) {
        // Of finite values, M2 is not a number where squares overflow.
        Value overflows =
            s.both(s.isZero(s.sub(ins[0], ins[0])), s.isNotNumber(ins[1]));
        Value m2 = s.max(ins[1], s.constant(0.0));
        return std::pair<Value, Value>(ins[0],
                                       s.select(overflows, s.infinity(), m2));
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

  /// Returns a value near those of `op`: the guess while the inits count none,
  /// and then their mean. It is near enough because there are as many of them.
  static Value makeCenter(MomentsOp op, OpBuilder &builder) {
    Location loc = op.getLoc();
    FloatType type = op.getAccumulatorType();
    Value empty = makeEmptyLike(builder, loc, op.getMean(), type);
    SmallVector<int64_t> axes = getAllAxes(empty);
    auto wide = cast<FloatType>(getElementTypeOrSelf(op.getMean()));
    return GenericBuilder(builder, loc, wide, axes)
        .build(getPresent({{op.getCount(), axes},
                           {op.getMean(), axes},
                           {op.getGuess(), axes},
                           {op.getShift(), axes}}),
               {{empty, axes}}, [&](Scalars &s, ValueRange ins, ValueRange) {
                 Elements elements(s, ins);
                 Value count = elements.take(op.getCount());
                 Value mean = elements.take(op.getMean());
                 Value guess = elements.take(op.getGuess());
                 if (Value shift = elements.take(op.getShift()))
                   mean = s.add(mean, shift);
                 Value center = s.select(s.isZero(count), guess, mean);
                 return SmallVector<Value>{
                     s.clamp(center, type.getFloatSemantics())};
               })[0];
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

void norm::populateMomentsToLinalgPatterns(RewritePatternSet &patterns,
                                           bool rowMoments) {
  patterns.add<ConvertMoments>(patterns.getContext(), rowMoments);
  patterns.add<ConvertCombineMoments>(patterns.getContext());
}
