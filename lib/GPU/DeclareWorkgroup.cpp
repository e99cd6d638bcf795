//===- DeclareWorkgroup.cpp - workgroup memory of dynamic size ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream bug: gpu.dynamic_shared_memory becomes an internal array without
// elements, which LLVM makes a variable of one kernel, of one byte, among those
// of known size.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUDECLAREWORKGROUP
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct DeclareWorkgroup
    : public norm::impl::NormGPUDeclareWorkgroupBase<DeclareWorkgroup> {
  void runOnOperation() override {
    getOperation()->walk([](LLVM::GlobalOp global) {
      auto array = dyn_cast<LLVM::LLVMArrayType>(global.getGlobalType());
      if (array && array.getNumElements() == 0 &&
          global.getAddrSpace() == unsigned(NVVM::NVVMMemorySpace::Shared))
        global.setLinkage(LLVM::Linkage::External);
    });
  }
};
} // namespace
