/*===- Memory.c - the memory of compiled code ---------------------*- C -*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* Blocks are never split, so nothing fragments, and there are few: a list of
|* those that are kept, the one that was freed last first, and a hash table of
|* those in use, by address. What is not in the table is the C library's. The
|* system is called outside of the lock.
|*
\*===----------------------------------------------------------------------===*/

#ifdef __linux__
#define _GNU_SOURCE
#endif

#include "Norm/Runtime/Memory.h"

#include "Norm/Runtime/Runtime.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
static const size_t kDefaultLimit = 0;
#else
static const size_t kDefaultLimit = NORM_RUNTIME_MEMORY_LIMIT;
#endif

/* A cache line, and the widest vector. */
static const size_t kMinAlignment = 64;
/* The C library keeps smaller allocations by itself. */
static const size_t kMinBlock = (size_t)16 << 10;
static const size_t kHugePage = (size_t)2 << 20;
/* The number of blocks that are kept at most; each may be looked at by an
   allocation. */
static const size_t kMaxKept = 256;
#define NUM_CHAINS 256

typedef struct Block {
  void *data;
  size_t size;
  struct Block *next;
} Block;

/* What the lock guards: */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Block *kept;
static Block *chains[NUM_CHAINS];
static NormRuntimeMemory memory;

/*===----------------------------------------------------------------------===*\
|* The system
\*===----------------------------------------------------------------------===*/

static size_t alignTo(size_t size, size_t alignment) {
  return (size + alignment - 1) & ~(alignment - 1);
}

static size_t getPageSize(void) {
#ifdef __linux__
  return (size_t)sysconf(_SC_PAGESIZE);
#else
  return (size_t)4 << 10;
#endif
}

/* Returns the size of a block for `bytes` bytes: whole pages, huge ones where
   this wastes little. */
static size_t getBlockSize(size_t bytes) {
  return alignTo(bytes, bytes < 8 * kHugePage ? getPageSize() : kHugePage);
}

/* Returns `size` bytes from the system, or null. */
static void *mapMemory(size_t size) {
#ifdef __linux__
  /* Room to move the start to a huge page. */
  size_t slack = size < kHugePage ? 0 : kHugePage - getPageSize();
  char *start = mmap(NULL, size + slack, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED)
    return NULL;
  if (size < kHugePage)
    return start;
  size_t head = alignTo((uintptr_t)start, kHugePage) - (uintptr_t)start;
  if (head != 0)
    munmap(start, head);
  if (head != slack)
    munmap(start + head + size, slack - head);
  /* A hint. */
  madvise(start + head, size, MADV_HUGEPAGE);
  return start + head;
#else
  size_t alignment = size < kHugePage ? getPageSize() : kHugePage;
  return aligned_alloc(alignment, alignTo(size, alignment));
#endif
}

static void unmapMemory(void *data, size_t size) {
#ifdef __linux__
  munmap(data, size);
#else
  (void)size;
  free(data);
#endif
}

/* Gives a list of blocks back to the system. */
static void release(Block *block) {
  while (block) {
    Block *next = block->next;
    unmapMemory(block->data, block->size);
    free(block);
    block = next;
  }
}

/*===----------------------------------------------------------------------===*\
|* Start and end
\*===----------------------------------------------------------------------===*/

static void lockMutex(void) { pthread_mutex_lock(&mutex); }
static void unlock(void) { pthread_mutex_unlock(&mutex); }

static void initialize(void) {
  memory.limit = kDefaultLimit;
  const char *text = getenv("NORM_MEMORY_LIMIT");
  if (text) {
    char *end;
    errno = 0;
    unsigned long long limit = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno && limit <= SIZE_MAX)
      memory.limit = (size_t)limit;
    else
      fprintf(stderr,
              "warning: expected NORM_MEMORY_LIMIT to be a number of bytes, "
              "but got '%s'\n",
              text);
  }
  /* A process that is forked has none of the threads that may hold it. */
  pthread_atfork(lockMutex, unlock, unlock);
}

static void lock(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, initialize);
  lockMutex();
}

/* A library that is unloaded leaves nothing that it has kept. */
#ifdef __GNUC__
__attribute__((destructor)) static void finish(void) {
  normRuntimeTrimMemory(0);
}
#endif

/*===----------------------------------------------------------------------===*\
|* Under the lock
\*===----------------------------------------------------------------------===*/

static Block **getChain(void *data) {
  uint64_t page = (uintptr_t)data / getPageSize();
  return &chains[page * UINT64_C(0x9E3779B97F4A7C15) >> 56];
}

static void insertUsed(Block *block) {
  Block **chain = getChain(block->data);
  block->next = *chain;
  *chain = block;
  memory.used += block->size;
}

