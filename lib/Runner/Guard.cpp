//===- Guard.cpp - Failures inside compiled code --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "CudaRuntime.h"
#include "OpenMPRuntime.h"

#include "Norm/Runtime/Runtime.h"

#include <csetjmp>
#include <utility>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

namespace {
/// Where compiled code returns to when a check fails in it.
struct FailureTarget {
  std::jmp_buf buffer;
  std::string message;
};
} // namespace

static thread_local FailureTarget *failureTarget = nullptr;

/// Leaves compiled code with `message`.
static void onFailure(const char *message) {
  // A parallel region cannot be left.
  if (Expected<OpenMPRuntime *> openMP = OpenMPRuntime::get()) {
    if ((*openMP)->isInParallel())
      normRuntimeExit(message);
  } else {
    // Without a runtime, nothing is parallel.
    llvm::consumeError(openMP.takeError());
  }
  failureTarget->message = message;
  std::longjmp(failureTarget->buffer, 1);
}

static bool call(llvm::function_ref<void()> body, FailureTarget &target) {
  if (setjmp(target.buffer) != 0)
    return false;
  body();
  return true;
}

Error norm::callGuarded(llvm::function_ref<void()> body) {
  FailureTarget target;
  FailureTarget *outer = std::exchange(failureTarget, &target);
  NormRuntimeFailHandler handler = normRuntimeSetFailHandler(onFailure);
  // It has failures of its own.
  CudaRuntime *cuda = CudaRuntime::getIfOpen();
  NormRuntimeFailHandler cudaHandler =
      cuda ? cuda->setFailHandler(onFailure) : nullptr;
  bool succeeded = call(body, target);
  if (cuda)
    cuda->setFailHandler(cudaHandler);
  normRuntimeSetFailHandler(handler);
  failureTarget = outer;
  if (succeeded)
    return Error::success();
  return llvm::createStringError(target.message);
}
