//===- MemoryTest.cpp - tests of the memory of compiled code --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Memory.h"
#include "Norm/Runtime/Runtime.h"

#include "gtest/gtest.h"

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/wait.h>
#include <unistd.h>
#endif

static constexpr size_t kMiB = size_t(1) << 20;

namespace {

/// Starts and ends with nothing kept, and with a limit of 64 MiB.
class MemoryTest : public testing::Test {
protected:
  void SetUp() override {
    normRuntimeSetMemoryLimit(64 * kMiB);
    normRuntimeTrimMemory(0);
    before = normRuntimeGetMemory();
    EXPECT_EQ(before.used, 0u);
  }

  void TearDown() override {
    EXPECT_EQ(normRuntimeGetMemory().used, 0u);
    normRuntimeTrimMemory(0);
    EXPECT_EQ(normRuntimeGetMemory().kept, 0u);
  }

  uint64_t getNumMapped() const {
    return normRuntimeGetMemory().numMapped - before.numMapped;
  }
  uint64_t getNumReused() const {
    return normRuntimeGetMemory().numReused - before.numReused;
  }

  NormRuntimeMemory before;
};

/// Allocates and writes all of `bytes` bytes.
char *allocate(size_t bytes) {
  char *data = static_cast<char *>(normRuntimeAllocate(bytes, 64));
  EXPECT_NE(data, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(data) % 64, 0u);
  std::memset(data, 0x5a, bytes);
  return data;
}

} // namespace

TEST_F(MemoryTest, KeepsBlocks) {
  char *first = allocate(10 * kMiB);
  EXPECT_GE(normRuntimeGetMemory().used, 10 * kMiB);
  normRuntimeFree(first);
  EXPECT_GE(normRuntimeGetMemory().kept, 10 * kMiB);
  for (int i = 0; i < 10; ++i) {
    char *again = allocate(10 * kMiB);
    EXPECT_EQ(again, first);
    normRuntimeFree(again);
  }
  EXPECT_EQ(getNumMapped(), 1u);
  EXPECT_EQ(getNumReused(), 10u);
}

TEST_F(MemoryTest, SizesAreNear) {
  normRuntimeFree(allocate(10 * kMiB));
  // Not for what is larger, nor for what would waste more than a quarter.
  normRuntimeFree(allocate(10 * kMiB + 1));
  EXPECT_EQ(getNumMapped(), 2u);
  normRuntimeFree(allocate(7 * kMiB));
  EXPECT_EQ(getNumMapped(), 3u);
  normRuntimeFree(allocate(9 * kMiB));
  EXPECT_EQ(getNumMapped(), 3u);
}

TEST_F(MemoryTest, LargeBlocksStartHugePages) {
  char *data = allocate(5 * kMiB);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(data) % (2 * kMiB), 0u);
  normRuntimeFree(data);
}

TEST_F(MemoryTest, LimitDropsTheOldest) {
  char *oldest = allocate(30 * kMiB);
  char *newer = allocate(20 * kMiB);
  char *newest = allocate(40 * kMiB);
  for (char *data : {oldest, newer, newest})
    normRuntimeFree(data);
  EXPECT_EQ(normRuntimeGetMemory().kept, 60 * kMiB);
  // One beyond the limit is not kept, and drops no other.
  normRuntimeFree(allocate(65 * kMiB));
  EXPECT_EQ(normRuntimeGetMemory().kept, 60 * kMiB);
  normRuntimeTrimMemory(45 * kMiB);
  EXPECT_EQ(normRuntimeGetMemory().kept, 40 * kMiB);
  normRuntimeSetMemoryLimit(39 * kMiB);
  EXPECT_EQ(normRuntimeGetMemory().kept, 0u);
}

TEST_F(MemoryTest, DoesNotGrow) {
  std::mt19937 random(7);
  std::vector<char *> used;
  for (int i = 0; i < 3000; ++i) {
    used.push_back(allocate(random() % (3 * kMiB)));
    std::swap(used[random() % used.size()], used.back());
    if (used.size() == 8) {
      normRuntimeFree(used.back());
      used.pop_back();
    }
    EXPECT_LE(normRuntimeGetMemory().kept, 64 * kMiB);
  }
  for (char *data : used)
    normRuntimeFree(data);
  EXPECT_GT(getNumReused(), getNumMapped());
}

TEST_F(MemoryTest, SmallAndForeignAreTheCLibrarys) {
  normRuntimeFree(nullptr);
  normRuntimeFree(allocate(0));
  normRuntimeFree(allocate(1000));
  normRuntimeFree(std::malloc(10 * kMiB));
  normRuntimeFree(std::aligned_alloc(2 * kMiB, 2 * kMiB));
  auto *wide = normRuntimeAllocate(100000, 4 * kMiB);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(wide) % (4 * kMiB), 0u);
  normRuntimeFree(wide);
  EXPECT_EQ(getNumMapped(), 0u);
  normRuntimeSetMemoryLimit(0);
  char *data = allocate(10 * kMiB);
  EXPECT_EQ(normRuntimeGetMemory().used, 0u);
  normRuntimeSetMemoryLimit(64 * kMiB);
  normRuntimeFree(data);
  EXPECT_EQ(getNumMapped(), 0u);
}

TEST_F(MemoryTest, Threads) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([thread] {
      std::mt19937 random(thread);
      for (int i = 0; i < 500; ++i) {
        size_t bytes = 20000 + random() % 200000;
        char *data = allocate(bytes);
        std::memset(data, thread, bytes);
        std::this_thread::yield();
        // Nobody else has it.
        EXPECT_EQ(data[0], thread);
        EXPECT_EQ(data[bytes - 1], thread);
        normRuntimeFree(data);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
}

#ifdef __linux__
TEST_F(MemoryTest, ForkedProcess) {
  char *data = allocate(10 * kMiB);
  pid_t child = fork();
  if (child == 0) {
    normRuntimeFree(data);
    _exit(allocate(10 * kMiB) == data ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  normRuntimeFree(data);
}
#endif

static std::jmp_buf failed;
static std::string failure;

TEST_F(MemoryTest, ExhaustedMemory) {
  EXPECT_EQ(normRuntimeAllocate(SIZE_MAX - 5, 64), nullptr);
  // What is kept is given back first.
  normRuntimeFree(allocate(10 * kMiB));
  EXPECT_EQ(normRuntimeAllocate(size_t(1) << 60, 64), nullptr);
  EXPECT_EQ(normRuntimeGetMemory().kept, 0u);
  NormRuntimeFailHandler former =
      normRuntimeSetFailHandler([](const char *message) {
        failure = message;
        std::longjmp(failed, 1);
      });
  if (setjmp(failed) == 0)
    _mlir_memref_to_llvm_aligned_alloc(64, uint64_t(1) << 60);
  normRuntimeSetFailHandler(former);
  EXPECT_EQ(failure,
            "expected 1152921504606846976 bytes of memory to be available");
}
