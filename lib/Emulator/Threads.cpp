//===- Threads.cpp - The threads of a block as fibers ---------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What threads must do is in the PTX ISA, "Parallel Synchronization and
// Communication Instructions" and "shfl.sync":
//
//   https://docs.nvidia.com/cuda/parallel-thread-execution/
//
//===----------------------------------------------------------------------===//

#include "Threads.h"

#include <boost/context/fiber.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>

using namespace mlir::norm::emulator;
namespace context = boost::context;

static constexpr uint32_t kWarp = 32;
static constexpr size_t kStackBytes = 64 << 10;

namespace {

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

} // namespace

thread_local Launch *Launch::running = nullptr;

/// Returns the options that the environment asks for.
static Options getInitialOptions() {
  const char *order = std::getenv("NORM_EMULATOR_ORDER");
  Options options;
  if (order && std::strcmp(order, "backward") == 0)
    options.order = Order::Backward;
  else if (order && std::strcmp(order, "random") == 0)
    options.order = Order::Random;
  return options;
}

Device &Device::get() {
  static Device device = [] {
    Device made;
    made.options = getInitialOptions();
    return made;
  }();
  return device;
}

//===----------------------------------------------------------------------===//
// Fibers
//===----------------------------------------------------------------------===//

void Launch::start(Thread &thread) {
  thread.state = State::Ready;
  new (thread.fiber)
      context::fiber(std::allocator_arg, KeptStack{&thread.stack},
                     [this, &thread](context::fiber &&scheduler) {
                       thread.scheduler = std::move(scheduler);
                       kernel.function(arguments);
                       thread.state = State::Done;
                       return std::move(thread.scheduler);
                     });
}

void Launch::giveWay(State state) {
  Thread &thread = getCurrent();
  thread.state = state;
  thread.scheduler = std::move(thread.scheduler).resume();
}

std::string Launch::describe(uint32_t thread) const {
  auto list = [](uint32_t x, uint32_t y, uint32_t z) {
    return "(" + std::to_string(x) + ", " + std::to_string(y) + ", " +
           std::to_string(z) + ")";
  };
  const Thread &t = threads[thread];
  return "thread " + list(t.x, t.y, t.z) + " of block " +
         list(blockId.x, blockId.y, blockId.z);
}

//===----------------------------------------------------------------------===//
// Meetings
//===----------------------------------------------------------------------===//

void Launch::exchange(uint32_t first, uint32_t count, uint32_t mask) {
  auto get = [&](uint32_t lane) -> Meeting & {
    return threads[first + lane].meeting;
  };
  for (uint32_t lane = 0; lane < count; ++lane) {
    if (!(mask >> lane & 1))
      continue;
    Meeting &mine = get(lane);
    // The names are those of the PTX ISA.
    uint32_t segment = mine.clamp >> 8 & 31, clamp = mine.clamp & 31;
    uint32_t b = mine.lane & 31;
    int32_t maxLane = (lane & segment) | (clamp & ~segment);
    int32_t minLane = lane & segment;
    int32_t source = 0;
    bool isValid = false;
    switch (mine.kind) {
    case Shuffle::Up:
      source = int32_t(lane) - int32_t(b);
      isValid = source >= maxLane;
      break;
    case Shuffle::Down:
      source = lane + b;
      isValid = source <= maxLane;
      break;
    case Shuffle::Butterfly:
      source = lane ^ b;
      isValid = source <= maxLane;
      break;
    case Shuffle::Index:
      source = minLane | (b & ~segment);
      isValid = source <= maxLane;
      break;
    }
    if (!isValid)
      source = lane;
    if (uint32_t(source) >= count || !(mask >> source & 1)) {
      if (error.empty())
        error = describe(first + lane) + ": expected " + getSite(mine) +
                " to read a thread that takes part, but got lane " +
                std::to_string(source);
      source = lane;
    }
    mine.result = get(source).value;
    mine.isValid = isValid;
  }
  for (uint32_t lane = 0; lane < count; ++lane)
    if (mask >> lane & 1)
      threads[first + lane].state = State::Ready;
}

