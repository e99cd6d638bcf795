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
using llvm::Error;
using llvm::Expected;

double norm::getUlp(ElementType type, double value) {
  if (!isFloat(type))
    return 1;
  FloatFormat format = getFloatFormat(type);
  int exponent = value == 0 ? format.minExponent
                            : std::max(std::ilogb(value), format.minExponent);
  return std::ldexp(1.0, exponent - (format.precision - 1));
}

Distance norm::getDistance(ElementType type, double actual, double expected) {
  if (actual == expected || (std::isnan(actual) && std::isnan(expected)))
    return {0, 0};
  if (std::isinf(actual) && actual == roundTo(type, expected))
    return {0, 0};
  if (!std::isfinite(actual) || !std::isfinite(expected))
    return {HUGE_VAL, HUGE_VAL};
  double absolute = std::fabs(actual - expected);
  return {absolute / getUlp(type, expected), absolute};
}

Distance norm::getDistance(const Array &actual, const Array &expected,
                           int64_t index) {
  if (isFloat(actual.getType()) || isFloat(expected.getType()))
    return getDistance(actual.getType(), actual.get(index),
                       expected.get(index));
  // The difference may overflow; two i64 that differ may be one double.
  auto [least, greatest] =
      std::minmax({actual.getInteger(index), expected.getInteger(index)});
  auto distance = static_cast<double>(static_cast<uint64_t>(greatest) -
                                      static_cast<uint64_t>(least));
  return {distance, distance};
}

double norm::getAllowedDistance(const Tolerance &tolerance, ElementType type,
                                double expected) {
  if (!isFloat(type))
    return 0;
  double allowed = HUGE_VAL;
  if (tolerance.ulp)
    allowed = *tolerance.ulp * getUlp(type, expected);
  if (tolerance.rtol || tolerance.atol || !tolerance.ulp)
    allowed =
        std::min(allowed, tolerance.atol.value_or(0) +
                              tolerance.rtol.value_or(0) * std::fabs(expected));
  return allowed;
}

static bool isWithin(const Tolerance &tolerance, ElementType type,
                     Distance distance, double expected) {
  if (distance.absolute == 0)
    return true;
  return std::isfinite(distance.absolute) &&
         distance.absolute <= getAllowedDistance(tolerance, type, expected);
}

Error norm::checkSameShape(const Array &actual, const Array &expected) {
  if (actual.getShape() == expected.getShape())
    return Error::success();
  return createStringError("expected the arrays to have the same shape, " +
                           formatShape(expected.getShape()) + ", but got " +
                           formatShape(actual.getShape()));
}

Expected<Comparison> norm::compare(const Array &actual, const Array &expected,
                                   const Tolerance &tolerance) {
  if (Error error = checkSameShape(actual, expected))
    return std::move(error);
  Comparison result;
  result.numElements = actual.getNumElements();
  for (int64_t i = 0; i < result.numElements; ++i) {
    double value = expected.get(i);
    Distance distance = getDistance(actual, expected, i);
    if (distance.ulp > result.maxUlp) {
      result.maxUlp = distance.ulp;
      result.maxUlpIndex = i;
    }
    if (distance.absolute > result.maxAbsolute) {
      result.maxAbsolute = distance.absolute;
      result.maxAbsoluteIndex = i;
    }
    if (isWithin(tolerance, actual.getType(), distance, value))
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
