/*===- Nccl.h - GPUs over NCCL --------------------------------------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The transport between the memory of GPUs, one for each process: that of the
|* current context. Gatherings go to the stream of the calling thread, see
|* Norm/Runtime/Cuda.h, and do not wait. What fails later ends the process.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNTIME_NCCL_H
#define NORM_RUNTIME_NCCL_H

#include "Norm/Runtime/Devices.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns a transport between the devices of `host`, a transport between the
   memory of their hosts over which NCCL's identifiers travel, and which must
   outlive it; or null, see normNcclGetProblem. There is one at a time. */
const NormTransport *normNcclStart(const NormTransport *host);

/* Returns why the last start has failed. */
const char *normNcclGetProblem(void);

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNTIME_NCCL_H */
