/*===- DeviceGroups.h - which devices gather ------------------------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_LIB_RUNTIME_DEVICEGROUPS_H
#define NORM_LIB_RUNTIME_DEVICEGROUPS_H

#include "Norm/Runtime/Devices.h"

#include <stddef.h>

/* Devices that gather together. */
typedef struct Group {
  struct Group *next;
  /* The transport's, null until it is made. */
  void *handle;
  /* How many gatherings have been started. */
  _Atomic(int64_t) numCalls;
  /* The first of the members, as text. */
  char name[48];
  int64_t size;
  int64_t members[];
} Group;

/* Writes the sizes of `grid`, {rank, size 0, ...}, as 2x3 into `text`. */
void normGridFormat(const int64_t *grid, char *text, size_t size);

/* Returns how many devices `grid` has. */
int64_t normGridGetSize(const int64_t *grid);

/* Returns the number of words of a description. */
int64_t normGroupGetDescriptionLength(const int64_t *description);

/* Stores the devices that gather with the device `index` of the grid, in their
   order, into `members`, which has room for all of the grid, how many they are,
   and the size of the largest such group. Returns null, or a message if the
   description is wrong. */
const char *normGroupFindMembers(const int64_t *description, int64_t index,
                                 int64_t *members, int64_t *size,
                                 int64_t *largest);

/* What this process waits for, or null. Written by the thread that calls. */
extern _Atomic(Group *) normWatchdogGroup;

/* Starts the thread that ends the process if it waits for too long, or if the
   transport has a problem. */
void normWatchdogStart(const NormTransport *transport);

/* Stops that thread, if there is one. */
void normWatchdogStop(void);

#endif /* NORM_LIB_RUNTIME_DEVICEGROUPS_H */
