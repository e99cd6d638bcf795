//===- RefineShapes.cpp - static sizes for all operands of layers --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMREFINESHAPES
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Returns the size of a dimension as far as it is known statically, by the
/// type of `value` or by what it comes from.
static int64_t getStaticSize(Value value, int64_t dim) {
  int64_t size = cast<ShapedType>(value.getType()).getDimSize(dim);
  if (!ShapedType::isDynamic(size))
    return size;
  FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
      presburger::BoundType::EQ, {value, dim});
  return succeeded(bound) ? *bound : size;
}

namespace {
/// The static sizes of what the operands of one layer op are described by.
class Sizes {
public:
  Sizes(NormLayerOpInterface op)
      : grouping(op.getGrouping()),
        axes(getRank(op.getInput()), ShapedType::kDynamic) {
    if (grouping) {
      groups = grouping->numGroups.value_or(groups);
      members = grouping->groupSize.value_or(members);
    }
    for (OpOperand &operand : op->getOpOperands())
      for (auto [dim, part] : llvm::enumerate(op.describeOperand(operand).dims))
        tell(get(part), getStaticSize(operand.get(), dim));
    if (grouping)
      multiply(axes[grouping->axis]);
  }

  /// Returns `type` with the sizes of `dims` where its own are dynamic.
  RankedTensorType refine(RankedTensorType type, ArrayRef<LayerDim> dims) {
    SmallVector<int64_t> shape(type.getShape());
    for (auto [size, dim] : llvm::zip_equal(shape, dims))
      tell(size, get(dim));
    return RankedTensorType::get(shape, type.getElementType(),
                                 type.getEncoding());
  }

private:
  int64_t &get(LayerDim dim) {
    if (dim.part == LayerDim::kAll)
      return axes[dim.axis];
    return dim.part == LayerDim::kGroups ? groups : members;
  }

  static void tell(int64_t &size, int64_t told) {
    if (ShapedType::isDynamic(size))
      size = told;
  }

  /// Two of the numbers of channels, groups and channels of a group give the
  /// third.
  void multiply(int64_t &channels) {
    bool isKnown =
        !ShapedType::isDynamic(groups) && !ShapedType::isDynamic(members);
    if (isKnown)
      tell(channels, groups * members);
    if (ShapedType::isDynamic(channels))
      return;
    int64_t quotient = channels / grouping->getDivisor();
    tell(groups, quotient);
    tell(members, quotient);
  }

  std::optional<Grouping> grouping;
  SmallVector<int64_t> axes;
  int64_t groups = ShapedType::kDynamic, members = ShapedType::kDynamic;
};

struct RefineShapes : public norm::impl::NormRefineShapesBase<RefineShapes> {
  void runOnOperation() override {
    getOperation()->walk([](NormLayerOpInterface op) {
      if (cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics())
        refine(op);
    });
  }

  static void refine(NormLayerOpInterface op) {
    Sizes sizes(op);
    OpBuilder builder(op);
    // One new value for each, so that an output that is an input stays one.
    llvm::SmallDenseMap<std::pair<Value, Type>, Value> casts;
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = operand.get();
      RankedTensorType type =
          sizes.refine(cast<RankedTensorType>(value.getType()),
                       op.describeOperand(operand).dims);
      if (type == value.getType())
        continue;
      Value &cast = casts[{value, type}];
      if (!cast)
        cast = tensor::CastOp::create(builder, op.getLoc(), type, value);
      operand.set(cast);
    }
    builder.setInsertionPointAfter(op);
    auto destination = cast<DestinationStyleOpInterface>(*op);
    for (OpResult result : op->getResults()) {
      Type type = result.getType();
      result.setType(destination.getTiedOpOperand(result)->get().getType());
      if (type == result.getType())
        continue;
      auto cast = tensor::CastOp::create(builder, op.getLoc(), type, result);
      result.replaceAllUsesExcept(cast, cast);
    }
  }
};
} // namespace
