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

#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"

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

/// The alignment of a tile in workgroup memory.
static constexpr int64_t kAlignment = 128;

/// The elements of a tile, at most, that count as nothing if its size is not
/// known.
static constexpr int64_t kFew = 64;

static bool isOfFloats(Value value) {
  return isa<RankedTensorType>(value.getType()) &&
         isa<FloatType>(getElementTypeOrSelf(value));
}

/// Returns the bytes of a tensor, or nothing if it has dynamic sizes.
static std::optional<int64_t> getBytes(Value value) {
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
  std::optional<int64_t> bytes = getBytes(part), all = getBytes(tile),
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

/// Returns true if ops read `tile` so often that a copy is worth it: if it is
/// more than a few elements that they read again.
static bool isWorthACopy(Value tile, scf::ForallOp block) {
  std::optional<double> reads = countReads(tile, tile, block);
  return reads && *reads >= 1.25;
}

namespace {
struct StageTiles : public norm::impl::NormGPUStageTilesBase<StageTiles> {
  using NormGPUStageTilesBase::NormGPUStageTilesBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](scf::ForallOp block) { stage(block, rewriter); });
  }

  void stage(scf::ForallOp block, IRRewriter &rewriter) {
    int64_t used = 0;
    SmallVector<tensor::ExtractSliceOp> unknown;
    for (auto tile : llvm::make_early_inc_range(
             block.getBody()->getOps<tensor::ExtractSliceOp>())) {
      if (!isOfFloats(tile) || !block.isDefinedOutsideOfLoop(tile.getSource()))
        continue;
      std::optional<int64_t> bytes = getBytes(tile);
      if (!bytes) {
        unknown.push_back(tile);
        continue;
      }
      if (*bytes == 0 || used + *bytes > tileBytes ||
          !isWorthACopy(tile, block))
        continue;
      rewriter.setInsertionPointAfter(tile);
      auto space = gpu::AddressSpaceAttr::get(
          &getContext(), gpu::GPUDialect::getWorkgroupAddressSpace());
      auto copy = bufferization::AllocTensorOp::create(
          rewriter, tile.getLoc(), tile.getType(), ValueRange(), tile,
          /*size_hint=*/Value(), space);
      rewriter.replaceAllUsesExcept(tile, copy, copy);
      used += llvm::alignTo(*bytes, kAlignment);
    }
    for (tensor::ExtractSliceOp tile : unknown) {
      if (used >= tileBytes || !isWorthACopy(tile, block))
        continue;
      rewriter.setInsertionPointAfter(tile);
      auto staged =
          StageOp::create(rewriter, tile.getLoc(), tile, tileBytes - used);
      rewriter.replaceUsesWithIf(tile, staged, [&](OpOperand &use) {
        return use.getOwner() != staged && !isa<tensor::DimOp>(use.getOwner());
      });
    }
  }
};
} // namespace
