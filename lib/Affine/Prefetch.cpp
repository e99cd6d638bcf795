//===- Prefetch.cpp - what the prefetching passes share -------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Prefetch.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::affine;

std::optional<int64_t> norm::getNumBytes(MemRefType type) {
  if (!type.hasStaticShape() || !type.getElementType().isIntOrFloat())
    return std::nullopt;
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

void norm::prefetchLike(AffineVectorLoadOp load, Value memref, CacheLevel level,
                        AffineMap map) {
  OpBuilder builder(load);
  AffinePrefetchOp::create(builder, load.getLoc(), memref,
                           map ? map : load.getMap(),
                           SmallVector<Value>(load.getMapOperands()),
                           /*isWrite=*/false,
                           /*localityHint=*/level == CacheLevel::First ? 3 : 2,
                           /*isDataCache=*/true);
}

bool norm::hasStreamingStores(AffineForOp loop) {
  return loop
      .walk([](vector::StoreOp store) {
        return store.getNontemporal() ? WalkResult::interrupt()
                                      : WalkResult::advance();
      })
      .wasInterrupted();
}
