//===- ReferenceGradients.cpp - gradients of the layers in float64 --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReferenceOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Formulas
//===----------------------------------------------------------------------===//

/// Returns the gradient of the input: through the statistics, or with them as
/// constants.
static std::vector<long double>
getInputGradient(const LayerGradient &gradient) {
  const ProjectedValues &scale = gradient.scale;
  auto forEach = [&](auto visit) {
    forEachElement(
        {&gradient.projection, &scale.projection},
        [&](int64_t i, auto positions) {
          auto [slot, scaleSlot] = positions;
          long double scaled = gradient.outputGradient[i] *
                               static_cast<long double>(scale[scaleSlot]);
          visit(i, slot, scaled,
                gradient.statistics[slot].normalize(gradient.input[i]));
        });
  };
  // The means over the values of one statistic.
  struct Means {
    int64_t count = 0;
    long double scaled = 0;
    long double product = 0;
  };
  std::vector<Means> means(gradient.statistics.size());
  if (!gradient.isConstant)
    forEach([&](int64_t i, int64_t slot, long double scaled,
                long double normalized) {
      means[slot].count += gradient.isSelected[i];
      if (gradient.isCentered)
        means[slot].scaled += scaled;
      means[slot].product += scaled * normalized;
    });
  for (Means &m : means) {
    m.scaled /= std::max<int64_t>(m.count, 1);
    m.product /= std::max<int64_t>(m.count, 1);
  }
  std::vector<long double> result(gradient.input.size());
  forEach([&](int64_t i, int64_t slot, long double scaled,
              long double normalized) {
    const Statistic &statistic = gradient.statistics[slot];
    long double through =
        means[slot].scaled + normalized * means[slot].product * statistic.slope;
    result[i] =
        statistic.rstd * (scaled - (gradient.isSelected[i] ? through : 0));
  });
  return result;
}

/// Returns the gradient of a parameter that `projection` maps to: the sums of
/// the output's gradient, multiplied with what the parameter is.
static std::vector<long double>
getParameterGradient(const LayerGradient &gradient,
                     const LayerGradient::Init &init) {
  std::vector<long double> sums(init.projection.getNumElements());
  forEachElement(
      {&gradient.projection, &init.projection}, [&](int64_t i, auto positions) {
        auto [slot, parameter] = positions;
        long double factor =
            init.kind == LayerGradient::Bias
                ? 1
                : gradient.statistics[slot].normalize(gradient.input[i]);
        sums[parameter] += gradient.outputGradient[i] * factor;
      });
  return sums;
}

InitValues norm::runGradient(const LayerGradient &gradient) {
  InitValues results;
  for (const LayerGradient::Init &init : gradient.inits)
    results.push_back(init.kind == LayerGradient::Input
                          ? getInputGradient(gradient)
                          : getParameterGradient(gradient, init));
  return results;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// Returns the statistics that the gradient op `op` is given.
template <typename OpTy>
static std::vector<Statistic>
getGivenStatistics(OpTy op, const LayerOperands &operands) {
  ArrayRef<double> means;
  ProjectedValues mean = operands.get(op.getMeanMutable());
  if (op.getMean())
    means = *mean.elements;
  if (op.getVariance())
    return getStatistics(means, *operands.get(op.getVarianceMutable()).elements,
                         getEpsilon(op));
  std::vector<Statistic> statistics;
  for (auto [i, rstd] :
       llvm::enumerate(*operands.get(op.getRstdMutable()).elements))
    statistics.push_back({means.empty() ? 0 : means[i], rstd});
  return statistics;
}

template <typename OpTy>
static LayerGradient makeGradient(OpTy op, const LayerOperands &operands) {
  LayerGradient gradient;
  gradient.outputGradient =
      *operands.get(op.getOutputGradientMutable()).elements;
  gradient.input = *operands.get(op.getInputMutable()).elements;
  gradient.isSelected = operands.getSelected();
  // What is 0 whatever the input is has no gradient.
  if (op.getUnselected() == UnselectedRule::Zero)
    for (auto [d, x, isSelected] : llvm::zip_equal(
             gradient.outputGradient, gradient.input, gradient.isSelected))
      if (!isSelected)
        d = x = 0;
  gradient.projection = operands.getStatistics();
  gradient.statistics = getGivenStatistics(op, operands);
  gradient.isConstant = isa<BatchNormInferenceGradOp>(op);
  gradient.isCentered = !isa<RMSNormGradOp>(op);
  auto getOperand = [](MutableOperandRange range) {
    return range.empty() ? nullptr : &range[0];
  };
  gradient.mean = getOperand(op.getMeanMutable());
  gradient.variance = getOperand(op.getVarianceMutable());
  gradient.rstd = getOperand(op.getRstdMutable());
  gradient.epsilon = getEpsilon(op);
  gradient.scale = getScale(op, operands);
  gradient.accumulator = op.getAccumulatorType();
  auto addInit = [&](LayerGradient::Kind kind, MutableOperandRange init) {
    if (!init.empty())
      gradient.inits.push_back({kind, operands.get(init).projection});
  };
  addInit(LayerGradient::Input, op.getInputGradientMutable());
  addInit(LayerGradient::Scale, op.getScaleGradientMutable());
  addInit(LayerGradient::Bias, op.getBiasGradientMutable());
  return gradient;
}

Expected<std::optional<LayerGradient>>
norm::getLayerGradient(Operation *op, GetValues getValues) {
  using Result = Expected<std::optional<LayerGradient>>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<BatchNormGradOp, BatchNormInferenceGradOp, GroupNormGradOp,
            InstanceNormGradOp, LayerNormGradOp, RMSNormGradOp>(
          [&](auto op) -> Result {
            Expected<LayerOperands> operands =
                LayerOperands::create(op, getValues);
            if (!operands)
              return operands.takeError();
            return makeGradient(op, *operands);
          })
      .Default([](Operation *) -> Result { return std::nullopt; });
}
