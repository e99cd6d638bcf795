//===- Tiling.cpp - tiles of one static size, and a rest ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tiling.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// A size divided into pieces of one static size and a rest.
struct Division {
  Division(OpBuilder &builder, Location loc, OpFoldResult total, int64_t size) {
    AffineExpr s0 = builder.getAffineSymbolExpr(0);
    auto apply = [&](AffineExpr expr) {
      return affine::makeComposedFoldedAffineApply(builder, loc, expr, {total});
    };
    count = apply(s0.floorDiv(size));
    covered = apply(s0.floorDiv(size) * size);
    rest = apply(s0 % size);
  }

  /// The number of pieces, their total size, and the size of the rest.
  OpFoldResult count, covered, rest;
};

/// An axis of a tensor, divided into pieces of one static size and a rest.
class AxisSplitter {
public:
  AxisSplitter(OpBuilder &builder, Value value, int64_t axis, int64_t size)
      : builder(builder), loc(value.getLoc()), axis(axis), size(size),
        division(builder, loc, tensor::getMixedSize(builder, loc, value, axis),
                 size) {}

  bool hasPieces() const { return !isZeroInteger(division.count); }
  bool hasRest() const { return !isZeroInteger(division.rest); }

  /// Returns the part of `value` that pieces cover, its axis split in two.
  Value getPieces(Value value) {
    Value main = hasRest()
                     ? slice(value, builder.getIndexAttr(0), division.covered)
                     : value;
    auto type = cast<RankedTensorType>(main.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] =
        getConstantIntValue(division.count).value_or(ShapedType::kDynamic);
    shape.insert(shape.begin() + axis + 1, size);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, main);
    sizes[axis] = division.count;
    sizes.insert(sizes.begin() + axis + 1, builder.getIndexAttr(size));
    return tensor::ExpandShapeOp::create(
        builder, loc, RankedTensorType::get(shape, type.getElementType()), main,
        getReassociation(type.getRank()), sizes);
  }
  Value getRest(Value value) {
    return slice(value, division.covered, division.rest);
  }

private:
  SmallVector<ReassociationIndices> getReassociation(int64_t rank) {
    SmallVector<ReassociationIndices> reassociation;
    for (int64_t i = 0, next = 0; i < rank; ++i) {
      reassociation.push_back({next++});
      if (i == axis)
        reassociation.back().push_back(next++);
    }
    return reassociation;
  }

  struct Slice {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };
  Slice getSlice(Value value, OpFoldResult offset, OpFoldResult length) {
    Slice slice;
    slice.sizes = tensor::getMixedSizes(builder, loc, value);
    slice.offsets.assign(slice.sizes.size(), builder.getIndexAttr(0));
    slice.strides.assign(slice.sizes.size(), builder.getIndexAttr(1));
    slice.offsets[axis] = offset;
    slice.sizes[axis] = length;
    return slice;
  }
  Value slice(Value value, OpFoldResult offset, OpFoldResult length) {
    Slice s = getSlice(value, offset, length);
    return tensor::ExtractSliceOp::create(builder, loc, value, s.offsets,
                                          s.sizes, s.strides);
  }

  OpBuilder &builder;
  Location loc;
  int64_t axis, size;
  Division division;
};
} // namespace

/// Returns `axes` after axis `split` has become two axes, the second of which
/// takes its part.
static SmallVector<int64_t> splitAxes(ArrayRef<int64_t> axes, int64_t split) {
  return llvm::map_to_vector(
      axes, [&](int64_t axis) { return axis + (axis >= split); });
}

