//===- PrefetchNext.cpp - prefetch for the next parallel iteration --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream has no pass that inserts prefetches.
//
//===----------------------------------------------------------------------===//

#include "AccessUtils.h"
#include "NextViews.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEPREFETCHNEXT
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// Returns true if the nest at `loop` has non-temporal stores.
static bool hasStreamingStores(AffineForOp loop) {
  return loop
      .walk([](vector::StoreOp store) {
        return store.getNontemporal() ? WalkResult::interrupt()
                                      : WalkResult::advance();
      })
      .wasInterrupted();
}

namespace {
struct PrefetchNext
    : public norm::impl::NormAffinePrefetchNextBase<PrefetchNext> {
  using NormAffinePrefetchNextBase::NormAffinePrefetchNextBase;

  void runOnOperation() override {
    getOperation()->walk([&](scf::ParallelOp loop) { visit(loop); });
  }

  void visit(scf::ParallelOp parallel) {
    norm::NextViews views(parallel);
    // What earlier nests of an iteration have read, by the buffers' roots.
    DenseSet<Value> alreadyRead;
    SmallVector<AffineForOp> nests;
    parallel.getBody()->walk<WalkOrder::PreOrder>([&](AffineForOp loop) {
      nests.push_back(loop);
      return WalkResult::skip();
    });
    for (AffineForOp nest : nests) {
      bool streams = hasStreamingStores(nest);
      SmallVector<AffineVectorLoadOp> loads;
      nest.walk([&](AffineVectorLoadOp load) { loads.push_back(load); });
      for (AffineVectorLoadOp load : loads)
        if (streams &&
            alreadyRead.contains(norm::getBufferRoot(load.getMemRef())))
          prefetch(load, views);
      for (AffineVectorLoadOp load : loads)
        alreadyRead.insert(norm::getBufferRoot(load.getMemRef()));
    }
  }

  void prefetch(AffineVectorLoadOp load, norm::NextViews &views) {
    std::optional<int64_t> bytes = norm::getNumBytes(load.getMemRefType());
    if (!bytes || *bytes > maxSlab)
      return;
    Value next = views.get(load.getMemRef());
    if (!next)
      return;
    norm::prefetchLike(load, next, norm::CacheLevel::Second);
  }
};
} // namespace
