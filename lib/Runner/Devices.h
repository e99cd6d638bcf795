//===- Devices.h - the processes that run together --------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_DEVICES_H
#define NORM_LIB_RUNNER_DEVICES_H

#include "Norm/Runner/Run.h"
#include "Norm/Runtime/Devices.h"

namespace mlir::norm {

/// The processes that a launcher has started together, each of them a device.
/// While it lives, it is connected with them, and compiled code gathers from
/// them.
class Devices {
public:
  /// Connects this process with the others over `mpi`, and GPUs over NCCL if
  /// compiled code runs `onGPU`.
  static llvm::Expected<std::unique_ptr<Devices>> start(MPILibrary mpi,
                                                        bool onGPU);
  ~Devices();

  int64_t getIndex() const { return host.index; }
  int64_t getCount() const { return host.count; }

  /// Tells the others how this process fares, and waits until they have told
  /// it: returns the worst status. If this one's is an error, a process that
  /// does not hear from the others ends soon, and the launcher ends them.
  llvm::Expected<RunStatus> agree(RunStatus status);

  /// Returns the device of the worst status when they last agreed.
  int64_t getWorst() const { return worst; }

private:
  Devices() = default;

  llvm::Error connect(MPILibrary mpi, bool onGPU);

  /// Between the memory of the hosts; of one device, if there is no launcher.
  NormTransport host = {};
  void (*stop)() = nullptr;
  /// All devices.
  void *group = nullptr;
  int64_t worst = 0;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_DEVICES_H
