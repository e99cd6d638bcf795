//===- VectorizeBody.cpp - Vector code for a loop's body ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorizeBody.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

/// Emits a block: between nested loops the copies one after the other, which
/// keeps few vectors alive; nested loops once with all copies.
void BodyEmitter::emitBlock(Block *block) {
  auto isUniform = [&](Operation &op) {
    return !isa<AffineStoreOp>(op) &&
           llvm::none_of(op.getResults(),
                         [&](Value v) { return info.isVarying(v); });
  };
  auto it = block->begin(), end = std::prev(block->end());
  while (it != end) {
    if (auto inner = dyn_cast<AffineForOp>(*it)) {
      emitNested(inner);
      ++it;
      continue;
    }
    auto last = std::find_if(it, end, llvm::IsaPred<AffineForOp>);
    for (unsigned copy = 0; copy < copies; ++copy) {
      for (Operation &op : llvm::make_range(it, last)) {
        if (info.absorbed.contains(&op))
          continue;
        if (!isUniform(op))
          emitVarying(&op, copy);
        else if (copy == 0 &&
                 !(op.getNumResults() && scalars.contains(op.getResult(0))))
          b.clone(op, scalars);
      }
    }
    it = last;
  }
}

/// The access of one copy, in terms of the emitted values.
AffineAccess BodyEmitter::getAccess(Operation *op, unsigned copy) {
  AffineAccess access = info.accesses.lookup(op);
  unsigned last = access.map.getNumResults() - 1;
  SmallVector<AffineExpr> subscripts(access.map.getResults());
  subscripts[last] = subscripts[last] + int64_t(copy) * info.vectorLength;
  access.map =
      AffineMap::get(access.map.getNumDims(), access.map.getNumSymbols(),
                     subscripts, b.getContext());
  access.memref = scalars.lookupOrDefault(access.memref);
  for (Value &operand : access.operands)
    operand = scalars.lookupOrDefault(operand);
  return access;
}

SmallVector<Value> BodyEmitter::getIndices(Location loc,
                                           const AffineAccess &access) {
  SmallVector<OpFoldResult> operands(access.operands.begin(),
                                     access.operands.end());
  SmallVector<Value> indices;
  for (unsigned i = 0; i < access.map.getNumResults(); ++i)
    indices.push_back(
        makeComposedAffineApply(b, loc, access.map.getSubMap({i}), operands));
  return indices;
}

/// Loads the elements of one copy one by one.
Value BodyEmitter::gather(AffineLoadOp load, unsigned copy) {
  AffineAccess access = info.accesses.lookup(load);
  AffineForOp loop = info.loop;
  unsigned position = llvm::find(access.operands, loop.getInductionVar()) -
                      access.operands.begin();
  unsigned numDims = access.map.getNumDims();
  AffineExpr index = position < numDims
                         ? b.getAffineDimExpr(position)
                         : b.getAffineSymbolExpr(position - numDims);
  for (Value &operand : access.operands)
    operand = scalars.lookupOrDefault(operand);
  SmallVector<Value> elements;
  for (int64_t lane : llvm::seq(info.vectorLength)) {
    AffineMap map =
        access.map.replace(index, index + (copy * info.vectorLength + lane),
                           numDims, access.map.getNumSymbols());
    elements.push_back(AffineLoadOp::create(
        b, load.getLoc(), scalars.lookupOrDefault(access.memref), map,
        access.operands));
  }
  return vector::FromElementsOp::create(
      b, load.getLoc(), getVectorType(load.getType()), elements);
}

