//===- GradCheckTest.cpp - tests of the check of gradients ----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GradCheck.h"

#include "ReferenceFixture.h"

#include <cmath>
#include <random>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Checks what the reference gives for memrefs x: 6x4x5, whose gradients are
/// the last three arguments.
class GradCheckTest : public ReferenceFixture {
protected:
  /// Takes the gradient op `op` with statistics of the type `statistics`, and
  /// gradients of the parameters of the type `parameters`.
  void prepare(StringRef op, StringRef statistics, ArrayRef<int64_t> sizes,
               StringRef attributes, StringRef parameters = "memref<4xf64>",
               ArrayRef<int64_t> parameterSizes = {4}) {
    std::string data = "memref<6x4x5xf64>";
    std::string text =
        ("func.func @f(%dy: " + data + ", %x: " + data + ", %m: " + statistics +
         ", %v: " + statistics + ", %g: memref<4xf64>, %dx: " + data +
         ", %dg: " + parameters + ", %db: " + parameters + ") { norm." + op +
         " ins(%dy, %x : " + data + ", " + data + ") mean(%m : " + statistics +
         ") variance(%v : " + statistics +
         ") scale(%g : memref<4xf64>) outs(%dx : " + data +
         ") scale_gradient(%dg : " + parameters + ") bias_gradient(%db : " +
         parameters + ") " + attributes + " return }")
            .str();
    std::mt19937 random;
    std::normal_distribution<double> normal(1, 2);
    auto add = [&](ArrayRef<int64_t> shape) {
      arguments.push_back(makeArray(shape, {}));
      for (int64_t i = 0; i < arguments.back().getNumElements(); ++i)
        arguments.back().set(i, std::fabs(normal(random)));
    };
    const int64_t dataSizes[] = {6, 4, 5};
    for (ArrayRef<int64_t> shape :
         {ArrayRef(dataSizes), ArrayRef(dataSizes), sizes, sizes,
          ArrayRef(dataSizes[1]), ArrayRef(dataSizes), parameterSizes,
          parameterSizes})
      add(shape);
    FunctionOpInterface function = llvm::cantFail(parse(text));
    check = llvm::cantFail(GradCheck::create(function, arguments));
    llvm::cantFail(runReference(function, arguments));
  }

  void prepareBatch(StringRef op) {
    prepare(op, "memref<4xf64>", {4}, "features = [1]");
  }
  void prepareGroup(StringRef attributes = "",
                    StringRef parameters = "memref<4xf64>",
                    ArrayRef<int64_t> parameterSizes = {4}) {
    prepare("group_norm_grad", "memref<6x2xf64>", {6, 2},
            ("channel = 1 num_groups = 2 " + attributes).str(), parameters,
            parameterSizes);
  }

  GradientComparison compare(unsigned gradient,
                             const GradCheckOptions &options = {}) {
    return llvm::cantFail(
        check->compare(gradient, arguments[5 + gradient], options));
  }

  /// Expects that all gradients are right, and that each is refused with any
  /// element off by a millionth.
  void expectRightAndSensitive() {
    GradCheckOptions options;
    options.samples = 1000;
    for (unsigned gradient : {0, 1, 2}) {
      GradientComparison right = compare(gradient, options);
      EXPECT_EQ(right.numChecked, right.numElements);
      EXPECT_EQ(right.numFailures, 0)
          << gradient << ": " << right.maxError << ", " << right.expected
          << " but " << right.actual;
      Array &array = arguments[5 + gradient];
      for (int64_t i : {int64_t(0), array.getNumElements() - 1}) {
        double value = array.get(i);
        array.set(i, value + 1e-6);
        GradientComparison wrong = compare(gradient, options);
        EXPECT_EQ(wrong.numFailures, 1);
        EXPECT_EQ(wrong.maxErrorIndex, i);
        EXPECT_EQ(wrong.actual, value + 1e-6);
        EXPECT_NEAR(wrong.expected, value, 1e-12);
        array.set(i, value);
      }
    }
  }

  SmallVector<Array> arguments;
  std::optional<GradCheck> check;
};

} // namespace

TEST_F(GradCheckTest, checksBatchStatistics) {
  prepareBatch("batch_norm_grad");
  EXPECT_EQ(check->getReplaced().size(), 2u);
  // The first feature's mean, not what was there.
  double mean = 0;
  for (int64_t i = 0; i < 6 * 4 * 5; ++i)
    if (i / 5 % 4 == 0)
      mean += arguments[1].get(i) / 30;
  EXPECT_NEAR(arguments[2].get(0), mean, 1e-14);
  expectRightAndSensitive();
}

