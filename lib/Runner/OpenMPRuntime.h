//===- OpenMPRuntime.h - LLVM's OpenMP runtime ------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_OPENMPRUNTIME_H
#define NORM_LIB_RUNNER_OPENMPRUNTIME_H

#include "mlir/Support/LLVM.h"

#include "llvm/Support/Error.h"

#include <optional>

namespace mlir::norm {

/// LLVM's OpenMP runtime, libomp, which compiled code calls. It is loaded when
/// first needed and with a handle of its own, so that in a process that has
/// another OpenMP runtime, each code finds the functions of its own.
class OpenMPRuntime {
public:
  /// Returns the runtime. Fails if it is not installed.
  static llvm::Expected<OpenMPRuntime *> get();

  /// Returns true if `name` is a function of an OpenMP runtime.
  static bool owns(StringRef name);

  /// Returns the address of a function, or null if the runtime has none.
  void *find(StringRef name) const;

  /// Sets the number of threads, 0 for all cores, and for how many milliseconds
  /// threads that wait spin, for parallel regions that this thread enters from
  /// now on.
  void configure(unsigned threads, std::optional<unsigned> blockTime) const;

  /// Returns true if this thread is inside a parallel region.
  bool isInParallel() const;

private:
  OpenMPRuntime() = default;

  void *handle = nullptr;
  void (*setNumThreads)(int) = nullptr;
  int (*getMaxThreads)() = nullptr;
  int (*inParallel)() = nullptr;
  void (*setBlocktime)(int) = nullptr;
  /// The number of threads that the environment asks for, or all cores.
  int defaultThreads = 0;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_OPENMPRUNTIME_H
