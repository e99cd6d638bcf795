//===- ThreadNest.h - Loops of a thread -------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How the iterations of a linalg op are dealt out to threads, and the loops of
/// one thread.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_THREADNEST_H
#define NORM_LIB_GPU_THREADNEST_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace mlir::norm {

/// A loop of a linalg op, as one thread runs it.
struct ThreadLoop {
  /// Its number among the loops of the op.
  unsigned dim;
  /// The number of iterations, and what is assumed if it is not known.
  OpFoldResult size;
  int64_t typicalSize = 1;
  bool isReduction = false;
  /// How many threads share the iterations, in turn, and how many threads with
  /// consecutive numbers have the same ones.
  int64_t threads = 1, stride = 1;
  /// How many consecutive iterations each takes at once, which divides `size`.
  int64_t vector = 1;

  bool isUnit() const { return isConstantIntValue(size, 1); }
};

/// Into how many parts a reduction is split, and how many threads with
/// consecutive numbers take the same part.
struct Split {
  int64_t count = 1, stride = 1;
};

/// The loops of `op`, the reductions inside of the others, and each kind in the
/// order of the op; but of those that are parallel, the one along contiguous
/// memory is the last. Sizes that are not static are computed at the builder.
class ThreadNest {
public:
  ThreadNest(OpBuilder &builder, linalg::LinalgOp op);

  SmallVector<ThreadLoop> loops;
  /// The position in `loops` of the one along contiguous memory.
  unsigned lane = 0;

  /// The product of the sizes of the parallel or of the reduction loops, as far
  /// as they are static; typical ones if not.
  int64_t countIterations(bool reduction) const;
  bool isStatic(bool reduction) const;

  /// Deals the iterations of the reduction loops out to `threads` threads, of a
  /// number that is a power of two.
  void dealReductions(int64_t threads);
  /// Deals those of the parallel loops out, and those of the reduction loops to
  /// at most `splits` threads each, unless no others are there.
  Split dealSplit(int64_t threads, int64_t splits);
  /// Those of the parallel loops alone.
  void dealParallel(int64_t threads) { dealSplit(threads, 1); }

private:
  bool isLane(const ThreadLoop &loop) const { return &loop == &loops[lane]; }
};

/// Makes the values that a thread carries through loops over `loops`, from
/// `inits`. `makeBody` gets the values of all loops of the op, of which those
/// outside of `loops` are in `indices`, and what is carried.
using ThreadBody = llvm::function_ref<SmallVector<Value>(
    OpBuilder &, ArrayRef<Value> indices, ValueRange carried)>;
SmallVector<Value> buildLoops(OpBuilder &builder, Location loc, Value thread,
                              ArrayRef<ThreadLoop> loops,
                              SmallVectorImpl<Value> &indices, ValueRange inits,
                              ThreadBody makeBody);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_THREADNEST_H
