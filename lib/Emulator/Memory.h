//===- Memory.h - Memory that kernels may use -------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Ranges of memory, and for each byte of them who used it last.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_EMULATOR_MEMORY_H
#define NORM_LIB_EMULATOR_MEMORY_H

#include "Norm/Emulator/Emulator.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace mlir::norm::emulator {

/// A thread of a launch, and the time between two barriers of its block.
struct Moment {
  uint16_t thread = 0;
  /// How often it has arrived at barriers of its cluster.
  uint16_t arrivals = 0;
  uint32_t block = 0;
  /// Different for any two times of any two blocks, and never 0.
  uint64_t epoch = 0;
};

/// The moment of a use, and what is over by then.
struct Now : Moment {
  /// The first epochs of the launch and of the cluster.
  uint64_t launchEpoch = 0, clusterEpoch = 0;
  /// How often the thread has waited at barriers of its cluster.
  uint16_t waits = 0;

  /// Returns true if a barrier of the cluster lies between `then` and now.
  bool isAfterCluster(const Moment &then) const {
    return then.epoch >= clusterEpoch && then.arrivals < waits;
  }
  /// Returns true if nothing orders a use at `then` and one now.
  bool isUnordered(const Moment &then) const;
};

/// Who used a byte last.
struct Uses {
  /// The arrivals of the reader are the most of all readers that no barrier of
  /// the cluster lies behind.
  Moment write, read;
  /// Whether other threads of the reader's epoch, or other blocks, read it too.
  bool readByOthers = false, readByOtherBlocks = false;
  /// Whether anything has been written.
  bool isInitialized = false;
};

/// A range of memory.
class Range {
public:
  Range(char *data, size_t bytes) : data(data), bytes(bytes) {}

  bool contains(const char *address, size_t size) const {
    return address >= data && size <= bytes &&
           size_t(address - data) <= bytes - size;
  }

  /// Notes a read or write of `size` bytes. Returns a thread that it races
  /// with, or null.
  const Moment *use(const char *address, size_t size, bool isWrite,
                    const Now &now);
  bool isInitialized(const char *address, size_t size) const;

  char *getData() const { return data; }
  size_t getSize() const { return bytes; }

  /// How often it has been added.
  unsigned numOwners = 0;
  Traffic traffic;

private:
  char *data;
  size_t bytes;
  /// Made by the first use.
  std::vector<Uses> uses;
};

/// All memory that belongs to the device.
class DeviceMemory {
public:
  /// A range may be added several times, and goes with the last removal.
  void add(char *data, size_t bytes);
  void remove(char *data);
  /// Returns the range that all bytes are in, or null.
  Range *find(const char *address, size_t size);

private:
  std::map<const char *, Range> ranges;
  /// The last one found.
  Range *last = nullptr;
};

} // namespace mlir::norm::emulator

#endif // NORM_LIB_EMULATOR_MEMORY_H
