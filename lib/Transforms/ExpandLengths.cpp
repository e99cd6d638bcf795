//===- ExpandLengths.cpp - lengths of sequences to masks ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lengths count from the start of an axis, which a tile of the layer or a chunk
// of its input might not have; a mask can be cut anywhere.
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMEXPANDLENGTHS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Makes the mask that the lengths of `op` stand for, with the axes `axes`.
static Value makeMask(NormLayerOpInterface op, OpBuilder &builder,
                      ArrayRef<int64_t> axes) {
  Location loc = op.getLoc();
  int64_t rank = axes.size();
  int64_t position = llvm::find(axes, op.getSequenceAxis()) - axes.begin();
  SmallVector<AffineExpr> others =
      llvm::map_to_vector(getOtherAxes(rank, position), [&](int64_t dim) {
        return builder.getAffineDimExpr(dim);
      });
  Value init = tensor::EmptyOp::create(
      builder, loc, getMixedSizes(builder, loc, op.getInput(), axes),
      builder.getI1Type());
  return linalg::GenericOp::create(
             builder, loc, init.getType(), op.getLengths(), init,
             ArrayRef{AffineMap::get(rank, 0, others, builder.getContext()),
                      builder.getMultiDimIdentityMap(rank)},
             SmallVector<utils::IteratorType>(rank,
                                              utils::IteratorType::parallel),
             [&](OpBuilder &b, Location l, ValueRange args) {
               Value index = linalg::IndexOp::create(b, l, position);
               Value length =
                   arith::IndexCastOp::create(b, l, b.getIndexType(), args[0]);
               Value isSelected = arith::CmpIOp::create(
                   b, l, arith::CmpIPredicate::slt, index, length);
               linalg::YieldOp::create(b, l, isSelected);
             })
      .getResult(0);
}

void norm::expandLengths(NormLayerOpInterface op, OpBuilder &builder) {
  if (!op.getLengths())
    return;
  SmallVector<int64_t> axes =
      uniteAxes(op.getMaskAxes(), static_cast<int64_t>(*op.getSequenceAxis()));
  op.replaceLengths(makeMask(op, builder, axes), axes);
}

namespace {
struct ExpandLengths : public norm::impl::NormExpandLengthsBase<ExpandLengths> {
  void runOnOperation() override {
    getOperation()->walk([](NormLayerOpInterface op) {
      OpBuilder builder(op);
      if (cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics())
        expandLengths(op, builder);
    });
  }
};
} // namespace
