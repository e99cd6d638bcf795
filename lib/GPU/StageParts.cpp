//===- StageParts.cpp - parts of tiles that are read again ----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parts.h"
#include "StageTiles.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::norm;

using Slices = SmallVector<tensor::ExtractSliceOp>;

/// Returns the bytes of what loops over parts give to the ops between them,
/// which norm-gpu-form-clusters puts into workgroup memory.
static int64_t countPartialBytes(scf::ForallOp block) {
  int64_t bytes = 0;
  for (auto loop : block.getBody()->getOps<scf::ForallOp>())
    for (Value result : loop.getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) {
            return user->getBlock() == block.getBody() &&
                   !isa<scf::ForallOp>(user);
          }))
        bytes +=
            llvm::alignTo(getTileBytes(result).value_or(0), kTileAlignment);
  return bytes;
}

/// Returns the part `number` of `all`, which has one index more for it.
static tensor::ExtractSliceOp getPart(OpBuilder &builder, Location loc,
                                      Value all, Value number,
                                      RankedTensorType type) {
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  SmallVector<OpFoldResult> offsets(type.getRank() + 1, zero), sizes = {one};
  offsets.front() = number;
  for (int64_t size : type.getShape())
    sizes.push_back(builder.getIndexAttr(size));
  SmallVector<OpFoldResult> strides(sizes.size(), one);
  return tensor::ExtractSliceOp::create(builder, loc, type, all, offsets, sizes,
                                        strides);
}

/// Returns the slices of `slab` that loops over parts take, if they are parts
/// of the same size that are worth a copy, or none. Adds others to `others`.
static Slices findParts(tensor::ExtractSliceOp slab, Slices &others) {
  Slices parts;
  double reads = 0;
  for (Operation *user : slab->getUsers()) {
    auto part = dyn_cast<tensor::ExtractSliceOp>(user);
    if (!part)
      continue;
    auto loop = dyn_cast<scf::ForallOp>(part->getParentOp());
    if (!loop || !isOverParts(loop)) {
      others.push_back(part);
      continue;
    }
    std::optional<int64_t> bytes = getTileBytes(part);
    std::optional<double> partReads = countReads(part, loop);
    if (!bytes || !partReads ||
        *bytes * countParts(loop) != *getTileBytes(slab))
      return {};
    reads += *partReads;
    parts.push_back(part);
  }
  return isWorthACopy(reads) ? parts : Slices();
}

/// Returns copies of all parts of a slab, which a loop of its own makes like
/// the one of `part`.
static Value copyParts(IRRewriter &rewriter, tensor::ExtractSliceOp slab,
                       tensor::ExtractSliceOp part) {
  Location loc = slab.getLoc();
  RankedTensorType type = part.getType();
  auto loop = cast<scf::ForallOp>(part->getParentOp());
  rewriter.setInsertionPointAfter(slab);
  SmallVector<int64_t> shape = {countParts(loop)};
  llvm::append_range(shape, type.getShape());
  Value all = allocateTile(rewriter, loc,
                           RankedTensorType::get(shape, type.getElementType()));
  auto copies = scf::ForallOp::create(
      rewriter, loc, loop.getMixedLowerBound(), loop.getMixedUpperBound(),
      loop.getMixedStep(), all, loop.getMapping());
  rewriter.setInsertionPoint(copies.getTerminator());
  IRMapping mapping;
  mapping.map(loop.getInductionVars(), copies.getInductionVars());
  // With what computes its offsets.
  BackwardSliceOptions inLoop(
      [&](Operation *op) { return op->getBlock() == loop.getBody(); });
  inLoop.inclusive = true;
  llvm::SetVector<Operation *> ops;
  (void)getBackwardSlice(part.getOperation(), &ops, inLoop);
  for (Operation *op : ops)
    rewriter.clone(*op, mapping);
  Value number = getPartNumber(rewriter, copies);
  tensor::ExtractSliceOp place =
      getPart(rewriter, loc, copies.getRegionIterArgs().front(), number, type);
  rewriter.setInsertionPointToEnd(copies.getTerminator().getBody());
  tensor::ParallelInsertSliceOp::create(
      rewriter, loc, mapping.lookup(part.getResult()), place.getSource(),
      place.getMixedOffsets(), place.getMixedSizes(), place.getMixedStrides());
  rewriter.eraseOp(place);
  return copies.getResult(0);
}

/// Lets what reads parts of `slab` read copies, if they have `room`, and
/// returns the bytes that one takes.
static int64_t stageParts(IRRewriter &rewriter, tensor::ExtractSliceOp slab,
                          scf::ForallOp block, int64_t room) {
  Slices others, parts = findParts(slab, others);
  if (parts.empty() || *getTileBytes(parts.front()) > room)
    return 0;
  int64_t used = llvm::alignTo(*getTileBytes(parts.front()), kTileAlignment);
  Value copies = copyParts(rewriter, slab, parts.front());
  for (tensor::ExtractSliceOp part : parts) {
    auto reader = cast<scf::ForallOp>(part->getParentOp());
    rewriter.setInsertionPoint(part);
    rewriter.replaceOp(part, getPart(rewriter, part.getLoc(), copies,
                                     getPartNumber(rewriter, reader),
                                     part.getType()));
  }
  // A few values that all threads read.
  for (tensor::ExtractSliceOp other : others)
    if (std::optional<int64_t> few = getTileBytes(other);
        few && *few <= kTileAlignment && used + kTileAlignment <= room)
      used += stageTile(rewriter, other, block);
  return used;
}

void norm::stageParts(IRRewriter &rewriter, scf::ForallOp block,
                      int64_t tileBytes) {
  int64_t used = countPartialBytes(block);
  for (auto slab : llvm::make_early_inc_range(
           block.getBody()->getOps<tensor::ExtractSliceOp>()))
    if (isOfBytes(slab) && getTileBytes(slab).value_or(0) != 0 &&
        block.isDefinedOutsideOfLoop(slab.getSource()))
      used += ::stageParts(rewriter, slab, block, tileBytes - used);
}
