//===- VectorizeEmitter.cpp - Vector code for an affine loop --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces an analyzed loop by the loops of VectorizeParts.h, and its
// reductions by vector accumulators.
//
//===----------------------------------------------------------------------===//

#include "VectorizeBody.h"
#include "VectorizeParts.h"

#include "mlir/Dialect/Affine/LoopUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IntegerSet.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

/// The horizontal counterpart of a reduction.
static vector::CombiningKind getCombiningKind(arith::AtomicRMWKind kind) {
  using Kind = arith::AtomicRMWKind;
  switch (kind) {
  case Kind::addf:
  case Kind::addi:
    return vector::CombiningKind::ADD;
  case Kind::mulf:
  case Kind::muli:
    return vector::CombiningKind::MUL;
  case Kind::maximumf:
    return vector::CombiningKind::MAXIMUMF;
  case Kind::minimumf:
    return vector::CombiningKind::MINIMUMF;
  case Kind::maxnumf:
    return vector::CombiningKind::MAXNUMF;
  case Kind::minnumf:
    return vector::CombiningKind::MINNUMF;
  case Kind::maxs:
    return vector::CombiningKind::MAXSI;
  case Kind::mins:
    return vector::CombiningKind::MINSI;
  case Kind::maxu:
    return vector::CombiningKind::MAXUI;
  case Kind::minu:
    return vector::CombiningKind::MINUI;
  case Kind::andi:
    return vector::CombiningKind::AND;
  case Kind::ori:
    return vector::CombiningKind::OR;
  default:
    llvm_unreachable("the analysis accepts no other reduction");
  }
}

namespace {

/// Emits the vector code of one loop.
class Emitter {
public:
  Emitter(RewriterBase &rewriter, const VectorizableLoop &info, unsigned unroll)
      : b(rewriter), info(info), loop(info.loop), loc(loop.getLoc()),
        unroll(unroll) {}

  void run();

private:
  VectorType getVectorType(Type type) const {
    return VectorType::get(info.vectorLength, type);
  }
  SmallVector<Value> createNeutral();
  Value combine(unsigned position, ValueRange accumulators, Value init);
  AffineForOp rebuildCarrier(unsigned level, ValueRange inits);
  SmallVector<Value> emitLoop(SmallVector<Value> accumulators);
  void hoist();
  void emitPart(const LoopPart &part, SmallVectorImpl<Value> &accumulators);

  RewriterBase &b;
  const VectorizableLoop &info;
  AffineForOp loop;
  Location loc;
  unsigned unroll;

  LoopParts split;

  /// Uniform values of the loop's body that were hoisted in front of all parts.
  IRMapping hoisted;
  OuterSplats outer;

  SmallVector<AffineForOp> emittedLoops;
};

} // namespace

/// Initial accumulators, those of one reduction beside each other.
SmallVector<Value> Emitter::createNeutral() {
  SmallVector<Value> values;
  for (auto [kind, arg] :
       llvm::zip_equal(info.reductions, loop.getRegionIterArgs())) {
    TypedAttr neutral =
        arith::getIdentityValueAttr(kind, arg.getType(), b, loc);
    Value splat = arith::ConstantOp::create(
        b, loc,
        DenseElementsAttr::get(getVectorType(arg.getType()),
                               cast<Attribute>(neutral)));
    values.append(unroll, splat);
  }
  return values;
}

/// The scalar result of a reduction, by a tree that only the shape decides.
Value Emitter::combine(unsigned position, ValueRange accumulators, Value init) {
  arith::AtomicRMWKind kind = info.reductions[position];
  SmallVector<Value> level(accumulators.slice(position * unroll, unroll));
  while (level.size() > 1) {
    SmallVector<Value> next;
    for (size_t i = 0; i + 1 < level.size(); i += 2)
      next.push_back(
          arith::getReductionOp(kind, b, loc, level[i], level[i + 1]));
    if (level.size() % 2 != 0)
      next.push_back(level.back());
    level = std::move(next);
  }
  bool reassociates =
      kind == arith::AtomicRMWKind::addf || kind == arith::AtomicRMWKind::mulf;
  Value scalar =
      vector::ReductionOp::create(b, loc, getCombiningKind(kind), level.front(),
                                  reassociates ? arith::FastMathFlags::reassoc
                                               : arith::FastMathFlags::none);
  return arith::getReductionOp(kind, b, loc, init, scalar);
}

