//===- Execute.cpp - running a function on what is bound to it ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Execute.h"
#include "CudaRuntime.h"
#include "DeviceArrays.h"

#include "Norm/Runner/Reference.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Returns the time that `call` takes, in seconds.
template <typename Call> static double measure(Call call) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
  call();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

//===----------------------------------------------------------------------===//
// Reference
//===----------------------------------------------------------------------===//

Expected<SmallVector<Array>>
norm::executeReference(FunctionOpInterface function,
                       MutableArrayRef<Binding> bindings, bool unrounded) {
  ReferenceOptions options;
  options.unrounded = unrounded;
  return withArrays(bindings, [&](MutableArrayRef<Array> arguments) {
    return runReference(function, arguments, options);
  });
}

//===----------------------------------------------------------------------===//
// Compiled code
//===----------------------------------------------------------------------===//

/// Copies what a function returned, in memory of a GPU if it `isOnDevice`, into
/// arrays of their own.
static Expected<SmallVector<Array>> copyResults(const Signature &signature,
                                                const ReturnedArrays &returned,
                                                bool isOnDevice) {
  SmallVector<Array> arrays;
  for (auto [type, view] :
       llvm::zip_equal(signature.results, returned.getViews())) {
    Expected<Array> array = Array::create(view.shape, type.element);
    if (!array)
      return array.takeError();
    Expected<ArrayView> source = view;
    std::vector<char> memory;
    if (isOnDevice)
      source = copyToHost(view, getElementSize(type.element), memory);
    if (!source)
      return source.takeError();
    copyFromView(type.element, *source, array->getData());
    arrays.push_back(std::move(*array));
  }
  return std::move(arrays);
}

/// Calls `call` repeatedly and prints the median of its time in seconds, and
/// the bandwidth if `bytes` bytes are moved.
static Error printTime(llvm::function_ref<Expected<double>()> call,
                       unsigned repetitions, int64_t bytes, raw_ostream &os) {
  SmallVector<double> times;
  // The first call has been the warm-up.
  for (unsigned i = 0; i < repetitions; ++i) {
    Expected<double> seconds = call();
    if (!seconds)
      return seconds.takeError();
    times.push_back(*seconds);
  }
  llvm::sort(times);
  size_t middle = times.size() / 2;
  double median = times.size() % 2 == 1
                      ? times[middle]
                      : (times[middle - 1] + times[middle]) / 2;
  os << llvm::format("run: median of %u: %.6f ms, ", repetitions, median * 1e3)
     << bytes << " bytes moved, "
     << llvm::format("%.2f GB/s\n", bytes / median * 1e-9);
  return Error::success();
}

static void printCompileTimes(const CompileTimes &times, raw_ostream &os) {
  os << llvm::format("compile: %.1f ms (lower %.1f, translate %.1f, ",
                     times.getTotal() * 1e3, times.lower * 1e3,
                     times.translate * 1e3)
     << llvm::format("optimize %.1f, generate %.1f)\n", times.optimize * 1e3,
                     times.generate * 1e3);
}

/// Returns the bytes of what is read and of what is written, each once.
static int64_t getBytesMoved(ArrayRef<Binding> bindings,
                             ArrayRef<Array> results) {
  int64_t bytes = 0;
  for (const Binding &binding : bindings)
    bytes += (binding.isInput + binding.isOutput) * binding.array.getNumBytes();
  for (const Array &result : results)
    bytes += result.getNumBytes();
  return bytes;
}

/// Prints what kernels moved of each argument, and of all memory.
static void printTraffic(ArrayRef<emulator::Traffic> traffic, raw_ostream &os) {
  auto print = [&](const emulator::Traffic &moved) {
    os << ": " << moved.bytesRead << " bytes in " << moved.reads << " reads, "
       << moved.bytesWritten << " bytes in " << moved.writes << " writes\n";
  };
  for (auto [index, argument] : llvm::enumerate(traffic.drop_back())) {
    os << "argument " << index;
    print(argument);
  }
  os << "all memory";
  print(traffic.back());
}

