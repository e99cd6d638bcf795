//===- ReferenceOps.cpp - the layer ops in float64 ------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReferenceOps.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::norm;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Formulas
//===----------------------------------------------------------------------===//

namespace {
/// A sum that keeps what rounding takes from it (Neumaier 1974).
struct Sum {
  long double sum = 0;
  long double rest = 0;

  void add(long double value) {
    long double next = sum + value;
    rest += std::fabs(sum) >= std::fabs(value) ? (sum - next) + value
                                               : (value - next) + sum;
    sum = next;
  }
  long double get() const { return sum + rest; }
};
} // namespace

// The mean is corrected by the mean of what is left when it is subtracted, and
// so is the variance.
std::vector<Moments> norm::getMoments(ArrayRef<double> input,
                                      const Projection &projection,
                                      const std::vector<bool> &isSelected,
                                      bool isCentered) {
  std::vector<Moments> moments(projection.getNumElements());
  forEachElement({&projection}, [&](int64_t i, auto position) {
    if (!isSelected[i])
      return;
    Moments &m = moments[position[0]];
    ++m.count;
    if (isCentered)
      m.mean += input[i];
  });
  for (Moments &m : moments)
    m.mean = m.count ? m.mean / m.count : 0;
  std::vector<Sum> distances(moments.size()), squares(moments.size());
  forEachElement({&projection}, [&](int64_t i, auto position) {
    if (!isSelected[i])
      return;
    long double distance = input[i] - moments[position[0]].mean;
    distances[position[0]].add(distance);
    squares[position[0]].add(distance * distance);
  });
  for (auto [m, distance, square] :
       llvm::zip_equal(moments, distances, squares)) {
    if (m.count == 0)
      continue;
    long double rest = isCentered ? distance.get() / m.count : 0;
    m.mean += rest;
    m.variance = std::max(square.get() / m.count - rest * rest, 0.0L);
  }
  return moments;
}

static Statistic makeStatistic(long double mean, long double variance,
                               Epsilon epsilon) {
  long double divisor = 0, slope = 1;
  switch (epsilon.mode) {
  case EpsilonMode::Add:
    divisor = std::sqrt(variance + epsilon.value);
    break;
  case EpsilonMode::Max:
    divisor = std::sqrt(std::max<long double>(variance, epsilon.value));
    slope = variance > epsilon.value;
    break;
  case EpsilonMode::Outside:
    divisor = std::sqrt(variance) + epsilon.value;
    slope = variance == 0 ? 0 : divisor / std::sqrt(variance);
    break;
  }
  return {mean, divisor == 0 ? 0 : 1 / divisor, slope};
}

std::vector<Statistic> norm::getStatistics(ArrayRef<Moments> moments,
                                           Epsilon epsilon) {
  std::vector<Statistic> statistics;
  for (const Moments &m : moments)
    statistics.push_back(makeStatistic(m.mean, m.variance, epsilon));
  return statistics;
}

std::vector<Statistic> norm::getStatistics(ArrayRef<double> means,
                                           ArrayRef<double> variances,
                                           Epsilon epsilon) {
  std::vector<Statistic> statistics;
  for (auto [i, variance] : llvm::enumerate(variances))
    statistics.push_back(
        makeStatistic(means.empty() ? 0 : means[i], variance, epsilon));
  return statistics;
}

std::vector<long double> norm::normalize(ArrayRef<double> input,
                                         ArrayRef<Statistic> statistics,
                                         const Projection &projection,
                                         const ProjectedValues &scale,
                                         const ProjectedValues &bias) {
  std::vector<long double> output(input.size());
  forEachElement({&projection, &scale.projection, &bias.projection},
                 [&](int64_t i, auto positions) {
                   auto [slot, scaleSlot, biasSlot] = positions;
                   const Statistic &statistic = statistics[slot];
                   output[i] = bias[biasSlot];
                   if (statistic.rstd != 0)
                     output[i] +=
                         statistic.normalize(input[i]) * scale[scaleSlot];
                 });
  return output;
}

