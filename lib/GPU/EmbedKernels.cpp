//===- EmbedKernels.cpp - kernels as what a device loads ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's gpu-module-to-binary looks for libdevice where it was built. Of
// several targets, it makes objects of which a program has one, chosen when it
// is compiled.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Chip.h"
#include "Norm/GPU/Passes.h"
#include "Toolkit.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Target/LLVM/ModuleToObject.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUEMBEDKERNELS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static constexpr llvm::StringLiteral kTriple = "nvptx64-nvidia-cuda";

/// Returns what LLVM knows of GPUs, or null if it does not know them.
static std::unique_ptr<llvm::MCSubtargetInfo> getGPUs() {
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  llvm::Triple triple(kTriple);
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return nullptr;
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      target->createMCSubtargetInfo(triple, "", ""));
}

/// Returns the oldest version of PTX that has `chip`, 88 for 8.8: the one that
/// LLVM chooses, which is all that it tells of it.
static FailureOr<unsigned> getOldestPTX(StringRef chip) {
  llvm::Triple triple(kTriple);
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, message);
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple, chip, "", {}, std::nullopt));
  llvm::LLVMContext context;
  llvm::Module empty("", context);
  empty.setTargetTriple(triple);
  empty.setDataLayout(machine->createDataLayout());
  FailureOr<SmallString<0>> text = LLVM::ModuleToObject::translateModuleToISA(
      empty, *machine, []() { return InFlightDiagnostic(); });
  unsigned major, minor;
  StringRef version;
  if (failed(text) ||
      (version = StringRef(*text).split(".version ").second)
          .consumeInteger(10, major) ||
      !version.consume_front(".") || version.consumeInteger(10, minor))
    return failure();
  return 10 * major + minor;
}

namespace {
/// Translates a module to PTX, with what it calls of libdevice.
class ModuleToPTX : public LLVM::ModuleToObject {
public:
  ModuleToPTX(Operation &module, StringRef chip, StringRef features,
              StringRef toolkit)
      : ModuleToObject(module, kTriple, chip, features), toolkit(toolkit) {}

protected:
  std::optional<SmallVector<std::unique_ptr<llvm::Module>>>
  loadBitcodeFiles(llvm::Module &llvmModule) override {
    SmallVector<std::unique_ptr<llvm::Module>> files;
    if (llvm::none_of(llvmModule, [](const llvm::Function &function) {
          return function.isDeclaration() &&
                 function.getName().starts_with("__nv_");
        }))
      return files;
    llvm::Expected<std::string> path = Toolkit::findLibdevice(toolkit);
    if (!path) {
      getOperation().emitOpError(llvm::toString(path.takeError()));
      return std::nullopt;
    }
    files.push_back(loadBitcodeFile(llvmModule.getContext(), *path));
    if (!files.back())
      return std::nullopt;
    return files;
  }

  FailureOr<SmallVector<char, 0>>
  moduleToObject(llvm::Module &llvmModule) override {
    FailureOr<llvm::TargetMachine *> machine = getOrCreateTargetMachine();
    if (failed(machine))
      return failure();
    FailureOr<SmallString<0>> text = translateModuleToISA(
        llvmModule, **machine, [&]() { return getOperation().emitOpError(); });
    if (failed(text))
      return failure();
    return SmallVector<char, 0>(text->begin(), text->end());
  }

private:
  StringRef toolkit;
};

struct EmbedKernels : public norm::impl::NormGPUEmbedKernelsBase<EmbedKernels> {
  using NormGPUEmbedKernelsBase::NormGPUEmbedKernelsBase;

  void runOnOperation() override {
    if (failed(checkOptions()) || failed(checkClusters()))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    SmallVector<gpu::GPUModuleOp> modules(
        getOperation().getOps<gpu::GPUModuleOp>());
    for (gpu::GPUModuleOp module : modules) {
      FailureOr<SmallVector<char, 0>> object = makeObject(module);
      if (failed(object))
        return signalPassFailure();
      rewriter.setInsertionPoint(module);
      auto target = NVVM::NVVMTargetAttr::get(&getContext(), /*optLevel=*/3,
                                              kTriple, getNewest());
      Attribute attribute = gpu::ObjectAttr::get(
          target, getCompilationTarget(),
          rewriter.getStringAttr(StringRef(object->data(), object->size())));
      gpu::BinaryOp::create(
          rewriter, module.getLoc(), module.getName(),
          gpu::SelectObjectAttr::get(&getContext(), Attribute()),
          ArrayRef(attribute));
      rewriter.eraseOp(module);
    }
  }

