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
  uint32_t thread = 0;
  uint32_t block = 0;
  /// Different for any two times of any two blocks, and never 0.
  uint64_t epoch = 0;
};

/// Who used a byte last.
struct Uses {
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
  /// with, in the launch whose epochs start at `firstEpoch`, or null.
  const Moment *use(const char *address, size_t size, bool isWrite,
                    const Moment &now, uint64_t firstEpoch);
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
