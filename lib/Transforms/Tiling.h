//===- Tiling.h - tiles of one static size, and a rest ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tiles of a size that does not divide a loop depend on the loop, and so are
/// no affine symbols. Here, tiles have one static size, and the rest is a tile
/// of its own after the loop.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_TILING_H
#define NORM_LIB_TRANSFORMS_TILING_H

#include "Norm/IR/Norm.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::norm {

/// Replaces `op`, on tensors and in destination style, by a loop over tiles of
/// it, which is parallel or sequential. `tileSizes` has a size for each loop of
/// the op, 0 leaving it untiled; at most one of them may be other than 0 and 1.
LogicalResult tileExactly(RewriterBase &rewriter, TilingInterface op,
                          ArrayRef<int64_t> tileSizes, bool parallel);

/// Splits the reduced axis `axis` of `op` into parts of `size`, whose moments
/// are combined. Returns the op on the parts, whose axis `axis` counts them and
/// is not reduced; null if there are statically none.
MomentsOp splitIntoParts(RewriterBase &rewriter, MomentsOp op, int64_t axis,
                         int64_t size);

/// Returns the size of an axis where sizes of tiles are chosen: a dynamic one
/// counts as 256.
int64_t getTypicalSize(Value value, int64_t axis);

/// Returns the size of pieces, at most `wanted`, that an axis is split into:
/// one that leaves little rest or none.
int64_t choosePieceSize(int64_t axisSize, int64_t wanted);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_TILING_H
