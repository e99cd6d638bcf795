//===- Tiling.h - loops over tiles ------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the passes that tile norm ops share.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_TILING_H
#define NORM_LIB_TRANSFORMS_TILING_H

#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::norm {

/// Replaces `op`, on tensors and in destination style, by a loop over tiles of
/// it. `tileSizes` has a size for each loop of the op, 0 leaving it untiled.
/// Returns the op that computes a tile.
FailureOr<Operation *> tileSequentially(RewriterBase &rewriter,
                                        TilingInterface op,
                                        ArrayRef<OpFoldResult> tileSizes);

/// The same with a parallel loop, which `mapping` tells what to run on.
LogicalResult tileInParallel(RewriterBase &rewriter, TilingInterface op,
                             ArrayRef<OpFoldResult> tileSizes,
                             ArrayRef<Attribute> mapping = {});
LogicalResult tileInParallel(RewriterBase &rewriter, TilingInterface op,
                             ArrayRef<int64_t> tileSizes,
                             ArrayRef<Attribute> mapping = {});

/// The same; tiles along reduction loops give partial results, which are
/// combined. Upstream's tiling takes either these loops or parallel ones.
LogicalResult tileReductionInParallel(RewriterBase &rewriter,
                                      PartialReductionOpInterface op,
                                      ArrayRef<int64_t> tileSizes,
                                      ArrayRef<Attribute> mapping = {});

/// Returns the size of an axis where sizes of tiles are chosen: a dynamic one
/// counts as 256.
int64_t getTypicalSize(Value value, int64_t axis);

/// Returns the size of pieces, at most `wanted`, that an axis is split into:
/// one that leaves little rest or none.
int64_t choosePieceSize(int64_t axisSize, int64_t wanted);

/// Returns how many rows, along the last axis of `type`, it takes to fill whole
/// lines of `lineBytes`: 1 if one fills halves of lines, of 16 bytes or more,
/// and where it is not worth it.
int64_t countRowsOfLines(ShapedType type, int64_t lineBytes);

/// Returns true if the whole of `value` is surely not more than one part of
/// `partSize` elements.
bool isOnePart(Value value, int64_t partSize);

/// Returns, for each axis of `value`, the size of tiles that are about
/// `partSize` contiguous elements; 0 leaves an axis whole.
SmallVector<int64_t> choosePartSizes(Value value, int64_t partSize);

/// The same for `value`, which `op` is tiled by: where run time alone tells how
/// long rows are, it also tells, in front of `op`, how many are a part.
SmallVector<OpFoldResult> createPartSizes(RewriterBase &rewriter, Operation *op,
                                          Value value, int64_t partSize);

/// Fails, with a message at `op`, if the value of the pass option `name` is
/// less than 1.
LogicalResult checkAtLeastOne(Operation *op, StringRef name, int64_t value);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_TILING_H
