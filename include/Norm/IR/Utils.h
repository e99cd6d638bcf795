//===- Utils.h - helpers on axes and types ----------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_UTILS_H
#define NORM_IR_UTILS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ValueRange.h"

namespace mlir::norm {

/// Returns the static sizes of the given axes of `value`, a tensor or memref.
SmallVector<int64_t> getSizes(Value value, ArrayRef<int64_t> axes);

/// Returns the axes below `rank` that are not in `axes`, in order.
SmallVector<int64_t> getOtherAxes(int64_t rank, ArrayRef<int64_t> axes);

/// Returns the axes of `a` and of `b`, in order.
SmallVector<int64_t> uniteAxes(ArrayRef<int64_t> a, ArrayRef<int64_t> b);

/// Returns f64 if any of the values has f64 elements, and f32 otherwise. Null
/// values are skipped; the first must not be null.
FloatType getComputeType(ValueRange values);

/// Returns the accumulator type: as given, or the compute type of `value`.
FloatType getAccumulator(std::optional<Type> accumulator, Value value);

/// Returns the rank of `value`, a ranked tensor or memref.
int64_t getRank(Value value);

/// Formats sizes as in a type, 2x?x3, or as "rank 0".
std::string formatShape(ArrayRef<int64_t> shape);

} // namespace mlir::norm

#endif // NORM_IR_UTILS_H