/// Emits the vector form of a load, a store or an elementwise op.
void BodyEmitter::emitVarying(Operation *op, unsigned copy) {
  if (auto load = dyn_cast<AffineLoadOp>(op)) {
    AffineAccess access = getAccess(op, copy);
    VectorType type = getVectorType(load.getType());
    Value result;
    if (info.gathers.contains(op)) {
      result = gather(load, copy);
    } else if (mask) {
      Value zero =
          arith::ConstantOp::create(b, op->getLoc(), b.getZeroAttr(type));
      result = vector::MaskedLoadOp::create(
          b, op->getLoc(), type, access.memref,
          getIndices(op->getLoc(), access), mask, zero);
    } else {
      result = AffineVectorLoadOp::create(b, op->getLoc(), type, access.memref,
                                          access.map, access.operands);
    }
    vectors[load.getResult()].push_back(result);
    return;
  }
  if (auto store = dyn_cast<AffineStoreOp>(op)) {
    Value value = getVector(store.getValueToStore(), copy);
    AffineAccess access = getAccess(op, copy);
    if (mask)
      vector::MaskedStoreOp::create(b, op->getLoc(), access.memref,
                                    getIndices(op->getLoc(), access), mask,
                                    value);
    else
      AffineVectorStoreOp::create(b, op->getLoc(), value, access.memref,
                                  access.map, access.operands);
    return;
  }
  OperationState state(op->getLoc(), op->getName());
  for (Value operand : op->getOperands())
    state.operands.push_back(getVector(operand, copy));
  for (Type type : op->getResultTypes())
    state.types.push_back(getVectorType(type));
  state.attributes = op->getAttrs();
  Operation *created = b.create(state);
  for (auto [from, to] :
       llvm::zip_equal(op->getResults(), created->getResults()))
    vectors[from].push_back(to);
}

/// Emits a nested loop; what varies in its iter_args becomes `copies` vectors.
void BodyEmitter::emitNested(AffineForOp inner) {
  auto mapped = [&](ValueRange values) {
    return llvm::map_to_vector(
        values, [&](Value v) { return scalars.lookupOrDefault(v); });
  };
  auto expand = [&](ValueRange values) {
    SmallVector<Value> expanded;
    for (auto [arg, value] :
         llvm::zip_equal(inner.getRegionIterArgs(), values)) {
      if (!info.isVarying(arg)) {
        expanded.push_back(scalars.lookupOrDefault(value));
        continue;
      }
      for (unsigned copy = 0; copy < copies; ++copy)
        expanded.push_back(getVector(value, copy));
    }
    return expanded;
  };
  auto assign = [&](ValueRange originals, ValueRange emitted) {
    for (Value original : originals) {
      unsigned count = info.isVarying(original) ? copies : 1;
      if (info.isVarying(original))
        vectors[original] =
            llvm::to_vector_of<Value>(emitted.take_front(count));
      else
        scalars.map(original, emitted.front());
      emitted = emitted.drop_front(count);
    }
  };

  auto nested = AffineForOp::create(
      b, inner.getLoc(), mapped(inner.getLowerBoundOperands()),
      inner.getLowerBoundMap(), mapped(inner.getUpperBoundOperands()),
      inner.getUpperBoundMap(), inner.getStepAsInt(), expand(inner.getInits()));
  scalars.map(inner.getInductionVar(), nested.getInductionVar());
  assign(inner.getRegionIterArgs(), nested.getRegionIterArgs());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(nested.getBody());
    emitBlock(inner.getBody());
    SmallVector<Value> yields =
        expand(inner.getBody()->getTerminator()->getOperands());
    if (!yields.empty())
      AffineYieldOp::create(b, inner.getLoc(), yields);
  }
  assign(inner.getResults(), nested.getResults());
}

/// The vector of one copy for `value`: a splat if the value is uniform.
Value BodyEmitter::getVector(Value value, unsigned copy) {
  if (info.isVarying(value))
    return vectors[value][copy];
  bool isOuter = !isDefinedIn(value, info.loop);
  Value &splat = (isOuter ? outer.splats : splats)[value];
  if (splat)
    return splat;

  OpBuilder::InsertionGuard guard(b);
  Value scalar = scalars.lookupOrDefault(value);
  if (isOuter)
    b.setInsertionPoint(outer.anchor);
  else
    b.setInsertionPointAfterValue(scalar);
  Location loc = scalar.getLoc();
  VectorType type = getVectorType(value.getType());
  Attribute constant;
  if (matchPattern(scalar, m_Constant(&constant)))
    splat = arith::ConstantOp::create(b, loc,
                                      DenseElementsAttr::get(type, constant));
  else
    splat = vector::BroadcastOp::create(b, loc, type, scalar);
  return splat;
}
