//===- ShardToNorm.cpp - collectives as what devices gather ---------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Conversion/Passes.h"
#include "Norm/IR/Builders.h"
#include "Norm/IR/Devices.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Shard/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_CONVERTSHARDTONORM
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Gathers what the devices of a collective have; the devices are the first
/// axis.
template <typename OpTy>
static FailureOr<Value> gather(OpTy op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getInput().getType());
  if (!type || !isa<FloatType>(type.getElementType()))
    return rewriter.notifyMatchFailure(op, "expected a tensor of floats");
  auto devices = DevicesAttr::get(
      op.getContext(), op.getGridAttr(),
      SmallVector<int64_t>(op.getGridAxes().begin(), op.getGridAxes().end()),
      {});
  shard::GridOp grid = getGrid(op, devices);
  for (int64_t axis : devices.getAxes())
    if (ShapedType::isDynamic(grid.getShape()[axis]))
      return rewriter.notifyMatchFailure(op, "expected a grid of static sizes");
  SmallVector<OpFoldResult> sizes = {
      rewriter.getIndexAttr(getNumDevices(grid, devices))};
  llvm::append_range(
      sizes, tensor::getMixedSizes(rewriter, op.getLoc(), op.getInput()));
  Value init = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes,
                                       type.getElementType());
  return AllGatherOp::create(rewriter, op.getLoc(), op.getInput(), init,
                             devices, /*packed=*/false)
      .getResult(0);
}

namespace {
/// Adds up, in f64 and in the order of the devices, what is gathered.
struct AllReduceToNorm : public OpRewritePattern<shard::AllReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(shard::AllReduceOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getResult().getType());
    if (op.getReduction() != shard::ReductionKind::Sum || !type ||
        !isa<FloatType>(type.getElementType()))
      return rewriter.notifyMatchFailure(op, "expected sums of floats");
    FailureOr<Value> all = gather(op, rewriter);
    if (failed(all))
      return failure();
    Location loc = op.getLoc();
    Type f64 = rewriter.getF64Type();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, op.getInput());
    Value zeros = makeZeros(rewriter, loc, sizes, f64);
    Value sum = linalg::ReduceOp::create(
                    rewriter, loc, *all, zeros, ArrayRef<int64_t>{0},
                    [&](OpBuilder &b, Location l, ValueRange args) {
                      Value wide = castFloat(b, l, args[0], f64);
                      Value total = arith::AddFOp::create(b, l, args[1], wide);
                      linalg::YieldOp::create(b, l, total);
                    })
                    .getResult(0);
    Value init =
        tensor::EmptyOp::create(rewriter, loc, sizes, type.getElementType());
    Value result = copyInto(rewriter, loc, sum, init);
    if (result.getType() != type)
      result = tensor::CastOp::create(rewriter, loc, type, result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// Moves the axis of the devices to the one that is gathered, and merges both.
struct AllGatherToNorm : public OpRewritePattern<shard::AllGatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(shard::AllGatherOp op,
                                PatternRewriter &rewriter) const override {
    FailureOr<Value> all = gather(op, rewriter);
    if (failed(all))
      return failure();
    Location loc = op.getLoc();
    int64_t axis = op.getGatherAxis().getSExtValue(), rank = getRank(*all);
    SmallVector<int64_t> order;
    for (int64_t i = 1; i < rank; ++i) {
      if (i == axis + 1)
        order.push_back(0);
      order.push_back(i);
    }
    Value moved = *all;
    if (axis != 0) {
      SmallVector<OpFoldResult> sizes =
          tensor::getMixedSizes(rewriter, loc, *all);
      SmallVector<OpFoldResult> permuted = llvm::map_to_vector(
          order, [&](int64_t position) { return sizes[position]; });
      Value init = tensor::EmptyOp::create(rewriter, loc, permuted,
                                           getElementTypeOrSelf(*all));
      moved = linalg::TransposeOp::create(rewriter, loc, *all, init, order)
                  .getResult()[0];
    }
    SmallVector<ReassociationIndices> merged;
    for (int64_t i = 0, from = 0; i < rank - 1; ++i) {
      merged.push_back({from++});
      if (i == axis)
        merged.back().push_back(from++);
    }
    Value result =
        tensor::CollapseShapeOp::create(rewriter, loc, moved, merged);
    if (result.getType() != op.getResult().getType())
      result = tensor::CastOp::create(rewriter, loc, op.getResult().getType(),
                                      result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct ShardToNorm : public norm::impl::ConvertShardToNormBase<ShardToNorm> {
  void getDependentDialects(DialectRegistry &registry) const override {
    ConvertShardToNormBase::getDependentDialects(registry);
    shard::registerAllOpLoweringDialects(registry);
  }

  void runOnOperation() override {
    SymbolTableCollection symbols;
    RewritePatternSet patterns(&getContext());
    patterns.add<AllReduceToNorm, AllGatherToNorm>(&getContext());
    shard::populateAllSliceOpLoweringPatterns(patterns, symbols);
    shard::populateProcessMultiIndexOpLoweringPatterns(patterns, symbols);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
