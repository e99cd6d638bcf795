//===- HostCaches.cpp - sizes of the host's caches ------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostCaches.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::norm;

/// Returns the first line of the file, or nothing.
static std::string readLine(const Twine &path) {
  auto file = llvm::MemoryBuffer::getFileAsStream(path);
  if (!file)
    return {};
  return (*file)->getBuffer().split('\n').first.trim().str();
}

/// Returns the number of bytes that `text` says, such as 48K; 0 if it is none.
static int64_t parseSize(StringRef text) {
  int64_t unit = 1;
  if (text.consume_back("K"))
    unit = 1 << 10;
  else if (text.consume_back("M"))
    unit = 1 << 20;
  constexpr int64_t kMost = int64_t(1) << 40;
  int64_t number;
  if (text.getAsInteger(10, number) || number < 0 || number > kMost)
    return 0;
  return number * unit;
}

CacheSizes norm::readCacheSizes(StringRef directory) {
  CacheSizes sizes;
  int64_t highest = 0;
  for (int64_t index = 0;; ++index) {
    std::string cache = (directory + "/index" + Twine(index)).str();
    std::string type = readLine(cache + "/type");
    if (type.empty())
      return sizes;
    int64_t level;
    int64_t size = parseSize(readLine(cache + "/size"));
    if (type == "Instruction" || size == 0 ||
        StringRef(readLine(cache + "/level")).getAsInteger(10, level))
      continue;
    if (level == 2)
      sizes.second = size;
    if (level >= 2 && level > highest) {
      highest = level;
      sizes.last = size;
    }
  }
}

CacheShares norm::chooseCacheShares(CacheSizes sizes, int64_t cores) {
  CacheShares shares;
  int64_t most = 16 * sizes.second * cores;
  bool isShared = sizes.second != 0 && sizes.last > most;
  // The input is beside the output, and what other cores put there.
  shares.output = isShared ? most / 2 : sizes.last / 8 * 3;
  // The next slab is beside this one, of which half is still to be read.
  shares.nextSlab = isShared ? sizes.second / 4 : 4 * sizes.second;
  shares.strip = isShared ? sizes.second / 8 * 3 : sizes.second / 2 * 3;
  return shares;
}
