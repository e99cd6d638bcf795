//===- Scalars.h - scalar arithmetic in one type ----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_SCALARS_H
#define NORM_IR_SCALARS_H

#include "Norm/IR/Builders.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace mlir::norm {

/// Scalar arithmetic in one float type. Operands are converted to it.
class Scalars {
public:
  Scalars(OpBuilder &builder, Location loc, FloatType type)
      : builder(builder), loc(loc), type(type) {}

  Value cast(Value value) { return castFloat(builder, loc, value, type); }
  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, cast(a), cast(b));
  }
  Value sub(Value a, Value b) {
    return arith::SubFOp::create(builder, loc, cast(a), cast(b));
  }
  Value mul(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, cast(a), cast(b));
  }
  Value div(Value a, Value b) {
    return arith::DivFOp::create(builder, loc, cast(a), cast(b));
  }
  Value max(Value a, Value b) {
    return arith::MaximumFOp::create(builder, loc, cast(a), cast(b));
  }
  Value min(Value a, Value b) {
    return arith::MinimumFOp::create(builder, loc, cast(a), cast(b));
  }
  /// Returns the finite number nearest to `a`; NaN stays.
  Value saturate(Value a) { return clamp(a, type.getFloatSemantics()); }
  /// Returns `a`, but the largest number of the type `to` where it is finite
  /// and larger.
  Value fit(Value a, Type to) {
    const llvm::fltSemantics &semantics =
        llvm::cast<FloatType>(to).getFloatSemantics();
    if (APFloat::semanticsMaxExponent(semantics) >=
        APFloat::semanticsMaxExponent(type.getFloatSemantics()))
      return a;
    return select(isNotFinite(cast(a)), cast(a), clamp(a, semantics));
  }
  /// Returns the number nearest to `a` that `semantics` can express.
  Value clamp(Value a, const llvm::fltSemantics &semantics) {
    return max(min(a, constant(APFloat::getLargest(semantics))),
               constant(APFloat::getLargest(semantics, /*Negative=*/true)));
  }
  Value sqrt(Value a) { return math::SqrtOp::create(builder, loc, cast(a)); }
  Value constant(double value) { return constant(APFloat(value)); }
  Value constant(APFloat value) {
    bool losesInfo;
    value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    return arith::ConstantOp::create(builder, loc, FloatAttr::get(type, value));
  }
  /// Returns a / max(n, 1), so that no values give 0 and not NaN.
  Value divByCount(Value a, Value n) { return div(a, max(n, constant(1.0))); }
  Value isZero(Value a) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, a,
                                 constant(0.0));
  }
  Value isNotZero(Value a) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, a,
                                 constant(0.0));
  }
  Value isGreater(Value a, Value b) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, a, b);
  }
  /// Infinite or NaN: what minus itself is not 0.
  Value isNotFinite(Value a) { return isNotZero(sub(a, a)); }
  Value either(Value a, Value b) {
    return arith::OrIOp::create(builder, loc, a, b);
  }
  Value both(Value a, Value b) {
    return arith::AndIOp::create(builder, loc, a, b);
  }
  Value isNotNumber(Value a) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO, a, a);
  }
  Value infinity() {
    return constant(APFloat::getInf(type.getFloatSemantics()));
  }
  Value isInfinity(Value a) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, a,
                                 infinity());
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }
  /// Returns `a`, or 0 where the condition, which may be null, is false.
  Value zeroUnless(Value condition, Value a) {
    return condition ? select(condition, cast(a), constant(0.0)) : a;
  }

  OpBuilder &builder;
  Location loc;
  FloatType type;
};

} // namespace mlir::norm

#endif // NORM_IR_SCALARS_H
