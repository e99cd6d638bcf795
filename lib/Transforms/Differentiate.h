//===- Differentiate.h - derivatives of ops ---------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Forward and reverse mode share all rules but two: those of linalg.generic
/// and of reshapes. A layer op or its gradient has none of its own: it is
/// expanded into simpler ops that compute the same values, and these are
/// differentiated. The gradient ops are a shortcut for the layers' outputs.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_DIFFERENTIATE_H
#define NORM_LIB_TRANSFORMS_DIFFERENTIATE_H

#include "Norm/IR/Norm.h"
#include "Norm/IR/Scalars.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {

/// Returns true for ranked tensors of floats, which have derivatives.
bool isFloatTensor(Type type);

/// The derivatives of values: tangents in forward mode, cotangents in reverse
/// mode. Only active values have one, those that depend on what is
/// differentiated by.
class Derivatives {
public:
  explicit Derivatives(OpBuilder &builder) : builder(builder) {}

  bool isActive(Value value) const { return active.contains(value); }
  void activate(Value value) { active.insert(value); }
  /// Activates the float tensors that an op computes from active ones.
  void activateResults(Operation *op);

  /// Returns the derivative of a value; null stands for zeros.
  Value get(Value value) const;
  /// The same, and forgets it.
  Value take(Value value);
  /// Adds to the derivative of a value, if it is active. Null is zero.
  void add(Value value, Value derivative);

  /// Runs `rule` with `values` taken for constants.
  LogicalResult holdConstant(ArrayRef<Value> values,
                             function_ref<LogicalResult()> rule);

  OpBuilder &builder;

private:
  DenseSet<Value> active;
  DenseMap<Value, Value> derivatives;
};

/// Returns true if the op is of a kind that has a rule.
bool hasDerivativeRule(Operation *op);
/// Says that an op has none.
LogicalResult emitNoRule(Operation *op);
/// Computes the tangents of the results from those of the operands.
LogicalResult pushForward(Operation *op, Derivatives &tangents);
/// Adds to the cotangents of the operands what those of the results give.
LogicalResult pullBack(Operation *op, Derivatives &cotangents);

//===----------------------------------------------------------------------===//
// linalg.generic
//===----------------------------------------------------------------------===//

/// A tensor and how loops index it: by a projected permutation.
struct MappedTensor {
  Value tensor;
  AffineMap map;
};

/// Computes the terms of a sum from the elements of tensors.
using TermBody = function_ref<Value(Scalars &, ValueRange)>;

/// Builds a tensor of `sizes`, indexed by `map`: the sums of `body` over the
/// loops that `map` does not have. The sums are taken in the type `compute`.
Value buildSum(OpBuilder &builder, Location loc, ArrayRef<MappedTensor> ins,
               AffineMap map, ArrayRef<OpFoldResult> sizes, Type elementType,
               FloatType compute, TermBody body);

LogicalResult pushForward(linalg::GenericOp op, Derivatives &tangents);
LogicalResult pullBack(linalg::GenericOp op, Derivatives &cotangents);

/// Returns the partial derivatives of a scalar op by its operands, null by
/// those that are no floats. `operands` and `result` are the op's in the type
/// of `scalars`. Fails if there is no rule.
FailureOr<SmallVector<Value>> getPartials(Operation *op, Scalars &scalars,
                                          ValueRange operands, Value result);

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Some results of an op, as ops with rules that compute the same values.
struct Expansion {
  SmallVector<Operation *> ops;
  /// Results of the op, and the values that `ops` compute for them.
  SmallVector<std::pair<Value, Value>> results;
  /// Values to take for constants, because the sum of what goes through them
  /// is zero.
  SmallVector<Value> constants;
};

/// Expands a layer op or a gradient. Expansions use results of the op, and may
/// use those of expansions before them by these.
SmallVector<Expansion> expandLayer(NormLayerOpInterface op, OpBuilder &builder);

/// The mean and the variance that a layer normalizes by, each null if absent.
struct LayerStatistics {
  Value mean, variance;
};

/// Returns the statistics of a layer that is no gradient: its operands, or
/// results that it saves.
LayerStatistics getStatistics(NormLayerOpInterface op);

/// Calls `function` with the op of its own class, if it is a layer and no
/// gradient.
template <typename ResultT, typename FunctionT>
ResultT visitLayer(Operation *op, FunctionT function) {
  return TypeSwitch<Operation *, ResultT>(op)
      .template Case<BatchNormTrainingOp, BatchNormInferenceOp, GroupNormOp,
                     InstanceNormOp, LayerNormOp, RMSNormOp>(function)
      .Default(ResultT());
}

/// Lets a layer op save its statistics, if it does not and is no gradient.
/// Returns the op.
Operation *saveStatistics(NormLayerOpInterface op, RewriterBase &rewriter);

/// Adds the cotangents that come through the output of a layer by its gradient
/// op, if it gives all that are wanted.
void pullBackOutput(NormLayerOpInterface op, Derivatives &cotangents);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_DIFFERENTIATE_H
