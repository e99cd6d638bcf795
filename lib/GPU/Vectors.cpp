//===- Vectors.cpp - Vector accesses of threads ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Vectors.h"

#include "../Affine/AccessUtils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::norm;

/// The elements, at most, that are not worth two versions of a loop.
static constexpr int64_t kFew = 64;

static int64_t getElementBytes(MemRefType type) {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

bool norm::mayBeWorkgroup(Value memref) {
  Value root = getBufferRoot(memref);
  if (auto select = root.getDefiningOp<arith::SelectOp>())
    return mayBeWorkgroup(select.getTrueValue()) ||
           mayBeWorkgroup(select.getFalseValue());
  return gpu::GPUDialect::hasWorkgroupMemoryAddressSpace(
      cast<MemRefType>(root.getType()));
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

/// Returns the alignment of vectors of `length` elements of `operand` for
/// accesses of `bytes`.
static int64_t getAlignment(Value operand, int64_t length, int64_t bytes) {
  if (mayBeWorkgroup(operand))
    bytes = std::min(bytes, kAccessBytes);
  return std::min(
      bytes, length * getElementBytes(cast<MemRefType>(operand.getType())));
}

/// Returns true if `length` elements at once may fit and be aligned to accesses
/// of `bytes`, by what is known of sizes and strides.
static bool mayBeAligned(ArrayRef<Value> operands, const ThreadLoop &lane,
                         int64_t length, int64_t bytes) {
  std::optional<int64_t> size = getConstantIntValue(lane.size);
  if (size && (*size % length != 0 || *size == 0))
    return false;
  return llvm::all_of(operands, [&](Value operand) {
    auto type = cast<MemRefType>(operand.getType());
    SmallVector<int64_t> strides = type.getStridesAndOffset().first;
    int64_t alignment = getAlignment(operand, length, bytes);
    for (auto [size, stride] : llvm::zip_equal(type.getShape().drop_back(),
                                               ArrayRef(strides).drop_back()))
      if (size != 1 && !ShapedType::isDynamic(stride) &&
          stride * getElementBytes(type) % alignment != 0)
        return false;
    return true;
  });
}

/// Returns how many elements of the narrowest type fill an access of `bytes`.
static int64_t countElements(ArrayRef<Value> operands, int64_t bytes) {
  auto getBytes = [](Value operand) {
    return getElementBytes(cast<MemRefType>(operand.getType()));
  };
  // What is computed in f64 takes registers, so that what is narrower beside it
  // does not decide on more.
  bool hasLarge = llvm::any_of(
      operands, [&](Value operand) { return getBytes(operand) == 8; });
  // Booleans, of a byte each, fill an access only where there is nothing else.
  int64_t count = 0;
  for (Value operand : operands) {
    if (cast<MemRefType>(operand.getType()).getElementType().isInteger(1))
      continue;
    int64_t access = hasLarge && getBytes(operand) < 8 ? kAccessBytes : bytes;
    count = std::max(count,
                     getAlignment(operand, access, access) / getBytes(operand));
  }
  return count == 0 ? bytes : std::min(count, bytes / 2);
}

static VectorChecks buildChecks(OpBuilder &b, Location loc,
                                ArrayRef<Value> operands,
                                const ThreadLoop &lane, int64_t length,
                                int64_t bytes) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  Value zero = constant(0);
  auto isZero = [&](Value value) -> Value {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, value, zero);
  };
  // In their low bits, addresses and strides must be 0.
  SmallVector<Value> all;
  for (Value operand : operands) {
    auto type = cast<MemRefType>(operand.getType());
    Value size = constant(getElementBytes(type));
    auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, operand);
    all.push_back(arith::AddIOp::create(
        b, loc, memref::ExtractAlignedPointerAsIndexOp::create(b, loc, operand),
        arith::MulIOp::create(b, loc, metadata.getOffset(), size)));
    for (auto [extent, stride] : llvm::zip_equal(
             type.getShape().drop_back(), metadata.getStrides().drop_back()))
      if (extent != 1)
        all.back() = arith::OrIOp::create(
            b, loc, all.back(), arith::MulIOp::create(b, loc, stride, size));
  }
  VectorChecks checks{length, Value(), {}};
  SmallVector<int64_t> wider;
  for (; bytes >= kAccessBytes; bytes /= 2) {
    auto alignments = llvm::map_to_vector(operands, [&](Value operand) {
      return getAlignment(operand, length, bytes);
    });
    if (alignments == wider)
      continue;
    Value rest = zero;
    for (auto [bits, alignment] : llvm::zip_equal(all, alignments))
      rest = arith::OrIOp::create(
          b, loc, rest,
          arith::AndIOp::create(b, loc, bits, constant(alignment - 1)));
    checks.isAligned.emplace_back(bytes, isZero(rest));
    wider = alignments;
  }
  if (auto size = dyn_cast<Value>(lane.size))
    checks.fits =
        isZero(arith::AndIOp::create(b, loc, size, constant(length - 1)));
  return checks;
}

