//===- CAPI.cpp - running functions from C and other languages ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CAPIKernel.h"
#include "CudaRuntime.h"
#include "ErrorCollector.h"

#include "mlir/Parser/Parser.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

namespace {
struct KernelOptions {
  bool reference = false;
  JitOptions jit;
};
} // namespace

/// The message of the last failure.
static thread_local std::string lastError;

bool norm::keepError(Error error) {
  lastError.clear();
  if (!error)
    return false;
  lastError = llvm::toString(std::move(error));
  return true;
}

const char *normGetLastError() { return lastError.c_str(); }

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

/// The default of the option block-time: calls that follow each other find the
/// threads awake.
static constexpr unsigned kBlockTime = 1;

/// Parses `value` of the option `key`.
static Error parseOption(StringRef key, StringRef value,
                         KernelOptions &options) {
  auto fail = [&](const Twine &expected) {
    return createStringError("expected the option " + key + " to be " +
                             expected + ", but got " + value);
  };
  if (key == "target") {
    options.reference = value == "reference";
    options.jit.device = llvm::StringSwitch<Device>(value)
                             .Case("cuda", Device::CUDA)
                             .Case("gpu-emulator", Device::GPUEmulator)
                             .Default(Device::CPU);
    bool isKnown = options.reference || value == "cpu" ||
                   options.jit.device != Device::CPU;
    return isKnown ? Error::success()
                   : fail("cpu, cuda, gpu-emulator or reference");
  }
  if (key == "threads")
    return value.getAsInteger(10, options.jit.threads)
               ? fail("a number of threads")
               : Error::success();
  if (key == "block-time") {
    constexpr unsigned kLongest = 1000 * 1000;
    unsigned blockTime;
    if (value.getAsInteger(10, blockTime) || blockTime > kLongest)
      return fail("a number of milliseconds from 0 to " + Twine(kLongest));
    options.jit.blockTime = blockTime;
    return Error::success();
  }
  if (key == "cpu" || key == "features") {
    (key == "cpu" ? options.jit.target.cpu : options.jit.target.features) =
        value.str();
    return Error::success();
  }
  if (key == "pipeline") {
    if (!value.consume_front("{") || !value.consume_back("}"))
      return fail("in braces");
    options.jit.pipeline = value.str();
    return Error::success();
  }
  if (key == "verify-each") {
    options.jit.verifyEach = value == "true";
    return value == "true" || value == "false" ? Error::success()
                                               : fail("true or false");
  }
  return createStringError("expected one of the options target, cpu, features, "
                           "threads, block-time, pipeline and verify-each, but "
                           "got " +
                           key);
}

static Expected<KernelOptions> parseOptions(StringRef text) {
  KernelOptions options;
  options.jit.blockTime = kBlockTime;
  for (text = text.ltrim(); !text.empty(); text = text.ltrim()) {
    auto [key, rest] = text.split('=');
    size_t end = rest.starts_with("{") ? rest.find('}') : rest.find(' ');
    if (rest.starts_with("{") && end != StringRef::npos)
      ++end;
    StringRef value = rest.take_front(end);
    if (Error error = parseOption(key, value, options))
      return std::move(error);
    text = rest.drop_front(value.size());
  }
  return options;
}

static Expected<std::unique_ptr<NormKernel>>
create(StringRef mlir, StringRef entry, StringRef optionText) {
  Expected<KernelOptions> options = parseOptions(optionText);
  if (!options)
    return options.takeError();
  auto kernel = std::make_unique<NormKernel>();
  DialectRegistry registry;
  registerForRunning(registry);
  kernel->context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  {
    ErrorCollector errors(kernel->context.get());
    kernel->module = parseSourceString<ModuleOp>(
        mlir, ParserConfig(kernel->context.get()), "mlir");
    if (!kernel->module)
      return errors.getError("the module cannot be parsed");
  }
  Expected<FunctionOpInterface> function = findEntry(*kernel->module, entry);
  if (!function)
    return function.takeError();
  Expected<Signature> signature = norm::getSignature(*function);
  if (!signature)
    return signature.takeError();
  kernel->signature = std::move(*signature);
  if (options->reference) {
    kernel->function = *function;
    return std::move(kernel);
  }
  kernel->isOnDevice = options->jit.device == Device::CUDA;
  if (kernel->isOnDevice)
    if (Expected<CudaRuntime *> cuda = CudaRuntime::get(); !cuda)
      return cuda.takeError();
  auto compiled = CompiledFunction::compile(*kernel->module,
                                            function->getName(), options->jit);
  if (!compiled)
    return compiled.takeError();
  kernel->compiled = std::move(*compiled);
  // The machine code needs no MLIR any more.
  kernel->module = nullptr;
  kernel->context.reset();
  return std::move(kernel);
}

NormKernel *normKernelCreate(const char *mlir, const char *entry,
                             const char *options) {
  keepError(Error::success());
  auto kernel =
      create(mlir ? mlir : "", entry ? entry : "", options ? options : "");
  if (kernel)
    return kernel->release();
  keepError(kernel.takeError());
  return nullptr;
}

void normKernelDestroy(NormKernel *kernel) { delete kernel; }

size_t normKernelGetNumArguments(const NormKernel *kernel) {
  return kernel->signature.arguments.size();
}

size_t normKernelGetNumResults(const NormKernel *kernel) {
  return kernel->signature.results.size();
}

void normKernelGetCompileTimes(const NormKernel *kernel, double times[4]) {
  CompileTimes compile;
  if (kernel->compiled)
    compile = kernel->compiled->getCompileTimes();
  times[0] = compile.lower;
  times[1] = compile.translate;
  times[2] = compile.optimize;
  times[3] = compile.generate;
}
