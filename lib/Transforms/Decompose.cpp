//===- Decompose.cpp - layer ops to kernel ops ----------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMDECOMPOSE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// What layers call the same thing
//===----------------------------------------------------------------------===//

namespace {
/// A mean and a variance, each null if it is not wanted.
struct Pair {
  Value mean, variance;
};
} // namespace

template <typename OpTy> static Pair getSaved(OpTy op) {
  return {op.getSavedMean(), op.getSavedVariance()};
}
static Pair getSaved(BatchNormTrainingOp op) {
  return {op.getBatchMean(), op.getBatchVariance()};
}
static Pair getSaved(RMSNormOp op) { return {Value(), op.getMeanSquare()}; }

/// Returns none for a layer that takes no mean.
template <typename OpTy>
static std::optional<VarianceAlgorithm> getAlgorithm(OpTy op) {
  return op.getVariance();
}
static std::optional<VarianceAlgorithm> getAlgorithm(RMSNormOp) {
  return std::nullopt;
}

template <typename OpTy>
static FinalizeOp createFinalize(OpTy op, OpBuilder &builder, Moments moments,
                                 Pair inits) {
  return FinalizeOp::create(builder, op.getLoc(), moments.count, moments.mean,
                            moments.m2, moments.shift, /*batches=*/Value(),
                            inits.mean, inits.variance,
                            /*running_mean=*/Value(),
                            /*running_variance=*/Value(),
                            /*ghost_axis=*/IntegerAttr(), APFloat(0.0),
                            /*running_var_correction=*/0);
}
static FinalizeOp createFinalize(BatchNormTrainingOp op, OpBuilder &builder,
                                 Moments moments, Pair inits) {
  // One sub-batch is no axis; several are the first.
  IntegerAttr ghostAxis;
  if (static_cast<size_t>(getRank(moments.count)) > op.getFeatureAxes().size())
    ghostAxis = builder.getI64IntegerAttr(0);
  return FinalizeOp::create(
      builder, op.getLoc(), moments.count, moments.mean, moments.m2,
      moments.shift, op.getBatches(), inits.mean, inits.variance,
      op.getRunningMean(), op.getRunningVariance(), ghostAxis, op.getMomentum(),
      op.getRunningVarCorrection(), op.getGhostUpdate(), op.getNonfinite(),
      op.getEmpty(), op.getSingle());
}

//===----------------------------------------------------------------------===//
// Layers that take statistics
//===----------------------------------------------------------------------===//

namespace {
template <typename OpTy> struct DecomposeLayer : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (failed(matchDecomposable(op, rewriter)))
      return failure();
    Decomposer decomposer(rewriter, op.getLoc(), op.getAccumulatorType(),
                          getAlgorithm(op));
    WorkingAxes axes(op, rewriter);
    SmallVector<LayerDim> dims = op.getStatisticsDims();
    Value input = op.getInput();

    Selection selection = axes.getSelection();
    Moments moments, partial;
    if (axes.hasRows()) {
      moments = takeMomentsOfRows(op, decomposer, axes, partial);
    } else {
      Value working = axes.toWorking(input, getDims(input));
      moments = decomposer.takeMoments(
          working, getOtherAxes(getRank(working), axes.getAxes(dims)),
          selection);
    }

    if (std::optional<DevicesAttr> devices = op.getDevices()) {
      moments = decomposer.combineDevices(moments, *devices);
      if (axes.hasRows() && moments.shift)
        partial.shift = axes.repeat(moments.shift, dims.size() - 1);
    }

