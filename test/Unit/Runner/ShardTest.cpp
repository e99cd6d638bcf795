//===- ShardTest.cpp - tests of the parts of arrays -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shard.h"

#include "mlir/Dialect/Shard/IR/ShardDialect.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::Expected;

namespace {

struct ShardTest : public testing::Test {
  ShardTest() { context.loadDialect<shard::ShardDialect>(); }

  /// Parses `text` in a module of these grids; returns its fields or the error.
  std::string parse(StringRef text, StringRef grids, int64_t index,
                    int64_t count) {
    auto module = parseSourceString<ModuleOp>(grids, ParserConfig(&context));
    Expected<Shard> shard = parseShard(text, *module, index, count);
    if (!shard)
      return llvm::toString(shard.takeError());
    std::string fields;
    llvm::raw_string_ostream(fields)
        << shard->argument << ' ' << shard->axis << ' ' << shard->part << '/'
        << shard->numParts;
    return fields;
  }

  MLIRContext context;
};

/// Returns the part of an array that counts up.
std::vector<double> take(ArrayRef<int64_t> shape, const Shard &shard,
                         ElementType type = ElementType::F32) {
  Expected<Array> array = Array::create(shape, type);
  for (int64_t i = 0; i < array->getNumElements(); ++i)
    array->set(i, i);
  Expected<Array> part = takeShard(*array, shard);
  std::vector<double> values;
  for (int64_t i = 0; i < part->getNumElements(); ++i)
    values.push_back(part->get(i));
  return values;
}

TEST_F(ShardTest, parses) {
  EXPECT_EQ(parse("1:2", "", 3, 5), "1 2 3/5");
  const char *grid = "shard.grid @grid(shape = 2x3x4)";
  EXPECT_EQ(parse("0:1:0", grid, 17, 24), "0 1 1/2");
  EXPECT_EQ(parse("0:1:1", grid, 17, 24), "0 1 1/3");
  EXPECT_EQ(parse("0:1:2", grid, 17, 24), "0 1 1/4");
  EXPECT_EQ(parse("0:1:2", grid, 22, 24), "0 1 2/4");
  EXPECT_EQ(parse("0:1", grid, 17, 24), "0 1 17/24");
}

TEST_F(ShardTest, errors) {
  for (const char *text : {"", "0", "0:x", "0:-1", "0:1:2:3", "0::1"})
    EXPECT_EQ(parse(text, "", 0, 1),
              "expected --shard to be ARGUMENT:AXIS or ARGUMENT:AXIS:GRIDAXIS, "
              "but got " +
                  std::string(text));
  EXPECT_EQ(parse("0:0:0", "", 0, 2),
            "expected one shard.grid in the module, but got 0");
  EXPECT_EQ(parse("0:0:0", "shard.grid @g(shape = 2x2)", 0, 2),
            "expected a shard.grid of 2 devices, but got 2x2");
  EXPECT_EQ(parse("0:0:0", "shard.grid @g(shape = 2x?)", 0, 2),
            "expected a shard.grid of 2 devices, but got 2x?");
  EXPECT_EQ(parse("0:0:2", "shard.grid @g(shape = 2x2)", 0, 4),
            "expected the grid axis of --shard to be below 2, but got 0:0:2");
  Expected<Array> array = Array::create({2, 3}, ElementType::F32);
  EXPECT_EQ(llvm::toString(takeShard(*array, {0, 2, 0, 1}).takeError()),
            "expected an array with a dimension 2, but got 2x3");
}

// As numpy.array_split does.
TEST_F(ShardTest, takes) {
  using Values = std::vector<double>;
  EXPECT_EQ(take({5}, {0, 0, 0, 3}), Values({0, 1}));
  EXPECT_EQ(take({5}, {0, 0, 1, 3}), Values({2, 3}));
  EXPECT_EQ(take({5}, {0, 0, 2, 3}), Values({4}));
  EXPECT_EQ(take({1}, {0, 0, 1, 2}), Values());
  EXPECT_EQ(take({0}, {0, 0, 0, 2}), Values());
  EXPECT_EQ(take({2, 3, 2}, {0, 1, 0, 2}, ElementType::BF16),
            Values({0, 1, 2, 3, 6, 7, 8, 9}));
  EXPECT_EQ(take({2, 3, 2}, {0, 1, 1, 2}, ElementType::F64),
            Values({4, 5, 10, 11}));
  EXPECT_EQ(take({2, 3}, {0, 1, 2, 3}, ElementType::I8), Values({2, 5}));
  EXPECT_EQ(take({2, 0, 3}, {0, 2, 0, 2}), Values());
}

} // namespace
