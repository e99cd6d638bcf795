//===- DecomposeGradients.cpp - gradients of layers to kernel ops ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Sums of an output's gradient, and of its product with the distances.
struct Sums {
  Value sum, product;
};

/// The gradient of a layer, of any axes. Statistics and parameters have the
/// sizes of their axes of the input, in order.
struct Layer {
  Value outputGradient, input, mean, rstd, scale;
  /// Null unless rstd has another derivative than by adding epsilon to it.
  Value variance;
  SmallVector<int64_t> statisticsAxes, parameterAxes;
  Selection selection = {};
  UnselectedRule unselected = UnselectedRule::Zero;
};

/// The same layer with channels innermost, which are not split into groups, so
/// that rows are read as they lie: statistics are repeated for each channel.
struct Rows {
  Layer layer;
  WorkingAxes axes;

  /// Sums have the channels at their end, as the statistics have.
  Sums split(Sums sums) {
    int64_t position = getRank(sums.sum) - 1;
    return {axes.split(sums.sum, position), axes.split(sums.product, position)};
  }
  Sums repeat(Sums sums) {
    int64_t position = getRank(sums.sum) - 1;
    return {repeat(sums.sum, position), repeat(sums.product, position)};
  }
  Value repeat(Value value, int64_t position) {
    return value ? axes.repeat(value, position) : value;
  }
};

/// Builds the kernel ops of one gradient.
class GradientDecomposer : public Decomposer {
public:
  GradientDecomposer(OpBuilder &builder, Location loc, FloatType accumulator,
                     Layer layer, std::optional<Rows> rows = std::nullopt)
      : Decomposer(builder, loc, accumulator), layer(std::move(layer)),
        rows(std::move(rows)), rank(getRank(this->layer.input)),
        unitedAxes(
            uniteAxes(this->layer.statisticsAxes, this->layer.parameterAxes)) {
    if (this->rows) // Which have sums for each channel.
      unitedAxes = uniteAxes(unitedAxes, {rank - 2, rank - 1});
  }

  /// Takes the sums for each index of the statistics and parameter axes, from
  /// which all others can be had. Returns none if they are as large as the
  /// input.
  std::optional<Sums> takePartialSums() {
    if (unitedAxes.size() == static_cast<size_t>(rank))
      return std::nullopt;
    if (!rows)
      return takeSums(layer, getOtherAxes(rank, unitedAxes), {}, {});
    SmallVector<int64_t> named =
        uniteAxes(rows->layer.statisticsAxes, rows->layer.parameterAxes);
    if (named.size() == static_cast<size_t>(rank - 1))
      return std::nullopt;
    return rows->split(
        takeSums(rows->layer, getOtherAxes(rank - 1, named), {}, {}));
  }

  /// Returns the sums over what each statistic is taken of, weighted by scale.
  Sums takeStatisticsSums(std::optional<Sums> partial) {
    ArrayRef<int64_t> kept = layer.statisticsAxes;
    if (!partial)
      return takeSums(layer, getOtherAxes(rank, kept), {}, layer.scale);
    return combine(*partial, kept, /*rstd=*/{}, layer.scale);
  }

  /// Returns the gradients of bias and scale, for each index of `kept`.
  Sums takeParameterSums(std::optional<Sums> partial, ArrayRef<int64_t> kept) {
    if (!partial)
      return takeSums(layer, getOtherAxes(rank, kept), layer.rstd, {});
    return combine(*partial, kept, layer.rstd, /*scale=*/{});
  }

