//===- Memory.cpp - Memory that kernels may use ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Memory.h"

using namespace mlir::norm::emulator;

/// Returns true if a use at `then` and one at `now` have no order.
static bool isUnordered(const Moment &then, const Moment &now,
                        uint64_t firstEpoch) {
  if (then.epoch < firstEpoch ||
      (then.thread == now.thread && then.block == now.block))
    return false;
  // Blocks do not wait for each other.
  return then.block != now.block || then.epoch == now.epoch;
}

const Moment *Range::use(const char *address, size_t size, bool isWrite,
                         const Moment &now, uint64_t firstEpoch) {
  if (uses.empty())
    uses.resize(bytes);
  Uses *use = &uses[address - data];
  for (Uses *end = use + size; use != end; ++use) {
    if (isUnordered(use->write, now, firstEpoch))
      return &use->write;
    if (isWrite) {
      if (isUnordered(use->read, now, firstEpoch) ||
          (use->readByOthers && use->read.epoch == now.epoch) ||
          (use->readByOtherBlocks && use->read.epoch >= firstEpoch))
        return &use->read;
      use->write = now;
      use->isInitialized = true;
      continue;
    }
    bool sameLaunch = use->read.epoch >= firstEpoch;
    use->readByOtherBlocks =
        sameLaunch && (use->readByOtherBlocks || use->read.block != now.block);
    use->readByOthers = use->read.epoch == now.epoch &&
                        (use->readByOthers || use->read.thread != now.thread);
    use->read = now;
  }
  return nullptr;
}

bool Range::isInitialized(const char *address, size_t size) const {
  if (uses.empty())
    return false;
  const Uses *use = &uses[address - data];
  for (const Uses *end = use + size; use != end; ++use)
    if (!use->isInitialized)
      return false;
  return true;
}

void DeviceMemory::add(char *data, size_t bytes) {
  last = nullptr;
  auto it = ranges.find(data);
  if (it != ranges.end() && it->second.getSize() < bytes) {
    unsigned numOwners = it->second.numOwners;
    it->second = Range(data, bytes);
    it->second.numOwners = numOwners;
  }
  ++ranges.try_emplace(data, data, bytes).first->second.numOwners;
}

void DeviceMemory::remove(char *data) {
  last = nullptr;
  auto it = ranges.find(data);
  if (it != ranges.end() && --it->second.numOwners == 0)
    ranges.erase(it);
}

Range *DeviceMemory::find(const char *address, size_t size) {
  if (last && last->contains(address, size))
    return last;
  auto it = ranges.upper_bound(address);
  if (it == ranges.begin())
    return nullptr;
  Range &range = std::prev(it)->second;
  if (!range.contains(address, size))
    return nullptr;
  last = &range;
  return last;
}
