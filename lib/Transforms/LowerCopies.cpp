//===- LowerCopies.cpp - copies of memrefs to linalg --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMLOWERCOPIES
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct LowerCopies : public norm::impl::NormLowerCopiesBase<LowerCopies> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](memref::CopyOp op) {
      // linalg needs ranked operands.
      if (!isa<MemRefType>(op.getSource().getType()) ||
          !isa<MemRefType>(op.getTarget().getType()))
        return;
      if (undoReshape(op.getSource()) == undoReshape(op.getTarget())) {
        rewriter.eraseOp(op);
        return;
      }
      if (isCopyOfTemporary(op))
        return;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<linalg::CopyOp>(op, op.getSource(),
                                                  op.getTarget());
    });
  }

  /// Returns true if the op copies one temporary to another and a call of
  /// memcpy is less code than loops: they are not surely small.
  static bool isCopyOfTemporary(memref::CopyOp op) {
    auto isTemporary = [](Value value) {
      auto type = cast<MemRefType>(value.getType());
      return isa_and_nonnull<memref::AllocOp, memref::AllocaOp>(
                 value.getDefiningOp()) &&
             !(type.hasStaticShape() && type.getNumElements() <= 128);
    };
    return isTemporary(op.getSource()) && isTemporary(op.getTarget());
  }

  /// Returns the buffer that `value` is, cast, or collapsed and expanded again;
  /// or `value` itself.
  static Value undoReshape(Value value) {
    if (auto cast = value.getDefiningOp<memref::CastOp>())
      return undoReshape(cast.getSource());
    auto expand = value.getDefiningOp<memref::ExpandShapeOp>();
    if (!expand)
      return value;
    auto collapse = expand.getSrc().getDefiningOp<memref::CollapseShapeOp>();
    if (!collapse ||
        expand.getReassociationIndices() != collapse.getReassociationIndices())
      return value;
    return undoReshape(collapse.getSrc());
  }
};
} // namespace
