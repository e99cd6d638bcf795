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
    if (groups.size() == static_cast<size_t>(rank))
      return rewriter.notifyMatchFailure(op, "expected axes to merge");

    llvm::SmallSetVector<Value, 4> data;
    for (OpOperand &operand : op->getOpOperands())
      if (op.describeOperand(operand).isData)
        data.insert(operand.get());
    if (!llvm::all_of(data, isContiguous))
      return rewriter.notifyMatchFailure(op, "expected contiguous values");

    Location loc = op.getLoc();
    IRMapping mapping;
    for (Value value : data)
      mapping.map(
          value, tensor::CollapseShapeOp::create(rewriter, loc, value, groups));
    SmallVector<Value> operands = llvm::map_to_vector(
        op->getOperands(), [&](Value v) { return mapping.lookupOrDefault(v); });
    SmallVector<Type> types = llvm::to_vector(TypeRange(
        ValueRange(operands).take_back(destination.getNumDpsInits())));
    Operation *collapsed = mlir::clone(rewriter, op, types, operands);
    cast<NormLayerOpInterface>(collapsed).renumberAxes([&](int64_t axis) {
      return llvm::find_if(groups,
                           [&](ArrayRef<int64_t> group) {
                             return group.front() == axis;
                           }) -
             groups.begin();
    });

    SmallVector<Value> results(collapsed->getResults());
    for (auto [result, init] :
         llvm::zip_equal(results, destination.getDpsInits()))
      if (result.getType() != init.getType())
        result = tensor::ExpandShapeOp::create(
            rewriter, loc, init.getType(), result, groups,
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
