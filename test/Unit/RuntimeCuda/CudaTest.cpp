//===- CudaTest.cpp - The GPU runtime over a driver that only pretends ----===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Cuda.h"
#include "Norm/Runtime/Devices.h"
#include "Norm/Runtime/Runtime.h"

#include <gtest/gtest.h>

#include <csetjmp>
#include <dlfcn.h>
#include <string>

// What host code calls, as the lowering of the gpu dialect declares it.
extern "C" {
void *mgpuModuleLoad(const void *image, size_t size);
void mgpuModuleUnload(void *module);
void *mgpuModuleGetFunction(void *module, const char *name);
void mgpuLaunchKernel(void *function, intptr_t gridX, intptr_t gridY,
                      intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                      intptr_t blockZ, int32_t bytes, void *stream,
                      void **arguments, void **extra, size_t count);
void mgpuLaunchClusterKernel(void *function, intptr_t clusterX,
                             intptr_t clusterY, intptr_t clusterZ,
                             intptr_t gridX, intptr_t gridY, intptr_t gridZ,
                             intptr_t blockX, intptr_t blockY, intptr_t blockZ,
                             int32_t bytes, void *stream, void **arguments,
                             void **extra, size_t count);
void *mgpuStreamCreate(void);
void mgpuStreamSynchronize(void *stream);
void mgpuStreamDestroy(void *stream);
}

namespace {

std::jmp_buf failureTarget;
std::string failure;

void onFailure(const char *message) {
  failure = message;
  std::longjmp(failureTarget, 1);
}

/// Calls `function` and returns the message if it fails.
template <typename Function> std::string getFailure(Function function) {
  failure.clear();
  NormRuntimeFailHandler former = normRuntimeSetFailHandler(onFailure);
  if (setjmp(failureTarget) == 0)
    function();
  normRuntimeSetFailHandler(former);
  return failure;
}

template <typename Function> Function *find(const char *name) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW);
  return reinterpret_cast<Function *>(dlsym(library, name));
}

std::string takeRecord() {
  return find<const char *()>("fakeCudaTakeRecord")();
}

void launch(void *function, intptr_t blocks, int32_t bytes) {
  void *stream = mgpuStreamCreate();
  int value = 42;
  void *arguments[] = {&value};
  mgpuLaunchKernel(function, blocks, 1, 1, 256, 1, 1, bytes, stream, arguments,
                   nullptr, 1);
  mgpuStreamSynchronize(stream);
  mgpuStreamDestroy(stream);
}

// Modules load when the first kernel of them is launched; a launch neither
// allocates nor waits.
TEST(CudaTest, launches) {
  void *module = mgpuModuleLoad("image", 5);
  EXPECT_EQ(takeRecord(), "");
  static const char name[] = "kernel";
  launch(mgpuModuleGetFunction(module, name), 7, 0);
  EXPECT_EQ(takeRecord(),
            "init 0\nretain 0\nset context\nload image\n"
            "find kernel\n"
            "launch kernel 7,1,1 256,1,1 0 stream 0 argument 42\n");
  int stream = 3;
  normCudaSetStream(&stream);
  launch(mgpuModuleGetFunction(module, name), 8, 1000);
  EXPECT_EQ(takeRecord(),
            "launch kernel 8,1,1 256,1,1 1000 stream 3 argument 42\n");
  // More workgroup memory than any kernel may have must be allowed, once.
  launch(mgpuModuleGetFunction(module, name), 8, 100000);
  launch(mgpuModuleGetFunction(module, name), 0, 100000);
  launch(mgpuModuleGetFunction(module, name), 9, 90000);
  EXPECT_EQ(takeRecord(),
            "allow kernel 8=100000\n"
            "launch kernel 8,1,1 256,1,1 100000 stream 3 argument 42\n"
            "launch kernel 9,1,1 256,1,1 90000 stream 3 argument 42\n");
  normCudaSynchronize();
  EXPECT_EQ(takeRecord(), "wait 3\n");
  normCudaSetStream(nullptr);
  mgpuModuleUnload(module);
  EXPECT_EQ(takeRecord(), "unload image\n");
}

// Clusters of blocks are an attribute of the launch.
TEST(CudaTest, clusters) {
  void *module = mgpuModuleLoad("image", 5);
  static const char name[] = "clustered";
  int value = 42, stream = 3;
  void *arguments[] = {&value};
  auto launchClusters = [&](intptr_t blocks, int32_t bytes) {
    mgpuLaunchClusterKernel(mgpuModuleGetFunction(module, name), 4, 1, 2,
                            blocks, 5, 2, 256, 3, 1, bytes, &stream, arguments,
                            nullptr, 1);
  };
  launchClusters(8, 100000);
  takeRecord();
  launchClusters(8, 200000);
  EXPECT_EQ(takeRecord(),
            "allow clustered 8=200000\n"
            "attribute 4=4,1,2\n"
            "launch clustered 8,5,2 256,3,1 200000 stream 3 argument 42\n");
  launchClusters(0, 200000);
  EXPECT_EQ(takeRecord(), "");
  find<void(int)>("fakeCudaFail")(1);
  EXPECT_EQ(getFailure([&] { launchClusters(8, 0); }),
            "expected cuLaunchKernelEx to succeed, but got "
            "CUDA_ERROR_ILLEGAL_ADDRESS: as asked");
  mgpuModuleUnload(module);
  takeRecord();
}

