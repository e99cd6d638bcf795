//===- Passes.h - GPU passes ------------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes that turn loops and linalg ops on memrefs into GPU kernels. They know
// nothing of normalization.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_PASSES_H
#define NORM_GPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::norm {

#define GEN_PASS_DECL
#include "Norm/GPU/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "Norm/GPU/Passes.h.inc"

} // namespace mlir::norm

#endif // NORM_GPU_PASSES_H
