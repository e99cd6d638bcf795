//===- Shard.h - parts of arrays --------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_SHARD_H
#define NORM_LIB_RUNNER_SHARD_H

#include "Norm/Runner/Array.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::norm {

/// What a process has of an array: one part of its dimension `axis`.
struct Shard {
  /// The argument that the array is bound to.
  size_t argument;
  int64_t axis;
  int64_t part;
  int64_t numParts;
};

/// Parses ARGUMENT:AXIS or ARGUMENT:AXIS:GRIDAXIS for the device `index` of
/// `count`. There are as many parts as devices, or as the `shard.grid` of
/// `module` has along the grid axis.
llvm::Expected<Shard> parseShard(StringRef text, ModuleOp module, int64_t index,
                                 int64_t count);

/// Returns the part of `array`. Parts are contiguous and differ by one at most,
/// the longer ones first.
llvm::Expected<Array> takeShard(const Array &array, const Shard &shard);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_SHARD_H
