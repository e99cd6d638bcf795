//===- RowMoments.h - moments of columns, row by row ------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CONVERSION_ROWMOMENTS_H
#define NORM_LIB_CONVERSION_ROWMOMENTS_H

#include "Norm/IR/Norm.h"

namespace mlir::norm {

/// Returns the axis of the rows if `op` may take its moments by rows: the
/// innermost axis has statistics of its own, and one other axis is reduced.
std::optional<int64_t> getRowAxis(MomentsOp op);

/// Builds the mean and M2 of the columns of `op`, in the type that sums them
/// and in the unit of its distances, in one pass: a few rows at a time are in
/// registers, and are added by their distances from the mean of the rows before
/// (Welford 1962, for several values at once; the mean of the first rows is
/// taken first). M2 is NaN where it overflows.
std::pair<Value, Value> buildRowMoments(MomentsOp op, OpBuilder &builder,
                                        int64_t rowAxis);

} // namespace mlir::norm

#endif // NORM_LIB_CONVERSION_ROWMOMENTS_H
