//===- GenericBuilder.cpp - builds linalg.generic ops -------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

Distance::Distance(Scalars &scalars, Value input) : s(scalars) {
  auto type = cast<FloatType>(getElementTypeOrSelf(input));
  isHalved = APFloat::semanticsMaxExponent(type.getFloatSemantics()) >=
             APFloat::semanticsMaxExponent(s.type.getFloatSemantics());
}

Value Distance::get(Value a, Value b) {
  Value minuend = scale(a, 1 / getUnit());
  return b ? s.sub(minuend, scale(b, 1 / getUnit())) : minuend;
}

Value Distance::scale(Value value, double factor) {
  return factor == 1.0 ? s.cast(value) : s.mul(value, s.constant(factor));
}

SmallVector<Indexed> norm::getPresent(ArrayRef<Indexed> operands) {
  return llvm::to_vector(
      llvm::make_filter_range(operands, [](const Indexed &operand) {
        return operand.tensor != nullptr;
      }));
}

Value Elements::take(Value operand) {
  if (!operand)
    return Value();
  Value value = values.front();
  values = values.drop_front();
  return isa<FloatType>(value.getType()) ? s.cast(value) : value;
}

SmallVector<Value> GenericBuilder::build(ArrayRef<Indexed> ins,
                                         ArrayRef<Indexed> outs, Body body) {
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  for (const Indexed &in : ins) {
    inputs.push_back(in.tensor);
    maps.push_back(getMap(in.axes));
  }
  for (const Indexed &out : outs) {
    outputs.push_back(out.tensor);
    maps.push_back(getMap(out.axes));
  }
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange(ValueRange(outputs)), inputs, outputs, maps,
      iterators, [&](OpBuilder &b, Location l, ValueRange args) {
        Scalars scalars(b, l, compute);
        SmallVector<Value> results =
            body(scalars, args.take_front(inputs.size()),
                 args.drop_front(inputs.size()));
        for (auto [result, out] :
             llvm::zip_equal(results, args.drop_front(inputs.size())))
          result = castFloat(b, l, result, out.getType());
        linalg::YieldOp::create(b, l, results);
      });
  return SmallVector<Value>(generic.getResults());
}

AffineMap GenericBuilder::getMap(ArrayRef<int64_t> axes) {
  SmallVector<AffineExpr> exprs;
  for (int64_t axis : axes)
    exprs.push_back(
        builder.getAffineDimExpr(llvm::find(order, axis) - order.begin()));
  return AffineMap::get(order.size(), 0, exprs, builder.getContext());
}

Value norm::makeEmptyLike(OpBuilder &builder, Location loc, Value value,
                          Type elementType) {
  return tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, value), elementType);
}

Value norm::makeZerosLike(OpBuilder &builder, Location loc, Value value,
                          Type elementType) {
  return makeZeros(builder, loc, tensor::getMixedSizes(builder, loc, value),
                   elementType);
}

SmallVector<int64_t> norm::getAllAxes(Value value) {
  return getOtherAxes(getRank(value), {});
}

SmallVector<int64_t> norm::concat(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> axes(a);
  llvm::append_range(axes, b);
  return axes;
}

SmallVector<int64_t> norm::getLoopOrder(int64_t rank,
                                        ArrayRef<int64_t> indexed) {
  if (!indexed.empty() && indexed.back() == rank - 1)
    return getOtherAxes(rank, {});
  return concat(indexed, getOtherAxes(rank, indexed));
}
