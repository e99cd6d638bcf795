//===- ReferenceGradientsTest.cpp - tests of the float64 gradients --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReferenceFixture.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;

using List = std::vector<double>;

namespace {

class ReferenceGradients : public ReferenceFixture {
protected:
  /// Runs the gradient of a batch norm of 4x1 values, normalized to -1, 1, -1
  /// and 1. `clauses` gives the statistics: mean, and the variance or rstd. The
  /// results are the gradients of input, scale and bias.
  SmallVector<Array> runBatch(StringRef op, StringRef deviation, double mean,
                              double value, StringRef epsilon = "0.0") {
    SmallVector<Array> arguments;
    arguments.push_back(makeArray({4, 1}, {1, 2, 5, 0}));
    arguments.push_back(makeArray({4, 1}, {0, 4, 0, 4}));
    arguments.push_back(makeArray({1}, {mean}));
    arguments.push_back(makeArray({1}, {value}));
    arguments.push_back(makeArray({1}, {2}));
    auto results =
        run(("func.func @f(%dy: tensor<4x1xf64>, %x: tensor<4x1xf64>,"
             " %m: tensor<1xf64>, %v: tensor<1xf64>,"
             " %g: tensor<1xf64>)"
             " -> (tensor<4x1xf64>, tensor<1xf64>, tensor<1xf64>) {"
             " %e = tensor.empty() : tensor<4x1xf64>"
             " %p = tensor.empty() : tensor<1xf64>"
             " %r:3 = norm." +
             op +
             " ins(%dy, %x : tensor<4x1xf64>, tensor<4x1xf64>)"
             " mean(%m : tensor<1xf64>) " +
             deviation +
             "(%v : tensor<1xf64>) scale(%g : tensor<1xf64>)"
             " outs(%e : tensor<4x1xf64>)"
             " scale_gradient(%p : tensor<1xf64>)"
             " bias_gradient(%p : tensor<1xf64>)"
             " features = [1] epsilon = " +
             epsilon +
             " return %r#0, %r#1, %r#2"
             " : tensor<4x1xf64>, tensor<1xf64>, tensor<1xf64> }")
                .str(),
            arguments);
    return llvm::cantFail(std::move(results));
  }

  /// Runs the gradient of a group norm with one group on 2x2x2 values, which
  /// are normalized to -1 and 1; `attributes` are further ones, and `sizes` are
  /// those of the gradients of scale and bias.
  SmallVector<Array> runGroup(StringRef attributes, StringRef sizes) {
    SmallVector<Array> arguments;
    arguments.push_back(makeArray({2, 2, 2}, {1, 2, 3, 1, 1, 1, 1, 1}));
    arguments.push_back(makeArray({2, 2, 2}, {0, 4, 0, 4, 2, 2, 6, 6}));
    arguments.push_back(makeArray({2, 1}, {2, 4}));
    arguments.push_back(makeArray({2, 1}, {0.5, 0.5}));
    arguments.push_back(makeArray({2}, {1, 2}));
    std::string type = ("tensor<" + sizes + "xf64>").str();
    auto results =
        run("func.func @f(%dy: tensor<2x2x2xf64>, %x: tensor<2x2x2xf64>,"
            " %m: tensor<2x1xf64>, %r: tensor<2x1xf64>, %g: tensor<2xf64>)"
            " -> (tensor<2x2x2xf64>, " +
                type + ", " + type +
                ") { %e = tensor.empty() : tensor<2x2x2xf64>"
                " %p = tensor.empty() : " +
                type +
                " %s:3 = norm.group_norm_grad"
                " ins(%dy, %x : tensor<2x2x2xf64>, tensor<2x2x2xf64>)"
                " mean(%m : tensor<2x1xf64>) rstd(%r : tensor<2x1xf64>)"
                " scale(%g : tensor<2xf64>) outs(%e : tensor<2x2x2xf64>)"
                " scale_gradient(%p : " +
                type + ") bias_gradient(%p : " + type + ") channel = 1 " +
                attributes.str() +
                " return %s#0, %s#1, %s#2 : tensor<2x2x2xf64>, " + type + ", " +
                type + " }",
            arguments);
    return llvm::cantFail(std::move(results));
  }
};

} // namespace

