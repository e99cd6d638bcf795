//===- MemoryOps.cpp - where values are kept ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"

using namespace mlir;
using namespace mlir::norm;

/// Returns the strides of an array of `shape` without gaps, as far as they are
/// known.
static SmallVector<int64_t> getDenseStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;) {
    bool isUnknown =
        ShapedType::isDynamic(strides[i]) || ShapedType::isDynamic(shape[i]);
    strides[i - 1] = isUnknown ? ShapedType::kDynamic : strides[i] * shape[i];
  }
  return strides;
}

MemRefType StageOp::getStagedType(MemRefType source) {
  SmallVector<int64_t> strides = source.getStridesAndOffset().first;
  for (auto [stride, dense] :
       llvm::zip_equal(strides, getDenseStrides(source.getShape())))
    if (stride != dense)
      stride = ShapedType::kDynamic;
  auto layout = StridedLayoutAttr::get(source.getContext(),
                                       ShapedType::kDynamic, strides);
  return MemRefType::get(source.getShape(), source.getElementType(), layout,
                         source.getMemorySpace());
}

LogicalResult StageOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  Type source = adaptor.getSource().getType();
  if (auto type = dyn_cast<MemRefType>(source))
    source = getStagedType(type);
  types.push_back(source);
  return success();
}

void StageOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  if (isa<MemRefType>(getSource().getType()))
    effects.emplace_back(MemoryEffects::Read::get(), &getSourceMutable(),
                         SideEffects::DefaultResource::get());
}

Value StageOp::getViewSource() { return getSource(); }
Value StageOp::getViewDest() { return getResult(); }