static std::vector<long double> getVariances(ArrayRef<Moments> moments) {
  std::vector<long double> variances;
  for (const Moments &m : moments)
    variances.push_back(m.variance);
  return variances;
}

/// Adds the means and the variances to `results`.
static void addMoments(ArrayRef<Moments> moments, InitValues &results) {
  std::vector<long double> means;
  for (const Moments &m : moments)
    means.push_back(m.mean);
  results.push_back(std::move(means));
  results.push_back(getVariances(moments));
}

/// Returns the running statistics of one feature after a batch with the moments
/// `m`, of which a share `keep` stays.
static std::pair<long double, long double>
updateRunning(BatchNormTrainingOp op, const Moments &m, long double keep,
              long double mean, long double variance) {
  constexpr long double kNaN = std::numeric_limits<long double>::quiet_NaN();
  if (m.count == 0 && op.getEmpty() == EmptyRule::Keep)
    return {mean, variance};
  bool isFinite =
      m.count != 0 && std::isfinite(m.mean) && std::isfinite(m.variance);
  if (!isFinite && op.getNonfinite() == NonfiniteRule::SkipUpdate)
    return {mean, variance};
  if (m.count == 0)
    return {kNaN, kNaN};
  auto blend = [&](long double running, long double value) {
    return keep * running + (1 - keep) * value;
  };
  int64_t degrees = m.count - op.getRunningVarCorrection();
  long double newMean = blend(mean, m.mean);
  if (degrees > 0)
    return {newMean, blend(variance, m.variance * m.count / degrees)};
  switch (op.getSingle()) {
  case SingleRule::Keep:
    return {newMean, variance};
  case SingleRule::NaN:
    return {newMean, kNaN};
  case SingleRule::Biased:
    return {newMean, blend(variance, m.variance)};
  }
  llvm_unreachable("unknown rule for single values");
}

