//===- GradientOps.cpp - verifiers and loops of gradient kernels ----------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/Spec.md and of
// test/IR/invalid-gradient-ops.mlir.
//
//===----------------------------------------------------------------------===//

#include "KernelOpUtils.h"
#include "Verification.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// GradientSumsOp
//===----------------------------------------------------------------------===//

LogicalResult GradientSumsOp::verify() {
  if (failed(verifyReduction(
          *this, getInput(), getAxes(),
          {{"the sum", getSum()}, {"the product", getProduct()}}))) // (C1-C4)
    return failure();
  // (C5)
  if (failed(verifySameShape(*this,
                             {{"the input", getInput()},
                              {"the output gradient", getOutputGradient()}})))
    return failure();
  // (C6)
  if (failed(verifyAxes(*this, "statistics axes", getStatisticsAxes(),
                        getRank(getInput()))))
    return failure();
  for (int64_t axis : getStatisticsAxes())
    if (llvm::is_contained(getAxes(), axis))
      return emitOpError() << "expected statistics axes to be axes that are "
                              "not reduced, but got "
                           << axis;
  // (C7)
  return verifySizes(*this, getInput(), getStatisticsAxes(),
                     "the sizes of the statistics axes", {{"mean", getMean()}});
}

SmallVector<utils::IteratorType> GradientSumsOp::getLoopTypes() {
  return getLoops(getInput(), getAxes());
}

SmallVector<DimIndexing> GradientSumsOp::getIndexing(OpOperand &operand) {
  unsigned number = operand.getOperandNumber();
  if (number < 2)
    return indexAll(operand.get());
  if (getMean() && number == 2)
    return indexBy(getStatisticsAxes());
  return indexBy(getOtherAxes(getRank(getInput()), getAxes()));
}

bool GradientSumsOp::readsInit(OpOperand &) { return true; }

//===----------------------------------------------------------------------===//
// GradientApplyOp
//===----------------------------------------------------------------------===//

LogicalResult GradientApplyOp::verify() {
  // (C1), (C2)
  if (failed(verifyOneKind(*this)) ||
      failed(
          verifySameShape(*this, {{"the input", getInput()},
                                  {"the output gradient", getOutputGradient()},
                                  {"the input gradient", getInputGradient()}})))
    return failure();
  // (C3)
  int64_t rank = getRank(getInput());
  if (failed(verifyAxes(*this, "statistics axes", getStatisticsAxes(), rank)) ||
      failed(verifyAxes(*this, "parameter axes", getParameterAxes(), rank)))
    return failure();
  // (C4)
  if (failed(verifySizes(*this, getInput(), getStatisticsAxes(),
                         "the sizes of the statistics axes",
                         {{"mean", getMean()},
                          {"rstd", getRstd()},
                          {"the gradient's mean", getGradientMean()},
                          {"the slope", getSlope()}})))
    return failure();
  // (C5)
  if (failed(verifySizes(*this, getInput(), getParameterAxes(),
                         "the sizes of the parameter axes",
                         {{"scale", getScale()}})))
    return failure();
  // (C6)
  return verifyBothOrNone(*this, "the gradient's mean", getGradientMean(),
                          "the slope", getSlope());
}

SmallVector<utils::IteratorType> GradientApplyOp::getLoopTypes() {
  return getLoops(getInput(), {});
}

SmallVector<DimIndexing> GradientApplyOp::getIndexing(OpOperand &operand) {
  unsigned number = operand.getOperandNumber();
  if (number < 2 || operand == getInputGradientMutable())
    return indexAll(operand.get());
  bool isScale = getScale() && number == getODSOperandIndexAndLength(4).first;
  return indexBy(isScale ? getParameterAxes() : getStatisticsAxes());
}
