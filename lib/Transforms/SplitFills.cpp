//===- SplitFills.cpp - a constant for each op that writes to it ----------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMSPLITFILLS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns true if the op with the operand `use` writes its result to it.
static bool isDestination(OpOperand &use) {
  Operation *owner = use.getOwner();
  if (auto op = dyn_cast<DestinationStyleOpInterface>(owner))
    return op.isDpsInit(&use);
  if (auto loop = dyn_cast<LoopLikeOpInterface>(owner))
    return loop.getTiedLoopResult(&use) != nullptr;
  return false;
}

namespace {
struct SplitFills : public norm::impl::NormSplitFillsBase<SplitFills> {
  void runOnOperation() override {
    SmallVector<linalg::FillOp> fills;
    getOperation()->walk([&](linalg::FillOp fill) {
      if (fill.hasPureTensorSemantics() &&
          fill.getOutputs().front().getDefiningOp<tensor::EmptyOp>())
        fills.push_back(fill);
    });
    OpBuilder builder(&getContext());
    for (linalg::FillOp fill : fills) {
      OpResult result = fill->getResult(0);
      for (OpOperand &use : llvm::make_early_inc_range(result.getUses())) {
        if (result.hasOneUse() || !isDestination(use))
          continue;
        builder.setInsertionPoint(use.getOwner());
        Operation *empty =
            builder.clone(*fill.getOutputs().front().getDefiningOp());
        auto own = cast<linalg::FillOp>(builder.clone(*fill));
        own.getOutputsMutable().assign(empty->getResult(0));
        use.set(own->getResult(0));
      }
    }
  }
};
} // namespace
