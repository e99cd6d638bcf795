//===- LayerPart.cpp - what depends on one variable -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerPart.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::norm;

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

LayerPart::LayerPart(const LayerGradient &gradient,
                     const LayerGradient::Init &init, int64_t element)
    : kind(init.kind),
      isLinear(kind != LayerGradient::Input || gradient.isConstant),
      isCentered(gradient.isCentered), epsilon(gradient.epsilon) {
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
                   isSelected.push_back(gradient.isSelected[i]);
                   statistics.push_back(statistic);
                   sensitivities.push_back(std::fabs(statistic.rstd) *
                                           (std::fabs(gradient.input[i]) +
                                            std::fabs(statistic.mean)));
                   scales.push_back(gradient.scale[positions[2]]);
                 });
  // What is centered does not change if all values are moved; around 0, they
  // are more precise.
  if (!isLinear && isCentered) {
    double shift = static_cast<double>(statistics[0].mean);
    for (auto [x, statistic] : llvm::zip_equal(input, statistics)) {
      x -= shift;
      statistic.mean -= shift;
    }
  }
  int64_t size = input.size();
  count = std::max<double>(llvm::count(isSelected, true), 1);
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

std::vector<long double> LayerPart::run() const {
  if (isLinear)
    return normalize(input, statistics, projectEach(input.size()), scale, bias);
  Projection all = projectAll(input.size());
  return normalize(
      input,
      getStatistics(getMoments(input, all, isSelected, isCentered), epsilon),
      all, scale, bias);
}

long double LayerPart::getChange(ArrayRef<long double> output,
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

double LayerPart::getStep() const {
  if (kind != LayerGradient::Input)
    return getPowerOfTwo(std::max(1.0, std::fabs(*variable)));
  long double deviation = 1 / std::fabs(statistics[0].rstd);
  if (isLinear)
    return getPowerOfTwo(deviation);
  // With n values, the output is a power series in the step over the deviation
  // whose radius of convergence is at least sqrt(n).
  return getPowerOfTwo(std::sqrt(count) * deviation) / 8;
}

// Central differences of halved steps, extrapolated to a step of 0 (Romberg):
// each column of the tableau is without one more even power of the step.
double LayerPart::differentiate() {
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

double LayerPart::getRoundingError(double computeUnit,
                                   double statisticUnit) const {
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
          count;
    size *= std::fabs(statistics[i].rstd);
    break;
  }
  }
  return static_cast<double>(unit * size);
}
