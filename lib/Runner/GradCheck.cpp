//===- GradCheck.cpp - gradients against finite differences ---------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GradCheck.h"

#include "Interpreter.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

namespace {

/// The part of a layer that depends on one element of its input or of a
/// parameter, the variable. It is a layer on one axis.
class Part {
public:
  Part(const LayerGradient &gradient, const LayerGradient::Init &init,
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
  double epsilon;
  std::vector<double> input, outputGradient;
  /// For each element of the input.
  std::vector<Statistic> statistics;
  /// How much a relative change of the mean changes the normalized input.
  std::vector<long double> sensitivities;
  ProjectedValues scale, bias;
  double *variable = nullptr;
};

} // namespace

/// Returns the projection of one axis of `size` indices on itself.
static Projection projectEach(int64_t size) {
  Projection projection;
  projection.shape.push_back(size);
  projection.offsets.emplace_back(size);
  std::iota(projection.offsets[0].begin(), projection.offsets[0].end(), 0);
  return projection;
}

/// Returns the projection of one axis of `size` indices on one element.
static Projection projectAll(int64_t size) {
  Projection projection;
  projection.shape.push_back(1);
  projection.offsets.emplace_back(size, 0);
  return projection;
}

Part::Part(const LayerGradient &gradient, const LayerGradient::Init &init,
           int64_t element)
    : kind(init.kind),
      isLinear(kind != LayerGradient::Input || gradient.isConstant),
      epsilon(gradient.epsilon) {
  const Projection &owners = isLinear ? init.projection : gradient.projection;
  int64_t owner =
      kind == LayerGradient::Input ? owners.getPosition(element) : element;
  std::vector<double> scales;
  size_t index = 0;
  forEachElement({&owners, &gradient.projection, &gradient.scale.projection},
                 [&](int64_t i, auto positions) {
                   if (positions[0] != owner)
                     return;
                   if (i == element)
                     index = input.size();
                   const Statistic &statistic =
                       gradient.statistics[positions[1]];
                   input.push_back(gradient.input[i]);
                   outputGradient.push_back(gradient.outputGradient[i]);
                   statistics.push_back(statistic);
                   sensitivities.push_back(std::fabs(statistic.rstd) *
                                           (std::fabs(gradient.input[i]) +
                                            std::fabs(statistic.mean)));
                   scales.push_back(gradient.scale[positions[2]]);
                 });
  // What goes through the statistics does not change if all values are moved;
  // around 0, they are more precise.
  if (!isLinear) {
    double shift = static_cast<double>(statistics[0].mean);
    for (auto [x, statistic] : llvm::zip_equal(input, statistics)) {
      x -= shift;
      statistic.mean -= shift;
    }
  }
  int64_t size = input.size();
  // All elements share a scale that is the variable.
  if (kind == LayerGradient::Scale)
    scales.resize(1);
  scale = {kind == LayerGradient::Scale ? projectAll(size) : projectEach(size),
           std::make_shared<std::vector<double>>(std::move(scales))};
  bias = {projectAll(size), std::make_shared<std::vector<double>>(1, 0.0)};
  switch (kind) {
  case LayerGradient::Input:
    variable = &input[index];
    break;
  case LayerGradient::Scale:
    variable = scale.elements->data();
    break;
  case LayerGradient::Bias:
    variable = bias.elements->data();
    break;
  }
}

std::vector<long double> Part::run() const {
  if (isLinear)
    return normalize(input, statistics, projectEach(input.size()), scale, bias);
  Projection all = projectAll(input.size());
  return normalize(input, getStatistics(getMoments(input, all), epsilon), all,
                   scale, bias);
}

long double Part::getChange(ArrayRef<long double> output,
                            ArrayRef<long double> otherOutput) const {
  long double change = 0;
  for (auto [gradient, y, otherY] :
       llvm::zip_equal(outputGradient, output, otherOutput))
    change += gradient * (y - otherY);
  return change;
}

/// Returns the largest power of two that is not above `value`.
static double getPowerOfTwo(long double value) {
  return std::isnormal(value) ? std::ldexp(1.0, std::ilogb(value)) : 1;
}

double Part::getStep() const {
  if (kind != LayerGradient::Input)
    return getPowerOfTwo(std::max(1.0, std::fabs(*variable)));
  long double deviation = 1 / std::fabs(statistics[0].rstd);
  if (isLinear)
    return getPowerOfTwo(deviation);
  // With n values, the output is a power series in the step over the deviation
  // whose radius of convergence is n / sqrt(n - 1).
  return getPowerOfTwo(std::sqrt(static_cast<long double>(input.size())) *
                       deviation) /
         8;
}

// Central differences of halved steps, extrapolated to a step of 0 (Romberg):
// each column of the tableau is without one more even power of the step.
double Part::differentiate() {
  std::array<long double, 6> row;
  size_t numSteps = isLinear ? 1 : row.size();
  double center = *variable;
  double step = getStep();
  for (size_t i = 0; i < numSteps; ++i, step /= 2) {
    double above = *variable = center + step;
    std::vector<long double> outputAbove = run();
    double below = *variable = center - step;
    long double next = getChange(outputAbove, run()) /
                       (static_cast<long double>(above) - below);
    long double power = 1;
    for (size_t column = 0; column < i; ++column) {
      long double former = std::exchange(row[column], next);
      power *= 4;
      next += (next - former) / (power - 1);
    }
    row[i] = next;
  }
  *variable = center;
  return static_cast<double>(row[numSteps - 1]);
}

double Part::getRoundingError(double computeUnit, double statisticUnit) const {
  auto sum = [&](auto getTerm) {
    long double result = 0;
    for (size_t i = 0; i < input.size(); ++i)
      result += getTerm(i);
    return result;
  };
  auto gradient = [&](size_t i) -> long double {
    return std::fabs(outputGradient[i]);
  };
  // A few operations, and sums whose errors add up like a random walk.
  double unit = (8 + std::sqrt(input.size()) / 4) * computeUnit;
  if (kind != LayerGradient::Bias)
    unit += 4 * statisticUnit;
  // The absolute values of the terms that the gradient is the sum of, each as
  // large as it is and as it changes with the statistics.
  long double size = 0;
  switch (kind) {
  case LayerGradient::Bias:
    size = sum(gradient);
    break;
  case LayerGradient::Scale:
    size = sum([&](size_t i) { return gradient(i) * sensitivities[i]; });
    break;
  case LayerGradient::Input: {
    auto scaled = [&](size_t i) {
      return gradient(i) * std::fabs((*scale.elements)[i]);
    };
    auto normalized = [&](size_t i) {
      return std::fabs(statistics[i].normalize(input[i]));
    };
    size_t i = variable - input.data();
    size = scaled(i);
    if (!isLinear)
      size +=
          (sum(scaled) + sum([&](size_t j) {
             return scaled(j) * (sensitivities[i] * normalized(j) +
                                 normalized(i) * sensitivities[j] +
                                 unit * sensitivities[i] * sensitivities[j]);
           })) /
          input.size();
    size *= std::fabs(statistics[i].rstd);
    break;
  }
  }
  return static_cast<double>(unit * size);
}

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
      getMoments(gradient.input, gradient.projection);
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
    Part part(gradient, init, element);
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
