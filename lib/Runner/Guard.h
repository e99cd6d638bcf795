//===- Guard.h - Failures inside compiled code ------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_GUARD_H
#define NORM_LIB_RUNNER_GUARD_H

#include "mlir/Support/LLVM.h"

#include "llvm/Support/Error.h"

namespace mlir::norm {

/// Calls `body`, which calls compiled code, or our runtimes. Fails with the
/// message if a check fails in them: then the frames of `body` are left as they
/// are, so that they must have nothing to destroy. Calls may nest.
llvm::Error callGuarded(llvm::function_ref<void()> body);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_GUARD_H
