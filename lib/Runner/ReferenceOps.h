//===- ReferenceOps.h - the layer ops in float64 ----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the formulas of the layer ops and their gradients, written from the
/// descriptions of the ops alone. They are in long double, which has 11 bits
/// more than float64 on x86.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_REFERENCEOPS_H
#define NORM_LIB_RUNNER_REFERENCEOPS_H

#include "ReferenceAxes.h"

namespace mlir::norm {

/// What a layer op computes for its inits, in their order, unrounded.
using InitValues = SmallVector<std::vector<long double>>;

/// Runs the layer op `op`; `getValues` gives the values of its operands. Fails
/// if the sizes of the operands do not agree. Returns none if `op` is not a
/// layer op.
llvm::Expected<std::optional<InitValues>> runLayerOp(Operation *op,
                                                     GetValues getValues);

//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

/// The mean and the biased variance of one set of values.
struct Moments {
  int64_t count = 0;
  long double mean = 0;
  long double variance = 0;
};

/// How epsilon keeps a standard deviation away from 0.
struct Epsilon {
  double value = 0;
  EpsilonMode mode = EpsilonMode::Add;
};

/// What a set of values is normalized by.
struct Statistic {
  long double mean = 0;
  /// The reciprocal of the standard deviation with epsilon, and 0 where that is
  /// 0.
  long double rstd = 0;
  /// The derivative of rstd in the variance over -rstd^3 / 2, which it is where
  /// epsilon is added to the variance.
  long double slope = 1;

  /// Returns (x - mean) * rstd, and 0 where rstd is 0.
  long double normalize(long double x) const {
    return rstd == 0 ? 0 : (x - mean) * rstd;
  }
};

/// Returns the moments of the selected elements of `input` that `projection`
/// maps to each position. If they are not centered, the mean is taken as 0, so
/// that the variance is the mean of the squares.
std::vector<Moments> getMoments(ArrayRef<double> input,
                                const Projection &projection,
                                const std::vector<bool> &isSelected,
                                bool isCentered = true);

/// Returns what the values with `moments` are normalized by.
std::vector<Statistic> getStatistics(ArrayRef<Moments> moments,
                                     Epsilon epsilon);

/// Returns what values are normalized by if the statistics are given. Without
/// means, they are 0.
std::vector<Statistic> getStatistics(ArrayRef<double> means,
                                     ArrayRef<double> variances,
                                     Epsilon epsilon);

/// Returns the epsilon of a layer op.
template <typename OpTy> Epsilon getEpsilon(OpTy op) {
  return {op.getEpsilon().convertToDouble(), op.getEpsilonMode()};
}

/// Returns the scale of a layer op, 1 where it has none.
template <typename OpTy>
ProjectedValues getScale(OpTy op, const LayerOperands &operands) {
  ProjectedValues scale = operands.get(op.getScaleMutable(), 1);
  if (!op.getScale() || !op.getZeroCenteredScale())
    return scale;
  auto elements = std::make_shared<std::vector<double>>(*scale.elements);
  for (double &element : *elements)
    element += 1;
  scale.elements = std::move(elements);
  return scale;
}

/// Returns (input - mean) * rstd * scale + bias, and bias where rstd is 0.
/// `projection` maps to `statistics`.
std::vector<long double> normalize(ArrayRef<double> input,
                                   ArrayRef<Statistic> statistics,
                                   const Projection &projection,
                                   const ProjectedValues &scale,
                                   const ProjectedValues &bias);

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

/// What a gradient op is given, and what it is asked for.
struct LayerGradient {
  enum Kind { Input, Scale, Bias };
  /// A gradient that the op computes.
  struct Init {
    Kind kind;
    Projection projection;
  };

  std::vector<double> outputGradient;
  std::vector<double> input;
  /// Which elements of the input the statistics are of.
  std::vector<bool> isSelected;
  /// How the elements of the input find their statistics.
  Projection projection;
  std::vector<Statistic> statistics;
  /// The statistics are constants. Otherwise they are those of the input, and
  /// depend on it.
  bool isConstant;
  /// The mean is subtracted.
  bool isCentered;
  /// The op's operands that give the statistics, null where there is none.
  OpOperand *mean, *variance, *rstd;
  Epsilon epsilon;
  ProjectedValues scale;
  /// The type that the op computes in.
  FloatType accumulator;
  SmallVector<Init> inits;
};

/// Returns what the gradient op `op` is given. Fails if the sizes of the
/// operands do not agree. Returns none if `op` is not the gradient of a layer.
llvm::Expected<std::optional<LayerGradient>>
getLayerGradient(Operation *op, GetValues getValues);

/// Returns the gradients that are asked for.
InitValues runGradient(const LayerGradient &gradient);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_REFERENCEOPS_H
