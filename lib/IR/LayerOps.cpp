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
  // (C1), (C2), (C4), then (C3), (C5), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyFeatures(*this)) ||
      failed(verifyOperandShapes(*this)))
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
  default:
    return {kNames[group], kFeatureSizes, getStatisticsDims()};
  }
}

bool BatchNormTrainingOp::readsInit(OpOperand &init) {
  unsigned group = getOperandGroup(*this, init);
  return group == 7 || group == 8;
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

template <typename OpTy> static LogicalResult verifyBatchNormGradient(OpTy op) {
  // (C1), (C2), (C4), then (C3), (C5), which rely on these
  if (failed(verifyKindAndRank(op)) || failed(verifyFeatures(op)) ||
      failed(verifyOperandShapes(op)))
    return failure();
  return verifyGradient(op); // (C6-C11)
}

LogicalResult BatchNormGradOp::verify() {
  return verifyBatchNormGradient(*this);
}

LayerOperand BatchNormGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kFeatureSizes, kFeatureSizes);
}

LogicalResult BatchNormInferenceGradOp::verify() {
  return verifyBatchNormGradient(*this);
}

LayerOperand BatchNormInferenceGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kFeatureSizes, kFeatureSizes);
}

#define GET_OP_CLASSES
#include "Norm/IR/NormOps.cpp.inc"
