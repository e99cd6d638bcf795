//===- ThreadBody.h - The body of a linalg op -------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The body of a linalg op at one iteration, and the reductions in it.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_THREADBODY_H
#define NORM_LIB_GPU_THREADBODY_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::norm {

/// What an output of a linalg op is reduced by.
struct Reduction {
  /// The op that combines two values, in the body.
  Operation *combiner;
  gpu::AllReduceOperation kind;
  /// The value that leaves others as they are.
  TypedAttr neutral;
};
using Reductions = SmallVector<Reduction, 4>;

/// Returns the reduction of each output, or nothing if one is reduced by
/// something else than one op whose order does not matter.
std::optional<Reductions> matchReductions(linalg::LinalgOp op);

SmallVector<Value> makeNeutral(OpBuilder &builder, Location loc,
                               const Reductions &reductions);

/// Combines the values of each output, one by one.
SmallVector<Value> combine(OpBuilder &builder, const Reductions &reductions,
                           ValueRange left, ValueRange right);

/// Returns what the outputs hold at `indices` of the loops. Those that are not
/// read are neutral or undefined; they have the right type.
SmallVector<Value> loadOutputs(OpBuilder &builder, linalg::LinalgOp op,
                               ArrayRef<Value> indices);
void storeOutputs(OpBuilder &builder, linalg::LinalgOp op,
                  ArrayRef<Value> indices, ValueRange values);

/// Returns what the body yields at `indices` of the loops if the outputs hold
/// `outputs`.
SmallVector<Value> inlineBody(OpBuilder &builder, linalg::LinalgOp op,
                              ArrayRef<Value> indices, ValueRange outputs);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_THREADBODY_H
