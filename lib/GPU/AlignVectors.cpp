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

static int64_t getAlignment(VectorType type) {
  int64_t bytes = type.getNumElements() *
                  llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  return std::min(kAccessBytes, bytes);
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

static void takeApart(vector::LoadOp op, RewriterBase &b) {
  Location loc = op.getLoc();
  b.setInsertionPoint(op);
  SmallVector<Value> elements;
  for (int64_t lane : llvm::seq(op.getVectorType().getNumElements()))
    elements.push_back(memref::LoadOp::create(
        b, loc, op.getBase(), getIndices(b, loc, op.getIndices(), lane)));
  b.replaceOpWithNewOp<vector::FromElementsOp>(op, op.getVectorType(),
                                               elements);
}

static void takeApart(vector::StoreOp op, RewriterBase &b) {
  Location loc = op.getLoc();
  b.setInsertionPoint(op);
  for (int64_t lane : llvm::seq(op.getVectorType().getNumElements()))
    memref::StoreOp::create(
        b, loc, vector::ExtractOp::create(b, loc, op.getValueToStore(), lane),
        op.getBase(), getIndices(b, loc, op.getIndices(), lane));
  b.eraseOp(op);
}

namespace {
struct AlignVectors : public norm::impl::NormGPUAlignVectorsBase<AlignVectors> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](scf::IfOp versions) {
      if (!versions->removeAttr(kAlignedAttrName))
        return;
      versions.getThenRegion().walk([](Operation *op) {
        if (auto load = dyn_cast<vector::LoadOp>(op))
          align(load);
        else if (auto store = dyn_cast<vector::StoreOp>(op))
          align(store);
      });
      versions.getElseRegion().walk([&](Operation *op) {
        if (auto load = dyn_cast<vector::LoadOp>(op))
          takeApart(load, rewriter);
        else if (auto store = dyn_cast<vector::StoreOp>(op))
          takeApart(store, rewriter);
      });
    });
  }

  template <typename Op> static void align(Op op) {
    int64_t alignment = getAlignment(op.getVectorType());
    if (!op.getAlignment() && llvm::isPowerOf2_64(alignment))
      op.setAlignment(alignment);
  }
};
} // namespace
