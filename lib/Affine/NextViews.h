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

/// Makes the views that the next iteration of one loop uses, or one further
/// ahead; beyond the last iteration they are those of the last.
class NextViews {
public:
  /// In a loop that is in another one, the iterations of the next iteration of
  /// that one come after the last.
  explicit NextViews(scf::ForOp loop, int64_t distance = 1);
  /// The next iteration of the innermost loop; where `enabled`, which may be
  /// null, is false, the current one.
  explicit NextViews(scf::ParallelOp loop, Value enabled = {});

  /// Returns true if `view` is another one in the next iteration, and is made
  /// by views and index arithmetic alone.
  bool has(Value view) { return isClonable(view) && dependsOnLoop(view); }

  /// Returns the form of `view` in the next iteration, null if there is none.
  Value get(Value view);

private:
  bool isInside(Value value);
  /// True for what the outer loop computes in each of its iterations.
  bool isInOuter(Value value);
  bool isClonable(Value value);
  bool dependsOnLoop(Value value);
  /// Maps the induction variables to their next values.
  void mapVariables();
  Value clone(Value value);

  /// The variable of a loop, and what it runs over.
  struct Range {
    Value variable, lowerBound, upperBound, step;
  };
  /// Returns the value `distance` iterations ahead.
  static Value advance(OpBuilder &builder, const Range &range,
                       int64_t distance);
  /// Returns `value`, or the last of `range` if it is beyond.
  static Value limit(OpBuilder &builder, Value value, const Range &range);

  Block *body;
  /// In front of the body's own ops, behind those already made there.
  OpBuilder start;
  int64_t distance = 1;
  Value enabled;
  Range range;
  std::optional<Range> outer;
  IRMapping mapping;
};

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_NEXTVIEWS_H
