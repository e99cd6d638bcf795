//===- Utils.cpp - helpers on axes and types ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Utils.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

SmallVector<int64_t> norm::getSizes(Value value, ArrayRef<int64_t> axes) {
  auto type = cast<ShapedType>(value.getType());
  return llvm::map_to_vector(
      axes, [&](int64_t axis) { return type.getDimSize(axis); });
}

SmallVector<int64_t> norm::getOtherAxes(int64_t rank, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> others;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(axes, axis))
      others.push_back(axis);
  return others;
}

SmallVector<int64_t> norm::uniteAxes(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> both(a);
  llvm::append_range(both, b);
  llvm::sort(both);
  both.erase(llvm::unique(both), both.end());
  return both;
}

FloatType norm::getComputeType(ValueRange values) {
  for (Value value : values)
    if (value && getElementTypeOrSelf(value).isF64())
      return Float64Type::get(value.getContext());
  return Float32Type::get(values.front().getContext());
}

FloatType norm::getAccumulator(std::optional<Type> accumulator, Value value) {
  return accumulator ? cast<FloatType>(*accumulator) : getComputeType(value);
}

int64_t norm::getRank(Value value) {
  return cast<ShapedType>(value.getType()).getRank();
}

std::string norm::formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "rank 0";
  return llvm::join(llvm::map_range(shape,
                                    [](int64_t size) {
                                      return ShapedType::isDynamic(size)
                                                 ? std::string("?")
                                                 : std::to_string(size);
                                    }),
                    "x");
}
