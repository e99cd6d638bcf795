/*===- Cuda.c - GPU functions of compiled code -----------------------------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* The functions of the driver and their types are those of the CUDA driver API,
|* versions 11.2 and later, 11.8 for clusters of blocks:
|*
|*   https://docs.nvidia.com/cuda/cuda-driver-api/
|*
\*===----------------------------------------------------------------------===*/

#include "Norm/Runtime/Cuda.h"
#include "CudaDriver.h"
#include "Norm/Runtime/Devices.h"
#include "Norm/Runtime/Runtime.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The workgroup memory that a kernel has without being asked for more. */
enum { kDefaultWorkgroupBytes = 48 * 1024 };

static _Thread_local CUstream currentStream;

/*===----------------------------------------------------------------------===*\
|* Errors and contexts
\*===----------------------------------------------------------------------===*/

/* Fails with what the driver says about `result`. */
static void fail(const char *function, CUresult result) {
  static _Thread_local char message[256];
  const char *name = NULL, *text = NULL;
  driver.cuGetErrorName(result, &name);
  driver.cuGetErrorString(result, &text);
  snprintf(message, sizeof message, "expected %s to succeed, but got %s: %s",
           function, name ? name : "an unknown error", text ? text : "");
  normRuntimeFail(message);
}

#define CHECK(function, ...)                                                   \
  do {                                                                         \
    CUresult result_ = driver.function(__VA_ARGS__);                           \
    if (result_ != CUDA_SUCCESS)                                               \
      fail(#function, result_);                                                \
  } while (0)

const char *normCudaGetProblem(void) { return loadDriver(); }

/* Makes a context current, and returns it. */
static CUcontext enter(void) {
  const char *problem = loadDriver();
  if (problem)
    normRuntimeFail(problem);
  CUcontext context = NULL;
  CHECK(cuCtxGetCurrent, &context);
  if (context)
    return context;
  /* The primary context stays until the process ends. */
  CHECK(cuDevicePrimaryCtxRetain, &context, 0);
  CHECK(cuCtxSetCurrent, context);
  return context;
}

int normCudaGetArchitecture(void) {
  CUdevice device;
  int major = 0, minor = 0;
  enter();
  CHECK(cuCtxGetDevice, &device);
  CHECK(cuDeviceGetAttribute, &major,
        CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device);
  CHECK(cuDeviceGetAttribute, &minor,
        CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
  return 10 * major + minor;
}

void normCudaSetStream(void *stream) { currentStream = stream; }

void *normCudaGetStream(void) { return currentStream; }

void normCudaSynchronize(void) {
  enter();
  CHECK(cuStreamSynchronize, currentStream);
}

/*===----------------------------------------------------------------------===*\
|* Memory
\*===----------------------------------------------------------------------===*/

/* Lets the pool of the current device keep what is freed. */
static void keepMemory(void) {
  CUdevice device;
  CUmemoryPool pool;
  uint64_t all = UINT64_MAX;
  CHECK(cuCtxGetDevice, &device);
  CHECK(cuDeviceGetDefaultMemPool, &pool, device);
  CHECK(cuMemPoolSetAttribute, pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &all);
}

void *normCudaAllocate(size_t bytes) {
  static _Thread_local CUcontext prepared;
  CUcontext context = enter();
  if (prepared != context) {
    keepMemory();
    prepared = context;
  }
  CUdeviceptr data = 0;
  CHECK(cuMemAllocAsync, &data, bytes ? bytes : 1, currentStream);
  return (void *)(uintptr_t)data;
}

void normCudaFree(void *data) {
  if (!data)
    return;
  enter();
  CHECK(cuMemFreeAsync, (CUdeviceptr)(uintptr_t)data, currentStream);
}

void normCudaCopyIn(void *device, const void *host, size_t bytes) {
  enter();
  CHECK(cuMemcpyHtoDAsync, (CUdeviceptr)(uintptr_t)device, host, bytes,
        currentStream);
  CHECK(cuStreamSynchronize, currentStream);
}

void normCudaCopyOut(void *host, const void *device, size_t bytes) {
  enter();
  CHECK(cuMemcpyDtoHAsync, host, (CUdeviceptr)(uintptr_t)device, bytes,
        currentStream);
  CHECK(cuStreamSynchronize, currentStream);
}

void normCudaClear(void *device, size_t bytes) {
  enter();
  CHECK(cuMemsetD8Async, (CUdeviceptr)(uintptr_t)device, 0, bytes,
        currentStream);
}

void normCudaCopy(void *target, const void *source, size_t bytes) {
  enter();
  CHECK(cuMemcpyDtoDAsync, (CUdeviceptr)(uintptr_t)target,
        (CUdeviceptr)(uintptr_t)source, bytes, currentStream);
}

static const char *makeGroupAlone(void *context, const int64_t *members,
                                  int64_t count, void **group) {
  (void)context, (void)members, (void)count;
  *group = &currentStream; /* Nothing is known of it. */
  return NULL;
}
static const char *gatherAlone(void *context, void *group, const void *send,
                               void *receive, int64_t bytes) {
  (void)context, (void)group;
  normCudaCopy(receive, send, bytes);
  return NULL;
}
static void freeGroupAlone(void *context, void *group) {
  (void)context, (void)group;
}
static const char *clearAlone(void *context, void *data, int64_t bytes) {
  (void)context;
  normCudaClear(data, bytes);
  return NULL;
}

const NormTransport *normCudaGetTransport(void) {
  static const NormTransport transport = {.count = 1,
                                          .makeGroup = makeGroupAlone,
                                          .allGather = gatherAlone,
                                          .freeGroup = freeGroupAlone,
                                          .clear = clearAlone};
  return &transport;
}

double normCudaTick(void) {
  static _Thread_local CUevent last;
  enter();
  CUevent event;
  CHECK(cuEventCreate, &event, 0);
  CHECK(cuEventRecord, event, currentStream);
  CHECK(cuEventSynchronize, event);
  float milliseconds = 0;
  if (last) {
    CHECK(cuEventElapsedTime, &milliseconds, last, event);
    CHECK(cuEventDestroy, last);
  }
  last = event;
  return milliseconds * 1e-3;
}

/* What allocations of compiled code call. */
void *_mlir_memref_to_llvm_alloc(uint64_t bytes) {
  return normCudaAllocate(bytes);
}
void *_mlir_memref_to_llvm_aligned_alloc(uint64_t alignment, uint64_t bytes) {
  (void)alignment; /* The device's is at least 256. */
  return normCudaAllocate(bytes);
}
void _mlir_memref_to_llvm_free(void *data) { normCudaFree(data); }

/*===----------------------------------------------------------------------===*\
|* Modules
\*===----------------------------------------------------------------------===*/

/* A kernel in a context. */
typedef struct Function {
  struct Function *next;
  const char *name;
  CUcontext context;
  CUfunction handle;
  /* The workgroup memory that it has been allowed, in bytes. */
  int32_t workgroupBytes;
  /* Whether all of its blocks must run at once. */
  int isCooperative;
} Function;

/* A module in a context. */
typedef struct Loaded {
  struct Loaded *next;
  CUcontext context;
  CUmodule handle;
} Loaded;

typedef struct Module {
  const void *image;
  pthread_mutex_t mutex;
  Loaded *loaded;
  Function *functions;
} Module;

static void *allocate(size_t bytes) {
  void *data = calloc(1, bytes);
  if (!data)
    normRuntimeFail("expected memory for a GPU module to be available");
  return data;
}

/* Called by a constructor, when there may be no driver yet. */
Module *mgpuModuleLoad(const void *image, size_t size) {
  (void)size;
  Module *module = allocate(sizeof *module);
  module->image = image;
  pthread_mutex_init(&module->mutex, NULL);
  return module;
}

Module *mgpuModuleLoadJIT(const void *image, int level) {
  (void)level;
  return mgpuModuleLoad(image, 0);
}

/* Called by a destructor. The driver may be gone, and ends with the process what
   it has. */
void mgpuModuleUnload(Module *module) {
  while (module->loaded) {
    Loaded *next = module->loaded->next;
    driver.cuModuleUnload(module->loaded->handle);
    free(module->loaded);
    module->loaded = next;
  }
  while (module->functions) {
    Function *next = module->functions->next;
    free(module->functions);
    module->functions = next;
  }
  pthread_mutex_destroy(&module->mutex);
  free(module);
}

/* Returns null, and the result of the driver, if the image does not load. */
static CUmodule findModule(Module *module, CUcontext context,
                           CUresult *result) {
  for (Loaded *loaded = module->loaded; loaded; loaded = loaded->next)
    if (loaded->context == context)
      return loaded->handle;
  CUmodule handle = NULL;
  *result = driver.cuModuleLoadData(&handle, module->image);
  if (*result != CUDA_SUCCESS)
    return NULL;
  Loaded *loaded = allocate(sizeof *loaded);
  *loaded = (Loaded){module->loaded, context, handle};
  module->loaded = loaded;
  return handle;
}

static int isCooperative(const char *name) {
  size_t length = strlen(name), end = strlen(NORM_CUDA_COOPERATIVE_SUFFIX);
  return length >= end &&
         strcmp(name + length - end, NORM_CUDA_COOPERATIVE_SUFFIX) == 0;
}

Function *mgpuModuleGetFunction(Module *module, const char *name) {
  CUcontext context = enter();
  pthread_mutex_lock(&module->mutex);
  Function *function = module->functions;
  /* Names are constants of the host's code. */
  while (function &&
         (function->name != name || function->context != context))
    function = function->next;
  CUresult result = CUDA_SUCCESS;
  if (!function) {
    CUmodule handle = findModule(module, context, &result);
    CUfunction found = NULL;
    if (handle)
      result = driver.cuModuleGetFunction(&found, handle, name);
    if (result == CUDA_SUCCESS) {
      function = allocate(sizeof *function);
      *function = (Function){
          module->functions,      name,                context, found,
          kDefaultWorkgroupBytes, isCooperative(name)};
      module->functions = function;
    }
  }
  pthread_mutex_unlock(&module->mutex);
  if (result != CUDA_SUCCESS)
    fail(name, result);
  return function;
}

/*===----------------------------------------------------------------------===*\
|* Launches
\*===----------------------------------------------------------------------===*/

/* Lets `function` have the workgroup memory that a launch asks for. */
static void allowWorkgroup(Function *function, int32_t bytes) {
  if (bytes <= function->workgroupBytes)
    return;
  CHECK(cuFuncSetAttribute, function->handle,
        CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes);
  function->workgroupBytes = bytes;
}

/* Returns how many blocks of `threads` threads the device has room for. */
static intptr_t countResident(const Function *function, intptr_t threads,
                              int32_t workgroupBytes) {
  CUdevice device;
  int blocks = 0, processors = 0;
  CHECK(cuCtxGetDevice, &device);
  CHECK(cuDeviceGetAttribute, &processors,
        CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device);
  CHECK(cuOccupancyMaxActiveBlocksPerMultiprocessor, &blocks, function->handle,
        (int)threads, workgroupBytes);
  return (intptr_t)blocks * processors;
}

void mgpuLaunchKernel(Function *function, intptr_t gridX, intptr_t gridY,
                      intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                      intptr_t blockZ, int32_t workgroupBytes, CUstream stream,
                      void **arguments, void **extra, size_t count) {
  (void)count;
  /* The driver takes no empty grid. */
  if (gridX == 0 || gridY == 0 || gridZ == 0)
    return;
  allowWorkgroup(function, workgroupBytes);
  if (function->isCooperative) {
    intptr_t resident =
        countResident(function, blockX * blockY * blockZ, workgroupBytes);
    if (resident == 0)
      normRuntimeFail("expected a GPU that has room for a block of the kernel, "
                      "but got one without");
    CHECK(cuLaunchCooperativeKernel, function->handle,
          gridX < resident ? gridX : resident, gridY, gridZ, blockX, blockY,
          blockZ, workgroupBytes, stream, arguments);
    return;
  }
  CHECK(cuLaunchKernel, function->handle, gridX, gridY, gridZ, blockX, blockY,
        blockZ, workgroupBytes, stream, arguments, extra);
}

void mgpuLaunchClusterKernel(Function *function, intptr_t clusterX,
                             intptr_t clusterY, intptr_t clusterZ,
                             intptr_t gridX, intptr_t gridY, intptr_t gridZ,
                             intptr_t blockX, intptr_t blockY, intptr_t blockZ,
                             int32_t workgroupBytes, CUstream stream,
                             void **arguments, void **extra, size_t count) {
  (void)count;
  if (gridX == 0 || gridY == 0 || gridZ == 0)
    return;
  if (!driver.cuLaunchKernelEx)
    normRuntimeFail("expected a CUDA driver of version 11.8 or later for "
                    "clusters of blocks, but got one without cuLaunchKernelEx");
  allowWorkgroup(function, workgroupBytes);
  CUlaunchAttribute cluster = {
      .id = CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION,
      .value.clusterDim = {clusterX, clusterY, clusterZ}};
  CUlaunchConfig config = {.gridDim = {gridX, gridY, gridZ},
                           .blockDim = {blockX, blockY, blockZ},
                           .sharedMemBytes = workgroupBytes,
                           .hStream = stream,
                           .attrs = &cluster,
                           .numAttrs = 1};
  CHECK(cuLaunchKernelEx, &config, function->handle, arguments, extra);
}

/* A launch without a stream makes one, waits for it and destroys it, says the
   lowering: here it is that of the thread, and nobody waits. */
CUstream mgpuStreamCreate(void) { return currentStream; }
void mgpuStreamDestroy(CUstream stream) { (void)stream; }
void mgpuStreamSynchronize(CUstream stream) { (void)stream; }
