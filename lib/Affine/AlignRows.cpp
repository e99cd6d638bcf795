//===- AlignRows.cpp - begin rows of large outputs at a cache line --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// norm-affine-align-rows. Upstream's peeling is of iterations that leave a
// multiple of the step, not of those before an aligned address. Nothing here
// promises an alignment: norm-affine-stream-stores tests it.
//
//===----------------------------------------------------------------------===//

#include "LargeOutputs.h"
#include "StreamCandidate.h"

#include "Norm/Affine/Passes.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEALIGNROWS
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

/// In bytes: a cache line, and the part of it that rows may be multiples of
/// without losing much.
static constexpr int64_t kLine = 64, kPart = 32;

/// Returns the only store of a body that computes one element after the other.
static AffineStoreOp getOnlyStore(AffineForOp loop) {
  AffineStoreOp result;
  for (Operation &op : loop.getBody()->without_terminator()) {
    if (auto store = dyn_cast<AffineStoreOp>(op)) {
      if (result)
        return {};
      result = store;
    } else if (!isa<AffineLoadOp>(op) &&
               (!isMemoryEffectFree(&op) || op.getNumRegions())) {
      return {};
    }
  }
  return result;
}

/// Returns the value of a map with one result.
static Value createBound(RewriterBase &b, Location loc, AffineMap map,
                         ValueRange operands) {
  return makeComposedAffineApply(b, loc, map, getAsOpFoldResult(operands));
}

namespace {
/// A loop that writes a row, in a nest that writes the rows of a large buffer.
struct Row {
  AffineForOp nest, loop;
  AffineStoreOp store;
  norm::AffineAccess access;
  /// Rows may begin at cache lines, which run time will tell.
  bool isDynamic = false;

  static std::optional<Row> get(AffineForOp loop, norm::LargeOutputs &outputs,
                                int64_t rowBytes);

  MemRefType getType() const {
    return cast<MemRefType>(access.memref.getType());
  }
  int64_t getElementBytes() const { return norm::getElementBytes(getType()); }
};

struct AlignRows : public norm::impl::NormAffineAlignRowsBase<AlignRows> {
  using NormAffineAlignRowsBase::NormAffineAlignRowsBase;

  void runOnOperation() override;
  Value createCondition(Row &row, RewriterBase &b);
  void align(AffineForOp loop, AffineStoreOp store, RewriterBase &b);
};
} // namespace

std::optional<Row> Row::get(AffineForOp loop, norm::LargeOutputs &outputs,
                            int64_t rowBytes) {
  AffineStoreOp store = getOnlyStore(loop);
  if (!store || loop.getNumIterOperands() || loop.getStepAsInt() != 1 ||
      loop.getLowerBoundMap().getNumResults() != 1 ||
      loop.getUpperBoundMap().getNumResults() != 1)
    return std::nullopt;
  Row row{norm::getOutermostLoop(store, store.getMemRef()), loop, store,
          norm::AffineAccess::get(cast<AffineWriteOpInterface>(*store))};
  // Of versions of the nest, results would have to be handed on.
  if (!row.nest || row.nest.getNumResults())
    return std::nullopt;
  // Along the last dimension, which is contiguous, and no other.
  MemRefType type = row.getType();
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!type.getElementType().isIntOrFloat() ||
      !llvm::isPowerOf2_64(row.getElementBytes()) ||
      failed(type.getStridesAndOffset(strides, offset)) || strides.empty() ||
      strides.back() != 1)
    return std::nullopt;
  ArrayRef<AffineExpr> subscripts = row.access.map.getResults();
  auto last = dyn_cast<AffineDimExpr>(subscripts.back());
  if (!last ||
      row.access.operands[last.getPosition()] != loop.getInductionVar() ||
      llvm::any_of(subscripts.drop_back(), [&](AffineExpr subscript) {
        return subscript.isFunctionOfDim(last.getPosition());
      }))
    return std::nullopt;
  // As many in each row, known before the nest.
  for (Value operand : loop->getOperands())
    if (norm::isDefinedIn(operand, row.nest))
      return std::nullopt;
  if (!outputs.contains(norm::getBufferRoot(row.access.memref)))
    return std::nullopt;
  int64_t size = row.getElementBytes();
  if (loop.hasConstantBounds() &&
      (loop.getConstantUpperBound() - loop.getConstantLowerBound()) * size <
          rowBytes)
    return std::nullopt;
  // Rows that are known to be whole or half lines stream as they are.
  bool areLines = norm::getUsualAlignment(row.access.memref, size) >= kPart;
  for (auto [subscript, stride] : llvm::zip(subscripts.drop_back(), strides))
    if (!isa<AffineConstantExpr>(subscript)) {
      row.isDynamic |= ShapedType::isDynamic(stride);
      areLines &= ShapedType::isDynamic(stride) || stride * size % kPart == 0;
    }
  if (areLines && !row.isDynamic)
    return std::nullopt;
  row.isDynamic &= areLines;
  return row;
}

