//===- LayerOpUtils.h - what the layer ops share ----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The constraints that several layer ops have, and what describes them.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_IR_LAYEROPUTILS_H
#define NORM_LIB_IR_LAYEROPUTILS_H

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "OperandGroups.h"
#include "Verification.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace mlir::norm {

/// Returns the dimensions of an operand that has the sizes of `axes`.
inline SmallVector<LayerDim> toDims(ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [](int64_t axis) { return LayerDim{axis}; });
}

/// Returns the numbers of `axes`, each number once.
SmallVector<int64_t> renumber(ArrayRef<int64_t> axes,
                              llvm::function_ref<int64_t(int64_t)> number);

/// Returns a dimension for each of `axes`; that of `channelAxis` is the part
/// `part` of it.
SmallVector<LayerDim> toGroupedDims(ArrayRef<int64_t> axes, int64_t channelAxis,
                                    LayerDim::Part part);

/// Returns the division of axis 0 into sub-batches of `size` indices, if it is
/// given.
std::optional<Grouping> getGhostBatches(std::optional<int64_t> size);

/// Returns what has a statistic for each sub-batch, if there are some, and each
/// index of `features`.
SmallVector<LayerDim> toBatchDims(ArrayRef<int64_t> features,
                                  std::optional<Grouping> ghosts);

/// Returns what has a parameter of its own along the channel axis.
LayerDim::Part getPart(ChannelParameters parameters);

/// Describes an operand with the shape of the input.
LayerOperand describeData(StringRef name, Value input);

/// Describes a mask or lengths.
LayerOperand describeMask(NormLayerOpInterface op, StringRef name);

/// Checks that there are at least two axes, and that every operand has the kind
/// of the first one: tensor or memref.
LogicalResult verifyKindAndRank(NormLayerOpInterface op);

/// Checks that the mask is right, and that all operands have the sizes that the
/// op describes.
LogicalResult verifyOperandShapes(NormLayerOpInterface op);

/// Checks that the axis that is divided into groups can be.
LogicalResult verifyDivisible(NormLayerOpInterface op);

/// Checks that `axes` are axes of the input, at least one.
LogicalResult verifyLayerAxes(NormLayerOpInterface op, StringRef name,
                              StringRef oneName, ArrayRef<int64_t> axes);

/// Checks the axes of the parameters, if they are given.
template <typename OpTy> LogicalResult verifyParameterAxes(OpTy op) {
  if (!op.getParameterAxes())
    return success();
  return verifyAxes(op, "parameter axes", *op.getParameterAxes(),
                    getRank(op.getInput()));
}

/// Describes a scale or a bias, which lie on the axes `otherwise` unless others
/// are given.
template <typename OpTy>
LayerOperand describeParameter(OpTy op, StringRef name, StringRef otherwise) {
  return {name,
          op.getParameterAxes() ? "the sizes of the parameter axes" : otherwise,
          op.getParameterDims()};
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

/// Makes the attributes of `tiled` those of a part of `op` with `sizes`
/// iterations. A number of groups that is known only at run time is no
/// attribute, but the number of channels in each may be.
template <typename OpTy>
LogicalResult updateTiledGroups(OpTy op, OpTy tiled,
                                ArrayRef<OpFoldResult> sizes) {
  if (op.getGroupSize())
    return success();
  for (auto [dim, size] : llvm::zip_equal(op.getStatisticsDims(), sizes)) {
    if (dim.part != LayerDim::kGroups)
      continue;
    if (std::optional<int64_t> groups = getConstantIntValue(size)) {
      tiled.setNumGroups(*groups);
      return success(*groups > 0);
    }
  }
  int64_t groupSize = op.getStaticGroups().second;
  if (ShapedType::isDynamic(groupSize) || groupSize == 0)
    return failure();
  tiled.removeNumGroupsAttr();
  tiled.setGroupSize(groupSize);
  return success();
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

/// What messages call the operands of the gradient of a layer.
inline constexpr llvm::StringLiteral kGradientOperandNames[] = {
    "the output gradient",
    "the input",
    "the mean",
    "the variance",
    "the rstd",
    "scale",
    "the mask",
    "lengths",
    "the input gradient",
    "the scale gradient",
    "the bias gradient"};

/// Describes an operand of the gradient of a layer; the sizes of statistics and
/// of parameters are called as given.
template <typename OpTy>
LayerOperand describeGradientOperand(OpTy op, OpOperand &operand,
                                     StringRef statistics,
                                     StringRef parameters) {
  unsigned group = getOperandGroup(op, operand);
  StringRef name = kGradientOperandNames[group];
  if (group == 0 || group == 1 || group == 8)
    return describeData(name, op.getInput());
  if (group < 5)
    return {name, statistics, op.getStatisticsDims()};
  if (group == 6 || group == 7)
    return describeMask(op, name);
  if (group == 5 || !op.getPerSample())
    return describeParameter(op, name, parameters);
  return {name, "the sizes of the statistics and parameter axes",
          detail::getGradientDims(op)};
}

/// Checks what the gradients of all layers require, besides shapes. The labels
/// are those of batch norm; the other layers have (C10) to (C15) instead.
template <typename OpTy>
LogicalResult verifyGradient(OpTy op, bool isCentered = true) {
  // (C6)
  if (!op.getVariance() == !op.getRstd())
    return op.emitOpError()
           << "expected exactly one of variance and rstd, but got "
           << (op.getRstd() ? "both" : "neither");
  // (C7)
  if (op.getNumDpsInits() == 0)
    return op.emitOpError() << "expected at least one of outs, scale_gradient "
                               "and bias_gradient, but got none";
  // (C8), (C9)
  if (failed(verifyEpsilon(op, op.getEpsilon())))
    return failure();
  if (failed(verifyAccumulator(op, op.getAccumulator(), op.getInput())))
    return failure();
  // (C10)
  if (op.getRstd() && op.getEpsilonMode() != EpsilonMode::Add)
    return op.emitOpError()
           << "expected variance, and not rstd, with epsilon_mode = "
           << stringifyEpsilonMode(op.getEpsilonMode()) << ", but got rstd";
  // (D6)
  if constexpr (!std::is_same_v<OpTy, BatchNormInferenceGradOp>)
    if (op.getSumParameters() && !op.getDevices())
      return op.emitOpError()
             << "expected devices with sum_parameters, but got none";
  // (C11)
  if (!op.getMean() == !isCentered)
    return success();
  return op.emitOpError() << "expected " << (isCentered ? "a mean" : "no mean")
                          << ", but got " << (isCentered ? "none" : "one");
}

} // namespace mlir::norm

#endif // NORM_LIB_IR_LAYEROPUTILS_H
