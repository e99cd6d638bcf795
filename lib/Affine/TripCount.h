//===- TripCount.h - numbers of iterations -------------------- -*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_TRIPCOUNT_H
#define NORM_LIB_AFFINE_TRIPCOUNT_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/IR/AffineValueMap.h"

#include <optional>

namespace mlir::norm {

/// Returns the difference of the loop's bounds, each of which is one
/// expression.
affine::AffineValueMap getTripCount(affine::AffineForOp loop);

/// Returns the largest number that `value` can be, if that can be derived.
std::optional<int64_t> getMaximum(const affine::AffineValueMap &value);

/// Returns true if no loop inside `loop` has more than 16 iterations.
bool hasShortInnerLoops(affine::AffineForOp loop);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_TRIPCOUNT_H
