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

#include "Norm/GPU/Chip.h"
#include "ThreadNest.h"

namespace mlir::norm {

/// The attribute of an scf.if whose first region has vectors that are aligned:
/// the bytes of the widest accesses in it.
inline constexpr llvm::StringLiteral kAlignedAttrName = "norm.aligned";

/// Returns true if `memref` is in workgroup memory, or may be at run time.
bool mayBeWorkgroup(Value memref);

/// When a loop can take vectors of one length, at run time.
struct VectorChecks {
  /// How many elements along contiguous memory a thread takes at once.
  int64_t length;
  /// They divide the size; null if that is known.
  Value fits;
  /// For accesses of so many bytes, the most first: all operands are aligned.
  SmallVector<std::pair<int64_t, Value>, 2> isAligned;
};

/// Lets a thread of `op` take neighbours along contiguous memory at once, in
/// accesses of `accessBytes`: as many as fill one of the narrowest type, unless
/// sizes or strides are in the way, or there are few elements. Returns what
/// depends on run time, for the longest vectors first, or nothing if there are
/// none.
SmallVector<VectorChecks> addVectors(OpBuilder &builder, linalg::LinalgOp op,
                                     ThreadNest &nest, int64_t accessBytes);

/// Builds `makeLoops` for vectors that are aligned, for others, which it takes
/// in the same order, and without vectors, where sizes are not known.
SmallVector<Value> buildVersions(
    OpBuilder &builder, Location loc, ArrayRef<VectorChecks> checks,
    const ThreadNest &nest,
    llvm::function_ref<SmallVector<Value>(OpBuilder &, const ThreadNest &)>
        makeLoops);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_VECTORS_H
