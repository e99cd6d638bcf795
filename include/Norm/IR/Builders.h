//===- Builders.h - helpers that build tensors of statistics ----*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_BUILDERS_H
#define NORM_IR_BUILDERS_H

#include "mlir/IR/Builders.h"

namespace mlir::norm {

/// Returns the sizes of the given axes of `value`, a tensor.
SmallVector<OpFoldResult> getMixedSizes(OpBuilder &builder, Location loc,
                                        Value value, ArrayRef<int64_t> axes);

/// Converts an index to a float of type `type`.
Value makeFloat(OpBuilder &builder, Location loc, FloatType type,
                OpFoldResult index);

/// Returns the product of the sizes of the axes `axes` of `value`.
OpFoldResult countElements(OpBuilder &builder, Location loc, Value value,
                           ArrayRef<int64_t> axes);

/// Counts the elements of `mask` that are true along the axes `axes`: returns a
/// tensor of f64 with the sizes of its other axes.
Value countSelected(OpBuilder &builder, Location loc, Value mask,
                    ArrayRef<int64_t> axes);

/// Makes a tensor of zeros.
Value makeZeros(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes,
                Type elementType);

/// Writes `value`, a tensor, into `init`, converting its elements; returns the
/// result.
Value copyInto(OpBuilder &builder, Location loc, Value value, Value init,
               bool fits = false);

/// Converts a float to another float type.
Value castFloat(OpBuilder &builder, Location loc, Value value, Type type);

} // namespace mlir::norm

#endif // NORM_IR_BUILDERS_H
