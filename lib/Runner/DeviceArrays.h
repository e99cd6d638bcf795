//===- DeviceArrays.h - Copies of arrays on a GPU ---------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_DEVICEARRAYS_H
#define NORM_LIB_RUNNER_DEVICEARRAYS_H

#include "Norm/Runner/Jit.h"

#include <vector>

namespace mlir::norm {

/// Copies of strided arrays of the host in memory of a GPU, of which
/// CudaRuntime::get has returned the runtime.
class DeviceArrays {
public:
  DeviceArrays() = default;
  DeviceArrays(DeviceArrays &&other) { std::swap(copies, other.copies); }
  ~DeviceArrays();

  /// Copies `array` to the device. Returns a view of the copy.
  llvm::Expected<ArrayView> add(const ArrayView &array, int64_t elementSize);
  /// Copies all back to where they are from.
  llvm::Error copyBack() const;

private:
  struct Copy {
    char *host;
    void *device;
    size_t bytes;
  };
  SmallVector<Copy> copies;
};

/// Copies `array`, in memory of a GPU, to `memory`. Returns a view of the copy.
llvm::Expected<ArrayView> copyToHost(const ArrayView &array,
                                     int64_t elementSize,
                                     std::vector<char> &memory);

/// Waits for what the GPU does. Returns the seconds since the last call, by its
/// clock.
llvm::Expected<double> tickOnDevice();

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_DEVICEARRAYS_H
