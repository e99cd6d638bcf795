//===- PipelineRegistration.h - Pipelines by target -------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_PIPELINES_PIPELINEREGISTRATION_H
#define NORM_LIB_PIPELINES_PIPELINEREGISTRATION_H

namespace mlir::norm {

void registerCPUPipelines();
void registerGPUPipelines();

} // namespace mlir::norm

#endif // NORM_LIB_PIPELINES_PIPELINEREGISTRATION_H