/// Adds the running statistics to `results`: those that were there, updated by
/// `moments`.
static void addRunning(BatchNormTrainingOp op, const LayerOperands &operands,
                       ArrayRef<Moments> moments, InitValues &results) {
  ProjectedValues mean = operands.get(op.getRunningMeanMutable());
  ProjectedValues variance = operands.get(op.getRunningVarianceMutable());
  long double keep = op.getMomentum().convertToDouble(), seen = 0;
  auto getKeep = [](long double batches) { return batches / (batches + 1); };
  if (op.getBatches()) {
    seen = operands.get(op.getBatchesMutable()).elements->front();
    keep = getKeep(seen);
  }
  // The features of one sub-batch stand together; without them, of the batch.
  std::vector<long double> means(mean.elements->begin(), mean.elements->end());
  std::vector<long double> variances(variance.elements->begin(),
                                     variance.elements->end());
  std::vector<long double> meanSums(means.size()), varianceSums(means.size());
  bool isAverage = op.getGhostUpdate() == GhostUpdate::Average;
  for (auto [i, m] : llvm::enumerate(moments)) {
    size_t feature = i % means.size();
    if (feature == 0 && i != 0 && op.getBatches() && !isAverage)
      keep = getKeep(++seen);
    auto [newMean, newVariance] =
        updateRunning(op, m, keep, means[feature], variances[feature]);
    meanSums[feature] += newMean - means[feature];
    varianceSums[feature] += newVariance - variances[feature];
    if (!isAverage) {
      means[feature] = newMean;
      variances[feature] = newVariance;
    }
  }
  if (isAverage && !means.empty()) {
    long double number = std::max<size_t>(moments.size() / means.size(), 1);
    for (size_t i = 0; i < means.size(); ++i) {
      means[i] += meanSums[i] / number;
      variances[i] += varianceSums[i] / number;
    }
  }
  results.push_back(std::move(means));
  results.push_back(std::move(variances));
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// Returns the output of the layer `op`, normalized by `statistics`.
template <typename OpTy>
static std::vector<long double> getOutput(OpTy op,
                                          const LayerOperands &operands,
                                          ArrayRef<Statistic> statistics) {
  std::vector<long double> output =
      normalize(*operands.get(op.getInputMutable()).elements, statistics,
                operands.getStatistics(), getScale(op, operands),
                operands.get(op.getBiasMutable(), 0));
  if (op.getUnselected() == UnselectedRule::Zero)
    for (auto [y, isSelected] : llvm::zip_equal(output, operands.getSelected()))
      y = isSelected ? y : 0;
  return output;
}

/// Makes of statistics without values what the op says that they are.
template <typename OpTy>
static void applyEmptyRule(OpTy op, std::vector<Moments> &moments) {
  if constexpr (std::is_same_v<OpTy, BatchNormTrainingOp>)
    if (op.getEmpty() == EmptyRule::NaN)
      for (Moments &m : moments)
        if (m.count == 0)
          m.mean = m.variance = std::numeric_limits<long double>::quiet_NaN();
}

/// Returns the output of the layer `op`, normalized by the moments of its
/// input, which are returned too.
template <typename OpTy>
static std::pair<InitValues, std::vector<Moments>>
runTraining(OpTy op, const LayerOperands &operands, bool isCentered = true) {
  std::vector<Moments> moments =
      getMoments(*operands.get(op.getInputMutable()).elements,
                 operands.getStatistics(), operands.getSelected(), isCentered);
  applyEmptyRule(op, moments);
  std::vector<Statistic> statistics = getStatistics(moments, getEpsilon(op));
  return {{getOutput(op, operands, statistics)}, std::move(moments)};
}

static InitValues run(BatchNormTrainingOp op, const LayerOperands &operands) {
  auto [results, moments] = runTraining(op, operands);
  if (op.getRunningMean())
    addRunning(op, operands, moments, results);
  if (op.getBatchMean())
    addMoments(moments, results);
  return std::move(results);
}

static InitValues run(BatchNormInferenceOp op, const LayerOperands &operands) {
  return {
      getOutput(op, operands,
                getStatistics(*operands.get(op.getMeanMutable()).elements,
                              *operands.get(op.getVarianceMutable()).elements,
                              getEpsilon(op)))};
}

static InitValues run(RMSNormOp op, const LayerOperands &operands) {
  auto [results, moments] = runTraining(op, operands, /*isCentered=*/false);
  if (op.getMeanSquare())
    results.push_back(getVariances(moments));
  return std::move(results);
}

/// Runs a group, instance or layer norm.
template <typename OpTy>
static InitValues run(OpTy op, const LayerOperands &operands) {
  auto [results, moments] = runTraining(op, operands);
  if (op.getSavedMean())
    addMoments(moments, results);
  return std::move(results);
}

Expected<std::optional<InitValues>> norm::runLayerOp(Operation *op,
                                                     GetValues getValues) {
  auto layer = dyn_cast<NormLayerOpInterface>(op);
  if (layer && layer.getDevices())
    return makeOpError(op, "expected no devices for the reference, which knows "
                           "the values of one, but got some");
  Expected<std::optional<LayerGradient>> gradient =
      getLayerGradient(op, getValues);
  if (!gradient)
    return gradient.takeError();
  if (*gradient)
    return runGradient(**gradient);
  if (!layer)
    return std::nullopt;
  Expected<LayerOperands> operands = LayerOperands::create(layer, getValues);
  if (!operands)
    return operands.takeError();
  return llvm::TypeSwitch<Operation *, std::optional<InitValues>>(op)
      .Case<BatchNormTrainingOp, BatchNormInferenceOp, GroupNormOp,
            InstanceNormOp, LayerNormOp, RMSNormOp>(
          [&](auto op) { return run(op, *operands); })
      .Default(std::nullopt);
}
