//===- CAPIMemory.cpp - memory for C and other languages ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/CAPI.h"
#include "Norm/Runtime/Memory.h"

void *normMemoryAllocate(size_t bytes) {
  return normRuntimeAllocate(bytes, /*alignment=*/64);
}

void normMemoryFree(void *data) { normRuntimeFree(data); }

void normMemorySetLimit(size_t bytes) { normRuntimeSetMemoryLimit(bytes); }

void normMemoryTrim(size_t bytes) { normRuntimeTrimMemory(bytes); }

NormMemoryStatistics normMemoryGetStatistics() {
  NormRuntimeMemory memory = normRuntimeGetMemory();
  return {memory.used, memory.kept, memory.limit, memory.numMapped,
          memory.numReused};
}
