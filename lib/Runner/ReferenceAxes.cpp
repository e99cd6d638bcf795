//===- ReferenceAxes.cpp - operands of layers and their axes --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReferenceAxes.h"

#include "llvm/Support/FormatVariadic.h"

#include <numeric>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

Error norm::makeOpError(Operation *op, const llvm::Twine &message) {
  std::string place;
  if (auto location = op->getLoc()->findInstanceOf<FileLineColLoc>())
    place = llvm::formatv("{0}:{1}:{2}: ", location.getFilename().getValue(),
                          location.getLine(), location.getColumn());
  return llvm::createStringError(place + "'" +
                                 op->getName().getStringRef().str() + "' op " +
                                 message.str());
}

int64_t Projection::getNumElements() const {
  return llvm::product_of(shape, int64_t(1));
}

int64_t Projection::getPosition(int64_t element) const {
  int64_t position = 0;
  for (const std::vector<int64_t> &indices : llvm::reverse(offsets)) {
    position += indices[element % indices.size()];
    element /= indices.size();
  }
  return position;
}

namespace {

/// The sizes of an input, and of the groups that one of its axes may have.
struct InputSizes {
  ArrayRef<int64_t> shape;
  int64_t numGroups = 1;
  int64_t groupSize = 1;

  /// Returns the size of `dim`.
  int64_t getSize(LayerDim dim) const;
  /// Returns the index along `dim` of the index `index` along its axis.
  int64_t getIndex(LayerDim dim, int64_t index) const;
  /// Returns the projection on an operand with the dimensions `dims`.
  Projection project(ArrayRef<LayerDim> dims) const;
};

} // namespace

int64_t InputSizes::getSize(LayerDim dim) const {
  switch (dim.part) {
  case LayerDim::kAll:
    return shape[dim.axis];
  case LayerDim::kGroups:
    return numGroups;
  case LayerDim::kMembers:
    return groupSize;
  }
  llvm_unreachable("unknown part of an axis");
}

int64_t InputSizes::getIndex(LayerDim dim, int64_t index) const {
  switch (dim.part) {
  case LayerDim::kAll:
    return index;
  case LayerDim::kGroups:
    return index / groupSize;
  case LayerDim::kMembers:
    return index % groupSize;
  }
  llvm_unreachable("unknown part of an axis");
}

Projection InputSizes::project(ArrayRef<LayerDim> dims) const {
  Projection projection;
  projection.shape =
      llvm::map_to_vector(dims, [&](LayerDim dim) { return getSize(dim); });
  for (int64_t size : shape)
    projection.offsets.emplace_back(size, 0);
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    for (auto [index, offset] :
         llvm::enumerate(projection.offsets[dims[i].axis]))
      offset += getIndex(dims[i], index) * stride;
    stride *= projection.shape[i];
  }
  return projection;
}

/// Returns the sizes of the input of `op`, whose shape is `shape`. Fails if an
/// axis cannot be divided into groups.
static Expected<InputSizes> getInputSizes(NormLayerOpInterface op,
                                          ArrayRef<int64_t> shape) {
  std::optional<Grouping> grouping = op.getGrouping();
  if (!grouping)
    return InputSizes{shape};
  int64_t size = shape[grouping->axis];
  int64_t divisor = grouping->getDivisor();
  if (size % divisor != 0)
    return makeOpError(
        op, llvm::formatv("expected {0} to divide {1}, {2}, but got {3}",
                          grouping->getDivisorName(), grouping->axisName, size,
                          divisor));
  int64_t quotient = size / divisor;
  if (grouping->numGroups)
    return InputSizes{shape, divisor, quotient};
  return InputSizes{shape, quotient, divisor};
}

Expected<LayerOperands> LayerOperands::create(NormLayerOpInterface op,
                                              GetValues getValues) {
  Expected<InputSizes> sizes =
      getInputSizes(op, getValues(op.getInput()).shape);
  if (!sizes)
    return sizes.takeError();
  LayerOperands result;
  for (OpOperand &operand : op->getOpOperands()) {
    LayerOperand description = op.describeOperand(operand);
    Projection projection = sizes->project(description.dims);
    const Values &values = getValues(operand.get());
    if (values.shape != projection.shape)
      return makeOpError(op, "expected the shape of " + description.name +
                                 " to be " + formatShape(projection.shape) +
                                 ", " + description.sizes + ", but got " +
                                 formatShape(values.shape));
    result.operands.push_back({std::move(projection), values.elements});
  }
  result.statistics = sizes->project(op.getStatisticsDims());
  result.constant = sizes->project({});
  result.select(op, sizes->shape);
  return result;
}

void LayerOperands::select(NormLayerOpInterface op, ArrayRef<int64_t> shape) {
  isSelected.assign(llvm::product_of(shape, int64_t(1)), true);
  Value selector = op.getMask() ? op.getMask() : op.getLengths();
  if (!selector)
    return;
  size_t number = llvm::find(op->getOperands(), selector).getIndex();
  // The position along the sequence; 0 for a mask, whose elements are 0 or 1.
  Projection sequence = constant;
  if (std::optional<int64_t> axis = op.getSequenceAxis())
    std::iota(sequence.offsets[*axis].begin(), sequence.offsets[*axis].end(),
              0);
  const ProjectedValues &limits = operands[number];
  forEachElement({&sequence, &limits.projection},
                 [&](int64_t i, auto positions) {
                   isSelected[i] = positions[0] < limits[positions[1]];
                 });
}

ProjectedValues LayerOperands::get(MutableOperandRange range,
                                   double otherwise) const {
  if (range.empty())
    return {constant, std::make_shared<std::vector<double>>(1, otherwise)};
  return operands[range[0].getOperandNumber()];
}
