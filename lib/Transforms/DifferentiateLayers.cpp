//===- DifferentiateLayers.cpp - layers as simpler ops --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"
#include "Differentiate.h"

#include "Norm/IR/Utils.h"

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

/// A float, or a tensor of floats if that is not null.
struct Number {
  Value scalar;
  Indexed tensor;

  /// Returns the number where the tensor has `element`.
  Value get(Value element) const { return element ? element : scalar; }
};

/// Builds what a layer or its gradient computes, in the accumulator type.
template <typename OpTy> class Expander {
public:
  Expander(OpTy op, OpBuilder &builder)
      : op(op), builder(builder), loc(op.getLoc()),
        type(op.getAccumulatorType()), axes(op, builder),
        data(norm::detail::getAllDims(op.getInput())),
        statistics(op.getStatisticsDims()), parameters(op.getParameterDims()),
        mask(index(op.getMask(), norm::detail::getMaskDims(op))),
        zeroMask(op.getUnselected() == UnselectedRule::Zero ? mask
                                                            : Indexed()) {}

  SmallVector<Expansion> expand();

private:
  Indexed index(Value value, ArrayRef<LayerDim> dims) {
    return {axes.toWorking(value, dims), axes.getAxes(dims)};
  }

  /// Computes a tensor on `dims`: the sums of `body` over all other axes of the
  /// operands. The body is given null for operands that are null.
  Indexed compute(ArrayRef<LayerDim> dims, ArrayRef<Indexed> operands,
                  TermBody body);

  /// Computes the number of values that each statistic is taken of, and the
  /// share that each has in it.
  void count();

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
  /// What selects values, and what makes the others 0.
  Indexed mask, zeroMask;
  Number number, share;
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

template <typename OpTy> void Expander<OpTy>::count() {
  Scalars scalars(builder, loc, type);
  Indexed input = index(op.getInput(), data);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, loc, input.tensor);
  if (mask.tensor) {
    // Its sizes are those of the input; its elements are not used.
    Indexed shape = {tensor::EmptyOp::create(builder, loc, sizes, type),
                     input.axes};
    number.tensor =
        compute(statistics, {mask, shape}, [](Scalars &s, ValueRange args) {
          return s.zeroUnless(args[0], s.constant(1.0));
        });
    share.tensor =
        compute(statistics, number.tensor, [](Scalars &s, ValueRange args) {
          return s.divByCount(s.constant(1.0), args[0]);
        });
    return;
  }
  SmallVector<int64_t> reduced =
      getOtherAxes(input.axes.size(), axes.getAxes(statistics));
  number.scalar = makeFloat(builder, loc, type,
                            countElements(builder, loc, input.tensor, reduced));
  share.scalar = scalars.divByCount(scalars.constant(1.0), number.scalar);
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
  count();
  Indexed x = index(op.getInput(), data);
  Indexed mean = compute(
      statistics, {x, mask, share.tensor}, [&](Scalars &s, ValueRange args) {
        return s.mul(s.zeroUnless(args[1], args[0]), share.get(args[2]));
      });
  Indexed variance = compute(
      statistics, {x, index(saved.mean, statistics), mask, share.tensor},
      [&](Scalars &s, ValueRange args) {
        Value distance = args[1] ? s.sub(args[0], args[1]) : s.cast(args[0]);
        distance = s.zeroUnless(args[2], distance);
        return s.mul(s.mul(distance, distance), share.get(args[3]));
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
       index(op.getScale(), parameters), index(op.getBias(), parameters),
       zeroMask},
      [&](Scalars &s, ValueRange args) {
        Value value = normalize(s, args[0], args[1], args[2]);
        if (args[3])
          value = s.mul(value, getScale(s, args[3]));
        return s.zeroUnless(args[5], args[4] ? s.add(value, args[4]) : value);
      });
  if constexpr (std::is_same_v<OpTy, BatchNormTrainingOp>) {
    if (op.getRunningMean()) {
      count();
      SmallVector<LayerDim> features = llvm::map_to_vector(
          op.getFeatureAxes(), [](int64_t axis) { return LayerDim{axis}; });
      // The average of what each sub-batch changes.
      bool hasGhosts = axes.getAxes(statistics).size() > features.size();
      Value ghosts;
      if (hasGhosts)
        ghosts =
            makeFloat(builder, loc, type,
                      tensor::getMixedSize(builder, loc, variance.tensor, 0));
      auto update = [&](Value running, Indexed statistic, double correction) {
        Indexed before = index(running, features);
        Indexed updated = compute(
            features,
            {before, statistic, index(op.getBatches(), {}), number.tensor},
            [&](Scalars &s, ValueRange args) {
              Value count = number.get(args[3]), unit = s.constant(1.0);
              Value isMoved = s.isGreater(count, s.constant(correction));
              Value ratio =
                  s.divByCount(count, s.sub(count, s.constant(correction)));
              Value keep = s.constant(op.getMomentum());
              Value take = s.sub(unit, keep);
              if (Value seen = args[2]) {
                take = s.div(unit, s.add(seen, unit));
                keep = s.mul(seen, take);
              }
              keep = s.select(isMoved, keep, unit);
              take = s.select(isMoved, s.mul(take, ratio), s.constant(0.0));
              Value moved = s.add(s.mul(args[0], keep), s.mul(args[1], take));
              return hasGhosts ? s.div(s.sub(moved, args[0]), ghosts) : moved;
            });
        if (!hasGhosts)
          return updated;
        return compute(features, {before, updated},
                       [](Scalars &s, ValueRange args) {
                         return s.add(args[0], args[1]);
                       });
      };
      return end({{op.getOutputResult(), output, data},
                  {op.getRunningMeanResult(),
                   update(op.getRunningMean(), mean, 0), features},
                  {op.getRunningVarianceResult(),
                   update(op.getRunningVariance(), variance,
                          op.getRunningVarCorrection()),
                   features}});
    }
  }
  return end({{op.getOutputResult(), output, data}});
}