void Launch::exchange(uint32_t warp) {
  uint32_t first = warp * kWarp;
  uint32_t count = std::min<size_t>(kWarp, threads.size() - first);
  for (uint32_t lane = 0; lane < count; ++lane) {
    if (threads[first + lane].state != State::AtShuffle)
      continue;
    const Meeting &mine = threads[first + lane].meeting;
    auto complain = [&](const std::string &what) {
      if (error.empty())
        error = describe(first + lane) + ": expected " + what + " at " +
                getSite(mine);
    };
    if (!(mine.mask >> lane & 1))
      return complain("a thread to be in its own mask");
    bool isComplete = true;
    for (uint32_t other = 0; other < kWarp; ++other) {
      if (!(mine.mask >> other & 1))
        continue;
      if (other >= count) {
        // A block that does not fill its last warp.
        if (mine.mask == ~0u)
          continue;
        return complain("a mask of threads that exist");
      }
      const Thread &thread = threads[first + other];
      if (thread.state == State::Done || thread.state == State::AtBarrier)
        return complain("all threads of the mask, but lane " +
                        std::to_string(other) + " is elsewhere,");
      if (thread.state != State::AtShuffle) {
        isComplete = false;
        break;
      }
      if (thread.meeting.mask != mine.mask || thread.meeting.site != mine.site)
        return complain("all threads of the mask, but lane " +
                        std::to_string(other) + " is at another place,");
    }
    if (isComplete)
      exchange(first, count, mine.mask);
  }
}

