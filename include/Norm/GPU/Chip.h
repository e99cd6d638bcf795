//===- Chip.h - what GPUs have ----------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares what the choice of a schedule needs to know of a GPU.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_CHIP_H
#define NORM_GPU_CHIP_H

#include "mlir/Support/LLVM.h"

#include <cstdint>

namespace mlir::norm {

/// The bytes of workgroup memory of a kernel, at most, that are not tiles.
inline constexpr int64_t kSmallBufferBytes = 32768;

/// Returns the bytes of workgroup memory that a block may use for tiles on
/// `chip`, such as sm_90: the maximum of a block, of which a kernel has to ask
/// for more than 48 KiB, without kSmallBufferBytes. Source: CUDA C++
/// Programming Guide, "Technical Specifications per Compute Capability". An
/// unknown chip has 48 KiB, as all have.
int64_t getTileBytes(llvm::StringRef chip);

/// The number of blocks of a cluster that every chip with clusters can run.
inline constexpr int64_t kMaxClusterSize = 8;

/// Returns true if `chip` has clusters of blocks, and memory that they share:
/// sm_90 and newer. An unknown chip has not.
bool hasClusters(llvm::StringRef chip);

} // namespace mlir::norm

#endif // NORM_GPU_CHIP_H
