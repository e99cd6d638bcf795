//===- UlpReport.h - the distribution of errors -----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_ULPREPORT_H
#define NORM_LIB_RUNNER_ULPREPORT_H

#include "Norm/Runner/Compare.h"

#include <array>

namespace mlir::norm {

/// How far the elements of an array are from what they should be, in units in
/// the last place of their type.
struct UlpReport {
  /// The percentiles, in tenths of a percent.
  static constexpr std::array<int64_t, 4> kPerMille = {500, 900, 990, 999};

  int64_t numElements = 0;
  /// The number of elements that are what is expected, rounded to their type.
  int64_t numExact = 0;
  /// The number of elements that are NaN or infinite where the expected number
  /// is not, or the reverse, and the row-major position of the first. What
  /// follows is about the others.
  int64_t numInfinite = 0;
  int64_t firstInfinite = 0;
  double mean = 0;
  /// The smallest errors that as many percent of the elements do not exceed.
  std::array<double, kPerMille.size()> percentiles = {};
  double max = 0;
  int64_t maxIndex = 0;
};

/// Returns how far `actual` is from `expected`, whose element type may be
/// another. Fails if the shapes differ.
llvm::Expected<UlpReport> getUlpReport(const Array &actual,
                                       const Array &expected);

/// Prints `report` on `actual` and `expected`, each line starting with `name`.
void printUlpReport(const UlpReport &report, StringRef name,
                    const Array &actual, const Array &expected,
                    llvm::raw_ostream &os);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_ULPREPORT_H
