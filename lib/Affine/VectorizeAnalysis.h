//===- VectorizeAnalysis.h - What makes a loop vectorizable -----*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The analysis behind norm-affine-vectorize, and the interface of the part that
// emits the vector code.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_VECTORIZEANALYSIS_H
#define NORM_LIB_AFFINE_VECTORIZEANALYSIS_H

#include "AccessUtils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <optional>

namespace mlir::norm {

/// What vectorizing one loop needs to know about it.
struct VectorizableLoop {
  affine::AffineForOp loop;

  /// Values inside the loop that differ between its iterations and become
  /// vectors. All other values inside stay scalars.
  DenseSet<Value> varying;

  /// The affine.apply ops inside that depend on the loop's variable; composed
  /// accesses have absorbed them.
  DenseSet<Operation *> absorbed;

  /// The composed accesses of all loads and stores inside.
  DenseMap<Operation *, AffineAccess> accesses;

  /// The loads of elements that do not lie side by side, in a marked loop: each
  /// is loaded by itself.
  DenseSet<Operation *> gathers;

  /// The reduction of each iter_arg.
  SmallVector<arith::AtomicRMWKind> reductions;

  /// Enclosing loops, from the inside out, through which all the reductions go
  /// on, and for each of them the positions of its iter_args that do, in the
  /// order of the loop's iter_args.
  SmallVector<affine::AffineForOp> carriers;
  SmallVector<SmallVector<unsigned>> carrierPositions;

  /// Number of lanes.
  int64_t vectorLength = 0;

  /// The number of iterations if it is constant, and what it is at most if that
  /// is known.
  std::optional<int64_t> tripCount, maxTripCount;

  /// Whether no nested loop has more than 16 iterations.
  bool hasShortInnerLoops = true;

  bool isVarying(Value value) const { return varying.contains(value); }
};

/// Finds out whether `loop` can be vectorized, in vectors of `vectorBits`; or,
/// if it `isMarked`, as one vector, whose elements are known not to meet in
/// memory. The reasons against it go to the debug output.
FailureOr<VectorizableLoop> analyzeLoop(affine::AffineForOp loop,
                                        unsigned vectorBits,
                                        bool isMarked = false);

/// Replaces the loop, and its carriers, by vector code.
void vectorizeLoop(RewriterBase &rewriter, const VectorizableLoop &info,
                   unsigned unroll);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_VECTORIZEANALYSIS_H
