//===- Canonicalization.cpp - canonical forms of the layer ops ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Unused results
//===----------------------------------------------------------------------===//

/// Removes the operand groups `groups` of an op, and the results tied to them,
/// which must be unused.
template <typename OpTy>
static void dropInits(PatternRewriter &rewriter, OpTy op,
                      ArrayRef<unsigned> groups) {
  auto properties = op.getProperties();
  llvm::SmallDenseSet<unsigned> dropped;
  for (unsigned group : groups) {
    auto [index, length] = op.getODSOperandIndexAndLength(group);
    for (unsigned i = 0; i < length; ++i)
      dropped.insert(index + i);
    properties.operandSegmentSizes[group] = 0;
  }
  OperationState state(op.getLoc(), op->getName());
  state.addAttributes(op->getDiscardableAttrDictionary().getValue());
  state.template getOrAddProperties<typename OpTy::Properties>() = properties;
  for (OpOperand &operand : op->getOpOperands())
    if (!dropped.contains(operand.getOperandNumber()))
      state.addOperands(operand.get());
  for (OpOperand &init : op.getDpsInitsMutable())
    if (!dropped.contains(init.getOperandNumber()))
      state.addTypes(init.get().getType());
  Operation *newOp = rewriter.create(state);
  unsigned next = 0;
  for (OpOperand &init : op.getDpsInitsMutable())
    if (!dropped.contains(init.getOperandNumber()))
      rewriter.replaceAllUsesWith(op.getTiedOpResult(&init),
                                  newOp->getResult(next++));
  rewriter.eraseOp(op);
}

namespace {
/// The operand group of `batches`.
constexpr unsigned kBatchesGroup = 3;

/// Drops a pair of outputs, inits number `First` and `First + 1`, that nobody
/// uses.
template <typename OpTy, unsigned First>
struct DropUnusedPair : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    Value first = op.getInitResult(First), second = op.getInitResult(First + 1);
    if (!first || !second || !first.use_empty() || !second.use_empty())
      return rewriter.notifyMatchFailure(op, "expected two unused results");
    constexpr unsigned group = OpTy::kFirstInitGroup + First;
    SmallVector<unsigned> groups = {group, group + 1};
    // The number of batches is for the running statistics.
    if constexpr (std::is_same_v<OpTy, BatchNormTrainingOp>)
      if (op.getRunningMean() && first == op.getRunningMeanResult())
        groups.push_back(kBatchesGroup);
    dropInits(rewriter, op, groups);
    return success();
  }
};

/// Drops the mean of squares if nobody uses it.
struct DropUnusedMeanSquare : public OpRewritePattern<RMSNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RMSNormOp op,
                                PatternRewriter &rewriter) const override {
    Value result = op.getMeanSquareResult();
    if (!result || !result.use_empty())
      return rewriter.notifyMatchFailure(op, "expected an unused result");
    dropInits(rewriter, op, {RMSNormOp::kFirstInitGroup + 1});
    return success();
  }
};

/// Drops the outputs of a gradient that nobody uses, if another one is used.
template <typename OpTy>
struct DropUnusedGradients : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || op->use_empty())
      return rewriter.notifyMatchFailure(op, "expected a used result");
    SmallVector<unsigned> unused;
    for (unsigned init : {0, 1, 2}) {
      Value result = op.getInitResult(init);
      if (result && result.use_empty())
        unused.push_back(OpTy::kFirstInitGroup + init);
    }
    if (unused.empty())
      return rewriter.notifyMatchFailure(op, "expected an unused result");
    dropInits(rewriter, op, unused);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Empty inputs
//===----------------------------------------------------------------------===//

/// Replaces an op on an input without elements: its output has no elements
/// either, running statistics stay as they are, and all else is 0.
template <typename OpTy> struct FoldEmptyInput : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() ||
        !llvm::is_contained(
            cast<RankedTensorType>(op.getInput().getType()).getShape(), 0))
      return rewriter.notifyMatchFailure(op, "expected an empty tensor");
    if (cast<NormLayerOpInterface>(*op).getDevices())
      return rewriter.notifyMatchFailure(op, "expected no values elsewhere");
    if constexpr (std::is_same_v<OpTy, BatchNormTrainingOp>)
      if (op.getEmpty() != EmptyRule::Keep)
        return rewriter.notifyMatchFailure(op, "expected statistics of 0");
    SmallVector<Value> results;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      if (op.describeOperand(init).isData || readsInit(op, init)) {
        results.push_back(init.get());
        continue;
      }
      Value zero = arith::ConstantOp::create(
          rewriter, op.getLoc(),
          rewriter.getZeroAttr(getElementTypeOrSelf(init.get())));
      results.push_back(
          linalg::FillOp::create(rewriter, op.getLoc(), zero, init.get())
              .getResult(0));
    }
    rewriter.replaceOp(op, results);
    return success();
  }

  static bool readsInit(OpTy op, OpOperand &init) {
    return cast<NormStructuredOpInterface>(*op).readsInit(init);
  }
};

