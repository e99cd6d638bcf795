//===- Optimize.h - optimizations on LLVM IR --------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_OPTIMIZE_H
#define NORM_LIB_RUNNER_OPTIMIZE_H

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace mlir::norm {

/// Optimizes what norm-lower-to-cpu-pipeline has made. It is vectorized,
/// unrolled and inlined as far as it should be; the passes that LLVM does this
/// with would take half of the time that all others take.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_OPTIMIZE_H
