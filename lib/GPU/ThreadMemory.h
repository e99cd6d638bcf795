//===- ThreadMemory.h - What threads share ----------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which memory each thread has for itself, and where threads must wait for
/// each other because of the rest.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_THREADMEMORY_H
#define NORM_LIB_GPU_THREADMEMORY_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// The attribute of a launch whose ops are those of a block, as one thread
/// would do them.
inline constexpr llvm::StringLiteral kBlockAttrName = "norm.block";

/// Returns true if each thread has the memory of `memref` for itself.
bool isPrivate(Value memref);

/// Moves private memory that an op writes beside memory that threads share to
/// where they share it: one thread alone computes both.
void shareMixedOutputs(gpu::LaunchOp launch, RewriterBase &rewriter);

/// Returns a buffer in workgroup memory of `launch`.
Value addWorkgroupBuffer(gpu::LaunchOp launch, ArrayRef<int64_t> shape,
                         Type element);
/// The same with a cast to `type`, which does not tell where it is.
Value addWorkgroupBuffer(gpu::LaunchOp launch, MemRefType type,
                         RewriterBase &rewriter);

/// The memory that threads have read and written since they last waited for
/// each other.
class ThreadMemory {
public:
  /// Adds what `op` reads and writes, unless it must wait: then returns true.
  bool access(Operation *op);

  void addRead(Value buffer) { reads.insert(buffer); }
  /// Adds the memory of `memrefs`, unless it is private.
  void addWrites(ValueRange memrefs);

  bool isPending() const { return !reads.empty() || !writes.empty(); }

  void merge(const ThreadMemory &other) {
    reads.insert(other.reads.begin(), other.reads.end());
    writes.insert(other.writes.begin(), other.writes.end());
  }

private:
  /// The buffers.
  llvm::SmallSetVector<Value, 4> reads, writes;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_THREADMEMORY_H
