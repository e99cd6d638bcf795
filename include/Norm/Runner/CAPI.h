/*===- CAPI.h - running functions from C and other languages -------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The C functions of the shared library NormRunnerC: compile a function of an
|* MLIR module in process and call it on arrays of the caller. No exception
|* leaves them, and a check that fails in compiled code makes a call fail; only
|* one that fails inside a parallel region ends the process.
|*
|* The library may be loaded beside another OpenMP runtime.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_RUNNER_CAPI_H
#define NORM_RUNNER_CAPI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NORM_CAPI_EXPORTED __attribute__((visibility("default")))
#else
#define NORM_CAPI_EXPORTED
#endif

/* A compiled function. Several threads may call it at once. */
typedef struct NormKernel NormKernel;

/* Element types. A boolean, NORM_I1, is a byte that is 0 or 1; of any other
   byte the result is undefined. Other integers are signed. An index is
   NORM_I64. */
enum {
  NORM_F64 = 0,
  NORM_F32 = 1,
  NORM_F16 = 2,
  NORM_BF16 = 3,
  NORM_I1 = 4,
  NORM_I8 = 5,
  NORM_I32 = 6,
  NORM_I64 = 7
};

/* An array in the caller's memory. */
typedef struct NormArray {
  /* The element at index 0, aligned to the size of an element. */
  void *data;
  /* NORM_F64, ... */
  int32_t type;
  int32_t rank;
  /* `rank` sizes; may be null if rank is 0. */
  const int64_t *shape;
  /* `rank` strides in elements, or null for row-major order. */
  const int64_t *strides;
} NormArray;

/* Compiles the function `entry` of the module whose text is `mlir`; an empty
   `entry` or null is the only function. `options`, which may be null, is a list
   of KEY=VALUE with spaces between them:

   - target=cpu|cuda|gpu-emulator|reference: what runs the function; cpu by
     default. With cuda, arguments are copied to the GPU before each call and
     back after it.
   - cpu=NAME: the CPU that code is for, as LLVM names it, such as x86-64-v3;
     native, the default, is the host with all that it has.
   - features=LIST: changes of what it has, such as +avx2,-fma.
   - threads=N: the number of threads; 0, the default, for all cores.
   - block-time=N: for how many milliseconds threads spin that wait for work,
     before they sleep; 1 by default. With 0, less work is done in parallel.
   - pipeline={...}: options of norm-lower-to-cpu-pipeline, or of
     norm-lower-to-nvvm-pipeline.
   - verify-each=true|false: whether the module is verified after each pass, or
     only after the last one, the default.

   Returns null on failure; see normGetLastError. */
NORM_CAPI_EXPORTED NormKernel *
normKernelCreate(const char *mlir, const char *entry, const char *options);

/* Frees the kernel; null is allowed. */
NORM_CAPI_EXPORTED void normKernelDestroy(NormKernel *kernel);

NORM_CAPI_EXPORTED size_t normKernelGetNumArguments(const NormKernel *kernel);
NORM_CAPI_EXPORTED size_t normKernelGetNumResults(const NormKernel *kernel);

/* Stores the seconds that compilation took: lowering, translation to LLVM IR,
   optimization, machine code. */
NORM_CAPI_EXPORTED void normKernelGetCompileTimes(const NormKernel *kernel,
                                                  double times[4]);

/* Calls the function. A memref argument is read and written in place. A result
   is copied into the array given for it, which is in row-major order. If its
   `data` is null, there is no copy: `data` is set to memory of this library,
   which is to be freed by normMemoryFree. Returns 0, or 1 on failure, after
   which nothing is to be freed; see normGetLastError. */
NORM_CAPI_EXPORTED int normKernelInvoke(const NormKernel *kernel,
                                        const NormArray *arguments,
                                        size_t numArguments, NormArray *results,
                                        size_t numResults);

/* A call of a kernel with arrays that stay where they are: these are checked
   once. It may be invoked by one thread at a time. */
typedef struct NormCall NormCall;

/* Checks the arrays, whose descriptions are copied. The kernel and the memory
   must outlive the call, and results must have memory. Returns null on failure;
   see normGetLastError. */
NORM_CAPI_EXPORTED NormCall *normCallCreate(const NormKernel *kernel,
                                            const NormArray *arguments,
                                            size_t numArguments,
                                            const NormArray *results,
                                            size_t numResults);

/* Does what normKernelInvoke does. */
NORM_CAPI_EXPORTED int normCallInvoke(NormCall *call);

/* Frees the call; null is allowed. */
NORM_CAPI_EXPORTED void normCallDestroy(NormCall *call);

/* Memory of this library, which a kernel takes for its results and for what it
   computes in between. What is freed is kept for the next call, because pages
   that are new cost a large array more than its computation. Up to 1 GiB is
   kept; the environment variable NORM_MEMORY_LIMIT tells another number of
   bytes, and with 0 all is left to the C library. */

/* Allocates memory for an array: aligned to 64 bytes, on huge pages if it is
   large and the system has them. Returns null if the memory is exhausted. */
NORM_CAPI_EXPORTED void *normMemoryAllocate(size_t bytes);

/* Frees what normMemoryAllocate or normKernelInvoke has allocated; null is
   allowed. It may outlive the kernel. */
NORM_CAPI_EXPORTED void normMemoryFree(void *data);

/* Sets how many bytes are kept, and gives back what is beyond. */
NORM_CAPI_EXPORTED void normMemorySetLimit(size_t bytes);

/* Gives kept memory back to the system, until at most `bytes` are kept. */
NORM_CAPI_EXPORTED void normMemoryTrim(size_t bytes);

typedef struct NormMemoryStatistics {
  /* The bytes that are in use, that are kept, and that may be kept. */
  size_t used;
  size_t kept;
  size_t limit;
  /* How many allocations, so far, took memory from the system, and how many
     what was kept. Arrays below 16 KiB are not among them. */
  uint64_t numMapped;
  uint64_t numReused;
} NormMemoryStatistics;

NORM_CAPI_EXPORTED NormMemoryStatistics normMemoryGetStatistics(void);

/* Several processes, each of which is a device: kernels gather statistics from
   those of others. */

/* Connects this process with those that a launcher such as mpirun has started
   with it, over `mpi`: auto, which null is, too, is the MPI of the launcher if
   there is one; none, mpich or openmpi. Kernels run on the host's memory, or
   all of them `onGPU`, which is over NCCL; there, layers of several devices
   need this call even if there is one process. Stores which of how many
   processes this one is. Returns 0, or 1 on failure; see normGetLastError. */
NORM_CAPI_EXPORTED int normDevicesStart(const char *mpi, int onGPU,
                                        int64_t *index, int64_t *count);

/* Ends the connection, when all processes do. No kernel runs any more. One that
   ends without it, because of an error, lets the launcher end the others. */
NORM_CAPI_EXPORTED void normDevicesStop(void);

/* Instead of these, connects processes over a transport of the caller's, which
   Norm/Runtime/Devices.h describes; null is to have none. */
struct NormTransport;
NORM_CAPI_EXPORTED void
normDevicesSetTransport(const struct NormTransport *transport);

/* Returns the message of the last failure in this thread, empty if there was
   none. It is valid until the next call in this thread. */
NORM_CAPI_EXPORTED const char *normGetLastError(void);

#ifdef __cplusplus
}
#endif

#endif /* NORM_RUNNER_CAPI_H */