SmallVector<VectorChecks> norm::addVectors(OpBuilder &builder,
                                           linalg::LinalgOp op,
                                           ThreadNest &nest,
                                           int64_t accessBytes) {
  if (nest.loops.empty() || op.hasIndexSemantics() ||
      nest.countIterations(false) * nest.countIterations(true) <= kFew)
    return {};
  ThreadLoop &lane = nest.loops[nest.lane];
  std::optional<SmallVector<Value>> operands = findOperands(op, lane.dim);
  if (!operands)
    return {};
  SmallVector<VectorChecks> checks;
  for (int64_t bytes = accessBytes; bytes >= kAccessBytes; bytes /= 2) {
    int64_t length = countElements(*operands, bytes);
    while (bytes == kAccessBytes && length > 1 &&
           !mayBeAligned(*operands, lane, length, bytes))
      length /= 2;
    if (length == 1 || !mayBeAligned(*operands, lane, length, bytes))
      continue;
    if (!checks.empty() && length == checks.back().length)
      break;
    checks.push_back(
        buildChecks(builder, op.getLoc(), *operands, lane, length, bytes));
    // If the longer ones do not fit at run time, shorter ones may.
    if (!checks.back().fits)
      break;
  }
  if (!checks.empty())
    lane.vector = checks.front().length;
  return checks;
}

using Make = llvm::function_ref<SmallVector<Value>(OpBuilder &)>;

/// Builds what `first` or `second` makes, depending on `condition`.
static scf::IfOp buildIf(OpBuilder &builder, Location loc, Value condition,
                         Make first, Make second) {
  return scf::IfOp::create(
      builder, loc, condition,
      [&](OpBuilder &b, Location) { scf::YieldOp::create(b, loc, first(b)); },
      [&](OpBuilder &b, Location) { scf::YieldOp::create(b, loc, second(b)); });
}

/// Builds what `make` makes for each of `accesses`, and for single elements.
static SmallVector<Value>
buildAligned(OpBuilder &builder, Location loc,
             ArrayRef<std::pair<int64_t, Value>> accesses, Make make) {
  if (accesses.empty())
    return make(builder);
  auto [bytes, isAligned] = accesses.front();
  scf::IfOp versions =
      buildIf(builder, loc, isAligned, make, [&](OpBuilder &b) {
        return buildAligned(b, loc, accesses.drop_front(), make);
      });
  versions->setAttr(kAlignedAttrName, builder.getI64IntegerAttr(bytes));
  return llvm::to_vector_of<Value>(versions.getResults());
}

SmallVector<Value> norm::buildVersions(
    OpBuilder &builder, Location loc, ArrayRef<VectorChecks> checks,
    const ThreadNest &nest,
    llvm::function_ref<SmallVector<Value>(OpBuilder &, const ThreadNest &)>
        makeLoops) {
  ThreadNest version = nest;
  if (!version.loops.empty())
    version.loops[nest.lane].vector =
        checks.empty() ? 1 : checks.front().length;
  auto make = [&](OpBuilder &b) { return makeLoops(b, version); };
  if (checks.empty())
    return make(builder);
  auto makeAligned = [&](OpBuilder &b) {
    return buildAligned(b, loc, checks.front().isAligned, make);
  };
  if (!checks.front().fits)
    return makeAligned(builder);
  scf::IfOp sizes = buildIf(
      builder, loc, checks.front().fits, makeAligned, [&](OpBuilder &b) {
        return buildVersions(b, loc, checks.drop_front(), nest, makeLoops);
      });
  return llvm::to_vector_of<Value>(sizes.getResults());
}
