//===- AlignVectors.cpp - alignment of vector accesses --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"
#include "Vectors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUALIGNVECTORS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

template <typename Op> static int64_t getElementBytes(Op op) {
  return llvm::divideCeil(op.getVectorType().getElementTypeBitWidth(), 8);
}

/// Tells that all of what `op` accesses is aligned together.
template <typename Op> static void align(Op op) {
  int64_t bytes = op.getVectorType().getNumElements() * getElementBytes(op);
  if (llvm::isPowerOf2_64(bytes))
    op.setAlignment(bytes);
}

/// Returns the indices of the element `lane` of a vector at `indices`.
static SmallVector<Value> getIndices(OpBuilder &b, Location loc,
                                     ValueRange indices, int64_t lane) {
  SmallVector<Value> moved(indices);
  if (lane != 0)
    moved.back() = arith::AddIOp::create(
        b, loc, moved.back(), arith::ConstantIndexOp::create(b, loc, lane));
  return moved;
}

/// Returns how many of the elements of `op` are accessed at once, in `bytes`,
/// of which workgroup memory has at most 16.
template <typename Op> static int64_t countTogether(Op op, int64_t bytes) {
  if (mayBeWorkgroup(op.getBase()))
    bytes = std::min(bytes, kAccessBytes);
  int64_t count = op.getVectorType().getNumElements();
  return std::clamp<int64_t>(bytes / getElementBytes(op), 1, count);
}

static void takeApart(vector::LoadOp op, int64_t count, RewriterBase &b) {
  Location loc = op.getLoc();
  b.setInsertionPoint(op);
  auto type = VectorType::get(count, op.getVectorType().getElementType());
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < op.getVectorType().getNumElements();
       lane += count) {
    SmallVector<Value> indices = getIndices(b, loc, op.getIndices(), lane);
    if (count == 1) {
      elements.push_back(memref::LoadOp::create(b, loc, op.getBase(), indices));
      continue;
    }
    auto part = vector::LoadOp::create(b, loc, type, op.getBase(), indices);
    align(part);
    for (int64_t i : llvm::seq(count))
      elements.push_back(vector::ExtractOp::create(b, loc, part, i));
  }
  b.replaceOpWithNewOp<vector::FromElementsOp>(op, op.getVectorType(),
                                               elements);
}

static void takeApart(vector::StoreOp op, int64_t count, RewriterBase &b) {
  Location loc = op.getLoc();
  b.setInsertionPoint(op);
  auto type = VectorType::get(count, op.getVectorType().getElementType());
  for (int64_t lane = 0; lane < op.getVectorType().getNumElements();
       lane += count) {
    SmallVector<Value> elements, indices;
    for (int64_t i : llvm::seq(lane, lane + count))
      elements.push_back(
          vector::ExtractOp::create(b, loc, op.getValueToStore(), i));
    indices = getIndices(b, loc, op.getIndices(), lane);
    if (count == 1) {
      memref::StoreOp::create(b, loc, elements.front(), op.getBase(), indices);
      continue;
    }
    Value part = vector::FromElementsOp::create(b, loc, type, elements);
    align(vector::StoreOp::create(b, loc, part, op.getBase(), indices));
  }
  b.eraseOp(op);
}

/// Makes accesses of at most `bytes` of the vectors in `region` that no region
/// inside of it has aligned; 0: of single elements.
static void makeAccesses(Region &region, int64_t bytes, RewriterBase &b) {
  auto make = [&](auto op) {
    if (op.getAlignment())
      return;
    int64_t count = countTogether(op, bytes);
    if (bytes != 0 && count == op.getVectorType().getNumElements())
      align(op);
    else
      takeApart(op, count, b);
  };
  region.walk([&](Operation *op) {
    if (auto load = dyn_cast<vector::LoadOp>(op))
      make(load);
    else if (auto store = dyn_cast<vector::StoreOp>(op))
      make(store);
  });
}

namespace {
struct AlignVectors : public norm::impl::NormGPUAlignVectorsBase<AlignVectors> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Those inside come first.
    getOperation()->walk([&](scf::IfOp versions) {
      auto bytes = dyn_cast_if_present<IntegerAttr>(
          versions->removeAttr(kAlignedAttrName));
      if (!bytes)
        return;
      makeAccesses(versions.getThenRegion(), bytes.getInt(), rewriter);
      makeAccesses(versions.getElseRegion(), 0, rewriter);
    });
  }
};
} // namespace
