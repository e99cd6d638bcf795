//===- Decompose.cpp - layer ops to kernel ops ----------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Builders.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMDECOMPOSE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Moments relative to a shift, which is null for the fast variance.
struct Moments {
  Value count, mean, m2, shift;
};

/// Builds kernel ops at one location, with statistics of one type.
class Decomposer {
public:
  Decomposer(OpBuilder &builder, Location loc, FloatType accumulator,
             VarianceAlgorithm algorithm)
      : builder(builder), loc(loc), accumulator(accumulator),
        algorithm(algorithm) {}

  /// Makes an uninitialized tensor of statistics.
  Value makeEmpty(ArrayRef<OpFoldResult> sizes) {
    return tensor::EmptyOp::create(builder, loc, sizes, accumulator);
  }
  Value makeZeros(ArrayRef<OpFoldResult> sizes) {
    return norm::makeZeros(builder, loc, sizes, accumulator);
  }

  /// Picks a shift for the statistics over `axes`.
  Value pickShift(Value input, ArrayRef<int64_t> axes) {
    SmallVector<OpFoldResult> sizes = getKeptSizes(input, axes);
    return ShiftOp::create(builder, loc, input, makeEmpty(sizes), axes)
        .getResult(0);
  }

  /// Takes the moments of `input` over `axes`. The shift is picked if there is
  /// none.
  Moments takeMoments(Value input, ArrayRef<int64_t> axes, Value shift = {}) {
    SmallVector<OpFoldResult> sizes = getKeptSizes(input, axes);
    if (!shift && algorithm == VarianceAlgorithm::Stable)
      shift = pickShift(input, axes);
    Value zeros = makeZeros(sizes);
    auto moments = MomentsOp::create(builder, loc, input, shift, zeros, zeros,
                                     zeros, axes, algorithm);
    return {moments.getResult(0), moments.getResult(1), moments.getResult(2),
            shift};
  }

  Value computeRstd(Value variance, const APFloat &epsilon) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, variance);
    return RstdOp::create(builder, loc, variance, makeEmpty(sizes), epsilon)
        .getResult(0);
  }

  /// Writes `value` into `init`, converting its elements; returns the result.
  Value copyInto(Value value, Value init) {
    int64_t rank = getRank(value);
    AffineMap map = builder.getMultiDimIdentityMap(rank);
    return linalg::GenericOp::create(
               builder, loc, init.getType(), value, init,
               ArrayRef<AffineMap>{map, map},
               SmallVector<utils::IteratorType>(rank,
                                                utils::IteratorType::parallel),
               [](OpBuilder &b, Location l, ValueRange args) {
                 linalg::YieldOp::create(
                     b, l, castFloat(b, l, args[0], args[1].getType()));
               })
        .getResult(0);
  }

  SmallVector<OpFoldResult> getKeptSizes(Value input, ArrayRef<int64_t> axes) {
    return getMixedSizes(builder, loc, input,
                         getOtherAxes(getRank(input), axes));
  }

  OpBuilder &builder;
  Location loc;
  FloatType accumulator;
  VarianceAlgorithm algorithm;
};

//===----------------------------------------------------------------------===//
// Batch norm
//===----------------------------------------------------------------------===//

struct DecomposeBatchNormTraining
    : public OpRewritePattern<BatchNormTrainingOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormTrainingOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Value input = op.getInput();
    ArrayRef<int64_t> features = op.getFeatureAxes();
    Decomposer decomposer(rewriter, op.getLoc(), op.getAccumulatorType(),
                          op.getVariance());

    Moments moments =
        decomposer.takeMoments(input, getOtherAxes(getRank(input), features));

    // The statistics are computed in the accumulator type, also where the
    // caller wants them in another one.
    SmallVector<OpFoldResult> sizes =
        getMixedSizes(rewriter, op.getLoc(), input, features);
    auto makeInit = [&](Value wanted) {
      bool usable =
          wanted && getElementTypeOrSelf(wanted) == op.getAccumulatorType();
      return usable ? wanted : decomposer.makeEmpty(sizes);
    };
    auto finalize = FinalizeOp::create(
        rewriter, op.getLoc(), moments.count, moments.mean, moments.m2,
        moments.shift, makeInit(op.getBatchMean()),
        makeInit(op.getBatchVariance()), op.getRunningMean(),
        op.getRunningVariance(), op.getMomentum(),
        op.getRunningVarCorrection());
    Value mean = finalize.getResult(0), variance = finalize.getResult(1);
    Value rstd = decomposer.computeRstd(variance, op.getEpsilon());
    auto normalize = NormalizeOp::create(
        rewriter, op.getLoc(), input, moments.shift, moments.mean, rstd,
        op.getScale(), op.getBias(), op.getOutput(), features, features);

    SmallVector<Value> results = {normalize.getResult(0)};
    llvm::append_range(results, finalize.getResults().drop_front(2));
    auto deliver = [&](Value value, Value init) {
      if (init)
        results.push_back(value.getType() == init.getType()
                              ? value
                              : decomposer.copyInto(value, init));
    };
    deliver(mean, op.getBatchMean());
    deliver(variance, op.getBatchVariance());
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct DecomposeBatchNormInference
    : public OpRewritePattern<BatchNormInferenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormInferenceOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Decomposer decomposer(rewriter, op.getLoc(), op.getAccumulatorType(),
                          VarianceAlgorithm::Stable);
    Value rstd = decomposer.computeRstd(op.getVariance(), op.getEpsilon());
    rewriter.replaceOpWithNewOp<NormalizeOp>(
        op, op.getInput(), /*shift=*/Value(), op.getMean(), rstd, op.getScale(),
        op.getBias(), op.getOutput(), op.getFeatureAxes(), op.getFeatureAxes());
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Group norm
//===----------------------------------------------------------------------===//

