//===- Access.cpp - Reads and writes of threads ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Launch.h"

using namespace mlir::norm::emulator;

std::string Launch::describe(const char *address) {
  const std::vector<char> &stack = threads[current].stack;
  auto tell = [&](const char *start, const std::string &what) {
    return "at byte " + std::to_string(address - start) + " of " + what;
  };
  if (address >= stack.data() && address < stack.data() + stack.size())
    return tell(stack.data(), "the stack");
  if (Block *owner = findBlock(address, 1))
    return tell(owner->range->getData(),
                owner == &getCurrentBlock()
                    ? std::string("workgroup memory")
                    : "workgroup memory of block " + describe(owner->id));
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

Block *Launch::findBlock(const char *address, uint32_t size) {
  for (Block &owner : blocks)
    if (owner.range->contains(address, size))
      return &owner;
  return nullptr;
}

Now Launch::getNow() const {
  const Thread &thread = threads[current];
  const Block &own = blocks[thread.block];
  Now now;
  now.thread = thread.number;
  now.arrivals = thread.arrivals;
  now.block = own.number;
  now.epoch = own.epoch;
  now.launchEpoch = firstEpoch;
  now.clusterEpoch = clusterEpoch;
  now.waits = thread.waits;
  return now;
}

bool Launch::checkWorkgroup(Block &owner, char *address, uint32_t size,
                            bool isWrite) {
  auto complain = [&](const std::string &what) {
    this->complain(address, size, isWrite, what);
    return false;
  };
  if (&owner != &getCurrentBlock()) {
    Now now = getNow();
    if (now.waits == 0)
      return complain("after a barrier of the cluster, before which that block "
                      "may not have started");
    if (owner.hasEnded)
      return complain("before that block ends");
    if (!owner.remoteUse || owner.remoteUse->arrivals <= now.arrivals)
      owner.remoteUse = now;
  }
  if (!isWrite && !owner.range->isInitialized(address, size))
    return complain("of memory that was written");
  return true;
}

Range *Launch::find(char *address, uint32_t size, uint32_t alignment,
                    bool isWrite, Space space, bool isCounted) {
  auto complain = [&](const std::string &what) -> Range * {
    this->complain(address, size, isWrite, what);
    return nullptr;
  };
  if (reinterpret_cast<uintptr_t>(address) % alignment != 0)
    return complain("at a multiple of " + std::to_string(alignment) + " bytes");
  std::vector<char> &stack = threads[current].stack;
  if (address >= stack.data() && address < stack.data() + stack.size())
    return nullptr;
  if (Block *owner = findBlock(address, size)) {
    if (space == Space::Workgroup && owner != &getCurrentBlock())
      return complain("through a pointer to workgroup memory of the cluster");
    return checkWorkgroup(*owner, address, size, isWrite) ? &*owner->range
                                                          : nullptr;
  }
  if (space == Space::Cluster)
    return complain("inside of workgroup memory of the cluster");
  Device &device = Device::get();
  Range *range = device.memory.find(address, size);
  if (!range)
    return complain("inside of an array");
  if (isCounted)
    for (Traffic *traffic : {&device.traffic, &range->traffic}) {
      ++(isWrite ? traffic->writes : traffic->reads);
      (isWrite ? traffic->bytesWritten : traffic->bytesRead) += size;
    }
  return range;
}

void Launch::access(char *address, uint32_t size, uint32_t alignment,
                    bool isWrite, Space space) {
  Range *range =
      find(address, size, alignment, isWrite, space, /*isCounted=*/true);
  if (range) {
    Now now = getNow();
    if (const Moment *other = range->use(address, size, isWrite, now))
      complain(address, size, isWrite,
               "ordered by a barrier with what " +
                   (other->block == now.block
                        ? "thread " + std::to_string(other->thread)
                        : "block " + std::to_string(other->block)) +
                   " does there");
  }
  stopAfterError();
}

void Launch::accessAtomically(char *address, uint32_t size, uint32_t alignment,
                              bool isWrite) {
  find(address, size, alignment, isWrite, Space::Any, /*isCounted=*/false);
  stopAfterError();
  if (isWrite) {
    ++numAtomicWrites;
    return;
  }
  if (getCurrent().seenWrites == numAtomicWrites)
    giveWay(State::AtAtomic);
  getCurrent().seenWrites = numAtomicWrites;
}

char *Launch::mapToBlock(char *address, uint32_t rank) {
  Range &own = *getCurrentBlock().range;
  if (rank >= blocks.size())
    error = describe(current) + ": expected a block of the cluster, 0 to " +
            std::to_string(blocks.size() - 1) + ", but got " +
            std::to_string(rank);
  else if (!own.contains(address, 0))
    error = describe(current) +
            ": expected an address in workgroup memory of "
            "the block to be mapped, but got one " +
            describe(address);
  stopAfterError();
  return blocks[rank].range->getData() + (address - own.getData());
}

char *mlir::norm::emulator::getWorkgroupMemory() {
  return Launch::running->getWorkgroup();
}

char *mlir::norm::emulator::mapToBlock(char *address, uint32_t rank) {
  return Launch::running->mapToBlock(address, rank);
}

void mlir::norm::emulator::access(char *address, uint32_t size,
                                  uint32_t alignment, bool isWrite,
                                  Space space) {
  Launch::running->access(address, size, alignment, isWrite, space);
}

void mlir::norm::emulator::accessAtomically(char *address, uint32_t size,
                                            uint32_t alignment, bool isWrite) {
  Launch::running->accessAtomically(address, size, alignment, isWrite);
}
