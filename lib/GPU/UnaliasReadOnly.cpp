//===- UnaliasReadOnly.cpp - pointers to memory that is only read ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The conversion of gpu.func to llvm.func takes `llvm.readonly` from a memref
// to its pointers, but refuses `llvm.noalias`, because it makes two pointers of
// one.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUUNALIASREADONLY
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct UnaliasReadOnly
    : public norm::impl::NormGPUUnaliasReadOnlyBase<UnaliasReadOnly> {
  void runOnOperation() override {
    StringRef readOnly = LLVM::LLVMDialect::getReadonlyAttrName();
    StringRef noAlias = LLVM::LLVMDialect::getNoAliasAttrName();
    getOperation()->walk([&](LLVM::LLVMFuncOp kernel) {
      for (unsigned index : llvm::seq(kernel.getNumArguments()))
        if (kernel.getArgAttr(index, readOnly))
          kernel.setArgAttr(index, noAlias, UnitAttr::get(&getContext()));
    });
  }
};
} // namespace
