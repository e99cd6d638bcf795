//===- ClusterMemory.h - memory that a cluster works on ---------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_CLUSTERMEMORY_H
#define NORM_LIB_GPU_CLUSTERMEMORY_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// Calls `handle` with each memref that `op` itself reads or writes.
void forEachAccess(Operation *op,
                   llvm::function_ref<void(Value, bool isWrite)> handle);

/// Returns the last of the views from `memref` up to its buffer for which
/// `isGood` is true, or null.
Value findView(Value memref, llvm::function_ref<bool(Value)> isGood);

/// Replaces `from` by `to`, which has another layout or memory space, and gives
/// views their new types.
LogicalResult replaceView(Value from, Value to, RewriterBase &b);

/// Makes the slice of `source` that `slice`, a `memref.subview`, is of another
/// memref of the same shape.
Value sliceAlike(OpBuilder &b, Operation *slice, Value source);

/// Moves what `op` allocates to workgroup memory.
void moveToWorkgroup(Operation *op, RewriterBase &b);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_CLUSTERMEMORY_H
