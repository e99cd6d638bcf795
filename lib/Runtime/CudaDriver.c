/*===- CudaDriver.c - The CUDA driver, opened at run time -------------------===*\
|*
|* Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

#include "CudaDriver.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct CudaDriver driver;

static char problem[256];

static void open(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(problem, sizeof problem,
             "expected a CUDA driver, libcuda.so.1, but got: %s", dlerror());
    return;
  }
  struct CudaDriver found;
#define F(name, symbol, parameters)                                            \
  *(void **)&found.name = dlsym(library, symbol);                              \
  if (!found.name) {                                                           \
    snprintf(problem, sizeof problem,                                          \
             "expected a CUDA driver of version 11.2 or later, but got one "   \
             "without " symbol);                                               \
    return;                                                                    \
  }
  NORM_CUDA_FUNCTIONS(F)
#undef F
  *(void **)&found.cuLaunchKernelEx = dlsym(library, "cuLaunchKernelEx");
  CUresult result = found.cuInit(0);
  int count = 0;
  if (result == CUDA_SUCCESS)
    result = found.cuDeviceGetCount(&count);
  if (result != CUDA_SUCCESS || count == 0) {
    const char *name = NULL;
    found.cuGetErrorName(result, &name);
    snprintf(problem, sizeof problem, "expected a CUDA device, but got %s",
             result == CUDA_SUCCESS ? "none" : name ? name : "an error");
    return;
  }
  driver = found;
}

const char *loadDriver(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open);
  return problem[0] ? problem : NULL;
}
