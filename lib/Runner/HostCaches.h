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

/// What outputs and slabs may take of caches, in bytes.
struct CacheShares {
  /// From which output on the last cache does not keep it beside its input.
  int64_t output = 0;
  /// Up to which slab there is room for the next one.
  int64_t nextSlab = 0;
  /// A strip of columns that is read again.
  int64_t strip = 0;
};

/// Chooses the shares of a process that runs on `cores` cores; 0 where sizes
/// are unknown. A virtual machine sees the whole last cache of a processor,
/// though it has few of its cores, and others use the cache, too. So each core
/// counts on 16 times its second cache; and where the last one is larger than
/// that, what is read again should come from the second one.
CacheShares chooseCacheShares(CacheSizes sizes, int64_t cores);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_HOSTCACHES_H
