//===- Meetings.cpp - Where threads of a block or cluster meet ------------===//
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
#include <limits>

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
        error = describe(first + lane) + ": expected " + getSite(mine.site) +
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

void Launch::exchange(uint32_t first, uint32_t count) {
  for (uint32_t lane = 0; lane < count; ++lane) {
    if (threads[first + lane].state != State::AtShuffle)
      continue;
    const Meeting &mine = threads[first + lane].meeting;
    auto complain = [&](const std::string &what) {
      if (error.empty())
        error = describe(first + lane) + ": expected " + what + " at " +
                getSite(mine.site);
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
      if (thread.state == State::Done || thread.state == State::AtBarrier ||
          thread.state == State::AtCluster || thread.state == State::AtAtomic)
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

bool Launch::passBarrier(uint32_t rank) {
  const Meeting *meeting = nullptr;
  bool hasEnded = false;
  uint32_t last = 0, begin = rank * block.count();
  uint32_t end = begin + block.count();
  for (uint32_t i = begin; i < end; ++i) {
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
            getSite(meeting->site) + ", but this one has ended";
    return false;
  }
  for (uint32_t i = begin; i < end; ++i)
    threads[i].state = State::Ready;
  blocks[rank].epoch = Device::get().nextEpoch++;
  return true;
}

//===----------------------------------------------------------------------===//
// Barriers of clusters
//===----------------------------------------------------------------------===//

bool Launch::areAligned(ClusterSite Thread::*place) {
  for (uint32_t i = 1; i < threads.size(); ++i) {
    const ClusterSite &before = threads[i - 1].*place,
                      &here = threads[i].*place;
    if (threads[i].number % kWarp == 0 || before.site == here.site ||
        !(before.isAligned || here.isAligned))
      continue;
    error = describe(i) +
            ": expected all threads of the warp at one barrier of "
            "the cluster, but got others at another one";
    return false;
  }
  return true;
}

bool Launch::passCluster() {
  auto isWaiting = [](const Thread &thread) {
    return thread.state == State::AtCluster;
  };
  if (std::none_of(threads.begin(), threads.end(), isWaiting))
    return false;
  auto ended = threads.end();
  for (auto it = threads.begin(); it != threads.end(); ++it) {
    if (it->state == State::Done)
      ended = it;
    else if (!isWaiting(*it))
      return false;
  }
  if (ended != threads.end()) {
    error = describe(ended - threads.begin()) +
            ": expected all threads of the cluster at its barrier, but this "
            "one has ended";
    return false;
  }
  if (!areAligned(&Thread::arrival) || !areAligned(&Thread::wait))
    return false;
  for (Thread &thread : threads) {
    ++thread.waits;
    thread.state = State::Ready;
  }
  return true;
}

void Launch::arriveAtCluster(ClusterSite site) {
  Thread &thread = getCurrent();
  if (thread.arrivals != thread.waits)
    error = describe(current) + ": expected a wait between two arrivals at "
                                "barriers of the cluster, but got none";
  else if (thread.arrivals == std::numeric_limits<uint16_t>::max())
    error = describe(current) + ": expected at most 65535 barriers of the "
                                "cluster, but got more";
  stopAfterError();
  ++thread.arrivals;
  thread.arrival = site;
}

void Launch::waitAtCluster(ClusterSite site) {
  Thread &thread = getCurrent();
  if (thread.arrivals == thread.waits)
    error = describe(current) + ": expected to arrive at a barrier of the "
                                "cluster before the wait, but did not";
  stopAfterError();
  thread.wait = site;
  giveWay(State::AtCluster);
}

void Launch::leaveGridBarrier() {
  Thread &thread = getCurrent();
  for (uint32_t i = 0; i < threads.size() && error.empty(); ++i)
    if (threads[i].arrivals < thread.arrivals)
      error = describe(current) +
              ": expected to leave a barrier of all blocks when all have come, "
              "but got one that " +
              describe(i) + " has not come to";
  stopAfterError();
  ++thread.waits;
}

void Launch::endBlock(uint32_t rank) {
  Block &ended = blocks[rank];
  uint32_t begin = rank * block.count();
  for (uint32_t i = begin; i < begin + block.count(); ++i)
    if (threads[i].state != State::Done)
      return;
  ended.hasEnded = true;
  // All of its threads have waited as often.
  if (!ended.remoteUse || ended.remoteUse->arrivals < threads[begin].waits)
    return;
  uint32_t user = 0;
  while (blocks[user].number != ended.remoteUse->block)
    ++user;
  error = describe(user * block.count() + ended.remoteUse->thread) +
          ": expected a barrier of the cluster between its use of workgroup "
          "memory of block " +
          describe(ended.id) + " and the end of that block";
}

void mlir::norm::emulator::arriveAtCluster(bool isAligned, uint32_t site) {
  Launch::running->arriveAtCluster({site, isAligned});
}

void mlir::norm::emulator::waitAtCluster(bool isAligned, uint32_t site) {
  Launch::running->waitAtCluster({site, isAligned});
}

void mlir::norm::emulator::leaveGridBarrier() {
  Launch::running->leaveGridBarrier();
}

//===----------------------------------------------------------------------===//
// What kernels call
//===----------------------------------------------------------------------===//

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
