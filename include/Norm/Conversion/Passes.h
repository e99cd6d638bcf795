//===- Passes.h - conversions from the norm dialect -------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CONVERSION_PASSES_H
#define NORM_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::norm {

#define GEN_PASS_DECL
#include "Norm/Conversion/Passes.h.inc"

/// Adds the patterns that rewrite kernel ops on tensors into linalg.generic.
/// With `rowMoments`, moments of rows are taken in one pass, one row after the
/// other; otherwise by sums, of which threads may take parts.
void populateNormToLinalgPatterns(RewritePatternSet &patterns,
                                  bool rowMoments = true);

#define GEN_PASS_REGISTRATION
#include "Norm/Conversion/Passes.h.inc"

} // namespace mlir::norm

#endif // NORM_CONVERSION_PASSES_H
