//===- ThreadBody.cpp - The body of a linalg op ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadBody.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

static std::optional<gpu::AllReduceOperation> getKind(Operation *op) {
  using Kind = gpu::AllReduceOperation;
  return llvm::TypeSwitch<Operation *, std::optional<Kind>>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Kind::ADD; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Kind::MUL; })
      .Case([](arith::MaximumFOp) { return Kind::MAXIMUMF; })
      .Case([](arith::MinimumFOp) { return Kind::MINIMUMF; })
      .Case([](arith::MaxNumFOp) { return Kind::MAXNUMF; })
      .Case([](arith::MinNumFOp) { return Kind::MINNUMF; })
      .Case([](arith::MaxSIOp) { return Kind::MAXSI; })
      .Case([](arith::MinSIOp) { return Kind::MINSI; })
      .Case([](arith::MaxUIOp) { return Kind::MAXUI; })
      .Case([](arith::MinUIOp) { return Kind::MINUI; })
      .Case([](arith::AndIOp) { return Kind::AND; })
      .Case([](arith::OrIOp) { return Kind::OR; })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<Reductions> norm::matchReductions(linalg::LinalgOp op) {
  Reductions reductions;
  ArrayRef<BlockArgument> outputs = op.getRegionOutputArgs();
  for (unsigned i = 0; i < outputs.size(); ++i) {
    SmallVector<Operation *> combiners;
    if (!matchReduction(outputs, i, combiners) || combiners.size() != 1)
      return std::nullopt;
    std::optional<gpu::AllReduceOperation> kind = getKind(combiners[0]);
    std::optional<TypedAttr> neutral = arith::getNeutralElement(combiners[0]);
    if (!kind || !neutral)
      return std::nullopt;
    reductions.push_back({combiners[0], *kind, *neutral});
  }
  return reductions;
}

SmallVector<Value> norm::makeNeutral(OpBuilder &builder, Location loc,
                                     const Reductions &reductions) {
  return llvm::map_to_vector(reductions, [&](const Reduction &reduction) {
    return arith::ConstantOp::create(builder, loc, reduction.neutral)
        .getResult();
  });
}

SmallVector<Value> norm::combine(OpBuilder &builder,
                                 const Reductions &reductions, ValueRange left,
                                 ValueRange right) {
  SmallVector<Value> combined;
  for (auto [reduction, a, b] : llvm::zip_equal(reductions, left, right)) {
    IRMapping mapping;
    mapping.map(reduction.combiner->getOperand(0), a);
    mapping.map(reduction.combiner->getOperand(1), b);
    combined.push_back(
        builder.clone(*reduction.combiner, mapping)->getResult(0));
  }
  return combined;
}

/// The access of `operand` at `indices`.
static Value load(OpBuilder &builder, linalg::LinalgOp op, OpOperand &operand,
                  ArrayRef<Value> indices) {
  return affine::AffineLoadOp::create(builder, op.getLoc(), operand.get(),
                                      op.getMatchingIndexingMap(&operand),
                                      indices);
}

SmallVector<Value> norm::loadOutputs(OpBuilder &builder, linalg::LinalgOp op,
                                     ArrayRef<Value> indices) {
  // Indices of reductions stand in no subscript of an output.
  SmallVector<Value> known(indices);
  Value zero;
  for (Value &index : known) {
    if (index)
      continue;
    if (!zero)
      zero = arith::ConstantIndexOp::create(builder, op.getLoc(), 0);
    index = zero;
  }
  ArrayRef<Value> loops = ArrayRef(known).take_front(op.getNumLoops());
  SmallVector<Value> values;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    if (op.payloadUsesValueFromOperand(&init)) {
      values.push_back(load(builder, op, init, loops));
      continue;
    }
    Type type = getElementTypeOrSelf(init.get());
    values.push_back(arith::ConstantOp::create(
        builder, op.getLoc(), cast<TypedAttr>(builder.getZeroAttr(type))));
  }
  return values;
}

void norm::storeOutputs(OpBuilder &builder, linalg::LinalgOp op,
                        ArrayRef<Value> indices, ValueRange values) {
  SmallVector<Value> known(indices);
  for (Value &index : known)
    if (!index)
      index = arith::ConstantIndexOp::create(builder, op.getLoc(), 0);
  for (auto [init, value] : llvm::zip_equal(op.getDpsInitsMutable(), values))
    affine::AffineStoreOp::create(builder, op.getLoc(), value, init.get(),
                                  op.getMatchingIndexingMap(&init),
                                  ArrayRef(known).take_front(op.getNumLoops()));
}

SmallVector<Value> norm::inlineBody(OpBuilder &builder, linalg::LinalgOp op,
                                    ArrayRef<Value> indices,
                                    ValueRange outputs) {
  IRMapping mapping;
  Block *body = op.getBlock();
  for (OpOperand *input : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(input);
    if (argument.use_empty())
      continue;
    mapping.map(argument, isa<MemRefType>(input->get().getType())
                              ? load(builder, op, *input, indices)
                              : input->get());
  }
  for (auto [argument, value] :
       llvm::zip_equal(op.getRegionOutputArgs(), outputs))
    mapping.map(argument, value);
  for (Operation &inner : body->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      mapping.map(index.getResult(), indices[index.getDim()]);
    else
      builder.clone(inner, mapping);
  }
  return llvm::map_to_vector(
      body->getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookupOrDefault(value); });
}