/// Tests, before the nest, what is left to run time: that the buffer is large,
/// rows are long, and do not begin at lines by themselves. Null if all is
/// known.
Value AlignRows::createCondition(Row &row, RewriterBase &b) {
  Location loc = row.nest->getLoc();
  Value condition;
  auto require = [&](Value next) {
    condition =
        condition ? arith::AndIOp::create(b, loc, condition, next) : next;
  };
  auto getIndex = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  auto compare = [&](arith::CmpIPredicate predicate, Value value,
                     int64_t limit) -> Value {
    return arith::CmpIOp::create(b, loc, predicate, value, getIndex(limit));
  };
  int64_t size = row.getElementBytes();
  if (Value bytes = norm::createDynamicBytes(
          b, loc, norm::getBufferRoot(row.access.memref)))
    require(compare(arith::CmpIPredicate::uge, bytes, threshold));
  AffineForOp loop = row.loop;
  if (!loop.hasConstantBounds()) {
    Value lower = createBound(b, loc, loop.getLowerBoundMap(),
                              loop.getLowerBoundOperands());
    Value upper = createBound(b, loc, loop.getUpperBoundMap(),
                              loop.getUpperBoundOperands());
    require(compare(arith::CmpIPredicate::sge,
                    arith::SubIOp::create(b, loc, upper, lower),
                    llvm::divideCeil(rowBytes, size)));
  }
  if (!row.isDynamic)
    return condition;
  // The address of the first row, and what is from each to the next.
  auto metadata =
      memref::ExtractStridedMetadataOp::create(b, loc, row.access.memref);
  Value all =
      arith::MulIOp::create(b, loc, metadata.getOffset(), getIndex(size));
  all = arith::AddIOp::create(b, loc, all,
                              memref::ExtractAlignedPointerAsIndexOp::create(
                                  b, loc, row.access.memref));
  for (auto [dim, subscript] :
       llvm::enumerate(row.access.map.getResults().drop_back()))
    if (!isa<AffineConstantExpr>(subscript))
      all = arith::OrIOp::create(
          b, loc, all,
          arith::MulIOp::create(b, loc, metadata.getStrides()[dim],
                                getIndex(size)));
  Value rest = arith::AndIOp::create(b, loc, all, getIndex(kLine - 1));
  require(compare(arith::CmpIPredicate::ne, rest, 0));
  return condition;
}

