//===- Devices.cpp - groups of devices and what they exchange -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The labels (D1), (D2), ... are those of docs/SpecDevices.md and of
// test/IR/invalid-devices.mlir.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Devices.h"

#include "Norm/IR/Utils.h"
#include "Verification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// DevicesAttr
//===----------------------------------------------------------------------===//

LogicalResult
DevicesAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    FlatSymbolRefAttr, ArrayRef<int64_t> axes,
                    ArrayRef<DenseI64ArrayAttr> groups) {
  // (D1)
  if (axes.empty())
    return emitError() << "expected at least one grid axis, but got none";
  for (auto [position, axis] : llvm::enumerate(axes)) {
    if (axis < 0)
      return emitError() << "expected grid axes to be at least 0, but got "
                         << axis;
    if (llvm::is_contained(axes.take_front(position), axis))
      return emitError() << "expected each grid axis once, but got " << axis
                         << " twice";
  }
  // (D2)
  int64_t numDevices = 0;
  for (DenseI64ArrayAttr group : groups) {
    if (group.empty())
      return emitError() << "expected each group to have a device, but got an "
                            "empty group";
    numDevices += group.size();
  }
  llvm::SmallBitVector seen(numDevices);
  for (DenseI64ArrayAttr group : groups)
    for (int64_t device : group.asArrayRef()) {
      if (device < 0 || device >= numDevices)
        return emitError() << "expected groups of " << numDevices
                           << " devices to have indices from 0 to "
                           << numDevices - 1 << ", but got " << device;
      if (seen.test(device))
        return emitError() << "expected each device in one group, but got "
                           << device << " twice";
      seen.set(device);
    }
  return success();
}

shard::GridOp norm::getGrid(Operation *from, DevicesAttr devices) {
  return SymbolTable::lookupNearestSymbolFrom<shard::GridOp>(from,
                                                             devices.getGrid());
}

int64_t norm::getNumDevices(shard::GridOp grid, DevicesAttr devices) {
  int64_t number = 1;
  for (int64_t axis : devices.getAxes())
    number *= grid.getShape()[axis];
  return number;
}

int64_t norm::getGroupSize(shard::GridOp grid, DevicesAttr devices) {
  int64_t size = 0;
  for (DenseI64ArrayAttr group : devices.getGroups())
    size = std::max<int64_t>(size, group.size());
  return devices.getGroups().empty() ? getNumDevices(grid, devices) : size;
}

LogicalResult norm::verifyDevices(Operation *op, DevicesAttr devices,
                                  SymbolTableCollection &symbols) {
  // (D3)
  auto grid = symbols.lookupNearestSymbolFrom<shard::GridOp>(
      op, static_cast<SymbolRefAttr>(devices.getGrid()));
  if (!grid)
    return op->emitOpError() << "expected " << devices.getGrid()
                             << " to be a shard.grid, but got none";
  // (D4)
  for (int64_t axis : devices.getAxes()) {
    if (axis >= grid.getRank())
      return op->emitOpError() << "expected grid axes to be from 0 to "
                               << grid.getRank() - 1 << ", but got " << axis;
    if (ShapedType::isDynamic(grid.getShape()[axis]))
      return op->emitOpError() << "expected the sizes of " << devices.getGrid()
                               << " to be static, but got ? for axis " << axis;
  }
  // (D5)
  int64_t inGroups = 0, numDevices = getNumDevices(grid, devices);
  for (DenseI64ArrayAttr group : devices.getGroups())
    inGroups += group.size();
  if (!devices.getGroups().empty() && inGroups != numDevices)
    return op->emitOpError()
           << "expected the groups to have all " << numDevices
           << " devices along the grid axes, but got " << inGroups;
  return success();
}

LogicalResult norm::detail::verifyLayerDevices(Operation *op,
                                               SymbolTableCollection &symbols) {
  auto devices = cast<NormLayerOpInterface>(op).getDevices();
  return devices ? verifyDevices(op, *devices, symbols) : success();
}

LogicalResult
CombineMomentsOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return getDevices() ? verifyDevices(*this, *getDevices(), symbols)
                      : success();
}

//===----------------------------------------------------------------------===//
// AllGatherOp
//===----------------------------------------------------------------------===//

LogicalResult AllGatherOp::verify() {
  // (C1)
  if (getInputs().empty())
    return emitOpError() << "expected at least one input, but got none";
  // (C2)
  if (failed(verifyOneKind(*this)))
    return failure();
  Type element = getElementTypeOrSelf(getInputs().front());
  for (auto [input, output] : llvm::zip_equal(getInputs(), getOutputs())) {
    // (C3)
    for (Value value : {input, output})
      if (getElementTypeOrSelf(value) != element)
        return emitOpError() << "expected all element types to be " << element
                             << ", that of the first input, but got "
                             << getElementTypeOrSelf(value);
    // (C4)
    auto shape = cast<ShapedType>(output.getType()).getShape();
    SmallVector<int64_t> sizes = {shape.empty() ? ShapedType::kDynamic
                                                : shape.front()};
    llvm::append_range(sizes, cast<ShapedType>(input.getType()).getShape());
    if (failed(verifyShape(*this, "the output", output, sizes,
                           "the devices and the sizes of the input")))
      return failure();
  }
  // (C5)
  if (!getPacked())
    return success();
  auto type = cast<ShapedType>(getInputs().front().getType());
  int64_t reserved = 64 / element.getIntOrFloatBitWidth();
  if (getInputs().size() == 1 && type.getRank() == 1 &&
      (type.isDynamicDim(0) || type.getDimSize(0) >= reserved))
    return success();
  return emitOpError() << "expected the input to be one vector of at least "
                       << reserved << " elements with packed, but got "
                       << getInputs().size() << ", the first of the shape "
                       << formatShape(type.getShape());
}

LogicalResult AllGatherOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(verifyDevices(*this, getDevices(), symbols)))
    return failure();
  // (C6)
  int64_t size = getGroupSize(getGrid(*this, getDevices()), getDevices());
  for (Value output : getOutputs()) {
    int64_t first = cast<ShapedType>(output.getType()).getDimSize(0);
    if (first != size)
      return emitOpError() << "expected the first size of the output to be "
                           << size << ", that of the largest group, but got "
                           << formatShape(first);
  }
  return success();
}

/// What one device needs of another cannot be taken in parts.
SmallVector<utils::IteratorType> AllGatherOp::getLoopTypes() { return {}; }

SmallVector<DimIndexing> AllGatherOp::getIndexing(OpOperand &operand) {
  return SmallVector<DimIndexing>(getRank(operand.get()),
                                  {DimIndexing::kWhole});
}
