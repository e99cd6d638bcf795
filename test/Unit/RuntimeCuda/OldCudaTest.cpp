//===- OldCudaTest.cpp - The GPU runtime over a driver of version 11.2 ----===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Cuda.h"
#include "Norm/Runtime/Runtime.h"

#include <gtest/gtest.h>

extern "C" {
void *mgpuModuleLoad(const void *image, size_t size);
void mgpuModuleUnload(void *module);
void *mgpuModuleGetFunction(void *module, const char *name);
void mgpuLaunchClusterKernel(void *function, intptr_t clusterX,
                             intptr_t clusterY, intptr_t clusterZ,
                             intptr_t gridX, intptr_t gridY, intptr_t gridZ,
                             intptr_t blockX, intptr_t blockY, intptr_t blockZ,
                             int32_t bytes, void *stream, void **arguments,
                             void **extra, size_t count);
}

// It serves, but for clusters.
TEST(OldCudaTest, clusters) {
  ASSERT_EQ(normCudaGetProblem(), nullptr);
  void *module = mgpuModuleLoad("image", 5);
  void *function = mgpuModuleGetFunction(module, "kernel");
  EXPECT_DEATH(mgpuLaunchClusterKernel(function, 2, 1, 1, 4, 1, 1, 256, 1, 1, 0,
                                       nullptr, nullptr, nullptr, 0),
               "expected a CUDA driver of version 11.8 or later for clusters "
               "of blocks, but got one without cuLaunchKernelEx");
  mgpuModuleUnload(module);
}
