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

char *mlir::norm::emulator::getWorkgroupMemory() {
  return Launch::running->getWorkgroup();
}

void mlir::norm::emulator::access(char *address, uint32_t size,
                                  uint32_t alignment, bool isWrite) {
  Launch::running->access(address, size, alignment, isWrite);
}
