//===- Device.cpp - The emulator as a device ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions are those that the lowering of the gpu dialect calls:
//
//   mlir/lib/ExecutionEngine/CudaRuntimeWrappers.cpp
//
//===----------------------------------------------------------------------===//

#include "Instrument.h"
#include "Norm/Runtime/Memory.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"

#include <cstdio>
#include <cstdlib>

using namespace mlir::norm::emulator;

namespace {
/// A module, which is compiled when a kernel of it is first asked for.
struct LoadedModule {
  llvm::StringRef bitcode;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<Kernel> kernels;
  /// The arrays of the module, which kernels may use.
  std::vector<void *> globals;

  ~LoadedModule() {
    for (void *global : globals)
      removeMemory(global);
  }
  llvm::Error compile();
};
} // namespace

llvm::Error LoadedModule::compile() {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = llvm::parseBitcodeFile(
      llvm::MemoryBufferRef(bitcode, "kernels"), *context);
  if (!module)
    return module.takeError();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Less);
  auto layout = builder->getDefaultDataLayoutForTarget();
  if (!layout)
    return layout.takeError();
  auto instrumented = instrument(**module, builder->getTargetTriple(), *layout);
  if (!instrumented)
    return instrumented.takeError();
  auto made = llvm::orc::LLJITBuilder()
                  .setJITTargetMachineBuilder(std::move(*builder))
                  .create();
  if (!made)
    return made.takeError();
  llvm::orc::SymbolMap symbols;
  for (const Symbol &symbol : getKernelSymbols())
    symbols[(*made)->mangleAndIntern(symbol.name)] = {
        llvm::orc::ExecutorAddr::fromPtr(symbol.address),
        llvm::JITSymbolFlags::Exported};
  if (llvm::Error error = (*made)->getMainJITDylib().define(
          llvm::orc::absoluteSymbols(std::move(symbols))))
    return error;
  if (llvm::Error error = (*made)->addIRModule(
          llvm::orc::ThreadSafeModule(std::move(*module), std::move(context))))
    return error;
  for (Kernel &kernel : instrumented->kernels) {
    auto address = (*made)->lookup(kernel.name + ".run");
    if (!address)
      return address.takeError();
    kernel.function = address->toPtr<void (*)(void **)>();
  }
  for (const Global &global : instrumented->globals) {
    auto address = (*made)->lookup(global.name);
    if (!address)
      return address.takeError();
    globals.push_back(address->toPtr<void *>());
    addMemory(globals.back(), global.bytes);
  }
  jit = std::move(*made);
  kernels = std::move(instrumented->kernels);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Failures
//===----------------------------------------------------------------------===//

static void (*failHandler)(const char *) = nullptr;

/// The handler leaves the frames above it at once, so that they must own no
/// memory: the message lives here.
static thread_local std::string lastError;

/// Tells what went wrong. Does not return.
[[noreturn]] static void fail() {
  if (failHandler)
    failHandler(lastError.c_str());
  std::fprintf(stderr, "error: %s\n", lastError.c_str());
  std::abort();
}

static Kernel *findKernel(LoadedModule &module, llvm::StringRef name) {
  if (!module.jit)
    if (llvm::Error error = module.compile()) {
      lastError = llvm::toString(std::move(error));
      return nullptr;
    }
  for (Kernel &kernel : module.kernels)
    if (kernel.name == name)
      return &kernel;
  lastError = "expected a kernel of the module, but got " + name.str();
  return nullptr;
}

static bool runKernel(const Kernel &kernel, Dim3 grid, Dim3 cluster, Dim3 block,
                      size_t dynamicBytes, void **arguments) {
  lastError = launch(kernel, grid, cluster, block, dynamicBytes, arguments);
  return lastError.empty();
}

//===----------------------------------------------------------------------===//
// The interface of the lowering
//===----------------------------------------------------------------------===//

static void *moduleLoad(const char *data, size_t size) {
  auto *module = new LoadedModule();
  module->bitcode = llvm::StringRef(data, size);
  return module;
}

