//===- NormToLinalg.cpp - kernel ops to linalg.generic --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Conversion/Passes.h"
#include "Norm/IR/Builders.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_CONVERTNORMTOLINALG
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Scalar arithmetic in one float type. Operands are converted to it.
class Scalars {
public:
  Scalars(OpBuilder &builder, Location loc, FloatType type)
      : builder(builder), loc(loc), type(type) {}

  Value cast(Value value) { return castFloat(builder, loc, value, type); }
  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, cast(a), cast(b));
  }
  Value sub(Value a, Value b) {
    return arith::SubFOp::create(builder, loc, cast(a), cast(b));
  }
  Value mul(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, cast(a), cast(b));
  }
  Value div(Value a, Value b) {
    return arith::DivFOp::create(builder, loc, cast(a), cast(b));
  }
  Value max(Value a, Value b) {
    return arith::MaximumFOp::create(builder, loc, cast(a), cast(b));
  }
  Value sqrt(Value a) { return math::SqrtOp::create(builder, loc, cast(a)); }
  Value constant(double value) { return constant(APFloat(value)); }
  Value constant(APFloat value) {
    bool losesInfo;
    value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    return arith::ConstantOp::create(builder, loc,
                                     FloatAttr::get(type, value));
  }
  /// Returns a / max(n, 1), so that no values give 0 and not NaN.
  Value divByCount(Value a, Value n) { return div(a, max(n, constant(1.0))); }
  Value isZero(Value a) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, a,
                                 constant(0.0));
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }

  OpBuilder &builder;
  Location loc;
  FloatType type;
};

/// Computes the new values of the outputs from the elements of the inputs and
/// of the outputs.
using Body =
    function_ref<SmallVector<Value>(Scalars &, ValueRange ins, ValueRange outs)>;

/// An operand of a generic op: a tensor and the axes that index it, one for
/// each of its dimensions.
struct Indexed {
  Value tensor;
  SmallVector<int64_t> axes;
};

/// Builds linalg.generic ops over the axes of one tensor.
class GenericBuilder {
public:
  /// `order` lists the axes from the outermost loop to the innermost one;
  /// `reduced` are those of them that reduce.
  GenericBuilder(OpBuilder &builder, Location loc, FloatType compute,
                 ArrayRef<int64_t> order, ArrayRef<int64_t> reduced = {})
      : builder(builder), loc(loc), compute(compute), order(order) {
    for (int64_t axis : order)
      iterators.push_back(llvm::is_contained(reduced, axis)
                              ? utils::IteratorType::reduction
                              : utils::IteratorType::parallel);
  }

  SmallVector<Value> build(ArrayRef<Indexed> ins, ArrayRef<Indexed> outs,
                           Body body) {
    SmallVector<Value> inputs, outputs;
    SmallVector<AffineMap> maps;
    for (const Indexed &in : ins) {
      inputs.push_back(in.tensor);
      maps.push_back(getMap(in.axes));
    }
    for (const Indexed &out : outs) {
      outputs.push_back(out.tensor);
      maps.push_back(getMap(out.axes));
    }
    auto generic = linalg::GenericOp::create(
        builder, loc, TypeRange(ValueRange(outputs)), inputs, outputs, maps,
        iterators, [&](OpBuilder &b, Location l, ValueRange args) {
          Scalars scalars(b, l, compute);
          SmallVector<Value> results =
              body(scalars, args.take_front(inputs.size()),
                   args.drop_front(inputs.size()));
          for (auto [result, out] :
               llvm::zip_equal(results, args.drop_front(inputs.size())))
            result = castFloat(b, l, result, out.getType());
          linalg::YieldOp::create(b, l, results);
        });
    return SmallVector<Value>(generic.getResults());
  }

private:
  AffineMap getMap(ArrayRef<int64_t> axes) {
    SmallVector<AffineExpr> exprs;
    for (int64_t axis : axes)
      exprs.push_back(
          builder.getAffineDimExpr(llvm::find(order, axis) - order.begin()));
    return AffineMap::get(order.size(), 0, exprs, builder.getContext());
  }

