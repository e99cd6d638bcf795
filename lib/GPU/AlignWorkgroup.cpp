//===- AlignWorkgroup.cpp - alignment of workgroup memory -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM bug: arrays without an alignment are declared with that of their
// elements, and LLVM's optimizations take them to have the larger one that it
// prefers.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUALIGNWORKGROUP
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// What 128-bit accesses need.
static constexpr int64_t kAlignment = 16;

namespace {
struct AlignWorkgroup
    : public norm::impl::NormGPUAlignWorkgroupBase<AlignWorkgroup> {
  void runOnOperation() override {
    Builder builder(&getContext());
    StringRef name = LLVM::LLVMDialect::getAlignAttrName();
    getOperation()->walk([&](gpu::GPUFuncOp function) {
      for (unsigned i = 0; i < function.getNumWorkgroupAttributions(); ++i)
        if (!function.getWorkgroupAttributionAttr(i, name))
          function.setWorkgroupAttributionAttr(
              i, name, builder.getI64IntegerAttr(kAlignment));
    });
  }
};
} // namespace