static void moduleUnload(void *module) {
  delete static_cast<LoadedModule *>(module);
}

static void *moduleGetFunction(void *module, const char *name) {
  Kernel *kernel = findKernel(*static_cast<LoadedModule *>(module), name);
  if (!kernel)
    fail();
  return kernel;
}

static void launchClusters(void *kernel, intptr_t clusterX, intptr_t clusterY,
                           intptr_t clusterZ, intptr_t gridX, intptr_t gridY,
                           intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                           intptr_t blockZ, int32_t dynamicBytes, void *stream,
                           void **arguments, void **extra, size_t count) {
  if (!runKernel(*static_cast<Kernel *>(kernel),
                 {uint32_t(gridX), uint32_t(gridY), uint32_t(gridZ)},
                 {uint32_t(clusterX), uint32_t(clusterY), uint32_t(clusterZ)},
                 {uint32_t(blockX), uint32_t(blockY), uint32_t(blockZ)},
                 dynamicBytes, arguments))
    fail();
}

static void launchKernel(void *kernel, intptr_t gridX, intptr_t gridY,
                         intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                         intptr_t blockZ, int32_t dynamicBytes, void *stream,
                         void **arguments, void **extra, size_t count) {
  launchClusters(kernel, 1, 1, 1, gridX, gridY, gridZ, blockX, blockY, blockZ,
                 dynamicBytes, stream, arguments, extra, count);
}

/// A launch is over when it returns, so that streams are nothing.
static void *streamCreate() { return nullptr; }
static void streamIgnore(void *stream) {}

static void *memoryAllocate(uint64_t bytes) {
  void *data = normRuntimeAllocate(bytes, 256);
  if (data)
    addMemory(data, bytes);
  return data;
}

static void *memoryAllocateAligned(uint64_t alignment, uint64_t bytes) {
  return memoryAllocate(bytes);
}

static void memoryFree(void *data) {
  if (!data)
    return;
  removeMemory(data);
  normRuntimeFree(data);
}

llvm::ArrayRef<Symbol> mlir::norm::emulator::getSymbols() {
  static const Symbol symbols[] = {
      {"mgpuModuleLoad", reinterpret_cast<void *>(moduleLoad)},
      {"mgpuModuleUnload", reinterpret_cast<void *>(moduleUnload)},
      {"mgpuModuleGetFunction", reinterpret_cast<void *>(moduleGetFunction)},
      {"mgpuLaunchKernel", reinterpret_cast<void *>(launchKernel)},
      {"mgpuLaunchClusterKernel", reinterpret_cast<void *>(launchClusters)},
      {"mgpuStreamCreate", reinterpret_cast<void *>(streamCreate)},
      {"mgpuStreamDestroy", reinterpret_cast<void *>(streamIgnore)},
      {"mgpuStreamSynchronize", reinterpret_cast<void *>(streamIgnore)},
      {"_mlir_memref_to_llvm_alloc", reinterpret_cast<void *>(memoryAllocate)},
      {"_mlir_memref_to_llvm_aligned_alloc",
       reinterpret_cast<void *>(memoryAllocateAligned)},
      {"_mlir_memref_to_llvm_free", reinterpret_cast<void *>(memoryFree)},
  };
  return symbols;
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

void mlir::norm::emulator::setOptions(const Options &options) {
  Device::get().options = options;
}

Traffic mlir::norm::emulator::getTraffic() { return Device::get().traffic; }

Traffic mlir::norm::emulator::getTraffic(const void *data) {
  const Range *range =
      Device::get().memory.find(static_cast<const char *>(data), 1);
  return range ? range->traffic : Traffic();
}

void mlir::norm::emulator::addMemory(void *data, size_t bytes) {
  Device::get().memory.add(static_cast<char *>(data), bytes);
}

void mlir::norm::emulator::removeMemory(void *data) {
  Device::get().memory.remove(static_cast<char *>(data));
}

void mlir::norm::emulator::setFailHandler(void (*handler)(const char *)) {
  failHandler = handler;
}
