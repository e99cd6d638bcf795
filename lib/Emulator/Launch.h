//===- Launch.h - One launch ------------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_EMULATOR_LAUNCH_H
#define NORM_LIB_EMULATOR_LAUNCH_H

#include "Memory.h"
#include "Threads.h"

#include <boost/context/fiber.hpp>

#include <optional>
#include <string>
#include <vector>

namespace mlir::norm::emulator {

namespace context = boost::context;

inline constexpr uint32_t kWarp = 32;
inline constexpr size_t kStackBytes = 64 << 10;

enum class State { Ready, AtBarrier, AtShuffle, Done };

/// What a thread hands over where threads meet.
struct Meeting {
  uint32_t site = 0;
  uint32_t barrier = 0;
  Shuffle kind = Shuffle::Index;
  uint32_t mask = 0, value = 0, lane = 0, clamp = 0;
  uint32_t result = 0;
  bool isValid = false;
};

struct Thread {
  State state = State::Ready;
  uint32_t x = 0, y = 0, z = 0;
  Meeting meeting;
  std::vector<char> stack;
  /// The fiber, while it does not run, and what it gives way to. A fiber that
  /// fails is left as it is: its frames have nothing to destroy.
  alignas(context::fiber) char fiber[sizeof(context::fiber)];
  context::fiber scheduler;

  context::fiber &getFiber() {
    return *reinterpret_cast<context::fiber *>(fiber);
  }
};

/// Hands out a stack that the thread keeps.
struct KeptStack {
  std::vector<char> *stack;
  context::stack_context allocate() {
    if (stack->empty())
      stack->resize(kStackBytes);
    context::stack_context result;
    result.size = stack->size();
    result.sp = stack->data() + stack->size();
    return result;
  }
  void deallocate(context::stack_context &) {}
};

/// One launch.
class Launch {
public:
  Launch(const Kernel &kernel, Dim3 grid, Dim3 block, size_t dynamicBytes,
         void **arguments)
      : kernel(kernel), grid(grid), block(block), arguments(arguments),
        workgroupBytes(kernel.workgroupBytes + dynamicBytes),
        workgroup(workgroupBytes + 2 * kernel.workgroupAlignment),
        threads(block.count()) {}

  std::string run();

  void giveWay(State state);
  void access(char *address, uint32_t size, uint32_t alignment, bool isWrite);
  uint32_t read(Register which) const;
  char *getWorkgroup() {
    // As aligned as the arrays in it must be, and not more.
    size_t alignment = kernel.workgroupAlignment;
    auto address = reinterpret_cast<uintptr_t>(workgroup.data());
    address = address / alignment * alignment + alignment;
    if (address % (2 * alignment) == 0)
      address += alignment;
    return reinterpret_cast<char *>(address);
  }
  Thread &getCurrent() { return threads[current]; }

  static thread_local Launch *running;

private:
  void runBlock();
  void start(Thread &thread);
  /// Lets the threads of a warp go on that have all come to a shuffle.
  void exchange(uint32_t warp);
  void exchange(uint32_t first, uint32_t count, uint32_t mask);
  /// Lets all threads go on if all wait at the same barrier.
  bool passBarrier();
  /// Checks a read or write of the current thread.
  bool check(char *address, uint32_t size, uint32_t alignment, bool isWrite);
  void complain(char *address, uint32_t size, bool isWrite,
                const std::string &what);
  std::string describe(const char *address);
  std::string describe(uint32_t thread) const;
  std::string getSite(const Meeting &meeting) const {
    return meeting.site < kernel.sites.size() ? kernel.sites[meeting.site]
                                              : std::string("a meeting");
  }

  const Kernel &kernel;
  Dim3 grid, block;
  void **arguments;
  size_t workgroupBytes;
  std::vector<char> workgroup;
  std::optional<Range> workgroupRange;
  std::vector<Thread> threads;
  Dim3 blockId;
  uint32_t blockNumber = 0;
  uint32_t current = 0;
  uint64_t firstEpoch = 0, epoch = 0;
  std::string error;
};

} // namespace mlir::norm::emulator

#endif // NORM_LIB_EMULATOR_LAUNCH_H
