//===- PrefetchChunks.cpp - prefetch for the next sequential iteration ----===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream has no pass that inserts prefetches.
//
//===----------------------------------------------------------------------===//

#include "NextViews.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEPREFETCHCHUNKS
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// The loads of one memref in a nest, by innermost loops: there is one for a
/// tail, and there may be several strips.
struct NestLoads {
  AffineForOp nest;
  llvm::MapVector<Block *, SmallVector<AffineVectorLoadOp>> blocks;
};

/// Returns true if both nests walk over the same places.
static bool haveSameBounds(AffineForOp a, AffineForOp b) {
  return a.getLowerBoundMap() == b.getLowerBoundMap() &&
         a.getUpperBoundMap() == b.getUpperBoundMap() &&
         llvm::equal(a.getLowerBoundOperands(), b.getLowerBoundOperands()) &&
         llvm::equal(a.getUpperBoundOperands(), b.getUpperBoundOperands()) &&
         a.getStepAsInt() == b.getStepAsInt();
}

/// Returns true if the loop around `load` walks along the innermost dimension.
static bool isAlongRow(AffineVectorLoadOp load) {
  auto loop = dyn_cast<AffineForOp>(load->getParentOp());
  AffineExpr last = load.getAffineMap().getResults().back();
  return loop && llvm::any_of(
                     llvm::enumerate(load.getMapOperands()), [&](auto operand) {
                       return operand.value() == loop.getInductionVar() &&
                              last.isFunctionOfDim(operand.index());
                     });
}

namespace {
struct PrefetchChunks
    : public norm::impl::NormAffinePrefetchChunksBase<PrefetchChunks> {
  void runOnOperation() override {
    getOperation()->walk([&](scf::ForOp loop) { visit(loop); });
  }

  static void visit(scf::ForOp loop) {
    // By memrefs, and by where nests walk, so that a tail is apart.
    llvm::MapVector<Value, SmallVector<SmallVector<NestLoads>>> readers;
    for (auto nest : loop.getOps<AffineForOp>()) {
      llvm::MapVector<Value, NestLoads> loads;
      nest.walk([&](AffineVectorLoadOp load) {
        if (isAlongRow(load))
          loads[load.getMemRef()].blocks[load->getBlock()].push_back(load);
      });
      for (auto &[memref, nestLoads] : loads) {
        nestLoads.nest = nest;
        auto &classes = readers[memref];
        auto *found = llvm::find_if(classes, [&](ArrayRef<NestLoads> nests) {
          return haveSameBounds(nests.front().nest, nest);
        });
        if (found == classes.end())
          found = &classes.emplace_back();
        found->push_back(std::move(nestLoads));
      }
    }
    norm::NextViews views(loop);
    for (auto &[memref, classes] : readers)
      for (ArrayRef<NestLoads> nests : classes)
        // What is read once is read from memory all the time.
        if (nests.size() > 1)
          if (Value next = views.get(memref))
            share(nests, next);
  }

  /// Lets each of the nests prefetch a share of `next`.
  static void share(ArrayRef<NestLoads> nests, Value next) {
    for (auto [place, nest] : llvm::enumerate(nests))
      for (auto &[block, loads] : nest.blocks)
        for (auto [i, load] : llvm::enumerate(loads))
          // A single load is left to the last nest, which computes most.
          if (((i + 1) * nests.size() - 1) / loads.size() == place)
            norm::prefetchLike(load, next, norm::CacheLevel::First);
  }
};
} // namespace
