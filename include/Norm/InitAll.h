//===- InitAll.h - one call that registers all of Norm ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INITALL_H
#define NORM_INITALL_H

#include "Norm/Affine/Passes.h"
#include "Norm/Conversion/Passes.h"
#include "Norm/GPU/Passes.h"
#include "Norm/IR/ExternalModels.h"
#include "Norm/IR/Norm.h"
#include "Norm/Pipelines/Pipelines.h"
#include "Norm/Transforms/Passes.h"

namespace mlir::norm {

/// Registers the dialect and its interfaces with `registry`.
inline void registerDialect(DialectRegistry &registry) {
  registry.insert<NormDialect>();
  registerPartialReductionExternalModels(registry);
  registerBufferizableOpInterfaceExternalModels(registry);
  registerShardingInterfaceExternalModels(registry);
}

/// Registers all passes and pipelines with the global pass registry.
inline void registerPasses() {
  registerNormAffinePasses();
  registerNormConversionPasses();
  registerNormGPUPasses();
  registerNormTransformsPasses();
  registerPipelines();
}

/// Registers all of Norm, and what its pipelines need from upstream.
inline void registerAll(DialectRegistry &registry) {
  registerDialect(registry);
  registerPipelineDependencies(registry);
  registerPasses();
}

} // namespace mlir::norm

#endif // NORM_INITALL_H