/* Returns the block at `data`, which is no longer in use, or null if it is
   none. */
static Block *takeUsed(void *data) {
  for (Block **link = getChain(data); *link; link = &(*link)->next) {
    Block *block = *link;
    if (block->data != data)
      continue;
    *link = block->next;
    memory.used -= block->size;
    return block;
  }
  return NULL;
}

/* Returns a kept block for `size` bytes that is at most a quarter larger, or
   null. */
static Block *takeKept(size_t size) {
  for (Block **link = &kept; *link; link = &(*link)->next) {
    Block *block = *link;
    if (block->size < size || block->size - size > size / 4)
      continue;
    *link = block->next;
    memory.kept -= block->size;
    return block;
  }
  return NULL;
}

/* Returns the list of kept blocks that are beyond `limit` bytes, which are no
   longer kept. */
static Block *takeBeyond(size_t limit) {
  Block **link = &kept;
  size_t size = 0;
  for (size_t n = 0; *link && n < kMaxKept; ++n, link = &(*link)->next) {
    if ((*link)->size > limit - size)
      break;
    size += (*link)->size;
  }
  Block *rest = *link;
  *link = NULL;
  memory.kept = size;
  return rest;
}

/*===----------------------------------------------------------------------===*\
|* Interface
\*===----------------------------------------------------------------------===*/

/* Returns a new block that is not in use yet, or null. */
static Block *mapBlock(size_t size) {
  Block *block = malloc(sizeof *block);
  if (!block)
    return NULL;
  *block = (Block){mapMemory(size), size, NULL};
  if (!block->data) {
    /* What is kept may be in the way. */
    normRuntimeTrimMemory(0);
    block->data = mapMemory(size);
  }
  if (block->data)
    return block;
  free(block);
  return NULL;
}

void *normRuntimeAllocate(size_t bytes, size_t alignment) {
  if (bytes > SIZE_MAX / 2)
    return NULL;
  if (alignment < kMinAlignment)
    alignment = kMinAlignment;
  bool isBlock = bytes >= kMinBlock && alignment <= getPageSize();
  if (isBlock) {
    lock();
    isBlock = memory.limit != 0;
    unlock();
  }
  if (!isBlock)
    /* At least one byte, so that the pointer is not null. */
    return aligned_alloc(alignment, alignTo(bytes ? bytes : 1, alignment));

  size_t size = getBlockSize(bytes);
  lock();
  Block *block = takeKept(size);
  if (block) {
    insertUsed(block);
    ++memory.numReused;
  }
  unlock();
  if (block)
    return block->data;
  block = mapBlock(size);
  if (!block)
    return NULL;
  /* Once it is in the table, it may be freed by another thread. */
  void *data = block->data;
  lock();
  insertUsed(block);
  ++memory.numMapped;
  unlock();
  return data;
}

void normRuntimeFree(void *pointer) {
  Block *block = NULL;
  Block *rest = NULL;
  if ((uintptr_t)pointer % getPageSize() == 0 && pointer) {
    lock();
    block = takeUsed(pointer);
    if (block && block->size <= memory.limit) {
      block->next = kept;
      kept = block;
      rest = takeBeyond(memory.limit);
    } else {
      rest = block;
      if (rest)
        rest->next = NULL;
    }
    unlock();
  }
  if (!block)
    free(pointer);
  release(rest);
}

void normRuntimeTrimMemory(size_t bytes) {
  lock();
  Block *rest = takeBeyond(bytes);
  unlock();
  release(rest);
}

void normRuntimeSetMemoryLimit(size_t bytes) {
  lock();
  memory.limit = bytes;
  unlock();
  normRuntimeTrimMemory(bytes);
}

NormRuntimeMemory normRuntimeGetMemory(void) {
  lock();
  NormRuntimeMemory copy = memory;
  unlock();
  return copy;
}

/*===----------------------------------------------------------------------===*\
|* Compiled code
\*===----------------------------------------------------------------------===*/

void *_mlir_memref_to_llvm_aligned_alloc(uint64_t alignment, uint64_t bytes) {
  void *data = bytes > SIZE_MAX ? NULL : normRuntimeAllocate(bytes, alignment);
  if (!data) {
    static _Thread_local char message[80];
    snprintf(message, sizeof message,
             "expected %llu bytes of memory to be available",
             (unsigned long long)bytes);
    normRuntimeFail(message);
  }
  return data;
}

void *_mlir_memref_to_llvm_alloc(uint64_t bytes) {
  return _mlir_memref_to_llvm_aligned_alloc(kMinAlignment, bytes);
}

void _mlir_memref_to_llvm_free(void *pointer) { normRuntimeFree(pointer); }
