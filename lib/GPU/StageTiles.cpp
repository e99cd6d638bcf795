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

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUSTAGETILES
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The alignment of a tile in workgroup memory.
static constexpr int64_t kAlignment = 128;

/// Returns the bytes of a tensor of floats, or nothing if it has another type
/// or dynamic sizes.
static std::optional<int64_t> getFloatBytes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !isa<FloatType>(type.getElementType()))
    return std::nullopt;
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
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

/// Returns how many bytes ops read of `value`, which is `tile` or a part of it,
/// or nothing if they do something else with it.
static std::optional<int64_t> countReads(Value value, Value tile,
                                         scf::ForallOp block) {
  int64_t reads = 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<tensor::ExtractSliceOp, tensor::ExpandShapeOp,
            tensor::CollapseShapeOp>(user)) {
      std::optional<int64_t> part = countReads(user->getResult(0), tile, block);
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
    // Parts of unknown sizes are chunks, which are all of the tile together.
    std::optional<int64_t> bytes = getFloatBytes(value),
                           runs = countRuns(op, block);
    reads += bytes && runs ? *bytes * *runs : *getFloatBytes(tile);
  }
  return reads;
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
    for (auto tile : llvm::make_early_inc_range(
             block.getBody()->getOps<tensor::ExtractSliceOp>())) {
      std::optional<int64_t> bytes = getFloatBytes(tile);
      if (!bytes || *bytes == 0 || used + *bytes > tileBytes ||
          !block.isDefinedOutsideOfLoop(tile.getSource()))
        continue;
      // What is read again is worth it if it is more than a few elements.
      std::optional<int64_t> reads = countReads(tile, tile, block);
      if (!reads || *reads < *bytes + *bytes / 4)
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
  }
};
} // namespace