MomentsOp norm::splitIntoParts(RewriterBase &rewriter, MomentsOp op,
                               int64_t axis, int64_t size) {
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  AxisSplitter splitter(rewriter, op.getInput(), axis, size);
  SmallVector<Value> moments(op.getDpsInits());
  if (splitter.hasRest()) {
    auto rest = MomentsOp::create(
        rewriter, loc, splitter.getRest(op.getInput()), op.getShift(),
        moments[0], moments[1], moments[2], op.getAxes(), op.getVariance());
    moments.assign(rest.result_begin(), rest.result_end());
  }
  MomentsOp parts;
  if (splitter.hasPieces()) {
    Value pieces = splitter.getPieces(op.getInput());
    SmallVector<int64_t> axes = splitAxes(op.getAxes(), axis);
    SmallVector<int64_t> kept = getOtherAxes(getRank(pieces), axes);
    int64_t partDim = llvm::find(kept, axis) - kept.begin();
    SmallVector<OpFoldResult> sizes =
        norm::getMixedSizes(rewriter, loc, pieces, kept);
    Value shift = op.getShift();
    if (shift) {
      Value init = tensor::EmptyOp::create(rewriter, loc, sizes,
                                           getElementTypeOrSelf(shift));
      shift = linalg::BroadcastOp::create(rewriter, loc, shift, init, partDim)
                  .getResult()[0];
    }
    SmallVector<Value> inits = llvm::map_to_vector(moments, [&](Value moment) {
      return makeZeros(rewriter, loc, sizes, getElementTypeOrSelf(moment));
    });
    parts = MomentsOp::create(rewriter, loc, pieces, shift, inits[0], inits[1],
                              inits[2], axes, op.getVariance());
    auto combine = CombineMomentsOp::create(
        rewriter, loc, parts.getResult(0), parts.getResult(1),
        parts.getResult(2), moments[0], moments[1], moments[2], partDim);
    moments.assign(combine.result_begin(), combine.result_end());
  }
  rewriter.replaceOp(op, moments);
  return parts;
}

int64_t norm::getTypicalSize(Value value, int64_t axis) {
  int64_t size = cast<ShapedType>(value.getType()).getDimSize(axis);
  return ShapedType::isDynamic(size) ? 256 : size;
}

int64_t norm::choosePieceSize(int64_t axisSize, int64_t wanted) {
  wanted = std::max<int64_t>(wanted, 1);
  if (ShapedType::isDynamic(axisSize) || axisSize <= wanted)
    return wanted;
  // Equal pieces if that costs at most half of the size, else as wanted.
  for (int64_t size = wanted; size > wanted / 2; --size)
    if (axisSize % size == 0)
      return size;
  return wanted;
}

//===----------------------------------------------------------------------===//
// Tiling by one static size
//===----------------------------------------------------------------------===//

namespace {
/// Builds tiles of one op.
class Tiler {
public:
  Tiler(RewriterBase &rewriter, TilingInterface op)
      : rewriter(rewriter), loc(op->getLoc()), op(op) {}

  /// A tile's results, and where each belongs.
  struct Tile {
    SmallVector<Value> values;
    SmallVector<SmallVector<OpFoldResult>> offsets, sizes;
  };

  /// Builds the tile of the op that updates `inits`.
  FailureOr<Tile> build(ValueRange inits, ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes) {
    // The op on the given inits exists just to be tiled.
    auto whole = cast<TilingInterface>(rewriter.clone(*op));
    cast<DestinationStyleOpInterface>(*whole).getDpsInitsMutable().assign(
        inits);
    FailureOr<TilingResult> tiled =
        whole.getTiledImplementation(rewriter, offsets, sizes);
    Tile tile;
    if (succeeded(tiled)) {
      tile.values = tiled->tiledValues;
      for (unsigned i = 0; i < tile.values.size(); ++i) {
        tile.offsets.emplace_back();
        tile.sizes.emplace_back();
        if (failed(whole.getResultTilePosition(rewriter, i, offsets, sizes,
                                               tile.offsets.back(),
                                               tile.sizes.back())))
          return failure();
      }
    }
    rewriter.eraseOp(whole);
    if (failed(tiled))
      return failure();
    return tile;
  }

  /// Builds the tile and inserts its results into `inits`.
  FailureOr<SmallVector<Value>> update(ValueRange inits,
                                       ArrayRef<OpFoldResult> offsets,
                                       ArrayRef<OpFoldResult> sizes) {
    FailureOr<Tile> tile = build(inits, offsets, sizes);
    if (failed(tile))
      return failure();
    SmallVector<Value> results;
    for (auto [i, init] : llvm::enumerate(inits))
      results.push_back(tensor::InsertSliceOp::create(
          rewriter, loc, tile->values[i], init, tile->offsets[i],
          tile->sizes[i], getStrides(tile->sizes[i].size())));
    return results;
  }

  SmallVector<OpFoldResult> getStrides(size_t rank) {
    return SmallVector<OpFoldResult>(rank, rewriter.getIndexAttr(1));
  }

