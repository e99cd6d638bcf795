//===- LaunchMemory.h - Buffers of kernels ----------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_LAUNCHMEMORY_H
#define NORM_LIB_GPU_LAUNCHMEMORY_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// Finds a place for what is allocated and staged in `launch`: tiles in
/// workgroup memory whose size the launch tells, `workgroupBytes` of the rest
/// in workgroup memory of known size, single elements in private memory, and
/// what is left in shares of memory that the host allocates.
LogicalResult placeBuffers(gpu::LaunchOp launch, int64_t workgroupBytes,
                           RewriterBase &rewriter);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_LAUNCHMEMORY_H
