//===- GroupOps.cpp - layers with statistics of a sample ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/SpecSampleNorms.md and of the
// tests of invalid ops in test/IR.
//
//===----------------------------------------------------------------------===//

#include "LayerOpUtils.h"

using namespace mlir;
using namespace mlir::norm;

static constexpr llvm::StringLiteral kChannelSizes =
    "the size of the channel axis";
static constexpr llvm::StringLiteral kGroupSizes =
    "the sizes of the batch axes and the groups";
static constexpr llvm::StringLiteral kInstanceSizes =
    "the sizes of the batch and channel axes";
static constexpr llvm::StringLiteral kOtherSizes =
    "the sizes of the axes that are not normalized";
static constexpr llvm::StringLiteral kAxesSizes =
    "the sizes of the normalized axes";

/// Checks the batch axes, the channel axis and the parameter axes.
template <typename OpTy> static LogicalResult verifyChannels(OpTy op) {
  int64_t rank = getRank(op.getInput()), channelAxis = op.getChannelAxis();
  if (failed(verifyAxes(op, "batch axes", op.getBatchAxes(), rank)) ||
      failed(verifyAxes(op, "the channel axis", channelAxis, rank)))
    return failure();
  if (llvm::is_contained(op.getBatchAxes(), channelAxis))
    return op.emitOpError()
           << "expected the channel axis to be none of the batch axes, but got "
           << channelAxis << " for both";
  return verifyParameterAxes(op);
}

/// Checks the axes and groups of an op, (C4) to (C7).
template <typename OpTy> static LogicalResult verifyGroups(OpTy op) {
  // (C4)
  if (failed(verifyChannels(op)))
    return failure();
  // (C5)
  if (op.getNumGroups().has_value() == op.getGroupSize().has_value())
    return op.emitOpError()
           << "expected exactly one of num_groups and group_size, but got "
           << (op.getNumGroups() ? "both" : "neither");
  // (C6)
  int64_t divisor = op.getGrouping()->getDivisor();
  StringRef divisorName = op.getGrouping()->getDivisorName();
  if (divisor < 1)
    return op.emitOpError() << "expected " << divisorName
                            << " to be at least 1, but got " << divisor;
  return verifyDivisible(op); // (C7)
}

/// Checks what remains once all axes and shapes are right.
template <typename OpTy> static LogicalResult verifyStatistics(OpTy op) {
  // (C10)
  if (failed(verifyBothOrNone(op, "the mean", op.getSavedMean(), "the variance",
                              op.getSavedVariance())))
    return failure();
  // (C11), (C12)
  if (failed(verifyEpsilon(op, op.getEpsilon())))
    return failure();
  return verifyAccumulator(op, op.getAccumulator(), op.getInput());
}

/// Describes an operand of a layer that normalizes by the statistics of its
/// input alone; the sizes of statistics and of parameters are called as given.
template <typename OpTy>
static LayerOperand describeOperandOf(OpTy op, OpOperand &operand,
                                      StringRef statistics,
                                      StringRef parameters) {
  static constexpr StringRef kNames[] = {
      "the input", "scale",      "bias",     "the mask",
      "lengths",   "the output", "the mean", "the variance"};
  unsigned group = getOperandGroup(op, operand);
  if (group == 0 || group == 5)
    return describeData(kNames[group], op.getInput());
  if (group < 3)
    return describeParameter(op, kNames[group], parameters);
  if (group < 5)
    return describeMask(op, kNames[group]);
  return {kNames[group], statistics, op.getStatisticsDims()};
}

//===----------------------------------------------------------------------===//
// Group norm
//===----------------------------------------------------------------------===//

LogicalResult GroupNormOp::verify() {
  // (C1), (C2), (C4-C7), then (C3), (C8), (C9), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyGroups(*this)) ||
      failed(verifyOperandShapes(*this)))
    return failure();
  return verifyStatistics(*this); // (C10-C12)
}

LayerOperand GroupNormOp::describeOperand(OpOperand &operand) {
  return describeOperandOf(*this, operand, kGroupSizes, kChannelSizes);
}

LogicalResult GroupNormGradOp::verify() {
  // (C1), (C2), (C4-C7), then (C3), (C8), (C9), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyGroups(*this)) ||
      failed(verifyOperandShapes(*this)))
    return failure();
  return verifyGradient(*this); // (C10-C15)
}

LayerOperand GroupNormGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kGroupSizes, kChannelSizes);
}

//===----------------------------------------------------------------------===//
// Instance norm
//===----------------------------------------------------------------------===//

LogicalResult InstanceNormOp::verify() {
  // (C1), (C2), (C4), then (C3), (C8), (C9), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyChannels(*this)) ||
      failed(verifyOperandShapes(*this)))
    return failure();
  return verifyStatistics(*this); // (C10-C12)
}

LayerOperand InstanceNormOp::describeOperand(OpOperand &operand) {
  return describeOperandOf(*this, operand, kInstanceSizes, kChannelSizes);
}

LogicalResult InstanceNormGradOp::verify() {
  // (C1), (C2), (C4), then (C3), (C8), (C9), which rely on these
  if (failed(verifyKindAndRank(*this)) || failed(verifyChannels(*this)) ||
      failed(verifyOperandShapes(*this)))
    return failure();
  return verifyGradient(*this); // (C10-C15)
}

LayerOperand InstanceNormGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kInstanceSizes, kChannelSizes);
}

//===----------------------------------------------------------------------===//
// Layer norm and RMS norm
//===----------------------------------------------------------------------===//

/// Checks the axes and the shapes of an op on normalized axes.
template <typename OpTy> static LogicalResult verifyNormalizedAxes(OpTy op) {
  // (C1), (C2), (C4), then (C3), (C8), (C9), which rely on these
  if (failed(verifyKindAndRank(op)) ||
      failed(verifyLayerAxes(op, "normalized axes", "normalized axis",
                             op.getAxes())) ||
      failed(verifyParameterAxes(op)))
    return failure();
  return verifyOperandShapes(op);
}

LogicalResult LayerNormOp::verify() {
  if (failed(verifyNormalizedAxes(*this)))
    return failure();
  return verifyStatistics(*this); // (C10-C12)
}

LayerOperand LayerNormOp::describeOperand(OpOperand &operand) {
  return describeOperandOf(*this, operand, kOtherSizes, kAxesSizes);
}

LogicalResult RMSNormOp::verify() {
  // (C11), (C12)
  if (failed(verifyNormalizedAxes(*this)) ||
      failed(verifyEpsilon(*this, getEpsilon())))
    return failure();
  return verifyAccumulator(*this, getAccumulator(), getInput());
}

LayerOperand RMSNormOp::describeOperand(OpOperand &operand) {
  LayerOperand description =
      describeOperandOf(*this, operand, kOtherSizes, kAxesSizes);
  if (getOperandGroup(*this, operand) == 6)
    description.name = "the mean square";
  return description;
}

LogicalResult LayerNormGradOp::verify() {
  if (failed(verifyNormalizedAxes(*this)))
    return failure();
  return verifyGradient(*this); // (C10-C15)
}

LayerOperand LayerNormGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kOtherSizes, kAxesSizes);
}

LogicalResult RMSNormGradOp::verify() {
  if (failed(verifyNormalizedAxes(*this)))
    return failure();
  return verifyGradient(*this, /*isCentered=*/false); // (C10-C15)
}

LayerOperand RMSNormGradOp::describeOperand(OpOperand &operand) {
  return describeGradientOperand(*this, operand, kOtherSizes, kAxesSizes);
}
