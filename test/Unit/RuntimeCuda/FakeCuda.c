/*===- FakeCuda.c - A CUDA driver that writes down what it is asked ---------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|*===----------------------------------------------------------------------===*|
|*
|* "Device" memory is that of the host.
|*
\*===----------------------------------------------------------------------===*/

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char record[4096];
static int current, failures;

/* What was asked since the last call, one line each. */
const char *fakeCudaTakeRecord(void) {
  static char taken[sizeof record];
  memcpy(taken, record, sizeof record);
  record[0] = 0;
  return taken;
}

/* Lets the next launches fail. */
void fakeCudaFail(int count) { failures = count; }

static int note(const char *format, ...) {
  size_t length = strlen(record);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(record + length, sizeof record - length, format, arguments);
  va_end(arguments);
  return 0;
}

int cuInit(unsigned flags) { return note("init %u\n", flags); }
int cuGetErrorName(int error, const char **name) {
  *name = error == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : "CUDA_ERROR_OTHER";
  return 0;
}
int cuGetErrorString(int error, const char **text) {
  (void)error;
  *text = "as asked";
  return 0;
}
int cuDeviceGetCount(int *count) {
  *count = 1;
  return 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  (void)device;
  *value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 16 ? 3 : -1;
  return 0;
}
int cuCtxGetCurrent(void **context) {
  *context = current ? &current : NULL;
  return 0;
}
int cuCtxSetCurrent(void *context) {
  current = context != NULL;
  return note("set context\n");
}
int cuCtxGetDevice(int *device) {
  *device = 0;
  return 0;
}
int cuDevicePrimaryCtxRetain(void **context, int device) {
  *context = &current;
  return note("retain %d\n", device);
}
int cuModuleLoadData(void **module, const void *image) {
  *module = (void *)image;
  return note("load %s\n", (const char *)image);
}
int cuModuleUnload(void *module) {
  return note("unload %s\n", (const char *)module);
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
  (void)module;
  if (strcmp(name, "missing") == 0)
    return 500;
  *function = (void *)name;
  return note("find %s\n", name);
}
int cuFuncSetAttribute(void *function, int attribute, int value) {
  return note("allow %s %d=%d\n", (const char *)function, attribute, value);
}
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz,
                   unsigned bx, unsigned by, unsigned bz, unsigned bytes,
                   void *stream, void **arguments, void **extra) {
  (void)extra;
  if (failures > 0 && failures--)
    return 700;
  return note("launch %s %u,%u,%u %u,%u,%u %u stream %d argument %d\n",
              (const char *)function, gx, gy, gz, bx, by, bz, bytes,
              stream ? *(int *)stream : 0, *(int *)arguments[0]);
}
int cuLaunchCooperativeKernel(void *function, unsigned gx, unsigned gy,
                              unsigned gz, unsigned bx, unsigned by,
                              unsigned bz, unsigned bytes, void *stream,
                              void **arguments) {
  note("together: ");
  return cuLaunchKernel(function, gx, gy, gz, bx, by, bz, bytes, stream,
                        arguments, NULL);
}
/* As if a processor had 512 threads, and 65536 bytes of workgroup memory. */
int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *function,
                                                int threads, size_t bytes) {
  (void)function;
  int byThreads = 512 / threads;
  int byMemory = bytes ? (int)(65536 / bytes) : byThreads;
  *blocks = byThreads < byMemory ? byThreads : byMemory;
  return 0;
}
#ifndef FAKE_CUDA_OLD
/* As the driver declares them. */
typedef struct {
  int id;
  char pad[4];
  union {
    char all[64];
    struct {
      unsigned x, y, z;
    } clusterDim;
  } value;
} Attribute;
typedef struct {
  unsigned gridX, gridY, gridZ, blockX, blockY, blockZ, bytes;
  void *stream;
  Attribute *attributes;
  unsigned count;
} Config;

int cuLaunchKernelEx(const Config *config, void *function, void **arguments,
                     void **extra) {
  for (unsigned i = 0; i < config->count; ++i) {
    const Attribute *attribute = &config->attributes[i];
    note("attribute %d=%u,%u,%u\n", attribute->id, attribute->value.clusterDim.x,
         attribute->value.clusterDim.y, attribute->value.clusterDim.z);
  }
  return cuLaunchKernel(function, config->gridX, config->gridY, config->gridZ,
                        config->blockX, config->blockY, config->blockZ,
                        config->bytes, config->stream, arguments, extra);
}
#endif
int cuStreamSynchronize(void *stream) {
  return note("wait %d\n", stream ? *(int *)stream : 0);
}
int cuDeviceGetDefaultMemPool(void **pool, int device) {
  (void)device;
  *pool = &current;
  return 0;
}
int cuMemPoolSetAttribute(void *pool, int attribute, void *value) {
  (void)pool;
  return note("pool %d %d\n", attribute, *(uint64_t *)value == UINT64_MAX);
}
int cuMemAllocAsync(uint64_t *data, size_t bytes, void *stream) {
  (void)stream;
  *data = (uintptr_t)malloc(bytes);
  return note("allocate %zu\n", bytes);
}
int cuMemFreeAsync(uint64_t data, void *stream) {
  (void)stream;
  free((void *)(uintptr_t)data);
  return note("free\n");
}
int cuMemcpyHtoDAsync_v2(uint64_t device, const void *host, size_t bytes,
                         void *stream) {
  (void)stream;
  memcpy((void *)(uintptr_t)device, host, bytes);
  return 0;
}
int cuMemcpyDtoHAsync_v2(void *host, uint64_t device, size_t bytes,
                         void *stream) {
  (void)stream;
  memcpy(host, (void *)(uintptr_t)device, bytes);
  return 0;
}
int cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t bytes,
                         void *stream) {
  memcpy((void *)(uintptr_t)target, (void *)(uintptr_t)source, bytes);
  return note("copy %zu on stream %d\n", bytes, stream ? *(int *)stream : 0);
}
int cuMemsetD8Async(uint64_t device, unsigned char value, size_t bytes,
                    void *stream) {
  memset((void *)(uintptr_t)device, value, bytes);
  return note("clear %zu on stream %d\n", bytes, stream ? *(int *)stream : 0);
}
int cuEventCreate(void **event, unsigned flags) {
  (void)flags;
  *event = &current;
  return 0;
}
int cuEventRecord(void *event, void *stream) {
  (void)event, (void)stream;
  return 0;
}
int cuEventSynchronize(void *event) {
  (void)event;
  return 0;
}
int cuEventElapsedTime(float *milliseconds, void *start, void *end) {
  (void)start, (void)end;
  *milliseconds = 250;
  return 0;
}
int cuEventDestroy_v2(void *event) {
  (void)event;
  return 0;
}
