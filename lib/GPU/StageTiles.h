//===- StageTiles.h - tiles that are read again -----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What whole tiles and parts of them, which are kept in workgroup memory, have
/// in common.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_STAGETILES_H
#define NORM_LIB_GPU_STAGETILES_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// The alignment of a tile in workgroup memory.
inline constexpr int64_t kTileAlignment = 128;

/// Returns true for tensors of numbers or booleans, of whole bytes each.
bool isOfBytes(Value value);

/// Returns the bytes of a tensor, or nothing if it has dynamic sizes.
std::optional<int64_t> getTileBytes(Value value);

/// Returns how often an iteration of `loop` reads all of `tile`, or nothing if
/// it does something else with it.
std::optional<double> countReads(Value tile, scf::ForallOp loop);

/// Returns true if a copy of what is read so often is worth it: if it is more
/// than a few elements that are read again.
bool isWorthACopy(std::optional<double> reads);

/// Returns a tensor of `type` in workgroup memory, perhaps a copy of a value.
Value allocateTile(OpBuilder &builder, Location loc, RankedTensorType type,
                   Value copy = {});

/// Lets `block` read a copy of `tile`. Returns the bytes that it takes.
int64_t stageTile(IRRewriter &rewriter, Value tile, scf::ForallOp block);

/// Lets the loops over parts in `block` read copies of these that are read
/// again, if they and what the loops give to others have room in `tileBytes`.
void stageParts(IRRewriter &rewriter, scf::ForallOp block, int64_t tileBytes);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_STAGETILES_H
