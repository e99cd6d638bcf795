/*===- Devices.h - what compiled code exchanges with other devices -*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* Statistics over several devices. A device is a process, and a grid of devices
|* is numbered in row-major order. Compiled code gathers rows of bytes; how they
|* travel is a transport: MPI (Norm/Runtime/Mpi.h), NCCL (Norm/Runtime/Nccl.h),
|* or a library of the program that embeds compiled code. Without a transport
|* there is one device.
|*
|* Errors go to normRuntimeFail. A gathering that does not end, because another
|* process has died or makes no such call, ends the process after 300 seconds
|* with a message; the environment variable NORM_DEVICES_TIMEOUT tells another
|* number of seconds, and 0 is to wait forever.
|*
|* All functions are called by one thread at a time.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNTIME_DEVICES_H
#define NORM_RUNTIME_DEVICES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How bytes travel between devices. Functions that may fail return null, or a
   message that is valid until the next call in the same thread. */
typedef struct NormTransport {
  /* Passed to each function. */
  void *context;
  /* This device, and how many there are. */
  int64_t index;
  int64_t count;
  /* Makes a group of `count` devices, this one among them. Only these make the
     same call, in the same order as other calls that they share. */
  const char *(*makeGroup)(void *context, const int64_t *members, int64_t count,
                           void **group);
  /* Stores the `bytes` bytes at `send` of each device of the group at
     `receive`, in the order of its members. */
  const char *(*allGather)(void *context, void *group, const void *send,
                           void *receive, int64_t bytes);
  void (*freeGroup)(void *context, void *group);
  /* Sets memory to zeros. Null if memory is that of the host. If it is not, no
     call waits, rows have no check word, and a device that makes another call
     than the others is not noticed. */
  const char *(*clear)(void *context, void *data, int64_t bytes);
  /* Called by a thread of its own now and then: returns null, or a message if
     a gathering that is under way has failed, which ends the process. May be
     null. */
  const char *(*poll)(void *context);
} NormTransport;

/* Sets the transport, which is copied, and frees all groups of the former one.
   Null is to have none. */
void normDevicesSetTransport(const NormTransport *transport);

/* Returns 1 if rows are gathered in memory of GPUs, and 0 if in that of hosts.
 */
int normDevicesAreOnGPU(void);

/* What compiled code calls: */

/* Returns the number of this device in `grid`, {rank, size 0, ...}. Fails if
   the grid has another number of devices than there are. */
int64_t normDevicesGetIndex(const int64_t *grid);

/* Gathers a row of `bytes` bytes from each device of a group. `description` is
     {rank, size 0, ...,            the grid
      numAxes, axis 0, ...,         which of its axes the group is along
      numGroups, {size, member 0, ...}, ...}
   The devices that differ from this one only along these axes are numbered in
   row-major order of the axes as they are named. The group is all of them; or,
   if there are groups of these numbers, which together have each number once,
   the one that has this device.

   `receive` has as many rows as the largest group; rows beyond this device's
   group become zeros. The first 8 bytes of each row belong to this function: it
   writes a check word there, by which devices that make different calls find
   out. Both pointers are aligned to 8 bytes. */
void normDevicesAllGather(const int64_t *description, void *send, void *receive,
                          int64_t bytes);

/* How many groups there are, of which none has the same members as another. */
int64_t normDevicesGetNumGroups(void);

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNTIME_DEVICES_H */
