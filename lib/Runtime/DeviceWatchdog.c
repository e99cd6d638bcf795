/*===- DeviceWatchdog.c - ends a process that waits for too long -----------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* A blocking call of a library cannot be left. So a thread looks, now and then,
|* at what the process waits for, and ends it if that has been the same for too
|* long.
|*
\*===----------------------------------------------------------------------===*/

#include "DeviceGroups.h"
#include "Norm/Runtime/Runtime.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

_Atomic(Group *) normWatchdogGroup;

static const int64_t kDefaultTimeout = 300;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stopped;
static pthread_t thread;
static bool isRunning, mustStop;
static NormTransport transport;
/* In seconds; 0 is to wait forever. */
static int64_t timeout;

static int64_t getTimeout(void) {
  const char *text = getenv("NORM_DEVICES_TIMEOUT");
  if (!text)
    return kDefaultTimeout;
  char *end;
  errno = 0;
  int64_t seconds = strtoll(text, &end, 10);
  if (end != text && !*end && errno == 0 && seconds >= 0 &&
      seconds <= INT32_MAX)
    return seconds;
  fprintf(stderr,
          "warning: expected NORM_DEVICES_TIMEOUT to be a number of seconds, "
          "but got '%s'\n",
          text);
  return kDefaultTimeout;
}

/* Ends the process, which still waits for a call of `group`. */
static void giveUp(const Group *group, int64_t number) {
  char message[256];
  if (number == 0)
    snprintf(message, sizeof message,
             "device %" PRId64 ": expected devices %s to form a group within "
             "%" PRId64 " s, but another one has ended or makes no such call",
             transport.index, group->name, timeout);
  else
    snprintf(message, sizeof message,
             "device %" PRId64 ": expected call %" PRId64 " of devices %s to "
             "end within %" PRId64
             " s, but another one has ended or makes no such call",
             transport.index, number, group->name, timeout);
  normRuntimeExit(message);
}

static void *watch(void *unused) {
  (void)unused;
  /* Ten looks during the timeout, at least one in a second. */
  int64_t period = timeout >= 1 && timeout < 10 ? timeout * 100 : 1000;
  const Group *lastGroup = NULL;
  int64_t lastNumber = 0, waited = 0;
  pthread_mutex_lock(&mutex);
  while (!mustStop) {
    /* Anew each time: while the process is stopped, it does not wait. */
    struct timespec wake;
    clock_gettime(CLOCK_MONOTONIC, &wake);
    wake.tv_sec += period / 1000;
    wake.tv_nsec += period % 1000 * 1000000;
    if (wake.tv_nsec >= 1000000000) {
      wake.tv_nsec -= 1000000000;
      ++wake.tv_sec;
    }
    while (!mustStop &&
           pthread_cond_timedwait(&stopped, &mutex, &wake) != ETIMEDOUT)
      ;
    const char *problem =
        transport.poll ? transport.poll(transport.context) : NULL;
    if (problem)
      normRuntimeExit(problem);
    const Group *group =
        atomic_load_explicit(&normWatchdogGroup, memory_order_acquire);
    int64_t number =
        group ? atomic_load_explicit(&group->numCalls, memory_order_relaxed)
              : 0;
    bool isSame = group && group == lastGroup && number == lastNumber;
    waited = isSame ? waited + period : 0;
    lastGroup = group;
    lastNumber = number;
    if (timeout && isSame && waited >= timeout * 1000)
      giveUp(group, number);
  }
  pthread_mutex_unlock(&mutex);
  return NULL;
}

void normWatchdogStart(const NormTransport *next) {
  transport = *next;
  timeout = getTimeout();
  if (timeout == 0 && !transport.poll)
    return;
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&stopped, &attributes);
  pthread_condattr_destroy(&attributes);
  mustStop = false;
  isRunning = pthread_create(&thread, NULL, watch, NULL) == 0;
  if (!isRunning)
    normRuntimeFail("expected a thread to be available that watches over "
                    "devices");
}

void normWatchdogStop(void) {
  if (!isRunning)
    return;
  pthread_mutex_lock(&mutex);
  mustStop = true;
  pthread_cond_signal(&stopped);
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
  pthread_cond_destroy(&stopped);
  isRunning = false;
}
