//===- Meetings.cpp - Where threads of a block meet -----------------------===//
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

#include "Launch.h"

#include <algorithm>

using namespace mlir::norm::emulator;

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