  OpBuilder &builder;
  Location loc;
  FloatType compute;
  SmallVector<int64_t> order;
  SmallVector<utils::IteratorType> iterators;
};
} // namespace

static Value makeEmptyLike(OpBuilder &builder, Location loc, Value value,
                           Type elementType) {
  return tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, value), elementType);
}

static Value makeZerosLike(OpBuilder &builder, Location loc, Value value,
                           Type elementType) {
  return makeZeros(builder, loc, tensor::getMixedSizes(builder, loc, value),
                   elementType);
}

static SmallVector<int64_t> allAxes(Value value) {
  return getOtherAxes(getRank(value), {});
}

static SmallVector<int64_t> concat(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> axes(a);
  llvm::append_range(axes, b);
  return axes;
}

/// Combines the moments in `outs` with others given by their count, mean and
/// M2 (Chan, Golub, LeVeque 1983, equations 2.1a and 2.1b).
static SmallVector<Value> combine(Scalars &s, ValueRange outs, Value count,
                                  Value mean, Value m2) {
  Value total = s.add(outs[0], count);
  Value weight = s.divByCount(count, total);
  Value delta = s.sub(mean, outs[1]);
  Value between = s.mul(s.mul(delta, delta), s.mul(outs[0], weight));
  return {total, s.add(outs[1], s.mul(delta, weight)),
          s.add(outs[2], s.add(m2, between))};
}

namespace {
struct ConvertShift : public OpRewritePattern<ShiftOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShiftOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    // The sum of the first value alone, so that an empty axis gives 0.
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, op.getInput());
    AffineMap min = AffineMap::get(0, 1,
                                   {rewriter.getAffineSymbolExpr(0),
                                    rewriter.getAffineConstantExpr(1)},
                                   rewriter.getContext());
    for (int64_t axis : op.getAxes())
      sizes[axis] = affine::makeComposedFoldedAffineMin(rewriter, loc, min,
                                                        {sizes[axis]});
    SmallVector<OpFoldResult> zeros(sizes.size(), rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(sizes.size(), rewriter.getIndexAttr(1));
    Value first = tensor::ExtractSliceOp::create(rewriter, loc, op.getInput(),
                                                 zeros, sizes, ones);
    SmallVector<int64_t> kept = getOtherAxes(sizes.size(), op.getAxes());
    auto type = cast<FloatType>(getElementTypeOrSelf(op.getShift()));
    Value init = makeZerosLike(rewriter, loc, op.getShift(), type);
    GenericBuilder generic(rewriter, loc, type, concat(kept, op.getAxes()),
                           op.getAxes());
    rewriter.replaceOp(
        op, generic.build({{first, allAxes(first)}}, {{init, kept}},
                          [](Scalars &s, ValueRange ins, ValueRange outs) {
                            return SmallVector<Value>{s.add(outs[0], ins[0])};
                          }));
    return success();
  }
};

