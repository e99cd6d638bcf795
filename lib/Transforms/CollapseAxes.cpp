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

/// Groups the axes below `rank`, merging adjacent ones that are not in `named`.
static SmallVector<ReassociationIndices> groupAxes(int64_t rank,
                                                   ArrayRef<int64_t> named) {
  SmallVector<ReassociationIndices> groups;
  bool lastIsNamed = true;
  for (int64_t axis = 0; axis < rank; ++axis) {
    bool isNamed = llvm::is_contained(named, axis);
    if (isNamed || lastIsNamed)
      groups.emplace_back();
    groups.back().push_back(axis);
    lastIsNamed = isNamed;
  }
  return groups;
}

/// Returns the groups that `axes`, each a group of its own, have become.
static SmallVector<int64_t> mapAxes(ArrayRef<ReassociationIndices> groups,
                                    ArrayRef<int64_t> axes) {
  SmallVector<int64_t> mapped;
  for (auto [index, group] : llvm::enumerate(groups))
    if (llvm::is_contained(axes, group.front()))
      mapped.push_back(index);
  return mapped;
}

/// Returns true if `value` surely bufferizes to contiguous memory.
static bool isContiguous(Value value) {
  Operation *definition = value.getDefiningOp();
  if (auto toTensor = dyn_cast_or_null<bufferization::ToTensorOp>(definition))
    return cast<MemRefType>(toTensor.getBuffer().getType())
        .getLayout()
        .isIdentity();
  if (auto argument = dyn_cast<BlockArgument>(value))
    return isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return !isa_and_nonnull<tensor::ExtractSliceOp, tensor::CastOp>(definition);
}

namespace {
template <typename OpTy>
struct CollapsePattern : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    int64_t rank = getRank(op.getInput());
    SmallVector<ReassociationIndices> groups =
        groupAxes(rank, getNamedAxes(op));
    if (groups.size() == static_cast<size_t>(rank))
      return rewriter.notifyMatchFailure(op, "expected axes to merge");
    if (!isContiguous(op.getInput()) || !isContiguous(op.getOutput()))
      return rewriter.notifyMatchFailure(op, "expected contiguous values");

    Location loc = op.getLoc();
    IRMapping mapping;
    for (Value value : {op.getInput(), op.getOutput()})
      if (!mapping.contains(value))
        mapping.map(value, tensor::CollapseShapeOp::create(rewriter, loc, value,
                                                           groups));
    SmallVector<Value> operands = llvm::map_to_vector(
        op->getOperands(), [&](Value v) { return mapping.lookupOrDefault(v); });
    SmallVector<Type> types(op->getResultTypes());
    types[0] = mapping.lookup(op.getOutput()).getType();
    auto collapsed = cast<OpTy>(mlir::clone(rewriter, op, types, operands));
    setNamedAxes(collapsed, groups);

    SmallVector<Value> results(collapsed->getResults());
    results[0] = tensor::ExpandShapeOp::create(
        rewriter, loc, op->getResult(0).getType(), results[0], groups,
        tensor::getMixedSizes(rewriter, loc, op.getOutput()));
    rewriter.replaceOp(op, results);
    return success();
  }

  /// The axes that attributes name stay axes of their own.
  static SmallVector<int64_t> getNamedAxes(OpTy op) {
    if constexpr (std::is_same_v<OpTy, GroupNormOp>) {
      SmallVector<int64_t> axes(op.getBatchAxes());
      axes.push_back(op.getChannelAxis());
      return axes;
    } else {
      return SmallVector<int64_t>(op.getFeatureAxes());
    }
  }

  static void setNamedAxes(OpTy op, ArrayRef<ReassociationIndices> groups) {
    if constexpr (std::is_same_v<OpTy, GroupNormOp>) {
      op.setBatchAxes(mapAxes(groups, op.getBatchAxes()));
      op.setChannelAxis(
          mapAxes(groups, static_cast<int64_t>(op.getChannelAxis())).front());
    } else {
      op.setFeatureAxes(mapAxes(groups, op.getFeatureAxes()));
    }
  }
};

struct CollapseAxes : public norm::impl::NormCollapseAxesBase<CollapseAxes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<CollapsePattern<BatchNormTrainingOp>,
                 CollapsePattern<BatchNormInferenceOp>,
                 CollapsePattern<GroupNormOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