//===----------------------------------------------------------------------===//
// Inference with constant statistics
//===----------------------------------------------------------------------===//

/// Reads a constant of floats, or `count` times `otherwise` if there is none.
std::optional<SmallVector<double>> readConstant(Value value, int64_t count,
                                                double otherwise) {
  if (!value)
    return SmallVector<double>(count, otherwise);
  DenseFPElementsAttr attr;
  if (!matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  SmallVector<double> values;
  for (APFloat element : attr.getValues<APFloat>()) {
    bool losesInfo;
    element.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    values.push_back(element.convertToDouble());
  }
  return values;
}

/// Rewrites inference with constant operands as `norm.normalize` with one scale
/// for each feature and a bias:
///
///   output = input * a + (bias - mean * a), a = scale / sqrt(variance + eps)
///
/// Where a mean is large against its standard deviation, the product with it
/// would cost accuracy, so that the mean is subtracted first as before.
struct FoldConstantStatistics : public OpRewritePattern<BatchNormInferenceOp> {
  using OpRewritePattern::OpRewritePattern;

  /// A mean up to this many standard deviations costs at most 3 bits.
  static constexpr double kLargeMean = 8;

  LogicalResult matchAndRewrite(BatchNormInferenceOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    auto type = cast<RankedTensorType>(op.getMean().getType());
    if (op.getParameterAxes() || op.getZeroCenteredScale() || op.getMask() ||
        op.getLengths() || op.getEpsilonMode() != EpsilonMode::Add)
      return rewriter.notifyMatchFailure(op, "expected the common form");
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expected constant statistics");
    int64_t count = type.getNumElements();
    auto mean = readConstant(op.getMean(), count, 0);
    auto variance = readConstant(op.getVariance(), count, 1);
    auto scale = readConstant(op.getScale(), count, 1);
    auto bias = readConstant(op.getBias(), count, 0);
    if (!mean || !variance || !scale || !bias)
      return rewriter.notifyMatchFailure(op, "expected constant statistics");

    double epsilon = op.getEpsilon().convertToDouble();
    bool keepsMean = false;
    SmallVector<double> factor, shift;
    for (int64_t i = 0; i < count; ++i) {
      double square = (*variance)[i] + epsilon;
      factor.push_back(square == 0 ? 0 : (*scale)[i] / std::sqrt(square));
      shift.push_back((*bias)[i] - (*mean)[i] * factor[i]);
      keepsMean |= std::abs((*mean)[i]) > kLargeMean * std::sqrt(square);
    }
    auto makeConstant = [&](ArrayRef<double> values) -> Value {
      FloatType element = op.getAccumulatorType();
      auto elements = llvm::map_to_vector(values, [&](double value) {
        APFloat number(value);
        bool losesInfo;
        number.convert(element.getFloatSemantics(),
                       APFloat::rmNearestTiesToEven, &losesInfo);
        return number;
      });
      return arith::ConstantOp::create(
          rewriter, op.getLoc(),
          DenseElementsAttr::get(type.clone(element), elements));
    };
    ArrayRef<int64_t> features = op.getFeatureAxes();
    rewriter.replaceOpWithNewOp<NormalizeOp>(
        op, op.getInput(), /*shift=*/Value(),
        keepsMean ? op.getMean() : Value(), /*rstd=*/Value(),
        makeConstant(factor), makeConstant(keepsMean ? *bias : shift),
        /*mask=*/Value(), op.getOutput(),
        keepsMean ? features : ArrayRef<int64_t>(), features);
    return success();
  }
};

/// Drops the mask or the lengths of an op with constant statistics that treats
/// unselected values as all others.
template <typename OpTy> struct DropIdleMask : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (op.getUnselected() != UnselectedRule::Normalize)
      return rewriter.notifyMatchFailure(op, "expected no use of the mask");
    rewriter.modifyOpInPlace(op, [&] {
      op.getMaskMutable().clear();
      op.getLengthsMutable().clear();
      op.setMaskAxes({});
      op.removeSequenceAxisAttr();
      op.setUnselected(UnselectedRule::Zero);
    });
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Group norm with one group, or one channel a group
//===----------------------------------------------------------------------===//

/// Names one group, and one channel a group, in one way each: `num_groups = 1`
/// and `group_size = 1`.
template <typename OpTy>
struct CanonicalizeGroups : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto [groups, groupSize] = op.getStaticGroups();
    if (op.getNumGroups() && groups != 1 && groupSize == 1) {
      rewriter.modifyOpInPlace(op, [&] {
        op.removeNumGroupsAttr();
        op.setGroupSize(1);
      });
      return success();
    }
    if (op.getGroupSize() && groups == 1) {
      rewriter.modifyOpInPlace(op, [&] {
        op.removeGroupSizeAttr();
        op.setNumGroups(1);
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "expected one group or channel");
  }
};

/// Rewrites a group norm without parameters as a batch norm: with one channel a
/// group, the features are the batch and channel axes; with one group and
/// without statistics, whose shapes differ, they are the batch axes.
struct GroupNormToBatchNorm : public OpRewritePattern<GroupNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GroupNormOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getScale() || op.getBias())
      return rewriter.notifyMatchFailure(op, "expected no scale and no bias");
    SmallVector<int64_t> features(op.getBatchAxes());
    if (op.getGroupSize() == 1) {
      features.push_back(op.getChannelAxis());
      llvm::sort(features);
    } else if (op.getNumGroups() != 1 || op.getSavedMean() ||
               features.empty()) {
      return rewriter.notifyMatchFailure(op, "expected one group or channel");
    }
    rewriter.replaceOpWithNewOp<BatchNormTrainingOp>(
        op, op.getInput(), /*scale=*/Value(), /*bias=*/Value(),
        /*batches=*/Value(), op.getMask(), op.getLengths(), op.getOutput(),
        /*running_mean=*/Value(), /*running_variance=*/Value(),
        op.getSavedMean(), op.getSavedVariance(), features,
        /*parameter_axes=*/DenseI64ArrayAttr(), /*ghost_size=*/IntegerAttr(),
        op.getMaskAxes(), op.getSequenceAxisAttr(), op.getUnselected(),
        op.getDevicesAttr(), op.getEpsilon(), op.getEpsilonMode(),
        /*zero_centered_scale=*/false,
        /*momentum=*/APFloat(0.9), /*running_var_correction=*/1,
        GhostUpdate::Sequential, NonfiniteRule::Propagate, EmptyRule::Keep,
        SingleRule::Keep, op.getVariance(), op.getAccumulatorAttr());
    return success();
  }
};
} // namespace

void BatchNormTrainingOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<DropUnusedPair<BatchNormTrainingOp, 1>,
               DropUnusedPair<BatchNormTrainingOp, 3>,
               FoldEmptyInput<BatchNormTrainingOp>>(context);
}

void BatchNormInferenceOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantStatistics, DropIdleMask<BatchNormInferenceOp>,
               FoldEmptyInput<BatchNormInferenceOp>>(context);
}

void BatchNormGradOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                  MLIRContext *context) {
  patterns.add<DropUnusedGradients<BatchNormGradOp>,
               FoldEmptyInput<BatchNormGradOp>>(context);
}

void BatchNormInferenceGradOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<DropUnusedGradients<BatchNormInferenceGradOp>,
               DropIdleMask<BatchNormInferenceGradOp>,
               FoldEmptyInput<BatchNormInferenceGradOp>>(context);
}

void GroupNormGradOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                  MLIRContext *context) {
  patterns.add<CanonicalizeGroups<GroupNormGradOp>,
               DropUnusedGradients<GroupNormGradOp>,
               FoldEmptyInput<GroupNormGradOp>>(context);
}

void InstanceNormGradOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<DropUnusedGradients<InstanceNormGradOp>,
               FoldEmptyInput<InstanceNormGradOp>>(context);
}

void LayerNormGradOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                  MLIRContext *context) {
  patterns.add<DropUnusedGradients<LayerNormGradOp>,
               FoldEmptyInput<LayerNormGradOp>>(context);
}

void RMSNormGradOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                MLIRContext *context) {
  patterns
      .add<DropUnusedGradients<RMSNormGradOp>, FoldEmptyInput<RMSNormGradOp>>(
          context);
}

void GroupNormOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<DropUnusedPair<GroupNormOp, 1>, CanonicalizeGroups<GroupNormOp>,
               GroupNormToBatchNorm, FoldEmptyInput<GroupNormOp>>(context);
}

void InstanceNormOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                 MLIRContext *context) {
  patterns
      .add<DropUnusedPair<InstanceNormOp, 1>, FoldEmptyInput<InstanceNormOp>>(
          context);
}

void LayerNormOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<DropUnusedPair<LayerNormOp, 1>, FoldEmptyInput<LayerNormOp>>(
      context);
}

void RMSNormOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<DropUnusedMeanSquare, FoldEmptyInput<RMSNormOp>>(context);
}