struct ConvertMoments : public OpRewritePattern<MomentsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MomentsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    auto type = cast<FloatType>(getElementTypeOrSelf(op.getMean()));
    SmallVector<int64_t> all = allAxes(op.getInput());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    GenericBuilder reduce(rewriter, loc, type, concat(kept, op.getAxes()),
                          op.getAxes());
    GenericBuilder elementwise(rewriter, loc, type, kept);
    Value count = makeCount(op, rewriter, type);
    Value zeros = makeZerosLike(rewriter, loc, op.getMean(), type);
    SmallVector<Indexed> ins = {{op.getInput(), all}};
    if (op.getShift())
      ins.push_back({op.getShift(), kept});
    auto distance = [&](Scalars &s, ValueRange values) {
      return op.getShift() ? s.sub(values[0], values[1]) : s.cast(values[0]);
    };

    SmallVector<Indexed> outs = {{op.getCount(), kept},
                                 {op.getMean(), kept},
                                 {op.getM2(), kept}};
    if (op.getVariance() == VarianceAlgorithm::Fast) {
      SmallVector<Value> sums = reduce.build(
          ins, {{zeros, kept}, {zeros, kept}},
          [&](Scalars &s, ValueRange values, ValueRange sums) {
            Value d = distance(s, values);
            return SmallVector<Value>{s.add(sums[0], d),
                                      s.add(sums[1], s.mul(d, d))};
          });
      rewriter.replaceOp(
          op, elementwise.build(
                  {{sums[0], kept}, {sums[1], kept}}, outs,
                  [&](Scalars &s, ValueRange sums, ValueRange outs) {
                    Value mean = s.divByCount(sums[0], count);
                    Value m2 = s.max(s.sub(sums[1], s.mul(sums[0], mean)),
                                     s.constant(0.0));
                    return combine(s, outs, count, mean, m2);
                  }));
      return success();
    }

    Value sum = reduce.build(ins, {{zeros, kept}},
                             [&](Scalars &s, ValueRange values,
                                 ValueRange sums) {
                               return SmallVector<Value>{
                                   s.add(sums[0], distance(s, values))};
                             })[0];
    Value empty = makeEmptyLike(rewriter, loc, op.getMean(), type);
    Value mean = elementwise.build(
        {{sum, kept}}, {{empty, kept}},
        [&](Scalars &s, ValueRange sums, ValueRange) {
          return SmallVector<Value>{s.divByCount(sums[0], count)};
        })[0];
    ins.push_back({mean, kept});
    Value m2 = reduce.build(ins, {{zeros, kept}},
                            [&](Scalars &s, ValueRange values,
                                ValueRange sums) {
                              Value d = s.sub(distance(s, values),
                                              values.back());
                              return SmallVector<Value>{
                                  s.add(sums[0], s.mul(d, d))};
                            })[0];
    rewriter.replaceOp(
        op, elementwise.build({{mean, kept}, {m2, kept}}, outs,
                              [&](Scalars &s, ValueRange ins,
                                  ValueRange outs) {
                                return combine(s, outs, count, ins[0], ins[1]);
                              }));
    return success();
  }

  /// Makes the number of values that each statistic is taken of.
  static Value makeCount(MomentsOp op, OpBuilder &builder, FloatType type) {
    Location loc = op.getLoc();
    OpFoldResult count = builder.getIndexAttr(1);
    AffineExpr s0 = builder.getAffineSymbolExpr(0);
    AffineExpr s1 = builder.getAffineSymbolExpr(1);
    for (OpFoldResult size :
         norm::getMixedSizes(builder, loc, op.getInput(), op.getAxes()))
      count = affine::makeComposedFoldedAffineApply(builder, loc, s0 * s1,
                                                    {count, size});
    if (std::optional<int64_t> constant = getConstantIntValue(count))
      return arith::ConstantOp::create(
          builder, loc, FloatAttr::get(type, static_cast<double>(*constant)));
    Value integer = arith::IndexCastOp::create(
        builder, loc, builder.getI64Type(),
        getValueOrCreateConstantIndexOp(builder, loc, count));
    return arith::SIToFPOp::create(builder, loc, type, integer);
  }
};

