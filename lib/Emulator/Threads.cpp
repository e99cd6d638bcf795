//===- Threads.cpp - The threads of a block as fibers ---------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Launch.h"

#include <cstdlib>
#include <cstring>
#include <random>

using namespace mlir::norm::emulator;

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

uint32_t mlir::norm::emulator::readRegister(Register which) {
  return Launch::running->read(which);
}