bool Launch::passBarrier() {
  const Meeting *meeting = nullptr;
  bool hasEnded = false;
  uint32_t last = 0;
  for (uint32_t i = 0; i < threads.size(); ++i) {
    const Thread &thread = threads[i];
    if (thread.state == State::Done) {
      hasEnded = true;
      last = i;
      continue;
    }
    if (thread.state != State::AtBarrier)
      return false;
    if (meeting && (meeting->site != thread.meeting.site ||
                    meeting->barrier != thread.meeting.barrier)) {
      error = describe(i) + ": expected all threads of the block at one "
                            "barrier, but got others at another one";
      return false;
    }
    meeting = &thread.meeting;
  }
  if (!meeting)
    return false;
  if (hasEnded) {
    error = describe(last) + ": expected all threads of the block at " +
            getSite(*meeting) + ", but this one has ended";
    return false;
  }
  for (Thread &thread : threads)
    thread.state = State::Ready;
  epoch = Device::get().nextEpoch++;
  return true;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void Launch::runBlock() {
  workgroupRange.emplace(getWorkgroup(), workgroupBytes);
  epoch = Device::get().nextEpoch++;
  std::vector<uint32_t> order(threads.size());
  for (uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  const Options &options = Device::get().options;
  std::mt19937 random(options.seed + blockNumber);
  if (options.order == Order::Backward)
    std::reverse(order.begin(), order.end());
  for (Thread &thread : threads)
    start(thread);
  while (error.empty()) {
    bool hasRun = false;
    if (options.order == Order::Random)
      std::shuffle(order.begin(), order.end(), random);
    for (uint32_t i : order) {
      if (threads[i].state != State::Ready)
        continue;
      current = i;
      hasRun = true;
      threads[i].getFiber() = std::move(threads[i].getFiber()).resume();
      if (!error.empty())
        return;
      // Those that wait for this one may go on, or wait in vain.
      exchange(i / kWarp);
    }
    if (std::all_of(threads.begin(), threads.end(), [](const Thread &thread) {
          return thread.state == State::Done;
        }))
      return;
    if (!passBarrier() && !hasRun && error.empty())
      error = "expected threads to go on, but all wait for each other";
  }
}

std::string Launch::run() {
  Launch *outer = std::exchange(running, this);
  firstEpoch = Device::get().nextEpoch;
  uint32_t number = 0;
  for (Thread &thread : threads) {
    thread.x = number % block.x;
    thread.y = number / block.x % block.y;
    thread.z = number / block.x / block.y;
    ++number;
  }
  uint64_t numBlocks = grid.count();
  const Options &options = Device::get().options;
  std::vector<uint32_t> order(numBlocks);
  for (uint32_t i = 0; i < numBlocks; ++i)
    order[i] = i;
  std::mt19937 random(options.seed);
  if (options.order == Order::Backward)
    std::reverse(order.begin(), order.end());
  else if (options.order == Order::Random)
    std::shuffle(order.begin(), order.end(), random);
  for (uint32_t i : order) {
    blockNumber = i;
    blockId = {i % grid.x, i / grid.x % grid.y, i / grid.x / grid.y};
    runBlock();
    if (!error.empty())
      break;
  }
  running = outer;
  return error.empty() ? error : kernel.name + ": " + error;
}

std::string mlir::norm::emulator::launch(const Kernel &kernel, Dim3 grid,
                                         Dim3 block, size_t dynamicBytes,
                                         void **arguments) {
  if (block.count() == 0 || block.count() > 1024)
    return kernel.name + ": expected 1 to 1024 threads in a block, but got " +
           std::to_string(block.count());
  return Launch(kernel, grid, block, dynamicBytes, arguments).run();
}

//===----------------------------------------------------------------------===//
// What kernels call
//===----------------------------------------------------------------------===//

uint32_t Launch::read(Register which) const {
  const Thread &thread = threads[current];
  switch (which) {
  case Register::TidX:
    return thread.x;
  case Register::TidY:
    return thread.y;
  case Register::TidZ:
    return thread.z;
  case Register::NtidX:
    return block.x;
  case Register::NtidY:
    return block.y;
  case Register::NtidZ:
    return block.z;
  case Register::CtaidX:
    return blockId.x;
  case Register::CtaidY:
    return blockId.y;
  case Register::CtaidZ:
    return blockId.z;
  case Register::NctaidX:
    return grid.x;
  case Register::NctaidY:
    return grid.y;
  case Register::NctaidZ:
    return grid.z;
  case Register::LaneId:
    return current % kWarp;
  case Register::WarpSize:
    return kWarp;
  }
  return 0;
}

std::string Launch::describe(const char *address) {
  const std::vector<char> &stack = threads[current].stack;
  auto tell = [&](const char *start, const std::string &what) {
    return "at byte " + std::to_string(address - start) + " of " + what;
  };
  if (address >= stack.data() && address < stack.data() + stack.size())
    return tell(stack.data(), "the stack");
  if (workgroupRange->contains(address, 1))
    return tell(workgroupRange->getData(), "workgroup memory");
  if (Range *range = Device::get().memory.find(address, 1))
    return tell(range->getData(),
                "an array of " + std::to_string(range->getSize()) + " bytes");
  return "outside of all memory";
}

void Launch::complain(char *address, uint32_t size, bool isWrite,
                      const std::string &what) {
  error = describe(current) + ": expected a " + (isWrite ? "write" : "read") +
          " of " + std::to_string(size) + " bytes " + describe(address) +
          " to be " + what;
}

bool Launch::check(char *address, uint32_t size, uint32_t alignment,
                   bool isWrite) {
  auto complain = [&](const std::string &what) {
    this->complain(address, size, isWrite, what);
    return false;
  };
  if (reinterpret_cast<uintptr_t>(address) % alignment != 0)
    return complain("at a multiple of " + std::to_string(alignment) + " bytes");
  std::vector<char> &stack = threads[current].stack;
  if (address >= stack.data() && address < stack.data() + stack.size())
    return true;
  Range *range = &*workgroupRange;
  if (range->contains(address, size)) {
    if (!isWrite && !range->isInitialized(address, size))
      return complain("of memory that was written");
  } else {
    Device &device = Device::get();
    range = device.memory.find(address, size);
    if (!range)
      return complain("inside of an array");
    for (Traffic *traffic : {&device.traffic, &range->traffic}) {
      ++(isWrite ? traffic->writes : traffic->reads);
      (isWrite ? traffic->bytesWritten : traffic->bytesRead) += size;
    }
  }
  const Moment *other = range->use(address, size, isWrite,
                                   {current, blockNumber, epoch}, firstEpoch);
  if (!other)
    return true;
  return complain("ordered by a barrier with what " +
                  (other->block == blockNumber
                       ? "thread " + std::to_string(other->thread)
                       : "block " + std::to_string(other->block)) +
                  " does there");
}

void Launch::access(char *address, uint32_t size, uint32_t alignment,
                    bool isWrite) {
  // Nothing runs the fiber again, so that it must own no memory here.
  while (!error.empty() || !check(address, size, alignment, isWrite))
    giveWay(State::Done);
}

uint32_t mlir::norm::emulator::readRegister(Register which) {
  return Launch::running->read(which);
}

char *mlir::norm::emulator::getWorkgroupMemory() {
  return Launch::running->getWorkgroup();
}

void mlir::norm::emulator::waitAtBarrier(uint32_t barrier, uint32_t site) {
  Meeting &meeting = Launch::running->getCurrent().meeting;
  meeting.site = site;
  meeting.barrier = barrier;
  Launch::running->giveWay(State::AtBarrier);
}

uint32_t mlir::norm::emulator::shuffle(Shuffle kind, uint32_t mask,
                                       uint32_t value, uint32_t lane,
                                       uint32_t clamp, uint32_t site,
                                       bool *isValid) {
  Meeting &meeting = Launch::running->getCurrent().meeting;
  meeting = {site, 0, kind, mask, value, lane, clamp};
  Launch::running->giveWay(State::AtShuffle);
  *isValid = meeting.isValid;
  return meeting.result;
}

void mlir::norm::emulator::access(char *address, uint32_t size,
                                  uint32_t alignment, bool isWrite) {
  Launch::running->access(address, size, alignment, isWrite);
}
