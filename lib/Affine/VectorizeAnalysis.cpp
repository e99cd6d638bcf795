//===- VectorizeAnalysis.cpp - What makes a loop vectorizable -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorizeAnalysis.h"

#include "TripCount.h"

#include "mlir/Dialect/Affine/IR/AffineValueMap.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Debug.h"

#define DEBUG_TYPE "norm-affine-vectorize"

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

/// Says why the loop stays as it is.
static LogicalResult reject(Operation *op, const char *reason) {
  LLVM_DEBUG(llvm::dbgs() << "not vectorized, " << reason << ": " << *op
                          << "\n");
  return failure();
}

namespace {

/// The state of analyzing one loop.
class Analyzer {
public:
  Analyzer(AffineForOp loop, unsigned vectorBits, bool isMarked)
      : iv(loop.getInductionVar()), vectorBits(vectorBits), isMarked(isMarked) {
    info.loop = loop;
  }

  LogicalResult run();

  VectorizableLoop info;

private:
  LogicalResult classify(Block *block);
  LogicalResult classify(Operation *op);
  LogicalResult classify(AffineForOp inner);
  LogicalResult checkContiguous(Operation *op,
                                const AffineAccess &access) const;
  LogicalResult classifyAccess(Operation *op, const AffineAccess &access,
                               bool isStore, Value element);
  LogicalResult checkMemory();
  LogicalResult matchReductions();
  void findCarriers();
  LogicalResult chooseVectorLength();

  /// Marks `value` as varying.
  void setVarying(Value value) { changed |= info.varying.insert(value).second; }

  /// True for the loop's variable and what affine.apply computes from it.
  bool isIndexOfLoop(Value value) const {
    return value == iv || info.absorbed.contains(value.getDefiningOp());
  }

  /// The last subscript of `access` without the loop's variable, as a map of
  /// one result; its memref is left out.
  AffineAccess getColumn(const AffineAccess &access) const;

  Value iv;
  unsigned vectorBits;
  bool isMarked;
  bool changed = false;
};

} // namespace

/// The subscript minus `dim`.
static AffineExpr withoutDim(AffineMap map, AffineExpr expr, unsigned dim) {
  return simplifyAffineExpr(expr - getAffineDimExpr(dim, expr.getContext()),
                            map.getNumDims(), map.getNumSymbols());
}

AffineAccess Analyzer::getColumn(const AffineAccess &access) const {
  unsigned dim = llvm::find(access.operands, iv) - access.operands.begin();
  AffineMap map = access.map;
  AffineExpr column =
      withoutDim(map, map.getResult(map.getNumResults() - 1), dim);
  return AffineAccess(
      Value(), AffineMap::get(map.getNumDims(), map.getNumSymbols(), column),
      access.operands);
}

LogicalResult Analyzer::checkContiguous(Operation *op,
                                        const AffineAccess &access) const {
  AffineMap map = access.map;
  unsigned dim = llvm::find(access.operands, iv) - access.operands.begin();
  unsigned last = map.getNumResults() - 1;
  if (dim >= map.getNumDims())
    return reject(op, "loop variable as a symbol");
  for (unsigned i = 0; i < last; ++i)
    if (map.getResult(i).isFunctionOfDim(dim))
      return reject(op, "loop variable outside the last subscript");
  if (withoutDim(map, map.getResult(last), dim).isFunctionOfDim(dim))
    return reject(op, "coefficient of the loop variable is not 1");
  auto type = cast<MemRefType>(access.memref.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) || strides.back() != 1)
    return reject(op, "last stride is not 1");
  return success();
}

