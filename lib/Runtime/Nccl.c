/*===- Nccl.c - GPUs over NCCL ---------------------------------------------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The functions are those of NCCL 2:
|*
|*   https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/api.html
|*
\*===----------------------------------------------------------------------===*/

#include "Norm/Runtime/Nccl.h"

#include "Norm/Runtime/Cuda.h"

#include <inttypes.h>
#include <nccl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Group {
  struct Group *next;
  ncclComm_t communicator;
} Group;

static NormTransport host;
/* Those that the thread that watches looks at, and what guards them. */
static Group *groups;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static _Thread_local char problem[512];

/* Returns null if `result` is no error, or else a message. */
static const char *check(const char *function, ncclResult_t result) {
  if (result == ncclSuccess || result == ncclInProgress)
    return NULL;
  const char *detail = ncclGetLastError(NULL);
  snprintf(problem, sizeof problem, "expected %s to succeed, but got: %s%s%s",
           function, ncclGetErrorString(result),
           detail && detail[0] ? ": " : "", detail ? detail : "");
  return problem;
}

/* What the first member of a group sends to the others. */
typedef struct {
  ncclUniqueId id;
  int64_t isValid;
} Invitation;

/* Exchanges what `own` is, and stores that of the first member in it. */
static const char *exchange(const int64_t *members, int64_t count,
                            Invitation *own) {
  if (count == 1)
    return NULL;
  Invitation *all = calloc(count, sizeof *all);
  void *group = NULL;
  if (!all)
    return "expected memory for a group to be available";
  const char *error = host.makeGroup(host.context, members, count, &group);
  if (!error) {
    error = host.allGather(host.context, group, own, all, sizeof *own);
    *own = all[0];
    host.freeGroup(host.context, group);
  }
  free(all);
  return error;
}

static const char *makeGroup(void *context, const int64_t *members,
                             int64_t count, void **result) {
  (void)context;
  int rank = 0;
  while (members[rank] != host.index)
    ++rank;
  Invitation invitation = {.isValid = 0};
  const char *error = NULL;
  if (rank == 0)
    error = check("ncclGetUniqueId", ncclGetUniqueId(&invitation.id));
  invitation.isValid = !error;
  const char *exchangeError = exchange(members, count, &invitation);
  if (error || exchangeError)
    return error ? error : exchangeError;
  if (!invitation.isValid) {
    snprintf(problem, sizeof problem,
             "expected device %" PRId64 " to start NCCL, but it has failed",
             members[0]);
    return problem;
  }
  Group *group = malloc(sizeof *group);
  if (!group)
    return "expected memory for a group to be available";
  error = check("ncclCommInitRank",
                ncclCommInitRank(&group->communicator, (int)count,
                                 invitation.id, rank));
  if (error) {
    free(group);
    return error;
  }
  pthread_mutex_lock(&mutex);
  group->next = groups;
  groups = group;
  pthread_mutex_unlock(&mutex);
  *result = group;
  return NULL;
}

static const char *allGather(void *context, void *group, const void *send,
                             void *receive, int64_t bytes) {
  (void)context;
  return check("ncclAllGather",
               ncclAllGather(send, receive, bytes, ncclUint8,
                             ((Group *)group)->communicator,
                             normCudaGetStream()));
}

static void freeGroup(void *context, void *freed) {
  (void)context;
  pthread_mutex_lock(&mutex);
  Group **link = &groups;
  while (*link != freed)
    link = &(*link)->next;
  *link = (*link)->next;
  pthread_mutex_unlock(&mutex);
  ncclCommDestroy(((Group *)freed)->communicator);
  free(freed);
}

static const char *clear(void *context, void *data, int64_t bytes) {
  (void)context;
  normCudaClear(data, bytes);
  return NULL;
}

static const char *poll(void *context) {
  (void)context;
  const char *error = NULL;
  pthread_mutex_lock(&mutex);
  for (Group *group = groups; group && !error; group = group->next) {
    ncclResult_t result = ncclSuccess;
    error = check("ncclCommGetAsyncError",
                  ncclCommGetAsyncError(group->communicator, &result));
    if (!error)
      error = check("a gathering over NCCL", result);
  }
  pthread_mutex_unlock(&mutex);
  return error;
}

const NormTransport *normNcclStart(const NormTransport *hostTransport) {
  static NormTransport transport = {.makeGroup = makeGroup,
                                    .allGather = allGather,
                                    .freeGroup = freeGroup,
                                    .clear = clear,
                                    .poll = poll};
  const char *missing = normCudaGetProblem();
  if (missing) {
    snprintf(problem, sizeof problem, "%s", missing);
    return NULL;
  }
  /* Makes a context current, if there is none, whose device NCCL takes. */
  normCudaSynchronize();
  host = *hostTransport;
  transport.index = host.index;
  transport.count = host.count;
  return &transport;
}

const char *normNcclGetProblem(void) { return problem; }
