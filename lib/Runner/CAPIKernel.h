//===- CAPIKernel.h - what the C interface hands out ------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_CAPIKERNEL_H
#define NORM_LIB_RUNNER_CAPIKERNEL_H

#include "Norm/Runner/CAPI.h"
#include "Norm/Runner/Jit.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

struct NormKernel {
  mlir::norm::Signature signature;
  std::unique_ptr<mlir::norm::CompiledFunction> compiled;
  /// Whether it is compiled for a GPU, in whose memory all arrays must be.
  bool isOnDevice = false;
  /// For the reference, the module and the function in it; its context last to
  /// be destroyed.
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::FunctionOpInterface function;
};

namespace mlir::norm {

/// Keeps the message of `error` for normGetLastError. Returns true if there is
/// one.
bool keepError(llvm::Error error);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_CAPIKERNEL_H