/// Splits `loop` where `store` comes to the first cache line of its row, and
/// writes what follows to a view that begins there.
void AlignRows::align(AffineForOp loop, AffineStoreOp store, RewriterBase &b) {
  Location loc = loop.getLoc();
  b.setInsertionPoint(loop);
  Value memref = store.getMemRef();
  norm::AffineAccess access =
      norm::AffineAccess::get(cast<AffineWriteOpInterface>(*store));
  int64_t size = norm::getElementBytes(cast<MemRefType>(memref.getType()));
  auto scope = norm::AffineScopeOp::create(b, loc);
  b.setInsertionPointToStart(&scope.getBody().emplaceBlock());
  auto getIndex = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  Value lower = createBound(b, loc, loop.getLowerBoundMap(),
                            loop.getLowerBoundOperands());
  Value upper = createBound(b, loc, loop.getUpperBoundMap(),
                            loop.getUpperBoundOperands());
  auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, memref);
  Value place = arith::AddIOp::create(b, loc, metadata.getOffset(), lower);
  SmallVector<OpFoldResult> offsets, sizes, strides;
  for (unsigned dim = 0; dim + 1 < access.map.getNumResults(); ++dim) {
    Value subscript =
        createBound(b, loc, access.map.getSubMap({dim}), access.operands);
    offsets.push_back(subscript);
    place = arith::AddIOp::create(
        b, loc, place,
        arith::MulIOp::create(b, loc, subscript, metadata.getStrides()[dim]));
  }
  Value address = arith::AddIOp::create(
      b, loc, memref::ExtractAlignedPointerAsIndexOp::create(b, loc, memref),
      arith::MulIOp::create(b, loc, place, getIndex(size)));
  Value bytes = arith::AndIOp::create(
      b, loc, arith::SubIOp::create(b, loc, getIndex(0), address),
      getIndex(kLine - 1));
  Value ahead =
      arith::ShRUIOp::create(b, loc, bytes, getIndex(llvm::Log2_64(size)));
  AffineExpr s0, s1, s2;
  bindSymbols(b.getContext(), s0, s1, s2);
  AffineMap first = AffineMap::get(0, 3, {s0 + s1, s0 + (kLine / size - 1), s2},
                                   b.getContext());
  Value middle =
      AffineMinOp::create(b, loc, first, ValueRange{lower, ahead, upper});
  Value length = arith::SubIOp::create(b, loc, upper, middle);
  offsets.push_back(middle);
  sizes.assign(offsets.size(), b.getIndexAttr(1));
  sizes.back() = length;
  strides.assign(offsets.size(), b.getIndexAttr(1));
  Value view =
      memref::SubViewOp::create(b, loc, memref, offsets, sizes, strides);

  AffineMap symbol = AffineMap::get(0, 1, s0);
  auto head = cast<AffineForOp>(b.clone(*loop));
  head.setLowerBound(lower, symbol);
  head.setUpperBound(middle, symbol);

  IRMapping mapping;
  auto rest = cast<AffineForOp>(b.clone(*loop, mapping));
  rest.setLowerBound({}, b.getConstantAffineMap(0));
  rest.setUpperBound(length, symbol);
  b.setInsertionPointToStart(rest.getBody());
  Value variable = rest.getInductionVar();
  auto moved = AffineApplyOp::create(
      b, loc, AffineMap::get(1, 1, b.getAffineDimExpr(0) + s0),
      ValueRange{variable, middle});
  b.replaceAllUsesExcept(variable, moved, moved);
  Operation *clone = mapping.lookup(store.getOperation());
  b.setInsertionPoint(clone);
  SmallVector<AffineExpr> subscripts(offsets.size(),
                                     b.getAffineConstantExpr(0));
  subscripts.back() = b.getAffineDimExpr(0);
  b.replaceOpWithNewOp<AffineStoreOp>(
      clone, cast<AffineStoreOp>(clone).getValueToStore(), view,
      AffineMap::get(1, 0, subscripts, b.getContext()), variable);
  b.eraseOp(loop);
  ++numAligned;
}

void AlignRows::runOnOperation() {
  for (auto [name, value] :
       {std::pair("threshold", threshold.getValue()), {"row-bytes", rowBytes}})
    if (value < 0) {
      getOperation()->emitError("expected ")
          << name << " to be at least 0, but got " << value;
      return signalPassFailure();
    }
  norm::LargeOutputs outputs(threshold);
  llvm::MapVector<AffineForOp, SmallVector<Row>> nests;
  getOperation()->walk([&](AffineForOp loop) {
    if (std::optional<Row> row = Row::get(loop, outputs, rowBytes))
      nests[row->nest].push_back(*row);
  });
  IRRewriter b(&getContext());
  for (auto &[nest, rows] : nests) {
    if (rows.size() != 1)
      continue;
    Row &row = rows.front();
    b.setInsertionPoint(nest);
    Value condition = createCondition(row, b);
    if (!condition) {
      align(row.loop, row.store, b);
      continue;
    }
    auto versions = scf::IfOp::create(b, nest.getLoc(), condition,
                                      /*withElseRegion=*/true);
    b.setInsertionPointToStart(versions.thenBlock());
    IRMapping mapping;
    b.clone(*nest, mapping);
    b.moveOpBefore(nest, versions.elseBlock(), versions.elseBlock()->begin());
    align(cast<AffineForOp>(mapping.lookup(row.loop.getOperation())),
          cast<AffineStoreOp>(mapping.lookup(row.store.getOperation())), b);
  }
}