  /// Returns the mean of the gradient and the slope, of the sums of statistics
  /// of `count` values.
  Sums finalize(Sums sums, Value count, const APFloat &epsilon,
                EpsilonMode mode) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, sums.sum);
    auto op = GradientFinalizeOp::create(
        builder, loc, sums.sum, sums.product, layer.rstd, count, layer.variance,
        makeEmpty(sizes), makeEmpty(sizes), epsilon, mode);
    return {op.getResult(0), op.getResult(1)};
  }

  /// Returns the gradient of the input, which may have no mean.
  Value apply(Value init, Sums through) {
    if (rows)
      through = rows->repeat(through);
    if (!layer.mean)
      through.sum = Value();
    const Layer &applied = rows ? rows->layer : layer;
    return GradientApplyOp::create(
               builder, loc, applied.outputGradient, applied.input,
               applied.mean, applied.rstd, applied.scale, through.sum,
               through.product, applied.selection.mask, init,
               applied.statisticsAxes, applied.parameterAxes,
               applied.selection.axes, applied.unselected)
        .getResult(0);
  }

  /// Returns the number of values that each statistic is taken of, as many as
  /// there are in `sums`.
  Value countValues(Value sums) {
    Value init = makeEmpty(tensor::getMixedSizes(builder, loc, sums));
    const Selection &selection = layer.selection;
    ArrayRef<int64_t> statistics = layer.statisticsAxes;
    SmallVector<int64_t> alikeAxes =
        getOtherAxes(rank, uniteAxes(statistics, selection.axes));
    OpFoldResult alike = countElements(builder, loc, layer.input, alikeAxes);
    Value number = makeFloat(builder, loc, accumulator, alike);
    if (!selection.mask)
      return linalg::FillOp::create(builder, loc, number, init).getResult(0);
    SmallVector<int64_t> summed;
    SmallVector<AffineExpr> kept;
    for (auto [i, axis] : llvm::enumerate(selection.axes)) {
      const int64_t *position = llvm::find(statistics, axis);
      if (position == statistics.end())
        summed.push_back(i);
      else
        kept.push_back(builder.getAffineDimExpr(position - statistics.begin()));
    }
    int64_t loops = statistics.size();
    return linalg::GenericOp::create(
               builder, loc, init.getType(),
               countSelected(builder, loc, selection.mask, summed), init,
               ArrayRef{AffineMap::get(loops, 0, kept, builder.getContext()),
                        builder.getMultiDimIdentityMap(loops)},
               SmallVector<utils::IteratorType>(loops,
                                                utils::IteratorType::parallel),
               [&](OpBuilder &b, Location l, ValueRange args) {
                 Value selected = castFloat(b, l, args[0], accumulator);
                 linalg::YieldOp::create(
                     b, l,
                     arith::MulFOp::create(b, l, selected, number).getResult());
               })
        .getResult(0);
  }

private:
  /// Returns the positions of `axes` among the united axes.
  SmallVector<int64_t> locate(ArrayRef<int64_t> axes) {
    return llvm::map_to_vector(axes, [&](int64_t axis) -> int64_t {
      return llvm::find(unitedAxes, axis) - unitedAxes.begin();
    });
  }

  Sums takeSums(const Layer &of, ArrayRef<int64_t> axes, Value rstd,
                Value scale) {
    Value zeros = makeSumInit(getKeptSizes(of.input, axes));
    Selection selection = of.selection.ifZero(of.unselected);
    auto op = GradientSumsOp::create(
        builder, loc, of.outputGradient, of.input, of.mean, rstd, scale,
        selection.mask, zeros, zeros, axes, of.statisticsAxes,
        scale ? of.parameterAxes : SmallVector<int64_t>(), selection.axes,
        getChunkType());
    return {op.getResult(0), op.getResult(1)};
  }

  Sums combine(Sums partial, ArrayRef<int64_t> kept, Value rstd, Value scale) {
    SmallVector<int64_t> axes = getOtherAxes(unitedAxes.size(), locate(kept));
    if (axes.empty() && !rstd && !scale)
      return partial;
    Value zeros = makeZeros(getKeptSizes(partial.sum, axes));
    auto op = CombineGradientSumsOp::create(
        builder, loc, partial.sum, partial.product, rstd, scale, zeros, zeros,
        axes, rstd ? locate(layer.statisticsAxes) : SmallVector<int64_t>(),
        scale ? locate(layer.parameterAxes) : SmallVector<int64_t>());
    return {op.getResult(0), op.getResult(1)};
  }

  Layer layer;
  std::optional<Rows> rows;
  int64_t rank;
  SmallVector<int64_t> unitedAxes;
};

/// Returns rstd as it is given, or of the variance.
template <typename OpTy> Value getRstd(OpTy op, OpBuilder &builder) {
  if (op.getRstd())
    return op.getRstd();
  return Decomposer(builder, op.getLoc(), op.getAccumulatorType())
      .computeRstd(op.getVariance(), op.getEpsilon(), op.getEpsilonMode());
}

