//===- HostTarget.h - the host CPU ------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_HOSTTARGET_H
#define NORM_LIB_RUNNER_HOSTTARGET_H

#include "Norm/Pipelines/Pipelines.h"
#include "Norm/Runner/Jit.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace mlir::norm {

/// Creates a target machine for what is selected. Fails if LLVM does not know
/// it, or if the host CPU cannot run code for it.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createHostTargetMachine(const CPUSelection &selection);

/// Sets the options that depend on what the CPU of `machine` has.
void setTargetOptions(CPUPipelineOptions &options,
                      const llvm::TargetMachine &machine);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_HOSTTARGET_H
