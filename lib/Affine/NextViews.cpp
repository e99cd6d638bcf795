//===- NextViews.cpp - what the next iteration reads ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NextViews.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::affine;
using norm::NextViews;

NextViews::NextViews(scf::ForOp loop) : body(loop.getBody()) {
  auto getRange = [](scf::ForOp loop) -> Range {
    return {loop.getInductionVar(), loop.getLowerBound(), loop.getUpperBound(),
            loop.getStep()};
  };
  range = getRange(loop);
  if (auto parent = dyn_cast<scf::ForOp>(loop->getParentOp()))
    outer = getRange(parent);
}

NextViews::NextViews(scf::ParallelOp loop)
    : body(loop.getBody()),
      range{loop.getInductionVars().back(), loop.getLowerBound().back(),
            loop.getUpperBound().back(), loop.getStep().back()} {}

Value NextViews::get(Value view) {
  if (!isClonable(view) || !dependsOnLoop(view))
    return {};
  mapVariables();
  return clone(view);
}

bool NextViews::isInside(Value value) {
  return body->getParent()->isAncestor(value.getParentRegion());
}

bool NextViews::isClonable(Value value) {
  if (!isInside(value))
    // What the outer loop computes would have to be computed anew.
    return !outer || value == outer->variable ||
           !body->getParentOp()->getParentRegion()->isAncestor(
               value.getParentRegion());
  if (isa<BlockArgument>(value))
    return value == range.variable || (value.getParentBlock() == body &&
                                       !isa<scf::ForOp>(body->getParentOp()));
  Operation *op = value.getDefiningOp();
  return op->getBlock() == body &&
         isa<ViewLikeOpInterface, AffineApplyOp, AffineMinOp, arith::AddIOp,
             arith::MulIOp>(op) &&
         llvm::all_of(op->getOperands(),
                      [&](Value operand) { return isClonable(operand); });
}

bool NextViews::dependsOnLoop(Value value) {
  if (value == range.variable)
    return true;
  Operation *op = isInside(value) ? value.getDefiningOp() : nullptr;
  return op && llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOnLoop(operand);
         });
}

Value NextViews::makeNext(OpBuilder &builder, const Range &range) {
  Location loc = range.variable.getLoc();
  Value next = arith::AddIOp::create(builder, loc, range.variable, range.step);
  Value last =
      arith::SubIOp::create(builder, loc, range.upperBound, range.step);
  return arith::MinSIOp::create(builder, loc, next, last);
}

void NextViews::mapVariables() {
  if (mapping.contains(range.variable))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(body);
  if (!outer)
    return mapping.map(range.variable, makeNext(builder, range));
  Location loc = range.variable.getLoc();
  Value next = arith::AddIOp::create(builder, loc, range.variable, range.step);
  Value isLast = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge,
                                       next, range.upperBound);
  mapping.map(range.variable, arith::SelectOp::create(builder, loc, isLast,
                                                      range.lowerBound, next));
  Value nextOuter = makeNext(builder, *outer);
  mapping.map(outer->variable,
              arith::SelectOp::create(builder, loc, isLast, nextOuter,
                                      outer->variable));
}

Value NextViews::clone(Value value) {
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  if (!isInside(value) || isa<BlockArgument>(value))
    return value;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    mapping.map(operand, clone(operand));
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  Operation *copy = builder.clone(*op, mapping);
  return copy->getResult(cast<OpResult>(value).getResultNumber());
}

void norm::prefetchLike(AffineVectorLoadOp load, Value memref,
                        CacheLevel level) {
  OpBuilder builder(load);
  AffinePrefetchOp::create(builder, load.getLoc(), memref, load.getMap(),
                           SmallVector<Value>(load.getMapOperands()),
                           /*isWrite=*/false,
                           /*localityHint=*/level == CacheLevel::First ? 3 : 2,
                           /*isDataCache=*/true);
}
