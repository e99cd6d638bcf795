//===- KernelOps.cpp - verifiers and loops of the kernel ops --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/SpecKernels.md and of
// test/IR/invalid-kernel-ops.mlir.
//
//===----------------------------------------------------------------------===//

#include "KernelOpUtils.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// ShiftOp
//===----------------------------------------------------------------------===//

LogicalResult ShiftOp::verify() {
  return verifyReduction(*this, getInput(), getAxes(),
                         {{"the shift", getShift()}}); // (C1-C4)
}

SmallVector<utils::IteratorType> ShiftOp::getLoopTypes() {
  return SmallVector<utils::IteratorType>(getRank(getShift()),
                                          utils::IteratorType::parallel);
}

SmallVector<DimIndexing> ShiftOp::getIndexing(OpOperand &operand) {
  if (operand != getInputMutable())
    return indexAll(operand.get());
  int64_t rank = getRank(getInput());
  SmallVector<DimIndexing> dims(rank, {DimIndexing::kWhole});
  for (auto [loop, axis] : llvm::enumerate(getOtherAxes(rank, getAxes())))
    dims[axis].loop = loop;
  return dims;
}

//===----------------------------------------------------------------------===//
// MomentsOp
//===----------------------------------------------------------------------===//

LogicalResult MomentsOp::verify() {
  if (failed(verifyReduction(*this, getInput(), getAxes(),
                             {{"the shift", getShift()},
                              {"the guess", getGuess()},
                              {"the count", getCount()},
                              {"the mean", getMean()},
                              {"M2", getM2()}}))) // (C1-C4)
    return failure();
  // (C5)
  if (getUncentered() && getShift())
    return emitOpError() << "expected no shift with uncentered, but got one";
  // (C8)
  if (getGuess() &&
      (getUncentered() || getVariance() != VarianceAlgorithm::Stable))
    return emitOpError() << "expected no guess with "
                         << (getUncentered() ? "uncentered" : "variance = fast")
                         << ", but got one";
  if (failed(verifyMask(*this, getInput()))) // (C6)
    return failure();
  return verifySumType(*this, getAccumulator(),
                       {{"the count", getCount()},
                        {"the mean", getMean()},
                        {"M2", getM2()}}); // (C7)
}

SmallVector<utils::IteratorType> MomentsOp::getLoopTypes() {
  return getLoops(getInput(), getAxes());
}

SmallVector<DimIndexing> MomentsOp::getIndexing(OpOperand &operand) {
  if (operand == getInputMutable())
    return indexAll(operand.get());
  if (getOperandGroup(*this, operand) == 2)
    return indexBy(getMaskAxes());
  return indexBy(getOtherAxes(getRank(getInput()), getAxes()));
}

bool MomentsOp::readsInit(OpOperand &) { return true; }

FloatType MomentsOp::getAccumulatorType() {
  return norm::getAccumulator(getAccumulator(), getMean());
}

//===----------------------------------------------------------------------===//
// CombineMomentsOp
//===----------------------------------------------------------------------===//

LogicalResult CombineMomentsOp::verify() {
  if (failed(verifyReduction(*this, getPartialCount(), getAxes(),
                             {{"the count", getCount()},
                              {"the mean", getMean()},
                              {"M2", getM2()}}))) // (C1-C4)
    return failure();
  // (C5)
  return verifySameShape(*this, {{"the partial count", getPartialCount()},
                                 {"the partial mean", getPartialMean()},
                                 {"the partial M2", getPartialM2()}});
}

SmallVector<utils::IteratorType> CombineMomentsOp::getLoopTypes() {
  return getLoops(getPartialCount(), getAxes());
}

SmallVector<DimIndexing> CombineMomentsOp::getIndexing(OpOperand &operand) {
  if (operand.getOperandNumber() < 3)
    return indexAll(operand.get());
  return indexBy(getOtherAxes(getRank(getPartialCount()), getAxes()));
}

bool CombineMomentsOp::readsInit(OpOperand &) { return true; }

//===----------------------------------------------------------------------===//
// FinalizeOp
//===----------------------------------------------------------------------===//