/// Replaces the scalar accumulators of a carrier by vectors that start from
/// `inits`. The vectors are its last iter_args; it yields them unchanged until
/// the caller knows better.
AffineForOp Emitter::rebuildCarrier(unsigned level, ValueRange inits) {
  AffineForOp old = info.carriers[level];
  llvm::SmallBitVector dropped(old.getNumIterOperands());
  for (unsigned position : info.carrierPositions[level])
    dropped.set(position);

  Operation *oldYield = old.getBody()->getTerminator();
  SmallVector<Value> newInits, newYields;
  SmallVector<unsigned> kept;
  llvm::BitVector droppedArgs(old.getBody()->getNumArguments());
  for (unsigned i = 0; i < dropped.size(); ++i) {
    if (dropped[i]) {
      droppedArgs.set(i + 1);
      // Only the loop inside uses it, as an init about to be dropped too.
      b.replaceAllUsesWith(old.getRegionIterArgs()[i], old.getInits()[i]);
      continue;
    }
    kept.push_back(i);
    newInits.push_back(old.getInits()[i]);
    newYields.push_back(oldYield->getOperand(i));
  }
  llvm::append_range(newInits, inits);

  b.setInsertionPoint(old);
  auto carrier =
      AffineForOp::create(b, old.getLoc(), old.getLowerBoundOperands(),
                          old.getLowerBoundMap(), old.getUpperBoundOperands(),
                          old.getUpperBoundMap(), old.getStepAsInt(), newInits);
  carrier->setDiscardableAttrs(old->getDiscardableAttrDictionary());
  // The block moves as a whole, so that its induction variable stays the value
  // that the accesses refer to.
  carrier.getRegion().takeBody(old.getRegion());
  Block *body = carrier.getBody();
  body->eraseArguments(droppedArgs);
  for (Value init : inits)
    newYields.push_back(body->addArgument(init.getType(), init.getLoc()));
  b.setInsertionPoint(oldYield);
  AffineYieldOp::create(b, oldYield->getLoc(), newYields);
  b.eraseOp(oldYield);
  for (auto [i, position] : llvm::enumerate(kept))
    b.replaceAllUsesWith(old.getResult(position), carrier.getResult(i));
  return carrier;
}

void Emitter::run() {
  if (info.maxTripCount)
    unroll =
        std::clamp<int64_t>(*info.maxTripCount / info.vectorLength, 1, unroll);

  AffineForOp outermost = info.carriers.empty() ? loop : info.carriers.back();
  ArrayRef<unsigned> positions = info.carriers.empty()
                                     ? ArrayRef<unsigned>()
                                     : info.carrierPositions.back();
  unsigned numReductions = info.reductions.size();
  SmallVector<Value> scalarInits, scalarResults;
  for (unsigned i = 0; i < numReductions; ++i) {
    unsigned position = positions.empty() ? i : positions[i];
    scalarInits.push_back(outermost.getInits()[position]);
    scalarResults.push_back(outermost.getResult(position));
  }

  b.setInsertionPoint(outermost);
  SmallVector<Value> accumulators = createNeutral();
  unsigned numVectors = accumulators.size();
  SmallVector<AffineForOp> carriers;
  for (unsigned level = info.carriers.size(); level-- > 0;) {
    carriers.push_back(rebuildCarrier(level, accumulators));
    accumulators = llvm::to_vector_of<Value>(
        carriers.back().getRegionIterArgs().take_back(numVectors));
  }

  b.setInsertionPoint(loop);
  accumulators = emitLoop(accumulators);
  for (AffineForOp carrier : llvm::reverse(carriers)) {
    Operation *yield = carrier.getBody()->getTerminator();
    b.modifyOpInPlace(yield, [&] {
      yield->setOperands(yield->getNumOperands() - numVectors, numVectors,
                         accumulators);
    });
    accumulators =
        llvm::to_vector_of<Value>(carrier.getResults().take_back(numVectors));
  }
  if (carriers.empty())
    b.setInsertionPoint(loop);
  else
    b.setInsertionPointAfter(carriers.front());
  for (unsigned i = 0; i < numReductions; ++i)
    b.replaceAllUsesWith(scalarResults[i],
                         combine(i, accumulators, scalarInits[i]));
  b.eraseOp(loop);
  for (AffineForOp old : llvm::reverse(info.carriers))
    b.eraseOp(old);
  for (AffineForOp emitted : emittedLoops)
    (void)promoteIfSingleIteration(emitted);
}

/// Emits the parts, under a guard if something that needs one moves in front of
/// them. Returns the final accumulators.
SmallVector<Value> Emitter::emitLoop(SmallVector<Value> accumulators) {
  split = splitIterations(info, unroll);
  bool needsGuard =
      llvm::any_of(loop.getBody()->without_terminator(), [&](Operation &op) {
        return op.getNumRegions() == 0 && !isPure(&op) &&
               llvm::none_of(op.getResults(),
                             [&](Value v) { return info.isVarying(v); }) &&
               !isa<AffineStoreOp>(op);
      });
  if (!needsGuard || info.tripCount) {
    hoist();
    for (const LoopPart &part : split.parts)
      emitPart(part, accumulators);
    return accumulators;
  }

  SmallVector<Value> operands = split.operands;
  IntegerSet set = IntegerSet::get(split.numDims, split.numSymbols,
                                   {split.upper - split.lower - 1}, {false});
  canonicalizeSetAndOperands(&set, &operands);
  SmallVector<Type> types =
      llvm::map_to_vector(accumulators, [](Value v) { return v.getType(); });
  auto guard = AffineIfOp::create(b, loc, types, set, operands,
                                  /*withElseRegion=*/!types.empty());
  outer.anchor = guard;
  auto yield = [&](Block *block) {
    if (types.empty())
      return;
    b.setInsertionPointToEnd(block);
    AffineYieldOp::create(b, loc, accumulators);
  };
  if (!types.empty())
    yield(guard.getElseBlock());
  b.setInsertionPointToStart(guard.getThenBlock());
  hoist();
  for (const LoopPart &part : split.parts)
    emitPart(part, accumulators);
  yield(guard.getThenBlock());
  return llvm::to_vector_of<Value>(guard.getResults());
}

