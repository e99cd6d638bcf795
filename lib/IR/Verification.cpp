//===- Verification.cpp - shared checks of the verifiers ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verification.h"

#include "Norm/IR/Utils.h"

#include "mlir/IR/TypeUtilities.h"

#include "llvm/ADT/SmallString.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::norm;

static std::string format(const APFloat &value) {
  if (!value.isFinite()) {
    SmallString<16> text;
    value.toString(text);
    return text.str().str();
  }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value.convertToDouble());
  return text;
}

LogicalResult norm::verifyOneKind(Operation *op) {
  Type first = op->getOperand(0).getType();
  for (OpOperand &operand : op->getOpOperands())
    if (isa<MemRefType>(operand.get().getType()) != isa<MemRefType>(first))
      return op->emitOpError()
             << "expected all operands to be "
             << (isa<MemRefType>(first) ? "memrefs" : "tensors")
             << " like the first one, but got " << operand.get().getType()
             << " for operand " << operand.getOperandNumber();
  return success();
}

LogicalResult norm::verifyAxes(Operation *op, StringRef name,
                               ArrayRef<int64_t> axes, int64_t rank) {
  if (rank == 0 && !axes.empty())
    return op->emitOpError()
           << "expected " << name << " to be empty for rank 0, but got "
           << axes.front();
  int64_t previous = -1;
  for (int64_t axis : axes) {
    if (axis < 0 || axis >= rank)
      return op->emitOpError() << "expected " << name << " to be from 0 to "
                               << rank - 1 << ", but got " << axis;
    if (axis <= previous)
      return op->emitOpError()
             << "expected " << name << " to be strictly increasing, but got "
             << axis << " after " << previous;
    previous = axis;
  }
  return success();
}

LogicalResult norm::verifyShape(Operation *op, StringRef name, Value value,
                                ArrayRef<int64_t> sizes, StringRef of) {
  if (!value)
    return success();
  ArrayRef<int64_t> shape = cast<ShapedType>(value.getType()).getShape();
  if (succeeded(verifyCompatibleShape(shape, sizes)))
    return success();
  return op->emitOpError() << "expected the shape of " << name << " to be "
                           << formatShape(sizes) << ", " << of << ", but got "
                           << formatShape(shape);
}

LogicalResult norm::verifyStatisticsType(Operation *op, StringRef name,
                                         Value value) {
  if (!value)
    return success();
  Type type = getElementTypeOrSelf(value);
  if (type.isF32() || type.isF64())
    return success();
  return op->emitOpError() << "expected the element type of " << name
                           << " to be f32 or f64, but got " << type;
}

LogicalResult norm::verifyBothOrNone(Operation *op, StringRef firstName,
                                     Value first, StringRef secondName,
                                     Value second) {
  if (!first == !second)
    return success();
  return op->emitOpError() << "expected both " << firstName << " and "
                           << secondName << " or neither, but got only "
                           << (first ? firstName : secondName);
}

LogicalResult norm::verifyEpsilon(Operation *op, const APFloat &epsilon) {
  if (epsilon.isFinite() && (!epsilon.isNegative() || epsilon.isZero()))
    return success();
  return op->emitOpError()
         << "expected epsilon to be finite and at least 0, but got "
         << format(epsilon);
}

LogicalResult norm::verifyMomentum(Operation *op, const APFloat &momentum) {
  double value = momentum.convertToDouble();
  if (value >= 0 && value <= 1)
    return success();
  return op->emitOpError() << "expected momentum to be from 0 to 1, but got "
                           << format(momentum);
}

LogicalResult norm::verifyCorrection(Operation *op, int64_t correction) {
  if (correction == 0 || correction == 1)
    return success();
  return op->emitOpError()
         << "expected running_var_correction to be 0 or 1, but got "
         << correction;
}

LogicalResult norm::verifyBatches(Operation *op, Value batches, Value running) {
  if (!batches)
    return success();
  if (!running)
    return op->emitOpError() << "expected running statistics with the number "
                                "of batches, but got none";
  return verifyShape(op, "the number of batches", batches, {},
                     "that of a number");
}

LogicalResult norm::verifyAccumulator(Operation *op,
                                      std::optional<Type> accumulator) {
  if (!accumulator || accumulator->isF32() || accumulator->isF64())
    return success();
  return op->emitOpError() << "expected accumulator to be f32 or f64, but got "
                           << *accumulator;
}

LogicalResult norm::verifyAccumulator(Operation *op,
                                      std::optional<Type> accumulator,
                                      Value input) {
  if (failed(verifyAccumulator(op, accumulator)))
    return failure();
  Type element = getElementTypeOrSelf(input);
  if (accumulator && element.isF64() && !accumulator->isF64())
    return op->emitOpError() << "expected accumulator to be at least as wide "
                                "as the input's element type "
                             << element << ", but got " << *accumulator;
  return success();
}
