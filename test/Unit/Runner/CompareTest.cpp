//===- CompareTest.cpp - tests of the comparison of arrays
//-------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Compare.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;

static Array makeArray(ElementType type, ArrayRef<double> values) {
  Array array = llvm::cantFail(
      Array::create({static_cast<int64_t>(values.size())}, type));
  for (auto [i, value] : llvm::enumerate(values))
    array.set(i, value);
  return array;
}

static Comparison compareOne(ElementType type, double actual, double expected,
                             const Tolerance &tolerance = {}) {
  return llvm::cantFail(compare(makeArray(type, {actual}),
                                makeArray(ElementType::F64, {expected}),
                                tolerance));
}

TEST(Compare, countsUnitsOfTheOutput) {
  // The spacing of f16 is 2^-10 from 1 to 2, and 2^-9 from 2 to 4.
  EXPECT_EQ(getUlp(ElementType::F16, 1.5), std::ldexp(1, -10));
  EXPECT_EQ(getUlp(ElementType::F16, -2), std::ldexp(1, -9));
  EXPECT_EQ(getUlp(ElementType::F16, 0), std::ldexp(1, -24));
  Tolerance tolerance{1.0, std::nullopt, std::nullopt};
  double expected = 1 + std::ldexp(0.25, -10);
  Comparison result =
      compareOne(ElementType::F16, 1 + std::ldexp(1, -10), expected, tolerance);
  EXPECT_EQ(result.maxUlp, 0.75);
  EXPECT_EQ(result.numFailures, 0);
  result =
      compareOne(ElementType::F16, 1 + std::ldexp(2, -10), expected, tolerance);
  EXPECT_EQ(result.maxUlp, 1.75);
  EXPECT_EQ(result.numFailures, 1);
}

TEST(Compare, takesNoToleranceAsEquality) {
  EXPECT_EQ(compareOne(ElementType::F32, 1, 1).numFailures, 0);
  EXPECT_EQ(compareOne(ElementType::F32, 0.0, -0.0).numFailures, 0);
  EXPECT_EQ(compareOne(ElementType::F32, 1, 1 + 1e-15).numFailures, 1);
}

TEST(Compare, addsRelativeAndAbsoluteTolerance) {
  Tolerance both{std::nullopt, 0.01, 1.0};
  EXPECT_EQ(compareOne(ElementType::F64, 102, 100, both).numFailures, 0);
  EXPECT_EQ(compareOne(ElementType::F64, 102.1, 100, both).numFailures, 1);
  // Both kinds of tolerance must hold.
  Tolerance all{1.0, 0.01, 1.0};
  EXPECT_EQ(compareOne(ElementType::F64, 102, 100, all).numFailures, 1);
}

TEST(Compare, failsOnNaN) {
  Tolerance loose{1e300, 1e300, 1e300};
  EXPECT_EQ(compareOne(ElementType::F32, NAN, 1, loose).numFailures, 1);
  EXPECT_EQ(compareOne(ElementType::F32, 1, NAN, loose).numFailures, 1);
  EXPECT_EQ(compareOne(ElementType::F32, NAN, NAN).numFailures, 0);
}

TEST(Compare, takesInfinitiesBySign) {
  Tolerance loose{HUGE_VAL, HUGE_VAL, HUGE_VAL};
  EXPECT_EQ(compareOne(ElementType::F16, HUGE_VAL, HUGE_VAL).numFailures, 0);
  EXPECT_EQ(
      compareOne(ElementType::F16, -HUGE_VAL, HUGE_VAL, loose).numFailures, 1);
  EXPECT_EQ(compareOne(ElementType::F16, 1, HUGE_VAL, loose).numFailures, 1);
  // 70000 is infinite in f16, 60000 is not.
  EXPECT_EQ(compareOne(ElementType::F16, HUGE_VAL, 70000).numFailures, 0);
  EXPECT_EQ(compareOne(ElementType::F16, HUGE_VAL, 60000, loose).numFailures,
            1);
}

TEST(Compare, findsTheWorstElement) {
  Comparison result =
      llvm::cantFail(compare(makeArray(ElementType::F32, {1, 1000.5, 2.25, 3}),
                             makeArray(ElementType::F32, {1, 1000, 2, 3}), {}));
  EXPECT_EQ(result.maxAbsolute, 0.5);
  EXPECT_EQ(result.maxAbsoluteIndex, 1);
  EXPECT_EQ(result.maxUlpIndex, 2);
  EXPECT_EQ(result.numFailures, 2);
  EXPECT_EQ(result.firstFailure, 1);
  EXPECT_EQ(formatIndex({2, 3, 4}, 23), "[1, 2, 3]");
}

TEST(Compare, refusesOtherShapes) {
  auto result = compare(makeArray(ElementType::F32, {1}),
                        makeArray(ElementType::F32, {1, 2}), {});
  ASSERT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(llvm::toString(result.takeError()),
            "expected the arrays to have the same shape, 2, but got 1");
}

TEST(Compare, integersMustBeEqual) {
  Tolerance loose{std::nullopt, 0.5, 10};
  for (ElementType type :
       {ElementType::I1, ElementType::I8, ElementType::I32, ElementType::I64}) {
    auto result = llvm::cantFail(
        compare(makeArray(type, {1, 1}), makeArray(type, {1, 0}), loose));
    EXPECT_EQ(result.numFailures, 1);
    EXPECT_EQ(result.maxUlp, 1);
    EXPECT_EQ(result.maxUlpIndex, 1);
  }
  // One number in f64, and the largest distance.
  Array actual = makeArray(ElementType::I64, {0, 0, -HUGE_VAL});
  Array expected = makeArray(ElementType::I64, {0, 0, HUGE_VAL});
  static_cast<int64_t *>(actual.getData())[0] = (int64_t(1) << 53) + 1;
  static_cast<int64_t *>(expected.getData())[0] = int64_t(1) << 53;
  auto result = llvm::cantFail(compare(actual, expected, {}));
  EXPECT_EQ(result.numFailures, 2);
  EXPECT_EQ(result.firstFailure, 0);
  EXPECT_EQ(result.maxAbsolute, std::ldexp(1, 64));
}
