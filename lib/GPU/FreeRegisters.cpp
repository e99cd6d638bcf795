//===- FreeRegisters.cpp - registers of small blocks ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUFREEREGISTERS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// The registers of a multiprocessor over the most that a thread may have.
static constexpr int64_t kThreads = 65536 / 256;

namespace {
struct FreeRegisters
    : public norm::impl::NormGPUFreeRegistersBase<FreeRegisters> {
  void runOnOperation() override {
    StringRef name = NVVM::NVVMDialect::getMaxntidAttrName();
    getOperation()->walk([&](LLVM::LLVMFuncOp kernel) {
      auto sizes = kernel->getAttrOfType<DenseI32ArrayAttr>(name);
      if (sizes && llvm::product_of(
                       llvm::map_range(sizes.asArrayRef(), [](int32_t size) {
                         return int64_t(size);
                       })) <= kThreads)
        kernel->removeAttr(name);
    });
  }
};
} // namespace
