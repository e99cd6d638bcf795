/*===- devices.c - devices over MPI: one of several processes --------------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The argument names what happens. A process prints `ok` or its error, after
|* which it stays if NORM_TEST_WAIT is set, so that all can print theirs.
|*
\*===----------------------------------------------------------------------===*/

#include <mpi.h>

#include "Norm/Runtime/Mpi.h"
#include "Norm/Runtime/Runtime.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t rank, count;

static void onFailure(const char *message) {
  if (!getenv("NORM_TEST_WAIT"))
    normRuntimeExit(message);
  fprintf(stderr, "error: %s\n", message);
  for (;;)
    sleep(1);
}

static void expect(int condition, const char *what) {
  if (!condition)
    normRuntimeExit(what);
}

/* The longest row, in words. */
enum { kMaxWords = 6000 };

/* Gathers rows of `words` words and compares them with those of `members`, of
   which the first is how many there are. */
static void gather(const int64_t *description, const int64_t *members,
                   int64_t numRows, int64_t words) {
  static int64_t send[kMaxWords], receive[8 * kMaxWords + 1];
  static int64_t seed;
  ++seed;
  for (int64_t i = 1; i < words; ++i)
    send[i] = rank * 1000003 + i * 31 + seed;
  memset(receive, 0xff, (numRows * words + 1) * sizeof *receive);
  normDevicesAllGather(description, send, receive, words * sizeof *send);
  for (int64_t row = 0; row < numRows; ++row)
    for (int64_t i = 1; i < words; ++i) {
      int64_t value = row < members[0]
                          ? members[1 + row] * 1000003 + i * 31 + seed
                          : 0;
      expect(receive[row * words + i] == value, "wrong row");
    }
  expect(receive[numRows * words] == -1, "written behind the rows");
}

/* All devices, along the only axis. */
static const int64_t *getAll(void) {
  static int64_t all[5] = {1, 0, 1, 0, 0};
  all[1] = count;
  return all;
}

static const int64_t *getEverybody(void) {
  static int64_t members[] = {0, 0, 1, 2, 3, 4, 5, 6, 7};
  members[0] = count;
  return members;
}

static void testGroups(void) {
  const int64_t sizes[] = {2, 3, 17, 192, 1000, kMaxWords};
  /* Each device is a group; pairs and what is left; the first one, and all
     others in reverse order. */
  int64_t one[32] = {1, count, 1, 0, count}, *next = one + 5;
  int64_t pairs[32] = {1, count, 1, 0, (count + 1) / 2}, *nextPair = pairs + 5;
  int64_t rest[32] = {1, count, 1, 0, 2, 1, 0, count - 1};
  int64_t pair[3] = {0}, others[8] = {count - 1};
  for (int64_t i = 0; i < count; ++i) {
    *next++ = 1;
    *next++ = i;
    if (i % 2 == 0)
      *nextPair++ = i + 1 < count ? 2 : 1;
    *nextPair++ = i;
    if (i / 2 == rank / 2)
      pair[1 + pair[0]++] = i;
    if (i > 0)
      rest[7 + i] = others[i] = count - i;
  }
  const int64_t self[] = {1, rank};
  for (int repetition = 0; repetition < 3; ++repetition)
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
      gather(getAll(), getEverybody(), count, sizes[i]);
      gather(one, self, 1, sizes[i]);
      gather(pairs, pair, count > 1 ? 2 : 1, sizes[i]);
      if (count > 1)
        gather(rest, rank ? others : self, count > 2 ? count - 1 : 1, sizes[i]);
    }
  /* An axis of a grid. */
  if (count == 4) {
    const int64_t columns[] = {2, 2, 2, 1, 0, 0};
    const int64_t column[] = {2, rank % 2, rank % 2 + 2};
    gather(columns, column, 2, 7);
  }
  expect(normDevicesGetNumGroups() <= 5, "too many groups");
}

/* One device sends a longer row than the others. */
static void testBytes(void) {
  gather(getAll(), getEverybody(), count, rank == 1 ? 300 : 200);
}

/* The same, of calls that all have made before. */
static void testLaterBytes(void) {
  for (int64_t i = 0; i < 6; ++i)
    gather(getAll(), getEverybody(), count,
           (i == 5 ? rank == 1 : i % 2) ? 200 : 300);
}

