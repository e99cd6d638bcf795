//===- NextViews.h - what the next iteration reads --------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the passes that prefetch share.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_NEXTVIEWS_H
#define NORM_LIB_AFFINE_NEXTVIEWS_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::norm {

/// Makes the views that the next iteration of one loop uses; after the last
/// iteration they are those of the last.
class NextViews {
public:
  /// In a loop that is in another one, the first iteration of the next
  /// iteration of that one comes after the last.
  explicit NextViews(scf::ForOp loop);
  /// The next iteration of the innermost loop.
  explicit NextViews(scf::ParallelOp loop);

  /// Returns the form of `view` in the next iteration; null if it is the same,
  /// or is made by other ops than views and index arithmetic.
  Value get(Value view);

private:
  bool isInside(Value value);
  bool isClonable(Value value);
  bool dependsOnLoop(Value value);
  /// Maps the induction variables to their next values.
  void mapVariables();
  Value clone(Value value);

  /// The variable of a loop, and what it runs over.
  struct Range {
    Value variable, lowerBound, upperBound, step;
  };
  /// Returns the next value, or the last if that is the current one.
  static Value makeNext(OpBuilder &builder, const Range &range);

  Block *body;
  Range range;
  std::optional<Range> outer;
  IRMapping mapping;
};

enum class CacheLevel { First, Second };

/// Inserts, before `load`, a prefetch of the same place of `memref`, into the
/// cache of `level`.
void prefetchLike(affine::AffineVectorLoadOp load, Value memref,
                  CacheLevel level);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_NEXTVIEWS_H
