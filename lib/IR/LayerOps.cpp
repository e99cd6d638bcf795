//===- LayerOps.cpp - verifiers and loops of the layer ops ----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (C1), (C2), ... are those of docs/Spec.md and of
// test/IR/invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Verification.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The constraints that every layer op has on its input and its output.
static LogicalResult verifyInputAndOutput(Operation *op, Value input,
                                          Value output) {
  // (C1)
  if (failed(verifyOneKind(op)))
    return failure();
  auto type = cast<ShapedType>(input.getType());
  // (C2)
  if (type.getRank() < 2)
    return op->emitOpError()
           << "expected the rank of the input to be at least 2, but got "
           << type.getRank();
  // (C3)
  return verifyShape(op, "the output", output, type.getShape(),
                     "that of the input");
}

/// Maps each of `axes`, in order, to a loop, and all other axes below `rank` to
/// none.
static SmallVector<DimIndexing> indexByAxes(int64_t rank,
                                            ArrayRef<int64_t> axes) {
  SmallVector<DimIndexing> dims(rank, {DimIndexing::kWhole});
  for (auto [loop, axis] : llvm::enumerate(axes))
    dims[axis].loop = loop;
  return dims;
}

/// Maps dimension i to loop i.
static SmallVector<DimIndexing> indexAll(int64_t rank) {
  return llvm::map_to_vector(llvm::seq<int64_t>(0, rank),
                             [](int64_t dim) { return DimIndexing{dim}; });
}

/// Returns the accumulator type: as given, or the compute type of the input.
static FloatType getAccumulator(std::optional<Type> accumulator, Value input) {
  return accumulator ? cast<FloatType>(*accumulator) : getComputeType(input);
}

//===----------------------------------------------------------------------===//
// BatchNormTrainingOp
//===----------------------------------------------------------------------===//

LogicalResult BatchNormTrainingOp::verify() {
  if (failed(verifyInputAndOutput(*this, getInput(), getOutput()))) // (C1-C3)
    return failure();
  // (C4)
  if (failed(verifyAxes(*this, "feature axes", getFeatureAxes(),
                        getRank(getInput()))))
    return failure();
  if (getFeatureAxes().empty())
    return emitOpError() << "expected at least one feature axis, but got none";
  // (C5)
  SmallVector<int64_t> sizes = getSizes(getInput(), getFeatureAxes());
  constexpr StringLiteral of = "the sizes of the feature axes";
  for (auto [name, value] : {std::pair<StringRef, Value>{"scale", getScale()},
                             {"bias", getBias()},
                             {"the running mean", getRunningMean()},
                             {"the running variance", getRunningVariance()},
                             {"the batch mean", getBatchMean()},
                             {"the batch variance", getBatchVariance()}})
    if (failed(verifyShape(*this, name, value, sizes, of)))
      return failure();
  // (C6)
  if (failed(verifyBothOrNone(*this, "the running mean", getRunningMean(),
                              "the running variance", getRunningVariance())) ||
      failed(verifyBothOrNone(*this, "the batch mean", getBatchMean(),
                              "the batch variance", getBatchVariance())))
    return failure();
  // (C7), (C8), (C9), (C10)
  if (failed(verifyEpsilon(*this, getEpsilon())) ||
      failed(verifyMomentum(*this, getMomentum())) ||
      failed(verifyCorrection(*this, getRunningVarCorrection())))
    return failure();
  return verifyAccumulator(*this, getAccumulator(), getInput());
}

FloatType BatchNormTrainingOp::getAccumulatorType() {
  return ::getAccumulator(getAccumulator(), getInput());
}

SmallVector<utils::IteratorType> BatchNormTrainingOp::getLoopTypes() {
  return SmallVector<utils::IteratorType>(getFeatureAxes().size(),
                                          utils::IteratorType::parallel);
}

SmallVector<DimIndexing> BatchNormTrainingOp::getIndexing(OpOperand &operand) {
  if (operand == getInputMutable() || operand == getOutputMutable())
    return indexByAxes(getRank(operand.get()), getFeatureAxes());
  return indexAll(getRank(operand.get()));
}

