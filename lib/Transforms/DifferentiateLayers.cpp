//===- DifferentiateLayers.cpp - layers as simpler ops --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"
#include "Differentiate.h"

#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// What layers call the same thing
//===----------------------------------------------------------------------===//

template <typename OpTy> static LayerStatistics getStatisticsOf(OpTy op) {
  return {op.getSavedMeanResult(), op.getSavedVarianceResult()};
}
static LayerStatistics getStatisticsOf(BatchNormTrainingOp op) {
  return {op.getBatchMeanResult(), op.getBatchVarianceResult()};
}
static LayerStatistics getStatisticsOf(BatchNormInferenceOp op) {
  return {op.getMean(), op.getVariance()};
}
static LayerStatistics getStatisticsOf(RMSNormOp op) {
  return {Value(), op.getMeanSquareResult()};
}

LayerStatistics norm::getStatistics(NormLayerOpInterface op) {
  return visitLayer<LayerStatistics>(
      op, [](auto layer) { return getStatisticsOf(layer); });
}

//===----------------------------------------------------------------------===//
// Expansion
//===----------------------------------------------------------------------===//

namespace {
/// An operand of a layer, or null, in working axes.
struct Indexed {
  Value tensor;
  SmallVector<int64_t> axes;
};

/// Builds what a layer or its gradient computes, in the accumulator type.
template <typename OpTy> class Expander {
public:
  Expander(OpTy op, OpBuilder &builder)
      : op(op), builder(builder), loc(op.getLoc()),
        type(op.getAccumulatorType()), axes(op, builder),
        data(norm::detail::getAllDims(op.getInput())),
        statistics(op.getStatisticsDims()), parameters(op.getParameterDims()) {}

  SmallVector<Expansion> expand();

private:
  Indexed index(Value value, ArrayRef<LayerDim> dims) {
    return {axes.toWorking(value, dims), axes.getAxes(dims)};
  }

  /// Computes a tensor on `dims`: the sums of `body` over all other axes of the
  /// operands. The body is given null for operands that are null.
  Indexed compute(ArrayRef<LayerDim> dims, ArrayRef<Indexed> operands,
                  TermBody body);

  /// Returns the number of values that a statistic is taken of, as a float.
  Value getCount(Scalars &scalars);

  /// Computes the reciprocal of what the layer divides by, and 0 where that is
  /// infinite. The derivative is finite there, too.
  Indexed computeRstd(Indexed variance);

  /// Returns the factor that an element of scale stands for.
  Value getScale(Scalars &s, Value scale) {
    return op.getZeroCenteredScale() ? s.add(scale, s.constant(1.0))
                                     : s.cast(scale);
  }

  /// Starts an expansion, and ends it with the values of the op's results.
  void begin() { last = &*std::prev(builder.getInsertionPoint()); }
  Expansion end(ArrayRef<std::tuple<Value, Indexed, ArrayRef<LayerDim>>> values,
                ArrayRef<Value> constants = {});

  Expansion expandStatistics(LayerStatistics saved);
  Expansion expandOutput(LayerStatistics saved);
  Expansion expandGradient();

  OpTy op;
  OpBuilder &builder;
  Location loc;
  FloatType type;
  WorkingAxes axes;
  SmallVector<LayerDim> data, statistics, parameters;
  Operation *last = nullptr;
};
} // namespace

template <typename OpTy>
Indexed Expander<OpTy>::compute(ArrayRef<LayerDim> dims,
                                ArrayRef<Indexed> operands, TermBody body) {
  SmallVector<int64_t> kept = axes.getAxes(dims), loops(kept);
  for (const Indexed &operand : operands)
    if (operand.tensor)
      loops = uniteAxes(loops, operand.axes);
  auto getMap = [&](ArrayRef<int64_t> indexed) {
    SmallVector<AffineExpr> exprs;
    for (int64_t axis : indexed)
      exprs.push_back(
          builder.getAffineDimExpr(llvm::find(loops, axis) - loops.begin()));
    return AffineMap::get(loops.size(), 0, exprs, builder.getContext());
  };
  SmallVector<MappedTensor> ins;
  SmallVector<OpFoldResult> sizes(kept.size());
  for (const Indexed &operand : operands) {
    if (!operand.tensor)
      continue;
    ins.push_back({operand.tensor, getMap(operand.axes)});
    for (auto [dim, axis] : llvm::enumerate(operand.axes))
      if (const int64_t *position = llvm::find(kept, axis);
          position != kept.end() && !sizes[position - kept.begin()])
        sizes[position - kept.begin()] =
            tensor::getMixedSize(builder, loc, operand.tensor, dim);
  }
  Value result =
      buildSum(builder, loc, ins, getMap(kept), sizes, type, type,
               [&](Scalars &s, ValueRange args) {
                 SmallVector<Value> all;
                 for (const Indexed &operand : operands) {
                   all.push_back(operand.tensor ? args.front() : Value());
                   args = args.drop_front(operand.tensor ? 1 : 0);
                 }
                 return body(s, all);
               });
  return {result, kept};
}

