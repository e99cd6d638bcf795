//===- BlockReduce.h - Reductions over a block ------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_BLOCKREDUCE_H
#define NORM_LIB_GPU_BLOCKREDUCE_H

#include "ThreadBody.h"
#include "ThreadMemory.h"

namespace mlir::norm {

/// Reduces the `values` of all threads of a block together, in an order that
/// only their number decides. Each thread gets the results. All threads wait
/// for each other in between; `memory` is what is pending then.
///
/// Upstream's gpu.all_reduce takes one value, with two barriers, and its lanes
/// all write the result to the same place.
SmallVector<Value> buildBlockReduce(OpBuilder &builder, Location loc,
                                    gpu::LaunchOp launch, int64_t blockSize,
                                    const Reductions &reductions,
                                    ValueRange values, ThreadMemory &memory);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_BLOCKREDUCE_H