bool BatchNormTrainingOp::readsInit(OpOperand &init) {
  unsigned number = init.getOperandNumber();
  auto [index, length] = getODSOperandIndexAndLength(4);
  auto [index2, length2] = getODSOperandIndexAndLength(5);
  return (length && number == index) || (length2 && number == index2);
}

//===----------------------------------------------------------------------===//
// BatchNormInferenceOp
//===----------------------------------------------------------------------===//

LogicalResult BatchNormInferenceOp::verify() {
  if (failed(verifyInputAndOutput(*this, getInput(), getOutput()))) // (C1-C3)
    return failure();
  // (C4)
  if (failed(verifyAxes(*this, "feature axes", getFeatureAxes(),
                        getRank(getInput()))))
    return failure();
  if (getFeatureAxes().empty())
    return emitOpError() << "expected at least one feature axis, but got none";
  // (C5)
  SmallVector<int64_t> sizes = getSizes(getInput(), getFeatureAxes());
  for (auto [name, value] : {std::pair<StringRef, Value>{"mean", getMean()},
                             {"variance", getVariance()},
                             {"scale", getScale()},
                             {"bias", getBias()}})
    if (failed(verifyShape(*this, name, value, sizes,
                           "the sizes of the feature axes")))
      return failure();
  // (C6), (C7)
  if (failed(verifyEpsilon(*this, getEpsilon())))
    return failure();
  return verifyAccumulator(*this, getAccumulator(), getInput());
}

FloatType BatchNormInferenceOp::getAccumulatorType() {
  return ::getAccumulator(getAccumulator(), getInput());
}

SmallVector<utils::IteratorType> BatchNormInferenceOp::getLoopTypes() {
  return SmallVector<utils::IteratorType>(getRank(getInput()),
                                          utils::IteratorType::parallel);
}

SmallVector<DimIndexing> BatchNormInferenceOp::getIndexing(OpOperand &operand) {
  if (operand == getInputMutable() || operand == getOutputMutable())
    return indexAll(getRank(operand.get()));
  return llvm::map_to_vector(getFeatureAxes(),
                             [](int64_t axis) { return DimIndexing{axis}; });
}

//===----------------------------------------------------------------------===//
// GroupNormOp
//===----------------------------------------------------------------------===//

/// Returns the axes that statistics are kept for, in order.
static SmallVector<int64_t> getKeptAxes(GroupNormOp op) {
  SmallVector<int64_t> axes(op.getBatchAxes());
  axes.push_back(op.getChannelAxis());
  llvm::sort(axes);
  return axes;
}

std::pair<int64_t, int64_t> GroupNormOp::getStaticGroups() {
  int64_t channels =
      cast<ShapedType>(getInput().getType()).getDimSize(getChannelAxis());
  auto divide = [&](int64_t divisor) {
    return ShapedType::isDynamic(channels) ? channels : channels / divisor;
  };
  if (std::optional<int64_t> groups = getNumGroups())
    return {*groups, divide(*groups)};
  return {divide(*getGroupSize()), *getGroupSize()};
}