TEST_F(ReferenceGradients, goThroughBatchStatistics) {
  for (auto [name, value] :
       {std::pair<StringRef, double>{"variance", 4}, {"rstd", 0.5}}) {
    SmallVector<Array> results = runBatch("batch_norm_grad", name, 2, value);
    // The mean of the output's gradient is 2, that of its product with the
    // normalized input is -1.
    EXPECT_EQ(getValues(results[0]), (List{-2, 1, 2, -1}));
    EXPECT_EQ(getValues(results[1]), (List{-4}));
    EXPECT_EQ(getValues(results[2]), (List{8}));
  }
}

TEST_F(ReferenceGradients, takeStatisticsAsTheyAre) {
  SmallVector<Array> results = runBatch("batch_norm_grad", "rstd", 1, 1);
  EXPECT_EQ(getValues(results[0]), (List{-2, 0, 6, -4}));
  EXPECT_EQ(getValues(results[1]), (List{0}));
  EXPECT_EQ(getValues(results[2]), (List{8}));
}

TEST_F(ReferenceGradients, addEpsilonToTheVarianceOnly) {
  SmallVector<Array> variance =
      runBatch("batch_norm_grad", "variance", 2, 3, "1.0");
  EXPECT_EQ(getValues(variance[0]), (List{-2, 1, 2, -1}));
  SmallVector<Array> rstd = runBatch("batch_norm_grad", "rstd", 2, 0.5, "1.0");
  EXPECT_EQ(getValues(rstd[0]), (List{-2, 1, 2, -1}));
}

TEST_F(ReferenceGradients, keepConstantStatistics) {
  SmallVector<Array> results =
      runBatch("batch_norm_inference_grad", "variance", 2, 4);
  EXPECT_EQ(getValues(results[0]), (List{1, 2, 5, 0}));
  EXPECT_EQ(getValues(results[1]), (List{-4}));
  EXPECT_EQ(getValues(results[2]), (List{8}));
}

TEST_F(ReferenceGradients, areZeroWithoutVariance) {
  for (StringRef op : {"batch_norm_grad", "batch_norm_inference_grad"}) {
    SmallVector<Array> results = runBatch(op, "variance", 2, 0);
    EXPECT_EQ(getValues(results[0]), (List{0, 0, 0, 0}));
    EXPECT_EQ(getValues(results[1]), (List{0}));
    EXPECT_EQ(getValues(results[2]), (List{8}));
  }
}

TEST_F(ReferenceGradients, goThroughGroupStatistics) {
  // In the first sample, scale times the output's gradient is 1, 2, 6, 2; its
  // mean is 11/4, and that of its product with the normalized input is -3/4. In
  // the second, it is 1, 1, 2, 2, and the means are 3/2 and 1/2.
  for (StringRef groups : {"num_groups = 1", "group_size = 2"}) {
    SmallVector<Array> results = runGroup(groups, "2");
    EXPECT_EQ(getValues(results[0]), (List{-1.25, 0, 1.25, 0, 0, 0, 0, 0}));
    EXPECT_EQ(getValues(results[1]), (List{-1, 0}));
    EXPECT_EQ(getValues(results[2]), (List{5, 6}));
  }
}

TEST_F(ReferenceGradients, areKeptPerSample) {
  SmallVector<Array> results = runGroup("num_groups = 1 per_sample", "2x2");
  EXPECT_EQ(getValues(results[0]), (List{-1.25, 0, 1.25, 0, 0, 0, 0, 0}));
  EXPECT_EQ(getValues(results[1]), (List{1, -2, -2, 2}));
  EXPECT_EQ(getValues(results[2]), (List{3, 4, 2, 2}));
}