  LogicalResult checkOptions() {
    if (!llvm::is_contained({"bitcode", "isa", "bin", "fatbin"},
                            format.getValue()))
      return getOperation().emitError("expected format to be bitcode, isa, bin "
                                      "or fatbin, but got ")
             << format.getValue();
    if (chips.empty() || (format == "bin" && chips.size() != 1))
      return getOperation().emitError("expected ")
             << (chips.empty() ? "at least one chip" : "one chip for bin")
             << ", but got " << chips.size();
    std::unique_ptr<llvm::MCSubtargetInfo> known = getGPUs();
    for (const std::string &chip : chips)
      if (!known || !known->isCPUStringValid(chip))
        return getOperation().emitError(
                   "expected a GPU that LLVM knows, such as sm_90, but got ")
               << chip;
    for (StringRef feature : llvm::split(features.getValue(), ','))
      if (!feature.empty() && !isFeature(*known, feature))
        return getOperation().emitError(
                   "expected features that LLVM knows, each with + or - in "
                   "front of it, such as +ptx86, but got ")
               << feature;
    return checkPTX();
  }

  /// LLVM ends the process at a version of PTX that is too old for a chip.
  LogicalResult checkPTX() {
    std::optional<unsigned> version = findPTXVersion(features);
    if (!version)
      return success();
    for (const std::string &chip : chips)
      if (FailureOr<unsigned> oldest = getOldestPTX(chip);
          succeeded(oldest) && *version < *oldest)
        return getOperation().emitError("expected a version of PTX that has ")
               << chip << ", +ptx" << *oldest << " or later, but got +ptx"
               << *version;
    return success();
  }

  /// LLVM ends the process at an instruction that a chip lacks.
  LogicalResult checkClusters() {
    WalkResult result = getOperation()->walk([&](gpu::LaunchFuncOp launch) {
      for (const std::string &chip : chips)
        if (launch.hasClusterSize() && !hasClusters(chip)) {
          launch.emitOpError("expected chips that have clusters of blocks, "
                             "sm_90 and newer, but got ")
              << chip;
          return WalkResult::interrupt();
        }
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  static bool isFeature(const llvm::MCSubtargetInfo &known, StringRef text) {
    bool hasSign = text.consume_front("+") || text.consume_front("-");
    return hasSign &&
           llvm::any_of(known.getAllProcessorFeatures(),
                        [&](const auto &entry) { return text == entry.Key; });
  }

  StringRef getNewest() {
    return *llvm::max_element(chips, [](StringRef a, StringRef b) {
      return getChipNumber(a) < getChipNumber(b);
    });
  }

  gpu::CompilationTarget getCompilationTarget() {
    return llvm::StringSwitch<gpu::CompilationTarget>(format)
        .Case("bitcode", gpu::CompilationTarget::Offload)
        .Case("isa", gpu::CompilationTarget::Assembly)
        .Case("bin", gpu::CompilationTarget::Binary)
        .Default(gpu::CompilationTarget::Fatbin);
  }

  FailureOr<SmallVector<char, 0>> makeObject(gpu::GPUModuleOp module) {
    if (format == "bitcode")
      return serialize(
          LLVM::ModuleToObject(*module, kTriple, chips.front(), features));
    if (format == "isa") {
      // The driver takes a string of C.
      FailureOr<SmallVector<char, 0>> text = makePTX(module, getNewest());
      if (succeeded(text))
        text->push_back('\0');
      return text;
    }
    auto fail = [&](llvm::Error error) {
      return module.emitOpError(llvm::toString(std::move(error)));
    };
    llvm::Expected<Toolkit> kit = Toolkit::find(toolkit);
    if (!kit)
      return fail(kit.takeError());
    SmallVector<Image> images;
    for (const std::string &chip : chips) {
      FailureOr<SmallVector<char, 0>> text = makePTX(module, chip);
      if (failed(text))
        return failure();
      llvm::Expected<SmallVector<char, 0>> code = kit->assemble(*text, chip);
      if (!code)
        return fail(code.takeError());
      if (format == "bin")
        return std::move(*code);
      images.push_back({Image::MachineCode, chip, std::move(*code)});
      // Chips that come later compile it.
      if (chip == getNewest())
        images.push_back({Image::PTX, chip, std::move(*text)});
    }
    llvm::Expected<SmallVector<char, 0>> all = kit->join(images);
    if (!all)
      return fail(all.takeError());
    return std::move(*all);
  }

  FailureOr<SmallVector<char, 0>> makePTX(gpu::GPUModuleOp module,
                                          StringRef chip) {
    std::string all = addAccessFeatures(features, chip, accessBytes);
    return serialize(ModuleToPTX(*module, chip, all, toolkit));
  }

  FailureOr<SmallVector<char, 0>> serialize(LLVM::ModuleToObject &&serializer) {
    std::optional<SmallVector<char, 0>> object = serializer.run();
    if (!object)
      return serializer.getOperation().emitOpError(
          "expected kernels that LLVM takes");
    return std::move(*object);
  }
};
} // namespace