/// Returns the axes of a tensor of rank `rank`, with `axis` made of two.
static SmallVector<ReassociationIndices> getReassociation(int64_t rank,
                                                          int64_t axis) {
  SmallVector<ReassociationIndices> reassociation;
  for (int64_t i = 0, next = 0; i < rank; ++i) {
    reassociation.push_back({next++});
    if (i == axis)
      reassociation.back().push_back(next++);
  }
  return reassociation;
}

/// Inserts an axis of size 1 at `axis`.
static Value insertUnitAxis(OpBuilder &builder, Value value, int64_t axis) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin() + axis, 1);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, value.getLoc(), value);
  sizes.insert(sizes.begin() + axis, builder.getIndexAttr(1));
  // The new axis belongs to the axis after it, or to the one before if it is
  // the last.
  return tensor::ExpandShapeOp::create(
      builder, value.getLoc(),
      RankedTensorType::get(shape, type.getElementType()), value,
      getReassociation(type.getRank(), std::min(axis, type.getRank() - 1)),
      sizes);
}

/// Splits axis `axis` of tensors into groups and the channels of a group.
class ChannelSplitter {
public:
  ChannelSplitter(GroupNormOp op, OpBuilder &builder)
      : builder(builder), loc(op.getLoc()) {
    std::tie(staticGroups, staticGroupSize) = op.getStaticGroups();
    OpFoldResult channels =
        tensor::getMixedSize(builder, loc, op.getInput(), op.getChannelAxis());
    auto divide = [&](int64_t divisor) {
      AffineExpr s0 = builder.getAffineSymbolExpr(0);
      return affine::makeComposedFoldedAffineApply(
          builder, loc, s0.floorDiv(divisor), {channels});
    };
    groups = op.getNumGroups()
                 ? OpFoldResult(builder.getIndexAttr(*op.getNumGroups()))
                 : divide(*op.getGroupSize());
    groupSize = op.getGroupSize()
                    ? OpFoldResult(builder.getIndexAttr(*op.getGroupSize()))
                    : divide(*op.getNumGroups());
  }

  Value split(Value value, int64_t axis) {
    if (!value)
      return {};
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] = staticGroups;
    shape.insert(shape.begin() + axis + 1, staticGroupSize);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, value);
    sizes[axis] = groups;
    sizes.insert(sizes.begin() + axis + 1, groupSize);
    return tensor::ExpandShapeOp::create(
        builder, loc, RankedTensorType::get(shape, type.getElementType()),
        value, getReassociation(type.getRank(), axis), sizes);
  }

  Value merge(Value value, int64_t axis) {
    return tensor::CollapseShapeOp::create(
        builder, loc, value, getReassociation(getRank(value) - 1, axis));
  }

  /// Repeats every statistic of a group, at `axis`, for each of its channels.
  Value repeat(Value value, int64_t axis) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, value);
    sizes.insert(sizes.begin() + axis + 1, groupSize);
    Value init =
        tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
    Value repeated =
        linalg::BroadcastOp::create(builder, loc, value, init, axis + 1)
            .getResult()[0];
    return merge(repeated, axis);
  }

private:
  OpBuilder &builder;
  Location loc;
  int64_t staticGroups, staticGroupSize;
  OpFoldResult groups, groupSize;
};

struct DecomposeGroupNorm : public OpRewritePattern<GroupNormOp> {
  using OpRewritePattern::OpRewritePattern;

  /// What the three forms of the op have in common once the moments are known:
  /// the statistics of the groups, and from them the output of `input`, which
  /// may be a reshaped form of the op's input.
  struct Statistics {
    Value mean, variance, rstd;
  };

