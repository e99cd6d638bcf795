//===- FormClusters.cpp - parts of slabs to the blocks of clusters --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Affine/AccessUtils.h"
#include "ClusterMemory.h"
#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"
#include "Parts.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUFORMCLUSTERS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Makes clusters of the iterations of one loop over slabs.
class ClusterFormer {
public:
  ClusterFormer(scf::ForallOp slabs, ArrayRef<scf::ForallOp> loops,
                IRRewriter &rewriter)
      : slabs(slabs), loops(loops), parts(countParts(loops.front())),
        b(rewriter) {}

  LogicalResult run();

private:
  /// What the blocks of a cluster have to tell each other after a loop.
  struct Exchange {
    /// What a block has written of memory that all of them have.
    llvm::SmallSetVector<memref::SubViewOp, 4> pieces;
    /// Whether others read global memory that a block has written.
    bool needsBarrier = false;
  };

  void addAxis();
  LogicalResult keepOutputs();
  LogicalResult keepOutput(Value slice);
  FailureOr<Exchange> planExchange(scf::ForallOp loop);
  void inlineLoop(scf::ForallOp loop, const Exchange &exchange);
  LogicalResult shrinkTile(memref::AllocOp tile);

  bool isInSlab(Value value) {
    return slabs.getRegion().isAncestor(value.getParentRegion());
  }
  bool isInLoop(Operation *op) {
    return llvm::any_of(
        loops, [&](scf::ForallOp loop) { return loop->isAncestor(op); });
  }
  void wait(Location loc) {
    NVVM::ClusterWaitOp::create(b, loc, b.getUnitAttr());
  }
  void arrive(Location loc) {
    NVVM::ClusterArriveOp::create(b, loc, b.getUnitAttr());
  }

  scf::ForallOp slabs;
  SmallVector<scf::ForallOp> loops;
  int64_t parts;
  /// The number of a block in its cluster.
  Value rank;
  IRRewriter &b;
};

struct FormClusters : public norm::impl::NormGPUFormClustersBase<FormClusters> {
  void runOnOperation() override {
    SmallVector<std::pair<scf::ForallOp, SmallVector<scf::ForallOp>>> nests;
    getOperation()->walk([&](scf::ForallOp slabs) {
      SmallVector<scf::ForallOp> loops =
          llvm::to_vector(llvm::make_filter_range(
              slabs.getBody()->getOps<scf::ForallOp>(), isOverParts));
      if (!loops.empty())
        nests.emplace_back(slabs, loops);
    });
    IRRewriter rewriter(&getContext());
    for (auto &[slabs, loops] : nests)
      if (failed(ClusterFormer(slabs, loops, rewriter).run()))
        return signalPassFailure();
  }
};

} // namespace

LogicalResult ClusterFormer::run() {
  for (scf::ForallOp loop : loops)
    if (countParts(loop) != parts || loop.getNumResults() != 0 || parts < 1)
      return loop.emitOpError("expected loops over as many parts of memrefs "
                              "for all blocks of a cluster");
  addAxis();
  if (failed(keepOutputs()))
    return failure();
  SmallVector<memref::AllocOp> tiles;
  for (auto alloc : slabs.getBody()->getOps<memref::AllocOp>())
    if (gpu::GPUDialect::hasWorkgroupMemoryAddressSpace(alloc.getType()))
      tiles.push_back(alloc);
  SmallVector<Exchange> exchanges;
  for (scf::ForallOp loop : loops) {
    FailureOr<Exchange> exchange = planExchange(loop);
    if (failed(exchange))
      return failure();
    exchanges.push_back(*exchange);
  }
  llvm::SmallSetVector<Operation *, 4> shared;
  for (const Exchange &exchange : exchanges)
    for (memref::SubViewOp piece : exchange.pieces)
      shared.insert(piece.getSource().getDefiningOp());
  for (Operation *op : shared)
    moveToWorkgroup(op, b);
  for (auto [loop, exchange] : llvm::zip_equal(loops, exchanges))
    inlineLoop(loop, exchange);
  for (memref::AllocOp tile : tiles)
    if (failed(shrinkTile(tile)))
      return failure();
  return success();
}

