//===- Threads.cpp - The threads of a block as fibers ---------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Launch.h"
#include "Norm/Runtime/Cuda.h"

#include <cstdlib>
#include <cstring>
#include <random>

using namespace mlir::norm::emulator;

thread_local Launch *Launch::running = nullptr;

/// The blocks, at most, that there is room for.
static constexpr uint32_t kResidentBlocks = 5;

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
  thread.arrivals = thread.waits = 0;
  thread.seenWrites = ~uint64_t(0);
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

std::string Launch::describe(const Dim3 &id) {
  return "(" + std::to_string(id.x) + ", " + std::to_string(id.y) + ", " +
         std::to_string(id.z) + ")";
}

std::string Launch::describe(uint32_t thread) const {
  const Thread &t = threads[thread];
  return "thread " + describe({t.x, t.y, t.z}) + " of block " +
         describe(blocks[t.block].id);
}

//===----------------------------------------------------------------------===//
// Clusters of blocks
//===----------------------------------------------------------------------===//

/// Returns the place `number` in `all`, x first.
static Dim3 unravel(uint32_t number, const Dim3 &all) {
  return {number % all.x, number / all.x % all.y, number / all.x / all.y};
}

/// Returns how often `part` is in `all`, along each axis.
static Dim3 divide(const Dim3 &all, const Dim3 &part) {
  return {all.x / part.x, all.y / part.y, all.z / part.z};
}

Launch::Launch(const Kernel &kernel, Dim3 grid, Dim3 cluster, Dim3 block,
               size_t dynamicBytes, void **arguments)
    : kernel(kernel), grid(grid), cluster(cluster), block(block),
      arguments(arguments),
      workgroupBytes(kernel.workgroupBytes + dynamicBytes),
      blocks(cluster.count()), threads(cluster.count() * block.count()) {
  uint32_t number = 0;
  for (Thread &thread : threads) {
    thread.block = number / block.count();
    thread.number = number % block.count();
    Dim3 place = unravel(thread.number, block);
    thread.x = place.x;
    thread.y = place.y;
    thread.z = place.z;
    ++number;
  }
}

void Launch::placeBlocks(uint32_t clusterNumber) {
  clusterEpoch = Device::get().nextEpoch;
  Dim3 corner = unravel(clusterNumber, divide(grid, cluster));
  for (uint32_t rank = 0; rank < blocks.size(); ++rank) {
    Block &made = blocks[rank];
    Dim3 in = unravel(rank, cluster);
    made.idInCluster = in;
    made.id = {corner.x * cluster.x + in.x, corner.y * cluster.y + in.y,
               corner.z * cluster.z + in.z};
    made.number = made.id.x + grid.x * (made.id.y + grid.y * made.id.z);
    made.epoch = Device::get().nextEpoch++;
    made.hasEnded = false;
    made.remoteUse.reset();
    // As aligned as the arrays in it must be, and not more.
    size_t alignment = kernel.workgroupAlignment;
    made.memory.resize(workgroupBytes + 2 * alignment);
    auto address = reinterpret_cast<uintptr_t>(made.memory.data());
    address = address / alignment * alignment + alignment;
    if (address % (2 * alignment) == 0)
      address += alignment;
    made.range.emplace(reinterpret_cast<char *>(address), workgroupBytes);
  }
}

void Launch::resume(uint32_t thread) {
  current = thread;
  Thread &running = threads[thread];
  running.getFiber() = std::move(running.getFiber()).resume();
  if (!error.empty())
    return;
  // Those that wait for this one may go on, or wait in vain.
  uint32_t inWarp = running.number % kWarp, warp = running.number - inWarp;
  exchange(thread - inWarp, std::min<uint32_t>(kWarp, block.count() - warp));
  if (running.state == State::Done)
    endBlock(running.block);
}

