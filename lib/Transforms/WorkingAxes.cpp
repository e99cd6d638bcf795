//===- WorkingAxes.cpp - groups of channels as an axis --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

/// Returns the axes of a tensor of rank `rank`, with `axis` made of two.
static SmallVector<ReassociationIndices> getReassociation(int64_t rank,
                                                          int64_t axis) {
  SmallVector<ReassociationIndices> reassociation;
  for (int64_t i = 0, next = 0; i < rank; ++i) {
    reassociation.push_back({next++});
    if (i == axis)
      reassociation.back().push_back(next++);
  }
  return reassociation;
}

/// The same, for a new axis of size 1 at `axis`. It belongs to the axis after
/// it, or to the one before if it is the last.
static SmallVector<ReassociationIndices> getUnitReassociation(int64_t rank,
                                                              int64_t axis) {
  return getReassociation(rank, std::min(axis, rank - 1));
}

static Value insertUnitAxis(OpBuilder &builder, Location loc, Value value,
                            int64_t axis) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin() + axis, 1);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  sizes.insert(sizes.begin() + axis, builder.getIndexAttr(1));
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value,
      getUnitReassociation(type.getRank(), axis), sizes);
}

static Value mergeAxes(OpBuilder &builder, Location loc, Value value,
                       int64_t axis) {
  return tensor::CollapseShapeOp::create(
      builder, loc, value, getReassociation(getRank(value) - 1, axis));
}

OpFoldResult norm::getDimSize(NormLayerOpInterface op, OpBuilder &builder,
                              LayerDim dim) {
  OpFoldResult size =
      tensor::getMixedSize(builder, op.getLoc(), op.getInput(), dim.axis);
  if (dim.part == LayerDim::kAll)
    return size;
  Grouping grouping = *op.getGrouping();
  bool isGiven =
      (dim.part == LayerDim::kGroups) == grouping.numGroups.has_value();
  if (isGiven)
    return builder.getIndexAttr(grouping.getDivisor());
  return affine::makeComposedFoldedAffineApply(
      builder, op.getLoc(),
      builder.getAffineSymbolExpr(0).floorDiv(grouping.getDivisor()), {size});
}

WorkingAxes::WorkingAxes(NormLayerOpInterface op, OpBuilder &builder)
    : op(op), builder(builder), loc(op.getLoc()), grouping(op.getGrouping()) {
  if (!grouping)
    return;
  std::tie(staticGroups, staticGroupSize) = op.getStaticGroups();
  int64_t rank = getRank(op.getInput());
  isOneGroup = staticGroups == 1;
  isSplit = staticGroups != 1 && staticGroupSize != 1;
  SmallVector<LayerDim> parameters = op.getParameterDims();
  isInnermost =
      grouping->axis == rank - 1 &&
      op.getStatisticsDims().size() < static_cast<size_t>(rank) &&
      llvm::none_of(
          parameters,
          [](LayerDim dim) { return dim.part == LayerDim::kMembers; });
  if (!isSplit)
    return;
  OpFoldResult channels =
      tensor::getMixedSize(builder, loc, op.getInput(), grouping->axis);
  OpFoldResult divisor = builder.getIndexAttr(grouping->getDivisor());
  OpFoldResult quotient = affine::makeComposedFoldedAffineApply(
      builder, loc,
      builder.getAffineSymbolExpr(0).floorDiv(grouping->getDivisor()),
      {channels});
  groups = grouping->numGroups ? divisor : quotient;
  groupSize = grouping->groupSize ? divisor : quotient;
}

int64_t WorkingAxes::getNumAxes(LayerDim dim) const {
  if (!grouping || dim.axis != grouping->axis)
    return 1;
  if (isSplit)
    return dim.part == LayerDim::kAll ? 2 : 1;
  LayerDim::Part unit = isOneGroup ? LayerDim::kGroups : LayerDim::kMembers;
  return dim.part == unit ? 0 : 1;
}

SmallVector<int64_t> WorkingAxes::getAxes(ArrayRef<LayerDim> dims) const {
  SmallVector<int64_t> axes;
  for (LayerDim dim : dims) {
    bool isAfter = isSplit && dim.axis > grouping->axis;
    bool isMember = isSplit && dim.part == LayerDim::kMembers;
    int64_t first = dim.axis + (isAfter || isMember);
    for (int64_t i : llvm::seq(getNumAxes(dim)))
      axes.push_back(first + i);
  }
  return axes;
}

Value WorkingAxes::toWorking(Value value, ArrayRef<LayerDim> dims) const {
  if (!value)
    return value;
  int64_t position = 0;
  for (LayerDim dim : dims) {
    int64_t number = getNumAxes(dim);
    if (number == 0)
      value = tensor::CollapseShapeOp::create(
          builder, loc, value,
          getUnitReassociation(getRank(value) - 1, position));
    if (number == 2)
      value = split(value, position);
    position += number;
  }
  return value;
}

Value WorkingAxes::fromWorking(Value value, ArrayRef<LayerDim> dims) const {
  for (auto [position, dim] : llvm::enumerate(dims)) {
    int64_t number = getNumAxes(dim);
    if (number == 0)
      value = insertUnitAxis(builder, loc, value, position);
    if (number == 2)
      value = mergeAxes(builder, loc, value, position);
  }
  return value;
}

Selection WorkingAxes::getSelection() const {
  SmallVector<LayerDim> dims = norm::detail::getMaskDims(op);
  return {toWorking(op.getMask(), dims), getAxes(dims)};
}

Value WorkingAxes::split(Value value, int64_t position) const {
  if (!value)
    return {};
  auto type = cast<RankedTensorType>(value.getType());
  // The size of the axis may be known of this operand, and not of the input.
  Grouping own = *grouping;
  own.axis = position;
  auto [ownGroups, ownGroupSize] = norm::detail::getStaticGroups(value, own);
  auto getSize = [&](int64_t known, OpFoldResult otherwise) -> OpFoldResult {
    return ShapedType::isDynamic(known) ? otherwise
                                        : builder.getIndexAttr(known);
  };
  SmallVector<int64_t> shape(type.getShape());
  shape[position] = ownGroups;
  shape.insert(shape.begin() + position + 1, ownGroupSize);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  sizes[position] = getSize(ownGroups, groups);
  sizes.insert(sizes.begin() + position + 1, getSize(ownGroupSize, groupSize));
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value,
      getReassociation(type.getRank(), position), sizes);
}

Value WorkingAxes::repeat(Value value, int64_t position) const {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  sizes.insert(sizes.begin() + position + 1, groupSize);
  Value init =
      tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  Value repeated =
      linalg::BroadcastOp::create(builder, loc, value, init, position + 1)
          .getResult()[0];
  return mergeAxes(builder, loc, repeated, position);
}
