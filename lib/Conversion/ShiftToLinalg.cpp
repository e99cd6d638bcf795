//===- ShiftToLinalg.cpp - shifts to linalg.generic -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
struct ConvertShift : public OpRewritePattern<ShiftOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShiftOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    auto type = cast<FloatType>(getElementTypeOrSelf(op.getShift()));
    Value init = makeZerosLike(rewriter, loc, op.getShift(), type);
    if (llvm::is_contained(
            cast<RankedTensorType>(op.getInput().getType()).getShape(), 0)) {
      rewriter.replaceOp(op, init);
      return success();
    }
    SmallVector<int64_t> kept =
        getOtherAxes(getRank(op.getInput()), op.getAxes());
    GenericBuilder generic(rewriter, loc, type,
                           getLoopOrder(getRank(op.getInput()), kept),
                           op.getAxes());
    // The first value, as a sum so that an empty axis gives 0; then the mean
    // distance of the values from it, which is exactly 0 where all are equal.
    // Halves, as the distance of two finite values might be infinite.
    OpFoldResult one;
    Value firstSlice = takeFirst(op, rewriter, 1, one);
    Value first =
        generic.build({{firstSlice, getAllAxes(firstSlice)}}, {{init, kept}},
                      [&](Scalars &s, ValueRange ins, ValueRange outs) {
                        Value value =
                            Distance(s, op.getInput()).get(ins[0], {});
                        return SmallVector<Value>{s.add(outs[0], value)};
                      })[0];
    OpFoldResult count;
    Value samples = op.getInput();
    if (op.getAll())
      count = countElements(rewriter, loc, samples, op.getAxes());
    else
      samples = takeFirst(op, rewriter, ShiftOp::kSamples, count);
    Scalars outer(rewriter, loc, type);
    Value share = outer.divByCount(outer.constant(1.0),
                                   makeFloat(rewriter, loc, type, count));
    Value mean = generic.build(
        {{samples, getAllAxes(samples)}, {first, kept}}, {{first, kept}},
        [&](Scalars &s, ValueRange ins, ValueRange outs) {
          Value value = Distance(s, op.getInput()).get(ins[0], {});
          Value distance = s.sub(value, ins[1]);
          return SmallVector<Value>{s.add(outs[0], s.mul(distance, share))};
        })[0];
    SmallVector<int64_t> axes = getAllAxes(mean);
    rewriter.replaceOp(op,
                       GenericBuilder(rewriter, loc, type, axes, {})
                           .build({}, {{mean, axes}},
                                  [&](Scalars &s, ValueRange, ValueRange outs) {
                                    Distance d(s, op.getInput());
                                    return SmallVector<Value>{
                                        d.scale(outs[0], d.getUnit())};
                                  }));
    return success();
  }

  /// Returns up to `most` values along the last reduced axis and one along each
  /// other, none if an axis is empty. `count` is their number along the last.
  static Value takeFirst(ShiftOp op, OpBuilder &builder, int64_t most,
                         OpFoldResult &count) {
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, op.getInput());
    count = builder.getIndexAttr(1);
    for (int64_t axis : op.getAxes()) {
      AffineExpr limit =
          builder.getAffineConstantExpr(axis == op.getAxes().back() ? most : 1);
      AffineMap min = AffineMap::get(
          0, 1, {builder.getAffineSymbolExpr(0), limit}, builder.getContext());
      sizes[axis] =
          affine::makeComposedFoldedAffineMin(builder, loc, min, {sizes[axis]});
      count = sizes[axis];
    }
    SmallVector<OpFoldResult> zeros(sizes.size(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(sizes.size(), builder.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(builder, loc, op.getInput(), zeros,
                                          sizes, ones);
  }
};
} // namespace

void norm::populateShiftToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertShift>(patterns.getContext());
}
