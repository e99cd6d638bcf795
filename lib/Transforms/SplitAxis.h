//===- SplitAxis.h - splits an axis of kernel ops in two --------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tiling an axis by a size that does not divide it gives tiles of sizes that
/// depend on the loop, which are no affine symbols. So an axis is first split
/// into (parts, size of a part), the rest being an op of its own, and then tiled
/// by single parts.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_SPLITAXIS_H
#define NORM_LIB_TRANSFORMS_SPLITAXIS_H

#include "Norm/IR/Norm.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// Splits the reduced axis `axis` of `op` into sequential chunks of `size`.
/// Returns the op on the chunks, whose axis `axis` counts them; null if there
/// are statically none.
MomentsOp splitIntoChunks(RewriterBase &rewriter, MomentsOp op, int64_t axis,
                          int64_t size);

/// Splits the reduced axis `axis` of `op` into parts of `size`, whose moments
/// are combined. Returns the op on the parts, whose axis `axis` counts them and
/// is not reduced; null if there are statically none.
MomentsOp splitIntoParts(RewriterBase &rewriter, MomentsOp op, int64_t axis,
                         int64_t size);

/// Splits the axis `axis` of `op`, which has neither statistics nor parameters,
/// into chunks of `size`. Returns the op on the chunks, whose axis `axis` counts
/// them; null if there are statically none.
NormalizeOp splitIntoChunks(RewriterBase &rewriter, NormalizeOp op,
                            int64_t axis, int64_t size);

/// Returns the size of pieces, at most `wanted`, that an axis is split into: one
/// that leaves little rest or none.
int64_t choosePieceSize(int64_t axisSize, int64_t wanted);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_SPLITAXIS_H
