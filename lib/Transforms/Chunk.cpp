//===- Chunk.cpp - kernel ops in chunks that stay in the cache ----------===//
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
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMCHUNK
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
struct Chunk : public norm::impl::NormChunkBase<Chunk> {
  using NormChunkBase::NormChunkBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "chunk-size", chunkSize)) ||
        failed(checkAtLeastOne(getOperation(), "chunk-rows", chunkRows)))
      return signalPassFailure();
    SmallVector<Operation *> ops;
    getOperation()->walk([&](NormStructuredOpInterface op) {
      if (cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      LogicalResult status =
          llvm::TypeSwitch<Operation *, LogicalResult>(op)
              .Case<MomentsOp, GradientSumsOp>([&](auto reduction) {
                return chunk(op, reduction.getInput(), reduction.getAxes(),
                             rewriter);
              })
              .Default(success());
      if (failed(status))
        return signalPassFailure();
    }
  }

  /// Splits the first axis, from the innermost one outwards, that does not fit
  /// into a chunk with all axes inside it, and tiles those outside it.
  LogicalResult chunk(Operation *op, Value input, ArrayRef<int64_t> axes,
                      IRRewriter &rewriter) {
    auto type = cast<ShapedType>(input.getType());
    int64_t room = chunkSize, rank = getRank(input);
    SmallVector<int64_t> kept = getOtherAxes(rank, axes), tileSizes(rank, 0);
    // One statistic after the other follows the order of memory; if their
    // number is known, and each is of enough values.
    int64_t statistics = 1, values = 1;
    for (int64_t axis : kept)
      statistics *= std::max<int64_t>(getTypicalSize(input, axis), 1);
    for (int64_t axis : axes)
      values *= getTypicalSize(input, axis);
    bool isOneByOne = llvm::is_contained(axes, rank - 1) && statistics > 1 &&
                      values >= chunkSize / 8 &&
                      llvm::none_of(kept, [&](int64_t axis) {
                        return type.isDynamicDim(axis);
                      });
    if (isOneByOne) {
      for (int64_t axis : kept)
        tileSizes[axis] = 1;
      FailureOr<Operation *> single =
          tileSequentially(rewriter, cast<TilingInterface>(op),
                           getAsIndexOpFoldResult(op->getContext(), tileSizes));
      if (failed(single))
        return failure();
      op = *single;
      input = op->getOperand(0);
      type = cast<ShapedType>(input.getType());
      tileSizes.assign(rank, 0);
    }
    if (!isOneByOne || isa<GradientSumsOp>(op))
      room /= statistics;
    // However many statistics there are, a chunk is long enough to be worth it.
    // Rows are added one after the other: with few statistics, too many of them
    // would cost accuracy.
    bool hasRows = !llvm::is_contained(axes, rank - 1);
    room = hasRows ? std::clamp<int64_t>(room, chunkRows, 4 * chunkRows)
                   : std::max<int64_t>(room, chunkSize / 8);
    // Without a mask, moments of rows take one pass, as sums do, of which
    // nothing stays in the cache.
    auto moments = dyn_cast<MomentsOp>(op);
    if (hasRows && !(moments && moments.getMask()))
      room = 4 * chunkRows;
    SmallVector<int64_t> outer(axes);
    while (!outer.empty()) {
      int64_t axis = outer.back();
      int64_t size = type.getDimSize(axis);
      if (ShapedType::isDynamic(size) || size > room)
        break;
      room /= std::max<int64_t>(size, 1);
      outer.pop_back();
    }
    for (int64_t axis : outer)
      tileSizes[axis] = 1;
    if (!outer.empty())
      tileSizes[outer.back()] =
          choosePieceSize(type.getDimSize(outer.back()), room);
    SmallVector<OpFoldResult> sizes =
        getAsIndexOpFoldResult(op->getContext(), tileSizes);
    // Of an unknown size, a chunk has as many as fit.
    if (outer.size() > 1 && type.isDynamicDim(outer.back()))
      sizes[outer.end()[-2]] =
          countThatFit(rewriter, op, input, outer.back(), room);
    if (moments && !hasRows)
      addGuess(moments, sizes, rewriter);
    if (outer.empty())
      return success();
    return tileSequentially(rewriter, cast<TilingInterface>(op), sizes);
  }

  /// Lets `op` take one pass, with the mean of its first chunk.
  static void addGuess(MomentsOp op, ArrayRef<OpFoldResult> chunk,
                       IRRewriter &rewriter) {
    // Those that a mask selects might not be in the first chunk.
    auto type = cast<ShapedType>(op.getInput().getType());
    if (op.getMask() || op.getGuess() || op.getUncentered() ||
        op.getVariance() != VarianceAlgorithm::Stable ||
        llvm::is_contained(type.getShape(), 0))
      return;
    rewriter.setInsertionPoint(op);
    Location loc = op.getLoc();
    AffineExpr d0, d1;
    bindDims(op.getContext(), d0, d1);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, op.getInput());
    AffineMap min = AffineMap::get(2, 0, {d0, d1}, op.getContext());
    for (auto [size, limit] : llvm::zip_equal(sizes, chunk))
      if (!isZeroInteger(limit))
        size = affine::makeComposedFoldedAffineMin(rewriter, loc, min,
                                                   {size, limit});
    SmallVector<OpFoldResult> zeros(sizes.size(), rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(sizes.size(), rewriter.getIndexAttr(1));
    Value first = tensor::ExtractSliceOp::create(rewriter, loc, op.getInput(),
                                                 zeros, sizes, ones);
    Value empty = tensor::EmptyOp::create(
        rewriter, loc, tensor::getMixedSizes(rewriter, loc, op.getMean()),
        op.getAccumulatorType());
    auto guess = ShiftOp::create(rewriter, loc, first, empty, op.getAxes(),
                                 /*all=*/true);
    rewriter.modifyOpInPlace(
        op, [&] { op.getGuessMutable().assign(guess.getResult(0)); });
  }

  /// Returns how often the size of `axis` fits into `room`, at least 1.
  static Value countThatFit(IRRewriter &rewriter, Operation *op, Value input,
                            int64_t axis, int64_t room) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    Location loc = op->getLoc();
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    Value all = arith::ConstantIndexOp::create(rewriter, loc, room);
    Value size = tensor::DimOp::create(rewriter, loc, input, axis);
    Value divisor = arith::MaxUIOp::create(rewriter, loc, size, one);
    return arith::MaxUIOp::create(
        rewriter, loc, arith::DivUIOp::create(rewriter, loc, all, divisor),
        one);
  }
};
} // namespace
