//===- CollapseAxes.cpp - merges adjacent axes of layer ops -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMCOLLAPSEAXES
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Groups the axes below `rank`: adjacent ones that are in the same of the
/// lists `named` form a group.
static SmallVector<ReassociationIndices>
groupAxes(int64_t rank, ArrayRef<SmallVector<int64_t>> named) {
  auto areAlike = [&](int64_t a, int64_t b) {
    return llvm::all_of(named, [&](ArrayRef<int64_t> axes) {
      return llvm::is_contained(axes, a) == llvm::is_contained(axes, b);
    });
  };
  SmallVector<ReassociationIndices> groups;
  for (int64_t axis = 0; axis < rank; ++axis) {
    if (axis == 0 || !areAlike(axis - 1, axis))
      groups.emplace_back();
    groups.back().push_back(axis);
  }
  return groups;
}

/// Groups the dimensions of an operand like the axes of the input. The axes of
/// a group are all among its dimensions, or none of them is.
static SmallVector<ReassociationIndices>
groupDims(ArrayRef<LayerDim> dims, ArrayRef<ReassociationIndices> groups) {
  SmallVector<ReassociationIndices> grouped;
  for (const ReassociationIndices &group : groups) {
    ReassociationIndices indices;
    for (auto [i, dim] : llvm::enumerate(dims))
      if (llvm::is_contained(group, dim.axis))
        indices.push_back(i);
    if (!indices.empty())
      grouped.push_back(std::move(indices));
  }
  return grouped;
}

/// Returns true if `value` surely bufferizes to contiguous memory.
static bool isContiguous(Value value) {
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

namespace {
struct CollapsePattern
    : public OpInterfaceRewritePattern<NormLayerOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(NormLayerOpInterface op,
                                PatternRewriter &rewriter) const override {
    auto destination = cast<DestinationStyleOpInterface>(*op);
    if (!destination.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    int64_t rank = getRank(op.getInput());
    SmallVector<ReassociationIndices> groups =
        groupAxes(rank, op.getNamedAxes());
    if (groups.size() == static_cast<size_t>(rank) || groups.size() < 2)
      return rewriter.notifyMatchFailure(op, "expected axes to merge");
    // The product of 0 and a dynamic size has no type that says so.
    if (llvm::is_contained(cast<ShapedType>(op.getInput().getType()).getShape(),
                           0))
      return rewriter.notifyMatchFailure(op, "expected elements");

    // How each operand is reshaped; none where it keeps its dimensions.
    SmallVector<SmallVector<ReassociationIndices>> reshapes;
    for (OpOperand &operand : op->getOpOperands()) {
      reshapes.push_back(groupDims(op.describeOperand(operand).dims, groups));
      if (reshapes.back().size() == static_cast<size_t>(getRank(operand.get())))
        reshapes.back().clear();
      else if (!isContiguous(operand.get()))
        return rewriter.notifyMatchFailure(op, "expected contiguous values");
    }

    // One new value for each, so that an output that is an input stays one.
    Location loc = op.getLoc();
    SmallVector<Value> operands(op->getOperands());
    for (auto [i, reshape] : llvm::enumerate(reshapes)) {
      if (reshape.empty())
        continue;
      Value value = op->getOperand(i);
      for (size_t other = 0; other < i && operands[i] == value; ++other)
        if (op->getOperand(other) == value && reshapes[other] == reshape)
          operands[i] = operands[other];
      if (operands[i] == value)
        operands[i] =
            tensor::CollapseShapeOp::create(rewriter, loc, value, reshape);
    }
    unsigned numInits = destination.getNumDpsInits();
    SmallVector<Type> types =
        llvm::to_vector(TypeRange(ValueRange(operands).take_back(numInits)));
    Operation *collapsed = mlir::clone(rewriter, op, types, operands);
    cast<NormLayerOpInterface>(collapsed).renumberAxes([&](int64_t axis) {
      return llvm::find_if(groups,
                           [&](ArrayRef<int64_t> group) {
                             return llvm::is_contained(group, axis);
                           }) -
             groups.begin();
    });

    SmallVector<Value> results(collapsed->getResults());
    for (auto [result, init, reshape] :
         llvm::zip_equal(results, destination.getDpsInits(),
                         ArrayRef(reshapes).take_back(numInits)))
      if (!reshape.empty())
        result = tensor::ExpandShapeOp::create(
            rewriter, loc, init.getType(), result, reshape,
            tensor::getMixedSizes(rewriter, loc, init));
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct CollapseAxes : public norm::impl::NormCollapseAxesBase<CollapseAxes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<CollapsePattern>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