LogicalResult Analyzer::classifyAccess(Operation *op,
                                       const AffineAccess &access, bool isStore,
                                       Value element) {
  info.accesses[op] = access;
  for (Value operand : access.operands)
    if (operand != iv && isIndexOfLoop(operand))
      return reject(op, "subscript does not compose");
  if (access.isInvariantIn(iv))
    return isStore ? reject(op, "store to an invariant address") : success();

  // A memref of vectors would need vectors of vectors, and a vector of i1 is
  // packed where a memref of i1 is not; norm-affine-widen-booleans helps there.
  if (!element.getType().isIntOrFloat() ||
      element.getType().getIntOrFloatBitWidth() % 8 != 0)
    return reject(op, "element type");
  if (failed(checkContiguous(op, access))) {
    if (isStore || !isMarked)
      return failure();
    info.gathers.insert(op);
  }
  if (!isStore)
    setVarying(element);
  return success();
}

LogicalResult Analyzer::classify(AffineForOp inner) {
  for (Value bound : inner.getControlOperands())
    if (isIndexOfLoop(bound) || info.isVarying(bound))
      return reject(inner, "bounds of a nested loop depend on the loop");
  auto yield = cast<AffineYieldOp>(inner.getBody()->getTerminator());
  auto carry = [&] {
    for (auto [init, arg, next, result] :
         llvm::zip_equal(inner.getInits(), inner.getRegionIterArgs(),
                         yield.getOperands(), inner.getResults())) {
      if (info.isVarying(init) || info.isVarying(next) || info.isVarying(arg)) {
        setVarying(arg);
        setVarying(result);
      }
    }
  };
  carry();
  if (failed(classify(inner.getBody())))
    return failure();
  carry();
  return success();
}

LogicalResult Analyzer::classify(Operation *op) {
  if (auto inner = dyn_cast<AffineForOp>(op))
    return classify(inner);
  if (auto load = dyn_cast<AffineLoadOp>(op))
    return classifyAccess(op,
                          AffineAccess::get(cast<AffineReadOpInterface>(op)),
                          /*isStore=*/false, load.getResult());
  if (auto store = dyn_cast<AffineStoreOp>(op))
    return classifyAccess(op,
                          AffineAccess::get(cast<AffineWriteOpInterface>(op)),
                          /*isStore=*/true, store.getValueToStore());
  if (auto apply = dyn_cast<AffineApplyOp>(op)) {
    // The composed accesses absorb it; any other use of it is rejected below.
    if (llvm::any_of(apply.getOperands(),
                     [&](Value v) { return isIndexOfLoop(v); }))
      info.absorbed.insert(op);
    return success();
  }
  if (llvm::any_of(op->getOperands(),
                   [&](Value v) { return isIndexOfLoop(v); }))
    return reject(op, "loop variable used as a value");
  if (op->getNumRegions() != 0 || !isMemoryEffectFree(op))
    return reject(op, "unknown memory effects or control flow");
  if (llvm::none_of(op->getOperands(),
                    [&](Value v) { return info.isVarying(v); }))
    return success();

  // Lanes outside the mask compute too, so the op must never trap.
  if (!OpTrait::hasElementwiseMappableTraits(op) || !isPure(op))
    return reject(op, "not elementwise");
  for (Type type :
       llvm::concat<const Type>(llvm::to_vector(op->getOperandTypes()),
                                llvm::to_vector(op->getResultTypes())))
    if (!type.isIntOrFloat())
      return reject(op, "not a scalar");
  for (Value result : op->getResults())
    setVarying(result);
  return success();
}

LogicalResult Analyzer::classify(Block *block) {
  for (Operation &op : block->without_terminator())
    if (failed(classify(&op)))
      return failure();
  return success();
}

/// Iterations must not meet in memory: all accesses to a buffer that is stored
/// to go through one memref, defined outside, and stay in one column, whose
/// position relative to the loop's variable is the same for the whole loop.
LogicalResult Analyzer::checkMemory() {
  for (auto &[storeOp, store] : info.accesses) {
    if (!isa<AffineStoreOp>(storeOp))
      continue;
    AffineAccess column = getColumn(store);
    if (isDefinedIn(store.memref, info.loop) ||
        llvm::any_of(column.operands,
                     [&](Value v) { return isDefinedIn(v, info.loop); }))
      return reject(storeOp, "iterations may store to the same place");
    for (auto &[op, access] : info.accesses) {
      if (!mayAlias(access.memref, store.memref))
        continue;
      if (access.memref != store.memref || access.isInvariantIn(iv) ||
          !(getColumn(access) == column))
        return reject(op, "may overlap a store of another iteration");
    }
  }
  return success();
}

