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

enum class State { Ready, AtBarrier, AtShuffle, AtCluster, AtAtomic, Done };

/// What a thread hands over where threads meet.
struct Meeting {
  uint32_t site = 0;
  uint32_t barrier = 0;
  Shuffle kind = Shuffle::Index;
  uint32_t mask = 0, value = 0, lane = 0, clamp = 0;
  uint32_t result = 0;
  bool isValid = false;
};

/// Half of a barrier of the cluster.
struct ClusterSite {
  uint32_t site = 0;
  bool isAligned = false;
};

struct Thread {
  State state = State::Ready;
  uint32_t x = 0, y = 0, z = 0;
  /// The rank of its block in the cluster, and its own in the block.
  uint32_t block = 0, number = 0;
  Meeting meeting;
  /// How often it has arrived at barriers of the cluster, and has waited there,
  /// and where it did so last.
  uint16_t arrivals = 0, waits = 0;
  ClusterSite arrival, wait;
  /// The number of atomic writes when it last read atomically.
  uint64_t seenWrites = ~uint64_t(0);
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

/// A block of the cluster that runs.
struct Block {
  Dim3 id, idInCluster;
  uint32_t number = 0;
  uint64_t epoch = 0;
  bool hasEnded = false;
  std::vector<char> memory;
  std::optional<Range> range;
  /// The last use of its memory by another block.
  std::optional<Moment> remoteUse;
};

/// One launch.
class Launch {
public:
  Launch(const Kernel &kernel, Dim3 grid, Dim3 cluster, Dim3 block,
         size_t dynamicBytes, void **arguments);

  std::string run();

  void giveWay(State state);
  void access(char *address, uint32_t size, uint32_t alignment, bool isWrite,
              Space space);
  void accessAtomically(char *address, uint32_t size, uint32_t alignment,
                        bool isWrite);
  uint32_t read(Register which) const;
  char *getWorkgroup() { return getCurrentBlock().range->getData(); }
  char *mapToBlock(char *address, uint32_t rank);
  void arriveAtCluster(ClusterSite site);
  void waitAtCluster(ClusterSite site);
  void leaveGridBarrier();
  Thread &getCurrent() { return threads[current]; }

  static thread_local Launch *running;

private:
  void placeBlocks(uint32_t clusterNumber);
  void runCluster(uint32_t clusterNumber);
  void start(Thread &thread);
  void resume(uint32_t thread);
  bool canRun(const Thread &thread) const {
    return thread.state == State::Ready ||
           (thread.state == State::AtAtomic &&
            thread.seenWrites != numAtomicWrites);
  }
  /// Lets the threads of a warp go on that have all come to a shuffle.
  void exchange(uint32_t first, uint32_t count);
  void exchange(uint32_t first, uint32_t count, uint32_t mask);
  /// Lets all threads of a block go on if all wait at the same barrier.
  bool passBarrier(uint32_t block);
  /// Lets all threads of the cluster go on if all wait at its barrier.
  bool passCluster();
  /// Returns true if the threads of each warp have come to one place.
  bool areAligned(ClusterSite Thread::*place);
  /// Notes that a block is over, if it is, and nobody uses its memory.
  void endBlock(uint32_t block);
  /// Returns the memory that the current thread may read or write, or null:
  /// that is its stack, or there is an error.
  Range *find(char *address, uint32_t size, uint32_t alignment, bool isWrite,
              Space space, bool isCounted);
  /// Checks one of the workgroup memory of a block of the cluster.
  bool checkWorkgroup(Block &owner, char *address, uint32_t size, bool isWrite);
  void complain(char *address, uint32_t size, bool isWrite,
                const std::string &what);
  /// Ends the current thread if it has done what it must not. Nothing runs its
  /// fiber again, so that the caller must own no memory.
  void stopAfterError() {
    while (!error.empty())
      giveWay(State::Done);
  }
  std::string describe(const char *address);
  std::string describe(uint32_t thread) const;
  static std::string describe(const Dim3 &id);
  std::string getSite(uint32_t site) const {
    return site < kernel.sites.size() ? kernel.sites[site]
                                      : std::string("a meeting");
  }
  Block &getCurrentBlock() { return blocks[threads[current].block]; }
  Block *findBlock(const char *address, uint32_t size);
  Now getNow() const;

  const Kernel &kernel;
  Dim3 grid, cluster, block;
  void **arguments;
  size_t workgroupBytes;
  /// Those of the cluster; the threads of a block are one after the other.
  std::vector<Block> blocks;
  std::vector<Thread> threads;
  uint32_t current = 0;
  uint64_t firstEpoch = 0, clusterEpoch = 0, numAtomicWrites = 0;
  std::string error;
};

} // namespace mlir::norm::emulator

#endif // NORM_LIB_EMULATOR_LAUNCH_H
