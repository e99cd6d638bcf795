//===- LayerOps.cpp - batch norm and its gradients ------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/SpecBatchNorm.md and of the
// tests of invalid ops in test/IR.
//
//===----------------------------------------------------------------------===//

#include "LayerOpUtils.h"
#include "Verification.h"

using namespace mlir;
using namespace mlir::norm;

static constexpr llvm::StringLiteral kFeatureSizes =
    "the sizes of the feature axes";

static constexpr llvm::StringLiteral kGhostSizes =
    "the number of sub-batches and the sizes of the feature axes";

/// Checks the sub-batches of a batch norm.
template <typename OpTy> static LogicalResult verifyGhosts(OpTy op) {
  std::optional<int64_t> size = op.getGhostSize();
  if (!size)
    return success();
  // (C12)
  if (*size < 1)
    return op.emitOpError()
           << "expected ghost_size to be at least 1, but got " << *size;
  // (C13)
  if (llvm::is_contained(op.getFeatureAxes(), 0))
    return op.emitOpError()
           << "expected axis 0, which ghost_size divides, to be "
              "no feature axis, but got feature axes ["
           << op.getFeatureAxes() << "]";
  if (failed(verifyDivisible(op))) // (C14)
    return failure();
  // (C15)
  if (op.getDevices())
    return op.emitOpError()
           << "expected no devices with ghost_size, but got some";
  return success();
}

/// Returns what messages call the sizes of the statistics of the batch.
template <typename OpTy> static StringRef getStatisticsSizes(OpTy op) {
  return op.getGhostSize() ? kGhostSizes : kFeatureSizes;
}

/// Checks the axes of a batch norm (C4).
template <typename OpTy> static LogicalResult verifyFeatures(OpTy op) {
  if (failed(verifyLayerAxes(op, "feature axes", "feature axis",
                             op.getFeatureAxes())))
    return failure();
  return verifyParameterAxes(op);
}

//===----------------------------------------------------------------------===//
// BatchNormTrainingOp
//===----------------------------------------------------------------------===//

LogicalResult BatchNormTrainingOp::verify() {
  // (C1), (C2), (C4), (C12-C15), then (C3), (C5), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyFeatures(*this)) ||
      failed(verifyGhosts(*this)) || failed(verifyOperandShapes(*this)))
    return failure();
  // (C6)
  if (failed(verifyBothOrNone(*this, "the running mean", getRunningMean(),
                              "the running variance", getRunningVariance())) ||
      failed(verifyBothOrNone(*this, "the batch mean", getBatchMean(),
                              "the batch variance", getBatchVariance())))
    return failure();
  // (C7), (C8), (C9), (C10)
  if (failed(verifyEpsilon(*this, getEpsilon())) ||
      failed(verifyMomentum(*this, getMomentum())) ||
      failed(verifyCorrection(*this, getRunningVarCorrection())))
    return failure();
  // (C11)
  if (failed(verifyBatches(*this, getBatches(), getRunningMean())))
    return failure();
  return verifyAccumulator(*this, getAccumulator(), getInput());
}

LayerOperand BatchNormTrainingOp::describeOperand(OpOperand &operand) {
  static constexpr StringRef kNames[] = {"the input",
                                         "scale",
                                         "bias",
                                         "the number of batches",
                                         "the mask",
                                         "lengths",
                                         "the output",
                                         "the running mean",
                                         "the running variance",
                                         "the batch mean",
                                         "the batch variance"};
  unsigned group = getOperandGroup(*this, operand);
  switch (group) {
  case 0:
  case 6:
    return describeData(kNames[group], getInput());
  case 1:
  case 2:
    return describeParameter(*this, kNames[group], kFeatureSizes);
  case 3:
    return {kNames[group], "that of a number", {}};
  case 4:
  case 5:
    return describeMask(*this, kNames[group]);
  case 7:
  case 8:
    return {kNames[group], kFeatureSizes, toDims(getFeatureAxes())};
  default:
    return {kNames[group], getStatisticsSizes(*this), getStatisticsDims()};
  }
}

bool BatchNormTrainingOp::readsInit(OpOperand &init) {
  unsigned group = getOperandGroup(*this, init);
  return group == 7 || group == 8;
}

bool BatchNormTrainingOp::takesParts(OpOperand &init) {
  return readsInit(init) && getGhostUpdate() == GhostUpdate::Sequential &&
         !getBatches();
}

//===----------------------------------------------------------------------===//
// BatchNormInferenceOp
//===----------------------------------------------------------------------===//

LogicalResult BatchNormInferenceOp::verify() {
  // (C1), (C2), (C4), then (C3), (C5), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyFeatures(*this)) ||
      failed(verifyOperandShapes(*this)))
    return failure();
  // (C6), (C7)
  if (failed(verifyEpsilon(*this, getEpsilon())))
    return failure();
  return verifyAccumulator(*this, getAccumulator(), getInput());
}

LayerOperand BatchNormInferenceOp::describeOperand(OpOperand &operand) {
  static constexpr StringRef kNames[] = {"the input", "mean",      "variance",
                                         "scale",     "bias",      "the mask",
                                         "lengths",   "the output"};
  unsigned group = getOperandGroup(*this, operand);
  if (group == 0 || group == 7)
    return describeData(kNames[group], getInput());
  if (group >= 5)
    return describeMask(*this, kNames[group]);
  if (group >= 3)
    return describeParameter(*this, kNames[group], kFeatureSizes);
  return {kNames[group], kFeatureSizes, getStatisticsDims()};
}

//===----------------------------------------------------------------------===//
// BatchNormGradOp, BatchNormInferenceGradOp
//===----------------------------------------------------------------------===//

LogicalResult BatchNormGradOp::verify() {
  // (C1), (C2), (C4), (C12-C15), then (C3), (C5), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyFeatures(*this)) ||
      failed(verifyGhosts(*this)) || failed(verifyOperandShapes(*this)))
    return failure();
  return verifyGradient(*this); // (C6-C11)
}

LayerOperand BatchNormGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, getStatisticsSizes(*this),
                                 kFeatureSizes);
}

LogicalResult BatchNormInferenceGradOp::verify() {
  // (C1), (C2), (C4), then (C3), (C5), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyFeatures(*this)) ||
      failed(verifyOperandShapes(*this)))
    return failure();
  return verifyGradient(*this); // (C6-C11)
}

LayerOperand BatchNormInferenceGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kFeatureSizes, kFeatureSizes);
}

#define GET_OP_CLASSES
#include "Norm/IR/NormOps.cpp.inc"