template <typename OpTy> Value Expander<OpTy>::getCount(Scalars &scalars) {
  Indexed input = index(op.getInput(), data);
  SmallVector<int64_t> kept = axes.getAxes(statistics);
  AffineExpr s0 = builder.getAffineSymbolExpr(0);
  AffineExpr s1 = builder.getAffineSymbolExpr(1);
  OpFoldResult count = builder.getIndexAttr(1);
  for (int64_t axis : getOtherAxes(getRank(input.tensor), kept))
    count = affine::makeComposedFoldedAffineApply(
        builder, loc, s0 * s1,
        {count, tensor::getMixedSize(builder, loc, input.tensor, axis)});
  if (std::optional<int64_t> known = getConstantIntValue(count))
    return scalars.constant(static_cast<double>(*known));
  Value integer = arith::IndexCastOp::create(builder, loc, builder.getI64Type(),
                                             cast<Value>(count));
  return arith::SIToFPOp::create(builder, loc, type, integer);
}

template <typename OpTy> Indexed Expander<OpTy>::computeRstd(Indexed variance) {
  return compute(statistics, variance, [&](Scalars &s, ValueRange args) {
    Value epsilon = s.constant(op.getEpsilon()), one = s.constant(1.0);
    Value square = s.cast(args[0]);
    if (op.getEpsilonMode() == EpsilonMode::Add)
      square = s.add(square, epsilon);
    else if (op.getEpsilonMode() == EpsilonMode::Max)
      square = s.select(s.isGreater(square, epsilon), square, epsilon);
    Value isZero = s.isZero(square);
    Value root = s.sqrt(s.select(isZero, one, square));
    if (op.getEpsilonMode() == EpsilonMode::Outside) {
      root = s.add(s.select(isZero, s.constant(0.0), root), epsilon);
      isZero = s.isZero(root);
      root = s.select(isZero, one, root);
    }
    return s.select(isZero, s.constant(0.0), s.div(one, root));
  });
}

template <typename OpTy>
Expansion Expander<OpTy>::end(
    ArrayRef<std::tuple<Value, Indexed, ArrayRef<LayerDim>>> values,
    ArrayRef<Value> constants) {
  Expansion expansion;
  for (auto [result, computed, dims] : values) {
    if (!result)
      continue;
    Value value = axes.fromWorking(computed.tensor, dims);
    Type elementType = getElementTypeOrSelf(result);
    if (elementType != type)
      value =
          copyInto(builder, loc, value,
                   tensor::EmptyOp::create(
                       builder, loc, tensor::getMixedSizes(builder, loc, value),
                       elementType));
    expansion.results.push_back({result, value});
  }
  llvm::copy_if(constants, std::back_inserter(expansion.constants),
                [](Value constant) { return constant != Value(); });
  for (Operation &built : llvm::make_range(std::next(last->getIterator()),
                                           builder.getInsertionPoint()))
    expansion.ops.push_back(&built);
  return expansion;
}

/// Returns (x - mean) * rstd; the mean may be null.
static Value normalize(Scalars &s, Value x, Value mean, Value rstd) {
  return s.mul(mean ? s.sub(x, mean) : x, rstd);
}

/// The mean, and the mean of the squared distances from it. These do not depend
/// on the mean: their derivative by it is the sum of the distances.
template <typename OpTy>
Expansion Expander<OpTy>::expandStatistics(LayerStatistics saved) {
  begin();
  Scalars scalars(builder, loc, type);
  Value share = scalars.divByCount(scalars.constant(1.0), getCount(scalars));
  Indexed x = index(op.getInput(), data);
  Indexed mean = compute(statistics, x, [&](Scalars &s, ValueRange args) {
    return s.mul(args[0], share);
  });
  Indexed variance = compute(statistics, {x, index(saved.mean, statistics)},
                             [&](Scalars &s, ValueRange args) {
                               Value distance = args[1]
                                                    ? s.sub(args[0], args[1])
                                                    : s.cast(args[0]);
                               return s.mul(s.mul(distance, distance), share);
                             });
  return end(
      {{saved.mean, mean, statistics}, {saved.variance, variance, statistics}},
      saved.mean);
}