  RewriterBase &rewriter;
  Location loc;
  TilingInterface op;
};
} // namespace

LogicalResult norm::tileExactly(RewriterBase &rewriter, TilingInterface op,
                                ArrayRef<int64_t> tileSizes, bool parallel) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op->getLoc();
  Tiler tiler(rewriter, op);
  SmallVector<Range> domain = op.getIterationDomain(rewriter);
  SmallVector<OpFoldResult> offsets, sizes, restOffsets, restSizes, counts;
  SmallVector<int64_t> loops;
  bool hasRest = false, hasTiles = true;
  for (auto [loop, range] : llvm::enumerate(domain)) {
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
    restOffsets.push_back(range.offset);
    restSizes.push_back(range.size);
    int64_t size = tileSizes[loop];
    if (size == 0)
      continue;
    Division division(rewriter, loc, range.size, size);
    loops.push_back(loop);
    counts.push_back(division.count);
    sizes[loop] = rewriter.getIndexAttr(size);
    hasTiles &= !isZeroInteger(division.count);
    if (isZeroInteger(division.rest))
      continue;
    if (hasRest)
      return rewriter.notifyMatchFailure(op, "expected one loop with a rest");
    hasRest = true;
    restOffsets[loop] = division.covered;
    restSizes[loop] = division.rest;
  }

  LogicalResult status = success();
  auto getOffsets = [&](OpBuilder &builder, ValueRange ivs) {
    SmallVector<OpFoldResult> tileOffsets = offsets;
    AffineExpr d0 = builder.getAffineDimExpr(0);
    for (auto [iv, loop] : llvm::zip_equal(ivs, loops))
      tileOffsets[loop] = affine::makeComposedFoldedAffineApply(
          builder, loc, d0 * tileSizes[loop], {iv});
    return tileOffsets;
  };
  SmallVector<Value> results(
      cast<DestinationStyleOpInterface>(*op).getDpsInits());
  if (hasTiles && parallel) {
    auto forall = scf::ForallOp::create(rewriter, loc, counts, results,
                                        /*mapping=*/std::nullopt);
    rewriter.setInsertionPoint(forall.getTerminator());
    FailureOr<Tiler::Tile> tile =
        tiler.build(forall.getRegionIterArgs(),
                    getOffsets(rewriter, forall.getInductionVars()), sizes);
    if (failed(tile))
      return failure();
    rewriter.setInsertionPointToStart(forall.getTerminator().getBody());
    for (auto [i, init] : llvm::enumerate(forall.getRegionIterArgs()))
      tensor::ParallelInsertSliceOp::create(
          rewriter, loc, tile->values[i], init, tile->offsets[i],
          tile->sizes[i], tiler.getStrides(tile->sizes[i].size()));
    rewriter.setInsertionPointAfter(forall);
    results.assign(forall.result_begin(), forall.result_end());
  } else if (hasTiles) {
    SmallVector<Value> lower, upper, steps;
    for (OpFoldResult count : counts) {
      lower.push_back(arith::ConstantIndexOp::create(rewriter, loc, 0));
      upper.push_back(getValueOrCreateConstantIndexOp(rewriter, loc, count));
      steps.push_back(arith::ConstantIndexOp::create(rewriter, loc, 1));
    }
    scf::LoopNest nest = scf::buildLoopNest(
        rewriter, loc, lower, upper, steps, results,
        [&](OpBuilder &builder, Location, ValueRange ivs, ValueRange args) {
          OpBuilder::InsertionGuard bodyGuard(rewriter);
          rewriter.restoreInsertionPoint(builder.saveInsertionPoint());
          FailureOr<SmallVector<Value>> updated =
              tiler.update(args, getOffsets(rewriter, ivs), sizes);
          if (failed(updated)) {
            status = failure();
            return SmallVector<Value>(args);
          }
          builder.restoreInsertionPoint(rewriter.saveInsertionPoint());
          return *updated;
        });
    if (failed(status))
      return failure();
    results.assign(nest.results.begin(), nest.results.end());
  }
  if (hasRest) {
    FailureOr<SmallVector<Value>> updated =
        tiler.update(results, restOffsets, restSizes);
    if (failed(updated))
      return failure();
    results = *updated;
  }
  rewriter.replaceOp(op, results);
  return success();
}
