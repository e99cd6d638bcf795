//===- Vectors.cpp - Vector accesses of threads ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::norm;

/// The bytes of the largest access.
static constexpr int64_t kAccessBytes = 16;

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
    if (!map.isFunctionOfDim(dim))
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

/// Returns true if `length` elements at once may be aligned, by what is known
/// of sizes and strides.
static bool mayBeAligned(ArrayRef<Value> operands, const ThreadLoop &lane,
                         int64_t length) {
  std::optional<int64_t> size = getConstantIntValue(lane.size);
  if (!size || *size % length != 0 || *size == 0)
    return false;
  return llvm::all_of(operands, [&](Value operand) {
    auto type = cast<MemRefType>(operand.getType());
    ArrayRef<int64_t> strides = type.getStridesAndOffset().first;
    int64_t bytes = getElementBytes(type);
    int64_t alignment = std::min(kAccessBytes, length * bytes);
    for (auto [size, stride] :
         llvm::zip_equal(type.getShape().drop_back(), strides.drop_back()))
      if (size != 1 && !ShapedType::isDynamic(stride) &&
          stride * bytes % alignment != 0)
        return false;
    return true;
  });
}

int64_t norm::chooseVector(linalg::LinalgOp op, const ThreadNest &nest) {
  if (nest.loops.empty() || op.hasIndexSemantics())
    return 1;
  const ThreadLoop &lane = nest.loops[nest.lane];
  std::optional<SmallVector<Value>> operands = findOperands(op, lane.dim);
  if (!operands)
    return 1;
  int64_t narrowest = kAccessBytes;
  for (Value operand : *operands) {
    auto type = cast<MemRefType>(operand.getType());
    // A byte for each of them would make vectors of 16.
    if (!type.getElementType().isInteger(1))
      narrowest = std::min(narrowest, getElementBytes(type));
  }
  int64_t length = std::min<int64_t>(kAccessBytes / narrowest, 8);
  while (length > 1 && !mayBeAligned(*operands, lane, length))
    length /= 2;
  return length;
}

Value norm::buildVectorCheck(OpBuilder &b, linalg::LinalgOp op,
                             const ThreadNest &nest, int64_t length) {
  Location loc = op.getLoc();
  const ThreadLoop &lane = nest.loops[nest.lane];
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  // What must be 0 in the low bits of addresses and strides.
  Value rest = constant(0);
  for (Value operand : *findOperands(op, lane.dim)) {
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
        b, loc, all, constant(std::min(kAccessBytes, length * bytes) - 1));
    rest = arith::OrIOp::create(b, loc, rest, low);
  }
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest,
                               constant(0));
}