struct ConvertCombineMoments : public OpRewritePattern<CombineMomentsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CombineMomentsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    auto type = cast<FloatType>(getElementTypeOrSelf(op.getMean()));
    SmallVector<int64_t> all = allAxes(op.getPartialCount());
    SmallVector<int64_t> kept = getOtherAxes(all.size(), op.getAxes());
    GenericBuilder reduce(rewriter, loc, type, concat(kept, op.getAxes()),
                          op.getAxes());
    GenericBuilder elementwise(rewriter, loc, type, kept);
    Value zeros = makeZerosLike(rewriter, loc, op.getMean(), type);

    // The weighted mean of the means first, then the distances from it: as
    // accurate as combining one by one, in any order.
    SmallVector<Value> sums = reduce.build(
        {{op.getPartialCount(), all}, {op.getPartialMean(), all}},
        {{zeros, kept}, {zeros, kept}},
        [](Scalars &s, ValueRange ins, ValueRange sums) {
          return SmallVector<Value>{s.add(sums[0], ins[0]),
                                    s.add(sums[1], s.mul(ins[0], ins[1]))};
        });
    Value empty = makeEmptyLike(rewriter, loc, op.getMean(), type);
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
        op, elementwise.build(
                {{sums[0], kept}, {mean, kept}, {m2, kept}},
                {{op.getCount(), kept}, {op.getMean(), kept}, {op.getM2(), kept}},
                [](Scalars &s, ValueRange ins, ValueRange outs) {
                  return combine(s, outs, ins[0], ins[1], ins[2]);
                }));
    return success();
  }
};

struct ConvertFinalize : public OpRewritePattern<FinalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(FinalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> axes = allAxes(op.getCount());
    SmallVector<Indexed> ins, outs;
    for (Value value : op.getDpsInputs())
      ins.push_back({value, axes});
    for (Value value : op.getDpsInits())
      outs.push_back({value, axes});
    GenericBuilder elementwise(
        rewriter, op.getLoc(),
        cast<FloatType>(getElementTypeOrSelf(op.getM2())), axes);
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
    Value divisor =
        correction ? s.max(s.sub(count, s.constant(correction)), s.constant(0.0))
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
    SmallVector<int64_t> axes = allAxes(op.getVariance());
    GenericBuilder elementwise(
        rewriter, op.getLoc(),
        cast<FloatType>(getElementTypeOrSelf(op.getRstd())), axes);
    rewriter.replaceOp(
        op,
        elementwise.build(
            {{op.getVariance(), axes}}, {{op.getRstd(), axes}},
            [&](Scalars &s, ValueRange ins, ValueRange) {
              Value sum = s.add(ins[0], s.constant(op.getEpsilon()));
              Value rstd = s.div(s.constant(1.0), s.sqrt(sum));
              return SmallVector<Value>{
                  s.select(s.isZero(sum), s.constant(0.0), rstd)};
            }));
    return success();
  }
};

