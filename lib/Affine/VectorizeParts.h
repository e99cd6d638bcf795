//===- VectorizeParts.h - The loops that replace a loop ---------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Splits the iteration space of a loop into those of a main loop of several
// vectors, perhaps a loop of half as many, a loop of single vectors and one
// masked or shorter vector.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_VECTORIZEPARTS_H
#define NORM_LIB_AFFINE_VECTORIZEPARTS_H

#include "VectorizeAnalysis.h"

namespace mlir::norm {

/// One of the loops that replace the original.
struct LoopPart {
  AffineMap lower, upper;
  int64_t step;
  unsigned copies;
  /// The number of elements of a vector.
  int64_t lanes;
  bool masked;
};

/// All of them, with their bounds over common operands.
struct LoopParts {
  SmallVector<Value> operands;
  unsigned numDims = 0, numSymbols = 0;
  /// The bounds of the original.
  AffineExpr lower, upper;
  SmallVector<LoopPart> parts;
};

/// Splits the loop's iteration space for a main loop of `unroll` vectors. Parts
/// that never run do not appear. Bounds are clamped from below, because an
/// upper bound below the lower one must not make a later part run.
LoopParts splitIterations(const VectorizableLoop &info, unsigned unroll);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_VECTORIZEPARTS_H
