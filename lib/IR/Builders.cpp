//===- Builders.cpp - helpers that build tensors of statistics ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Builders.h"

#include "Norm/IR/Scalars.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

SmallVector<OpFoldResult> norm::getMixedSizes(OpBuilder &builder, Location loc,
                                              Value value,
                                              ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [&](int64_t axis) {
    return tensor::getMixedSize(builder, loc, value, axis);
  });
}

Value norm::makeFloat(OpBuilder &builder, Location loc, FloatType type,
                      OpFoldResult index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return arith::ConstantOp::create(
        builder, loc, FloatAttr::get(type, static_cast<double>(*constant)));
  Value integer = arith::IndexCastOp::create(
      builder, loc, builder.getI64Type(),
      getValueOrCreateConstantIndexOp(builder, loc, index));
  return arith::SIToFPOp::create(builder, loc, type, integer);
}

OpFoldResult norm::countElements(OpBuilder &builder, Location loc, Value value,
                                 ArrayRef<int64_t> axes) {
  OpFoldResult count = builder.getIndexAttr(1);
  AffineExpr s0 = builder.getAffineSymbolExpr(0);
  AffineExpr s1 = builder.getAffineSymbolExpr(1);
  for (OpFoldResult size : getMixedSizes(builder, loc, value, axes))
    count = affine::makeComposedFoldedAffineApply(builder, loc, s0 * s1,
                                                  {count, size});
  return count;
}

Value norm::countSelected(OpBuilder &builder, Location loc, Value mask,
                          ArrayRef<int64_t> axes) {
  int64_t rank = getRank(mask);
  Type type = builder.getF64Type();
  SmallVector<int64_t> kept = getOtherAxes(rank, axes);
  Value zeros =
      makeZeros(builder, loc, getMixedSizes(builder, loc, mask, kept), type);
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
  for (int64_t axis : axes)
    loops[axis] = utils::IteratorType::reduction;
  SmallVector<AffineExpr> exprs = llvm::map_to_vector(
      kept, [&](int64_t axis) { return builder.getAffineDimExpr(axis); });
  AffineMap all = builder.getMultiDimIdentityMap(rank);
  return linalg::GenericOp::create(
             builder, loc, zeros.getType(), mask, zeros,
             ArrayRef<AffineMap>{
                 all, AffineMap::get(rank, 0, exprs, builder.getContext())},
             loops,
             [&](OpBuilder &b, Location l, ValueRange args) {
               Value one = arith::UIToFPOp::create(b, l, type, args[0]);
               linalg::YieldOp::create(
                   b, l, arith::AddFOp::create(b, l, args[1], one).getResult());
             })
      .getResult(0);
}

Value norm::makeZeros(OpBuilder &builder, Location loc,
                      ArrayRef<OpFoldResult> sizes, Type elementType) {
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(elementType));
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, elementType);
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

Value norm::copyInto(OpBuilder &builder, Location loc, Value value, Value init,
                     bool fits) {
  int64_t rank = getRank(value);
  AffineMap map = builder.getMultiDimIdentityMap(rank);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), value, init,
             ArrayRef<AffineMap>{map, map},
             SmallVector<utils::IteratorType>(rank,
                                              utils::IteratorType::parallel),
             [&](OpBuilder &b, Location l, ValueRange args) {
               Value element = args[0];
               Type type = args[1].getType();
               if (fits)
                 element = Scalars(b, l, cast<FloatType>(element.getType()))
                               .fit(element, type);
               linalg::YieldOp::create(b, l, castFloat(b, l, element, type));
             })
      .getResult(0);
}

Value norm::castFloat(OpBuilder &builder, Location loc, Value value,
                      Type type) {
  Type from = value.getType();
  if (from == type)
    return value;
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  unsigned toWidth = type.getIntOrFloatBitWidth();
  if (fromWidth < toWidth)
    return arith::ExtFOp::create(builder, loc, type, value);
  // From f64 to 16 bits there is neither an instruction nor, everywhere, a
  // library function.
  if (fromWidth == 64 && toWidth == 16)
    value = arith::TruncFOp::create(builder, loc, builder.getF32Type(), value);
  if (fromWidth > toWidth)
    return arith::TruncFOp::create(builder, loc, type, value);
  // f16 and bf16 have the same width, and each holds values the other does not.
  Value wide = arith::ExtFOp::create(builder, loc, builder.getF32Type(), value);
  return arith::TruncFOp::create(builder, loc, type, wide);
}
