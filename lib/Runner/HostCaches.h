//===- HostCaches.h - sizes of the host's caches ----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_HOSTCACHES_H
#define NORM_LIB_RUNNER_HOSTCACHES_H

#include "mlir/Support/LLVM.h"

#include "llvm/ADT/StringRef.h"

namespace mlir::norm {

/// Bytes of caches that hold data; 0 where they are unknown.
struct CacheSizes {
  int64_t second = 0;
  /// Of the highest level that there is, the second or above.
  int64_t last = 0;
};

/// Where Linux tells about the caches of the first core.
inline constexpr const char *kCachesOfHost =
    "/sys/devices/system/cpu/cpu0/cache";

/// Reads the sizes from the files of Linux in `directory`. The C library's
/// sysconf tells those of the whole socket, of which a virtual machine may have
/// a part.
CacheSizes readCacheSizes(StringRef directory = kCachesOfHost);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_HOSTCACHES_H
