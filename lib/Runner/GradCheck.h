//===- GradCheck.h - gradients against finite differences -------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the check of what a gradient op gives against differences of the
/// layer itself: the derivatives of L = sum(output_gradient * output), where
/// the output is that of the float64 reference. No formula of a gradient is
/// used.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_GRADCHECK_H
#define NORM_LIB_RUNNER_GRADCHECK_H

#include "Norm/Runner/Compare.h"
#include "ReferenceOps.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::norm {

struct GradCheckOptions {
  /// What a gradient may differ from a difference by. If no kind is given, it
  /// is what rounding explains: of the saved statistics, of the computation and
  /// of the result, against the size of the terms that the gradient is the sum
  /// of.
  Tolerance tolerance;
  /// Of a gradient with more elements, as many are checked, chosen at random.
  uint64_t samples = 100;
  uint64_t seed = 0;
};

/// How far a gradient is from the differences.
struct GradientComparison {
  int64_t numElements = 0;
  /// Those that are chosen, without those where the layer has no derivative:
  /// where the variance plus epsilon is 0.
  int64_t numChecked = 0;
  /// The number of elements beyond the tolerance.
  int64_t numFailures = 0;
  /// The largest error relative to the tolerance, infinite for NaN; its
  /// row-major position, and what stands there.
  double maxError = 0;
  int64_t maxErrorIndex = 0;
  double expected = 0;
  double actual = 0;
  double tolerance = 0;
};

/// A gradient op and what it is given.
class GradCheck {
public:
  /// A gradient that a function gives.
  struct Output {
    std::string name;
    /// It is written into an argument, or else returned.
    bool isArgument;
    unsigned index;
  };

  /// Takes the gradient op of `function`, which is run on `arguments` next. The
  /// statistics of the input, if the gradient goes through them, are written
  /// into the arguments that give them. Fails if the function does not consist
  /// of a gradient op, and if sizes do not agree.
  static llvm::Expected<GradCheck> create(FunctionOpInterface function,
                                          MutableArrayRef<Array> arguments);

  ArrayRef<Output> getOutputs() const { return outputs; }

  /// Compares the gradient of the output `index` with differences. Fails if its
  /// shape is another.
  llvm::Expected<GradientComparison>
  compare(size_t index, const Array &actual,
          const GradCheckOptions &options = {}) const;

  /// Returns the names of the statistics that are taken from the input.
  ArrayRef<std::string> getReplaced() const { return replaced; }

private:
  /// Takes the statistics of the input and writes them into `arguments`.
  llvm::Error replaceStatistics(NormLayerOpInterface op,
                                MutableArrayRef<Array> arguments);

  LayerGradient gradient;
  /// The largest relative errors that rounding gives to an operation and to a
  /// statistic.
  double computeUnit = 0;
  double statisticUnit = 0;
  /// For each init of the op.
  SmallVector<Output> outputs;
  SmallVector<std::string> replaced;
};

/// Prints `comparison` of an array of the sizes `shape`, each line starting
/// with `name`.
void printGradientComparison(const GradientComparison &comparison,
                             StringRef name, ArrayRef<int64_t> shape,
                             llvm::raw_ostream &os);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_GRADCHECK_H