template <typename OpTy>
struct DecomposeGradient : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (failed(matchDecomposable(op, rewriter)))
      return failure();
    constexpr bool isThrough = !std::is_same_v<OpTy, BatchNormInferenceGradOp>;
    WorkingAxes axes(op, rewriter);
    Value rstd = getRstd(op, rewriter);
    Value scale = Decomposer(rewriter, op.getLoc(), op.getAccumulatorType())
                      .getScale(op.getScale(), op.getZeroCenteredScale());
    Layer layer = makeLayer(op, axes, rstd, scale);
    bool hasParameters = op.getScaleGradient() || op.getBiasGradient();
    std::optional<Rows> rows;
    if (axes.hasRows())
      rows.emplace(makeRows(op, axes, rstd, scale));
    else if (!scale && !hasParameters)
      layer.parameterAxes.clear(); // One sum for each statistic then.
    GradientDecomposer decomposer(rewriter, op.getLoc(),
                                  op.getAccumulatorType(), layer, rows);

    std::optional<Sums> partial;
    if (hasParameters || isThrough)
      partial = decomposer.takePartialSums();
    SmallVector<LayerDim> dims = op.getPerSample()
                                     ? norm::detail::getGradientDims(op)
                                     : op.getParameterDims();
    Sums parameters;
    if (hasParameters)
      parameters = decomposer.takeParameterSums(partial, axes.getAxes(dims));
    Sums through;
    Value count;
    if (isThrough && op.getInputGradient()) {
      through = decomposer.takeStatisticsSums(partial);
      count = decomposer.countValues(through.sum);
    }
    if constexpr (isThrough)
      if (std::optional<DevicesAttr> devices = op.getDevices()) {
        SmallVector<Value *> values = {&through.sum, &through.product, &count};
        if (op.getSumParameters())
          values.append({&parameters.sum, &parameters.product});
        decomposer.sumDevices(values, *devices);
      }
    SmallVector<Value> results;
    if (Value init = op.getInputGradient()) {
      if (isThrough) {
        SmallVector<LayerDim> data = norm::detail::getAllDims(op.getInput());
        through = decomposer.finalize(through, count, op.getEpsilon(),
                                      op.getEpsilonMode());
        results.push_back(
            rows ? decomposer.apply(init, through)
                 : axes.fromWorking(
                       decomposer.apply(axes.toWorking(init, data), through),
                       data));
      } else {
        // Linear in the output's gradient, which is normalized without a mean.
        Selection selection = layer.selection.ifZero(layer.unselected);
        results.push_back(
            NormalizeOp::create(rewriter, op.getLoc(), op.getOutputGradient(),
                                /*shift=*/Value(), /*mean=*/Value(),
                                decomposer.widen(rstd), scale,
                                /*bias=*/Value(), selection.mask, init,
                                layer.statisticsAxes, layer.parameterAxes,
                                selection.axes)
                .getResult(0));
      }
    }
    auto deliver = [&](Value value, Value init) {
      if (init)
        results.push_back(
            decomposer.copyInto(axes.fromWorking(value, dims), init));
    };
    deliver(parameters.product, op.getScaleGradient());
    deliver(parameters.sum, op.getBiasGradient());
    rewriter.replaceOp(op, results);
    return success();
  }

  static Layer makeLayer(OpTy op, const WorkingAxes &axes, Value rstd,
                         Value scale) {
    bool isPlain = op.getEpsilonMode() == EpsilonMode::Add;
    SmallVector<LayerDim> data = norm::detail::getAllDims(op.getInput());
    SmallVector<LayerDim> statistics = op.getStatisticsDims();
    SmallVector<LayerDim> parameters = op.getParameterDims();
    return {axes.toWorking(op.getOutputGradient(), data),
            axes.toWorking(op.getInput(), data),
            axes.toWorking(op.getMean(), statistics),
            axes.toWorking(rstd, statistics),
            axes.toWorking(scale, parameters),
            axes.toWorking(isPlain ? Value() : op.getVariance(), statistics),
            axes.getAxes(statistics),
            axes.getAxes(parameters),
            axes.getSelection(),
            op.getUnselected()};
  }

  static Rows makeRows(OpTy op, const WorkingAxes &axes, Value rstd,
                       Value scale) {
    auto getAxes = [](ArrayRef<LayerDim> dims) {
      return llvm::map_to_vector(dims, [](LayerDim dim) { return dim.axis; });
    };
    SmallVector<LayerDim> parameters = op.getParameterDims();
    for (auto [position, dim] : llvm::enumerate(parameters))
      if (scale && dim.part == LayerDim::kGroups)
        scale = axes.repeat(scale, position);
    SmallVector<int64_t> kept = getAxes(op.getStatisticsDims());
    Rows rows = {{op.getOutputGradient(), op.getInput(), Value(), Value(),
                  scale, /*variance=*/Value(), kept, getAxes(parameters)},
                 axes};
    rows.layer.mean = rows.repeat(op.getMean(), kept.size() - 1);
    rows.layer.rstd = rows.repeat(rstd, kept.size() - 1);
    return rows;
  }
};
} // namespace

void norm::populateDecomposeGradientsPatterns(RewritePatternSet &patterns) {
  patterns.add<
      DecomposeGradient<BatchNormGradOp>,
      DecomposeGradient<BatchNormInferenceGradOp>,
      DecomposeGradient<GroupNormGradOp>, DecomposeGradient<InstanceNormGradOp>,
      DecomposeGradient<LayerNormGradOp>, DecomposeGradient<RMSNormGradOp>>(
      patterns.getContext());
}
