//===- Compare.cpp - comparison of arrays ---------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Compare.h"

#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Expected;

double norm::getUlp(ElementType type, double value) {
  FloatFormat format = getFloatFormat(type);
  int exponent = value == 0 ? format.minExponent
                            : std::max(std::ilogb(value), format.minExponent);
  return std::ldexp(1.0, exponent - (format.precision - 1));
}

namespace {
/// How far two elements are apart.
struct Distance {
  double ulp;
  double absolute;
};
} // namespace

/// Returns the distance of `actual`, a number of `type`, from `expected`.
static Distance getDistance(ElementType type, double actual, double expected) {
  if (actual == expected || (std::isnan(actual) && std::isnan(expected)))
    return {0, 0};
  if (std::isinf(actual) && actual == roundTo(type, expected))
    return {0, 0};
  if (!std::isfinite(actual) || !std::isfinite(expected))
    return {HUGE_VAL, HUGE_VAL};
  double absolute = std::fabs(actual - expected);
  return {absolute / getUlp(type, expected), absolute};
}

static bool isWithin(const Tolerance &tolerance, Distance distance,
                     double expected) {
  if (distance.ulp == 0)
    return true;
  if (std::isinf(distance.ulp) && std::isinf(distance.absolute))
    return false;
  if (tolerance.ulp && !(distance.ulp <= *tolerance.ulp))
    return false;
  if (!tolerance.rtol && !tolerance.atol)
    return tolerance.ulp.has_value();
  return distance.absolute <=
         tolerance.atol.value_or(0) +
             tolerance.rtol.value_or(0) * std::fabs(expected);
}

Expected<Comparison> norm::compare(const Array &actual, const Array &expected,
                                   const Tolerance &tolerance) {
  if (actual.getShape() != expected.getShape())
    return createStringError("expected the arrays to have the same shape, " +
                             formatShape(expected.getShape()) + ", but got " +
                             formatShape(actual.getShape()));
  Comparison result;
  result.numElements = actual.getNumElements();
  for (int64_t i = 0; i < result.numElements; ++i) {
    double value = expected.get(i);
    Distance distance = getDistance(actual.getType(), actual.get(i), value);
    if (distance.ulp > result.maxUlp) {
      result.maxUlp = distance.ulp;
      result.maxUlpIndex = i;
    }
    if (distance.absolute > result.maxAbsolute) {
      result.maxAbsolute = distance.absolute;
      result.maxAbsoluteIndex = i;
    }
    if (isWithin(tolerance, distance, value))
      continue;
    if (result.numFailures++ == 0)
      result.firstFailure = i;
  }
  return result;
}

std::string norm::formatIndex(ArrayRef<int64_t> shape, int64_t index) {
  SmallVector<int64_t> indices(shape.size());
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] == 0)
      continue;
    indices[axis] = index % shape[axis];
    index /= shape[axis];
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(indices, os);
  os << ']';
  return text;
}
