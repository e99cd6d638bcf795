//===- AccessUtils.cpp - Memory accesses of affine loops ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AccessUtils.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include <numeric>

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

AffineAccess::AffineAccess(Value memref, AffineMap map, ValueRange operands)
    : memref(memref), map(map), operands(operands) {
  affine::fullyComposeAffineMapAndOperands(&this->map, &this->operands);
  this->map = simplifyAffineMap(this->map);
  affine::canonicalizeMapAndOperands(&this->map, &this->operands);
}

AffineAccess AffineAccess::get(affine::AffineReadOpInterface op) {
  return AffineAccess(op.getMemRef(), op.getAffineMap(), op.getMapOperands());
}

AffineAccess AffineAccess::get(affine::AffineWriteOpInterface op) {
  return AffineAccess(op.getMemRef(), op.getAffineMap(), op.getMapOperands());
}

Value mlir::norm::getBufferRoot(Value memref) {
  while (Operation *def = memref.getDefiningOp()) {
    if (auto view = dyn_cast<ViewLikeOpInterface>(def)) {
      // An op may view one operand and have further results, such as the
      // sizes that extract_strided_metadata returns.
      if (view.getViewDest() == memref) {
        memref = view.getViewSource();
        continue;
      }
    }
    // The same memory with elements of another type.
    if (auto cast = dyn_cast<UnrealizedConversionCastOp>(def);
        cast && cast.getNumOperands() == 1 &&
        isa<BaseMemRefType>(cast.getOperand(0).getType())) {
      memref = cast.getOperand(0);
      continue;
    }
    if (auto metadata = dyn_cast<memref::ExtractStridedMetadataOp>(def)) {
      memref = metadata.getSource();
      continue;
    }
    break;
  }
  return memref;
}

/// True if `root` is a buffer of its own: nothing that may be one of several
/// others, such as a select, a loop-carried memref or the result of an scf.if.
static bool isDistinctBuffer(Value root) {
  Operation *def = root.getDefiningOp();
  if (!def)
    return isa<FunctionOpInterface>(
               cast<BlockArgument>(root).getOwner()->getParentOp()) &&
           cast<BlockArgument>(root).getOwner()->isEntryBlock();
  for (Value operand : def->getOperands())
    if (isa<BaseMemRefType>(operand.getType()))
      return false;
  return def->getNumRegions() == 0;
}

bool mlir::norm::mayAlias(Value a, Value b) {
  Value rootA = getBufferRoot(a);
  Value rootB = getBufferRoot(b);
  if (rootA == rootB)
    return true;
  auto globalA = rootA.getDefiningOp<memref::GetGlobalOp>();
  auto globalB = rootB.getDefiningOp<memref::GetGlobalOp>();
  if (globalA && globalB)
    return globalA.getName() == globalB.getName();
  return !isDistinctBuffer(rootA) || !isDistinctBuffer(rootB);
}

void mlir::norm::getEffectsOn(Operation *op, Value memref, bool &reads,
                              bool &writes) {
  reads = writes = false;
  auto interface = dyn_cast<MemoryEffectOpInterface>(op);
  if (!interface) {
    // The regions of such an op are somebody else's question.
    if (op->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
      return;
    reads = writes = true;
    return;
  }
  SmallVector<MemoryEffects::EffectInstance> effects;
  interface.getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects) {
    if (!isa<MemoryEffects::Read, MemoryEffects::Write, MemoryEffects::Free>(
            effect.getEffect()))
      continue;
    Value value = effect.getValue();
    if (value && isa<BaseMemRefType>(value.getType()) &&
        !mayAlias(value, memref))
      continue;
    if (isa<MemoryEffects::Read>(effect.getEffect()))
      reads = true;
    else
      writes = true;
  }
}

bool mlir::norm::isDefinedIn(Value value, Operation *loop) {
  return loop->isAncestor(value.getParentBlock()->getParentOp());
}

static int64_t getDivisor(Value value);

int64_t mlir::norm::getKnownDivisor(AffineExpr expr, unsigned numDims,
                                    ValueRange operands) {
  auto recurse = [&](AffineExpr e) {
    return getKnownDivisor(e, numDims, operands);
  };
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return std::abs(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return getDivisor(operands[dim.getPosition()]);
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return getDivisor(operands[numDims + symbol.getPosition()]);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t lhs = recurse(binary.getLHS()), rhs = recurse(binary.getRHS());
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return std::gcd(lhs, rhs);
  case AffineExprKind::Mul:
    // Divisors beyond any alignment are of no use and might overflow.
    return std::gcd(lhs, int64_t(1) << 20) * std::gcd(rhs, int64_t(1) << 20);
  case AffineExprKind::Mod:
    return std::gcd(lhs, rhs);
  default:
    return 1;
  }
}

/// A number that divides every value that `value` takes.
static int64_t getDivisor(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return std::abs(*constant);
  auto arg = dyn_cast<BlockArgument>(value);
  if (!arg)
    return 1;
  Operation *parent = arg.getOwner()->getParentOp();
  if (auto loop = dyn_cast<AffineForOp>(parent)) {
    if (value != loop.getInductionVar())
      return 1;
    int64_t divisor = loop.getStepAsInt();
    AffineMap map = loop.getLowerBoundMap();
    for (AffineExpr bound : map.getResults())
      divisor =
          std::gcd(divisor, getKnownDivisor(bound, map.getNumDims(),
                                            loop.getLowerBoundOperands()));
    return divisor;
  }
  if (!isa<scf::ForOp, scf::ParallelOp, scf::ForallOp>(parent))
    return 1;
  auto loop = cast<LoopLikeOpInterface>(parent);
  auto ivs = *loop.getLoopInductionVars();
  auto lowers = *loop.getLoopLowerBounds();
  auto steps = *loop.getLoopSteps();
  for (auto [iv, lower, step] : llvm::zip_equal(ivs, lowers, steps)) {
    std::optional<int64_t> lowerValue = getConstantIntValue(lower);
    std::optional<int64_t> stepValue = getConstantIntValue(step);
    if (iv == value && lowerValue && stepValue)
      return std::gcd(*lowerValue, *stepValue);
  }
  return 1;
}
