//===- StageTiles.cpp - tiles that are read again -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's promotion of linalg operands copies what one op reads; here, it is
// several ops that read a tile, one after the other.
//
//===----------------------------------------------------------------------===//

#include "StageTiles.h"
#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"
#include "Parts.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUSTAGETILES
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The elements of a tile, at most, that count as nothing if its size is not
/// known.
static constexpr int64_t kFew = 64;

bool norm::isOfBytes(Value value) {
  Type element = getElementTypeOrSelf(value);
  return isa<RankedTensorType>(value.getType()) && element.isIntOrFloat() &&
         (element.isInteger(1) || element.getIntOrFloatBitWidth() % 8 == 0);
}

std::optional<int64_t> norm::getTileBytes(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (!type.hasStaticShape())
    return std::nullopt;
  return type.getNumElements() *
         llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// Returns true if a tensor has few elements for sure.
static bool hasFew(Value value) {
  int64_t elements = 1;
  for (int64_t axis = 0;
       axis < cast<RankedTensorType>(value.getType()).getRank(); ++axis) {
    FailureOr<int64_t> size = ValueBoundsConstraintSet::computeConstantBound(
        presburger::BoundType::UB, {value, axis}, nullptr, /*closedUB=*/true);
    if (failed(size) || *size > kFew)
      return false;
    elements *= *size;
  }
  return elements <= kFew;
}

/// Returns how often `op` runs in one iteration of `block`, or nothing if a
/// loop has an unknown number of iterations.
static std::optional<int64_t> countRuns(Operation *op, scf::ForallOp block) {
  int64_t runs = 1;
  for (Operation *parent = op->getParentOp(); parent != block;
       parent = parent->getParentOp()) {
    auto loop = dyn_cast<scf::ForOp>(parent);
    std::optional<llvm::APInt> trips;
    if (loop)
      trips = loop.getStaticTripCount();
    if (!trips)
      return std::nullopt;
    runs *= trips->getSExtValue();
  }
  return runs;
}

/// Returns how often `op` reads `tile`, or which share of it, if it reads
/// `part` of it.
static double countReads(Operation *op, Value part, Value tile,
                         scf::ForallOp block) {
  std::optional<int64_t> bytes = getTileBytes(part), all = getTileBytes(tile),
                         runs = countRuns(op, block);
  if (bytes && all && runs)
    return double(*bytes) * *runs / *all;
  // Parts of unknown sizes are chunks, which are all of the tile together.
  return runs == 1 && hasFew(part) ? 0 : 1;
}

/// Returns how often ops read `tile` through `value`, which is all or a part of
/// it, or nothing if they do something else with it.
static std::optional<double> countReads(Value value, Value tile,
                                        scf::ForallOp block) {
  double reads = 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (!block->isProperAncestor(user))
      continue;
    if (isa<tensor::ExtractSliceOp, tensor::ExpandShapeOp,
            tensor::CollapseShapeOp>(user)) {
      std::optional<double> part = countReads(user->getResult(0), tile, block);
      if (!part)
        return std::nullopt;
      reads += *part;
      continue;
    }
    if (isa<tensor::DimOp>(user))
      continue;
    auto op = dyn_cast<linalg::LinalgOp>(user);
    if (!op || !op.isDpsInput(&use))
      return std::nullopt;
    reads += countReads(op, value, tile, block);
  }
  return reads;
}

std::optional<double> norm::countReads(Value tile, scf::ForallOp loop) {
  return ::countReads(tile, tile, loop);
}

bool norm::isWorthACopy(std::optional<double> reads) {
  return reads && *reads >= 1.25;
}

/// Lets `block` read what `makeCopy` makes of `tile`.
static void replaceTile(IRRewriter &rewriter, Value tile, scf::ForallOp block,
                        llvm::function_ref<Value()> makeCopy) {
  rewriter.setInsertionPointToStart(block.getBody());
  if (!block.isDefinedOutsideOfLoop(tile))
    rewriter.setInsertionPointAfterValue(tile);
  Value copy = makeCopy();
  rewriter.replaceUsesWithIf(tile, copy, [&](OpOperand &use) {
    Operation *user = use.getOwner();
    return user != copy.getDefiningOp() && !isa<tensor::DimOp>(user) &&
           block->isProperAncestor(user);
  });
}

Value norm::allocateTile(OpBuilder &builder, Location loc,
                         RankedTensorType type, Value copy) {
  auto space = gpu::AddressSpaceAttr::get(
      builder.getContext(), gpu::GPUDialect::getWorkgroupAddressSpace());
  return bufferization::AllocTensorOp::create(
      builder, loc, type, ValueRange(), copy, /*size_hint=*/Value(), space);
}

int64_t norm::stageTile(IRRewriter &rewriter, Value tile, scf::ForallOp block) {
  replaceTile(rewriter, tile, block, [&] {
    return allocateTile(rewriter, tile.getLoc(),
                        cast<RankedTensorType>(tile.getType()), tile);
  });
  return llvm::alignTo(*getTileBytes(tile), kTileAlignment);
}

/// Returns what an iteration of `block` reads of tensors from outside: slices,
/// or all of them.
static SmallVector<Value> findTiles(scf::ForallOp block) {
  llvm::SetVector<Value> tiles;
  auto isSliced = [&](Value value) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      return isa<tensor::ExtractSliceOp>(user) && block->isProperAncestor(user);
    });
  };
  block.getBody()->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      if (op->getParentOp() == block &&
          block.isDefinedOutsideOfLoop(slice.getSource()))
        tiles.insert(slice);
    } else if (auto computing = dyn_cast<linalg::LinalgOp>(op)) {
      for (Value input : computing.getDpsInputs())
        if (block.isDefinedOutsideOfLoop(input) && !isSliced(input))
          tiles.insert(input);
    }
  });
  return llvm::filter_to_vector(tiles, isOfBytes);
}

namespace {
struct StageTiles : public norm::impl::NormGPUStageTilesBase<StageTiles> {
  using NormGPUStageTilesBase::NormGPUStageTilesBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](scf::ForallOp block) {
      if (isOverParts(block))
        return;
      if (llvm::any_of(block.getBody()->getOps<scf::ForallOp>(), isOverParts))
        stageParts(rewriter, block, tileBytes);
      else
        stage(block, rewriter);
    });
  }

  void stage(scf::ForallOp block, IRRewriter &rewriter) {
    int64_t used = 0;
    SmallVector<Value> unknown;
    for (Value tile : findTiles(block)) {
      std::optional<int64_t> bytes = getTileBytes(tile);
      if (!bytes)
        unknown.push_back(tile);
      else if (*bytes != 0 && used + *bytes <= tileBytes &&
               isWorthACopy(countReads(tile, block)))
        used += stageTile(rewriter, tile, block);
    }
    for (Value tile : unknown)
      if (used < tileBytes && isWorthACopy(countReads(tile, block)))
        replaceTile(rewriter, tile, block, [&] {
          return StageOp::create(rewriter, tile.getLoc(), tile,
                                 tileBytes - used);
        });
  }
};
} // namespace
