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

/// Returns how many elements along contiguous memory a thread of `op` should
/// take at once: what makes 128 bits of the narrowest type, or 1 if sizes or
/// strides are in the way.
int64_t chooseVector(linalg::LinalgOp op, const ThreadNest &nest);

/// The attribute of an scf.if whose first region has vectors that are aligned.
inline constexpr llvm::StringLiteral kAlignedAttrName = "norm.aligned";

/// Returns true at run time if `length` elements at once are aligned in all
/// operands.
Value buildVectorCheck(OpBuilder &builder, linalg::LinalgOp op,
                       const ThreadNest &nest, int64_t length);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_VECTORS_H
