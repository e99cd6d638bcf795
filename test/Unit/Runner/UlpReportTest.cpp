//===- UlpReportTest.cpp - tests of the distribution of errors ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UlpReport.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;

/// Returns 1 plus the units in the last place of f32 in `ulps`.
static Array makeOnes(ArrayRef<double> ulps, ElementType type) {
  Array array = llvm::cantFail(Array::create(ulps.size(), type));
  for (auto [i, ulp] : llvm::enumerate(ulps))
    array.set(i, 1 + std::ldexp(ulp, -23));
  return array;
}

static UlpReport getReport(const Array &actual, const Array &expected) {
  return llvm::cantFail(getUlpReport(actual, expected));
}

static std::string print(const Array &actual, const Array &expected) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printUlpReport(getReport(actual, expected), "y", actual, expected, os);
  return text;
}

TEST(UlpReport, countsUnitsInTheLastPlace) {
  Array actual = makeOnes({0, 1, 2, 3}, ElementType::F32);
  Array expected = makeOnes({0, 0.75, 1.25, -1}, ElementType::F64);
  UlpReport report = getReport(actual, expected);
  EXPECT_EQ(report.numElements, 4);
  // The last expected number is below 1, where a unit is half as large.
  EXPECT_EQ(report.max, 8);
  EXPECT_EQ(report.maxIndex, 3);
  EXPECT_EQ(report.mean, (0 + 0.25 + 0.75 + 8) / 4);
  EXPECT_EQ(report.numExact, 2);
  EXPECT_EQ(report.numInfinite, 0);
  EXPECT_EQ(report.percentiles, (std::array<double, 4>{0.25, 8, 8, 8}));
}

TEST(UlpReport, takesTheNearestRank) {
  // Errors of 1 to 2000, not in order.
  std::vector<double> ulps;
  for (int i = 0; i < 2000; ++i)
    ulps.push_back((i * 7) % 2000 + 1);
  UlpReport report =
      getReport(makeOnes(ulps, ElementType::F32),
                makeOnes(std::vector<double>(2000, 0), ElementType::F64));
  EXPECT_EQ(report.percentiles,
            (std::array<double, 4>{1000, 1800, 1980, 1998}));
  EXPECT_EQ(report.max, 2000);
}

TEST(UlpReport, setsNaNAndInfinityApart) {
  Array actual =
      makeOnes({NAN, 1, NAN, HUGE_VAL, HUGE_VAL, 0}, ElementType::F32);
  Array expected = makeOnes({NAN, 0, 0, HUGE_VAL, 0, NAN}, ElementType::F64);
  UlpReport report = getReport(actual, expected);
  EXPECT_EQ(report.numInfinite, 3);
  EXPECT_EQ(report.firstInfinite, 2);
  EXPECT_EQ(report.numExact, 2);
  EXPECT_EQ(report.max, 1);
  EXPECT_EQ(report.maxIndex, 1);
}

TEST(UlpReport, isPrinted) {
  EXPECT_EQ(print(makeOnes({1, NAN}, ElementType::F32),
                  makeOnes({0, 0}, ElementType::F64)),
            "y: 2 elements of f32, 0 exact\n"
            "y: error in ulp: mean 1, 50% 1, 90% 1, 99% 1, 99.9% 1, max 1 at "
            "[0] expected 1, but got 1.0000001192092896\n"
            "y: 1 elements are NaN or infinite where the reference is not, or "
            "the reverse; the first at [1] expected 1, but got nan\n");
  EXPECT_EQ(
      print(makeOnes({}, ElementType::F16), makeOnes({}, ElementType::F64)),
      "y: 0 elements of f16, 0 exact\n");
}

TEST(UlpReport, needsTheSameShape) {
  auto report = getUlpReport(makeOnes({1, 2}, ElementType::F32),
                             makeOnes({1}, ElementType::F64));
  ASSERT_FALSE(static_cast<bool>(report));
  EXPECT_EQ(llvm::toString(report.takeError()),
            "expected the arrays to have the same shape, 1, but got 2");
}
