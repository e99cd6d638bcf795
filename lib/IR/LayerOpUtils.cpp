//===- LayerOpUtils.cpp - what the layer ops share ------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerOpUtils.h"

using namespace mlir;
using namespace mlir::norm;

std::pair<int64_t, int64_t>
norm::detail::getStaticGroups(Value input, std::optional<Grouping> grouping) {
  if (!grouping)
    return {ShapedType::kDynamic, ShapedType::kDynamic};
  int64_t channels =
      cast<ShapedType>(input.getType()).getDimSize(grouping->axis);
  int64_t quotient = ShapedType::isDynamic(channels)
                         ? channels
                         : channels / grouping->getDivisor();
  if (grouping->numGroups)
    return {*grouping->numGroups, quotient};
  return {quotient, *grouping->groupSize};
}

SmallVector<LayerDim> norm::detail::getAllDims(Value value) {
  return toDims(getOtherAxes(getRank(value), {}));
}

SmallVector<int64_t>
norm::renumber(ArrayRef<int64_t> axes,
               llvm::function_ref<int64_t(int64_t)> number) {
  return uniteAxes(llvm::map_to_vector(axes, number), {});
}

SmallVector<LayerDim> norm::toGroupedDims(ArrayRef<int64_t> axes,
                                          int64_t channelAxis,
                                          LayerDim::Part part) {
  return llvm::map_to_vector(axes, [&](int64_t axis) {
    return LayerDim{axis, axis == channelAxis ? part : LayerDim::kAll};
  });
}

std::optional<Grouping> norm::getGhostBatches(std::optional<int64_t> size) {
  if (!size)
    return std::nullopt;
  return Grouping{/*axis=*/0, /*numGroups=*/std::nullopt, size,
                  "the size of axis 0", "ghost_size"};
}

SmallVector<LayerDim> norm::toBatchDims(ArrayRef<int64_t> features,
                                        std::optional<Grouping> ghosts) {
  if (!ghosts)
    return toDims(features);
  return toGroupedDims(uniteAxes(features, ghosts->axis), ghosts->axis,
                       LayerDim::kGroups);
}

LayerDim::Part norm::getPart(ChannelParameters parameters) {
  switch (parameters) {
  case ChannelParameters::PerChannel:
    return LayerDim::kAll;
  case ChannelParameters::PerGroup:
    return LayerDim::kGroups;
  case ChannelParameters::PerMember:
    return LayerDim::kMembers;
  }
  llvm_unreachable("unknown kind of parameters");
}

SmallVector<LayerDim> norm::detail::getGradientDims(NormLayerOpInterface op) {
  SmallVector<LayerDim> dims = op.getParameterDims();
  for (LayerDim statistic : op.getStatisticsDims())
    if (llvm::none_of(dims,
                      [&](LayerDim dim) { return dim.axis == statistic.axis; }))
      dims.push_back(statistic);
  llvm::sort(dims, [](LayerDim a, LayerDim b) { return a.axis < b.axis; });
  return dims;
}

LayerOperand norm::describeData(StringRef name, Value input) {
  return {name, "that of the input", norm::detail::getAllDims(input),
          /*isData=*/true};
}

LayerOperand norm::describeMask(NormLayerOpInterface op, StringRef name) {
  return {name, "the sizes of the mask axes", detail::getMaskDims(op)};
}

SmallVector<LayerDim> norm::detail::getMaskDims(NormLayerOpInterface op) {
  return toDims(op.getMaskAxes());
}

SmallVector<SmallVector<int64_t>>
norm::detail::getNamedAxes(NormLayerOpInterface op) {
  SmallVector<SmallVector<int64_t>> axes = op.getLayerAxes();
  axes.emplace_back(op.getMaskAxes());
  if (std::optional<Grouping> grouping = op.getGrouping())
    axes.push_back({grouping->axis});
  if (std::optional<int64_t> axis = op.getSequenceAxis())
    axes.push_back({*axis});
  return axes;
}

void norm::detail::renumberAxes(NormLayerOpInterface op,
                                llvm::function_ref<int64_t(int64_t)> number) {
  op.renumberLayerAxes(number);
  op.setMaskAxes(renumber(op.getMaskAxes(), number));
  if (std::optional<int64_t> axis = op.getSequenceAxis())
    op.setSequenceAxis(number(*axis));
}

SmallVector<utils::IteratorType>
norm::detail::getLayerLoopTypes(Operation *op, ArrayRef<LayerDim> loops) {
  SmallVector<utils::IteratorType> types(loops.size(),
                                         utils::IteratorType::parallel);
  auto destination = cast<DestinationStyleOpInterface>(op);
  for (OpOperand &init : destination.getDpsInitsMutable()) {
    SmallVector<DimIndexing> dims = getLayerIndexing(op, loops, init);
    for (auto [loop, type] : llvm::enumerate(types))
      if (llvm::none_of(dims, [&, loop = int64_t(loop)](DimIndexing dim) {
            return dim.loop == loop;
          }))
        type = utils::IteratorType::reduction;
  }
  return types;
}

