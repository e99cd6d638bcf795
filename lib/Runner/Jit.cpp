//===- Jit.cpp - compiling in process -------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Jit.h"

#include "CudaRuntime.h"
#include "ErrorCollector.h"
#include "HostTarget.h"
#include "Norm/Emulator/Emulator.h"
#include "Norm/InitAll.h"
#include "Norm/Runtime/Devices.h"
#include "Norm/Runtime/Memory.h"
#include "Norm/Runtime/Runtime.h"
#include "OpenMPRuntime.h"
#include "Optimize.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Target/LLVMIR/Export.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/OptBisect.h"
#include "llvm/Target/TargetMachine.h"

#include <chrono>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

namespace {

/// Measures the time since its creation, in seconds.
class Stopwatch {
public:
  double get() const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
};

} // namespace

/// Sets those of `options` that `text` has, for the pipeline `name`.
template <typename Options>
static Error parsePipelineOptions(Options &options, StringRef name,
                                  const std::string &text) {
  std::string message;
  llvm::raw_string_ostream os(message);
  if (succeeded(options.parseFromString(text, os)))
    return Error::success();
  return createStringError(
      "expected options of " + name + ", but got '" + text + "'" +
      (message.empty() ? "" : ": " + StringRef(message).trim().str()));
}

/// Lowers `module` to the LLVM dialect, unless nothing in it is above.
static Error lowerToLLVM(ModuleOp module, const JitOptions &options,
                         const llvm::TargetMachine &machine) {
  if (llvm::all_of(module.getOps(), [](Operation &op) {
        return isa<LLVM::LLVMDialect>(op.getDialect());
      }))
    return Error::success();
  PassManager pm(module.getContext());
  if (options.device != Device::CPU) {
    GPUPipelineOptions pipeline;
    if (options.device == Device::CUDA) {
      // The driver compiles PTX, without a toolkit.
      pipeline.format = "isa";
      pipeline.chips = {CudaRuntime::getIfOpen()->getChip()};
    } else {
      pipeline.format = "bitcode";
    }
    if (Error error = parsePipelineOptions(
            pipeline, "norm-lower-to-nvvm-pipeline", options.pipeline))
      return error;
    // What has kernels already has passed the stages that make them, and the
    // deallocation of buffers does not take barriers.
    if (module.walk([](gpu::LaunchOp) { return WalkResult::interrupt(); })
            .wasInterrupted())
      buildLowerToGPUBinaryStage(pm, pipeline);
    else
      buildLowerToNVVMPipeline(pm, pipeline);
  } else {
    CPUPipelineOptions pipeline;
    setTargetOptions(pipeline, machine);
    // Threads that sleep take longer to wake.
    if (options.blockTime == 0u)
      pipeline.parallelBytes = 4 << 20;
    pipeline.genericAllocation = true;
    if (Error error = parsePipelineOptions(
            pipeline, "norm-lower-to-cpu-pipeline", options.pipeline))
      return error;
    buildLowerToCPUPipeline(pm, pipeline);
  }
  pm.enableVerifier(options.verifyEach);
  ErrorCollector errors(module.getContext());
  if (failed(pm.run(module)) || failed(verify(module)))
    return errors.getError("the module cannot be lowered");
  return Error::success();
}

/// Hides all functions of `module` but `entry`, so that what is not called is
/// not compiled.
static void hideAllBut(llvm::Module &module, StringRef entry) {
  for (llvm::Function &function : module)
    if (!function.isDeclaration() && function.getName() != entry)
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
}

namespace {
/// Leaves out of code generation what takes two fifths of its time, and saves
/// an instruction at most in loops whose strides the dialects have made plain.
class WithoutStrengthReduction : public llvm::OptPassGate {
public:
  bool isEnabled() const override { return true; }
  bool shouldRunPass(StringRef pass, StringRef) const override {
    return pass != "Loop Strength Reduction";
  }
};
} // namespace

/// Returns the functions that `module` needs from the OpenMP runtime.
static std::vector<std::string> getOpenMPFunctions(llvm::Module &module) {
  std::vector<std::string> names;
  for (llvm::Function &function : module)
    if (function.isDeclaration() && OpenMPRuntime::owns(function.getName()))
      names.push_back(function.getName().str());
  return names;
}

/// What code for GPUs calls, whose rows a transport between hosts cannot read.
static void gatherOnGPU(const int64_t *description, void *send, void *receive,
                        int64_t bytes) {
  if (!normDevicesAreOnGPU())
    normRuntimeFail("expected devices to be started for GPUs, but got none, or "
                    "those of hosts");
  normDevicesAllGather(description, send, receive, bytes);
}

