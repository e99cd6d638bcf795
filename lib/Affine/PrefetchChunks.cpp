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
#include "Prefetch.h"

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

/// The nests that read each memref, by where they walk, so that a tail is
/// apart.
using Readers = llvm::MapVector<Value, SmallVector<SmallVector<NestLoads>>>;

/// In bytes: a run that is too short for the processor's own prefetching, and
/// how far ahead of its use memory is asked for.
static constexpr int64_t kShortRun = 2048, kAhead = 16384;

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
    Readers readers;
    SmallVector<AffineForOp> nests;
    loop.getBody()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto nest = dyn_cast<AffineForOp>(op))
        nests.push_back(nest);
      return isa<AffineForOp, scf::ForOp>(op) ? WalkResult::skip()
                                              : WalkResult::advance();
    });
    for (AffineForOp nest : nests) {
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
    norm::NextViews later(loop, getDistance(readers, views));
    for (auto &[memref, classes] : readers)
      for (ArrayRef<NestLoads> nests : classes) {
        bool isLater = nests.size() == 1 && isShort(memref);
        if (Value next = (isLater ? later : views).get(memref))
          share(nests, next);
      }
  }

  /// Returns true if the processor would hardly follow the places of `memref`
  /// before they end.
  static bool isShort(Value memref) {
    std::optional<int64_t> bytes =
        norm::getNumBytes(cast<MemRefType>(memref.getType()));
    return !bytes || *bytes <= kShortRun;
  }

  /// Returns how many iterations ahead short runs are far enough away.
  static int64_t getDistance(const Readers &readers, norm::NextViews &views) {
    int64_t bytes = 0;
    for (auto &[memref, classes] : readers)
      if (views.has(memref) && isShort(memref))
        bytes += norm::getNumBytes(cast<MemRefType>(memref.getType()))
                     .value_or(kAhead);
    return llvm::divideCeil(kAhead, std::max<int64_t>(bytes, 1));
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