LogicalResult FinalizeOp::verify() {
  // (C1)
  if (failed(verifyOneKind(*this)))
    return failure();
  // (C2)
  if (failed(verifySameShape(*this, {{"the count", getCount()},
                                     {"the moments' mean", getMomentsMean()},
                                     {"M2", getM2()},
                                     {"the shift", getShift()},
                                     {"the mean", getMean()},
                                     {"the variance", getVariance()}})))
    return failure();
  // (C8)
  int64_t rank = getRank(getCount());
  if (failed(verifyAxes(*this, "the ghost axis", getGhostAxes(), rank)) ||
      failed(verifySizes(*this, getCount(), getOtherAxes(rank, getGhostAxes()),
                         getGhostAxis()
                             ? "the sizes of the axes but the ghost axis"
                             : "that of the count",
                         {{"the running mean", getRunningMean()},
                          {"the running variance", getRunningVariance()}})))
    return failure();
  // (C3)
  if (failed(verifyBothOrNone(*this, "the running mean", getRunningMean(),
                              "the running variance", getRunningVariance())))
    return failure();
  // (C4), (C5), (C7)
  if (failed(verifyMomentum(*this, getMomentum())) ||
      failed(verifyCorrection(*this, getRunningVarCorrection())) ||
      failed(verifyBatches(*this, getBatches(), getRunningMean())))
    return failure();
  // (C6)
  return verifyStatisticsTypes(*this, {{"the count", getCount()},
                                       {"the moments' mean", getMomentsMean()},
                                       {"M2", getM2()},
                                       {"the shift", getShift()}});
}

SmallVector<utils::IteratorType> FinalizeOp::getLoopTypes() {
  return getLoops(getCount(),
                  getRunningMean() ? getGhostAxes() : SmallVector<int64_t>());
}

SmallVector<DimIndexing> FinalizeOp::getIndexing(OpOperand &operand) {
  if (getOperandGroup(*this, operand) >= 7)
    return indexBy(getOtherAxes(getRank(getCount()), getGhostAxes()));
  return indexAll(operand.get());
}

bool FinalizeOp::readsInit(OpOperand &init) {
  return getOperandGroup(*this, init) >= 7;
}

bool FinalizeOp::takesParts(OpOperand &init) {
  return readsInit(init) && getGhostUpdate() == GhostUpdate::Sequential &&
         !getBatches();
}

//===----------------------------------------------------------------------===//
// RstdOp
//===----------------------------------------------------------------------===//

LogicalResult RstdOp::verify() {
  // (C1)
  if (failed(verifyOneKind(*this)))
    return failure();
  // (C2)
  if (failed(verifySameShape(
          *this, {{"the variance", getVariance()}, {"the rstd", getRstd()}})))
    return failure();
  return verifyEpsilon(*this, getEpsilon()); // (C3)
}

SmallVector<utils::IteratorType> RstdOp::getLoopTypes() {
  return getLoops(getVariance(), {});
}

SmallVector<DimIndexing> RstdOp::getIndexing(OpOperand &operand) {
  return indexAll(operand.get());
}

//===----------------------------------------------------------------------===//
// NormalizeOp
//===----------------------------------------------------------------------===//

LogicalResult NormalizeOp::verify() {
  // (C1)
  if (failed(verifyOneKind(*this)))
    return failure();
  // (C2)
  auto type = cast<ShapedType>(getInput().getType());
  if (failed(verifyShape(*this, "the output", getOutput(), type.getShape(),
                         "that of the input")))
    return failure();
  // (C3)
  if (failed(verifyAxes(*this, "statistics axes", getStatisticsAxes(),
                        type.getRank())) ||
      failed(verifyAxes(*this, "parameter axes", getParameterAxes(),
                        type.getRank())))
    return failure();
  // (C4)
  if (failed(verifySizes(
          *this, getInput(), getStatisticsAxes(),
          "the sizes of the statistics axes",
          {{"shift", getShift()}, {"mean", getMean()}, {"rstd", getRstd()}})))
    return failure();
  // (C5)
  if (failed(verifySizes(*this, getInput(), getParameterAxes(),
                         "the sizes of the parameter axes",
                         {{"scale", getScale()}, {"bias", getBias()}})))
    return failure();
  return verifyMask(*this, getInput()); // (C6)
}

SmallVector<utils::IteratorType> NormalizeOp::getLoopTypes() {
  return getLoops(getInput(), {});
}

SmallVector<DimIndexing> NormalizeOp::getIndexing(OpOperand &operand) {
  switch (getOperandGroup(*this, operand)) {
  case 0:
  case 7:
    return indexAll(operand.get());
  case 4:
  case 5:
    return indexBy(getParameterAxes());
  case 6:
    return indexBy(getMaskAxes());
  default:
    return indexBy(getStatisticsAxes());
  }
}
