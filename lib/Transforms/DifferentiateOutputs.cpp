//===- DifferentiateOutputs.cpp - gradient ops of layers' outputs --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"
#include "Differentiate.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

static constexpr StringRef kSegments = "operandSegmentSizes";

static SmallVector<int32_t> getSegments(Operation *op) {
  return SmallVector<int32_t>(
      op->getAttrOfType<DenseI32ArrayAttr>(kSegments).asArrayRef());
}

Operation *norm::saveStatistics(NormLayerOpInterface op,
                                RewriterBase &rewriter) {
  Type type = visitLayer<Type>(
      op, [](auto layer) { return Type(layer.getAccumulatorType()); });
  if (!type || getStatistics(op).variance)
    return op;
  // The inits of statistics are the last groups of operands.
  size_t number = isa<RMSNormOp>(*op) ? 1 : 2;
  SmallVector<int32_t> segments = getSegments(op);
  std::fill_n(segments.rbegin(), number, 1);
  rewriter.setInsertionPoint(op);
  SmallVector<OpFoldResult> sizes =
      llvm::map_to_vector(op.getStatisticsDims(), [&](LayerDim dim) {
        return getDimSize(op, rewriter, dim);
      });
  Value init = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes, type);
  OperationState state(op.getLoc(), op->getName());
  state.addOperands(op->getOperands());
  state.addOperands(SmallVector<Value>(number, init));
  state.addTypes(op->getResultTypes());
  state.addTypes(SmallVector<Type>(number, init.getType()));
  state.addAttributes(op->getAttrs());
  state.attributes.set(kSegments, rewriter.getDenseI32ArrayAttr(segments));
  Operation *saving = rewriter.create(state);
  rewriter.replaceOp(op, saving->getResults().take_front(op->getNumResults()));
  return saving;
}

static StringRef getGradientName(Operation *op) {
  return TypeSwitch<Operation *, StringRef>(op)
      .Case<BatchNormTrainingOp>(
          [](auto) { return BatchNormGradOp::getOperationName(); })
      .Case<BatchNormInferenceOp>(
          [](auto) { return BatchNormInferenceGradOp::getOperationName(); })
      .Case<GroupNormOp>(
          [](auto) { return GroupNormGradOp::getOperationName(); })
      .Case<InstanceNormOp>(
          [](auto) { return InstanceNormGradOp::getOperationName(); })
      .Case<LayerNormOp>(
          [](auto) { return LayerNormGradOp::getOperationName(); })
      .Case<RMSNormOp>([](auto) { return RMSNormGradOp::getOperationName(); });
}

void norm::pullBackOutput(NormLayerOpInterface op, Derivatives &cotangents) {
  LayerStatistics statistics = getStatistics(op);
  // Gradients to given statistics are for the expansion.
  if (!statistics.variance || (isa<BatchNormInferenceOp>(*op) &&
                               (cotangents.isActive(statistics.mean) ||
                                cotangents.isActive(statistics.variance))))
    return;
  auto [input, scale, bias, output] = visitLayer<std::array<Value, 4>>(
      op, [](auto layer) -> std::array<Value, 4> {
        return {layer.getInput(), layer.getScale(), layer.getBias(),
                layer.getOutputResult()};
      });
  SmallVector<Value> wanted = {input, scale, bias};
  for (Value &value : wanted)
    if (!cotangents.isActive(value))
      value = {};
  Value cotangent = cotangents.take(output);
  if (!cotangent || llvm::none_of(wanted, [](Value v) { return !!v; }))
    return;

  OpBuilder &builder = cotangents.builder;
  OperationState state(op.getLoc(), getGradientName(op));
  SmallVector<int32_t> segments;
  auto addOperand = [&](Value operand) {
    segments.push_back(operand ? 1 : 0);
    if (operand)
      state.addOperands(operand);
  };
  for (Value operand :
       {cotangent, input, statistics.mean, statistics.variance,
        /*rstd=*/Value(), scale, op.getMask(), /*lengths=*/Value()})
    addOperand(operand);
  for (Value value : wanted) {
    Value init;
    if (value)
      init = tensor::EmptyOp::create(
          builder, op.getLoc(),
          tensor::getMixedSizes(builder, op.getLoc(), value),
          getElementTypeOrSelf(value));
    addOperand(init);
    if (init)
      state.addTypes(init.getType());
  }
  // The axes and the numbers that both ops have, and what others say about op.
  ArrayRef<StringAttr> names =
      state.name.getRegisteredInfo()->getAttributeNames();
  for (NamedAttribute attribute : op->getAttrs())
    if (llvm::is_contained(names, attribute.getName()) ||
        op->getDiscardableAttr(attribute.getName()))
      state.addAttribute(attribute.getName(), attribute.getValue());
  state.attributes.set(kSegments, builder.getDenseI32ArrayAttr(segments));
  ValueRange gradients = builder.create(state)->getResults();
  for (Value value : wanted) {
    if (!value)
      continue;
    cotangents.add(value, gradients.front());
    gradients = gradients.drop_front();
  }
}