TEST_F(GradCheckTest, checksConstantStatistics) {
  prepareBatch("batch_norm_inference_grad");
  EXPECT_TRUE(check->getReplaced().empty());
  expectRightAndSensitive();
}

TEST_F(GradCheckTest, checksGroupStatistics) {
  prepareGroup();
  expectRightAndSensitive();
}

TEST_F(GradCheckTest, checksGradientsPerSample) {
  prepareGroup("per_sample", "memref<6x4xf64>", {6, 4});
  expectRightAndSensitive();
}

TEST_F(GradCheckTest, refusesGradientsOfAnotherLayer) {
  // With constant statistics, the gradient of the input is another.
  prepareBatch("batch_norm_inference_grad");
  Array constant = llvm::cantFail(arguments[5].clone());
  arguments.clear();
  prepareBatch("batch_norm_grad");
  arguments[5] = std::move(constant);
  EXPECT_EQ(compare(0).numFailures, 100);
  EXPECT_EQ(compare(1).numFailures, 0);
}

TEST_F(GradCheckTest, refusesNaN) {
  prepareGroup();
  arguments[6].set(2, NAN);
  GradientComparison comparison = compare(1);
  EXPECT_EQ(comparison.numFailures, 1);
  EXPECT_EQ(comparison.maxError, HUGE_VAL);
  EXPECT_EQ(comparison.maxErrorIndex, 2);
}

TEST_F(GradCheckTest, choosesElements) {
  prepareGroup();
  GradCheckOptions options;
  options.samples = 7;
  EXPECT_EQ(compare(0, options).numChecked, 7);
  EXPECT_EQ(compare(1, options).numChecked, 4);
  // Every element is chosen for some seed.
  arguments[5].set(50, NAN);
  int64_t numFailures = 0;
  for (options.seed = 0; options.seed < 200; ++options.seed)
    numFailures += compare(0, options).numFailures;
  EXPECT_GT(numFailures, 0);
  EXPECT_LT(numFailures, 100);
}

TEST_F(GradCheckTest, usesTheGivenTolerance) {
  prepareGroup();
  arguments[7].set(1, arguments[7].get(1) + 0.5);
  GradCheckOptions options;
  options.tolerance.atol = 0.4;
  EXPECT_EQ(compare(2, options).numFailures, 1);
  options.tolerance.atol = 1;
  EXPECT_EQ(compare(2, options).numFailures, 0);
  EXPECT_NEAR(compare(2, options).maxError, 0.5, 1e-6);
}

TEST_F(GradCheckTest, leavesOutWhatHasNoDerivative) {
  // Each of the values is the only one of its feature.
  SmallVector<Array> arrays;
  arrays.push_back(makeArray({1, 2}, {1, 2}));
  arrays.push_back(makeArray({1, 2}, {3, 4}));
  arrays.push_back(makeArray({2}, {0, 0}));
  arrays.push_back(makeArray({2}, {0, 0}));
  arrays.push_back(makeArray({1, 2}, {0, 0}));
  FunctionOpInterface function = llvm::cantFail(parse(R"(
    func.func @f(%dy: memref<1x2xf64>, %x: memref<1x2xf64>, %m: memref<2xf64>,
                 %v: memref<2xf64>, %dx: memref<1x2xf64>) {
      norm.batch_norm_grad ins(%dy, %x : memref<1x2xf64>, memref<1x2xf64>)
          mean(%m : memref<2xf64>) rstd(%v : memref<2xf64>)
          outs(%dx : memref<1x2xf64>) features = [1] epsilon = 0.0
      return
    })"));
  GradCheck none = llvm::cantFail(GradCheck::create(function, arrays));
  GradientComparison comparison = llvm::cantFail(none.compare(0, arrays[4]));
  EXPECT_EQ(comparison.numElements, 2);
  EXPECT_EQ(comparison.numChecked, 0);
  EXPECT_EQ(comparison.numFailures, 0);
  Array other = makeArray({2}, {0, 0});
  auto failed = none.compare(0, other);
  ASSERT_FALSE(static_cast<bool>(failed));
  EXPECT_EQ(llvm::toString(failed.takeError()),
            "expected the shape of the input gradient to be 1x2, but got 2");
}
