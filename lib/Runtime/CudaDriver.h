/*===- CudaDriver.h - The CUDA driver, opened at run time ----------*- C
-*-===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

#ifndef NORM_LIB_RUNTIME_CUDADRIVER_H
#define NORM_LIB_RUNTIME_CUDADRIVER_H

#include <stddef.h>
#include <stdint.h>

typedef int CUresult;
typedef int CUdevice;
typedef uint64_t CUdeviceptr;
typedef struct CUctx_st *CUcontext;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUstream_st *CUstream;
typedef struct CUevent_st *CUevent;
typedef struct CUmemPoolHandle_st *CUmemoryPool;

enum {
  CUDA_SUCCESS = 0,
  CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
  CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8,
  CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION = 4,
  CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4
};

typedef struct CUlaunchAttribute {
  int id;
  union {
    uint64_t alignment;
    unsigned clusterDim[3];
    char all[64];
  } value;
} CUlaunchAttribute;

typedef struct CUlaunchConfig {
  unsigned gridDim[3], blockDim[3], sharedMemBytes;
  CUstream hStream;
  CUlaunchAttribute *attrs;
  unsigned numAttrs;
} CUlaunchConfig;

/* Each function: its name, what the library calls it, its parameters. */
#define NORM_CUDA_FUNCTIONS(F)                                                 \
  F(cuInit, "cuInit", (unsigned))                                              \
  F(cuGetErrorName, "cuGetErrorName", (CUresult, const char **))               \
  F(cuGetErrorString, "cuGetErrorString", (CUresult, const char **))           \
  F(cuDeviceGetCount, "cuDeviceGetCount", (int *))                             \
  F(cuDeviceGetAttribute, "cuDeviceGetAttribute", (int *, int, CUdevice))      \
  F(cuCtxGetCurrent, "cuCtxGetCurrent", (CUcontext *))                         \
  F(cuCtxSetCurrent, "cuCtxSetCurrent", (CUcontext))                           \
  F(cuCtxGetDevice, "cuCtxGetDevice", (CUdevice *))                            \
  F(cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain",                      \
    (CUcontext *, CUdevice))                                                   \
  F(cuModuleLoadData, "cuModuleLoadData", (CUmodule *, const void *))          \
  F(cuModuleUnload, "cuModuleUnload", (CUmodule))                              \
  F(cuModuleGetFunction, "cuModuleGetFunction",                                \
    (CUfunction *, CUmodule, const char *))                                    \
  F(cuFuncSetAttribute, "cuFuncSetAttribute", (CUfunction, int, int))          \
  F(cuLaunchKernel, "cuLaunchKernel",                                          \
    (CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,   \
     unsigned, CUstream, void **, void **))                                    \
  F(cuLaunchCooperativeKernel, "cuLaunchCooperativeKernel",                    \
    (CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,   \
     unsigned, CUstream, void **))                                             \
  F(cuOccupancyMaxActiveBlocksPerMultiprocessor,                               \
    "cuOccupancyMaxActiveBlocksPerMultiprocessor",                             \
    (int *, CUfunction, int, size_t))                                          \
  F(cuStreamSynchronize, "cuStreamSynchronize", (CUstream))                    \
  F(cuDeviceGetDefaultMemPool, "cuDeviceGetDefaultMemPool",                    \
    (CUmemoryPool *, CUdevice))                                                \
  F(cuMemPoolSetAttribute, "cuMemPoolSetAttribute",                            \
    (CUmemoryPool, int, void *))                                               \
  F(cuMemAllocAsync, "cuMemAllocAsync", (CUdeviceptr *, size_t, CUstream))     \
  F(cuMemFreeAsync, "cuMemFreeAsync", (CUdeviceptr, CUstream))                 \
  F(cuMemcpyHtoDAsync, "cuMemcpyHtoDAsync_v2",                                 \
    (CUdeviceptr, const void *, size_t, CUstream))                             \
  F(cuMemcpyDtoHAsync, "cuMemcpyDtoHAsync_v2",                                 \
    (void *, CUdeviceptr, size_t, CUstream))                                   \
  F(cuMemcpyDtoDAsync, "cuMemcpyDtoDAsync_v2",                                 \
    (CUdeviceptr, CUdeviceptr, size_t, CUstream))                              \
  F(cuMemsetD8Async, "cuMemsetD8Async",                                        \
    (CUdeviceptr, unsigned char, size_t, CUstream))                            \
  F(cuEventCreate, "cuEventCreate", (CUevent *, unsigned))                     \
  F(cuEventRecord, "cuEventRecord", (CUevent, CUstream))                       \
  F(cuEventSynchronize, "cuEventSynchronize", (CUevent))                       \
  F(cuEventElapsedTime, "cuEventElapsedTime", (float *, CUevent, CUevent))     \
  F(cuEventDestroy, "cuEventDestroy_v2", (CUevent))

/* The functions of the driver; null until loadDriver has succeeded. */
struct CudaDriver {
#define F(name, symbol, parameters) CUresult(*name) parameters;
  NORM_CUDA_FUNCTIONS(F)
#undef F
  /* Of version 11.8 and later; null before. */
  CUresult (*cuLaunchKernelEx)(const CUlaunchConfig *, CUfunction, void **,
                               void **);
};
extern struct CudaDriver driver;

/* Opens the driver, once. Returns null, or else what is missing. */
const char *loadDriver(void);

#endif /* NORM_LIB_RUNTIME_CUDADRIVER_H */
