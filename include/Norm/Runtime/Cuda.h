/*===- Cuda.h - GPU functions of compiled code ---------------------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* What host code that launches kernels calls, over the CUDA driver. The library
|* NormRuntimeCuda has these functions and those that upstream's lowering of the
|* gpu dialect names (mgpuModuleLoad, mgpuLaunchKernel, ...). The driver is
opened
|* when it is first needed: a program that links the library starts without one.
|*
|* Kernels run on the stream of the calling thread, in the current context; the
|* device 0 if there is none. Launches return at once. Errors go to
|* normRuntimeFail, with a message.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNTIME_CUDA_H
#define NORM_RUNTIME_CUDA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the name of a kernel ends in whose blocks must all run at once, because
   they wait for each other. Of such a launch there are as many blocks as the
   device has room for, at most; they are along x. The library and the emulator
   launch kernels of that name so. */
#define NORM_CUDA_COOPERATIVE_SUFFIX "_cooperative"

/* Returns null if there is a driver and a device, or else what is missing. */
const char *normCudaGetProblem(void);

/* Returns the compute capability of the device times ten, such as 90. */
int normCudaGetArchitecture(void);

/* Sets the stream, a CUstream or cudaStream_t, on which this thread launches
   kernels from now on, and on which it allocates and frees what they need in
   between. Null, as at first, is the default stream. */
void normCudaSetStream(void *stream);

/* Returns that stream. */
void *normCudaGetStream(void);

/* Waits until all work on the stream of this thread is done. */
void normCudaSynchronize(void);

/* Memory of the device, in the order of the stream of this thread. What is
   freed is kept for the next allocation. */
void *normCudaAllocate(size_t bytes);
void normCudaFree(void *data);
void normCudaCopyIn(void *device, const void *host, size_t bytes);
void normCudaCopyOut(void *host, const void *device, size_t bytes);

/* Sets memory of the device to zeros. */
void normCudaClear(void *device, size_t bytes);

/* Copies from memory of the device to memory of the device. */
void normCudaCopy(void *target, const void *source, size_t bytes);

/* The transport of this device alone, see Norm/Runtime/Devices.h. */
struct NormTransport;
const struct NormTransport *normCudaGetTransport(void);

/* A clock on the stream of this thread: seconds from one call to the next, as
   the device measures them. The first call returns 0. */
double normCudaTick(void);

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNTIME_CUDA_H */
