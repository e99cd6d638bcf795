//===- Vectors.h - Vector accesses of threads -------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which ops may take several elements at once, and under which condition.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_VECTORS_H
#define NORM_LIB_GPU_VECTORS_H

#include "ThreadNest.h"

namespace mlir::norm {

/// The attribute of an scf.if whose first region has vectors that are aligned.
inline constexpr llvm::StringLiteral kAlignedAttrName = "norm.aligned";

/// The largest access of a thread, in bytes.
inline constexpr int64_t kAccessBytes = 16;

/// When a loop can take vectors, at run time.
struct VectorChecks {
  /// They divide the size; null if that is known.
  Value fits;
  /// They are aligned in all operands; null if there are no vectors.
  Value isAligned;
};

/// Returns how many elements along contiguous memory a thread of `op` should
/// take at once: what makes 128 bits of the narrowest type, or 1 if sizes or
/// strides are in the way, or there are few.
int64_t chooseVector(linalg::LinalgOp op, const ThreadNest &nest);

/// Computes whether the vectors of `nest` can be taken.
VectorChecks buildVectorChecks(OpBuilder &builder, linalg::LinalgOp op,
                               const ThreadNest &nest);

/// Builds `makeLoops` for vectors that are aligned, for others, which it takes
/// in the same order, and without vectors, where sizes are not known.
SmallVector<Value> buildVersions(
    OpBuilder &builder, Location loc, const VectorChecks &checks,
    const ThreadNest &nest,
    llvm::function_ref<SmallVector<Value>(OpBuilder &, const ThreadNest &)>
        makeLoops);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_VECTORS_H