SmallVector<DimIndexing>
norm::detail::getLayerIndexing(Operation *op, ArrayRef<LayerDim> loops,
                               OpOperand &operand) {
  auto layer = cast<NormLayerOpInterface>(op);
  auto index = [&](LayerDim dim) -> DimIndexing {
    const LayerDim *loop = llvm::find_if(
        loops, [&](LayerDim other) { return other.axis == dim.axis; });
    if (loop == loops.end() || dim.part == LayerDim::kMembers)
      return {DimIndexing::kWhole};
    // A loop over groups takes the channels of one at a time.
    bool isBlock = loop->part == LayerDim::kGroups && dim.part != loop->part;
    return {loop - loops.begin(), isBlock ? layer.getStaticGroups().second : 1};
  };
  return llvm::map_to_vector(layer.describeOperand(operand).dims, index);
}

LogicalResult norm::verifyKindAndRank(NormLayerOpInterface op) {
  // (C1)
  if (failed(verifyOneKind(op)))
    return failure();
  // (C2)
  int64_t rank = getRank(op.getInput());
  if (rank < 2)
    return op->emitOpError()
           << "expected the rank of the input to be at least 2, but got "
           << rank;
  return success();
}

/// Checks the attributes that say which axes the mask or the lengths have.
static LogicalResult verifyMask(NormLayerOpInterface op) {
  // (M1)
  if (op.getMask() && op.getLengths())
    return op->emitOpError()
           << "expected at most one of mask and lengths, but got both";
  // (M2)
  int64_t rank = getRank(op.getInput());
  if (failed(verifyAxes(op, "mask axes", op.getMaskAxes(), rank)))
    return failure();
  if (!op.getMaskAxes().empty() && !op.getMask() && !op.getLengths())
    return op->emitOpError()
           << "expected a mask or lengths on the mask axes, but got neither";
  std::optional<int64_t> sequence = op.getSequenceAxis();
  if (sequence.has_value() != static_cast<bool>(op.getLengths()))
    return op->emitOpError()
           << "expected both of lengths and sequence_axis or neither, but got "
              "only "
           << (sequence ? "sequence_axis" : "lengths");
  // (M3)
  if (!sequence)
    return success();
  if (failed(verifyAxes(op, "the sequence axis", *sequence, rank)))
    return failure();
  if (llvm::is_contained(op.getMaskAxes(), *sequence))
    return op->emitOpError()
           << "expected the sequence axis to be none of the mask axes, but got "
           << *sequence << " for both";
  return success();
}

LogicalResult norm::verifyOperandShapes(NormLayerOpInterface op) {
  if (failed(verifyMask(op)))
    return failure();
  // Of a mask and of lengths, too (M4).
  auto input = cast<ShapedType>(op.getInput().getType());
  for (OpOperand &operand : op->getOpOperands()) {
    LayerOperand description = op.describeOperand(operand);
    auto getSize = [&](LayerDim dim) {
      switch (dim.part) {
      case LayerDim::kAll:
        return input.getDimSize(dim.axis);
      case LayerDim::kGroups:
        return op.getStaticGroups().first;
      case LayerDim::kMembers:
        return op.getStaticGroups().second;
      }
      llvm_unreachable("unknown part of an axis");
    };
    if (failed(verifyShape(op, description.name, operand.get(),
                           llvm::map_to_vector(description.dims, getSize),
                           description.sizes)))
      return failure();
  }
  return success();
}

LogicalResult norm::verifyDivisible(NormLayerOpInterface op) {
  Grouping grouping = *op.getGrouping();
  int64_t divisor = grouping.getDivisor();
  int64_t size =
      cast<ShapedType>(op.getInput().getType()).getDimSize(grouping.axis);
  if (!ShapedType::isDynamic(size) && size % divisor != 0)
    return op->emitOpError()
           << "expected " << grouping.axisName << " to be a multiple of "
           << grouping.getDivisorName() << " = " << divisor << ", but got "
           << size;
  return success();
}

LogicalResult norm::verifyLayerAxes(NormLayerOpInterface op, StringRef name,
                                    StringRef oneName, ArrayRef<int64_t> axes) {
  if (failed(verifyAxes(op, name, axes, getRank(op.getInput()))))
    return failure();
  if (axes.empty())
    return op->emitOpError()
           << "expected at least one " << oneName << ", but got none";
  return success();
}
