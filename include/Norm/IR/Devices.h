//===- Devices.h - groups of devices ----------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_DEVICES_H
#define NORM_IR_DEVICES_H

#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Shard/IR/ShardOps.h"

namespace mlir::norm {

/// Returns the grid of `devices` for an op at `from`, null if there is none.
shard::GridOp getGrid(Operation *from, DevicesAttr devices);

/// Returns the number of devices along the axes, all groups together.
int64_t getNumDevices(shard::GridOp grid, DevicesAttr devices);

/// Returns the number of devices in the largest group.
int64_t getGroupSize(shard::GridOp grid, DevicesAttr devices);

/// Checks that `devices` are on a grid of static sizes.
LogicalResult verifyDevices(Operation *op, DevicesAttr devices,
                            SymbolTableCollection &symbols);

} // namespace mlir::norm

#endif // NORM_IR_DEVICES_H
