//===- Tile.cpp - layer ops to parallel slabs ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"
#include "Tiling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMTILE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static ArrayRef<int64_t> getShape(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

/// Returns true if the op takes no statistics and no sums, so that it has no
/// use for slabs.
static bool isElementwise(NormLayerOpInterface op) {
  if (auto gradient = dyn_cast<BatchNormInferenceGradOp>(*op))
    return !gradient.getScaleGradient() && !gradient.getBiasGradient();
  return isa<BatchNormInferenceOp>(op);
}

namespace {
struct Tile : public norm::impl::NormTileBase<Tile> {
  using NormTileBase::NormTileBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "min-slabs", minSlabs)))
      return signalPassFailure();
    SmallVector<TilingInterface> ops;
    getOperation()->walk([&](NormLayerOpInterface op) {
      if (!isElementwise(op) &&
          cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics() &&
          !llvm::is_contained(getShape(op.getInput()), 0) &&
          !op.getLengths() && // Which norm-expand-lengths makes a mask of.
          !op->getParentOfType<scf::ForallOp>())
        ops.push_back(cast<TilingInterface>(*op));
    });
    IRRewriter rewriter(&getContext());
    for (TilingInterface op : ops)
      if (failed(tile(op, rewriter)))
        return signalPassFailure();
  }

  /// Returns, for each loop of the op, whether it is tiled, one iteration a
  /// tile: those over axes outside of the last reduced one. What is inside of
  /// it stays whole, so that rows are read as they lie in memory.
  static SmallVector<bool> selectLoops(NormLayerOpInterface op) {
    SmallVector<int64_t> kept = llvm::map_to_vector(
        op.getStatisticsDims(), [](LayerDim dim) { return dim.axis; });
    SmallVector<int64_t> reduced = getOtherAxes(getRank(op.getInput()), kept);
    return llvm::map_to_vector(kept, [&](int64_t axis) {
      return reduced.empty() || axis < reduced.back();
    });
  }

  LogicalResult tile(TilingInterface op, IRRewriter &rewriter) {
    SmallVector<bool> selected = selectLoops(cast<NormLayerOpInterface>(*op));
    // What sums over slabs cannot be tiled by them.
    for (auto [type, isSelected] :
         llvm::zip_equal(op.getLoopIteratorTypes(), selected))
      isSelected &= type == utils::IteratorType::parallel;
    rewriter.setInsertionPoint(op);
    int64_t slabs = 1;
    SmallVector<int64_t> tileSizes;
    for (auto [range, isSelected] :
         llvm::zip_equal(op.getIterationDomain(rewriter), selected)) {
      tileSizes.push_back(isSelected ? 1 : 0);
      if (isSelected && slabs < minSlabs)
        slabs *= getConstantIntValue(range.size).value_or(minSlabs);
    }
    if (!llvm::is_contained(selected, true) || slabs < minSlabs)
      return success();
    return tileInParallel(rewriter, op, tileSizes);
  }
};
} // namespace
