//===- StreamCandidate.h - stores that may stream ---------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_STREAMCANDIDATE_H
#define NORM_LIB_AFFINE_STREAMCANDIDATE_H

#include "AccessUtils.h"

namespace mlir::norm {

/// A store that may stream, in parts of `alignment` bytes, and what has to hold
/// for it.
struct StreamCandidate {
  Operation *op;
  AffineAccess access;
  int64_t alignment;
  /// Dynamic strides to test: dimension, and the number of bytes by which the
  /// stride is multiplied in every address.
  SmallVector<std::pair<unsigned, int64_t>> strides;

  /// Tests what can be tested of `op`, a store of a vector, at compile time.
  static std::optional<StreamCandidate> get(Operation *op);
};

/// Returns the bytes that an element takes in memory; one for i1.
int64_t getElementBytes(MemRefType type);

/// Returns what usually divides the address of `memref`, in bytes, if it does
/// that of its buffer: the rows of a view begin where the strides of its source
/// put them.
int64_t getUsualAlignment(Value memref, int64_t elementBytes);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_STREAMCANDIDATE_H
