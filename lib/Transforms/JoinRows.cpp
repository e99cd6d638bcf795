//===- JoinRows.cpp - rows that are no whole lines, together --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contiguity.h"
#include "Tiling.h"

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMJOINROWS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Returns true if the rows of `value`, along its last axis, surely follow each
/// other in memory without gaps.
static bool haveNoGaps(Value value) {
  if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
    return slice.getSourceType().getShape().back() ==
               slice.getType().getShape().back() &&
           slice.getSourceType().getRank() == slice.getType().getRank() &&
           haveNoGaps(slice.getSource());
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (auto loop =
            dyn_cast<LoopLikeOpInterface>(argument.getOwner()->getParentOp())) {
      OpOperand *init = loop.getTiedLoopInit(argument);
      return init && haveNoGaps(init->get());
    }
  return isContiguous(value);
}

/// Returns the axes of a tensor with the last two as one.
static SmallVector<ReassociationIndices> getJoined(int64_t rank) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t axis : llvm::seq(rank - 1))
    groups.push_back({axis});
  groups.back().push_back(rank - 1);
  return groups;
}

namespace {
struct JoinRows : public norm::impl::NormJoinRowsBase<JoinRows> {
  using NormJoinRowsBase::NormJoinRowsBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "line-bytes", lineBytes)))
      return signalPassFailure();
    SmallVector<Operation *> ops;
    getOperation()->walk([&](NormStructuredOpInterface op) {
      if (isa<NormalizeOp, GradientApplyOp>(*op) && canJoin(op))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops)
      join(cast<DestinationStyleOpInterface>(op), rewriter);
  }

  /// Returns the loops that index `operand`.
  static SmallVector<int64_t> getLoops(NormStructuredOpInterface op,
                                       OpOperand &operand) {
    return llvm::map_to_vector(op.getIndexing(operand),
                               [](DimIndexing dim) { return dim.loop; });
  }

  bool canJoin(NormStructuredOpInterface op) {
    auto destination = cast<DestinationStyleOpInterface>(*op);
    auto type = dyn_cast<RankedTensorType>(
        destination.getDpsInitOperand(0)->get().getType());
    if (!type || !destination.hasPureTensorSemantics())
      return false;
    int64_t rows = countRowsOfLines(type, lineBytes);
    if (rows == 1 || rows != type.getShape().end()[-2])
      return false;
    int64_t last = type.getRank() - 1;
    return llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
      SmallVector<int64_t> loops = getLoops(op, operand);
      if (static_cast<int64_t>(loops.size()) == last + 1)
        return haveNoGaps(operand.get());
      // What is repeated are numbers: a mask is not.
      bool isRepeated = llvm::is_contained(loops, last - 1);
      return !llvm::is_contained(loops, last) &&
             (!isRepeated ||
              isa<FloatType>(getElementTypeOrSelf(operand.get())));
    });
  }

  static void join(DestinationStyleOpInterface op, IRRewriter &rewriter) {
    Location loc = op.getLoc();
    auto structured = cast<NormStructuredOpInterface>(*op);
    Value init = op.getDpsInitOperand(0)->get();
    auto type = cast<RankedTensorType>(init.getType());
    int64_t rank = type.getRank();
    rewriter.setInsertionPoint(op);
    SmallVector<Value> operands;
    for (OpOperand &operand : op->getOpOperands()) {
      SmallVector<int64_t> loops = getLoops(structured, operand);
      Value value = operand.get();
      if (!loops.empty() && loops.back() == rank - 2)
        value = repeat(rewriter, loc, value, type.getShape().back());
      if (!loops.empty() && loops.back() >= rank - 2)
        value = tensor::CollapseShapeOp::create(rewriter, loc, value,
                                                getJoined(getRank(value)));
      operands.push_back(value);
    }
    Operation *joined =
        mlir::clone(rewriter, op, operands.back().getType(), operands);
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(
        op, type, joined->getResult(0), getJoined(rank),
        tensor::getMixedSizes(rewriter, loc, init));
  }

  /// Returns `value` with a new last axis, along which all is alike.
  static Value repeat(OpBuilder &builder, Location loc, Value value,
                      int64_t times) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, value);
    sizes.push_back(builder.getIndexAttr(times));
    Value empty = tensor::EmptyOp::create(builder, loc, sizes,
                                          getElementTypeOrSelf(value));
    return linalg::BroadcastOp::create(builder, loc, value, empty,
                                       getRank(value))
        .getResult()[0];
  }
};
} // namespace
