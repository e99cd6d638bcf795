//===- ExportFunctions.cpp - prepares functions for outside callers -----===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMEXPORTFUNCTIONS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct ExportFunctions
    : public norm::impl::NormExportFunctionsBase<ExportFunctions> {
  void runOnOperation() override {
    Builder builder(&getContext());
    StringRef writable = bufferization::BufferizationDialect::kWritableAttrName;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!function.isPublic() || function.isExternal())
        continue;
      function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                        builder.getUnitAttr());
      if (!function->hasAttr("norm.signature"))
        function->setAttr("norm.signature",
                          TypeAttr::get(function.getFunctionType()));
      for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
        if (isa<TensorType>(type) && !function.getArgAttr(index, writable))
          function.setArgAttr(index, writable, builder.getBoolAttr(false));
      replaceUnwritableInits(function);
    }
  }

  /// Returns true if `use` is an init of an op that does not read it.
  static bool isOverwritten(OpOperand &use) {
    auto op = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
    if (!op || !op.isDpsInit(&use))
      return false;
    if (auto structured = dyn_cast<linalg::LinalgOp>(*op))
      return !structured.payloadUsesValueFromOperand(&use);
    auto norm = dyn_cast<norm::NormStructuredOpInterface>(*op);
    return norm && !norm.readsInit(use);
  }

  /// Gives an op that would overwrite such memory, and does not read it, a new
  /// tensor instead, because bufferization would copy the memory first.
  static void replaceUnwritableInits(func::FuncOp function) {
    StringRef writable = bufferization::BufferizationDialect::kWritableAttrName;
    for (BlockArgument argument : function.getArguments()) {
      auto attr = function.getArgAttrOfType<BoolAttr>(argument.getArgNumber(),
                                                      writable);
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type || !attr || attr.getValue())
        continue;
      for (OpOperand &use : llvm::make_early_inc_range(argument.getUses())) {
        if (!isOverwritten(use))
          continue;
        OpBuilder builder(use.getOwner());
        Location loc = use.getOwner()->getLoc();
        use.set(tensor::EmptyOp::create(
            builder, loc, tensor::getMixedSizes(builder, loc, argument),
            type.getElementType()));
      }
    }
  }
};
} // namespace
