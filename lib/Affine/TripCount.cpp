//===- TripCount.cpp - numbers of iterations ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TripCount.h"

#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::affine;

AffineValueMap norm::getTripCount(AffineForOp loop) {
  AffineValueMap lower(loop.getLowerBoundMap(), loop.getLowerBoundOperands());
  AffineValueMap upper(loop.getUpperBoundMap(), loop.getUpperBoundOperands());
  AffineValueMap difference;
  AffineValueMap::difference(upper, lower, &difference);
  return difference;
}

std::optional<int64_t> norm::getMaximum(const AffineValueMap &value) {
  FailureOr<int64_t> maximum = ValueBoundsConstraintSet::computeConstantBound(
      presburger::BoundType::UB, {value.getAffineMap(), value.getOperands()},
      /*stopCondition=*/nullptr, /*closedUB=*/true);
  if (failed(maximum))
    return std::nullopt;
  return *maximum;
}

bool norm::hasShortInnerLoops(AffineForOp loop) {
  return !loop.walk([&](AffineForOp inner) {
                if (inner == loop)
                  return WalkResult::advance();
                bool isShort = inner.getLowerBoundMap().getNumResults() == 1 &&
                               inner.getUpperBoundMap().getNumResults() == 1 &&
                               getMaximum(getTripCount(inner)).value_or(17) <=
                                   16 * inner.getStepAsInt();
                return isShort ? WalkResult::advance()
                               : WalkResult::interrupt();
              })
              .wasInterrupted();
}