    // The statistics are computed in the accumulator type, also where the
    // caller wants them in another one.
    Pair saved = getSaved(op);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, op.getLoc(), moments.count);
    auto makeInit = [&](Value wanted) {
      bool usable = wanted &&
                    getElementTypeOrSelf(wanted) == decomposer.accumulator &&
                    !op.getGrouping();
      return usable ? wanted : decomposer.makeEmpty(sizes);
    };
    FinalizeOp finalize =
        createFinalize(op, rewriter, moments,
                       {makeInit(saved.mean), makeInit(saved.variance)});
    Value rstd = decomposer.computeRstd(finalize.getResult(1), op.getEpsilon(),
                                        op.getEpsilonMode());

    Value output =
        axes.hasRows()
            ? normalizeRows(op, decomposer, axes, moments, partial, rstd)
            : normalize(op, decomposer, axes, moments, rstd,
                        selection.ifZero(op.getUnselected()));
    SmallVector<Value> results = {output};
    llvm::append_range(results, finalize.getResults().drop_front(2));
    auto deliver = [&](Value value, Value init) {
      if (!init)
        return;
      value = axes.fromWorking(value, dims);
      bool isInit = value.getType() == init.getType() && !op.getGrouping();
      results.push_back(
          isInit ? value : decomposer.copyInto(value, init, /*fits=*/true));
    };
    deliver(finalize.getResult(0), saved.mean);
    deliver(finalize.getResult(1), saved.variance);
    rewriter.replaceOp(op, results);
    return success();
  }

  static Value getScale(OpTy op, Decomposer &decomposer) {
    return decomposer.getScale(op.getScale(), op.getZeroCenteredScale());
  }

  static SmallVector<LayerDim> getDims(Value data) {
    return norm::detail::getAllDims(data);
  }

  static Value normalize(OpTy op, Decomposer &decomposer,
                         const WorkingAxes &axes, const Moments &moments,
                         Value rstd, const Selection &selection) {
    SmallVector<LayerDim> dims = getDims(op.getInput());
    SmallVector<LayerDim> parameters = op.getParameterDims();
    auto normalize = NormalizeOp::create(
        decomposer.builder, op.getLoc(), axes.toWorking(op.getInput(), dims),
        moments.shift, decomposer.algorithm ? moments.mean : Value(), rstd,
        axes.toWorking(getScale(op, decomposer), parameters),
        axes.toWorking(op.getBias(), parameters), selection.mask,
        axes.toWorking(op.getOutput(), dims),
        axes.getAxes(op.getStatisticsDims()), axes.getAxes(parameters),
        selection.axes);
    return axes.fromWorking(normalize.getResult(0), dims);
  }

  /// Reads rows as they lie, with moments for each channel, `partial`. Those of
  /// a group share a shift, so that they can be combined.
  static Moments takeMomentsOfRows(OpTy op, Decomposer &decomposer,
                                   const WorkingAxes &axes, Moments &partial) {
    Value input = op.getInput();
    SmallVector<int64_t> kept = getAxes(op.getStatisticsDims());
    SmallVector<int64_t> reduced = getOtherAxes(getRank(input), kept);
    int64_t channels = kept.size() - 1;
    Value shift;
    if (decomposer.algorithm == VarianceAlgorithm::Stable) {
      Value shifts = decomposer.pickShift(input, reduced);
      shift = decomposer.pickShift(axes.split(shifts, channels), channels + 1);
    }
    partial =
        decomposer.takeMoments(input, reduced, /*selection=*/{},
                               shift ? axes.repeat(shift, channels) : Value());
    Value count = axes.split(partial.count, channels);
    Value zeros =
        decomposer.makeZeros(decomposer.getKeptSizes(count, channels + 1));
    auto combine = CombineMomentsOp::create(
        decomposer.builder, op.getLoc(), count,
        axes.split(partial.mean, channels), axes.split(partial.m2, channels),
        zeros, zeros, zeros, channels + 1, /*devices=*/nullptr);
    return {combine.getResult(0), combine.getResult(1), combine.getResult(2),
            shift};
  }

  static Value normalizeRows(OpTy op, Decomposer &decomposer,
                             const WorkingAxes &axes, const Moments &moments,
                             const Moments &partial, Value rstd) {
    SmallVector<int64_t> kept = getAxes(op.getStatisticsDims());
    SmallVector<LayerDim> parameters = op.getParameterDims();
    int64_t channels = kept.size() - 1;
    auto toChannels = [&](Value parameter) {
      for (auto [position, dim] : llvm::enumerate(parameters))
        if (parameter && dim.part == LayerDim::kGroups)
          parameter = axes.repeat(parameter, position);
      return parameter;
    };
    return NormalizeOp::create(
               decomposer.builder, op.getLoc(), op.getInput(), partial.shift,
               axes.repeat(moments.mean, channels), axes.repeat(rstd, channels),
               toChannels(getScale(op, decomposer)), toChannels(op.getBias()),
               /*mask=*/Value(), op.getOutput(), kept, getAxes(parameters))
        .getResult(0);
  }

  static SmallVector<int64_t> getAxes(ArrayRef<LayerDim> dims) {
    return llvm::map_to_vector(dims, [](LayerDim dim) { return dim.axis; });
  }
};

//===----------------------------------------------------------------------===//
// Inference
//===----------------------------------------------------------------------===//

struct DecomposeBatchNormInference
    : public OpRewritePattern<BatchNormInferenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormInferenceOp op,
                                PatternRewriter &rewriter) const override {
    if (failed(matchDecomposable(op, rewriter)))
      return failure();
    Decomposer decomposer(rewriter, op.getLoc(), op.getAccumulatorType());
    Value rstd = decomposer.computeRstd(op.getVariance(), op.getEpsilon(),
                                        op.getEpsilonMode());
    Value scale = decomposer.getScale(op.getScale(), op.getZeroCenteredScale());
    Selection selection =
        WorkingAxes(op, rewriter).getSelection().ifZero(op.getUnselected());
    rewriter.replaceOpWithNewOp<NormalizeOp>(
        op, op.getInput(), /*shift=*/Value(), op.getMean(), rstd, scale,
        op.getBias(), selection.mask, op.getOutput(), op.getFeatureAxes(),
        op.getParameterAxes().value_or(op.getFeatureAxes()), selection.axes);
    return success();
  }
};

struct Decompose : public norm::impl::NormDecomposeBase<Decompose> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateNormDecomposePatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

void norm::populateNormDecomposePatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeLayer<BatchNormTrainingOp>, DecomposeLayer<GroupNormOp>,
               DecomposeLayer<InstanceNormOp>, DecomposeLayer<LayerNormOp>,
               DecomposeLayer<RMSNormOp>, DecomposeBatchNormInference>(
      patterns.getContext());
  populateDecomposeGradientsPatterns(patterns);
  populateDecomposeDevicesPatterns(patterns);
}
