//===- EmbedBitcode.cpp - kernels as LLVM bitcode -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's gpu-module-to-binary links libdevice wherever it finds a toolkit,
// so that what it makes depends on the machine.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Target/LLVM/ModuleToObject.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUEMBEDBITCODE
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

static constexpr llvm::StringLiteral kTriple = "nvptx64-nvidia-cuda";

/// Returns true if LLVM has code generation for `chip`.
static bool isKnown(StringRef chip) {
  llvm::Triple triple(kTriple);
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return false;
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, "", ""));
  return info->isCPUStringValid(chip);
}

namespace {
struct EmbedBitcode : public norm::impl::NormGPUEmbedBitcodeBase<EmbedBitcode> {
  using NormGPUEmbedBitcodeBase::NormGPUEmbedBitcodeBase;

  void runOnOperation() override {
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTargetMC();
    if (!isKnown(chip)) {
      getOperation().emitError(
          "expected a GPU that LLVM knows, such as sm_90, but got ")
          << chip.getValue();
      return signalPassFailure();
    }
    IRRewriter rewriter(&getContext());
    SmallVector<gpu::GPUModuleOp> modules(
        getOperation().getOps<gpu::GPUModuleOp>());
    for (gpu::GPUModuleOp module : modules) {
      LLVM::ModuleToObject serializer(*module, kTriple, chip);
      std::optional<SmallVector<char, 0>> bitcode = serializer.run();
      if (!bitcode) {
        module.emitOpError("expected kernels that LLVM takes");
        return signalPassFailure();
      }
      rewriter.setInsertionPoint(module);
      Attribute object = gpu::ObjectAttr::get(
          module.getTargetsAttr() ? module.getTargetsAttr()[0]
                                  : Attribute(rewriter.getUnitAttr()),
          gpu::CompilationTarget::Offload,
          rewriter.getStringAttr(StringRef(bitcode->data(), bitcode->size())));
      gpu::BinaryOp::create(
          rewriter, module.getLoc(), module.getName(),
          gpu::SelectObjectAttr::get(&getContext(), Attribute()),
          ArrayRef(object));
      rewriter.eraseOp(module);
    }
  }
};
} // namespace
