/*===- Devices.c - what compiled code exchanges with other devices ---------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* A place in compiled code, its description, has a call, and calls of the same
|* devices share a group. To gather a row costs next to nothing beside what the
|* transport takes: a call is found by where its description lies, and no clock
|* is read.
|*
\*===----------------------------------------------------------------------===*/

#include "Norm/Runtime/Devices.h"

#include "DeviceGroups.h"
#include "Norm/Runtime/Runtime.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A description, and rows of a size. */
typedef struct Call {
  struct Call *next;
  Group *group;
  uint64_t hash;
  int64_t bytes;
  /* The rows that are received: those of the largest group. */
  int64_t numRows;
  int64_t groupSize;
  bool isPrepared;
  int64_t length;
  int64_t description[];
} Call;

#define NUM_RECENT 256

static NormTransport transport = {.count = 1};
static bool hasTransport;
static Group *groups;
static Call *calls;
/* Calls by the addresses of their descriptions, as far as they do not collide. */
static Call *recent[NUM_RECENT];
/* Set while a thread is in here. */
static atomic_flag isBusy = ATOMIC_FLAG_INIT;

/*===----------------------------------------------------------------------===*\
|* Errors
\*===----------------------------------------------------------------------===*/

static void fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

static void fail(const char *format, ...) {
  static _Thread_local char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  atomic_store_explicit(&normWatchdogGroup, NULL, memory_order_relaxed);
  atomic_flag_clear_explicit(&isBusy, memory_order_release);
  normRuntimeFail(message);
  abort(); /* The handler must not return. */
}

static void *allocate(size_t bytes) {
  void *data = calloc(1, bytes);
  if (!data)
    fail("expected %zu bytes of memory to be available", bytes);
  return data;
}

static void checkGrid(const int64_t *grid) {
  int64_t size = normGridGetSize(grid);
  if (size == transport.count)
    return;
  char text[64];
  normGridFormat(grid, text, sizeof text);
  fail("expected %" PRId64 " processes for a grid of %s, but got %" PRId64
       "; start them with mpirun -n %" PRId64 "%s",
       size, text, transport.count, size,
       hasTransport ? "" : ", each with a transport");
}

/*===----------------------------------------------------------------------===*\
|* Check words
\*===----------------------------------------------------------------------===*/

/* The finalizer of SplitMix64, of Steele, Lea and Flood 2014: each bit depends
   on all. */
static uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static uint64_t getHash(const int64_t *words, int64_t count, int64_t bytes) {
  uint64_t hash = mix((uint64_t)bytes);
  for (int64_t i = 0; i < count; ++i)
    hash = mix(hash + (uint64_t)words[i]);
  return hash;
}

/* The word by which devices see that they make the same call. */
static uint64_t getCheckWord(const Call *call, int64_t number) {
  return mix(call->hash + (uint64_t)number);
}

/* Compares the words at the start of rows of `bytes` bytes. */
static void checkWords(const Call *call, int64_t number, const void *rows,
                       int64_t bytes) {
  const Group *group = call->group;
  uint64_t word = getCheckWord(call, number);
  for (int64_t i = 0; i < group->size; ++i)
    if (*(const uint64_t *)((const char *)rows + i * bytes) != word)
      fail("device %" PRId64 ": expected device %" PRId64
           " to make the same call, number %" PRId64 " of devices %s, of %" PRId64
           " bytes, but got another one",
           transport.index, group->members[i], number, group->name,
           call->bytes);
}

/*===----------------------------------------------------------------------===*\
|* Groups
\*===----------------------------------------------------------------------===*/

static int64_t getNumber(const Group *group) {
  return atomic_load_explicit(&group->numCalls, memory_order_relaxed);
}

/* Calls the transport, and watches how long that takes. */
#define WAIT(group, ...)                                                       \
  do {                                                                         \
    atomic_store_explicit(&normWatchdogGroup, group, memory_order_release);           \
    const char *problem_ = __VA_ARGS__;                                        \
    atomic_store_explicit(&normWatchdogGroup, NULL, memory_order_relaxed);            \
    if (problem_)                                                              \
      fail("device %" PRId64 ": %s", transport.index, problem_);               \
  } while (0)

/* Writes the first of the members into the group's name. */
static void setName(Group *group) {
  size_t length = 0, size = sizeof group->name - sizeof ", ...";
  for (int64_t i = 0; i < group->size; ++i) {
    char member[24];
    size_t added = snprintf(member, sizeof member, "%s%" PRId64, i ? ", " : "",
                            group->members[i]);
    if (length + added >= size) {
      strcpy(group->name + length, ", ...");
      return;
    }
    strcpy(group->name + length, member);
    length += added;
  }
}

/* Returns the group of these devices, and makes it if it is new. */
static Group *getGroup(const int64_t *members, int64_t size) {
  size_t bytes = size * sizeof *members;
  Group *group = groups;
  while (group && (group->size != size ||
                   memcmp(group->members, members, bytes) != 0))
    group = group->next;
  if (!group) {
    group = allocate(sizeof *group + bytes);
    group->next = groups;
    group->size = size;
    memcpy(group->members, members, bytes);
    setName(group);
    groups = group;
  }
  /* A device alone copies, where the host can. */
  if (!group->handle && hasTransport && (size > 1 || transport.clear))
    WAIT(group, transport.makeGroup(transport.context, members, size,
                                    &group->handle));
  return group;
}