/// Emits the uniform ops of the loop's body that depend on nothing that stays
/// inside.
void Emitter::hoist() {
  for (Operation &op : loop.getBody()->without_terminator()) {
    if (op.getNumRegions() != 0 || isa<AffineStoreOp>(op) ||
        info.absorbed.contains(&op) ||
        llvm::any_of(op.getResults(),
                     [&](Value v) { return info.isVarying(v); }) ||
        llvm::any_of(op.getOperands(), [&](Value v) {
          return isDefinedIn(v, loop) && !hoisted.contains(v);
        }))
      continue;
    Operation *clone = b.clone(op, hoisted);
    if (!outer.anchor)
      outer.anchor = clone;
  }
}

void Emitter::emitPart(const LoopPart &part,
                       SmallVectorImpl<Value> &accumulators) {
  unsigned copies = part.copies;
  SmallVector<Value> inits;
  for (unsigned i = 0; i < info.reductions.size(); ++i)
    llvm::append_range(inits, ArrayRef(accumulators).slice(i * unroll, copies));
  AffineMap lowerMap = simplifyAffineMap(part.lower);
  AffineMap upperMap = simplifyAffineMap(part.upper);
  SmallVector<Value> lowerOperands = split.operands;
  SmallVector<Value> upperOperands = split.operands;
  canonicalizeMapAndOperands(&lowerMap, &lowerOperands);
  canonicalizeMapAndOperands(&upperMap, &upperOperands);
  auto strip = AffineForOp::create(b, loc, lowerOperands, lowerMap,
                                   upperOperands, upperMap, part.step, inits);
  emittedLoops.push_back(strip);
  if (!outer.anchor)
    outer.anchor = strip;

  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(strip.getBody());
  Value iv = strip.getInductionVar();
  // What is shorter has splats of its own.
  bool isShort = part.lanes != info.vectorLength;
  VectorizableLoop shortInfo;
  OuterSplats shortSplats;
  if (isShort) {
    shortInfo = info;
    shortInfo.vectorLength = part.lanes;
    shortSplats.anchor = strip;
  }
  BodyEmitter body(b, isShort ? shortInfo : info, copies, hoisted,
                   isShort ? shortSplats : outer);
  body.mapUniform(loop.getInductionVar(), iv);
  for (auto [i, arg] : llvm::enumerate(loop.getRegionIterArgs()))
    body.mapVarying(arg,
                    llvm::to_vector_of<Value>(
                        strip.getRegionIterArgs().slice(i * copies, copies)));
  Value mask;
  if (part.masked) {
    SmallVector<OpFoldResult> operands(split.operands.begin(),
                                       split.operands.begin() + split.numDims);
    operands.push_back(iv);
    operands.append(split.operands.begin() + split.numDims,
                    split.operands.end());
    AffineMap rest =
        AffineMap::get(split.numDims + 1, split.numSymbols,
                       split.upper - b.getAffineDimExpr(split.numDims));
    Value active = makeComposedAffineApply(b, loc, rest, operands);
    mask = vector::CreateMaskOp::create(b, loc, getVectorType(b.getI1Type()),
                                        active);
  }

  body.setMask(mask);
  body.emitBlock(loop.getBody());

  SmallVector<Value> yields;
  Operation *yield = loop.getBody()->getTerminator();
  for (unsigned i = 0; i < info.reductions.size(); ++i) {
    for (unsigned copy = 0; copy < copies; ++copy) {
      Value next = body.getVector(yield->getOperand(i), copy);
      // Lanes beyond the end keep what they have.
      if (mask)
        next = arith::SelectOp::create(
            b, loc, mask, next,
            body.getVector(loop.getRegionIterArgs()[i], copy));
      yields.push_back(next);
      accumulators[i * unroll + copy] = strip.getResult(i * copies + copy);
    }
  }
  if (!yields.empty())
    AffineYieldOp::create(b, loc, yields);
}

void mlir::norm::vectorizeLoop(RewriterBase &rewriter,
                               const VectorizableLoop &info, unsigned unroll) {
  Emitter(rewriter, info, unroll).run();
}
