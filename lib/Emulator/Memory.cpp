//===- Memory.cpp - Memory that kernels may use ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Memory.h"

#include <algorithm>

using namespace mlir::norm::emulator;

bool Now::isUnordered(const Moment &then) const {
  if (then.epoch < launchEpoch ||
      (then.thread == thread && then.block == block) || isAfterCluster(then))
    return false;
  // Blocks wait for each other only at barriers of their cluster.
  return then.block != block || then.epoch == epoch;
}

const Moment *Range::use(const char *address, size_t size, bool isWrite,
                         const Now &now) {
  if (uses.empty())
    uses.resize(bytes);
  Uses *use = &uses[address - data];
  for (Uses *end = use + size; use != end; ++use) {
    if (now.isUnordered(use->write))
      return &use->write;
    bool isOver =
        use->read.epoch < now.launchEpoch || now.isAfterCluster(use->read);
    if (isWrite) {
      if (now.isUnordered(use->read) ||
          (!isOver && (use->readByOtherBlocks ||
                       (use->readByOthers && use->read.epoch == now.epoch))))
        return &use->read;
      use->write = now;
      use->isInitialized = true;
      continue;
    }
    use->readByOtherBlocks =
        !isOver && (use->readByOtherBlocks || use->read.block != now.block);
    use->readByOthers = !isOver && use->read.epoch == now.epoch &&
                        (use->readByOthers || use->read.thread != now.thread);
    uint16_t arrivals =
        isOver || use->read.epoch < now.clusterEpoch ? 0 : use->read.arrivals;
    use->read = now;
    use->read.arrivals = std::max(arrivals, now.arrivals);
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
