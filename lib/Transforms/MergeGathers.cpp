//===- MergeGathers.cpp - fewer messages of devices -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

#include <list>

namespace mlir::norm {
#define GEN_PASS_DEF_NORMMERGEGATHERS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Returns true if one message could carry what both gather.
static bool areAlike(AllGatherOp first, AllGatherOp second) {
  return first.getDevices() == second.getDevices() &&
         getElementTypeOrSelf(first.getInputs().front()) ==
             getElementTypeOrSelf(second.getInputs().front()) &&
         !first.getPacked() && !second.getPacked();
}

/// Gathers what `first` and `second`, which is behind it, gather at the place
/// of `first`. Returns null if `second` needs what `first` gives.
static AllGatherOp merge(RewriterBase &rewriter, AllGatherOp first,
                         AllGatherOp second) {
  if (failed(moveOperationDependencies(rewriter, second, first)))
    return nullptr;
  SmallVector<Value> inputs = llvm::to_vector(first.getInputs());
  SmallVector<Value> outputs = llvm::to_vector(first.getOutputs());
  llvm::append_range(inputs, second.getInputs());
  llvm::append_range(outputs, second.getOutputs());
  rewriter.setInsertionPoint(first);
  Location loc = rewriter.getFusedLoc({first.getLoc(), second.getLoc()});
  auto merged = AllGatherOp::create(rewriter, loc, inputs, outputs,
                                    first.getDevices(), /*packed=*/false);
  size_t count = first->getNumResults();
  rewriter.replaceOp(first, merged.getResults().take_front(count));
  rewriter.replaceOp(second, merged.getResults().drop_front(count));
  return merged;
}

/// Returns true if nothing between the two ops has memory effects.
static bool areOnlyTensorsBetween(AllGatherOp first, AllGatherOp second) {
  if (first->getBlock() != second->getBlock() ||
      !first->isBeforeInBlock(second))
    return false;
  for (Operation *op = first->getNextNode(); op != second;
       op = op->getNextNode())
    if (!isMemoryEffectFree(op))
      return false;
  return true;
}

namespace {
struct MergeGathers : public norm::impl::NormMergeGathersBase<MergeGathers> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    std::list<AllGatherOp> gathers;
    getOperation()->walk([&](AllGatherOp op) {
      if (op.hasPureTensorSemantics())
        gathers.push_back(op);
    });
    while (!gathers.empty()) {
      AllGatherOp first = gathers.front();
      gathers.pop_front();
      for (auto second = gathers.begin(); second != gathers.end();) {
        AllGatherOp merged;
        if (areAlike(first, *second) && areOnlyTensorsBetween(first, *second))
          merged = merge(rewriter, first, *second);
        if (merged)
          first = merged;
        second = merged ? gathers.erase(second) : std::next(second);
      }
    }
  }
};
} // namespace
