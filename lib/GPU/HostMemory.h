//===- HostMemory.h - Memory that only the host uses ------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_HOSTMEMORY_H
#define NORM_LIB_GPU_HOSTMEMORY_H

#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::norm {

/// Separates what the host allocates for itself, such as the lists that decide
/// which buffers are freed, from what kernels use. The former goes to the stack
/// of `function`, and the latter into `memref.alloc` ops, which the block that
/// they are in frees at its end.
void placeHostMemory(FunctionOpInterface function, RewriterBase &rewriter);

/// Returns true if `memref` is memory of the host alone.
bool isHostMemory(Value memref);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_HOSTMEMORY_H
