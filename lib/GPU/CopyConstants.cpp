//===- CopyConstants.cpp - constant arrays of calls -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Affine/AccessUtils.h"
#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/CallInterfaces.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUCOPYCONSTANTS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
struct CopyConstants
    : public norm::impl::NormGPUCopyConstantsBase<CopyConstants> {
  void runOnOperation() override {
    getOperation()->walk([](CallOpInterface call) {
      OpBuilder builder(call);
      for (OpOperand &operand : call.getArgOperandsMutable()) {
        auto type = dyn_cast<MemRefType>(operand.get().getType());
        if (!type ||
            !getBufferRoot(operand.get()).getDefiningOp<memref::GetGlobalOp>())
          continue;
        Location loc = call.getLoc();
        builder.setInsertionPoint(call);
        Value copy = memref::AllocOp::create(
            builder, loc,
            MemRefType::get(type.getShape(), type.getElementType()));
        linalg::CopyOp::create(builder, loc, operand.get(), copy);
        operand.set(builder.createOrFold<memref::CastOp>(loc, type, copy));
        // The callee may return a view of it.
        builder.setInsertionPoint(call->getBlock()->getTerminator());
        memref::DeallocOp::create(builder, loc, copy);
      }
    });
  }
};
} // namespace
