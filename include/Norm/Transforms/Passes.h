//===- Passes.h - passes on norm ops ----------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_PASSES_H
#define NORM_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::norm {

/// Reverse mode gives gradients, forward mode products with the Jacobian.
enum class DifferentiationMode { Reverse, Forward };

#define GEN_PASS_DECL
#include "Norm/Transforms/Passes.h.inc"

/// Adds the patterns that rewrite layer ops on tensors into kernel ops.
void populateNormDecomposePatterns(RewritePatternSet &patterns);

#define GEN_PASS_REGISTRATION
#include "Norm/Transforms/Passes.h.inc"

} // namespace mlir::norm

#endif // NORM_TRANSFORMS_PASSES_H
