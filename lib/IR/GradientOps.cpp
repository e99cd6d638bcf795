//===- GradientOps.cpp - verifiers and loops of gradient kernels ----------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/SpecKernels.md and of
// test/IR/invalid-gradient-ops.mlir.
//
//===----------------------------------------------------------------------===//

#include "KernelOpUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// Checks the axes that statistics and parameters lie on, and their sizes.
template <typename OpTy>
static LogicalResult verifyCoefficients(OpTy op, Value input, Named statistics,
                                        Named parameters) {
  int64_t rank = getRank(input);
  if (failed(verifyAxes(op, "statistics axes", op.getStatisticsAxes(), rank)) ||
      failed(verifyAxes(op, "parameter axes", op.getParameterAxes(), rank)) ||
      failed(verifySizes(op, input, op.getStatisticsAxes(),
                         "the sizes of the statistics axes", statistics)))
    return failure();
  return verifySizes(op, input, op.getParameterAxes(),
                     "the sizes of the parameter axes", parameters);
}

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
  // (C6), (C7), (C8)
  if (failed(verifyCoefficients(*this, getInput(),
                                {{"mean", getMean()}, {"rstd", getRstd()}},
                                {{"scale", getScale()}})))
    return failure();
  if (failed(verifyMask(*this, getInput()))) // (C9)
    return failure();
  return verifySumType(
      *this, getAccumulator(),
      {{"the sum", getSum()}, {"the product", getProduct()}}); // (C10)
}

SmallVector<utils::IteratorType> GradientSumsOp::getLoopTypes() {
  return getLoops(getInput(), getAxes());
}

SmallVector<DimIndexing> GradientSumsOp::getIndexing(OpOperand &operand) {
  switch (getOperandGroup(*this, operand)) {
  case 0:
  case 1:
    return indexAll(operand.get());
  case 2:
  case 3:
    return indexBy(getStatisticsAxes());
  case 4:
    return indexBy(getParameterAxes());
  case 5:
    return indexBy(getMaskAxes());
  default:
    return indexBy(getOtherAxes(getRank(getInput()), getAxes()));
  }
}

bool GradientSumsOp::readsInit(OpOperand &) { return true; }

FloatType GradientSumsOp::getAccumulatorType() {
  return norm::getAccumulator(getAccumulator(), getSum());
}

//===----------------------------------------------------------------------===//
// CombineGradientSumsOp
//===----------------------------------------------------------------------===//

LogicalResult CombineGradientSumsOp::verify() {
  if (failed(verifyReduction(
          *this, getPartialSum(), getAxes(),
          {{"the sum", getSum()}, {"the product", getProduct()}}))) // (C1-C4)
    return failure();
  // (C5)
  if (failed(verifySameShape(*this,
                             {{"the partial sum", getPartialSum()},
                              {"the partial product", getPartialProduct()}})))
    return failure();
  // (C6), (C7), (C8)
  return verifyCoefficients(*this, getPartialSum(), {{"rstd", getRstd()}},
                            {{"scale", getScale()}});
}

SmallVector<utils::IteratorType> CombineGradientSumsOp::getLoopTypes() {
  return getLoops(getPartialSum(), getAxes());
}

SmallVector<DimIndexing>
CombineGradientSumsOp::getIndexing(OpOperand &operand) {
  switch (getOperandGroup(*this, operand)) {
  case 0:
  case 1:
    return indexAll(operand.get());
  case 2:
    return indexBy(getStatisticsAxes());
  case 3:
    return indexBy(getParameterAxes());
  default:
    return indexBy(getOtherAxes(getRank(getPartialSum()), getAxes()));
  }
}

bool CombineGradientSumsOp::readsInit(OpOperand &) { return true; }

//===----------------------------------------------------------------------===//
// GradientFinalizeOp
//===----------------------------------------------------------------------===//

LogicalResult GradientFinalizeOp::verify() {
  // (C1), (C2)
  if (failed(verifyOneKind(*this)) ||
      failed(verifySameShape(*this, {{"the sum", getSum()},
                                     {"the product", getProduct()},
                                     {"rstd", getRstd()},
                                     {"the count", getCount()},
                                     {"the variance", getVariance()},
                                     {"the gradient's mean", getGradientMean()},
                                     {"the slope", getSlope()}})))
    return failure();
  // (C3), (C4)
  if (failed(verifyStatisticsTypes(*this,
                                   {{"the gradient's mean", getGradientMean()},
                                    {"the slope", getSlope()}})) ||
      failed(verifyEpsilon(*this, getEpsilon())))
    return failure();
  // (C5)
  if (getEpsilonMode() != EpsilonMode::Add && !getVariance())
    return emitOpError() << "expected a variance with epsilon_mode = "
                         << stringifyEpsilonMode(getEpsilonMode())
                         << ", but got none";
  return success();
}

SmallVector<utils::IteratorType> GradientFinalizeOp::getLoopTypes() {
  return getLoops(getSum(), {});
}

SmallVector<DimIndexing> GradientFinalizeOp::getIndexing(OpOperand &operand) {
  return indexAll(operand.get());
}

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
  // (C3), (C4), (C5)
  if (failed(verifyCoefficients(*this, getInput(),
                                {{"mean", getMean()},
                                 {"rstd", getRstd()},
                                 {"the gradient's mean", getGradientMean()},
                                 {"the slope", getSlope()}},
                                {{"scale", getScale()}})))
    return failure();
  return verifyMask(*this, getInput()); // (C6)
}

SmallVector<utils::IteratorType> GradientApplyOp::getLoopTypes() {
  return getLoops(getInput(), {});
}

SmallVector<DimIndexing> GradientApplyOp::getIndexing(OpOperand &operand) {
  switch (getOperandGroup(*this, operand)) {
  case 0:
  case 1:
  case 8:
    return indexAll(operand.get());
  case 4:
    return indexBy(getParameterAxes());
  case 7:
    return indexBy(getMaskAxes());
  default:
    return indexBy(getStatisticsAxes());
  }
}
