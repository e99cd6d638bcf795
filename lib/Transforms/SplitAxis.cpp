//===- SplitAxis.cpp - splits an axis of kernel ops in two --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SplitAxis.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// An axis of a tensor, divided into pieces of one static size and a rest.
class AxisSplitter {
public:
  AxisSplitter(OpBuilder &builder, Value value, int64_t axis, int64_t size)
      : builder(builder), loc(value.getLoc()), axis(axis), size(size) {
    OpFoldResult total = tensor::getMixedSize(builder, loc, value, axis);
    AffineExpr s0 = builder.getAffineSymbolExpr(0);
    auto apply = [&](AffineExpr expr) {
      return affine::makeComposedFoldedAffineApply(builder, loc, expr, {total});
    };
    count = apply(s0.floorDiv(size));
    covered = apply(s0.floorDiv(size) * size);
    rest = apply(s0 % size);
  }

  bool hasPieces() const { return !isZeroInteger(count); }
  bool hasRest() const { return !isZeroInteger(rest); }

  /// Returns the part of `value` that pieces cover, its axis split in two.
  Value getPieces(Value value) {
    Value main = hasRest() ? slice(value, builder.getIndexAttr(0), covered)
                           : value;
    auto type = cast<RankedTensorType>(main.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] = getConstantIntValue(count).value_or(ShapedType::kDynamic);
    shape.insert(shape.begin() + axis + 1, size);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, main);
    sizes[axis] = count;
    sizes.insert(sizes.begin() + axis + 1, builder.getIndexAttr(size));
    return tensor::ExpandShapeOp::create(
        builder, loc, RankedTensorType::get(shape, type.getElementType()), main,
        getReassociation(type.getRank()), sizes);
  }
  Value getRest(Value value) { return slice(value, covered, rest); }

  /// Puts pieces back into `value`.
  Value insertPieces(Value pieces, Value value) {
    Value main = tensor::CollapseShapeOp::create(
        builder, loc, pieces, getReassociation(getRank(value)));
    return hasRest() ? insert(main, value, builder.getIndexAttr(0), covered)
                     : main;
  }
  Value insertRest(Value part, Value value) {
    return insert(part, value, covered, rest);
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
  Value insert(Value part, Value value, OpFoldResult offset,
               OpFoldResult length) {
    Slice s = getSlice(value, offset, length);
    return tensor::InsertSliceOp::create(builder, loc, part, value, s.offsets,
                                         s.sizes, s.strides);
  }

  OpBuilder &builder;
  Location loc;
  int64_t axis, size;
  OpFoldResult count, covered, rest;
};
} // namespace

/// Returns `axes` after axis `split` has become two axes; the first of these is
/// among them if `first` is set, and the second if `split` was.
static SmallVector<int64_t> splitAxes(ArrayRef<int64_t> axes, int64_t split,
                                      bool first) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    if (axis == split && first)
      result.push_back(axis);
    result.push_back(axis + (axis >= split));
  }
  return result;
}

MomentsOp norm::splitIntoChunks(RewriterBase &rewriter, MomentsOp op,
                                int64_t axis, int64_t size) {
  rewriter.setInsertionPoint(op);
  AxisSplitter splitter(rewriter, op.getInput(), axis, size);
  SmallVector<Value> moments(op.getDpsInits());
  MomentsOp chunks;
  if (splitter.hasPieces()) {
    chunks = MomentsOp::create(
        rewriter, op.getLoc(), splitter.getPieces(op.getInput()), op.getShift(),
        moments[0], moments[1], moments[2],
        splitAxes(op.getAxes(), axis, /*first=*/true), op.getVariance());
    moments.assign(chunks.result_begin(), chunks.result_end());
  }
  if (splitter.hasRest()) {
    auto rest = MomentsOp::create(
        rewriter, op.getLoc(), splitter.getRest(op.getInput()), op.getShift(),
        moments[0], moments[1], moments[2], op.getAxes(), op.getVariance());
    moments.assign(rest.result_begin(), rest.result_end());
  }
  rewriter.replaceOp(op, moments);
  return chunks;
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
    SmallVector<int64_t> axes = splitAxes(op.getAxes(), axis, /*first=*/false);
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

NormalizeOp norm::splitIntoChunks(RewriterBase &rewriter, NormalizeOp op,
                                  int64_t axis, int64_t size) {
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  AxisSplitter splitter(rewriter, op.getInput(), axis, size);
  Value output = op.getOutput();
  auto create = [&](Value input, Value init, ArrayRef<int64_t> statistics,
                    ArrayRef<int64_t> parameters) {
    return NormalizeOp::create(rewriter, loc, input, op.getShift(),
                               op.getMean(), op.getRstd(), op.getScale(),
                               op.getBias(), init, statistics, parameters);
  };
  NormalizeOp chunks;
  if (splitter.hasPieces()) {
    chunks = create(splitter.getPieces(op.getInput()),
                    splitter.getPieces(output),
                    splitAxes(op.getStatisticsAxes(), axis, false),
                    splitAxes(op.getParameterAxes(), axis, false));
    output = splitter.insertPieces(chunks.getResult(0), output);
  }
  if (splitter.hasRest()) {
    auto rest =
        create(splitter.getRest(op.getInput()), splitter.getRest(output),
               op.getStatisticsAxes(), op.getParameterAxes());
    output = splitter.insertRest(rest.getResult(0), output);
  }
  rewriter.replaceOp(op, output);
  return chunks;
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
