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
#include <optional>
#include <string>

namespace mlir::norm {

/// Returns the number of `chip`, such as 90 of sm_90a, or 0 if it has none.
unsigned getChipNumber(llvm::StringRef chip);

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

/// The bytes that a thread can read or write at once on every chip, and in
/// workgroup memory on any.
inline constexpr int64_t kAccessBytes = 16;

/// The bytes that a thread can read or write at once on some chips.
inline constexpr int64_t kWideAccessBytes = 32;

/// Returns the version of PTX that `features` name, 88 for 8.8, or nothing.
std::optional<unsigned> findPTXVersion(llvm::StringRef features);

/// Returns the bytes that a thread can read or write at once on `chip`:
/// kWideAccessBytes on sm_100 and newer. An unknown chip has kAccessBytes.
/// `features` may name a version of PTX that is too old for them.
int64_t getAccessBytes(llvm::StringRef chip, llvm::StringRef features);

/// Returns `features`, with what accesses of `accessBytes` need on `chip`,
/// unless they name a version of PTX.
std::string addAccessFeatures(llvm::StringRef features, llvm::StringRef chip,
                              int64_t accessBytes);

} // namespace mlir::norm

#endif // NORM_GPU_CHIP_H
