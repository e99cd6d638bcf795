//===- WidenBooleans.cpp - Booleans in memory as bytes --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// norm-affine-widen-booleans. A load of vector<16xi1> reads 16 bits in LLVM,
// where a memref of i1 has 16 bytes, so that vectors need the bytes in the IR.
//
//===----------------------------------------------------------------------===//

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINEWIDENBOOLEANS
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::affine;

namespace {

struct WidenBooleansPass
    : norm::impl::NormAffineWidenBooleansBase<WidenBooleansPass> {
  using NormAffineWidenBooleansBase::NormAffineWidenBooleansBase;

  void runOnOperation() override {
    SmallVector<Operation *> accesses;
    getOperation()->walk([&](Operation *op) {
      if (isa<AffineLoadOp, AffineStoreOp>(op))
        accesses.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    views.clear();
    for (Operation *op : accesses) {
      if (auto load = dyn_cast<AffineLoadOp>(op))
        widen(rewriter, load);
      else
        widen(rewriter, cast<AffineStoreOp>(op));
    }
  }

  void widen(RewriterBase &rewriter, AffineLoadOp load) {
    if (!load.getType().isInteger(1))
      return;
    Value bytes = getBytes(rewriter, load.getMemRef());
    rewriter.setInsertionPoint(load);
    Value byte =
        AffineLoadOp::create(rewriter, load.getLoc(), bytes,
                             load.getAffineMap(), load.getMapOperands());
    rewriter.replaceOpWithNewOp<arith::TruncIOp>(load, load.getType(), byte);
  }

  void widen(RewriterBase &rewriter, AffineStoreOp store) {
    Value value = store.getValueToStore();
    if (!value.getType().isInteger(1))
      return;
    Value bytes = getBytes(rewriter, store.getMemRef());
    rewriter.setInsertionPoint(store);
    Value byte = arith::ExtUIOp::create(rewriter, store.getLoc(),
                                        rewriter.getI8Type(), value);
    rewriter.replaceOpWithNewOp<AffineStoreOp>(
        store, byte, bytes, store.getAffineMap(), store.getMapOperands());
  }

  /// Returns the view of `memref` as bytes. There is one for each memref, so
  /// that accesses of one memref still are.
  Value getBytes(RewriterBase &rewriter, Value memref) {
    Value &view = views[memref];
    if (!view) {
      rewriter.setInsertionPointAfterValue(memref);
      MemRefType type = MemRefType::Builder(cast<MemRefType>(memref.getType()))
                            .setElementType(rewriter.getI8Type());
      view = UnrealizedConversionCastOp::create(rewriter, memref.getLoc(), type,
                                                memref)
                 .getResult(0);
    }
    return view;
  }

  DenseMap<Value, Value> views;
};

} // namespace
