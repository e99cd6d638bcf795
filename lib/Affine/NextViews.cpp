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

NextViews::NextViews(scf::ForOp loop, int64_t distance)
    : body(loop.getBody()), start(OpBuilder::atBlockBegin(body)),
      distance(distance) {
  auto getRange = [](scf::ForOp loop) -> Range {
    return {loop.getInductionVar(), loop.getLowerBound(), loop.getUpperBound(),
            loop.getStep()};
  };
  range = getRange(loop);
  if (auto parent = dyn_cast<scf::ForOp>(loop->getParentOp()))
    outer = getRange(parent);
}

NextViews::NextViews(scf::ParallelOp loop, Value enabled)
    : body(loop.getBody()), start(OpBuilder::atBlockBegin(body)),
      enabled(enabled),
      range{loop.getInductionVars().back(), loop.getLowerBound().back(),
            loop.getUpperBound().back(), loop.getStep().back()} {}

Value NextViews::get(Value view) {
  if (!has(view))
    return {};
  mapVariables();
  return clone(view);
}

bool NextViews::isInside(Value value) {
  return body->getParent()->isAncestor(value.getParentRegion());
}

bool NextViews::isInOuter(Value value) {
  return outer && !isInside(value) &&
         outer->variable.getParentRegion()->isAncestor(value.getParentRegion());
}

bool NextViews::isClonable(Value value) {
  if (!isInside(value) && !isInOuter(value))
    return true;
  if (isa<BlockArgument>(value))
    return value == range.variable || (outer && value == outer->variable) ||
           (value.getParentBlock() == body &&
            !isa<scf::ForOp>(body->getParentOp()));
  Operation *op = value.getDefiningOp();
  return (op->getBlock() == body || isInOuter(value)) &&
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

Value NextViews::advance(OpBuilder &builder, const Range &range,
                         int64_t distance) {
  Location loc = range.variable.getLoc();
  Value step = range.step;
  if (distance != 1)
    step = arith::MulIOp::create(
        builder, loc, step,
        arith::ConstantIndexOp::create(builder, loc, distance));
  return arith::AddIOp::create(builder, loc, range.variable, step);
}

Value NextViews::limit(OpBuilder &builder, Value value, const Range &range) {
  Location loc = value.getLoc();
  Value last =
      arith::SubIOp::create(builder, loc, range.upperBound, range.step);
  return arith::MinSIOp::create(builder, loc, value, last);
}

void NextViews::mapVariables() {
  if (mapping.contains(range.variable))
    return;
  Value next = advance(start, range, distance);
  Location loc = range.variable.getLoc();
  if (!outer) {
    next = limit(start, next, range);
    if (enabled)
      next = arith::SelectOp::create(start, loc, enabled, next, range.variable);
    return mapping.map(range.variable, next);
  }
  Value isBeyond = arith::CmpIOp::create(start, loc, arith::CmpIPredicate::sge,
                                         next, range.upperBound);
  Value wrapped = range.lowerBound;
  if (distance != 1) {
    Value length =
        arith::SubIOp::create(start, loc, range.upperBound, range.lowerBound);
    wrapped =
        limit(start, arith::SubIOp::create(start, loc, next, length), range);
  }
  mapping.map(range.variable,
              arith::SelectOp::create(start, loc, isBeyond, wrapped, next));
  Value nextOuter = limit(start, advance(start, *outer, 1), *outer);
  mapping.map(outer->variable,
              arith::SelectOp::create(start, loc, isBeyond, nextOuter,
                                      outer->variable));
}

/// Returns the result of `copy` that `value` is of the original.
static Value take(Operation *copy, Value value) {
  return copy->getResult(cast<OpResult>(value).getResultNumber());
}

Value NextViews::clone(Value value) {
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  if ((!isInside(value) && !isInOuter(value)) || isa<BlockArgument>(value))
    return value;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    mapping.map(operand, clone(operand));
  if (isInOuter(value))
    return take(start.clone(*op, mapping), value);
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  return take(builder.clone(*op, mapping), value);
}
