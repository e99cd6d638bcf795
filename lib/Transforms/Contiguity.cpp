//===- Contiguity.cpp - memory without gaps -------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contiguity.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

bool norm::isContiguous(Value value) {
  Operation *definition = value.getDefiningOp();
  if (auto toTensor = dyn_cast_or_null<bufferization::ToTensorOp>(definition))
    return cast<MemRefType>(toTensor.getBuffer().getType())
        .getLayout()
        .isIdentity();
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(definition))
    return isContiguous(cast.getSource());
  if (auto argument = dyn_cast<BlockArgument>(value))
    return isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return !isa_and_nonnull<tensor::ExtractSliceOp>(definition);
}