void ClusterFormer::addAxis() {
  SmallVector<OpFoldResult> lower = slabs.getMixedLowerBound(),
                            upper = slabs.getMixedUpperBound(),
                            step = slabs.getMixedStep();
  lower.push_back(b.getIndexAttr(0));
  upper.push_back(b.getIndexAttr(parts));
  step.push_back(b.getIndexAttr(1));
  b.setInsertionPoint(slabs);
  auto clusters = scf::ForallOp::create(b, slabs.getLoc(), lower, upper, step,
                                        ValueRange(), std::nullopt);
  clusters->setAttr(kClusterAttrName, b.getUnitAttr());
  SmallVector<Value> indices = clusters.getInductionVars();
  rank = indices.pop_back_val();
  b.eraseOp(slabs.getTerminator());
  b.inlineBlockBefore(slabs.getBody(), clusters.getTerminator(), indices);
  b.eraseOp(slabs);
  slabs = clusters;
}

LogicalResult ClusterFormer::keepOutputs() {
  llvm::SmallSetVector<Value, 4> slices;
  WalkResult result = slabs.getBody()->walk([&](Operation *op) {
    bool isGood = true;
    if (!isInLoop(op))
      forEachAccess(op, [&](Value memref, bool isWrite) {
        if (!isWrite || isInSlab(getBufferRoot(memref)))
          return;
        Value slice =
            findView(memref, [&](Value view) { return isInSlab(view); });
        isGood &= slice && cast<MemRefType>(slice.getType()).hasStaticShape();
        slices.insert(slice);
      });
    if (isGood)
      return WalkResult::advance();
    op->emitOpError("expected to write slices of static sizes");
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return failure();
  for (Value slice : slices)
    if (failed(keepOutput(slice)))
      return failure();
  return success();
}

/// Gives each block a copy of `slice`, of global memory.
LogicalResult ClusterFormer::keepOutput(Value slice) {
  Location loc = slice.getLoc();
  Value root = getBufferRoot(slice);
  bool isRead = false, hasOthers = false;
  slabs.getBody()->walk([&](Operation *op) {
    forEachAccess(op, [&](Value memref, bool isWrite) {
      if (getBufferRoot(memref) != root)
        return;
      isRead |= !isWrite;
      hasOthers |= !findView(memref, [&](Value view) { return view == slice; });
    });
  });
  if (hasOthers)
    return slice.getDefiningOp()->emitOpError(
        "expected one slice of what the blocks of a cluster write");
  auto type = cast<MemRefType>(slice.getType());
  b.setInsertionPointAfterValue(slice);
  Value copy = memref::AllocaOp::create(
      b, loc, MemRefType::get(type.getShape(), type.getElementType()));
  if (failed(replaceView(slice, copy, b)))
    return failure();
  b.setInsertionPointAfterValue(copy);
  if (isRead)
    linalg::CopyOp::create(b, loc, slice, copy);
  b.setInsertionPoint(slabs.getTerminator());
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value isFirst =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rank, zero);
  scf::IfOp::create(b, loc, isFirst, [&](OpBuilder &nested, Location) {
    linalg::CopyOp::create(nested, loc, copy, slice);
    scf::YieldOp::create(nested, loc);
  });
  return success();
}

FailureOr<ClusterFormer::Exchange>
ClusterFormer::planExchange(scf::ForallOp loop) {
  Exchange exchange;
  auto isReadElsewhere = [&](Value root) {
    bool isRead = false;
    slabs.getBody()->walk([&](Operation *op) {
      if (!loop->isAncestor(op))
        forEachAccess(op, [&](Value memref, bool isWrite) {
          isRead |= !isWrite && getBufferRoot(memref) == root;
        });
    });
    return isRead;
  };
  WalkResult result = loop.getBody()->walk([&](Operation *op) {
    bool isGood = true;
    forEachAccess(op, [&](Value memref, bool isWrite) {
      Value root = getBufferRoot(memref);
      bool isOfLoop = loop.getRegion().isAncestor(root.getParentRegion());
      // Each block has its own part of a tile.
      if (!isWrite || isOfLoop ||
          gpu::GPUDialect::hasWorkgroupMemoryAddressSpace(
              cast<MemRefType>(root.getType())) ||
          !isReadElsewhere(root))
        return;
      if (!isInSlab(root)) {
        exchange.needsBarrier = true;
        return;
      }
      Value piece = findView(memref, [&](Value view) { return view != root; });
      auto slice = piece ? piece.getDefiningOp<memref::SubViewOp>() : nullptr;
      auto type = cast<MemRefType>(root.getType());
      isGood &= slice && loop->isAncestor(slice) && type.hasStaticShape() &&
                type.getLayout().isIdentity();
      exchange.pieces.insert(slice);
    });
    if (isGood)
      return WalkResult::advance();
    op->emitOpError("expected to write slices of memory that the blocks of a "
                    "cluster share");
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return failure();
  return exchange;
}

void ClusterFormer::inlineLoop(scf::ForallOp loop, const Exchange &exchange) {
  Location loc = loop.getLoc();
  b.setInsertionPoint(loop);
  // The others have to be done with what is written to them.
  if (!exchange.pieces.empty())
    arrive(loc);
  SmallVector<Value> indices = getPartIndices(b, loop, rank);
  b.eraseOp(loop.getTerminator());
  b.inlineBlockBefore(loop.getBody(), loop, indices);
  if (!exchange.pieces.empty()) {
    wait(loc);
    for (int64_t distance = 1; distance < parts; ++distance) {
      AffineExpr other = (b.getAffineDimExpr(0) + distance) % parts;
      Value peerRank = affine::AffineApplyOp::create(
          b, loc, AffineMap::get(1, 0, other), rank);
      for (memref::SubViewOp piece : exchange.pieces) {
        auto cast =
            piece.getSource().getDefiningOp<memref::MemorySpaceCastOp>();
        Value peer = PeerMemoryOp::create(b, loc, cast.getSource(), peerRank);
        Value place = sliceAlike(b, piece, peer);
        linalg::CopyOp::create(b, loc, piece.getResult(), place);
      }
    }
  }
  if (!exchange.pieces.empty() || exchange.needsBarrier) {
    arrive(loc);
    wait(loc);
  }
  b.eraseOp(loop);
}

/// Returns true if `offset` is the number of the part of each block.
static bool isRank(OpFoldResult offset, Value rank, int64_t parts) {
  auto value = dyn_cast<Value>(offset);
  if (!value)
    return false;
  AffineMap map = AffineMap::getMultiDimIdentityMap(1, value.getContext());
  SmallVector<Value> operands = {value};
  affine::fullyComposeAffineMapAndOperands(&map, &operands);
  affine::canonicalizeMapAndOperands(&map, &operands);
  if (operands != ArrayRef(rank))
    return false;
  Builder builder(value.getContext());
  return llvm::all_of(llvm::seq(parts), [&](int64_t number) {
    Attribute index = builder.getIndexAttr(number);
    SmallVector<Attribute> results;
    return succeeded(map.constantFold(index, results)) && results[0] == index;
  });
}

/// Lets each block have one part of `tile`.
LogicalResult ClusterFormer::shrinkTile(memref::AllocOp tile) {
  MemRefType type = tile.getType();
  SmallVector<memref::SubViewOp> slices;
  for (Operation *user : tile->getUsers()) {
    if (isa<memref::DeallocOp>(user))
      continue;
    auto slice = dyn_cast<memref::SubViewOp>(user);
    if (!slice || slice.getType().getShape() != type.getShape().drop_front() ||
        !isRank(slice.getMixedOffsets().front(), rank, parts))
      return user->emitOpError("expected the part of a block, but got ")
             << tile.getType();
    slices.push_back(slice);
  }
  b.setInsertionPoint(tile);
  Value part = memref::AllocOp::create(
      b, tile.getLoc(),
      MemRefType::get(type.getShape().drop_front(), type.getElementType(),
                      MemRefLayoutAttrInterface(), type.getMemorySpace()));
  for (memref::SubViewOp slice : slices) {
    if (failed(replaceView(slice, part, b)))
      return failure();
    b.eraseOp(slice);
  }
  for (Operation *user : llvm::make_early_inc_range(tile->getUsers()))
    b.eraseOp(user);
  b.eraseOp(tile);
  return success();
}
