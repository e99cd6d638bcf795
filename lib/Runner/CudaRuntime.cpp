//===- CudaRuntime.cpp - Norm's runtime for GPUs --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaRuntime.h"
#include "Guard.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

CudaRuntime *CudaRuntime::open = nullptr;

static constexpr llvm::StringLiteral kLibrary = "libNormRuntimeCuda.so";

/// Opens the library beside this code, in the folder lib beside its folder, or
/// where the system's loader looks.
static void *openLibrary() {
  Dl_info info;
  SmallVector<std::string> names;
  void *here = reinterpret_cast<void *>(&openLibrary);
  if (dladdr(here, &info) && info.dli_fname) {
    // The system knows programs by what they were called.
    std::string file = info.dli_fname;
    if (!StringRef(file).contains(".so"))
      file = llvm::sys::fs::getMainExecutable(info.dli_fname, here);
    StringRef folder = llvm::sys::path::parent_path(file);
    names.push_back((folder + "/" + kLibrary).str());
    names.push_back((folder + "/../lib/" + kLibrary).str());
  }
  names.push_back(kLibrary.str());
  for (const std::string &name : names)
    if (void *handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL))
      return handle;
  return nullptr;
}

std::string CudaRuntime::load() {
  handle = openLibrary();
  if (!handle) {
    const char *reason = dlerror();
    return reason ? reason : "none";
  }
  auto bind = [&](auto &function, const char *name) {
    function =
        reinterpret_cast<std::decay_t<decltype(function)>>(dlsym(handle, name));
    return function != nullptr;
  };
  if (bind(getProblem, "normCudaGetProblem") &&
      bind(getArchitecture, "normCudaGetArchitecture") &&
      bind(allocate, "normCudaAllocate") && bind(free, "normCudaFree") &&
      bind(copyIn, "normCudaCopyIn") && bind(copyOut, "normCudaCopyOut") &&
      bind(synchronize, "normCudaSynchronize") && bind(tick, "normCudaTick") &&
      bind(setFailHandler, "normRuntimeSetFailHandler"))
    return {};
  return dlerror();
}

Expected<CudaRuntime *> CudaRuntime::get() {
  // What the driver starts outlives us, so it is never closed.
  static CudaRuntime runtime;
  static std::string missing = runtime.load();
  if (!missing.empty())
    return llvm::createStringError("expected the library " + kLibrary +
                                   " to be installed, but got: " + missing);
  if (const char *problem = runtime.getProblem())
    return llvm::createStringError(problem);
  open = &runtime;
  return &runtime;
}

void *CudaRuntime::find(StringRef name) const {
  return dlsym(handle, name.str().c_str());
}

std::string CudaRuntime::getChip() const {
  int architecture = 0, newest = 80;
  if (Error error = callGuarded([&] { architecture = getArchitecture(); }))
    llvm::consumeError(std::move(error));
  for (int chip : {86, 89, 90, 100, 103, 120})
    if (chip <= architecture)
      newest = chip;
  return "sm_" + llvm::utostr(newest);
}
