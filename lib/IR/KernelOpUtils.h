//===- KernelOpUtils.h - what the kernel ops share --------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Loops and constraints of ops that reduce axes or keep them.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_IR_KERNELOPUTILS_H
#define NORM_LIB_IR_KERNELOPUTILS_H

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "OperandGroups.h"
#include "Verification.h"

namespace mlir::norm {

/// Maps dimension i to loop `loops[i]`.
inline SmallVector<DimIndexing> indexBy(ArrayRef<int64_t> loops) {
  return llvm::map_to_vector(loops,
                             [](int64_t loop) { return DimIndexing{loop}; });
}

inline SmallVector<DimIndexing> indexAll(Value value) {
  return indexBy(getOtherAxes(getRank(value), {}));
}

/// Returns one loop for every axis of `input`; those in `reduced` reduce.
inline SmallVector<utils::IteratorType> getLoops(Value input,
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
LogicalResult verifySameShape(Operation *op, Named values);

/// Checks that all of `values` are of types that hold statistics.
LogicalResult verifyStatisticsTypes(Operation *op, Named values);

/// Checks that all of `values` have the sizes of those axes of `input`, which
/// messages call `of`.
LogicalResult verifySizes(Operation *op, Value input, ArrayRef<int64_t> axes,
                          StringRef of, Named values);

/// Checks the axes and the sizes of the mask of `op`, if it has one.
template <typename OpTy> LogicalResult verifyMask(OpTy op, Value input) {
  if (failed(verifyAxes(op, "mask axes", op.getMaskAxes(), getRank(input))))
    return failure();
  return verifySizes(op, input, op.getMaskAxes(), "the sizes of the mask axes",
                     {{"the mask", op.getMask()}});
}

/// Checks that `accumulator`, if present, is f32 or f64 and not wider than the
/// element type of any of `inits`.
LogicalResult verifySumType(Operation *op, std::optional<Type> accumulator,
                            Named inits);

/// The constraints C1 to C4 of ops that reduce `input` over `axes` to `kept`.
LogicalResult verifyReduction(Operation *op, Value input,
                              ArrayRef<int64_t> axes, Named kept);

} // namespace mlir::norm

#endif // NORM_LIB_IR_KERNELOPUTILS_H
