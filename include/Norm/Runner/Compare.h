//===- Compare.h - comparison of arrays -------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the comparison of an array with the expected one.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_COMPARE_H
#define NORM_RUNNER_COMPARE_H

#include "Norm/Runner/Array.h"

#include <optional>

namespace mlir::norm {

/// What two elements, the actual `a` and the expected `e`, may differ by:
///
///   - `ulp`: |a - e| <= ulp * u, where u is the distance of neighbouring
///     numbers of the actual array's type at e;
///   - `rtol` or `atol`: |a - e| <= atol + rtol * |e|, each 0 if not given.
///
/// Where both kinds are given, both must hold. Where none is given, the
/// elements must be equal. Integers must always be equal. A NaN equals only a
/// NaN. An infinity equals an infinity of the same sign, and an expected number
/// that overflows to it in the actual array's type.
struct Tolerance {
  std::optional<double> ulp;
  std::optional<double> rtol;
  std::optional<double> atol;
};

/// The outcome of a comparison.
struct Comparison {
  /// The largest |a - e| over u as above; infinite where one of the elements
  /// only is NaN or infinite.
  double maxUlp = 0;
  /// The row-major position of the element with it.
  int64_t maxUlpIndex = 0;
  /// The largest |a - e|; infinite like `maxUlp`.
  double maxAbsolute = 0;
  /// The row-major position of the element with it.
  int64_t maxAbsoluteIndex = 0;
  int64_t numElements = 0;
  /// The number of elements that differ by more than the tolerance, and the
  /// position of the first.
  int64_t numFailures = 0;
  int64_t firstFailure = 0;
};

/// Returns the distance of neighbouring numbers of `type` at `value`, which is
/// finite; 1 for integers.
double getUlp(ElementType type, double value);

/// How far two elements are apart.
struct Distance {
  /// In distances of neighbouring numbers of the actual array's type at the
  /// expected number.
  double ulp;
  double absolute;
};

/// Returns the distance of `actual`, a number of `type`, from `expected`: 0 for
/// what is equal by the rules of `Tolerance`, infinite where only one of them
/// is NaN or infinite.
Distance getDistance(ElementType type, double actual, double expected);

/// Returns the distance of the elements of two arrays at `index`; that of two
/// integers is 0 only if they are equal.
Distance getDistance(const Array &actual, const Array &expected, int64_t index);

/// Returns the largest absolute distance from `expected` that `tolerance`
/// allows a number of `type`.
double getAllowedDistance(const Tolerance &tolerance, ElementType type,
                          double expected);

/// Fails if the shapes of `actual` and `expected` differ.
llvm::Error checkSameShape(const Array &actual, const Array &expected);

/// Compares `actual` with `expected`, whose element type may be another. Fails
/// if the shapes differ.
llvm::Expected<Comparison> compare(const Array &actual, const Array &expected,
                                   const Tolerance &tolerance);

/// Returns the indices of the row-major position `index`, as [1, 2, 3].
std::string formatIndex(ArrayRef<int64_t> shape, int64_t index);

} // namespace mlir::norm

#endif // NORM_RUNNER_COMPARE_H
