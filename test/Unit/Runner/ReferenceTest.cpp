//===- ReferenceTest.cpp - tests of the float64 reference -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReferenceFixture.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {
class Reference : public ReferenceFixture {};
} // namespace

TEST_F(Reference, trainsBatchNorm) {
  // Feature 0 is {1, 3}, feature 1 is {10, 30}: means 2 and 20, variances 1
  // and 100, unbiased 2 and 200.
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({2, 2}, {1, 10, 3, 30}));
  arguments.push_back(makeArray({2}, {2, 3}));
  arguments.push_back(makeArray({2}, {0.5, 0}));
  arguments.push_back(makeArray({2}, {4, 8}));
  arguments.push_back(makeArray({2}, {1, 1}));
  auto results = run(R"(
    func.func @f(%x: tensor<2x2xf64>, %g: tensor<2xf64>, %b: tensor<2xf64>,
                 %m: tensor<2xf64>, %v: tensor<2xf64>)
        -> (tensor<2x2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
            tensor<2xf64>) {
      %e = tensor.empty() : tensor<2x2xf64>
      %s = tensor.empty() : tensor<2xf64>
      %r:5 = norm.batch_norm_training ins(%x : tensor<2x2xf64>)
          scale(%g : tensor<2xf64>) bias(%b : tensor<2xf64>)
          outs(%e : tensor<2x2xf64>)
          running(%m, %v : tensor<2xf64>, tensor<2xf64>)
          batch(%s, %s : tensor<2xf64>, tensor<2xf64>)
          features = [1] epsilon = 0.0 momentum = 0.75
      return %r#0, %r#1, %r#2, %r#3, %r#4 : tensor<2x2xf64>, tensor<2xf64>,
          tensor<2xf64>, tensor<2xf64>, tensor<2xf64>
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues((*results)[0]), (std::vector<double>{-1.5, -3, 2.5, 3}));
  EXPECT_EQ(getValues((*results)[1]), (std::vector<double>{3.5, 11}));
  EXPECT_EQ(getValues((*results)[2]), (std::vector<double>{1.25, 50.75}));
  EXPECT_EQ(getValues((*results)[3]), (std::vector<double>{2, 20}));
  EXPECT_EQ(getValues((*results)[4]), (std::vector<double>{1, 100}));
}

TEST_F(Reference, keepsRunningVarianceOfOneValue) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 2}, {5, 7}));
  arguments.push_back(makeArray({1, 2}, {0, 0}));
  arguments.push_back(makeArray({2}, {1, 1}));
  arguments.push_back(makeArray({2}, {3, 3}));
  auto results = run(R"(
    func.func @f(%x: memref<?x2xf64>, %y: memref<?x2xf64>, %m: memref<2xf64>,
                 %v: memref<2xf64>) {
      norm.batch_norm_training ins(%x : memref<?x2xf64>)
          outs(%y : memref<?x2xf64>)
          running(%m, %v : memref<2xf64>, memref<2xf64>)
          features = [1] epsilon = 0.0 momentum = 0.5
      return
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues(arguments[1]), (std::vector<double>{0, 0}));
  EXPECT_EQ(getValues(arguments[2]), (std::vector<double>{3, 4}));
  EXPECT_EQ(getValues(arguments[3]), (std::vector<double>{3, 3}));
}

