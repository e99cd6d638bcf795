//===- LayerPart.h - what depends on one variable ---------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_LAYERPART_H
#define NORM_LIB_RUNNER_LAYERPART_H

#include "ReferenceOps.h"

namespace mlir::norm {

/// The part of a layer that depends on one element of its input or of a
/// parameter, the variable. It is a layer on one axis.
class LayerPart {
public:
  /// Takes the element at the row-major position `element` of what `init` is
  /// the gradient of.
  LayerPart(const LayerGradient &gradient, const LayerGradient::Init &init,
            int64_t element);

  /// Returns true if the layer has a derivative with respect to the variable.
  bool hasDerivative() const { return isLinear || statistics[0].rstd != 0; }
  /// Returns the derivative of sum(output_gradient * output).
  double differentiate();
  /// Returns a bound of the error of the gradient if it is computed with
  /// relative errors of `computeUnit`, from statistics that have relative
  /// errors of `statisticUnit`.
  double getRoundingError(double computeUnit, double statisticUnit) const;

private:
  /// Returns the largest step of the variable.
  double getStep() const;
  /// Returns sum(output_gradient * (output - other output)).
  long double getChange(ArrayRef<long double> output,
                        ArrayRef<long double> otherOutput) const;
  /// Returns the output.
  std::vector<long double> run() const;

  LayerGradient::Kind kind;
  /// The output is linear in the variable.
  bool isLinear;
  /// The mean is subtracted.
  bool isCentered;
  Epsilon epsilon;
  std::vector<double> input, outputGradient;
  /// Which elements of the input the statistics are of, and how many.
  std::vector<bool> isSelected;
  double count = 0;
  /// For each element of the input.
  std::vector<Statistic> statistics;
  /// How much a relative change of the mean changes the normalized input.
  std::vector<long double> sensitivities;
  ProjectedValues scale, bias;
  double *variable = nullptr;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_LAYERPART_H
