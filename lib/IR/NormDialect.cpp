//===- NormDialect.cpp - the norm dialect ---------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registers the dialect and implements what all of its ops share.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

#include "Norm/IR/NormDialect.cpp.inc"
#include "Norm/IR/NormEnums.cpp.inc"
#include "Norm/IR/NormInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "Norm/IR/NormAttributes.cpp.inc"

void NormDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "Norm/IR/NormAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "Norm/IR/NormOps.cpp.inc"
      >();
}

Operation *NormDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

LogicalResult norm::detail::inferResultTypes(ValueRange inits,
                                             SmallVectorImpl<Type> &types) {
  for (Type type : inits.getTypes())
    if (isa<RankedTensorType>(type))
      types.push_back(type);
  return success();
}

void norm::detail::getEffects(
    Operation *op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  auto structured = cast<NormStructuredOpInterface>(op);
  auto destination = cast<DestinationStyleOpInterface>(op);
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool isInit = destination.isDpsInit(&operand);
    if (!isInit || structured.readsInit(operand))
      effects.emplace_back(MemoryEffects::Read::get(), &operand, /*stage=*/0,
                           /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
    if (isInit)
      effects.emplace_back(MemoryEffects::Write::get(), &operand, /*stage=*/1,
                           /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
  }
}

Speculation::Speculatability norm::detail::getSpeculatability(Operation *op) {
  return cast<DestinationStyleOpInterface>(op).hasPureTensorSemantics()
             ? Speculation::Speculatable
             : Speculation::NotSpeculatable;
}

LogicalResult
norm::detail::reifyResultShapes(Operation *op, OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes) {
  for (OpResult result : op->getResults()) {
    Value init =
        cast<DestinationStyleOpInterface>(op).getTiedOpOperand(result)->get();
    shapes.push_back(tensor::getMixedSizes(builder, op->getLoc(), init));
  }
  return success();
}
