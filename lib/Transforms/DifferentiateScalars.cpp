//===- DifferentiateScalars.cpp - derivatives of scalar ops ---------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Differentiate.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The derivatives of max(a, b), or of min if it is of opposite order: half
/// each where both are equal.
static SmallVector<Value> getPartialsOfExtremum(Scalars &s, Value greater,
                                                Value lesser) {
  auto compare = [&](arith::CmpFPredicate predicate) -> Value {
    return arith::CmpFOp::create(s.builder, s.loc, predicate, greater, lesser);
  };
  Value one = s.constant(1.0);
  Value first = s.select(compare(arith::CmpFPredicate::OGT), one,
                         s.select(compare(arith::CmpFPredicate::OEQ),
                                  s.constant(0.5), s.constant(0.0)));
  return {first, s.sub(one, first)};
}

FailureOr<SmallVector<Value>> norm::getPartials(Operation *op, Scalars &s,
                                                ValueRange x, Value y) {
  using Partials = SmallVector<Value>;
  auto one = [&] { return s.constant(1.0); };
  auto zero = [&] { return s.constant(0.0); };
  auto exp = [&](Value a) -> Value {
    return math::ExpOp::create(s.builder, s.loc, a);
  };
  return TypeSwitch<Operation *, FailureOr<Partials>>(op)
      .Case<arith::AddFOp>([&](auto) { return Partials{one(), one()}; })
      .Case<arith::SubFOp>(
          [&](auto) { return Partials{one(), s.constant(-1.0)}; })
      .Case<arith::MulFOp>([&](auto) { return Partials{x[1], x[0]}; })
      .Case<arith::DivFOp>([&](auto) {
        Value inverse = s.div(one(), x[1]);
        return Partials{inverse, s.mul(s.constant(-1.0), s.mul(y, inverse))};
      })
      .Case<arith::NegFOp>([&](auto) { return Partials{s.constant(-1.0)}; })
      .Case<arith::ExtFOp, arith::TruncFOp>(
          [&](auto) { return Partials{one()}; })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>(
          [&](auto) { return getPartialsOfExtremum(s, x[0], x[1]); })
      .Case<arith::MinimumFOp, arith::MinNumFOp>(
          [&](auto) { return getPartialsOfExtremum(s, x[1], x[0]); })
      .Case<arith::SelectOp>([&](auto) {
        return Partials{Value(), s.select(x[0], one(), zero()),
                        s.select(x[0], zero(), one())};
      })
      .Case<math::FmaOp>([&](auto) { return Partials{x[1], x[0], one()}; })
      .Case<math::ExpOp>([&](auto) { return Partials{y}; })
      .Case<math::LogOp>([&](auto) { return Partials{s.div(one(), x[0])}; })
      .Case<math::SqrtOp>(
          [&](auto) { return Partials{s.div(s.constant(0.5), y)}; })
      .Case<math::RsqrtOp>([&](auto) {
        return Partials{s.mul(s.constant(-0.5), s.mul(y, s.mul(y, y)))};
      })
      .Case<math::TanhOp>(
          [&](auto) { return Partials{s.sub(one(), s.mul(y, y))}; })
      .Case<math::ErfOp>([&](auto) {
        Value square = s.mul(x[0], x[0]);
        return Partials{s.mul(s.constant(2 * llvm::numbers::inv_sqrtpi),
                              exp(s.mul(s.constant(-1.0), square)))};
      })
      .Default([](Operation *) { return failure(); });
}
