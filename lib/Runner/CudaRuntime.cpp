//===- CudaRuntime.cpp - Norm's runtime for GPUs --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaRuntime.h"
#include "Guard.h"

#include "llvm/ADT/StringExtras.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

CudaRuntime *CudaRuntime::open = nullptr;

Error CudaRuntime::load() {
  Expected<RuntimeLibrary> opened = RuntimeLibrary::open("NormRuntimeCuda");
  if (!opened)
    return opened.takeError();
  library = *opened;
  auto bind = [&](auto &function, const char *name) {
    return library->bind(function, name);
  };
  if (bind(getProblem, "normCudaGetProblem") &&
      bind(getArchitecture, "normCudaGetArchitecture") &&
      bind(allocate, "normCudaAllocate") && bind(free, "normCudaFree") &&
      bind(copyIn, "normCudaCopyIn") && bind(copyOut, "normCudaCopyOut") &&
      bind(synchronize, "normCudaSynchronize") && bind(tick, "normCudaTick") &&
      bind(getTransport, "normCudaGetTransport") &&
      bind(setFailHandler, "normRuntimeSetFailHandler"))
    return Error::success();
  return llvm::createStringError(dlerror());
}

Expected<CudaRuntime *> CudaRuntime::get() {
  static CudaRuntime runtime;
  static std::string missing = llvm::toString(runtime.load());
  if (!missing.empty())
    return llvm::createStringError(missing);
  if (const char *problem = runtime.getProblem())
    return llvm::createStringError(problem);
  open = &runtime;
  return &runtime;
}

void *CudaRuntime::find(StringRef name) const { return library->find(name); }

std::string CudaRuntime::getChip() const {
  int architecture = 0, newest = 80;
  if (Error error = callGuarded([&] { architecture = getArchitecture(); }))
    llvm::consumeError(std::move(error));
  for (int chip : {86, 89, 90, 100, 103, 120})
    if (chip <= architecture)
      newest = chip;
  return "sm_" + llvm::utostr(newest);
}
