/*===- Memory.h - the memory of compiled code ---------------------*- C -*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* Memory that is kept between calls. A page that a process touches for the
|* first time is a fault, and the faults of a large output take several times as
|* long as computing it. So a block that is freed is kept, up to a limit, and
|* serves the next allocation of about its size. Blocks are mapped from the
|* system, large ones on huge pages where it has them.
|*
|* Code that is lowered with the option generic-allocation allocates here. Small
|* allocations, and all of them while the limit is 0, are those of the C
|* library. All functions may be called by several threads at once.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNTIME_MEMORY_H
#define NORM_RUNTIME_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many bytes of freed blocks are kept, unless the environment variable
   NORM_MEMORY_LIMIT tells another number. Under AddressSanitizer, which then
   sees what is leaked or used too late, it is 0. */
#define NORM_RUNTIME_MEMORY_LIMIT ((size_t)1 << 30)

/* Allocates `bytes` bytes whose address is a multiple of `alignment`, a power
   of two, and of 64. Returns null if the memory is exhausted. */
void *normRuntimeAllocate(size_t bytes, size_t alignment);

/* Frees what normRuntimeAllocate or the C library has allocated; null is
   allowed. */
void normRuntimeFree(void *pointer);

/* Sets how many bytes are kept, and gives back what is beyond. 0 is to leave
   everything to the C library. */
void normRuntimeSetMemoryLimit(size_t bytes);

/* Gives kept blocks back to the system, those freed last at last, until at
   most `bytes` bytes are kept. */
void normRuntimeTrimMemory(size_t bytes);

/* What is known of the blocks; small allocations are not among them. */
typedef struct NormRuntimeMemory {
  /* The bytes of blocks that are in use, that are kept, and that may be. */
  size_t used;
  size_t kept;
  size_t limit;
  /* How many allocations, so far, took a block from the system, and how many
     one that was kept. */
  uint64_t numMapped;
  uint64_t numReused;
} NormRuntimeMemory;

NormRuntimeMemory normRuntimeGetMemory(void);

/* What compiled code calls, by the names that MLIR gives them. They report a
   failure by normRuntimeFail. */
void *_mlir_memref_to_llvm_alloc(uint64_t bytes);
void *_mlir_memref_to_llvm_aligned_alloc(uint64_t alignment, uint64_t bytes);
void _mlir_memref_to_llvm_free(void *pointer);

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNTIME_MEMORY_H */
