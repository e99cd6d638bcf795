//===- GenericBuilder.h - builds linalg.generic ops -------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CONVERSION_GENERICBUILDER_H
#define NORM_LIB_CONVERSION_GENERICBUILDER_H

#include "Norm/IR/Builders.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
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
  Value saturate(Value a) {
    const llvm::fltSemantics &semantics = type.getFloatSemantics();
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
  Value isInfinity(Value a) {
    return arith::CmpFOp::create(
        builder, loc, arith::CmpFPredicate::OEQ, a,
        constant(APFloat::getInf(type.getFloatSemantics())));
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }

  OpBuilder &builder;
  Location loc;
  FloatType type;
};

/// Distances between values. Where values fill the range of the type that
/// computes, the distance of two of them might not fit: it is taken of the
/// halves then, by the same fused operation.
class Distance {
public:
  /// Of values that were of the type of `input`.
  Distance(Scalars &scalars, Value input);

  /// Returns (a - b) / unit; `b` may be null for 0.
  Value get(Value a, Value b);
  /// 1 or 2.
  double getUnit() const { return isHalved ? 2.0 : 1.0; }
  /// Returns value * factor.
  Value scale(Value value, double factor);

private:
  Scalars &s;
  bool isHalved;
};

/// Computes the new values of the outputs from the elements of the inputs and
/// of the outputs.
using Body = function_ref<SmallVector<Value>(Scalars &, ValueRange ins,
                                             ValueRange outs)>;

/// An operand of a generic op: a tensor and the axes that index it, one for
/// each of its dimensions.
struct Indexed {
  Value tensor;
  SmallVector<int64_t> axes;
};

/// Builds linalg.generic ops over the axes of one tensor.
class GenericBuilder {
public:
  /// `order` lists the axes from the outermost loop to the innermost one;
  /// `reduced` are those of them that reduce.
  GenericBuilder(OpBuilder &builder, Location loc, FloatType compute,
                 ArrayRef<int64_t> order, ArrayRef<int64_t> reduced = {})
      : builder(builder), loc(loc), compute(compute), order(order) {
    for (int64_t axis : order)
      iterators.push_back(llvm::is_contained(reduced, axis)
                              ? utils::IteratorType::reduction
                              : utils::IteratorType::parallel);
  }

  /// Builds an op that computes the new values of `outs`, and returns them.
  SmallVector<Value> build(ArrayRef<Indexed> ins, ArrayRef<Indexed> outs,
                           Body body);

private:
  AffineMap getMap(ArrayRef<int64_t> axes);

  OpBuilder &builder;
  Location loc;
  FloatType compute;
  SmallVector<int64_t> order;
  SmallVector<utils::IteratorType> iterators;
};

/// Makes an uninitialized tensor of the sizes of `value`.
Value makeEmptyLike(OpBuilder &builder, Location loc, Value value,
                    Type elementType);

/// Makes a tensor of zeros of the sizes of `value`.
Value makeZerosLike(OpBuilder &builder, Location loc, Value value,
                    Type elementType);

/// Returns all axes of `value`.
SmallVector<int64_t> getAllAxes(Value value);

/// Returns the axes of `a`, then those of `b`.
SmallVector<int64_t> concat(ArrayRef<int64_t> a, ArrayRef<int64_t> b);

/// Returns the order of the loops of an elementwise op with coefficients on the
/// axes `indexed`, sorted: these outside, so that coefficients stay in
/// registers, but for the innermost axis, along which memory is contiguous.
SmallVector<int64_t> getLoopOrder(int64_t rank, ArrayRef<int64_t> indexed);

/// Adds the patterns of one family each.
void populateGradientsToLinalgPatterns(RewritePatternSet &patterns);
void populateMomentsToLinalgPatterns(RewritePatternSet &patterns);
void populateStatisticsToLinalgPatterns(RewritePatternSet &patterns);
void populateNormalizeToLinalgPatterns(RewritePatternSet &patterns);

} // namespace mlir::norm

#endif // NORM_LIB_CONVERSION_GENERICBUILDER_H
