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

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEPREFETCHNEXT
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// Returns the number of bytes of a memref of static shape.
static std::optional<int64_t> getNumBytes(MemRefType type) {
  if (!type.hasStaticShape() || !type.getElementType().isIntOrFloat())
    return std::nullopt;
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

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
/// Makes the views that the next iteration of one parallel loop uses.
class NextViews {
public:
  explicit NextViews(scf::ParallelOp loop) : loop(loop) {}

  /// Returns the form of `view` in the next iteration; null if it is the same,
  /// or is made by other ops than views and index arithmetic.
  Value get(Value view) {
    if (!isClonable(view) || !dependsOnLoop(view))
      return {};
    mapVariable();
    return clone(view);
  }

private:
  bool isInside(Value value) {
    return loop.getBodyRegion().isAncestor(value.getParentRegion());
  }

  bool isClonable(Value value) {
    if (!isInside(value) || isa<BlockArgument>(value))
      return !isInside(value) || value.getParentBlock() == loop.getBody();
    Operation *op = value.getDefiningOp();
    return op->getBlock() == loop.getBody() &&
           isa<ViewLikeOpInterface, AffineApplyOp, arith::AddIOp,
               arith::MulIOp>(op) &&
           llvm::all_of(op->getOperands(),
                        [&](Value operand) { return isClonable(operand); });
  }

  bool dependsOnLoop(Value value) {
    if (value == loop.getInductionVars().back())
      return true;
    Operation *op = isInside(value) ? value.getDefiningOp() : nullptr;
    return op && llvm::any_of(op->getOperands(), [&](Value operand) {
             return dependsOnLoop(operand);
           });
  }

  /// Maps the innermost induction variable to its next value.
  void mapVariable() {
    Value variable = loop.getInductionVars().back();
    if (mapping.contains(variable))
      return;
    OpBuilder builder = OpBuilder::atBlockBegin(loop.getBody());
    Location loc = loop.getLoc();
    Value step = loop.getStep().back();
    Value next = arith::AddIOp::create(builder, loc, variable, step);
    Value last =
        arith::SubIOp::create(builder, loc, loop.getUpperBound().back(), step);
    mapping.map(variable, arith::MinSIOp::create(builder, loc, next, last));
  }

  Value clone(Value value) {
    if (Value mapped = mapping.lookupOrNull(value))
      return mapped;
    if (!isInside(value) || isa<BlockArgument>(value))
      return value;
    Operation *op = value.getDefiningOp();
    for (Value operand : op->getOperands())
      mapping.map(operand, clone(operand));
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    Operation *copy = builder.clone(*op, mapping);
    return copy->getResult(cast<OpResult>(value).getResultNumber());
  }

  scf::ParallelOp loop;
  IRMapping mapping;
};

struct PrefetchNext
    : public norm::impl::NormAffinePrefetchNextBase<PrefetchNext> {
  using NormAffinePrefetchNextBase::NormAffinePrefetchNextBase;

  void runOnOperation() override {
    getOperation()->walk([&](scf::ParallelOp loop) { visit(loop); });
  }

  void visit(scf::ParallelOp parallel) {
    NextViews views(parallel);
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

  void prefetch(AffineVectorLoadOp load, NextViews &views) {
    std::optional<int64_t> bytes = getNumBytes(load.getMemRefType());
    if (!bytes || *bytes > maxSlab)
      return;
    Value next = views.get(load.getMemRef());
    if (!next)
      return;
    OpBuilder builder(load);
    AffinePrefetchOp::create(builder, load.getLoc(), next, load.getMap(),
                             SmallVector<Value>(load.getMapOperands()),
                             /*isWrite=*/false, /*localityHint=*/2,
                             /*isDataCache=*/true);
  }
};
} // namespace
