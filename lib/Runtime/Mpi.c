/*===- Mpi.c - devices over MPI --------------------------------------------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* Compiled once for each MPI. Gatherings block: those that do not, followed by
|* MPI_Test until they are done, take longer.
|*
\*===----------------------------------------------------------------------===*/

#include <mpi.h>

#include "Norm/Runtime/Mpi.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A duplicate, so that no message of the program is ours. */
static MPI_Comm communicator = MPI_COMM_NULL;
/* MPI was not initialized before. */
static bool ownsMpi;

static char problem[256];

/* Returns null if `code` is no error, or else a message. */
static const char *check(const char *function, int code) {
  if (code == MPI_SUCCESS)
    return NULL;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  /* MPICH goes on with its functions, in lines of their own. */
  char *stack = strstr(text, ", error stack");
  text[stack ? (size_t)(stack - text) : strcspn(text, "\n")] = 0;
  snprintf(problem, sizeof problem, "expected %s to succeed, but got: %s",
           function, text);
  return problem;
}

/* Returns from the function with the message if the call fails. */
#define CHECK(function, ...)                                                   \
  do {                                                                         \
    const char *problem_ = check(#function, function(__VA_ARGS__));            \
    if (problem_)                                                              \
      return problem_;                                                         \
  } while (0)

/*===----------------------------------------------------------------------===*\
|* The transport
\*===----------------------------------------------------------------------===*/

/* Copies `members` into `ranks`, and makes a communicator of them. */
static const char *makeCommunicator(const int64_t *members, int count,
                                    int *ranks, MPI_Comm *made) {
  for (int i = 0; i < count; ++i)
    ranks[i] = (int)members[i];
  MPI_Group all, group;
  CHECK(MPI_Comm_group, communicator, &all);
  CHECK(MPI_Group_incl, all, count, ranks, &group);
  CHECK(MPI_Comm_create_group, communicator, group, 0, made);
  CHECK(MPI_Group_free, &group);
  CHECK(MPI_Group_free, &all);
  CHECK(MPI_Comm_set_errhandler, *made, MPI_ERRORS_RETURN);
  return NULL;
}

static const char *makeGroup(void *context, const int64_t *members,
                             int64_t count, void **group) {
  (void)context;
  int *ranks = malloc(count * sizeof *ranks);
  MPI_Comm *made = malloc(sizeof *made);
  const char *error = ranks && made
                          ? makeCommunicator(members, count, ranks, made)
                          : "expected memory for a group to be available";
  free(ranks);
  if (error)
    free(made);
  else
    *group = made;
  return error;
}

static const char *allGather(void *context, void *group, const void *send,
                             void *receive, int64_t bytes) {
  (void)context;
  if (bytes > INT_MAX) {
    snprintf(problem, sizeof problem,
             "expected rows of less than 2 GiB, but got %" PRId64 " bytes",
             bytes);
    return problem;
  }
  CHECK(MPI_Allgather, send, (int)bytes, MPI_BYTE, receive, (int)bytes,
        MPI_BYTE, *(MPI_Comm *)group);
  return NULL;
}

static void freeGroup(void *context, void *group) {
  (void)context;
  MPI_Comm_free(group);
  free(group);
}

/*===----------------------------------------------------------------------===*\
|* Start and end
\*===----------------------------------------------------------------------===*/

static NormTransport transport = {
    .makeGroup = makeGroup, .allGather = allGather, .freeGroup = freeGroup};

static const char *startOn(MPI_Comm parent) {
  CHECK(MPI_Comm_dup, parent, &communicator);
  CHECK(MPI_Comm_set_errhandler, communicator, MPI_ERRORS_RETURN);
  int rank, size;
  CHECK(MPI_Comm_rank, communicator, &rank);
  CHECK(MPI_Comm_size, communicator, &size);
  transport.index = rank;
  transport.count = size;
  return NULL;
}

static const char *start(void) {
  int isInitialized, isFinalized;
  CHECK(MPI_Finalized, &isFinalized);
  if (isFinalized)
    return "expected MPI to be started before it is finalized";
  CHECK(MPI_Initialized, &isInitialized);
  if (!isInitialized) {
    /* The thread that watches does not call MPI. */
    int provided;
    CHECK(MPI_Init_thread, NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    ownsMpi = true;
  }
  return startOn(MPI_COMM_WORLD);
}

/* Returns the transport, or null after keeping `error`. */
static const NormTransport *finishStart(const char *error) {
  if (!error)
    return &transport;
  if (error != problem)
    snprintf(problem, sizeof problem, "%s", error);
  return NULL;
}

const NormTransport *normMpiStart(void) { return finishStart(start()); }

const NormTransport *normMpiStartOn(MPI_Comm parent) {
  return finishStart(startOn(parent));
}

const char *normMpiGetProblem(void) { return problem; }

void normMpiStop(void) {
  if (communicator != MPI_COMM_NULL)
    MPI_Comm_free(&communicator);
  if (ownsMpi)
    MPI_Finalize();
  ownsMpi = false;
}