// There are as many blocks as can run at once, of a processor and of three.
TEST(CudaTest, cooperative) {
  void *module = mgpuModuleLoad("image", 5);
  static const char name[] = "kernel_cooperative";
  void *function = mgpuModuleGetFunction(module, name);
  takeRecord();
  launch(function, 5, 0);
  launch(function, 100, 0);
  launch(function, 100, 40000);
  launch(function, 0, 0);
  EXPECT_EQ(takeRecord(),
            "together: launch kernel_cooperative 5,1,1 256,1,1 0 stream 0 "
            "argument 42\n"
            "together: launch kernel_cooperative 6,1,1 256,1,1 0 stream 0 "
            "argument 42\n"
            "together: launch kernel_cooperative 3,1,1 256,1,1 40000 stream 0 "
            "argument 42\n");
  EXPECT_EQ(getFailure([&] { launch(function, 1, 70000); }),
            "expected a GPU that has room for a block of the kernel, but got "
            "one without");
  mgpuModuleUnload(module);
  takeRecord();
}

TEST(CudaTest, errors) {
  void *module = mgpuModuleLoad("image", 5);
  EXPECT_EQ(getFailure([&] { mgpuModuleGetFunction(module, "missing"); }),
            "expected missing to succeed, but got CUDA_ERROR_OTHER: as asked");
  void *function = mgpuModuleGetFunction(module, "kernel");
  find<void(int)>("fakeCudaFail")(1);
  EXPECT_EQ(getFailure([&] { launch(function, 1, 0); }),
            "expected cuLaunchKernel to succeed, but got "
            "CUDA_ERROR_ILLEGAL_ADDRESS: as asked");
  EXPECT_EQ(getFailure([&] { launch(function, 1, 0); }), "");
  mgpuModuleUnload(module);
  takeRecord();
}

// The pool keeps what is freed.
TEST(CudaTest, memory) {
  takeRecord();
  int in[4] = {1, 2, 3, 4}, out[4] = {};
  void *data = normCudaAllocate(sizeof in);
  normCudaCopyIn(data, in, sizeof in);
  normCudaCopyOut(out, data, sizeof in);
  normCudaFree(data);
  normCudaFree(nullptr);
  EXPECT_EQ(out[3], 4);
  EXPECT_EQ(takeRecord(), "pool 4 1\nallocate 16\nwait 0\nwait 0\nfree\n");
  normCudaFree(normCudaAllocate(0));
  EXPECT_EQ(takeRecord(), "allocate 1\nfree\n");
}

TEST(CudaTest, clears) {
  int data[] = {1, 2, 3}, stream = 3;
  EXPECT_EQ(normCudaGetStream(), nullptr);
  normCudaSetStream(&stream);
  EXPECT_EQ(normCudaGetStream(), &stream);
  takeRecord();
  normCudaClear(data, 2 * sizeof(int));
  normCudaSetStream(nullptr);
  EXPECT_EQ(takeRecord(), "clear 8 on stream 3\n");
  EXPECT_EQ(data[0] + data[1] + data[2], 3);
}

// A device alone gathers by a copy, and nobody writes from the host.
TEST(CudaTest, gathersAlone) {
  const int64_t description[] = {1, 1, 1, 0, 0};
  int64_t send[] = {1, 2}, receive[2] = {};
  int stream = 3;
  normDevicesSetTransport(normCudaGetTransport());
  EXPECT_TRUE(normDevicesAreOnGPU());
  normCudaSetStream(&stream);
  takeRecord();
  normDevicesAllGather(description, send, receive, sizeof send);
  EXPECT_EQ(takeRecord(), "copy 16 on stream 3\n");
  EXPECT_EQ(send[0], 1);
  EXPECT_EQ(receive[1], 2);
  normCudaSetStream(nullptr);
  normDevicesSetTransport(nullptr);
  EXPECT_FALSE(normDevicesAreOnGPU());
}

TEST(CudaTest, ticks) {
  EXPECT_EQ(normCudaTick(), 0);
  EXPECT_EQ(normCudaTick(), 0.25);
}

TEST(CudaTest, knowsTheArchitecture) {
  EXPECT_EQ(normCudaGetArchitecture(), 90);
}

} // namespace