/*===----------------------------------------------------------------------===*\
|* Calls
\*===----------------------------------------------------------------------===*/

/* Returns true if `call` is for this description and rows of `bytes` bytes. A
   description tells its length, so that what is read of another one that
   differs is inside of it. */
static bool isFor(const Call *call, const int64_t *description, int64_t bytes) {
  if (call->bytes != bytes)
    return false;
  for (int64_t i = 0; i < call->length; ++i)
    if (call->description[i] != description[i])
      return false;
  return true;
}

/* Makes a call whose group is not known yet. */
static Call *makeCall(const int64_t *description, int64_t bytes) {
  if (bytes < (int64_t)sizeof(uint64_t))
    fail("expected rows of at least 8 bytes, but got %" PRId64, bytes);
  checkGrid(description);
  int64_t length = normGroupGetDescriptionLength(description);
  size_t words = length * sizeof *description;
  /* Behind the description is room for a word of each device. */
  Call *call =
      allocate(sizeof *call + words + transport.count * sizeof *description);
  const char *problem = normGroupFindMembers(
      description, transport.index, call->description + length,
      &call->groupSize, &call->numRows);
  if (problem) {
    free(call);
    fail("%s", problem);
  }
  call->bytes = bytes;
  call->length = length;
  call->hash = getHash(description, length, bytes);
  memcpy(call->description, description, words);
  call->next = calls;
  return calls = call;
}

/* Finds the group, and lets its devices compare what call they make: rows of
   different sizes might confuse the transport. */
static void prepareCall(Call *call) {
  int64_t *words = call->description + call->length;
  if (!call->group)
    call->group = getGroup(words, call->groupSize);
  Group *group = call->group;
  if (group->size > 1 && !transport.clear) {
    int64_t number = getNumber(group) + 1;
    uint64_t word = getCheckWord(call, number);
    WAIT(group, transport.allGather(transport.context, group->handle, &word,
                                    words, sizeof word));
    checkWords(call, number, words, sizeof word);
  }
  call->isPrepared = true;
}

/* Returns the call for this description and rows of `bytes` bytes. */
static Call *getCall(const int64_t *description, int64_t bytes) {
  size_t slot = mix((uintptr_t)description ^ (uint64_t)bytes) % NUM_RECENT;
  Call *call = recent[slot];
  if (call && isFor(call, description, bytes))
    return call;
  call = calls;
  while (call && !isFor(call, description, bytes))
    call = call->next;
  if (!call)
    call = makeCall(description, bytes);
  if (!call->isPrepared)
    prepareCall(call);
  return recent[slot] = call;
}

/*===----------------------------------------------------------------------===*\
|* Interface
\*===----------------------------------------------------------------------===*/

void normDevicesSetTransport(const NormTransport *next) {
  normWatchdogStop();
  while (calls) {
    Call *call = calls;
    calls = call->next;
    free(call);
  }
  memset(recent, 0, sizeof recent);
  while (groups) {
    Group *group = groups;
    groups = group->next;
    if (group->handle)
      transport.freeGroup(transport.context, group->handle);
    free(group);
  }
  hasTransport = next != NULL;
  transport = next ? *next : (NormTransport){.count = 1};
  if (next && next->count > 1)
    normWatchdogStart(next);
}

int normDevicesAreOnGPU(void) { return transport.clear != NULL; }

int64_t normDevicesGetIndex(const int64_t *grid) {
  checkGrid(grid);
  return transport.index;
}

int64_t normDevicesGetNumGroups(void) {
  int64_t count = 0;
  for (const Group *group = groups; group; group = group->next)
    ++count;
  return count;
}

void normDevicesAllGather(const int64_t *description, void *send, void *receive,
                          int64_t bytes) {
  if (atomic_flag_test_and_set_explicit(&isBusy, memory_order_acquire))
    normRuntimeFail("expected one thread at a time to gather from devices, but "
                    "got two");
  Call *call = getCall(description, bytes);
  Group *group = call->group;
  int64_t number = getNumber(group) + 1;
  atomic_store_explicit(&group->numCalls, number, memory_order_relaxed);
  char *rest = (char *)receive + group->size * bytes;
  int64_t restBytes = (call->numRows - group->size) * bytes;
  if (transport.clear) {
    WAIT(group, transport.allGather(transport.context, group->handle, send,
                                    receive, bytes));
    if (restBytes != 0)
      WAIT(group, transport.clear(transport.context, rest, restBytes));
  } else {
    *(uint64_t *)send = getCheckWord(call, number);
    if (group->size == 1) {
      memcpy(receive, send, bytes);
    } else {
      WAIT(group, transport.allGather(transport.context, group->handle, send,
                                      receive, bytes));
      checkWords(call, number, receive, bytes);
    }
    memset(rest, 0, restBytes);
  }
  atomic_flag_clear_explicit(&isBusy, memory_order_release);
}