/* One device makes two calls of the same size in the other order. */
static void testOrder(void) {
  const int64_t other[] = {2, count, 1, 1, 0, 0};
  gather(getAll(), getEverybody(), count, 200);
  gather(other, getEverybody(), count, 200);
  gather(rank == 1 ? getAll() : other, getEverybody(), count, 200);
  gather(rank == 1 ? other : getAll(), getEverybody(), count, 200);
}

/* One device has made a call less. */
static void testNumber(void) {
  for (int64_t i = rank == 1; i < 4; ++i)
    gather(getAll(), getEverybody(), count, 200);
}

/* The last device ends, or stays without making a call. */
static void testExit(void) {
  if (rank == count - 1)
    exit(0);
  gather(getAll(), getEverybody(), count, 200);
}

static void testLaterExit(void) {
  gather(getAll(), getEverybody(), count, 200);
  testExit();
}

static void testNever(void) {
  gather(getAll(), getEverybody(), count, 200);
  if (rank == count - 1) {
    sleep(60);
    return;
  }
  gather(getAll(), getEverybody(), count, 200);
}

/* One device makes a group that the others do not know of. */
static void testOtherGroup(void) {
  int64_t groups[16] = {1, count, 1, 0, count - 1, 2, 0, 1};
  for (int64_t i = 2; i < count; ++i) {
    groups[4 + 2 * i] = 1;
    groups[5 + 2 * i] = i;
  }
  if (rank == 0)
    gather(groups, getEverybody(), 2, 200);
  else
    sleep(60);
}

/* A grid of more devices than there are. */
static void testGrid(void) {
  const int64_t grid[] = {2, count, 2};
  normDevicesGetIndex(grid);
}

/* MPI is the program's, and a part of its processes gather. */
static void testEmbedded(void) {
  MPI_Comm half;
  MPI_Comm_split(MPI_COMM_WORLD, rank % 2, 0, &half);
  for (int repetition = 0; repetition < 2; ++repetition) {
    normDevicesSetTransport(normMpiStartOn(half));
    int64_t all[] = {1, (count + 1 - rank % 2) / 2, 1, 0, 0};
    int64_t members[] = {all[1], rank % 2, rank % 2 + 2};
    expect(normDevicesGetIndex(all) == rank / 2, "wrong index");
    for (int i = 0; i < 3; ++i)
      gather(all, members, all[1], 5);
    normDevicesSetTransport(NULL);
    normMpiStop();
  }
  /* The program's communicator is still there. */
  MPI_Barrier(half);
  MPI_Comm_free(&half);
}

int main(int argc, char **argv) {
  const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {{"groups", testGroups},          {"bytes", testBytes},
               {"later-bytes", testLaterBytes}, {"order", testOrder},
               {"number", testNumber},          {"exit", testExit},
               {"later-exit", testLaterExit},   {"never", testNever},
               {"other-group", testOtherGroup}, {"grid", testGrid},
               {"embedded", testEmbedded}};
  normRuntimeSetFailHandler(onFailure);
  const char *name = argc > 1 ? argv[1] : "";
  int isEmbedded = strcmp(name, "embedded") == 0;
  if (isEmbedded)
    MPI_Init(&argc, &argv);
  const NormTransport *transport = normMpiStart();
  if (!transport)
    normRuntimeExit(normMpiGetProblem());
  rank = transport->index;
  count = transport->count;
  normDevicesSetTransport(transport);
  if (isEmbedded) {
    normDevicesSetTransport(NULL);
    normMpiStop();
  }
  size_t i = 0;
  while (i < sizeof tests / sizeof *tests && strcmp(name, tests[i].name) != 0)
    ++i;
  expect(i < sizeof tests / sizeof *tests, "expected the name of a test");
  tests[i].run();
  normDevicesSetTransport(NULL);
  normMpiStop();
  int isFinalized;
  MPI_Finalized(&isFinalized);
  expect(isFinalized == !isEmbedded, "MPI is finalized by who starts it");
  if (isEmbedded)
    MPI_Finalize();
  puts("ok");
  return 0;
}
