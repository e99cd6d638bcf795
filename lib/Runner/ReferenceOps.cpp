//===- ReferenceOps.cpp - the layer ops in float64 ------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written from the descriptions of the ops alone. Sums are in long double,
// which has 11 bits more than float64 on x86.
//
//===----------------------------------------------------------------------===//

#include "ReferenceOps.h"

#include "Norm/IR/Norm.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

using GetValues = llvm::function_ref<const Values &(Value)>;

namespace {

/// A map from the elements of an input to the elements of a smaller array: the
/// position in the smaller array is the sum over the axes of
/// `offsets[axis][index along the axis]`.
struct Projection {
  SmallVector<int64_t> shape;
  SmallVector<std::vector<int64_t>> offsets;
};

/// The mean and the biased variance of one set of values.
struct Moments {
  int64_t count = 0;
  long double mean = 0;
  long double variance = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Returns the number of elements of `shape`.
static int64_t getSize(ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  return size;
}

/// Returns the projection of an input of the sizes `shape` on `axes`, sorted;
/// `block` indices of the axis `blocked` share one element.
static Projection project(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes,
                          int64_t blocked = -1, int64_t block = 1) {
  Projection projection;
  projection.offsets.resize(shape.size());
  for (size_t axis = 0; axis < shape.size(); ++axis)
    projection.offsets[axis].assign(shape[axis], 0);
  for (int64_t axis : axes) {
    bool isBlocked = axis == blocked && block != 0;
    projection.shape.push_back(isBlocked ? shape[axis] / block : shape[axis]);
  }
  int64_t stride = 1;
  for (size_t i = axes.size(); i-- > 0;) {
    int64_t axis = axes[i];
    int64_t divisor = axis == blocked ? block : 1;
    for (int64_t index = 0; index < shape[axis]; ++index)
      projection.offsets[axis][index] = index / divisor * stride;
    stride *= projection.shape[i];
  }
  return projection;
}

/// Calls `visit(element, first, second)` for every element of an input of the
/// sizes `shape`, in order, with its positions in two projections.
template <typename Visitor>
static void forEachElement(ArrayRef<int64_t> shape, const Projection &first,
                           const Projection &second, Visitor visit) {
  if (getSize(shape) == 0)
    return;
  size_t last = shape.size() - 1;
  SmallVector<int64_t> indices(shape.size(), 0);
  for (int64_t element = 0;;) {
    int64_t row1 = 0;
    int64_t row2 = 0;
    for (size_t axis = 0; axis < last; ++axis) {
      row1 += first.offsets[axis][indices[axis]];
      row2 += second.offsets[axis][indices[axis]];
    }
    for (int64_t i = 0; i < shape[last]; ++i)
      visit(element++, row1 + first.offsets[last][i],
            row2 + second.offsets[last][i]);
    // Advance to the next row.
    size_t axis = last;
    while (axis > 0 && ++indices[axis - 1] == shape[axis - 1])
      indices[--axis] = 0;
    if (axis == 0)
      return;
  }
}

/// Returns the moments of the elements of `input` that `projection` maps to
/// each position. The mean is corrected by the mean of what is left when it is
/// subtracted, and so is the variance.
static std::vector<Moments> getMoments(const Values &input,
                                       const Projection &projection) {
  const std::vector<double> &x = *input.elements;
  std::vector<Moments> moments(getSize(projection.shape));
  forEachElement(input.shape, projection, projection,
                 [&](int64_t i, int64_t slot, int64_t) {
                   ++moments[slot].count;
                   moments[slot].mean += x[i];
                 });
  for (Moments &m : moments)
    m.mean = m.count ? m.mean / m.count : 0;
  std::vector<long double> rest(moments.size());
  forEachElement(input.shape, projection, projection,
                 [&](int64_t i, int64_t slot, int64_t) {
                   long double distance = x[i] - moments[slot].mean;
                   rest[slot] += distance;
                   moments[slot].variance += distance * distance;
                 });
  for (auto [m, r] : llvm::zip_equal(moments, rest)) {
    if (m.count == 0)
      continue;
    m.mean += r / m.count;
    m.variance = (m.variance - r * r / m.count) / m.count;
    if (m.variance < 0)
      m.variance = 0;
  }
  return moments;
}

/// Returns (input - mean) / sqrt(variance + epsilon) * scale + bias, with the
/// statistics that `statistics` maps to, and the parameters, null if absent,
/// that `parameters` maps to.
static std::vector<double>
normalize(const Values &input, ArrayRef<Moments> moments,
          const Projection &statistics, const double *scale, const double *bias,
          const Projection &parameters, double epsilon) {
  const std::vector<double> &x = *input.elements;
  std::vector<double> output(x.size());
  forEachElement(input.shape, statistics, parameters,
                 [&](int64_t i, int64_t slot, int64_t parameter) {
                   const Moments &m = moments[slot];
                   long double variance = m.variance + epsilon;
                   long double y = 0;
                   if (variance != 0) {
                     y = (x[i] - m.mean) / std::sqrt(variance);
                     if (scale)
                       y *= scale[parameter];
                   }
                   if (bias)
                     y += bias[parameter];
                   output[i] = static_cast<double>(y);
                 });
  return output;
}

/// Returns the means and the variances, as float64.
static std::pair<std::vector<double>, std::vector<double>>
splitMoments(ArrayRef<Moments> moments) {
  std::vector<double> means, variances;
  for (const Moments &m : moments) {
    means.push_back(static_cast<double>(m.mean));
    variances.push_back(static_cast<double>(m.variance));
  }
  return {std::move(means), std::move(variances)};
}

//===----------------------------------------------------------------------===//
// Checks of what is known only at run time
//===----------------------------------------------------------------------===//

Error norm::makeOpError(Operation *op, const llvm::Twine &message) {
  std::string place;
  if (auto location = op->getLoc()->findInstanceOf<FileLineColLoc>())
    place = llvm::formatv("{0}:{1}:{2}: ", location.getFilename().getValue(),
                          location.getLine(), location.getColumn());
  return llvm::createStringError(place + "'" +
                                 op->getName().getStringRef().str() + "' op " +
                                 message.str());
}

/// Checks that `operand`, if present, has the sizes `shape`.
static Error checkShape(Operation *op, StringRef name, Value operand,
                        ArrayRef<int64_t> shape, StringRef of,
                        GetValues getValues) {
  if (!operand || getValues(operand).shape == shape)
    return Error::success();
  return makeOpError(op, "expected the shape of " + name + " to be " +
                             formatShape(shape) + ", " + of + ", but got " +
                             formatShape(getValues(operand).shape));
}

/// Checks the operands in `operands` against `shape`.
static Error checkShapes(Operation *op,
                         ArrayRef<std::pair<StringRef, Value>> operands,
                         ArrayRef<int64_t> shape, StringRef of,
                         GetValues getValues) {
  for (auto [name, operand] : operands)
    if (Error error = checkShape(op, name, operand, shape, of, getValues))
      return error;
  return Error::success();
}

/// Returns the elements of `operand`, or null if it is absent.
static const double *getElements(Value operand, GetValues getValues) {
  return operand ? getValues(operand).elements->data() : nullptr;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static Expected<InitValues> run(BatchNormTrainingOp op, GetValues getValues) {
  const Values &input = getValues(op.getInput());
  Projection features = project(input.shape, op.getFeatureAxes());
  if (Error error = checkShape(op, "the output", op.getOutput(), input.shape,
                               "that of the input", getValues))
    return std::move(error);
  if (Error error = checkShapes(
          op,
          {{"scale", op.getScale()},
           {"bias", op.getBias()},
           {"the running mean", op.getRunningMean()},
           {"the running variance", op.getRunningVariance()},
           {"the batch mean", op.getBatchMean()},
           {"the batch variance", op.getBatchVariance()}},
          features.shape, "the sizes of the feature axes", getValues))
    return std::move(error);

  std::vector<Moments> moments = getMoments(input, features);
  InitValues results;
  results.push_back(normalize(input, moments, features,
                              getElements(op.getScale(), getValues),
                              getElements(op.getBias(), getValues), features,
                              op.getEpsilon().convertToDouble()));
  if (op.getRunningMean()) {
    std::vector<double> means = *getValues(op.getRunningMean()).elements;
    std::vector<double> variances =
        *getValues(op.getRunningVariance()).elements;
    long double keep = op.getMomentum().convertToDouble();
    int64_t correction = op.getRunningVarCorrection();
    for (auto [i, m] : llvm::enumerate(moments)) {
      if (m.count == 0)
        continue;
      means[i] = static_cast<double>(keep * means[i] + (1 - keep) * m.mean);
      if (m.count == correction)
        continue;
      long double variance = m.variance * m.count / (m.count - correction);
      variances[i] =
          static_cast<double>(keep * variances[i] + (1 - keep) * variance);
    }
    results.push_back(std::move(means));
    results.push_back(std::move(variances));
  }
  if (op.getBatchMean()) {
    auto [means, variances] = splitMoments(moments);
    results.push_back(std::move(means));
    results.push_back(std::move(variances));
  }
  return std::move(results);
}

static Expected<InitValues> run(BatchNormInferenceOp op, GetValues getValues) {
  const Values &input = getValues(op.getInput());
  Projection features = project(input.shape, op.getFeatureAxes());
  if (Error error = checkShape(op, "the output", op.getOutput(), input.shape,
                               "that of the input", getValues))
    return std::move(error);
  if (Error error = checkShapes(op,
                                {{"mean", op.getMean()},
                                 {"variance", op.getVariance()},
                                 {"scale", op.getScale()},
                                 {"bias", op.getBias()}},
                                features.shape, "the sizes of the feature axes",
                                getValues))
    return std::move(error);

  std::vector<Moments> moments;
  for (auto [mean, variance] :
       llvm::zip_equal(*getValues(op.getMean()).elements,
                       *getValues(op.getVariance()).elements))
    moments.push_back({1, mean, variance});
  InitValues results;
  results.push_back(normalize(input, moments, features,
                              getElements(op.getScale(), getValues),
                              getElements(op.getBias(), getValues), features,
                              op.getEpsilon().convertToDouble()));
  return std::move(results);
}

static Expected<InitValues> run(GroupNormOp op, GetValues getValues) {
  const Values &input = getValues(op.getInput());
  int64_t axis = op.getChannelAxis();
  int64_t channels = input.shape[axis];
  bool byNumber = op.getNumGroups().has_value();
  int64_t divisor = byNumber ? *op.getNumGroups() : *op.getGroupSize();
  if (channels % divisor != 0)
    return makeOpError(
        op, llvm::formatv("expected {0} to divide the number of channels, {1}, "
                          "but got {2}",
                          byNumber ? "num_groups" : "group_size", channels,
                          divisor));
  int64_t numGroups = byNumber ? divisor : channels / divisor;
  int64_t groupSize = byNumber ? channels / divisor : divisor;

  SmallVector<int64_t> kept(op.getBatchAxes());
  kept.push_back(axis);
  llvm::sort(kept);
  Projection groups = project(input.shape, kept, axis, groupSize);
  // Without channels, there still are groups, all of them empty.
  groups.shape[llvm::find(kept, axis) - kept.begin()] = numGroups;
  Projection parameters = project(input.shape, {axis});
  if (Error error = checkShape(op, "the output", op.getOutput(), input.shape,
                               "that of the input", getValues))
    return std::move(error);
  if (Error error =
          checkShapes(op, {{"scale", op.getScale()}, {"bias", op.getBias()}},
                      {channels}, "the size of the channel axis", getValues))
    return std::move(error);
  if (Error error =
          checkShapes(op,
                      {{"the group mean", op.getSavedMean()},
                       {"the group variance", op.getSavedVariance()}},
                      groups.shape, "the batch axes and the groups", getValues))
    return std::move(error);

  std::vector<Moments> moments = getMoments(input, groups);
  InitValues results;
  results.push_back(normalize(input, moments, groups,
                              getElements(op.getScale(), getValues),
                              getElements(op.getBias(), getValues), parameters,
                              op.getEpsilon().convertToDouble()));
  if (op.getSavedMean()) {
    auto [means, variances] = splitMoments(moments);
    results.push_back(std::move(means));
    results.push_back(std::move(variances));
  }
  return std::move(results);
}

Expected<std::optional<InitValues>> norm::runLayerOp(Operation *op,
                                                     GetValues getValues) {
  Expected<InitValues> results = InitValues();
  if (auto layer = dyn_cast<BatchNormTrainingOp>(op))
    results = run(layer, getValues);
  else if (auto layer = dyn_cast<BatchNormInferenceOp>(op))
    results = run(layer, getValues);
  else if (auto layer = dyn_cast<GroupNormOp>(op))
    results = run(layer, getValues);
  else
    return std::nullopt;
  if (!results)
    return results.takeError();
  return std::move(*results);
}