/// `norm.normalize` as one subtraction, one multiplication and one addition for
/// each element:
///
///   output = (input - center) * factor + offset
///   center = shift + mean, factor = rstd * scale
///   offset = bias + ((center - shift) - mean) * factor
///
/// The offset takes up the rounding error of the center, so that nothing of the
/// accuracy that the shift brought is lost.
struct ConvertNormalize : public OpRewritePattern<NormalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  /// The coefficients, null where they leave the input as it is.
  struct Coefficients {
    Value center, factor, offset;
  };

  LogicalResult matchAndRewrite(NormalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    FloatType type = getComputeType(op.getOperands());
    SmallVector<int64_t> all = allAxes(op.getInput());
    SmallVector<Indexed> operands;
    SmallVector<int64_t> statistics(op.getStatisticsAxes());
    SmallVector<int64_t> parameters(op.getParameterAxes());
    for (const Indexed &operand : {Indexed{op.getShift(), statistics},
                                   Indexed{op.getMean(), statistics},
                                   Indexed{op.getRstd(), statistics},
                                   Indexed{op.getScale(), parameters},
                                   Indexed{op.getBias(), parameters}})
      if (operand.tensor)
        operands.push_back(operand);
    SmallVector<int64_t> indexing = concat(statistics, parameters);
    llvm::sort(indexing);
    indexing.erase(llvm::unique(indexing), indexing.end());

    // Coefficients that are as many as the elements are not stored.
    bool inlined = indexing.size() == all.size();
    if (!inlined)
      operands = storeCoefficients(op, rewriter, type, operands, indexing);
    operands.insert(operands.begin(), Indexed{op.getInput(), all});

    GenericBuilder apply(rewriter, loc, type,
                         concat(indexing, getOtherAxes(all.size(), indexing)));
    rewriter.replaceOp(
        op, apply.build(operands, {{op.getOutput(), all}},
                        [&](Scalars &s, ValueRange ins, ValueRange) {
                          Coefficients c;
                          ValueRange rest = ins.drop_front();
                          if (inlined)
                            c = computeCoefficients(op, s, rest);
                          else
                            c = takePresent(op, rest);
                          Value y = s.cast(ins[0]);
                          y = c.center ? s.sub(y, c.center) : y;
                          y = c.factor ? s.mul(y, c.factor) : y;
                          y = c.offset ? s.add(y, c.offset) : y;
                          return SmallVector<Value>{y};
                        }));
    return success();
  }

  static bool hasCenter(NormalizeOp op) { return op.getShift() || op.getMean(); }
  static bool hasFactor(NormalizeOp op) { return op.getRstd() || op.getScale(); }
  static bool hasOffset(NormalizeOp op) {
    return op.getBias() || (op.getShift() && op.getMean());
  }

  /// Assigns the values, one for each coefficient that is present.
  static Coefficients takePresent(NormalizeOp op, ValueRange values) {
    auto take = [&](bool isPresent) {
      if (!isPresent)
        return Value();
      Value value = values.front();
      values = values.drop_front();
      return value;
    };
    Coefficients c;
    c.center = take(hasCenter(op));
    c.factor = take(hasFactor(op));
    c.offset = take(hasOffset(op));
    return c;
  }

  /// Computes the coefficients from the elements of those operands of `op`
  /// after the input that are present.
  static Coefficients computeCoefficients(NormalizeOp op, Scalars &s,
                                          ValueRange operands) {
    auto take = [&](Value operand) {
      if (!operand)
        return Value();
      Value value = s.cast(operands.front());
      operands = operands.drop_front();
      return value;
    };
    Value shift = take(op.getShift()), mean = take(op.getMean());
    Value rstd = take(op.getRstd()), scale = take(op.getScale());
    Value bias = take(op.getBias());
    Coefficients c;
    c.center = shift && mean ? s.add(shift, mean) : shift ? shift : mean;
    c.factor = rstd && scale ? s.mul(rstd, scale) : rstd ? rstd : scale;
    c.offset = bias;
    if (shift && mean) {
      Value error = s.sub(s.sub(c.center, shift), mean);
      error = c.factor ? s.mul(error, c.factor) : error;
      c.offset = bias ? s.add(error, bias) : error;
    }
    return c;
  }

  /// Stores the coefficients for each index of the axes `indexing`.
  static SmallVector<Indexed>
  storeCoefficients(NormalizeOp op, OpBuilder &builder, FloatType type,
                    ArrayRef<Indexed> operands, ArrayRef<int64_t> indexing) {
    Value empty = tensor::EmptyOp::create(
        builder, op.getLoc(),
        norm::getMixedSizes(builder, op.getLoc(), op.getInput(), indexing),
        type);
    Indexed init = {empty, SmallVector<int64_t>(indexing)};
    unsigned count = hasCenter(op) + hasFactor(op) + hasOffset(op);
    GenericBuilder elementwise(builder, op.getLoc(), type, indexing);
    SmallVector<Value> stored = elementwise.build(
        operands, SmallVector<Indexed>(count, init),
        [&](Scalars &s, ValueRange ins, ValueRange) {
          Coefficients c = computeCoefficients(op, s, ins);
          SmallVector<Value> present;
          for (Value value : {c.center, c.factor, c.offset})
            if (value)
              present.push_back(value);
          return present;
        });
    return llvm::map_to_vector(stored, [&](Value value) {
      return Indexed{value, SmallVector<int64_t>(indexing)};
    });
  }
};

struct NormToLinalg
    : public norm::impl::ConvertNormToLinalgBase<NormToLinalg> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateNormToLinalgPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

void norm::populateNormToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertShift, ConvertMoments, ConvertCombineMoments,
               ConvertFinalize, ConvertRstd, ConvertNormalize>(
      patterns.getContext());
}
