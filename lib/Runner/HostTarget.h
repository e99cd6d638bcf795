//===- HostTarget.h - the host CPU ------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_HOSTTARGET_H
#define NORM_LIB_RUNNER_HOSTTARGET_H

#include "Norm/Pipelines/Pipelines.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace mlir::norm {

/// Creates a target machine for the host CPU with all its features.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createHostTargetMachine();

/// Sets the options that depend on what the host CPU has, and on how its
/// threads wait: those that sleep take longer to wake.
void setHostOptions(CPUPipelineOptions &options, bool passiveWaiting);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_HOSTTARGET_H
