//===- LargeOutputs.h - buffers to be written around the caches -*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_LARGEOUTPUTS_H
#define NORM_LIB_AFFINE_LARGEOUTPUTS_H

#include "AccessUtils.h"

namespace mlir::norm {

/// Tells which buffers a function writes, may be large, and does not read.
class LargeOutputs {
public:
  /// Buffers that are known to have less than `threshold` bytes are not large.
  explicit LargeOutputs(int64_t threshold) : threshold(threshold) {}

  bool contains(Value root);

private:
  int64_t threshold;
  DenseMap<Value, bool> known;
};

/// Returns the size of the buffer `root` in bytes, as run time tells it; null
/// if it is constant.
Value createDynamicBytes(OpBuilder &builder, Location loc, Value root);

/// Returns the outermost loop around `op` that `memref` is visible to, if there
/// is one.
affine::AffineForOp getOutermostLoop(Operation *op, Value memref);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_LARGEOUTPUTS_H
