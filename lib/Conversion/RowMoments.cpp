//===- RowMoments.cpp - moments of columns, row by row --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowMoments.h"

#include "GenericBuilder.h"

#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The rows that registers hold at once, and the sums that they are added to.
static constexpr int64_t kRows = 8, kSums = 2;

std::optional<int64_t> norm::getRowAxis(MomentsOp op) {
  auto type = cast<ShapedType>(op.getInput().getType());
  int64_t last = type.getRank() - 1;
  if (op.getMask() || op.getUncentered() ||
      op.getVariance() != VarianceAlgorithm::Stable ||
      llvm::is_contained(op.getAxes(), last))
    return {};
  SmallVector<int64_t> axes = llvm::to_vector(llvm::make_filter_range(
      op.getAxes(), [&](int64_t axis) { return type.getDimSize(axis) != 1; }));
  if (axes.size() != 1)
    return {};
  return axes.front();
}

/// Returns the sum of the products of `values` with what `getFactor` returns
/// for each.
static Value sumProducts(Scalars &s, ArrayRef<Value> values,
                         function_ref<Value(Value)> getFactor) {
  SmallVector<Value> sums;
  for (auto [i, value] : llvm::enumerate(values)) {
    Value product = s.mul(value, getFactor(value));
    if (i < kSums)
      sums.push_back(product);
    else
      sums[i % kSums] = s.add(sums[i % kSums], product);
  }
  Value sum = sums.front();
  for (Value other : ArrayRef(sums).drop_front())
    sum = s.add(sum, other);
  return sum;
}

namespace {
class RowMoments {
public:
  RowMoments(MomentsOp op, OpBuilder &builder, int64_t rowAxis)
      : op(op), b(builder), loc(op.getLoc()), rowAxis(rowAxis),
        type(op.getAccumulatorType()),
        kept(getOtherAxes(getRank(op.getInput()), op.getAxes())) {}

  std::pair<Value, Value> build() {
    Value zeros = makeZerosLike(b, loc, op.getMean(), type);
    SmallVector<Value> moments = {guessMean(zeros), zeros};
    OpFoldResult end = tensor::getMixedSize(b, loc, op.getInput(), rowAxis);
    std::optional<int64_t> rows = getConstantIntValue(end);
    OpFoldResult begin = b.getIndexAttr(0);
    // What is left over is taken by smaller powers of two, or one by one.
    for (int64_t step = kRows; step > 0;
         step = rows ? step / 2 : step / kRows) {
      OpFoldResult stop = affine::makeComposedFoldedAffineApply(
          b, loc, b.getAffineSymbolExpr(0).floorDiv(step) * step, {end});
      moments = addSteps(moments, begin, stop, step);
      begin = stop;
    }
    return {moments[0], moments[1]};
  }

private:
  /// Adds the rows from `begin` to `end` to `moments`, `step` at a time.
  SmallVector<Value> addSteps(ValueRange moments, OpFoldResult begin,
                              OpFoldResult end, int64_t step) {
    std::optional<int64_t> first = getConstantIntValue(begin);
    std::optional<int64_t> last = getConstantIntValue(end);
    if (first && last && *last - *first <= step)
      return *first == *last ? SmallVector<Value>(moments)
                             : addRows(moments, begin, step);
    auto loop = scf::ForOp::create(
        b, loc, getValueOrCreateConstantIndexOp(b, loc, begin),
        getValueOrCreateConstantIndexOp(b, loc, end),
        arith::ConstantIndexOp::create(b, loc, step), moments);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    scf::YieldOp::create(
        b, loc,
        addRows(loop.getRegionIterArgs(), loop.getInductionVar(), step));
    return SmallVector<Value>(loop.getResults());
  }

  /// Adds `number` rows, from `first` on, to `moments`, which are those of all
  /// rows before.
  SmallVector<Value> addRows(ValueRange moments, OpFoldResult first,
                             int64_t number) {
    SmallVector<Indexed> ins = getPresent({{op.getShift(), kept}});
    for (int64_t i : llvm::seq(number))
      ins.push_back({takeRow(first, i), getAllAxes(op.getInput())});
    Scalars outer(b, loc, type);
    Value total =
        outer.add(makeFloat(b, loc, type, first), outer.constant(number));
    Value share = outer.div(outer.constant(1.0), total);
    return GenericBuilder(b, loc, type, concat(op.getAxes(), kept),
                          op.getAxes())
        .build(ins, {{moments[0], kept}, {moments[1], kept}},
               [&](Scalars &s, ValueRange values, ValueRange outs) {
                 return combine(s, takeDistances(s, values), outs, total,
                                share);
               });
  }

