//===- HostCachesTest.cpp - tests of the sizes of caches ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostCaches.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// A directory like that of Linux, which goes with the fixture.
struct HostCaches : public testing::Test {
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("caches", directory));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }

  void write(const Twine &path, StringRef text) {
    std::error_code error;
    llvm::raw_fd_ostream file((directory + "/" + path).str(), error);
    ASSERT_FALSE(error);
    file << text << "\n";
  }

  void add(StringRef level, StringRef type, StringRef size) {
    std::string cache = "index" + std::to_string(count++);
    ASSERT_FALSE(llvm::sys::fs::create_directory(directory + "/" + cache));
    write(cache + "/level", level);
    write(cache + "/type", type);
    write(cache + "/size", size);
  }

  void expectSizes(int64_t second, int64_t last) {
    CacheSizes sizes = readCacheSizes(directory);
    EXPECT_EQ(sizes.second, second);
    EXPECT_EQ(sizes.last, last);
  }

  SmallString<128> directory;
  int count = 0;
};
} // namespace

TEST_F(HostCaches, ReadsThreeLevels) {
  add("1", "Data", "48K");
  add("1", "Instruction", "32K");
  add("2", "Unified", "1024K");
  add("3", "Unified", "32M");
  expectSizes(1 << 20, 32 << 20);
}

TEST_F(HostCaches, TakesTheSecondForTheLast) {
  add("1", "Data", "64K");
  add("2", "Unified", "524288");
  expectSizes(1 << 19, 1 << 19);
}

TEST_F(HostCaches, LeavesOutInstructions) {
  add("2", "Data", "512K");
  add("2", "Instruction", "256K");
  expectSizes(512 << 10, 512 << 10);
}

TEST_F(HostCaches, KnowsNothingOfWhatIsNoSize) {
  add("2", "Unified", "large");
  add("3", "Unified", "-8K");
  add("x", "Unified", "8K");
  expectSizes(0, 0);
}

TEST_F(HostCaches, KnowsNothingWithoutFiles) { expectSizes(0, 0); }

TEST(CacheShares, OfAProcessor) {
  CacheShares shares = chooseCacheShares({1 << 20, 32 << 20}, 8);
  EXPECT_EQ(shares.output, 12 << 20);
  EXPECT_EQ(shares.nextSlab, 4 << 20);
  EXPECT_EQ(shares.strip, 3 << 19);
}

TEST(CacheShares, OfAFewCoresOfALargeProcessor) {
  CacheShares shares = chooseCacheShares({2 << 20, 480 << 20}, 2);
  EXPECT_EQ(shares.output, 32 << 20);
  EXPECT_EQ(shares.nextSlab, 512 << 10);
  EXPECT_EQ(shares.strip, 768 << 10);
}

TEST(CacheShares, OfAllCoresOfALargeProcessor) {
  CacheShares shares = chooseCacheShares({2 << 20, 480 << 20}, 120);
  EXPECT_EQ(shares.output, 180 << 20);
  EXPECT_EQ(shares.nextSlab, 8 << 20);
}

TEST(CacheShares, OfUnknownCaches) {
  EXPECT_EQ(chooseCacheShares({0, 0}, 2).output, 0);
  EXPECT_EQ(chooseCacheShares({0, 0}, 2).nextSlab, 0);
  EXPECT_EQ(chooseCacheShares({0, 0}, 2).strip, 0);
  EXPECT_EQ(chooseCacheShares({0, 32 << 20}, 2).output, 12 << 20);
}