TEST_F(ReferenceGradients, goThroughTheRootMeanSquare) {
  // Normalized, the input is 1, -1, 1, 1; scale times the output's gradient is
  // 1, 2, 2, 0, and the mean of their product is 1/4.
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 4}, {1, 1, 2, 0}));
  arguments.push_back(makeArray({1, 4}, {2, -2, 2, 2}));
  arguments.push_back(makeArray({1}, {0}));
  arguments.push_back(makeArray({4}, {1, 2, 1, 1}));
  for (auto [name, value] :
       {std::pair<StringRef, double>{"variance", 4}, {"rstd", 0.5}}) {
    arguments[2].set(0, value);
    auto results =
        run(("func.func @f(%dy: tensor<1x4xf64>, %x: tensor<1x4xf64>,"
             " %v: tensor<1xf64>, %g: tensor<4xf64>)"
             " -> (tensor<1x4xf64>, tensor<4xf64>) {"
             " %e = tensor.empty() : tensor<1x4xf64>"
             " %p = tensor.empty() : tensor<4xf64>"
             " %r:2 = norm.rms_norm_grad"
             " ins(%dy, %x : tensor<1x4xf64>, tensor<1x4xf64>) " +
             name +
             "(%v : tensor<1xf64>) scale(%g : tensor<4xf64>)"
             " outs(%e : tensor<1x4xf64>) scale_gradient(%p : tensor<4xf64>)"
             " axes = [1] epsilon = 0.0"
             " return %r#0, %r#1 : tensor<1x4xf64>, tensor<4xf64> }")
                .str(),
            arguments);
    ASSERT_TRUE(static_cast<bool>(results));
    EXPECT_EQ(getValues((*results)[0]), (List{0.375, 1.125, 0.875, -0.125}));
    EXPECT_EQ(getValues((*results)[1]), (List{1, -1, 2, 0}));
  }
}

TEST_F(ReferenceGradients, areGivenWhereTheyAreWanted) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 2}, {1, 2}));
  arguments.push_back(makeArray({1, 2}, {3, 4}));
  arguments.push_back(makeArray({2}, {1, 1}));
  arguments.push_back(makeArray({2}, {NAN, NAN}));
  auto results = run(R"(
    func.func @f(%dy: memref<1x2xf64>, %x: memref<1x2xf64>, %s: memref<2xf64>,
                 %b: memref<2xf64>) {
      norm.batch_norm_grad ins(%dy, %x : memref<1x2xf64>, memref<1x2xf64>)
          mean(%s : memref<2xf64>) rstd(%s : memref<2xf64>)
          bias_gradient(%b : memref<2xf64>) features = [1]
      return
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues(arguments[3]), (List{1, 2}));
}

TEST_F(ReferenceGradients, ofNoValuesAreZero) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({0, 1}, {}));
  arguments.push_back(makeArray({0, 1}, {}));
  arguments.push_back(makeArray({1}, {0}));
  arguments.push_back(makeArray({1}, {NAN}));
  auto results = run(R"(
    func.func @f(%dy: memref<?x1xf64>, %dx: memref<?x1xf64>, %s: memref<1xf64>,
                 %g: memref<1xf64>) {
      norm.batch_norm_grad ins(%dy, %dy : memref<?x1xf64>, memref<?x1xf64>)
          mean(%s : memref<1xf64>) variance(%s : memref<1xf64>)
          outs(%dx : memref<?x1xf64>) scale_gradient(%g : memref<1xf64>)
          features = [1]
      return
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues(arguments[3]), (List{0}));
}

TEST_F(ReferenceGradients, nameTheOperandThatDoesNotFit) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}));
  arguments.push_back(makeArray({2, 3}, {1, 2, 3, 4, 5, 6}));
  auto results = run(R"(
    func.func @f(%x: memref<?x?xf64>, %m: memref<?x?xf64>) {
      norm.group_norm_grad ins(%x, %x : memref<?x?xf64>, memref<?x?xf64>)
          mean(%m : memref<?x?xf64>) rstd(%m : memref<?x?xf64>)
          outs(%x : memref<?x?xf64>) channel = 1 num_groups = 2
      return
    })",
                     arguments);
  ASSERT_FALSE(static_cast<bool>(results));
  std::string message = llvm::toString(results.takeError());
  EXPECT_NE(message.find("expected the shape of the mean to be 2x2, the sizes "
                         "of the batch axes and the groups, but got 2x3"),
            std::string::npos)
      << message;
}
