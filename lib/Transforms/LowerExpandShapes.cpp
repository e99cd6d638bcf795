//===- LowerExpandShapes.cpp - expand_shape to reinterpret_cast -----------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR bug: expand-strided-metadata crashes on several dynamic sizes in one
// reassociation group of an expand_shape. This stands in for it there.
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMLOWEREXPANDSHAPES
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct LowerExpandShapes
    : public norm::impl::NormLowerExpandShapesBase<LowerExpandShapes> {
  void runOnOperation() override {
    SmallVector<memref::ExpandShapeOp> ops;
    getOperation()->walk([&](memref::ExpandShapeOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (memref::ExpandShapeOp op : ops)
      lower(op, rewriter);
  }

  static void lower(memref::ExpandShapeOp op, IRRewriter &rewriter) {
    rewriter.setInsertionPoint(op);
    Location loc = op.getLoc();
    auto source =
        memref::ExtractStridedMetadataOp::create(rewriter, loc, op.getSrc());
    SmallVector<OpFoldResult> sizes = getMixedValues(
        op.getStaticOutputShape(), op.getOutputShape(), rewriter);
    SmallVector<OpFoldResult> sourceStrides =
        source.getConstifiedMixedStrides();
    AffineExpr s0 = rewriter.getAffineSymbolExpr(0);
    AffineExpr s1 = rewriter.getAffineSymbolExpr(1);
    SmallVector<OpFoldResult> strides(sizes.size());
    for (auto [group, stride] :
         llvm::zip_equal(op.getReassociationIndices(), sourceStrides)) {
      OpFoldResult current = stride;
      for (int64_t dim : llvm::reverse(group)) {
        strides[dim] = current;
        current = affine::makeComposedFoldedAffineApply(rewriter, loc, s0 * s1,
                                                        {sizes[dim], current});
      }
    }
    // The type may tell more than the computed strides do.
    SmallVector<int64_t> staticStrides;
    int64_t staticOffset;
    MemRefType type = op.getResultType();
    if (succeeded(type.getStridesAndOffset(staticStrides, staticOffset)))
      for (auto [stride, known] : llvm::zip_equal(strides, staticStrides))
        if (!ShapedType::isDynamic(known))
          stride = rewriter.getIndexAttr(known);
    OpFoldResult offset =
        ShapedType::isDynamic(staticOffset)
            ? source.getConstifiedMixedOffset()
            : OpFoldResult(rewriter.getIndexAttr(staticOffset));
    rewriter.replaceOpWithNewOp<memref::ReinterpretCastOp>(
        op, type, source.getBaseBuffer(), offset, sizes, strides);
  }
};
} // namespace
