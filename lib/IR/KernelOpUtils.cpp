//===- KernelOpUtils.cpp - what the kernel ops share ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelOpUtils.h"

#include "Verification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

LogicalResult norm::verifySameShape(Operation *op, Named values) {
  auto type = cast<ShapedType>(values.front().second.getType());
  for (auto [name, value] : values.drop_front())
    if (failed(verifyShape(op, name, value, type.getShape(),
                           ("that of " + values.front().first).str())))
      return failure();
  return success();
}

LogicalResult norm::verifyStatisticsTypes(Operation *op, Named values) {
  for (auto [name, value] : values)
    if (failed(verifyStatisticsType(op, name, value)))
      return failure();
  return success();
}

LogicalResult norm::verifySizes(Operation *op, Value input,
                                ArrayRef<int64_t> axes, StringRef of,
                                Named values) {
  SmallVector<int64_t> sizes = getSizes(input, axes);
  for (auto [name, value] : values)
    if (failed(verifyShape(op, name, value, sizes, of)))
      return failure();
  return success();
}

LogicalResult norm::verifySumType(Operation *op,
                                  std::optional<Type> accumulator,
                                  Named inits) {
  if (failed(verifyAccumulator(op, accumulator)))
    return failure();
  for (auto [name, init] : inits) {
    Type type = getElementTypeOrSelf(init);
    if (accumulator && accumulator->isF64() && !type.isF64())
      return op->emitOpError()
             << "expected accumulator to be at most as wide as the element "
                "type of "
             << name << ", " << type << ", but got " << *accumulator;
  }
  return success();
}

LogicalResult norm::verifyReduction(Operation *op, Value input,
                                    ArrayRef<int64_t> axes, Named kept) {
  int64_t rank = getRank(input);
  if (failed(verifyOneKind(op)) ||                  // (C1)
      failed(verifyAxes(op, "axes", axes, rank)) || // (C2)
      failed(verifySizes(op, input, getOtherAxes(rank, axes),
                         "the sizes of the axes that are not reduced",
                         kept))) // (C3)
    return failure();
  return verifyStatisticsTypes(op, kept); // (C4)
}
