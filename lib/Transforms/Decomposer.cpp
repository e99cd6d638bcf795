//===- Decomposer.cpp - builds kernel ops ---------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Decomposer
//===----------------------------------------------------------------------===//

Value Decomposer::makeEmpty(ArrayRef<OpFoldResult> sizes) {
  return tensor::EmptyOp::create(builder, loc, sizes, accumulator);
}

Value Decomposer::makeZeros(ArrayRef<OpFoldResult> sizes) {
  return norm::makeZeros(builder, loc, sizes, accumulator);
}

Value Decomposer::makeSumInit(ArrayRef<OpFoldResult> sizes) {
  return norm::makeZeros(builder, loc, sizes, builder.getF64Type());
}

TypeAttr Decomposer::getChunkType() {
  return accumulator.isF64() ? TypeAttr() : TypeAttr::get(accumulator);
}

Value Decomposer::pickShift(Value input, ArrayRef<int64_t> axes) {
  SmallVector<OpFoldResult> sizes = getKeptSizes(input, axes);
  return ShiftOp::create(builder, loc, input, makeEmpty(sizes), axes)
      .getResult(0);
}

Value Decomposer::pickShift(Value input, ArrayRef<int64_t> axes,
                            const Selection &selection) {
  if (!selection.mask)
    return pickShift(input, axes);
  // The first values might not be selected, so the mean of all that are.
  Decomposer fast(builder, loc, accumulator, VarianceAlgorithm::Fast);
  return fast.takeMoments(input, axes, selection).mean;
}

Moments Decomposer::takeMoments(Value input, ArrayRef<int64_t> axes,
                                const Selection &selection, Value shift) {
  SmallVector<OpFoldResult> sizes = getKeptSizes(input, axes);
  if (!shift && algorithm == VarianceAlgorithm::Stable)
    shift = pickShift(input, axes, selection);
  Value zeros = makeSumInit(sizes);
  auto moments = MomentsOp::create(
      builder, loc, input, shift, selection.mask, /*guess=*/Value(), zeros,
      zeros, zeros, axes, selection.axes,
      algorithm.value_or(VarianceAlgorithm::Stable), !algorithm,
      getChunkType());
  // Each value is computed with the mean, in the accumulator type.
  Value mean = moments.getResult(1);
  if (getElementTypeOrSelf(mean) != accumulator)
    mean = copyInto(mean, makeEmpty(sizes));
  return {moments.getResult(0), mean, moments.getResult(2), shift};
}

Value Decomposer::computeRstd(Value variance, const APFloat &epsilon,
                              EpsilonMode mode) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, loc, variance);
  return RstdOp::create(builder, loc, variance, makeEmpty(sizes), epsilon, mode)
      .getResult(0);
}

Value Decomposer::getScale(Value scale, bool isZeroCentered) {
  if (!scale || !isZeroCentered)
    return scale;
  Value init = makeEmpty(tensor::getMixedSizes(builder, loc, scale));
  AffineMap map = builder.getMultiDimIdentityMap(getRank(scale));
  SmallVector<utils::IteratorType> loops(getRank(scale),
                                         utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), scale, init,
             ArrayRef<AffineMap>{map, map}, loops,
             [&](OpBuilder &b, Location l, ValueRange args) {
               Value one = arith::ConstantOp::create(
                   b, l, b.getFloatAttr(accumulator, 1.0));
               Value wide = castFloat(b, l, args[0], accumulator);
               linalg::YieldOp::create(
                   b, l, arith::AddFOp::create(b, l, wide, one).getResult());
             })
      .getResult(0);
}

Value Decomposer::widen(Value value) {
  if (getElementTypeOrSelf(value).getIntOrFloatBitWidth() >=
      accumulator.getWidth())
    return value;
  return copyInto(value, makeEmpty(tensor::getMixedSizes(builder, loc, value)));
}

Value Decomposer::copyInto(Value value, Value init, bool fits) {
  return norm::copyInto(builder, loc, value, init, fits);
}

SmallVector<OpFoldResult> Decomposer::getKeptSizes(Value input,
                                                   ArrayRef<int64_t> axes) {
  return getMixedSizes(builder, loc, input, getOtherAxes(getRank(input), axes));
}

LogicalResult norm::matchDecomposable(NormLayerOpInterface op,
                                      PatternRewriter &rewriter) {
  if (!cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics())
    return rewriter.notifyMatchFailure(op, "expected tensors");
  if (op.getLengths())
    return rewriter.notifyMatchFailure(op, "expected no lengths");
  return success();
}
