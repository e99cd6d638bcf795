//===- DifferentiateRules.cpp - derivatives of ops on tensors ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Differentiate.h"

#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Derivatives
//===----------------------------------------------------------------------===//

bool norm::isFloatTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && isa<FloatType>(tensor.getElementType());
}

void Derivatives::activateResults(Operation *op) {
  auto isOperandActive = [&](Value operand) { return isActive(operand); };
  if (llvm::none_of(op->getOperands(), isOperandActive))
    return;
  for (Value result : op->getResults())
    if (isFloatTensor(result.getType()))
      activate(result);
}

Value Derivatives::get(Value value) const {
  return isActive(value) ? derivatives.lookup(value) : Value();
}

Value Derivatives::take(Value value) {
  Value derivative = get(value);
  derivatives.erase(value);
  return derivative;
}

void Derivatives::add(Value value, Value derivative) {
  if (!derivative || !isActive(value))
    return;
  Location loc = derivative.getLoc();
  if (derivative.getType() != value.getType())
    derivative =
        tensor::CastOp::create(builder, loc, value.getType(), derivative);
  Value &sum = derivatives[value];
  if (!sum) {
    sum = derivative;
    return;
  }
  AffineMap map = builder.getMultiDimIdentityMap(getRank(value));
  sum = buildSum(
      builder, loc, {{sum, map}, {derivative, map}}, map,
      tensor::getMixedSizes(builder, loc, value), getElementTypeOrSelf(value),
      getComputeType(value),
      [](Scalars &s, ValueRange args) { return s.add(args[0], args[1]); });
}

LogicalResult Derivatives::holdConstant(ArrayRef<Value> values,
                                        function_ref<LogicalResult()> rule) {
  SmallVector<Value> held;
  for (Value value : values)
    if (active.erase(value))
      held.push_back(value);
  LogicalResult result = rule();
  active.insert_range(held);
  return result;
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

bool norm::hasDerivativeRule(Operation *op) {
  return isa<linalg::GenericOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp,
             tensor::CastOp, NormLayerOpInterface>(op);
}

LogicalResult norm::emitNoRule(Operation *op) {
  return op->emitError() << "expected an op with a derivative rule: a norm "
                            "layer or its gradient, a linalg or an elementwise "
                            "op, or a reshape, but got '"
                         << op->getName() << "'";
}

/// Returns the values that a layer op takes for constants: scale and bias, if
/// the layer is frozen.
static SmallVector<Value> getFrozenOperands(NormLayerOpInterface op) {
  SmallVector<Value> frozen;
  if (op->hasAttr("norm.frozen"))
    for (OpOperand &operand : op->getOpOperands())
      if (llvm::is_contained({"scale", "bias"},
                             op.describeOperand(operand).name))
        frozen.push_back(operand.get());
  return frozen;
}

/// Checks that what a layer op expands into needs no other device.
static LogicalResult checkAlone(NormLayerOpInterface op) {
  if (!op.getDevices())
    return success();
  return op->emitError() << "expected no devices, but for the pull-back of an "
                            "output, but got some";
}

/// Differentiates a layer op as what it expands into.
static LogicalResult pushForward(NormLayerOpInterface op,
                                 Derivatives &tangents) {
  if (failed(checkAlone(op)))
    return failure();
  for (Expansion &expansion : expandLayer(op, tangents.builder)) {
    auto rule = [&] {
      for (Operation *simple : expansion.ops) {
        tangents.activateResults(simple);
        if (failed(norm::pushForward(simple, tangents)))
          return failure();
      }
      return success();
    };
    if (failed(tangents.holdConstant(expansion.constants, rule)))
      return failure();
    for (auto [result, value] : expansion.results)
      tangents.add(result, tangents.get(value));
  }
  return success();
}

static LogicalResult pullBack(NormLayerOpInterface op,
                              Derivatives &cotangents) {
  pullBackOutput(op, cotangents);
  auto hasCotangent = [&](Value result) { return !!cotangents.get(result); };
  if (llvm::none_of(op->getResults(), hasCotangent))
    return success();
  if (failed(checkAlone(op)))
    return failure();
  SmallVector<Expansion> expansions = expandLayer(op, cotangents.builder);
  for (Expansion &expansion : llvm::reverse(expansions)) {
    // The mean of a variance is a constant, but has a cotangent of its own.
    SmallVector<Value> seeds;
    for (auto [result, value] : expansion.results)
      seeds.push_back(cotangents.take(result));
    auto rule = [&] {
      for (Operation *simple : expansion.ops)
        cotangents.activateResults(simple);
      for (auto [computed, seed] : llvm::zip_equal(expansion.results, seeds))
        cotangents.add(computed.second, seed);
      for (Operation *simple : llvm::reverse(expansion.ops))
        if (failed(norm::pullBack(simple, cotangents)))
          return failure();
      return success();
    };
    if (failed(cotangents.holdConstant(expansion.constants, rule)))
      return failure();
  }
  return success();
}

LogicalResult norm::pushForward(Operation *op, Derivatives &tangents) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<linalg::GenericOp>([&](linalg::GenericOp generic) {
        return norm::pushForward(generic, tangents);
      })
      .Case<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(
          [&](Operation *linear) {
            if (Value tangent = tangents.get(linear->getOperand(0))) {
              IRMapping mapping;
              mapping.map(linear->getOperand(0), tangent);
              tangents.add(
                  linear->getResult(0),
                  tangents.builder.clone(*linear, mapping)->getResult(0));
            }
            return success();
          })
      .Case<NormLayerOpInterface>([&](NormLayerOpInterface layer) {
        return tangents.holdConstant(getFrozenOperands(layer), [&] {
          return ::pushForward(layer, tangents);
        });
      })
      .Default(success());
}

LogicalResult norm::pullBack(Operation *op, Derivatives &cotangents) {
  OpBuilder &builder = cotangents.builder;
  Location loc = op->getLoc();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<linalg::GenericOp>([&](linalg::GenericOp generic) {
        return norm::pullBack(generic, cotangents);
      })
      .Case<tensor::ExpandShapeOp>([&](tensor::ExpandShapeOp expand) {
        if (Value cotangent = cotangents.get(expand.getResult()))
          cotangents.add(expand.getSrc(),
                         tensor::CollapseShapeOp::create(
                             builder, loc, expand.getSrcType(), cotangent,
                             expand.getReassociationIndices()));
        return success();
      })
      .Case<tensor::CollapseShapeOp>([&](tensor::CollapseShapeOp collapse) {
        Value source = collapse.getSrc();
        if (Value cotangent = cotangents.get(collapse.getResult()))
          cotangents.add(source,
                         tensor::ExpandShapeOp::create(
                             builder, loc, collapse.getSrcType(), cotangent,
                             collapse.getReassociationIndices(),
                             tensor::getMixedSizes(builder, loc, source)));
        return success();
      })
      .Case<tensor::CastOp>([&](tensor::CastOp cast) {
        cotangents.add(cast.getSource(), cotangents.get(cast.getDest()));
        return success();
      })
      .Case<NormLayerOpInterface>([&](NormLayerOpInterface layer) {
        return cotangents.holdConstant(getFrozenOperands(layer), [&] {
          return ::pullBack(layer, cotangents);
        });
      })
      .Default(success());
}
