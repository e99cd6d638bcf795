//===- Vectors.cpp - Vector accesses of threads ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::norm;

/// The elements, at most, that are not worth two versions of a loop.
static constexpr int64_t kFew = 64;

static int64_t getElementBytes(MemRefType type) {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// Returns the operands that the loop `dim` walks along contiguous memory, or
/// nothing if it does something else with one of them.
static std::optional<SmallVector<Value>> findOperands(linalg::LinalgOp op,
                                                      unsigned dim) {
  SmallVector<Value> operands;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    // What is looked up for each element may lie anywhere.
    bool isWalked = llvm::is_contained(map.getResults(),
                                       getAffineDimExpr(dim, op.getContext()));
    if (!map.isFunctionOfDim(dim) || (!isWalked && op.isDpsInput(&operand)))
      continue;
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    if (!type || !map.isProjectedPermutation(/*allowZeroInResults=*/true) ||
        !map.getResults().back().isFunctionOfDim(dim) ||
        !type.getElementType().isIntOrFloat() ||
        type.getStridesAndOffset().first.back() != 1)
      return std::nullopt;
    operands.push_back(operand.get());
  }
  if (operands.empty())
    return std::nullopt;
  return operands;
}

/// Returns true if `length` elements at once may fit and be aligned, by what is
/// known of sizes and strides.
static bool mayBeAligned(ArrayRef<Value> operands, const ThreadLoop &lane,
                         int64_t length) {
  std::optional<int64_t> size = getConstantIntValue(lane.size);
  if (size && (*size % length != 0 || *size == 0))
    return false;
  return llvm::all_of(operands, [&](Value operand) {
    auto type = cast<MemRefType>(operand.getType());
    SmallVector<int64_t> strides = type.getStridesAndOffset().first;
    int64_t bytes = getElementBytes(type);
    int64_t alignment = std::min(kAccessBytes, length * bytes);
    for (auto [size, stride] : llvm::zip_equal(type.getShape().drop_back(),
                                               ArrayRef(strides).drop_back()))
      if (size != 1 && !ShapedType::isDynamic(stride) &&
          stride * bytes % alignment != 0)
        return false;
    return true;
  });
}

int64_t norm::chooseVector(linalg::LinalgOp op, const ThreadNest &nest) {
  if (nest.loops.empty() || op.hasIndexSemantics() ||
      nest.countIterations(false) * nest.countIterations(true) <= kFew)
    return 1;
  const ThreadLoop &lane = nest.loops[nest.lane];
  std::optional<SmallVector<Value>> operands = findOperands(op, lane.dim);
  if (!operands)
    return 1;
  // Booleans, of a byte each, fill an access only where there is nothing else.
  int64_t narrowest = 0;
  for (Value operand : *operands) {
    auto type = cast<MemRefType>(operand.getType());
    if (!type.getElementType().isInteger(1))
      narrowest =
          std::min(narrowest ? narrowest : kAccessBytes, getElementBytes(type));
  }
  int64_t length =
      narrowest ? std::min<int64_t>(kAccessBytes / narrowest, 8) : kAccessBytes;
  while (length > 1 && !mayBeAligned(*operands, lane, length))
    length /= 2;
  return length;
}

VectorChecks norm::buildVectorChecks(OpBuilder &b, linalg::LinalgOp op,
                                     const ThreadNest &nest) {
  Location loc = op.getLoc();
  const ThreadLoop &lane = nest.loops[nest.lane];
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  Value zero = constant(0);
  auto isZero = [&](Value value) -> Value {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, value, zero);
  };
  // What must be 0 in the low bits of addresses and strides.
  Value rest = zero;
  std::optional<SmallVector<Value>> operands = findOperands(op, lane.dim);
  for (Value operand : *operands) {
    auto type = cast<MemRefType>(operand.getType());
    int64_t bytes = getElementBytes(type);
    Value size = constant(bytes);
    auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, operand);
    Value all = arith::AddIOp::create(
        b, loc, memref::ExtractAlignedPointerAsIndexOp::create(b, loc, operand),
        arith::MulIOp::create(b, loc, metadata.getOffset(), size));
    for (auto [extent, stride] : llvm::zip_equal(
             type.getShape().drop_back(), metadata.getStrides().drop_back()))
      if (extent != 1)
        all = arith::OrIOp::create(b, loc, all,
                                   arith::MulIOp::create(b, loc, stride, size));
    Value low = arith::AndIOp::create(
        b, loc, all, constant(std::min(kAccessBytes, lane.vector * bytes) - 1));
    rest = arith::OrIOp::create(b, loc, rest, low);
  }
  VectorChecks checks;
  checks.isAligned = isZero(rest);
  if (auto size = dyn_cast<Value>(lane.size))
    checks.fits =
        isZero(arith::AndIOp::create(b, loc, size, constant(lane.vector - 1)));
  return checks;
}

SmallVector<Value> norm::buildVersions(
    OpBuilder &builder, Location loc, const VectorChecks &checks,
    const ThreadNest &nest,
    llvm::function_ref<SmallVector<Value>(OpBuilder &, const ThreadNest &)>
        makeLoops) {
  if (!checks.isAligned)
    return makeLoops(builder, nest);
  if (checks.fits) {
    ThreadNest scalar = nest;
    scalar.loops[nest.lane].vector = 1;
    VectorChecks known = {Value(), checks.isAligned};
    auto sizes = scf::IfOp::create(
        builder, loc, checks.fits,
        [&](OpBuilder &b, Location) {
          scf::YieldOp::create(b, loc,
                               buildVersions(b, loc, known, nest, makeLoops));
        },
        [&](OpBuilder &b, Location) {
          scf::YieldOp::create(b, loc, makeLoops(b, scalar));
        });
    return llvm::to_vector_of<Value>(sizes.getResults());
  }
  auto makeBranch = [&](OpBuilder &b, Location) {
    scf::YieldOp::create(b, loc, makeLoops(b, nest));
  };
  auto addresses =
      scf::IfOp::create(builder, loc, checks.isAligned, makeBranch, makeBranch);
  addresses->setAttr(kAlignedAttrName, builder.getUnitAttr());
  return llvm::to_vector_of<Value>(addresses.getResults());
}
