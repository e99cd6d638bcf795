/*===- Runtime.h - what compiled code calls ------------------------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The C functions that code compiled by Norm calls. The library NormRuntime
|* has them; it needs nothing but the C library.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNTIME_RUNTIME_H
#define NORM_RUNTIME_RUNTIME_H

#ifdef __cplusplus
extern "C" {
#endif

/* Takes the message of a check that failed. It must not return. */
typedef void (*NormRuntimeFailHandler)(const char *message);

/* Reports that a check failed at run time, and does not return. Calls the
   handler of this thread; without one, it prints `error: ` and the message as
   one line to standard error and ends the process with status 1. Of several
   threads that fail at once, one prints. */
void normRuntimeFail(const char *message);

/* Prints and ends the process as above, whatever handler is set. */
void normRuntimeExit(const char *message);

/* Sets the handler of this thread, null for none, and returns the former. */
NormRuntimeFailHandler
normRuntimeSetFailHandler(NormRuntimeFailHandler handler);

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNTIME_RUNTIME_H */
