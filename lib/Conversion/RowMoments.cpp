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

/// The rows that registers hold at once. Their sum is exact where all are
/// equal, because it is a power of two.
static constexpr int64_t kRows = 8;

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

/// Returns the sum of `values`, by pairs.
static Value sumPairs(Scalars &s, SmallVector<Value> values) {
  for (; values.size() > 1; values.resize((values.size() + 1) / 2))
    for (size_t i = 0; i + 1 < values.size(); i += 2)
      values[i / 2] = s.add(values[i], values[i + 1]);
  return values.front();
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
    SmallVector<Value> moments = {zeros, zeros};
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
    Value before = makeFloat(b, loc, type, first);
    Value added = outer.constant(number);
    Value weight = outer.div(added, outer.add(before, added));
    Value between = outer.mul(before, weight);
    return GenericBuilder(b, loc, type, concat(op.getAxes(), kept),
                          op.getAxes())
        .build(ins, {{moments[0], kept}, {moments[1], kept}},
               [&](Scalars &s, ValueRange values, ValueRange outs) {
                 return combine(s, takeDistances(s, values), outs, weight,
                                between);
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

  static SmallVector<Value> combine(Scalars &s, ArrayRef<Value> distances,
                                    ValueRange moments, Value weight,
                                    Value between) {
    // Shares, as the sum of finite distances might be infinite.
    Value share = s.constant(1.0 / distances.size());
    Value mean = sumPairs(s, llvm::map_to_vector(distances, [&](Value d) {
                            return s.mul(d, share);
                          }));
    Value m2 = sumPairs(s, llvm::map_to_vector(distances, [&](Value d) {
                          Value rest = s.sub(d, mean);
                          return s.mul(rest, rest);
                        }));
    Value delta = s.sub(mean, moments[0]);
    Value step = s.sub(s.mul(mean, weight), s.mul(moments[0], weight));
    Value square = s.mul(delta, s.mul(delta, between));
    return {s.add(moments[0], step), s.add(moments[1], s.add(m2, square))};
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