LogicalResult GroupNormOp::verify() {
  if (failed(verifyInputAndOutput(*this, getInput(), getOutput()))) // (C1-C3)
    return failure();
  auto type = cast<ShapedType>(getInput().getType());
  int64_t rank = type.getRank(), channelAxis = getChannelAxis();
  // (C4)
  if (failed(verifyAxes(*this, "batch axes", getBatchAxes(), rank)) ||
      failed(verifyAxes(*this, "the channel axis", channelAxis, rank)))
    return failure();
  if (llvm::is_contained(getBatchAxes(), channelAxis))
    return emitOpError() << "expected the channel axis to be none of the batch "
                            "axes, but got "
                         << channelAxis << " for both";
  // (C5)
  if (getNumGroups().has_value() == getGroupSize().has_value())
    return emitOpError()
           << "expected exactly one of num_groups and group_size, but got "
           << (getNumGroups() ? "both" : "neither");
  // (C6)
  int64_t divisor = getNumGroups() ? *getNumGroups() : *getGroupSize();
  StringRef divisorName = getNumGroups() ? "num_groups" : "group_size";
  if (divisor < 1)
    return emitOpError() << "expected " << divisorName
                         << " to be at least 1, but got " << divisor;
  // (C7)
  int64_t channels = type.getDimSize(channelAxis);
  if (!ShapedType::isDynamic(channels) && channels % divisor != 0)
    return emitOpError() << "expected the number of channels to be a multiple "
                            "of "
                         << divisorName << " = " << divisor << ", but got "
                         << channels;
  // (C8)
  for (auto [name, value] :
       {std::pair<StringRef, Value>{"scale", getScale()}, {"bias", getBias()}})
    if (failed(verifyShape(*this, name, value, {channels},
                           "the size of the channel axis")))
      return failure();
  // (C9)
  SmallVector<int64_t> sizes;
  for (int64_t axis : getKeptAxes(*this))
    sizes.push_back(axis == channelAxis ? getStaticGroups().first
                                        : type.getDimSize(axis));
  for (auto [name, value] :
       {std::pair<StringRef, Value>{"the mean", getGroupMean()},
        {"the variance", getGroupVariance()}})
    if (failed(verifyShape(*this, name, value, sizes,
                           "the sizes of the batch axes and the groups")))
      return failure();
  // (C10)
  if (failed(verifyBothOrNone(*this, "the mean", getGroupMean(), "the variance",
                              getGroupVariance())))
    return failure();
  // (C11), (C12)
  if (failed(verifyEpsilon(*this, getEpsilon())))
    return failure();
  return verifyAccumulator(*this, getAccumulator(), getInput());
}

FloatType GroupNormOp::getAccumulatorType() {
  return ::getAccumulator(getAccumulator(), getInput());
}

SmallVector<utils::IteratorType> GroupNormOp::getLoopTypes() {
  return SmallVector<utils::IteratorType>(getBatchAxes().size() + 1,
                                          utils::IteratorType::parallel);
}

SmallVector<DimIndexing> GroupNormOp::getIndexing(OpOperand &operand) {
  SmallVector<int64_t> kept = getKeptAxes(*this);
  int64_t groupLoop = llvm::find(kept, getChannelAxis()) - kept.begin();
  int64_t groupSize = getStaticGroups().second;
  int64_t rank = getRank(operand.get());
  if (operand == getInputMutable() || operand == getOutputMutable()) {
    SmallVector<DimIndexing> dims = indexByAxes(rank, kept);
    dims[getChannelAxis()].factor = groupSize;
    return dims;
  }
  unsigned number = operand.getOperandNumber();
  if (number < getOutputMutable().getOperandNumber()) // scale or bias
    return {DimIndexing{groupLoop, groupSize}};
  return indexAll(rank);
}

int64_t GroupNormOp::getLoopSize(int64_t loop) {
  return getKeptAxes(*this)[loop] == static_cast<int64_t>(getChannelAxis())
             ? getNumGroups().value_or(ShapedType::kDynamic)
             : ShapedType::kDynamic;
}

LogicalResult GroupNormOp::updateTiledOp(Operation *tiled,
                                         ArrayRef<OpFoldResult> sizes) {
  if (getGroupSize())
    return success();
  auto op = cast<GroupNormOp>(tiled);
  SmallVector<int64_t> kept = getKeptAxes(*this);
  int64_t groupLoop = llvm::find(kept, getChannelAxis()) - kept.begin();
  if (std::optional<int64_t> groups = getConstantIntValue(sizes[groupLoop])) {
    op.setNumGroups(*groups);
    return success(*groups > 0);
  }
  // A number of groups that is known only at run time is no attribute, but the
  // number of channels in each may be.
  int64_t groupSize = getStaticGroups().second;
  if (ShapedType::isDynamic(groupSize) || groupSize == 0)
    return failure();
  op.removeNumGroupsAttr();
  op.setGroupSize(groupSize);
  return success();
}

#define GET_OP_CLASSES
#include "Norm/IR/NormOps.cpp.inc"
