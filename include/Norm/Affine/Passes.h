//===- Passes.h - Affine loop passes ----------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes on affine loop nests that know nothing of normalization: promotion of
// accumulators from memory, vectorization, streaming stores and contraction.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_AFFINE_PASSES_H
#define NORM_AFFINE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::norm {

/// The attribute of loops that norm-affine-vectorize makes one vector of, if it
/// takes marked ones alone.
inline constexpr llvm::StringLiteral kVectorAttrName = "norm.vector";

#define GEN_PASS_DECL
#include "Norm/Affine/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "Norm/Affine/Passes.h.inc"

} // namespace mlir::norm

#endif // NORM_AFFINE_PASSES_H