/// The output, and the running statistics if there are any.
template <typename OpTy>
Expansion Expander<OpTy>::expandOutput(LayerStatistics saved) {
  begin();
  Indexed mean = index(saved.mean, statistics);
  Indexed variance = index(saved.variance, statistics);
  Indexed output = compute(
      data,
      {index(op.getInput(), data), mean, computeRstd(variance),
       index(op.getScale(), parameters), index(op.getBias(), parameters)},
      [&](Scalars &s, ValueRange args) {
        Value value = normalize(s, args[0], args[1], args[2]);
        if (args[3])
          value = s.mul(value, getScale(s, args[3]));
        return args[4] ? s.add(value, args[4]) : value;
      });
  if constexpr (std::is_same_v<OpTy, BatchNormTrainingOp>) {
    if (op.getRunningMean()) {
      auto update = [&](Value running, Indexed statistic, double correction) {
        Scalars outer(builder, loc, type);
        Value count = getCount(outer), unit = outer.constant(1.0);
        Value isMoved = outer.isGreater(count, outer.constant(correction));
        Value ratio = outer.divByCount(
            count, outer.sub(count, outer.constant(correction)));
        return compute(
            statistics,
            {index(running, statistics), statistic, index(op.getBatches(), {})},
            [&](Scalars &s, ValueRange args) {
              Value keep = s.constant(op.getMomentum());
              Value take = s.sub(unit, keep);
              if (Value seen = args[2]) {
                take = s.div(unit, s.add(seen, unit));
                keep = s.mul(seen, take);
              }
              keep = s.select(isMoved, keep, unit);
              take = s.select(isMoved, s.mul(take, ratio), s.constant(0.0));
              return s.add(s.mul(args[0], keep), s.mul(args[1], take));
            });
      };
      return end({{op.getOutputResult(), output, data},
                  {op.getRunningMeanResult(),
                   update(op.getRunningMean(), mean, 0), statistics},
                  {op.getRunningVarianceResult(),
                   update(op.getRunningVariance(), variance,
                          op.getRunningVarCorrection()),
                   statistics}});
    }
  }
  return end({{op.getOutputResult(), output, data}});
}

/// The formulas of docs/Spec.md.
template <typename OpTy> Expansion Expander<OpTy>::expandGradient() {
  begin();
  Scalars scalars(builder, loc, type);
  Value share = scalars.divByCount(scalars.constant(1.0), getCount(scalars));
  Indexed gradient = index(op.getOutputGradient(), data);
  Indexed rstd = op.getRstd()
                     ? index(op.getRstd(), statistics)
                     : computeRstd(index(op.getVariance(), statistics));
  Indexed normalized = compute(
      data, {index(op.getInput(), data), index(op.getMean(), statistics), rstd},
      [](Scalars &s, ValueRange args) {
        return normalize(s, args[0], args[1], args[2]);
      });
  Indexed scaled = compute(data, {gradient, index(op.getScale(), parameters)},
                           [&](Scalars &s, ValueRange args) {
                             return args[1]
                                        ? s.mul(args[0], getScale(s, args[1]))
                                        : s.cast(args[0]);
                           });
  auto takeMean = [&](ArrayRef<Indexed> factors) {
    return compute(statistics, factors, [&](Scalars &s, ValueRange args) {
      return s.mul(args.size() == 2 ? s.mul(args[0], args[1]) : args[0], share);
    });
  };
  Indexed mean, product;
  if (op.getMean() && !std::is_same_v<OpTy, BatchNormInferenceGradOp>)
    mean = takeMean(scaled);
  if (!std::is_same_v<OpTy, BatchNormInferenceGradOp>)
    product = takeMean({scaled, normalized});
  Indexed inputGradient =
      compute(data, {scaled, normalized, rstd, mean, product},
              [](Scalars &s, ValueRange args) {
                Value value = args[0];
                if (args[3])
                  value = s.sub(value, args[3]);
                if (args[4])
                  value = s.sub(value, s.mul(args[1], args[4]));
                return s.mul(value, args[2]);
              });
  SmallVector<LayerDim> dims =
      op.getPerSample() ? norm::detail::getGradientDims(op) : parameters;
  Indexed scaleGradient =
      compute(dims, {gradient, normalized}, [](Scalars &s, ValueRange args) {
        return s.mul(args[0], args[1]);
      });
  Indexed biasGradient =
      compute(dims, gradient,
              [](Scalars &s, ValueRange args) { return s.cast(args[0]); });
  return end({{op.getInputGradientResult(), inputGradient, data},
              {op.getScaleGradientResult(), scaleGradient, dims},
              {op.getBiasGradientResult(), biasGradient, dims}});
}

template <typename OpTy> SmallVector<Expansion> Expander<OpTy>::expand() {
  constexpr bool isGradient =
      llvm::is_one_of<OpTy, BatchNormGradOp, BatchNormInferenceGradOp,
                      GroupNormGradOp, InstanceNormGradOp, LayerNormGradOp,
                      RMSNormGradOp>::value;
  if constexpr (isGradient) {
    return {expandGradient()};
  } else {
    LayerStatistics saved = getStatisticsOf(op);
    SmallVector<Expansion> expansions;
    if constexpr (!std::is_same_v<OpTy, BatchNormInferenceOp>)
      expansions.push_back(expandStatistics(saved));
    expansions.push_back(expandOutput(saved));
    return expansions;
  }
}

SmallVector<Expansion> norm::expandLayer(NormLayerOpInterface op,
                                         OpBuilder &builder) {
  return TypeSwitch<Operation *, SmallVector<Expansion>>(op)
      .Case<BatchNormTrainingOp, BatchNormInferenceOp, GroupNormOp,
            InstanceNormOp, LayerNormOp, RMSNormOp, BatchNormGradOp,
            BatchNormInferenceGradOp, GroupNormGradOp, InstanceNormGradOp,
            LayerNormGradOp, RMSNormGradOp>([&](auto layer) {
        return Expander<decltype(layer)>(layer, builder).expand();
      });
}
