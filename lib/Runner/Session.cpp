//===- Session.cpp - one run of a function --------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"

#include "Execute.h"
#include "Norm/Runner/Npy.h"
#include "UlpReport.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

namespace {

/// An error whose diagnostics have been printed.
struct ReportedError : public llvm::ErrorInfo<ReportedError> {
  static char ID;
  void log(raw_ostream &os) const override {}
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
};
char ReportedError::ID = 0;

} // namespace

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

Error Session::parse() {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer =
      openInputFile(config.file, &message);
  if (!buffer)
    return createStringError(message);
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  handler.emplace(sources, &context);
  context.printOpOnDiagnostic(false);
  module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return llvm::make_error<ReportedError>();
  return Error::success();
}

std::string Session::getOwnPath(StringRef path) const {
  // Other names are those of devices and pipes.
  if (devices.getCount() == 1 || !path.consume_back(".npy"))
    return path.str();
  return llvm::formatv("{0}.{1}.npy", path, devices.getIndex()).str();
}

Expected<Array> Session::loadOwn(StringRef path) const {
  std::string own = getOwnPath(path);
  return loadNpy(llvm::sys::fs::exists(own) ? StringRef(own) : path);
}

Expected<Array> Session::loadInput(size_t argument, StringRef path) {
  auto isItsShard = [&](const Shard &shard) {
    return shard.argument == argument;
  };
  if (llvm::none_of(shards, isItsShard))
    return loadOwn(path);
  Expected<Array> array = loadNpy(path);
  for (const Shard &shard : llvm::make_filter_range(shards, isItsShard)) {
    if (!array)
      break;
    array = takeShard(*array, shard);
  }
  return array;
}

Error Session::checkCount(StringRef what, size_t count) {
  size_t numArguments = llvm::count_if(
      bindings, [](const Binding &binding) { return binding.isOutput; });
  size_t numResults = signature.results.size();
  if (count == 0 || count == numResults + numArguments)
    return Error::success();
  return createStringError(
      llvm::formatv("expected {0} {1}, for {2} results and {3} arguments bound "
                    "to zeros or update, but got {4}",
                    numResults + numArguments, what, numResults, numArguments,
                    count)
          .str());
}

