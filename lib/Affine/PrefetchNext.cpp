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
#include "Prefetch.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEPREFETCHNEXT
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

namespace {
struct PrefetchNext
    : public norm::impl::NormAffinePrefetchNextBase<PrefetchNext> {
  using NormAffinePrefetchNextBase::NormAffinePrefetchNextBase;

  void runOnOperation() override {
    if (maxSlab > 0)
      getOperation()->walk([&](scf::ParallelOp loop) { visit(loop); });
  }

  void visit(scf::ParallelOp parallel) {
    norm::NextViews views(parallel);
    // Of buffers of unknown sizes, by their roots.
    DenseMap<Value, norm::NextViews> dynamicViews;
    SmallVector<AffineForOp> nests;
    parallel.getBody()->walk<WalkOrder::PreOrder>([&](AffineForOp loop) {
      nests.push_back(loop);
      return WalkResult::skip();
    });
    // What nests read, by the buffers' roots.
    SmallVector<std::pair<AffineForOp, DenseSet<Value>>> reads;
    for (AffineForOp nest : nests) {
      DenseSet<Value> alreadyRead, read, readAgain;
      // Another version of this nest does not run before it.
      for (auto &[earlier, roots] : reads)
        if (!insideMutuallyExclusiveRegions(earlier, nest))
          alreadyRead.insert(roots.begin(), roots.end());
      SmallVector<AffineVectorLoadOp> loads;
      nest.walk([&](AffineVectorLoadOp load) {
        loads.push_back(load);
        Value root = norm::getBufferRoot(load.getMemRef());
        read.insert(root);
        if (alreadyRead.contains(root))
          readAgain.insert(root);
      });
      reads.emplace_back(nest, std::move(read));
      if (readAgain.empty() || !norm::hasStreamingStores(nest))
        continue;
      // What there is room for is for all of them.
      int64_t limit = maxSlab / int64_t(readAgain.size());
      for (AffineVectorLoadOp load : loads) {
        Value root = norm::getBufferRoot(load.getMemRef());
        if (!readAgain.contains(root))
          continue;
        if (std::optional<int64_t> bytes =
                norm::getNumBytes(load.getMemRefType())) {
          if (*bytes <= limit)
            prefetch(load, views);
        } else if (parallel.isDefinedOutsideOfLoop(root)) {
          prefetch(load, dynamicViews
                             .try_emplace(root, parallel,
                                          makeFits(parallel, root, limit))
                             .first->second);
        }
      }
    }
  }

  /// Tests, before the loop, that what an iteration reads of `root` are at most
  /// `maxBytes`.
  Value makeFits(scf::ParallelOp parallel, Value root, int64_t maxBytes) {
    OpBuilder b(parallel);
    Location loc = parallel.getLoc();
    auto type = cast<MemRefType>(root.getType());
    auto multiply = [&](Value a, Value c) -> Value {
      return arith::MulIOp::create(b, loc, a, c);
    };
    Value bytes = arith::ConstantIndexOp::create(
        b, loc, llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    for (int64_t dim : llvm::seq(type.getRank()))
      bytes = multiply(bytes, memref::DimOp::create(b, loc, root, dim));
    Value limit = arith::ConstantIndexOp::create(b, loc, maxBytes);
    for (auto [lower, upper, step] :
         llvm::zip_equal(parallel.getLowerBound(), parallel.getUpperBound(),
                         parallel.getStep())) {
      Value length = arith::SubIOp::create(b, loc, upper, lower);
      limit = multiply(limit, arith::CeilDivUIOp::create(b, loc, length, step));
    }
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, bytes,
                                 limit);
  }

  void prefetch(AffineVectorLoadOp load, norm::NextViews &views) {
    Value next = views.get(load.getMemRef());
    if (!next)
      return;
    norm::prefetchLike(load, next, norm::CacheLevel::Second);
  }
};
} // namespace
