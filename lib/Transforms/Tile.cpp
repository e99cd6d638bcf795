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

/// The bytes of a slab, at most, that needs no strips: what is read ahead of it
/// by norm-affine-prefetch-next, by default.
static constexpr int64_t kWholeBytes = 4 << 20;

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
  /// it stays whole, so that rows are read as they lie in memory, or becomes
  /// strips of columns.
  static SmallVector<bool> selectLoops(NormLayerOpInterface op) {
    SmallVector<int64_t> kept = getKeptAxes(op);
    SmallVector<int64_t> reduced = getOtherAxes(getRank(op.getInput()), kept);
    return llvm::map_to_vector(kept, [&](int64_t axis) {
      return reduced.empty() || axis < reduced.back();
    });
  }

  static SmallVector<int64_t> getKeptAxes(NormLayerOpInterface op) {
    return llvm::map_to_vector(op.getStatisticsDims(),
                               [](LayerDim dim) { return dim.axis; });
  }

  /// Returns how many iterations of the innermost loop, one of `columns`,
  /// make a strip that stays in a cache from the statistics on until they are
  /// applied; 0 for no strips. `slabs` is the number of slabs without them.
  int64_t chooseStrip(NormLayerOpInterface op, int64_t columns, int64_t slabs) {
    auto type = cast<ShapedType>(op.getInput().getType());
    int64_t bytes = type.getElementTypeBitWidth() / 8;
    int64_t rowBytes = type.getShape().back() * bytes;
    int64_t wholeBytes = rowBytes;
    for (int64_t axis : getOtherAxes(type.getRank(), getKeptAxes(op)))
      wholeBytes *= type.getDimSize(axis);
    // Whole rows are faster to read.
    if (slabs >= minSlabs && wholeBytes <= kWholeBytes)
      return 0;
    // Whole lines, and enough of them that the memory keeps up.
    for (int64_t strips = 2; rowBytes / strips >= 256; ++strips)
      if (columns % strips == 0 && rowBytes / strips % 64 == 0 &&
          wholeBytes / strips <= stripBytes && slabs * strips >= minSlabs)
        return columns / strips;
    return 0;
  }

  /// Returns how many features of `op` one slab has: those whose rows together
  /// are whole lines, or one.
  int64_t chooseBlock(NormLayerOpInterface op) {
    auto type = cast<ShapedType>(op.getInput().getType());
    SmallVector<int64_t> kept = getKeptAxes(op);
    if (op.getGrouping() || op.getMask() ||
        kept != ArrayRef{type.getRank() - 2})
      return 1;
    int64_t rows = countRowsOfLines(type), features = type.getShape().end()[-2];
    return features % rows == 0 && features / rows >= minSlabs ? rows : 1;
  }

  LogicalResult tile(TilingInterface op, IRRewriter &rewriter) {
    auto layer = cast<NormLayerOpInterface>(*op);
    SmallVector<bool> selected = selectLoops(layer);
    SmallVector<utils::IteratorType> types = op.getLoopIteratorTypes();
    rewriter.setInsertionPoint(op);
    SmallVector<Range> domain = op.getIterationDomain(rewriter);
    if (domain.empty())
      return success();
    int64_t slabs = 1;
    SmallVector<int64_t> tileSizes(domain.size(), 0);
    for (auto [size, range, type, isSelected] :
         llvm::zip_equal(tileSizes, domain, types, selected)) {
      // What sums over slabs cannot be tiled by them.
      if (!isSelected || type != utils::IteratorType::parallel)
        continue;
      size = chooseBlock(layer);
      if (slabs < minSlabs)
        slabs *= getConstantIntValue(range.size).value_or(minSlabs);
    }
    if (hasColumns(layer, types.back(), selected.back())) {
      tileSizes.back() =
          chooseStrip(layer, *getConstantIntValue(domain.back().size), slabs);
      if (tileSizes.back() != 0)
        slabs = minSlabs;
    }
    if (llvm::all_of(tileSizes, [](int64_t size) { return size == 0; }) ||
        slabs < minSlabs)
      return success();
    return tileInParallel(rewriter, op, tileSizes);
  }

  /// Returns true if the innermost loop is over columns, of known sizes.
  static bool hasColumns(NormLayerOpInterface op, utils::IteratorType type,
                         bool isSelected) {
    auto input = cast<ShapedType>(op.getInput().getType());
    return !isSelected && type == utils::IteratorType::parallel &&
           getKeptAxes(op).back() == input.getRank() - 1 &&
           input.hasStaticShape();
  }
};
} // namespace
