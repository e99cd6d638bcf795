//===- OpenMPRuntime.cpp - LLVM's OpenMP runtime --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpenMPRuntime.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::norm;
using llvm::Expected;

Expected<OpenMPRuntime *> OpenMPRuntime::get() {
  static std::string error;
  static OpenMPRuntime *instance = []() -> OpenMPRuntime * {
    static OpenMPRuntime runtime;
    auto fail = [] {
      const char *reason = dlerror();
      error = reason ? reason : "an incomplete library";
      return nullptr;
    };
    // Threads of the runtime outlive us, so it is never closed.
    runtime.handle = dlopen("libomp.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!runtime.handle)
      return fail();
    auto bind = [&](auto &function, const char *name) {
      function = reinterpret_cast<std::decay_t<decltype(function)>>(
          dlsym(runtime.handle, name));
      return function != nullptr;
    };
    if (!bind(runtime.setNumThreads, "omp_set_num_threads") ||
        !bind(runtime.getMaxThreads, "omp_get_max_threads") ||
        !bind(runtime.inParallel, "omp_in_parallel") ||
        !bind(runtime.setBlocktime, "kmp_set_blocktime"))
      return fail();
    runtime.defaultThreads = runtime.getMaxThreads();
    return &runtime;
  }();
  if (!instance)
    return llvm::createStringError(
        "expected LLVM's OpenMP runtime, libomp.so.5, to be installed, but "
        "got: " +
        error);
  return instance;
}

bool OpenMPRuntime::owns(StringRef name) {
  return name.starts_with("__kmpc_") || name.starts_with("omp_") ||
         name.starts_with("kmp_");
}

void *OpenMPRuntime::find(StringRef name) const {
  return dlsym(handle, name.str().c_str());
}

void OpenMPRuntime::configure(unsigned threads,
                              std::optional<unsigned> blockTime) const {
  setNumThreads(threads ? static_cast<int>(threads) : defaultThreads);
  if (blockTime)
    setBlocktime(static_cast<int>(*blockTime));
}

bool OpenMPRuntime::isInParallel() const { return inParallel() != 0; }