TEST_F(Reference, keepsRunningStatisticsOfNoValue) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({0, 1}, {}));
  arguments.push_back(makeArray({0, 1}, {}));
  arguments.push_back(makeArray({1}, {4}));
  arguments.push_back(makeArray({1}, {5}));
  arguments.push_back(makeArray({1}, {6}));
  arguments.push_back(makeArray({1}, {7}));
  auto results = run(R"(
    func.func @f(%x: memref<?x1xf64>, %y: memref<?x1xf64>, %m: memref<1xf64>,
                 %v: memref<1xf64>, %a: memref<1xf64>, %b: memref<1xf64>) {
      norm.batch_norm_training ins(%x : memref<?x1xf64>)
          outs(%y : memref<?x1xf64>)
          running(%m, %v : memref<1xf64>, memref<1xf64>)
          batch(%a, %b : memref<1xf64>, memref<1xf64>) features = [1]
      return
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  for (auto [i, value] : {std::pair<int, double>{2, 4}, {3, 5}, {4, 0}, {5, 0}})
    EXPECT_EQ(arguments[i].get(0), value);
}

TEST_F(Reference, groupsAdjacentChannels) {
  // Channels innermost: of the sample {1, 3, 10, 30}, the groups are {1, 3} and
  // {10, 30}. The batch axis is the last but one.
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 2, 4}, {1, 3, 10, 30, 2, 2, 0, 4}));
  auto results = run(R"(
    func.func @f(%x: tensor<1x2x4xf64>)
        -> (tensor<1x2x4xf64>, tensor<2x2xf64>, tensor<2x2xf64>) {
      %e = tensor.empty() : tensor<1x2x4xf64>
      %s = tensor.empty() : tensor<2x2xf64>
      %r:3 = norm.group_norm ins(%x : tensor<1x2x4xf64>)
          outs(%e : tensor<1x2x4xf64>)
          statistics(%s, %s : tensor<2x2xf64>, tensor<2x2xf64>)
          batch = [1] channel = 2 group_size = 2 epsilon = 0.0
      return %r#0, %r#1, %r#2
          : tensor<1x2x4xf64>, tensor<2x2xf64>, tensor<2x2xf64>
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues((*results)[0]),
            (std::vector<double>{-1, 1, -1, 1, 0, 0, -1, 1}));
  EXPECT_EQ(getValues((*results)[1]), (std::vector<double>{2, 20, 2, 2}));
  EXPECT_EQ(getValues((*results)[2]), (std::vector<double>{1, 100, 0, 4}));
}

TEST_F(Reference, normalizesChannelsOfSamples) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 2, 2}, {1, 3, 10, 30}));
  arguments.push_back(makeArray({2}, {2, 3}));
  auto results = run(R"(
    func.func @f(%x: tensor<1x2x2xf64>, %g: tensor<2xf64>)
        -> (tensor<1x2x2xf64>, tensor<1x2xf64>, tensor<1x2xf64>) {
      %e = tensor.empty() : tensor<1x2x2xf64>
      %s = tensor.empty() : tensor<1x2xf64>
      %r:3 = norm.instance_norm ins(%x : tensor<1x2x2xf64>)
          scale(%g : tensor<2xf64>) outs(%e : tensor<1x2x2xf64>)
          statistics(%s, %s : tensor<1x2xf64>, tensor<1x2xf64>)
          channel = 1 epsilon = 0.0
      return %r#0, %r#1, %r#2
          : tensor<1x2x2xf64>, tensor<1x2xf64>, tensor<1x2xf64>
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues((*results)[0]), (std::vector<double>{-2, 2, -3, 3}));
  EXPECT_EQ(getValues((*results)[1]), (std::vector<double>{2, 20}));
  EXPECT_EQ(getValues((*results)[2]), (std::vector<double>{1, 100}));
}

TEST_F(Reference, normalizesSamples) {
  // The scale lies on the normalized axis, or on both axes.
  for (auto [parameters, scale, shape, expected] :
       {std::tuple<StringRef, std::vector<double>, std::vector<int64_t>,
                   std::vector<double>>{"", {2, 3}, {2}, {-2, 3, -2, 3}},
        {"parameters = [0, 1]", {1, 2, 3, 4}, {2, 2}, {-1, 2, -3, 4}}}) {
    SmallVector<Array> arguments;
    arguments.push_back(makeArray({2, 2}, {1, 3, 10, 30}));
    arguments.push_back(makeArray(shape, scale));
    arguments.push_back(makeArray({2}, {}));
    std::string type = shape.size() == 1 ? "memref<2xf64>" : "memref<2x2xf64>";
    auto results = run("func.func @f(%x: memref<2x2xf64>, %g: " + type +
                           ", %m: memref<2xf64>) { norm.layer_norm"
                           " ins(%x : memref<2x2xf64>) scale(%g : " +
                           type +
                           ") outs(%x : memref<2x2xf64>)"
                           " statistics(%m, %m : memref<2xf64>, memref<2xf64>)"
                           " axes = [1] " +
                           parameters.str() + " epsilon = 0.0 return }",
                       arguments);
    ASSERT_TRUE(static_cast<bool>(results));
    EXPECT_EQ(getValues(arguments[0]), expected);
    EXPECT_EQ(getValues(arguments[2]), (std::vector<double>{1, 100}));
  }
}

