//===- Prefetch.h - what the prefetching passes share -----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_PREFETCH_H
#define NORM_LIB_AFFINE_PREFETCH_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"

#include <optional>

namespace mlir::norm {

/// Returns the number of bytes of a memref of static shape.
std::optional<int64_t> getNumBytes(MemRefType type);

enum class CacheLevel { First, Second };

/// Inserts, before `load`, a prefetch of the same place of `memref`, into the
/// cache of `level`; or of the place that `map` makes of the operands of
/// `load`.
void prefetchLike(affine::AffineVectorLoadOp load, Value memref,
                  CacheLevel level, AffineMap map = {});

/// Returns true if the nest at `loop` has non-temporal stores.
bool hasStreamingStores(affine::AffineForOp loop);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_PREFETCH_H