void Launch::runCluster(uint32_t clusterNumber) {
  placeBlocks(clusterNumber);
  std::vector<uint32_t> order(threads.size());
  for (uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  const Options &options = Device::get().options;
  std::mt19937 random(options.seed + clusterNumber);
  if (options.order == Order::Backward)
    std::reverse(order.begin(), order.end());
  for (Thread &thread : threads)
    start(thread);
  // In the order of their numbers, blocks run ahead as far as they can.
  bool isRandom = options.order == Order::Random;
  size_t group = isRandom ? order.size() : block.count();
  while (error.empty()) {
    bool hasRun = false;
    if (isRandom)
      std::shuffle(order.begin(), order.end(), random);
    for (auto first = order.begin(); first != order.end(); first += group) {
      bool hasGroupRun;
      do {
        hasGroupRun = false;
        for (auto it = first; it != first + group; ++it) {
          if (!canRun(threads[*it]))
            continue;
          hasGroupRun = true;
          resume(*it);
          if (!error.empty())
            return;
        }
        hasRun |= hasGroupRun;
      } while (!isRandom &&
               (passBarrier(threads[*first].block) || hasGroupRun) &&
               error.empty());
      if (!error.empty())
        return;
    }
    if (std::all_of(threads.begin(), threads.end(), [](const Thread &thread) {
          return thread.state == State::Done;
        }))
      return;
    bool hasPassed = false;
    for (uint32_t rank = 0; rank < blocks.size(); ++rank)
      hasPassed |= passBarrier(rank);
    if (!hasPassed && !passCluster() && !hasRun && error.empty())
      error = "expected threads to go on, but all wait for each other";
  }
}

std::string Launch::run() {
  Launch *outer = std::exchange(running, this);
  firstEpoch = Device::get().nextEpoch;
  const Options &options = Device::get().options;
  std::vector<uint32_t> order(divide(grid, cluster).count());
  for (uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::mt19937 random(options.seed);
  if (options.order == Order::Backward)
    std::reverse(order.begin(), order.end());
  else if (options.order == Order::Random)
    std::shuffle(order.begin(), order.end(), random);
  for (uint32_t i : order) {
    runCluster(i);
    if (!error.empty())
      break;
  }
  running = outer;
  return error.empty() ? error : kernel.name + ": " + error;
}

std::string mlir::norm::emulator::launch(const Kernel &kernel, Dim3 grid,
                                         Dim3 cluster, Dim3 block,
                                         size_t dynamicBytes,
                                         void **arguments) {
  if (block.count() == 0 || block.count() > 1024)
    return kernel.name + ": expected 1 to 1024 threads in a block, but got " +
           std::to_string(block.count());
  if (llvm::StringRef(kernel.name).ends_with(NORM_CUDA_COOPERATIVE_SUFFIX)) {
    grid.x = std::min(grid.x, kResidentBlocks);
    if (grid.count() != grid.x || cluster.count() != 1)
      return kernel.name + ": expected blocks along x and no clusters, because "
                           "all blocks run together";
    return Launch(kernel, grid, grid, block, dynamicBytes, arguments).run();
  }
  // What all chips with clusters can run.
  if (cluster.count() == 0 || cluster.count() > 8)
    return kernel.name + ": expected 1 to 8 blocks in a cluster, but got " +
           std::to_string(cluster.count());
  if (grid.x % cluster.x != 0 || grid.y % cluster.y != 0 ||
      grid.z % cluster.z != 0)
    return kernel.name + ": expected a grid of whole clusters, but got " +
           std::to_string(grid.count()) + " blocks in clusters of " +
           std::to_string(cluster.count());
  return Launch(kernel, grid, cluster, block, dynamicBytes, arguments).run();
}

//===----------------------------------------------------------------------===//
// What kernels call
//===----------------------------------------------------------------------===//

uint32_t Launch::read(Register which) const {
  const Thread &thread = threads[current];
  const Block &own = blocks[thread.block];
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
    return own.id.x;
  case Register::CtaidY:
    return own.id.y;
  case Register::CtaidZ:
    return own.id.z;
  case Register::NctaidX:
    return grid.x;
  case Register::NctaidY:
    return grid.y;
  case Register::NctaidZ:
    return grid.z;
  case Register::ClusteridX:
    return own.id.x / cluster.x;
  case Register::ClusteridY:
    return own.id.y / cluster.y;
  case Register::ClusteridZ:
    return own.id.z / cluster.z;
  case Register::NclusteridX:
    return grid.x / cluster.x;
  case Register::NclusteridY:
    return grid.y / cluster.y;
  case Register::NclusteridZ:
    return grid.z / cluster.z;
  case Register::ClusterCtaidX:
    return own.idInCluster.x;
  case Register::ClusterCtaidY:
    return own.idInCluster.y;
  case Register::ClusterCtaidZ:
    return own.idInCluster.z;
  case Register::ClusterNctaidX:
    return cluster.x;
  case Register::ClusterNctaidY:
    return cluster.y;
  case Register::ClusterNctaidZ:
    return cluster.z;
  case Register::ClusterCtarank:
    return thread.block;
  case Register::ClusterNctarank:
    return blocks.size();
  case Register::LaneId:
    return thread.number % kWarp;
  case Register::WarpSize:
    return kWarp;
  }
  return 0;
}

uint32_t mlir::norm::emulator::readRegister(Register which) {
  return Launch::running->read(which);
}
