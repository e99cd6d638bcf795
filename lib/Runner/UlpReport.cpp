//===- UlpReport.cpp - the distribution of errors -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UlpReport.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

Expected<UlpReport> norm::getUlpReport(const Array &actual,
                                       const Array &expected) {
  if (Error error = checkSameShape(actual, expected))
    return std::move(error);
  UlpReport report;
  report.numElements = actual.getNumElements();
  std::vector<double> errors;
  errors.reserve(report.numElements);
  for (int64_t i = 0; i < report.numElements; ++i) {
    double value = expected.get(i);
    ElementType type = actual.getType();
    double error = getDistance(actual, expected, i).ulp;
    if (std::isinf(error)) {
      if (report.numInfinite++ == 0)
        report.firstInfinite = i;
      continue;
    }
    if (isFloat(type)
            ? getDistance(type, actual.get(i), roundTo(type, value)).ulp == 0
            : error == 0)
      ++report.numExact;
    if (errors.empty() || error > report.max) {
      report.max = error;
      report.maxIndex = i;
    }
    errors.push_back(error);
  }
  if (errors.empty())
    return report;
  report.mean =
      std::accumulate(errors.begin(), errors.end(), 0.0) / errors.size();
  llvm::sort(errors);
  for (auto [perMille, percentile] :
       llvm::zip_equal(UlpReport::kPerMille, report.percentiles))
    percentile = errors[llvm::divideCeil(perMille * errors.size(), 1000) - 1];
  return report;
}

void norm::printUlpReport(const UlpReport &report, StringRef name,
                          const Array &actual, const Array &expected,
                          raw_ostream &os) {
  auto printElement = [&](int64_t index) {
    os << formatIndex(actual.getShape(), index) << " expected "
       << expected.format(index) << ", but got " << actual.format(index)
       << '\n';
  };
  os << name << ": " << report.numElements << " elements of "
     << getElementName(actual.getType()) << ", " << report.numExact
     << " exact\n";
  if (report.numElements > report.numInfinite) {
    os << name << ": error in ulp: mean " << llvm::format("%.3g", report.mean);
    for (auto [perMille, percentile] :
         llvm::zip_equal(UlpReport::kPerMille, report.percentiles))
      os << llvm::format(", %g%% %.3g", perMille / 10.0, percentile);
    os << llvm::format(", max %.3g at ", report.max);
    printElement(report.maxIndex);
  }
  if (report.numInfinite == 0)
    return;
  os << name << ": " << report.numInfinite
     << " elements are NaN or infinite where the reference is not, or the "
        "reverse; the first at ";
  printElement(report.firstInfinite);
}
