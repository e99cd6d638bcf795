//===- DevicesTest.cpp - tests of the exchange with other devices ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Over a transport that pretends: what the other devices of a group send is
// what this one sends, with their number in the second word.
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Devices.h"
#include "Norm/Runtime/Runtime.h"

#include "gtest/gtest.h"

#include <chrono>
#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

using Words = std::vector<int64_t>;

namespace {

std::jmp_buf failed;
std::string failure;

/// Calls `function`, which owns no memory, and returns the message if it fails.
std::string getFailure(const std::function<void()> &function) {
  failure.clear();
  NormRuntimeFailHandler former =
      normRuntimeSetFailHandler([](const char *message) {
        failure = message;
        std::longjmp(failed, 1);
      });
  if (setjmp(failed) == 0)
    function();
  normRuntimeSetFailHandler(former);
  return failure;
}

class DevicesTest : public testing::Test {
protected:
  void TearDown() override {
    normDevicesSetTransport(nullptr);
    EXPECT_EQ(numGroups, 0);
  }

  /// Makes this process the device `index` of `count`.
  void become(int64_t index, int64_t count) {
    NormTransport transport = {};
    transport.context = this;
    transport.index = index;
    transport.count = count;
    transport.makeGroup = [](void *context, const int64_t *members,
                             int64_t size, void **group) -> const char * {
      ++static_cast<DevicesTest *>(context)->numGroups;
      *group = new Words(members, members + size);
      return nullptr;
    };
    transport.allGather = [](void *context, void *group, const void *send,
                             void *receive, int64_t bytes) {
      return static_cast<DevicesTest *>(context)->allGather(
          *static_cast<Words *>(group), send, static_cast<char *>(receive),
          bytes);
    };
    transport.freeGroup = [](void *context, void *group) {
      --static_cast<DevicesTest *>(context)->numGroups;
      delete static_cast<Words *>(group);
    };
    transport.poll = [](void *context) -> const char * {
      return static_cast<DevicesTest *>(context)->pollResult;
    };
    if (isDevice)
      transport.clear = [](void *, void *data, int64_t bytes) -> const char * {
        std::memset(data, 0xcc, bytes);
        return nullptr;
      };
    normDevicesSetTransport(&transport);
  }

  const char *allGather(const Words &members, const void *send, char *receive,
                        int64_t bytes) {
    ++numCalls;
    std::this_thread::sleep_for(delay);
    for (int64_t member : members) {
      std::memcpy(receive, send, bytes);
      if (bytes > 8)
        std::memcpy(receive + 8, &member, sizeof member);
      if (member == liar && numCalls >= lieFrom)
        receive[3] ^= 1;
      receive += bytes;
    }
    return problem;
  }

  /// Gathers rows of three words as `description` says, and returns the second
  /// and the third ones.
  Words gather(const Words &description, int64_t numRows) {
    int64_t send[] = {0, -1, 42};
    Words received(3 * numRows, -1), second;
    normDevicesAllGather(description.data(), send, received.data(),
                         sizeof send);
    for (int64_t row = 0; row < numRows; ++row)
      second.insert(second.end(),
                    {received[3 * row + 1], received[3 * row + 2]});
    return second;
  }

  std::string getGatherFailure(const Words &description, int64_t numRows) {
    int64_t send[3] = {};
    Words received(3 * numRows);
    return getFailure([&] {
      normDevicesAllGather(description.data(), send, received.data(),
                           sizeof send);
    });
  }

