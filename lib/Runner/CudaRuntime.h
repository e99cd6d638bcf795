//===- CudaRuntime.h - Norm's runtime for GPUs ------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_CUDARUNTIME_H
#define NORM_LIB_RUNNER_CUDARUNTIME_H

#include "Norm/Runtime/Devices.h"
#include "Norm/Runtime/Runtime.h"
#include "RuntimeLibrary.h"

#include "mlir/Support/LLVM.h"

#include "llvm/Support/Error.h"

#include <optional>

namespace mlir::norm {

/// The library NormRuntimeCuda, which compiled code calls. It is loaded when
/// first needed. Its functions are described in Norm/Runtime/Cuda.h; those that
/// may fail are for callGuarded.
class CudaRuntime {
public:
  /// Returns the runtime. Fails if there is no library, driver or device.
  static llvm::Expected<CudaRuntime *> get();
  /// Returns the runtime if it has been returned before, or null.
  static CudaRuntime *getIfOpen() { return open; }

  /// Returns the address of a function, or null if the runtime has none.
  void *find(StringRef name) const;

  /// Returns the newest chip, of those that Norm knows, whose code the device
  /// runs.
  std::string getChip() const;

  const char *(*getProblem)() = nullptr;
  int (*getArchitecture)() = nullptr;
  void *(*allocate)(size_t) = nullptr;
  void (*free)(void *) = nullptr;
  void (*copyIn)(void *, const void *, size_t) = nullptr;
  void (*copyOut)(void *, const void *, size_t) = nullptr;
  void (*synchronize)() = nullptr;
  double (*tick)() = nullptr;
  const NormTransport *(*getTransport)() = nullptr;
  NormRuntimeFailHandler (*setFailHandler)(NormRuntimeFailHandler) = nullptr;

private:
  CudaRuntime() = default;

  /// Opens the library. Fails if it is missing, or lacks a function.
  llvm::Error load();

  static CudaRuntime *open;
  std::optional<RuntimeLibrary> library;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_CUDARUNTIME_H