/// The formulas of docs/Spec.md.
template <typename OpTy> Expansion Expander<OpTy>::expandGradient() {
  begin();
  count();
  auto drop = [](Scalars &s, ValueRange args) {
    return s.zeroUnless(args[1], s.cast(args[0]));
  };
  Indexed gradient = index(op.getOutputGradient(), data);
  if (zeroMask.tensor)
    gradient = compute(data, {gradient, zeroMask}, drop);
  Indexed rstd = op.getRstd()
                     ? index(op.getRstd(), statistics)
                     : computeRstd(index(op.getVariance(), statistics));
  Indexed normalized = compute(
      data,
      {index(op.getInput(), data), index(op.getMean(), statistics), rstd,
       zeroMask},
      [](Scalars &s, ValueRange args) {
        return s.zeroUnless(args[3], normalize(s, args[0], args[1], args[2]));
      });
  Indexed scaled = compute(data, {gradient, index(op.getScale(), parameters)},
                           [&](Scalars &s, ValueRange args) {
                             return args[1]
                                        ? s.mul(args[0], getScale(s, args[1]))
                                        : s.cast(args[0]);
                           });
  auto takeMean = [&](Indexed a, Indexed b) {
    return compute(statistics, {a, b, share.tensor},
                   [&](Scalars &s, ValueRange args) {
                     Value term = args[1] ? s.mul(args[0], args[1]) : args[0];
                     return s.mul(term, share.get(args[2]));
                   });
  };
  Indexed mean, product;
  if (op.getMean() && !std::is_same_v<OpTy, BatchNormInferenceGradOp>)
    mean = takeMean(scaled, Indexed());
  if (!std::is_same_v<OpTy, BatchNormInferenceGradOp>)
    product = takeMean(scaled, normalized);
  Indexed inputGradient = compute(
      data, {scaled, normalized, rstd, mean, product, mask},
      [](Scalars &s, ValueRange args) {
        Value value = args[0];
        if (args[3])
          value = s.sub(value, s.zeroUnless(args[5], args[3]));
        if (args[4])
          value = s.sub(value, s.zeroUnless(args[5], s.mul(args[1], args[4])));
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
