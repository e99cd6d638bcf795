//===- LowerMath.cpp - math ops that a GPU has instructions for -----------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's convert-gpu-to-nvvm makes calls of libdevice of these, which is
// not there without a toolkit, and refuses LLVM's intrinsics as ops.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPULOWERMATH
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns the intrinsic that `op` is, or nothing.
static StringRef getIntrinsic(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case([](math::AbsFOp) { return "llvm.fabs"; })
      .Case([](math::CeilOp) { return "llvm.ceil"; })
      .Case([](math::CopySignOp) { return "llvm.copysign"; })
      .Case([](math::FloorOp) { return "llvm.floor"; })
      .Case([](math::FmaOp) { return "llvm.fma"; })
      .Case([](math::RoundEvenOp) { return "llvm.roundeven"; })
      .Case([](math::SqrtOp) { return "llvm.sqrt"; })
      .Case([](math::TruncOp) { return "llvm.trunc"; })
      .Default([](Operation *) { return StringRef(); });
}

namespace {
struct LowerMath : public norm::impl::NormGPULowerMathBase<LowerMath> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](Operation *op) {
      StringRef name = getIntrinsic(op);
      Type type = name.empty() ? Type() : op->getResult(0).getType();
      if (!type || (!getElementTypeOrSelf(type).isF32() &&
                    !getElementTypeOrSelf(type).isF64()))
        return;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
          op, type, rewriter.getStringAttr(name), op->getOperands());
    });
  }
};
} // namespace