  static Statistics finalize(GroupNormOp op, Decomposer &decomposer,
                             const Moments &moments) {
    OpBuilder &builder = decomposer.builder;
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, op.getLoc(), moments.count);
    auto finalize = FinalizeOp::create(
        builder, op.getLoc(), moments.count, moments.mean, moments.m2,
        moments.shift, decomposer.makeEmpty(sizes), decomposer.makeEmpty(sizes),
        Value(), Value(), APFloat(0.0), 0);
    return {finalize.getResult(0), finalize.getResult(1),
            decomposer.computeRstd(finalize.getResult(1), op.getEpsilon())};
  }

  static Value normalize(GroupNormOp op, Decomposer &decomposer, Value input,
                         const Moments &moments, Value rstd, Value scale,
                         Value bias, Value output, ArrayRef<int64_t> kept,
                         ArrayRef<int64_t> parameterAxes) {
    return NormalizeOp::create(decomposer.builder, op.getLoc(), input,
                               moments.shift, moments.mean, rstd, scale, bias,
                               output, kept, parameterAxes)
        .getResult(0);
  }

  LogicalResult matchAndRewrite(GroupNormOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Decomposer decomposer(rewriter, op.getLoc(), op.getAccumulatorType(),
                          op.getVariance());
    ChannelSplitter splitter(op, rewriter);
    int64_t rank = getRank(op.getInput()), channel = op.getChannelAxis();
    SmallVector<int64_t> kept(op.getBatchAxes());
    kept.push_back(channel);
    llvm::sort(kept);
    int64_t groupDim = llvm::find(kept, channel) - kept.begin();

    Value output;
    Statistics statistics;
    auto [groups, groupSize] = op.getStaticGroups();
    if (groups == 1 || groupSize == 1) {
      // One group: the channel axis is one more reduced axis, and the groups'
      // axis of the statistics has one element. One channel a group: it is one
      // more statistics axis.
      SmallVector<int64_t> axes = kept;
      if (groups == 1)
        axes.erase(axes.begin() + groupDim);
      Moments moments =
          decomposer.takeMoments(op.getInput(), getOtherAxes(rank, axes));
      statistics = finalize(op, decomposer, moments);
      output =
          normalize(op, decomposer, op.getInput(), moments, statistics.rstd,
                    op.getScale(), op.getBias(), op.getOutput(), axes, channel);
      if (groups == 1) {
        statistics.mean = insertUnitAxis(rewriter, statistics.mean, groupDim);
        statistics.variance =
            insertUnitAxis(rewriter, statistics.variance, groupDim);
      }
    } else if (channel == rank - 1 && kept.size() < size_t(rank)) {
      // Channels innermost: rows are read as they lie, with statistics for each
      // channel. Those of a group share a shift, so that they can be combined.
      SmallVector<int64_t> axes = getOtherAxes(rank, kept);
      Value shift;
      if (op.getVariance() == VarianceAlgorithm::Stable)
        shift = decomposer.pickShift(
            splitter.split(decomposer.pickShift(op.getInput(), axes), groupDim),
            groupDim + 1);
      Value channelShift = shift ? splitter.repeat(shift, groupDim) : Value();
      Moments partial =
          decomposer.takeMoments(op.getInput(), axes, channelShift);
      Value zeros = decomposer.makeZeros(decomposer.getKeptSizes(
          splitter.split(partial.count, groupDim), {groupDim + 1}));
      auto combine = CombineMomentsOp::create(
          rewriter, op.getLoc(), splitter.split(partial.count, groupDim),
          splitter.split(partial.mean, groupDim),
          splitter.split(partial.m2, groupDim), zeros, zeros, zeros,
          groupDim + 1);
      Moments moments = {combine.getResult(0), combine.getResult(1),
                         combine.getResult(2), shift};
      statistics = finalize(op, decomposer, moments);
      Moments repeated = {Value(), splitter.repeat(moments.mean, groupDim),
                          Value(), channelShift};
      output =
          normalize(op, decomposer, op.getInput(), repeated,
                    splitter.repeat(statistics.rstd, groupDim), op.getScale(),
                    op.getBias(), op.getOutput(), kept, channel);
    } else {
      Value input = splitter.split(op.getInput(), channel);
      for (int64_t &axis : kept)
        axis += axis > channel;
      Moments moments =
          decomposer.takeMoments(input, getOtherAxes(rank + 1, kept));
      statistics = finalize(op, decomposer, moments);
      output = normalize(op, decomposer, input, moments, statistics.rstd,
                         splitter.split(op.getScale(), 0),
                         splitter.split(op.getBias(), 0),
                         splitter.split(op.getOutput(), channel), kept,
                         {channel, channel + 1});
      output = splitter.merge(output, channel);
    }

    SmallVector<Value> results = {output};
    if (op.getGroupMean()) {
      results.push_back(
          decomposer.copyInto(statistics.mean, op.getGroupMean()));
      results.push_back(
          decomposer.copyInto(statistics.variance, op.getGroupVariance()));
    }
    rewriter.replaceOp(op, results);
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
  patterns.add<DecomposeBatchNormTraining, DecomposeBatchNormInference,
               DecomposeGroupNorm>(patterns.getContext());
}
