/*===- Mpi.h - devices over MPI -------------------------------------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The transport of processes that mpirun has started. There is a library for
|* each MPI, NormRuntimeMpich and NormRuntimeOpenmpi, with the same functions.
|*
|*   const NormTransport *transport = normMpiStart();
|*   if (!transport)
|*     puts(normMpiGetProblem());
|*   normDevicesSetTransport(transport);
|*   ...
|*   normDevicesSetTransport(NULL);
|*   normMpiStop();
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNTIME_MPI_H
#define NORM_RUNTIME_MPI_H

#include "Norm/Runtime/Devices.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Starts MPI, unless it is, and returns the transport between all processes; or
   null, see normMpiGetProblem. It has a communicator of its own. There is one
   at a time. */
const NormTransport *normMpiStart(void);

/* Returns why the last start has failed. */
const char *normMpiGetProblem(void);

/* Frees what normMpiStart has made, and finalizes MPI if that has initialized
   it. The transport must no longer be set. */
void normMpiStop(void);

/* For programs that include mpi.h before: the same between the processes of
   `communicator`, which make this call together. MPI must be initialized. */
#ifdef MPI_VERSION
const NormTransport *normMpiStartOn(MPI_Comm communicator);
#endif

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNTIME_MPI_H */
