//===- Verification.h - shared checks of the verifiers ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The checks that several verifiers make. Each emits "expected X to be Y, but
/// got Z" at the op and returns failure.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_IR_VERIFICATION_H
#define NORM_LIB_IR_VERIFICATION_H

#include "Norm/IR/Norm.h"

namespace mlir::norm {

/// Checks that all operands are tensors, or all are memrefs.
LogicalResult verifyOneKind(Operation *op);

/// Checks that `axes` are strictly increasing axes of a value of rank `rank`.
LogicalResult verifyAxes(Operation *op, StringRef name, ArrayRef<int64_t> axes,
                         int64_t rank);

/// Checks that `value`, if present, has the given sizes, as far as they are
/// known. `of` says what the sizes are: "the sizes of the feature axes".
LogicalResult verifyShape(Operation *op, StringRef name, Value value,
                          ArrayRef<int64_t> sizes, StringRef of);

/// Checks that the element type of `value`, if present, can hold moments.
LogicalResult verifyStatisticsType(Operation *op, StringRef name, Value value);

/// Checks that `first` and `second` are both present or both absent.
LogicalResult verifyBothOrNone(Operation *op, StringRef firstName, Value first,
                               StringRef secondName, Value second);

/// Checks that epsilon is finite and not negative.
LogicalResult verifyEpsilon(Operation *op, const APFloat &epsilon);

/// Checks that momentum is between 0 and 1.
LogicalResult verifyMomentum(Operation *op, const APFloat &momentum);

/// Checks that the correction of the running variance is 0 or 1.
LogicalResult verifyCorrection(Operation *op, int64_t correction);

/// Checks that the number of batches, if present, has rank 0 and is for running
/// statistics.
LogicalResult verifyBatches(Operation *op, Value batches, Value running);

/// Checks that `accumulator`, if present, is f32 or f64.
LogicalResult verifyAccumulator(Operation *op, std::optional<Type> accumulator);

/// Checks that `accumulator`, if present, is f32 or f64 and not narrower than
/// the element type of `input`.
LogicalResult verifyAccumulator(Operation *op, std::optional<Type> accumulator,
                                Value input);

} // namespace mlir::norm

#endif // NORM_LIB_IR_VERIFICATION_H
