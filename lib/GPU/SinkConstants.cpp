//===- SinkConstants.cpp - constant arrays of kernels ---------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUSINKCONSTANTS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns a view of a constant array, `value`, as `builder` makes it anew, or
/// null if it is something else.
static Value rebuild(Value value, OpBuilder &builder) {
  Operation *op = value.getDefiningOp();
  if (isa_and_present<memref::GetGlobalOp>(op))
    return builder.clone(*op)->getResult(0);
  auto view = dyn_cast_or_null<ViewLikeOpInterface>(op);
  if (!view || op->getNumResults() != 1 || op->getNumRegions() != 0)
    return Value();
  Value source = rebuild(view.getViewSource(), builder);
  if (!source)
    return Value();
  IRMapping mapping;
  mapping.map(view.getViewSource(), source);
  return builder.clone(*op, mapping)->getResult(0);
}

namespace {
struct SinkConstants
    : public norm::impl::NormGPUSinkConstantsBase<SinkConstants> {
  void runOnOperation() override {
    getOperation()->walk([](gpu::LaunchOp launch) {
      llvm::SetVector<Value> used;
      getUsedValuesDefinedAbove(launch.getBody(), used);
      OpBuilder builder = OpBuilder::atBlockBegin(&launch.getBody().front());
      for (Value value : used)
        if (isa<MemRefType>(value.getType()))
          if (Value own = rebuild(value, builder))
            replaceAllUsesInRegionWith(value, own, launch.getBody());
    });
  }
};
} // namespace
