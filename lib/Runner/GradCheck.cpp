//===- GradCheck.cpp - gradients against finite differences ---------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GradCheck.h"

#include "Interpreter.h"
#include "LayerPart.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// Returns the layer ops of `function`.
static SmallVector<NormLayerOpInterface>
getLayerOps(FunctionOpInterface function) {
  return llvm::to_vector(
      function.getFunctionBody().front().getOps<NormLayerOpInterface>());
}

/// Returns an error that tells which layer ops `function` has.
static Error makeGradientError(FunctionOpInterface function) {
  std::string names =
      llvm::join(llvm::map_range(getLayerOps(function),
                                 [](NormLayerOpInterface op) {
                                   return op->getName().getStringRef();
                                 }),
                 ", ");
  return makeOpError(function, "expected the only layer op to be a gradient "
                               "such as norm.batch_norm_grad, but got " +
                                   (names.empty() ? "none" : names));
}

/// Returns the number of the argument that `statistic`, an operand of `op`, is.
/// Fails if it is not an argument, or if another operand is the same.
static Expected<unsigned> findArgument(NormLayerOpInterface op,
                                       OpOperand &statistic) {
  auto argument = dyn_cast<BlockArgument>(statistic.get());
  if (argument && llvm::count(op->getOperands(), argument) == 1)
    return argument.getArgNumber();
  return makeOpError(op, "expected " + op.describeOperand(statistic).name +
                             " to be an argument that no other operand is, so "
                             "that it can be replaced by that of the input");
}

/// Returns where the function gives the gradient that `op` puts into `init`.
static Expected<GradCheck::Output> findOutput(NormLayerOpInterface op,
                                              OpOperand &init) {
  std::string name = op.describeOperand(init).name.str();
  Value value = init.get();
  if (op->getNumResults() != 0)
    value = cast<DestinationStyleOpInterface>(op.getOperation())
                .getTiedOpResult(&init);
  if (auto argument = dyn_cast<BlockArgument>(value))
    return GradCheck::Output{name, /*isArgument=*/true,
                             argument.getArgNumber()};
  for (OpOperand &result : op->getBlock()->getTerminator()->getOpOperands())
    if (result.get() == value)
      return GradCheck::Output{name, /*isArgument=*/false,
                               result.getOperandNumber()};
  return makeOpError(op, "expected " + name +
                             " to be a result or an argument of the function");
}

/// Returns the largest relative error of rounding to the elements of `type`.
static double getUnit(Type type) {
  ElementType element = *norm::getElementType(getElementTypeOrSelf(type));
  return std::ldexp(1.0, -getFloatFormat(element).precision);
}

Expected<GradCheck> GradCheck::create(FunctionOpInterface function,
                                      MutableArrayRef<Array> arguments) {
  SmallVector<NormLayerOpInterface> ops = getLayerOps(function);
  if (ops.size() != 1)
    return makeGradientError(function);
  NormLayerOpInterface op = ops.front();
  Expected<Interpreter> interpreter =
      Interpreter::create(function, arguments, ReferenceOptions());
  if (!interpreter)
    return interpreter.takeError();
  if (Error error = interpreter->runUntil(op))
    return std::move(error);
  Expected<std::optional<LayerGradient>> gradient =
      getLayerGradient(op, [&](Value value) -> const Values & {
        return interpreter->getValues(value);
      });
  if (!gradient)
    return gradient.takeError();
  if (!*gradient)
    return makeGradientError(function);
  GradCheck check;
  check.gradient = std::move(**gradient);
  for (OpOperand &init : cast<DestinationStyleOpInterface>(op.getOperation())
                             .getDpsInitsMutable()) {
    Expected<Output> output = findOutput(op, init);
    if (!output)
      return output.takeError();
    check.outputs.push_back(std::move(*output));
  }
  check.computeUnit = getUnit(check.gradient.accumulator);
  if (!check.gradient.isConstant)
    if (Error error = check.replaceStatistics(op, arguments))
      return std::move(error);
  return std::move(check);
}

Error GradCheck::replaceStatistics(NormLayerOpInterface op,
                                   MutableArrayRef<Array> arguments) {
  std::vector<Moments> moments =
      getMoments(gradient.input, gradient.projection, gradient.isSelected,
                 gradient.isCentered);
  gradient.statistics = getStatistics(moments, gradient.epsilon);
  for (OpOperand *operand : {gradient.mean, gradient.variance, gradient.rstd}) {
    if (!operand)
      continue;
    Expected<unsigned> argument = findArgument(op, *operand);
    if (!argument)
      return argument.takeError();
    for (auto [i, m] : llvm::enumerate(moments))
      arguments[*argument].set(i, operand == gradient.mean ? m.mean
                                  : operand == gradient.variance
                                      ? m.variance
                                      : gradient.statistics[i].rstd);
    replaced.push_back(op.describeOperand(*operand).name.str());
    statisticUnit = std::max(statisticUnit, getUnit(operand->get().getType()));
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

/// Returns whether any kind of tolerance is given.
static bool isGiven(const Tolerance &tolerance) {
  return tolerance.ulp || tolerance.rtol || tolerance.atol;
}

Expected<GradientComparison>
GradCheck::compare(size_t index, const Array &actual,
                   const GradCheckOptions &options) const {
  const LayerGradient::Init &init = gradient.inits[index];
  if (actual.getShape() != ArrayRef(init.projection.shape))
    return llvm::createStringError(
        "expected the shape of " + outputs[index].name + " to be " +
        formatShape(init.projection.shape) + ", but got " +
        formatShape(actual.getShape()));
  GradientComparison result;
  result.numElements = actual.getNumElements();
  std::vector<int64_t> elements;
  std::mt19937_64 random(options.seed);
  auto all = llvm::seq(result.numElements);
  std::sample(all.begin(), all.end(), std::back_inserter(elements),
              std::min<uint64_t>(options.samples, result.numElements), random);
  ElementType type = actual.getType();
  for (int64_t element : elements) {
    LayerPart part(gradient, init, element);
    if (!part.hasDerivative())
      continue;
    ++result.numChecked;
    double expected = part.differentiate();
    double tolerance = 0;
    double error = HUGE_VAL;
    if (std::isfinite(expected)) {
      tolerance = isGiven(options.tolerance)
                      ? getAllowedDistance(options.tolerance, type, expected)
                      : part.getRoundingError(computeUnit, statisticUnit) +
                            getUlp(type, expected) / 2;
      double distance =
          getDistance(type, actual.get(element), expected).absolute;
      error = distance == 0 ? 0 : distance / tolerance;
    }
    if (!(error <= 1))
      ++result.numFailures;
    if (error > result.maxError) {
      result.maxError = error;
      result.maxErrorIndex = element;
      result.expected = expected;
      result.actual = actual.get(element);
      result.tolerance = tolerance;
    }
  }
  return result;
}

void norm::printGradientComparison(const GradientComparison &comparison,
                                   StringRef name, ArrayRef<int64_t> shape,
                                   raw_ostream &os) {
  std::string place = formatIndex(shape, comparison.maxErrorIndex);
  os << name << ": " << comparison.numChecked << " of "
     << comparison.numElements << " elements checked, max error "
     << llvm::format("%.3g", comparison.maxError) << " of the tolerance at "
     << place << "; " << comparison.numFailures << " beyond the tolerance\n";
  if (comparison.numFailures != 0)
    os << name << ": at " << place << " expected "
       << llvm::format("%.17g within %.3g", comparison.expected,
                       comparison.tolerance)
       << ", but got " << llvm::format("%.17g", comparison.actual) << '\n';
}
