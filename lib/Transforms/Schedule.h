//===- Schedule.h - how a layer is worked on --------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_SCHEDULE_H
#define NORM_LIB_TRANSFORMS_SCHEDULE_H

#include "Norm/IR/Norm.h"

namespace mlir::norm {

/// What the choice of a schedule depends on, besides the layer.
struct ScheduleOptions {
  /// The number of slabs from which on each is worked on as a whole.
  int64_t minSlabs;
  /// The bytes of the input in a strip of columns, at most; 0: no strips.
  int64_t stripBytes;
  /// The bytes of a slab, in all large inputs, up to which it is worked on as a
  /// whole even if there are fewer.
  int64_t slabBytes;
  /// What the bytes of rows should be a multiple of.
  int64_t lineBytes;
  /// The number of equal parts, at most, a power of two, that a slab may be
  /// split into so that each has that many bytes.
  int64_t slabParts = 1;
};

/// How a layer is worked on. `kDynamic` stands for what is unknown.
struct Schedule {
  enum Kind {
    /// One value after the other, without statistics or sums.
    Elementwise,
    /// Slabs in parallel: their statistics, and then what these are applied to.
    Slabs,
    /// The same; a slab is a strip of columns.
    Strips,
    /// Parts in parallel, first for the statistics, and then to apply them.
    Parts
  };
  Kind kind;
  /// The sizes of the tiles that slabs are, one for each loop of the layer; 0
  /// where it is not tiled.
  SmallVector<int64_t> tileSizes;
  /// The number of slabs, and the bytes of all large inputs in each.
  int64_t slabs = 1, slabBytes = 0;
};

/// Chooses the schedule of `op`.
Schedule chooseSchedule(NormLayerOpInterface op,
                        const ScheduleOptions &options);

/// Returns the large inputs of `op`, which have as many values as its output.
SmallVector<Value> getLargeInputs(NormLayerOpInterface op);

/// Returns the bytes of `value`, or `kDynamic`.
int64_t countBytes(Value value);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_SCHEDULE_H
