//===- InitAll.h - one call that registers all of Norm ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INITALL_H
#define NORM_INITALL_H

#include "Norm/Conversion/Passes.h"
#include "Norm/IR/ExternalModels.h"
#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

namespace mlir::norm {

/// Registers the dialect and its interfaces with `registry`, and all passes and
/// pipelines with the global pass registry.
inline void registerAll(DialectRegistry &registry) {
  registry.insert<NormDialect>();
  registerTilingInterfaceExternalModels(registry);
  registerBufferizableOpInterfaceExternalModels(registry);
  registerNormConversionPasses();
  registerNormTransformsPasses();
}

} // namespace mlir::norm

#endif // NORM_INITALL_H