/// Gives `engine` the addresses of our runtime and of `openMPFunctions`.
static Error registerRuntime(ExecutionEngine &engine, Device device,
                             ArrayRef<std::string> openMPFunctions) {
  SmallVector<std::pair<StringRef, void *>> symbols;
  auto add = [&](StringRef name, auto *function) {
    symbols.emplace_back(name, reinterpret_cast<void *>(function));
  };
  add("normRuntimeFail", normRuntimeFail);
  add("normDevicesGetIndex", normDevicesGetIndex);
  add("normDevicesAllGather",
      device == Device::CUDA ? gatherOnGPU : normDevicesAllGather);
  if (device == Device::GPUEmulator) {
    emulator::setFailHandler(normRuntimeFail);
    for (const emulator::Symbol &symbol : emulator::getSymbols())
      symbols.emplace_back(symbol.name, symbol.address);
  } else if (device == Device::CUDA) {
    CudaRuntime *cuda = CudaRuntime::getIfOpen();
    for (const char *name :
         {"mgpuModuleLoad", "mgpuModuleLoadJIT", "mgpuModuleUnload",
          "mgpuModuleGetFunction", "mgpuLaunchKernel",
          "mgpuLaunchClusterKernel", "mgpuStreamCreate", "mgpuStreamDestroy",
          "mgpuStreamSynchronize", "_mlir_memref_to_llvm_alloc",
          "_mlir_memref_to_llvm_aligned_alloc", "_mlir_memref_to_llvm_free"})
      symbols.emplace_back(name, cuda->find(name));
  } else {
    add("_mlir_memref_to_llvm_alloc", _mlir_memref_to_llvm_alloc);
    add("_mlir_memref_to_llvm_aligned_alloc",
        _mlir_memref_to_llvm_aligned_alloc);
    add("_mlir_memref_to_llvm_free", _mlir_memref_to_llvm_free);
  }
  if (!openMPFunctions.empty()) {
    Expected<OpenMPRuntime *> openMP = OpenMPRuntime::get();
    if (!openMP)
      return openMP.takeError();
    for (const std::string &name : openMPFunctions) {
      void *address = (*openMP)->find(name);
      if (!address)
        return createStringError(
            "expected LLVM's OpenMP runtime to have the function " + name);
      symbols.emplace_back(name, address);
    }
  }
  engine.registerSymbols([&](llvm::orc::MangleAndInterner mangle) {
    llvm::orc::SymbolMap map;
    for (auto [name, address] : symbols)
      map[mangle(name)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                           llvm::JITSymbolFlags::Exported};
    return map;
  });
  return Error::success();
}

Expected<std::unique_ptr<CompiledFunction>>
CompiledFunction::compile(ModuleOp module, StringRef entry,
                          const JitOptions &options) {
  std::unique_ptr<CompiledFunction> compiled(new CompiledFunction());
  compiled->options = options;
  Expected<FunctionOpInterface> function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  std::string name = function->getName().str();
  Expected<Signature> signature = norm::getSignature(*function);
  if (!signature)
    return signature.takeError();
  compiled->signature = std::move(*signature);

  Stopwatch lowering;
  auto machine = createHostTargetMachine(options.target);
  if (!machine)
    return machine.takeError();
  if (Error error = lowerToLLVM(module, options, **machine))
    return std::move(error);
  compiled->times.lower = lowering.get();

  Stopwatch translation;
  auto optimizerMachine = createHostTargetMachine(options.target);
  if (!optimizerMachine)
    return optimizerMachine.takeError();
  std::vector<std::string> openMPFunctions;
  auto optimize = [&](llvm::Module *llvmModule) -> Error {
    Stopwatch optimization;
    hideAllBut(*llvmModule, "_mlir_" + name);
    optimizeModule(*llvmModule, **optimizerMachine);
    static WithoutStrengthReduction gate;
    llvmModule->getContext().setOptPassGate(gate);
    openMPFunctions = getOpenMPFunctions(*llvmModule);
    compiled->times.optimize = optimization.get();
    return Error::success();
  };
  ExecutionEngineOptions engineOptions;
  engineOptions.transformer = optimize;
  engineOptions.jitCodeGenOptLevel = llvm::CodeGenOptLevel::Aggressive;
  engineOptions.enableGDBNotificationListener = false;
  engineOptions.enablePerfNotificationListener = false;
  ErrorCollector errors(module.getContext());
  auto engine =
      ExecutionEngine::create(module, engineOptions, std::move(*machine));
  if (!engine)
    return errors.getError(llvm::toString(engine.takeError()));
  compiled->engine = std::move(*engine);
  compiled->times.translate = translation.get() - compiled->times.optimize;

  Stopwatch generation;
  compiled->usesOpenMP = !openMPFunctions.empty();
  if (Error error =
          registerRuntime(*compiled->engine, options.device, openMPFunctions))
    return std::move(error);
  compiled->engine->initialize();
  auto address = compiled->engine->lookupPacked(name);
  if (!address)
    return address.takeError();
  compiled->function = *address;
  compiled->times.generate = generation.get();
  return std::move(compiled);
}

CompiledFunction::~CompiledFunction() = default;

void norm::registerForRunning(DialectRegistry &registry) {
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerAllToLLVMIRTranslations(registry);
  registerDialect(registry);
  registerPipelineDependencies(registry);
}
