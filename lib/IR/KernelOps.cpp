//===- KernelOps.cpp - verifiers and loops of the kernel ops --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/Spec.md and of
// test/IR/invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Verification.h"

using namespace mlir;
using namespace mlir::norm;

/// Maps dimension i to loop `loops[i]`.
static SmallVector<DimIndexing> indexBy(ArrayRef<int64_t> loops) {
  return llvm::map_to_vector(loops,
                             [](int64_t loop) { return DimIndexing{loop}; });
}

static SmallVector<DimIndexing> indexAll(Value value) {
  return indexBy(getOtherAxes(getRank(value), {}));
}

/// Returns one loop for every axis of `input`; those in `reduced` reduce.
static SmallVector<utils::IteratorType> getLoops(Value input,
                                                 ArrayRef<int64_t> reduced) {
  SmallVector<utils::IteratorType> loops(getRank(input),
                                         utils::IteratorType::parallel);
  for (int64_t axis : reduced)
    loops[axis] = utils::IteratorType::reduction;
  return loops;
}

/// Operands and what messages call them.
using Named = ArrayRef<std::pair<StringRef, Value>>;

/// Checks that all of `values` have the shape of the first one.
static LogicalResult verifySameShape(Operation *op, Named values) {
  auto type = cast<ShapedType>(values.front().second.getType());
  for (auto [name, value] : values.drop_front())
    if (failed(verifyShape(op, name, value, type.getShape(),
                           ("that of " + values.front().first).str())))
      return failure();
  return success();
}

/// Checks that all of `values` are of types that hold moments.
static LogicalResult verifyStatisticsTypes(Operation *op, Named values) {
  for (auto [name, value] : values)
    if (failed(verifyStatisticsType(op, name, value)))
      return failure();
  return success();
}

/// The constraints of ops that reduce `input` over `axes` to `others`.
static LogicalResult verifyReduction(Operation *op, Value input,
                                     ArrayRef<int64_t> axes, Named kept) {
  // (C1)
  if (failed(verifyOneKind(op)))
    return failure();
  // (C2)
  int64_t rank = getRank(input);
  if (failed(verifyAxes(op, "axes", axes, rank)))
    return failure();
  // (C3)
  SmallVector<int64_t> sizes = getSizes(input, getOtherAxes(rank, axes));
  for (auto [name, value] : kept)
    if (failed(verifyShape(op, name, value, sizes,
                           "the sizes of the axes that are not reduced")))
      return failure();
  return verifyStatisticsTypes(op, kept); // (C4)
}

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
  return verifyReduction(*this, getInput(), getAxes(),
                         {{"the shift", getShift()},
                          {"the count", getCount()},
                          {"the mean", getMean()},
                          {"M2", getM2()}}); // (C1-C4)
}

SmallVector<utils::IteratorType> MomentsOp::getLoopTypes() {
  return getLoops(getInput(), getAxes());
}

SmallVector<DimIndexing> MomentsOp::getIndexing(OpOperand &operand) {
  if (operand == getInputMutable())
    return indexAll(operand.get());
  return indexBy(getOtherAxes(getRank(getInput()), getAxes()));
}

bool MomentsOp::readsInit(OpOperand &) { return true; }

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
  if (failed(verifySameShape(*this,
                             {{"the count", getCount()},
                              {"the moments' mean", getMomentsMean()},
                              {"M2", getM2()},
                              {"the shift", getShift()},
                              {"the mean", getMean()},
                              {"the variance", getVariance()},
                              {"the running mean", getRunningMean()},
                              {"the running variance", getRunningVariance()}})))
    return failure();
  // (C3)
  if (failed(verifyBothOrNone(*this, "the running mean", getRunningMean(),
                              "the running variance", getRunningVariance())))
    return failure();
  // (C4), (C5)
  if (failed(verifyMomentum(*this, getMomentum())) ||
      failed(verifyCorrection(*this, getRunningVarCorrection())))
    return failure();
  // (C6)
  return verifyStatisticsTypes(*this, {{"the count", getCount()},
                                       {"the moments' mean", getMomentsMean()},
                                       {"M2", getM2()},
                                       {"the shift", getShift()}});
}

SmallVector<utils::IteratorType> FinalizeOp::getLoopTypes() {
  return getLoops(getCount(), {});
}

SmallVector<DimIndexing> FinalizeOp::getIndexing(OpOperand &operand) {
  return indexAll(operand.get());
}

bool FinalizeOp::readsInit(OpOperand &init) {
  return init.getOperandNumber() >= getODSOperandIndexAndLength(6).first;
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
  SmallVector<int64_t> sizes = getSizes(getInput(), getStatisticsAxes());
  for (auto [name, value] : {std::pair<StringRef, Value>{"shift", getShift()},
                             {"mean", getMean()},
                             {"rstd", getRstd()}})
    if (failed(verifyShape(*this, name, value, sizes,
                           "the sizes of the statistics axes")))
      return failure();
  // (C5)
  sizes = getSizes(getInput(), getParameterAxes());
  for (auto [name, value] :
       {std::pair<StringRef, Value>{"scale", getScale()}, {"bias", getBias()}})
    if (failed(verifyShape(*this, name, value, sizes,
                           "the sizes of the parameter axes")))
      return failure();
  return success();
}

SmallVector<utils::IteratorType> NormalizeOp::getLoopTypes() {
  return getLoops(getInput(), {});
}

SmallVector<DimIndexing> NormalizeOp::getIndexing(OpOperand &operand) {
  if (operand == getInputMutable() || operand == getOutputMutable())
    return indexAll(operand.get());
  bool isParameter =
      operand.getOperandNumber() >= getODSOperandIndexAndLength(4).first;
  return indexBy(isParameter ? getParameterAxes() : getStatisticsAxes());
}