TEST_F(Reference, normalizesByTheRootMeanSquare) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({2, 4}, {0, 4, 0, 0, 2, -2, 2, 2}));
  arguments.push_back(makeArray({4}, {0, 0, 0, 1}));
  arguments.push_back(makeArray({2}, {}));
  auto results = run(R"(
    func.func @f(%x: memref<2x4xf64>, %b: memref<4xf64>, %m: memref<2xf64>) {
      norm.rms_norm ins(%x : memref<2x4xf64>) bias(%b : memref<4xf64>)
          outs(%x : memref<2x4xf64>) mean_square(%m : memref<2xf64>)
          axes = [1] epsilon = 0.0
      return
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(getValues(arguments[0]),
            (std::vector<double>{0, 2, 0, 1, 1, -1, 1, 2}));
  EXPECT_EQ(getValues(arguments[2]), (std::vector<double>{4, 4}));
}

TEST_F(Reference, scalesMembersOfGroups) {
  // Both groups share the scales of their channels, or each has one.
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 4}, {1, 3, 10, 30}));
  arguments.push_back(makeArray({2}, {2, 3}));
  for (auto [affine, expected] :
       {std::pair<StringRef, std::vector<double>>{"per_member", {-2, 3, -2, 3}},
        {"per_group", {-2, 2, -3, 3}}}) {
    auto results = run(("func.func @f(%x: tensor<1x4xf64>, %g: tensor<2xf64>)"
                        " -> tensor<1x4xf64> {"
                        " %e = tensor.empty() : tensor<1x4xf64>"
                        " %r = norm.group_norm ins(%x : tensor<1x4xf64>)"
                        " scale(%g : tensor<2xf64>)"
                        " outs(%e : tensor<1x4xf64>)"
                        " channel = 1 num_groups = 2 affine = " +
                        affine + " epsilon = 0.0 return %r : tensor<1x4xf64> }")
                           .str(),
                       arguments);
    ASSERT_TRUE(static_cast<bool>(results));
    EXPECT_EQ(getValues((*results)[0]), expected);
  }
}

TEST_F(Reference, roundsOnceToTheOutput) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 1}, {1}));
  arguments.push_back(makeArray({1}, {0}));
  arguments.push_back(makeArray({1}, {3}));
  auto results = run(R"(
    func.func @f(%x: tensor<1x1xf64>, %m: tensor<1xf64>, %v: tensor<1xf64>)
        -> tensor<1x1xf16> {
      %e = tensor.empty() : tensor<1x1xf16>
      %r = norm.batch_norm_inference ins(%x : tensor<1x1xf64>)
          statistics(%m, %v : tensor<1xf64>, tensor<1xf64>)
          outs(%e : tensor<1x1xf16>) features = [1] epsilon = 0.0
      return %r : tensor<1x1xf16>
    })",
                     arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ((*results)[0].get(0),
            roundTo(ElementType::F16, 1 / std::sqrt(3.0)));
}

TEST_F(Reference, roundsBetweenOps) {
  // 1 / sqrt(3) passes through f16 on its way to the second op.
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 1}, {1}));
  arguments.push_back(makeArray({1}, {0}));
  arguments.push_back(makeArray({1}, {3}));
  StringRef text = R"(
    func.func @f(%x: tensor<1x1xf64>, %m: tensor<1xf64>, %v: tensor<1xf64>)
        -> tensor<1x1xf64> {
      %one = arith.constant dense<1.0> : tensor<1xf64>
      %e = tensor.empty() : tensor<1x1xf16>
      %r = norm.batch_norm_inference ins(%x : tensor<1x1xf64>)
          statistics(%m, %v : tensor<1xf64>, tensor<1xf64>)
          outs(%e : tensor<1x1xf16>) features = [1] epsilon = 0.0
      %d = tensor.empty() : tensor<1x1xf64>
      %s = norm.batch_norm_inference ins(%r : tensor<1x1xf16>)
          statistics(%m, %one : tensor<1xf64>, tensor<1xf64>)
          outs(%d : tensor<1x1xf64>) features = [1] epsilon = 0.0
      return %s : tensor<1x1xf64>
    })";
  auto results = run(text, arguments);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ((*results)[0].get(0),
            roundTo(ElementType::F16, 1 / std::sqrt(3.0)));
  ReferenceOptions options;
  options.unrounded = true;
  results =
      runReference(llvm::cantFail(findEntry(*module, "")), arguments, options);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ((*results)[0].get(0), static_cast<double>(1 / std::sqrt(3.0L)));
}