static Expected<SmallVector<Array>>
executeCompiled(FunctionOpInterface function, MutableArrayRef<Binding> bindings,
                const RunConfig &config, raw_ostream &os) {
  JitOptions options;
  bool isOnDevice = config.target == RunTarget::CUDA;
  if (isOnDevice)
    if (Expected<CudaRuntime *> cuda = CudaRuntime::get(); !cuda)
      return cuda.takeError();
  options.device = isOnDevice ? Device::CUDA
                   : config.target == RunTarget::GPUEmulator
                       ? Device::GPUEmulator
                       : Device::CPU;
  options.target = config.cpu;
  options.threads = config.threads;
  options.pipeline = config.pipeline;
  options.verifyEach = config.verifyEach;
  auto compiled = CompiledFunction::compile(
      function->getParentOfType<ModuleOp>(), function.getName(), options);
  if (!compiled)
    return compiled.takeError();
  const Signature &signature = (*compiled)->getSignature();
  if (config.time)
    printCompileTimes((*compiled)->getCompileTimes(), os);

  SmallVector<LaidOutArray, 4> laidOut;
  SmallVector<ArrayView> views;
  DeviceArrays copies;
  for (auto [index, binding, type] :
       llvm::enumerate(bindings, signature.arguments)) {
    Expected<LaidOutArray> array = LaidOutArray::create(type, binding.array);
    if (!array)
      return createStringError(llvm::formatv("argument {0}: {1}", index,
                                             llvm::toString(array.takeError()))
                                   .str());
    laidOut.push_back(std::move(*array));
    views.push_back(laidOut.back().getView());
    if (!isOnDevice)
      continue;
    Expected<ArrayView> copy =
        copies.add(views.back(), getElementSize(type.element));
    if (!copy)
      return copy.takeError();
    views.back() = std::move(*copy);
  }
  Expected<SmallVector<Array>> results = SmallVector<Array>();
  {
    Expected<ReturnedArrays> returned = (*compiled)->invoke(views);
    if (!returned)
      return returned.takeError();
    results = copyResults(signature, *returned, isOnDevice);
    if (!results)
      return results.takeError();
    if (config.countBytes)
      printTraffic(returned->getTraffic(), os);
  }
  if (Error error = copies.copyBack())
    return std::move(error);
  // Further calls may change what was written, so keep it.
  SmallVector<Array> written;
  for (auto [binding, array] : llvm::zip_equal(bindings, laidOut)) {
    array.copyBack();
    if (!binding.isOutput)
      continue;
    Expected<Array> copy = binding.array.clone();
    if (!copy)
      return copy.takeError();
    written.push_back(std::move(*copy));
  }
  if (config.time)
    if (Error error = printTime(
            [&]() -> Expected<double> {
              if (isOnDevice)
                if (Expected<double> start = tickOnDevice(); !start)
                  return start.takeError();
              Expected<ReturnedArrays> returned = ReturnedArrays();
              double seconds =
                  measure([&] { returned = (*compiled)->invoke(views); });
              if (!returned)
                return returned.takeError();
              return isOnDevice ? tickOnDevice() : seconds;
            },
            config.repetitions, getBytesMoved(bindings, *results), os))
      return std::move(error);
  auto next = written.begin();
  for (Binding &binding : bindings)
    if (binding.isOutput)
      binding.array = std::move(*next++);
  return results;
}

Expected<SmallVector<Array>> norm::execute(FunctionOpInterface function,
                                           MutableArrayRef<Binding> bindings,
                                           const RunConfig &config,
                                           raw_ostream &os) {
  if (config.target != RunTarget::Reference)
    return executeCompiled(function, bindings, config, os);
  Expected<SmallVector<Array>> results = SmallVector<Array>();
  double seconds = measure([&] {
    results = executeReference(function, bindings, config.unrounded);
  });
  if (results && config.time)
    os << llvm::format("run: reference: %.4f ms\n", seconds * 1e3);
  return results;
}