Error Session::loadExpected() {
  for (const std::string &path : config.expected) {
    Expected<Array> array = loadOwn(path);
    if (!array)
      return array.takeError();
    expected.push_back(std::move(*array));
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

Error Session::checkGradients(const GradCheck &check, ArrayRef<Array> results) {
  GradCheckOptions options{config.tolerance, config.gradCheckSamples,
                           config.gradCheckSeed};
  int64_t numFailures = 0;
  for (const std::string &statistic : check.getReplaced())
    os << "gradcheck: " << statistic
       << " is taken from the input instead of the argument\n";
  for (auto [index, output] : llvm::enumerate(check.getOutputs())) {
    const Array &array = output.isArgument ? bindings[output.index].array
                                           : results[output.index];
    Expected<GradientComparison> comparison =
        check.compare(index, array, options);
    if (!comparison)
      return comparison.takeError();
    printGradientComparison(*comparison, "gradcheck: " + output.name,
                            array.getShape(), os);
    numFailures += comparison->numFailures;
  }
  if (numFailures == 0)
    return Error::success();
  return createStringError(
      "expected the gradients to be those of the layer, but got " +
      llvm::Twine(numFailures) + " elements beyond the tolerance");
}

/// Returns `results` and behind them the arguments that are outputs.
static SmallVector<Array> collectOutputs(SmallVector<Array> results,
                                         MutableArrayRef<Binding> bindings) {
  for (Binding &binding : bindings)
    if (binding.isOutput)
      results.push_back(std::move(binding.array));
  return results;
}

Error Session::runReference() {
  Expected<SmallVector<Binding>> clones = cloneUnrounded(bindings);
  if (!clones)
    return clones.takeError();
  Expected<SmallVector<Array>> results =
      executeReference(function, *clones, /*unrounded=*/true);
  if (!results)
    return results.takeError();
  reference = collectOutputs(std::move(*results), *clones);
  return Error::success();
}

Error Session::save() {
  if (config.outputs.empty())
    return Error::success();
  SmallVector<std::string> paths;
  for (const std::string &path : config.outputs)
    paths.push_back(getOwnPath(path));
  SmallVector<std::pair<StringRef, const Array *>> files;
  for (auto [path, output] : llvm::zip_equal(paths, outputs))
    files.emplace_back(path, &output);
  return saveNpy(files);
}

void Session::printComparison(size_t index, const Comparison &comparison,
                              const Array &expectedArray) {
  const Array &actual = outputs[index];
  ArrayRef<int64_t> shape = actual.getShape();
  os << "output " << index << ": max error "
     << llvm::format("%.3g", comparison.maxUlp) << " ulp of "
     << getElementName(actual.getType()) << " at "
     << formatIndex(shape, comparison.maxUlpIndex) << ", "
     << llvm::format("%.3g", comparison.maxAbsolute) << " absolute at "
     << formatIndex(shape, comparison.maxAbsoluteIndex) << "; "
     << comparison.numFailures << " of " << comparison.numElements
     << " elements beyond the tolerance\n";
  if (comparison.numFailures != 0)
    os << "output " << index << ": at "
       << formatIndex(shape, comparison.firstFailure) << " expected "
       << expectedArray.format(comparison.firstFailure) << ", but got "
       << actual.format(comparison.firstFailure) << '\n';
}

Expected<bool> Session::compareAll() {
  bool equal = true;
  for (auto [index, array] : llvm::enumerate(expected)) {
    Expected<Comparison> comparison =
        compare(outputs[index], array, config.tolerance);
    if (!comparison)
      return createStringError(
          llvm::formatv("output {0} and {1}: {2}", index,
                        config.expected[index],
                        llvm::toString(comparison.takeError()))
              .str());
    printComparison(index, *comparison, array);
    equal &= comparison->numFailures == 0;
  }
  return equal;
}

Expected<bool> Session::reportUlp() {
  bool isGood = true;
  for (auto [index, output] : llvm::enumerate(outputs)) {
    Expected<UlpReport> report = getUlpReport(output, reference[index]);
    if (!report)
      return report.takeError();
    std::string name = "output " + std::to_string(index);
    printUlpReport(*report, name, output, reference[index], os);
    isGood &= report->numInfinite == 0 &&
              (isFloat(output.getType()) || report->max == 0);
  }
  return isGood;
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

/// Checks what options have to do with each other.
static Error checkConfig(const RunConfig &config) {
  if (config.repetitions == 0)
    return createStringError("expected --repetitions to be at least 1, but "
                             "got 0");
  if (config.gradCheckSamples == 0)
    return createStringError("expected --gradcheck-samples to be at least 1, "
                             "but got 0");
  if (config.unrounded && config.target != RunTarget::Reference)
    return createStringError("expected --unrounded only with "
                             "--target=reference");
  if (config.countBytes && config.target != RunTarget::GPUEmulator)
    return createStringError("expected --count-bytes only with "
                             "--target=gpu-emulator");
  return Error::success();
}

Expected<bool> Session::prepare() {
  if (Error error = checkConfig(config))
    return std::move(error);
  if (Error error = parse())
    return std::move(error);
  Expected<FunctionOpInterface> entry = findEntry(*module, config.entry);
  if (!entry)
    return entry.takeError();
  function = *entry;
  Expected<Signature> entrySignature = norm::getSignature(function);
  if (!entrySignature)
    return entrySignature.takeError();
  signature = std::move(*entrySignature);
  for (const std::string &text : config.shards) {
    Expected<Shard> shard =
        parseShard(text, *module, devices.getIndex(), devices.getCount());
    if (!shard)
      return shard.takeError();
    if (shard->argument >= signature.arguments.size())
      return createStringError(
          llvm::formatv("expected the argument of --shard to be below {0}, but "
                        "got {1}",
                        signature.arguments.size(), text)
              .str());
    if (shard->argument < config.inputs.size() &&
        StringRef(config.inputs[shard->argument]).starts_with("zeros"))
      return createStringError("expected --shard for a file, but got " + text +
                               " for zeros, whose shape is that of the part");
    shards.push_back(*shard);
  }
  auto arguments = bindArguments(signature, config.inputs, config.unrounded,
                                 [&](size_t argument, StringRef path) {
                                   return loadInput(argument, path);
                                 });
  if (!arguments)
    return arguments.takeError();
  bindings = std::move(*arguments);
  if (Error error = checkCount("outputs", config.outputs.size()))
    return std::move(error);
  if (Error error = checkCount("arrays to compare", config.expected.size()))
    return std::move(error);
  if (Error error = loadExpected())
    return std::move(error);
  return true;
}

Expected<bool> Session::execute() {
  if (config.gradCheck) {
    Expected<GradCheck> check =
        withArrays(bindings, [&](MutableArrayRef<Array> arrays) {
          return GradCheck::create(function, arrays);
        });
    if (!check)
      return check.takeError();
    gradCheck = std::move(*check);
  }
  if (config.report == Report::Ulp)
    if (Error error = runReference())
      return std::move(error);
  Expected<SmallVector<Array>> results =
      norm::execute(function, bindings, config, os);
  if (!results)
    return results.takeError();
  if (gradCheck)
    if (Error error = checkGradients(*gradCheck, *results))
      return std::move(error);
  outputs = collectOutputs(std::move(*results), bindings);
  return true;
}

Expected<bool> Session::finish() {
  if (Error error = save())
    return std::move(error);
  Expected<bool> equal = compareAll();
  if (!equal || config.report == Report::None)
    return equal;
  Expected<bool> isGood = reportUlp();
  if (!isGood)
    return isGood;
  return *equal && *isGood;
}