TEST_F(Reference, namesWhatDoesNotFit) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1, 6}, {1, 2, 3, 4, 5, 6}));
  auto results = run(R"(
    func.func @f(%x: memref<?x?xf64>) {
      norm.group_norm ins(%x : memref<?x?xf64>) outs(%x : memref<?x?xf64>)
          channel = 1 num_groups = 4
      return
    })",
                     arguments);
  ASSERT_FALSE(static_cast<bool>(results));
  std::string message = llvm::toString(results.takeError());
  EXPECT_NE(message.find("'norm.group_norm' op expected num_groups to divide "
                         "the number of channels, 6, but got 4"),
            std::string::npos)
      << message;
  arguments.push_back(makeArray({5}, {1, 2, 3, 4, 5}));
  results = run(R"(
    func.func @f(%x: memref<?x?xf64>, %g: memref<?xf64>) {
      norm.group_norm ins(%x : memref<?x?xf64>) scale(%g : memref<?xf64>)
          outs(%x : memref<?x?xf64>) channel = 1 num_groups = 3
      return
    })",
                arguments);
  ASSERT_FALSE(static_cast<bool>(results));
  message = llvm::toString(results.takeError());
  EXPECT_NE(message.find("expected the shape of scale to be 6, the size of the "
                         "channel axis, but got 5"),
            std::string::npos)
      << message;
}

TEST_F(Reference, namesAnUnknownOp) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({1}, {1}));
  auto results = run(R"(
    func.func @f(%x: tensor<1xf64>) -> tensor<1xf64> {
      %r = arith.addf %x, %x : tensor<1xf64>
      return %r : tensor<1xf64>
    })",
                     arguments);
  ASSERT_FALSE(static_cast<bool>(results));
  EXPECT_NE(llvm::toString(results.takeError())
                .find("'arith.addf' op is not known to the reference"),
            std::string::npos);
}

TEST_F(Reference, bindsIntegers) {
  SmallVector<Array> arguments;
  arguments.push_back(makeArray({2}, {1, 0}, ElementType::I1));
  arguments.push_back(makeArray({2}, {-7, 9}, ElementType::I64));
  auto function = parse(R"(
    func.func @f(%m: tensor<2xi1>, %n: tensor<2xi64>)
        -> (tensor<2xi1>, tensor<2xi64>, tensor<2xi1>, tensor<2xi32>) {
      %c = arith.constant dense<[false, true]> : tensor<2xi1>
      %d = arith.constant dense<-3> : tensor<2xi32>
      return %m, %n, %c, %d
          : tensor<2xi1>, tensor<2xi64>, tensor<2xi1>, tensor<2xi32>
    })");
  ASSERT_TRUE(static_cast<bool>(function));
  for (bool unrounded : {false, true}) {
    ReferenceOptions options;
    options.unrounded = unrounded;
    auto results = runReference(*function, arguments, options);
    ASSERT_TRUE(static_cast<bool>(results));
    EXPECT_EQ((*results)[0].getType(), ElementType::I1);
    EXPECT_EQ(getValues((*results)[0]), std::vector<double>({1, 0}));
    EXPECT_EQ((*results)[1].getType(), ElementType::I64);
    EXPECT_EQ(getValues((*results)[1]), std::vector<double>({-7, 9}));
    EXPECT_EQ(getValues((*results)[2]), std::vector<double>({0, 1}));
    EXPECT_EQ(getValues((*results)[3]), std::vector<double>({-3, -3}));
  }
}
