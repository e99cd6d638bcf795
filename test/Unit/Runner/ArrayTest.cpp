//===- ArrayTest.cpp - tests of arrays and conversions
//-----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Array.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Builders.h"

#include "llvm/ADT/APFloat.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <random>

using namespace mlir;
using namespace mlir::norm;

static const llvm::fltSemantics &getSemantics(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return llvm::APFloat::IEEEdouble();
  case ElementType::F32:
    return llvm::APFloat::IEEEsingle();
  case ElementType::F16:
    return llvm::APFloat::IEEEhalf();
  case ElementType::BF16:
    return llvm::APFloat::BFloat();
  default:
    llvm_unreachable("not a floating-point type");
  }
}

/// Rounds with APFloat, which shares nothing with ours.
static double roundByAPFloat(ElementType type, double value) {
  llvm::APFloat number(value);
  bool inexact;
  number.convert(getSemantics(type), llvm::APFloat::rmNearestTiesToEven,
                 &inexact);
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &inexact);
  return number.convertToDouble();
}

static void checkStorage(ElementType type, double value, double expected) {
  EXPECT_EQ(roundTo(type, value), expected) << value;
  uint64_t storage = 0;
  storeElement(type, &storage, 0, value);
  EXPECT_EQ(loadElement(type, &storage, 0), expected) << value;
}

static void checkRounding(ElementType type, double value) {
  checkStorage(type, value, roundByAPFloat(type, value));
}

TEST(ElementType, roundsToNearestEven) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> significand(1, 2);
  std::uniform_int_distribution<int> exponent(-140, 130);
  for (ElementType type : {ElementType::F64, ElementType::F32, ElementType::F16,
                           ElementType::BF16}) {
    for (int i = 0; i < 20000; ++i)
      checkRounding(type, std::ldexp(significand(random),
                                     exponent(random) /
                                         (type == ElementType::F16 ? 6 : 1)));
    // Ties, the borders of the subnormal numbers and of overflow.
    FloatFormat format = getFloatFormat(type);
    for (int e : {format.minExponent - format.precision, format.minExponent - 1,
                  format.minExponent, 0, format.maxExponent})
      for (double m : {1.0, -1.0, 1 + std::ldexp(1.0, -format.precision),
                       1 + std::ldexp(3.0, -format.precision),
                       2 - std::ldexp(1.0, -format.precision),
                       2 - std::ldexp(1.5, -format.precision)})
        checkRounding(type, std::ldexp(m, e));
    checkRounding(type, -0.0);
    checkRounding(type, HUGE_VAL);
  }
}

TEST(ElementType, readsEveryHalf) {
  for (ElementType type : {ElementType::F16, ElementType::BF16})
    for (uint32_t bits = 0; bits < 0x10000; ++bits) {
      uint16_t value = bits;
      llvm::APFloat number(getSemantics(type), llvm::APInt(16, bits));
      if (number.isNaN()) {
        EXPECT_TRUE(std::isnan(loadElement(type, &value, 0)));
        continue;
      }
      bool inexact;
      number.convert(llvm::APFloat::IEEEdouble(),
                     llvm::APFloat::rmNearestTiesToEven, &inexact);
      EXPECT_EQ(loadElement(type, &value, 0), number.convertToDouble());
      uint16_t stored;
      storeElement(type, &stored, 0, number.convertToDouble());
      EXPECT_EQ(stored, value);
    }
}

TEST(ElementType, roundsToIntegers) {
  struct Case {
    ElementType type;
    double value, expected;
  };
  const double large = std::ldexp(1, 63);
  for (auto [type, value, expected] : std::initializer_list<Case>{
           {ElementType::I1, 0, 0},
           {ElementType::I1, 0.5, 0},
           {ElementType::I1, 0.75, 1},
           {ElementType::I1, 7, 1},
           {ElementType::I1, -1, 0},
           {ElementType::I1, NAN, 0},
           {ElementType::I8, -2.5, -2},
           {ElementType::I8, 3.5, 4},
           {ElementType::I8, 127.5, 127},
           {ElementType::I8, -129, -128},
           {ElementType::I8, NAN, 0},
           {ElementType::I32, -2147483648.0, -2147483648.0},
           {ElementType::I32, 2147483648.0, 2147483647.0},
           {ElementType::I32, -HUGE_VAL, -2147483648.0},
           {ElementType::I64, -3, -3},
           // The largest i64 is rounded when it is read.
           {ElementType::I64, large, large},
           {ElementType::I64, -2 * large, -large}}) {
    SCOPED_TRACE(getElementName(type).str() + " " + std::to_string(value));
    checkStorage(type, value, expected);
  }
  int64_t storage;
  storeElement(ElementType::I64, &storage, 0, HUGE_VAL);
  EXPECT_EQ(storage, std::numeric_limits<int64_t>::max());
}

TEST(ElementType, correspondsToMLIR) {
  MLIRContext context;
  Builder b(&context);
  for (ElementType type : kElementTypes) {
    Type parsed = mlir::parseType(getElementName(type), &context);
    EXPECT_EQ(getElementType(parsed), type) << getElementName(type).str();
  }
  EXPECT_EQ(getElementType(b.getIndexType()), ElementType::I64);
  EXPECT_EQ(getElementType(b.getIntegerType(16)), std::nullopt);
  EXPECT_EQ(getElementType(b.getIntegerType(8, /*isSigned=*/false)),
            std::nullopt);
  EXPECT_EQ(formatElementTypes(), "f64, f32, f16, bf16, i1, i8, i32 or i64");
}

TEST(Array, keepsLargeIntegers) {
  auto array = llvm::cantFail(Array::create({2}, ElementType::I64));
  int64_t number = (int64_t(1) << 53) + 1;
  static_cast<int64_t *>(array.getData())[1] = number;
  EXPECT_EQ(array.getInteger(1), number);
  EXPECT_EQ(array.format(1), "9007199254740993");
}

TEST(Array, isAlignedAndZero) {
  for (int64_t size : {0, 1, 1000, 1000000}) {
    auto array = Array::create({size, 3}, ElementType::F32);
    ASSERT_TRUE(static_cast<bool>(array));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(array->getData()) % 64, 0u);
    for (int64_t i = 0; i < array->getNumElements(); ++i)
      ASSERT_EQ(array->get(i), 0);
  }
}

TEST(Array, refusesSizesThatOverflow) {
  int64_t large = int64_t(1) << 40;
  auto array = Array::create({large, large}, ElementType::F32);
  ASSERT_FALSE(static_cast<bool>(array));
  EXPECT_EQ(llvm::toString(array.takeError()),
            "expected the size of an array in bytes to be below 2^63, but got "
            "the shape 1099511627776x1099511627776");
}
