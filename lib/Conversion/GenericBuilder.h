//===- GenericBuilder.h - builds linalg.generic ops -------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CONVERSION_GENERICBUILDER_H
#define NORM_LIB_CONVERSION_GENERICBUILDER_H

#include "Norm/IR/Scalars.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::norm {

/// Distances between values. Where values fill the range of the type that
/// computes, the distance of two of them might not fit: it is taken of the
/// halves then, by the same fused operation.
class Distance {
public:
  /// Of values that were of the type of `input`.
  Distance(Scalars &scalars, Value input);
  /// In the units of another one.
  Distance(Scalars &scalars, const Distance &other)
      : s(scalars), isHalved(other.isHalved) {}

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

/// Returns those of `operands` that are present.
SmallVector<Indexed> getPresent(ArrayRef<Indexed> operands);

/// Takes the elements of operands, some of which may be absent, in their order.
class Elements {
public:
  Elements(Scalars &scalars, ValueRange values) : s(scalars), values(values) {}

  /// Returns the element of `operand`, a number in the type that computes; null
  /// if it is absent.
  Value take(Value operand);

private:
  Scalars &s;
  ValueRange values;
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
void populateMomentsToLinalgPatterns(RewritePatternSet &patterns,
                                     bool rowMoments);
void populateShiftToLinalgPatterns(RewritePatternSet &patterns);
void populateStatisticsToLinalgPatterns(RewritePatternSet &patterns);
void populateNormalizeToLinalgPatterns(RewritePatternSet &patterns);

} // namespace mlir::norm

#endif // NORM_LIB_CONVERSION_GENERICBUILDER_H
