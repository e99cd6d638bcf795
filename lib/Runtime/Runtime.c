/*===- Runtime.c - what compiled code calls -----------------------*- C -*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

#include "Norm/Runtime/Runtime.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local NormRuntimeFailHandler failHandler;

void normRuntimeExit(const char *message) {
  static atomic_flag printed = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&printed)) {
    /* Another thread prints, and ends the process. */
    for (;;)
      ;
  }
  fprintf(stderr, "error: %s\n", message);
  fflush(stderr);
  /* Other threads still run, so destructors must not. */
  _Exit(1);
}

void normRuntimeFail(const char *message) {
  if (failHandler)
    failHandler(message);
  normRuntimeExit(message);
}

NormRuntimeFailHandler
normRuntimeSetFailHandler(NormRuntimeFailHandler handler) {
  NormRuntimeFailHandler former = failHandler;
  failHandler = handler;
  return former;
}
