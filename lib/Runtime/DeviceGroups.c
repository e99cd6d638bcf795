/*===- DeviceGroups.c - which devices gather --------------------------------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

#include "DeviceGroups.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

void normGridFormat(const int64_t *grid, char *text, size_t size) {
  size_t length = 0;
  text[0] = 0;
  for (int64_t axis = 0; axis < grid[0] && length < size; ++axis)
    length += snprintf(text + length, size - length, "%s%" PRId64,
                       axis ? "x" : "", grid[1 + axis]);
}

int64_t normGridGetSize(const int64_t *grid) {
  int64_t size = 1;
  for (int64_t axis = 0; axis < grid[0]; ++axis)
    size *= grid[1 + axis];
  return size;
}

/* The parts of a description. */
typedef struct {
  const int64_t *grid, *axes, *groups;
} Parts;

static Parts split(const int64_t *description) {
  const int64_t *axes = description + 1 + description[0];
  return (Parts){description, axes, axes + 1 + axes[0]};
}

int64_t normGroupGetDescriptionLength(const int64_t *description) {
  const int64_t *groups = split(description).groups, *end = groups + 1;
  for (int64_t group = 0; group < groups[0]; ++group)
    end += 1 + end[0];
  return end - description;
}

/* Returns by how much the number of a device grows from one coordinate along
   `axis` to the next. */
static int64_t getStride(const int64_t *grid, int64_t axis) {
  int64_t stride = 1;
  while (++axis < grid[0])
    stride *= grid[1 + axis];
  return stride;
}

/* Returns the number, in the grid, of the device whose number along the axes is
   `position`, and which is `base` along the others. */
static int64_t getDevice(Parts parts, int64_t base, int64_t position) {
  for (int64_t i = parts.axes[0]; i-- > 0;) {
    int64_t axis = parts.axes[1 + i], size = parts.grid[1 + axis];
    base += position % size * getStride(parts.grid, axis);
    position /= size;
  }
  return base;
}

/* Finds the group that has `own`, and the size of the largest. Returns how often
   the groups have the number `counted`. */
static int64_t findGroup(const int64_t *groups, int64_t own, int64_t counted,
                         const int64_t **found, int64_t *largest) {
  int64_t count = 0;
  const int64_t *group = groups + 1;
  for (int64_t i = 0; i < groups[0]; ++i, group += 1 + group[0]) {
    if (*largest < group[0])
      *largest = group[0];
    for (int64_t j = 1; j <= group[0]; ++j) {
      if (group[j] == own)
        *found = group;
      count += group[j] == counted;
    }
  }
  return count;
}

/* Returns true if `axes` are some of the `rank` axes of a grid, each once. */
static bool areAxes(const int64_t *axes, int64_t rank) {
  for (int64_t i = 1; i <= axes[0]; ++i) {
    if (axes[i] < 0 || axes[i] >= rank)
      return false;
    for (int64_t j = 1; j < i; ++j)
      if (axes[i] == axes[j])
        return false;
  }
  return true;
}

const char *normGroupFindMembers(const int64_t *description, int64_t index,
                        int64_t *members, int64_t *size, int64_t *largest) {
  static _Thread_local char message[128];
  Parts parts = split(description);
  if (!areAxes(parts.axes, parts.grid[0])) {
    snprintf(message, sizeof message,
             "expected axes of a grid of rank %" PRId64
             ", each once, but got others",
             parts.grid[0]);
    return message;
  }
  int64_t along = 1, own = 0, base = index;
  for (int64_t i = 0; i < parts.axes[0]; ++i) {
    int64_t axis = parts.axes[1 + i];
    int64_t stride = getStride(parts.grid, axis);
    int64_t coordinate = index / stride % parts.grid[1 + axis];
    along *= parts.grid[1 + axis];
    own = own * parts.grid[1 + axis] + coordinate;
    base -= coordinate * stride;
  }
  if (parts.groups[0] == 0) {
    *size = *largest = along;
    for (int64_t i = 0; i < along; ++i)
      members[i] = getDevice(parts, base, i);
    return NULL;
  }
  const int64_t *group = NULL;
  *largest = 0;
  for (int64_t i = 0; i < along; ++i) {
    int64_t count = findGroup(parts.groups, own, i, &group, largest);
    if (count != 1) {
      snprintf(message, sizeof message,
               "expected the groups of devices to have each index below %" PRId64
               " once, but got %" PRId64 " %" PRId64 " times",
               along, i, count);
      return message;
    }
  }
  *size = group[0];
  for (int64_t i = 0; i < group[0]; ++i) {
    if (group[1 + i] < 0 || group[1 + i] >= along) {
      snprintf(message, sizeof message,
               "expected the groups of devices to have indices below %" PRId64
               ", but got %" PRId64,
               along, group[1 + i]);
      return message;
    }
    members[i] = getDevice(parts, base, group[1 + i]);
  }
  return NULL;
}