  SmallVector<Value> takeDistances(Scalars &s, ValueRange values) {
    Elements elements(s, values);
    Value shift = elements.take(op.getShift());
    values = values.drop_front(shift ? 1 : 0);
    return llvm::map_to_vector(values, [&](Value x) {
      return Distance(s, op.getInput()).get(s.cast(x), shift);
    });
  }

  /// Adds rows to the moments of those before them, by the distances from
  /// their mean: its step is the mean of these distances over all `total` rows,
  /// and M2 grows by their squares less total * step². At most half of the
  /// squares cancels, as the mean is of as many rows, or of these themselves.
  static SmallVector<Value> combine(Scalars &s, ArrayRef<Value> distances,
                                    ValueRange moments, Value total,
                                    Value share) {
    SmallVector<Value> rests = llvm::map_to_vector(
        distances, [&](Value d) { return s.sub(d, moments[0]); });
    // Shares, as the sum of finite distances might be infinite.
    Value step = sumProducts(s, rests, [&](Value) { return share; });
    Value squares = sumProducts(s, rests, [](Value rest) { return rest; });
    Value excess = s.mul(step, s.mul(step, total));
    return {s.add(moments[0], step), s.add(moments[1], s.sub(squares, excess))};
  }

  /// Returns the mean distance of the first rows from the shift, `zeros` if
  /// there are none.
  Value guessMean(Value zeros) {
    if (llvm::is_contained(cast<ShapedType>(op.getInput().getType()).getShape(),
                           0))
      return zeros;
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, loc, op.getInput());
    AffineExpr rows = b.getAffineSymbolExpr(0);
    sizes[rowAxis] = affine::makeComposedFoldedAffineMin(
        b, loc,
        AffineMap::get(0, 1, {rows, b.getAffineConstantExpr(kRows)},
                       b.getContext()),
        {sizes[rowAxis]});
    Scalars outer(b, loc, type);
    Value share = outer.divByCount(outer.constant(1.0),
                                   makeFloat(b, loc, type, sizes[rowAxis]));
    SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(sizes.size(), b.getIndexAttr(1));
    Value first = tensor::ExtractSliceOp::create(b, loc, op.getInput(), offsets,
                                                 sizes, ones);
    SmallVector<Indexed> ins = getPresent({{op.getShift(), kept}});
    ins.push_back({first, getAllAxes(first)});
    return GenericBuilder(b, loc, type, concat(op.getAxes(), kept),
                          op.getAxes())
        .build(ins, {{zeros, kept}},
               [&](Scalars &s, ValueRange values, ValueRange outs) {
                 Value d = takeDistances(s, values).front();
                 return SmallVector<Value>{s.add(outs[0], s.mul(d, share))};
               })[0];
  }

  /// Returns row `first` + `i` of the input. Its reduced axes have one element;
  /// without them, the innermost stride might not be known to be 1.
  Value takeRow(OpFoldResult first, int64_t i) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, loc, op.getInput());
    SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(sizes.size(), b.getIndexAttr(1));
    for (int64_t axis : op.getAxes())
      sizes[axis] = b.getIndexAttr(1);
    offsets[rowAxis] = affine::makeComposedFoldedAffineApply(
        b, loc, b.getAffineSymbolExpr(0) + i, {first});
    return tensor::ExtractSliceOp::create(b, loc, op.getInput(), offsets, sizes,
                                          ones);
  }

  MomentsOp op;
  OpBuilder &b;
  Location loc;
  int64_t rowAxis;
  FloatType type;
  SmallVector<int64_t> kept;
};
} // namespace

std::pair<Value, Value> norm::buildRowMoments(MomentsOp op, OpBuilder &builder,
                                              int64_t rowAxis) {
  return RowMoments(op, builder, rowAxis).build();
}