  int64_t numGroups = 0, numCalls = 0, liar = -1, lieFrom = 0;
  const char *problem = nullptr, *pollResult = nullptr;
  std::chrono::seconds delay{0};
  bool isDevice = false;
};

Words concat(std::initializer_list<Words> parts) {
  Words all;
  for (const Words &part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

} // namespace

TEST_F(DevicesTest, Index) {
  const Words one = {0}, ones = {2, 1, 1}, grid = {2, 2, 3};
  EXPECT_EQ(normDevicesGetIndex(one.data()), 0);
  EXPECT_EQ(normDevicesGetIndex(ones.data()), 0);
  EXPECT_EQ(getFailure([&] { normDevicesGetIndex(grid.data()); }),
            "expected 6 processes for a grid of 2x3, but got 1; start them "
            "with mpirun -n 6, each with a transport");
  become(4, 6);
  EXPECT_EQ(normDevicesGetIndex(grid.data()), 4);
  EXPECT_EQ(getFailure([&] { normDevicesGetIndex(ones.data()); }),
            "expected 1 processes for a grid of 1x1, but got 6; start them "
            "with mpirun -n 1");
}

TEST_F(DevicesTest, OneDeviceCopies) {
  EXPECT_EQ(gather({1, 1, 1, 0, 0}, 1), Words({-1, 42}));
  EXPECT_EQ(gather({0, 0, 0}, 1), Words({-1, 42}));
  // Along an axis of one device, of several.
  become(1, 2);
  EXPECT_EQ(gather({2, 2, 1, 1, 1, 0}, 1), Words({-1, 42}));
  EXPECT_EQ(gather({1, 2, 0, 0}, 1), Words({-1, 42}));
  EXPECT_EQ(numCalls, 0);
  EXPECT_EQ(numGroups, 0);
}

// All orders of all subsets of the axes, for each device.
TEST_F(DevicesTest, Axes) {
  const int64_t sizes[] = {2, 3, 2};
  const Words grid = {3, 2, 3, 2};
  const std::vector<Words> lists = {{},     {0},       {1},       {2},
                                    {0, 1}, {1, 0},    {2, 0},    {1, 2},
                                    {2, 1}, {0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
  for (int64_t device = 0; device < 12; ++device) {
    become(device, 12);
    for (const Words &axes : lists) {
      int64_t at[] = {device / 6, device / 2 % 3, device % 2};
      Words expected;
      std::function<void(size_t)> visit = [&](size_t i) {
        if (i == axes.size()) {
          expected.insert(expected.end(), {at[0] * 6 + at[1] * 2 + at[2], 42});
          return;
        }
        for (at[axes[i]] = 0; at[axes[i]] < sizes[axes[i]]; ++at[axes[i]])
          visit(i + 1);
      };
      visit(0);
      if (axes.empty())
        expected = {-1, 42};
      EXPECT_EQ(gather(concat({grid, {int64_t(axes.size())}, axes, {0}}),
                       expected.size() / 2),
                expected);
    }
  }
}

TEST_F(DevicesTest, Groups) {
  // Numbered along axis 1, then axis 0: device 4 of the 2x3 grid is number 3.
  const Words equal = {2, 2, 3, 2, 1, 0, 2, 3, 5, 3, 0, 3, 1, 2, 4};
  become(4, 6);
  EXPECT_EQ(gather(equal, 3), Words({5, 42, 4, 42, 0, 42}));
  // Three rows, as of the largest group, and two, and one.
  const Words unequal = {1, 6, 1, 0, 3, 3, 0, 1, 2, 1, 3, 2, 5, 4};
  EXPECT_EQ(gather(unequal, 3), Words({5, 42, 4, 42, 0, 0}));
  become(3, 6);
  EXPECT_EQ(gather(unequal, 3), Words({-1, 42, 0, 0, 0, 0}));
  EXPECT_EQ(numGroups, 0);
  become(2, 6);
  EXPECT_EQ(gather(unequal, 3), Words({0, 42, 1, 42, 2, 42}));
}

TEST_F(DevicesTest, GroupsAreKept) {
  become(0, 4);
  Words along = {2, 2, 2, 1, 1, 0}, all = {2, 2, 2, 2, 0, 1, 0};
  for (int i = 0; i < 10; ++i) {
    // The same from other memory, and other things from the same.
    Words copy = along, changing = i % 2 ? along : all;
    gather(copy, 2);
    gather(changing, 4);
    gather(all, 4);
    EXPECT_EQ(numGroups, 2);
  }
  // Other descriptions of the same devices share their group.
  gather({1, 4, 1, 0, 0}, 4);
  gather({1, 4, 1, 0, 2, 2, 0, 1, 2, 2, 3}, 2);
  gather({2, 2, 2, 2, 1, 0, 0}, 4);
  EXPECT_EQ(numGroups, 3);
  EXPECT_EQ(normDevicesGetNumGroups(), 3);
  // Each is checked once.
  EXPECT_EQ(numCalls, 30 + 3 + 5);
  normDevicesSetTransport(nullptr);
  EXPECT_EQ(numGroups, 0);
  EXPECT_EQ(normDevicesGetNumGroups(), 0);
}

TEST_F(DevicesTest, OtherCalls) {
  become(0, 3);
  liar = 2;
  EXPECT_EQ(getGatherFailure({1, 3, 1, 0, 0}, 3),
            "device 0: expected device 2 to make the same call, number 1 of "
            "devices 0, 1, 2, of 24 bytes, but got another one");
  lieFrom = 5;
  gather({1, 3, 1, 0, 0}, 3);
  gather({1, 3, 1, 0, 0}, 3);
  EXPECT_EQ(getGatherFailure({1, 3, 1, 0, 0}, 3),
            "device 0: expected device 2 to make the same call, number 3 of "
            "devices 0, 1, 2, of 24 bytes, but got another one");
  // A failure is no call that goes on.
  liar = -1;
  EXPECT_EQ(gather({1, 3, 1, 0, 0}, 3), Words({0, 42, 1, 42, 2, 42}));
}

// They tell calls, sizes of rows and descriptions apart.
TEST_F(DevicesTest, CheckWords) {
  const Words a = {1, 2, 1, 0, 0}, b = {2, 1, 2, 1, 1, 0};
  std::set<int64_t> words;
  for (const Words *description : {&a, &b})
    for (int64_t bytes : {24, 32}) {
      become(0, 2);
      for (int i = 0; i < 3; ++i) {
        int64_t send[4], receive[8];
        normDevicesAllGather(description->data(), send, receive, bytes);
        EXPECT_TRUE(words.insert(send[0]).second);
      }
    }
}

TEST_F(DevicesTest, Errors) {
  become(0, 4);
  problem = "as asked";
  EXPECT_EQ(getGatherFailure({1, 4, 1, 0, 0}, 4), "device 0: as asked");
  problem = nullptr;
  EXPECT_EQ(getGatherFailure({1, 2, 1, 0, 0}, 2),
            "expected 2 processes for a grid of 2, but got 4; start them with "
            "mpirun -n 2");
  for (const Words &axes : {Words{1, 2}, Words{1, -1}, Words{2, 0, 0}})
    EXPECT_EQ(getGatherFailure(concat({{2, 2, 2}, axes, {0}}), 4),
              "expected axes of a grid of rank 2, each once, but got others");
  EXPECT_EQ(getGatherFailure({1, 4, 1, 0, 2, 2, 0, 1, 2, 1, 3}, 4),
            "expected the groups of devices to have each index below 4 once, "
            "but got 1 2 times");
  EXPECT_EQ(getGatherFailure({1, 4, 1, 0, 1, 3, 0, 1, 2}, 4),
            "expected the groups of devices to have each index below 4 once, "
            "but got 3 0 times");
  EXPECT_EQ(getGatherFailure({1, 4, 1, 0, 1, 5, 0, 1, 2, 3, 4}, 5),
            "expected the groups of devices to have indices below 4, but got "
            "4");
  int64_t word;
  const Words all = {1, 4, 1, 0, 0};
  EXPECT_EQ(
      getFailure([&] { normDevicesAllGather(all.data(), &word, &word, 4); }),
      "expected rows of at least 8 bytes, but got 4");
}

// No word is written, and rows are cleared by the transport.
TEST_F(DevicesTest, DeviceMemory) {
  isDevice = true;
  become(3, 4);
  int64_t send[] = {7, 8}, receive[4];
  const Words unequal = {1, 4, 1, 0, 3, 1, 0, 2, 1, 2, 1, 3};
  normDevicesAllGather(unequal.data(), send, receive, sizeof send);
  EXPECT_EQ(numCalls, 1);
  EXPECT_EQ(send[0], 7);
  EXPECT_EQ(receive[0], 7);
  EXPECT_EQ(receive[1], 3);
  EXPECT_EQ(receive[2], int64_t(0xcccccccccccccccc));
  EXPECT_EQ(receive[3], int64_t(0xcccccccccccccccc));
}

TEST_F(DevicesTest, Timeout) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        setenv("NORM_DEVICES_TIMEOUT", "1", 1);
        become(0, 2);
        gather({1, 2, 1, 0, 0}, 2);
        delay = std::chrono::seconds(60);
        gather({1, 2, 1, 0, 0}, 2);
      },
      testing::ExitedWithCode(1),
      "^error: device 0: expected call 2 of devices 0, 1 to end within 1 s, "
      "but another one has ended or makes no such call\n$");
  EXPECT_EXIT(
      {
        setenv("NORM_DEVICES_TIMEOUT", "-1", 1);
        become(0, 20);
        pollResult = "as asked";
        delay = std::chrono::seconds(60);
        gather({1, 20, 1, 0, 0}, 20);
      },
      testing::ExitedWithCode(1),
      "^warning: expected NORM_DEVICES_TIMEOUT to be a number of seconds, but "
      "got '-1'\nerror: as asked\n$");
}

// Calls that end in time are not ended, however many there are.
TEST_F(DevicesTest, InTime) {
  setenv("NORM_DEVICES_TIMEOUT", "1", 1);
  become(0, 2);
  auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start <
         std::chrono::milliseconds(1500))
    gather({1, 2, 1, 0, 0}, 2);
  unsetenv("NORM_DEVICES_TIMEOUT");
}
