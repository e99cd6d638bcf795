//===- Threads.h - The threads of a block as fibers -------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs the clusters of a launch one after the other, and the threads of the
/// blocks of a cluster as fibers that give way where they wait for each other.
/// A block that is in no cluster is one of its own, and all blocks of a kernel
/// whose name asks for it run together like those of a cluster.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_EMULATOR_THREADS_H
#define NORM_LIB_EMULATOR_THREADS_H

#include "Memory.h"
#include "Norm/Emulator/Emulator.h"

namespace mlir::norm::emulator {

struct Dim3 {
  uint32_t x = 1, y = 1, z = 1;
  uint64_t count() const { return uint64_t(x) * y * z; }
};

/// What a launch runs.
struct Kernel {
  std::string name;
  /// Calls it with the arguments that the pointers lead to.
  void (*function)(void **arguments) = nullptr;
  /// The bytes of workgroup memory that it declares, and their alignment.
  size_t workgroupBytes = 0;
  size_t workgroupAlignment = 16;
  /// The places in it where threads meet, for messages: what stands there.
  std::vector<std::string> sites;
};

/// The state that all launches share.
struct Device {
  Options options;
  Traffic traffic;
  DeviceMemory memory;
  uint64_t nextEpoch = 1;

  static Device &get();
};

/// Runs a launch. Returns what went wrong, or nothing.
std::string launch(const Kernel &kernel, Dim3 grid, Dim3 cluster, Dim3 block,
                   size_t dynamicBytes, void **arguments);

/// What kernels call; only from fibers. A site is the number of the place.
enum class Register {
  TidX,
  TidY,
  TidZ,
  NtidX,
  NtidY,
  NtidZ,
  CtaidX,
  CtaidY,
  CtaidZ,
  NctaidX,
  NctaidY,
  NctaidZ,
  ClusteridX,
  ClusteridY,
  ClusteridZ,
  NclusteridX,
  NclusteridY,
  NclusteridZ,
  ClusterCtaidX,
  ClusterCtaidY,
  ClusterCtaidZ,
  ClusterNctaidX,
  ClusterNctaidY,
  ClusterNctaidZ,
  ClusterCtarank,
  ClusterNctarank,
  LaneId,
  WarpSize
};
enum class Shuffle { Up, Down, Butterfly, Index };

uint32_t readRegister(Register which);
char *getWorkgroupMemory();
void waitAtBarrier(uint32_t barrier, uint32_t site);
/// The two halves of a barrier of the cluster. If one is aligned, all threads
/// of a warp must come to the same place.
void arriveAtCluster(bool isAligned, uint32_t site);
void waitAtCluster(bool isAligned, uint32_t site);
/// Returns what is at `address`, of workgroup memory, in that of the block
/// `rank` of the cluster.
char *mapToBlock(char *address, uint32_t rank);
/// Exchanges `value` in a warp, as PTX's shfl.sync does.
uint32_t shuffle(Shuffle kind, uint32_t mask, uint32_t value, uint32_t lane,
                 uint32_t clamp, uint32_t site, bool *isValid);
/// The address space that an instruction names.
enum class Space { Any, Workgroup, Cluster };
void access(char *address, uint32_t size, uint32_t alignment, bool isWrite,
            Space space);
/// Lets the others run before an atomic read until one of them has written
/// atomically since the thread has read before: it reads again and again.
void accessAtomically(char *address, uint32_t size, uint32_t alignment,
                      bool isWrite);
/// Ends a barrier of all blocks, which began with `arriveAtCluster`.
void leaveGridBarrier();

} // namespace mlir::norm::emulator

#endif // NORM_LIB_EMULATOR_THREADS_H