/// The kind of reduction that `op` does on the accumulator at `operand`.
static std::optional<arith::AtomicRMWKind> getKind(OpOperand &operand) {
  using Kind = arith::AtomicRMWKind;
  Operation *op = operand.getOwner();
  // acc - x sums like acc + (-x); an fma adds to its third operand.
  if (isa<arith::SubFOp, arith::SubIOp>(op) && operand.getOperandNumber() != 0)
    return {};
  if (isa<math::FmaOp>(op) && operand.getOperandNumber() != 2)
    return {};
  return llvm::TypeSwitch<Operation *, std::optional<Kind>>(op)
      .Case<arith::AddFOp, arith::SubFOp, math::FmaOp>(
          [](auto) { return Kind::addf; })
      .Case<arith::AddIOp, arith::SubIOp>([](auto) { return Kind::addi; })
      .Case([](arith::MulFOp) { return Kind::mulf; })
      .Case([](arith::MulIOp) { return Kind::muli; })
      .Case([](arith::MaximumFOp) { return Kind::maximumf; })
      .Case([](arith::MinimumFOp) { return Kind::minimumf; })
      .Case([](arith::MaxNumFOp) { return Kind::maxnumf; })
      .Case([](arith::MinNumFOp) { return Kind::minnumf; })
      .Case([](arith::MaxSIOp) { return Kind::maxs; })
      .Case([](arith::MinSIOp) { return Kind::mins; })
      .Case([](arith::MaxUIOp) { return Kind::maxu; })
      .Case([](arith::MinUIOp) { return Kind::minu; })
      .Case([](arith::AndIOp) { return Kind::andi; })
      .Case([](arith::OrIOp) { return Kind::ori; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Follows the accumulator at `position` of `loop` through its only uses to the
/// yield. Upstream's matchReduction does not know fma, nor nested loops.
static std::optional<arith::AtomicRMWKind> matchReduction(AffineForOp loop,
                                                          unsigned position) {
  std::optional<arith::AtomicRMWKind> kind;
  Value value = loop.getRegionIterArgs()[position];
  while (value.hasOneUse()) {
    OpOperand &use = *value.use_begin();
    Operation *user = use.getOwner();
    if (user->getBlock() != loop.getBody())
      return {};
    if (isa<AffineYieldOp>(user))
      return use.getOperandNumber() == position ? kind : std::nullopt;
    std::optional<arith::AtomicRMWKind> next;
    if (auto inner = dyn_cast<AffineForOp>(user)) {
      unsigned first = inner->getNumOperands() - inner.getNumIterOperands();
      if (use.getOperandNumber() < first)
        return {};
      next = matchReduction(inner, use.getOperandNumber() - first);
      value = inner.getResult(use.getOperandNumber() - first);
    } else {
      next = getKind(use);
      if (next)
        value = user->getResult(0);
    }
    if (!next || (kind && *kind != *next))
      return {};
    kind = next;
  }
  return {};
}

LogicalResult Analyzer::matchReductions() {
  for (unsigned i = 0; i < info.loop.getNumIterOperands(); ++i) {
    std::optional<arith::AtomicRMWKind> kind = matchReduction(info.loop, i);
    if (!kind)
      return reject(info.loop, "loop-carried value is not a reduction");
    info.reductions.push_back(*kind);
  }
  return success();
}

void Analyzer::findCarriers() {
  if (info.reductions.empty())
    return;
  for (AffineForOp current = info.loop;;) {
    auto parent = dyn_cast<AffineForOp>(current->getParentOp());
    if (!parent)
      return;
    SmallVector<unsigned> positions =
        info.carriers.empty()
            ? llvm::to_vector(llvm::seq<unsigned>(info.reductions.size()))
            : info.carrierPositions.back();
    for (unsigned &position : positions) {
      auto arg = dyn_cast<BlockArgument>(current.getInits()[position]);
      Value result = current.getResult(position);
      if (!arg || arg.getOwner() != parent.getBody() ||
          arg.getArgNumber() == 0 || !arg.hasOneUse() || !result.hasOneUse())
        return;
      OpOperand &use = *result.use_begin();
      if (use.getOwner() != parent.getBody()->getTerminator() ||
          use.getOperandNumber() != arg.getArgNumber() - 1)
        return;
      position = use.getOperandNumber();
    }
    info.carriers.push_back(parent);
    info.carrierPositions.push_back(std::move(positions));
    current = parent;
  }
}

LogicalResult Analyzer::chooseVectorLength() {
  SmallVector<Type> types = llvm::map_to_vector(
      info.varying, [](Value value) { return value.getType(); });
  for (auto &[op, access] : info.accesses)
    if (isa<AffineStoreOp>(op))
      types.push_back(
          cast<MemRefType>(access.memref.getType()).getElementType());
  unsigned floatWidth = 0, intWidth = 0;
  for (Type type : types) {
    if (isa<FloatType>(type) && !type.isF16() && !type.isBF16() &&
        !type.isF32() && !type.isF64())
      return reject(info.loop, "float type");
    unsigned width = type.getIntOrFloatBitWidth();
    (isa<FloatType>(type) ? floatWidth : intWidth) =
        std::max(isa<FloatType>(type) ? floatWidth : intWidth, width);
  }
  unsigned width = floatWidth ? floatWidth : intWidth;
  info.vectorLength = vectorBits / std::max(width, 8u);
  if (isMarked) {
    if (!info.tripCount)
      return reject(info.loop, "number of iterations is not known");
    info.vectorLength = *info.tripCount;
  }
  if (info.vectorLength < 2)
    return reject(info.loop, "vectors of one element");
  return success();
}

LogicalResult Analyzer::run() {
  AffineForOp loop = info.loop;
  if (loop.getStepAsInt() != 1)
    return reject(loop, "step is not 1");
  if (loop.getLowerBoundMap().getNumResults() != 1 ||
      loop.getUpperBoundMap().getNumResults() != 1)
    return reject(loop, "bounds of several expressions");
  AffineValueMap count = getTripCount(loop);
  if (auto constant = dyn_cast<AffineConstantExpr>(count.getResult(0)))
    info.tripCount = constant.getValue();
  info.maxTripCount = info.tripCount ? info.tripCount : getMaximum(count);
  info.hasShortInnerLoops = hasShortInnerLoops(loop);
  if (info.maxTripCount && *info.maxTripCount <= 1)
    return reject(loop, "at most one iteration");

  for (BlockArgument arg : loop.getRegionIterArgs()) {
    if (!arg.getType().isIntOrFloat())
      return reject(loop, "type of a loop-carried value");
    setVarying(arg);
  }
  // What a nested loop carries may turn out to vary only at its end.
  do {
    changed = false;
    if (failed(classify(loop.getBody())))
      return failure();
  } while (changed);
  for (Value value : info.varying)
    if (!value.getType().isIntOrFloat())
      return reject(loop, "type of a value that varies");
  if (llvm::none_of(info.accesses, [&](const auto &entry) {
        return !entry.second.isInvariantIn(iv) &&
               !info.gathers.contains(entry.first);
      }))
    return reject(loop, "no contiguous access");

  if ((!isMarked && failed(checkMemory())) || failed(matchReductions()) ||
      failed(chooseVectorLength()))
    return failure();
  findCarriers();
  return success();
}

FailureOr<VectorizableLoop>
mlir::norm::analyzeLoop(AffineForOp loop, unsigned vectorBits, bool isMarked) {
  Analyzer analyzer(loop, vectorBits, isMarked);
  if (failed(analyzer.run()))
    return failure();
  return std::move(analyzer.info);
}
