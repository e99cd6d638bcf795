//===- Run.cpp - what norm-run does ---------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Run.h"

#include "Execute.h"
#include "Norm/Runner/Npy.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"

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

/// Runs one function as a configuration asks for.
class Session {
public:
  Session(const RunConfig &config, raw_ostream &os)
      : config(config), os(os),
        context(makeRegistry(), MLIRContext::Threading::DISABLED) {}

  /// Does everything. Returns false if a comparison failed.
  Expected<bool> run();

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerForRunning(registry);
    return registry;
  }

  Error parse();
  /// Checks that as many of `what` are given as there are outputs, or none.
  Error checkCount(StringRef what, size_t count);
  Error loadExpected();
  /// Moves the arguments that are outputs behind the results.
  void collectOutputs();
  Error save();
  Expected<bool> compareAll();
  void printComparison(size_t index, const Comparison &comparison,
                       const Array &expectedArray);

  const RunConfig &config;
  raw_ostream &os;
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  Signature signature;
  SmallVector<Binding> bindings;
  SmallVector<Array> outputs;
  SmallVector<Array> expected;
};

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
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  SourceMgrDiagnosticHandler handler(sources, &context);
  context.printOpOnDiagnostic(false);
  module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return llvm::make_error<ReportedError>();
  return Error::success();
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
    Expected<Array> array = loadNpy(path);
    if (!array)
      return array.takeError();
    expected.push_back(std::move(*array));
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

void Session::collectOutputs() {
  for (Binding &binding : bindings)
    if (binding.isOutput)
      outputs.push_back(std::move(binding.array));
}

Error Session::save() {
  if (config.outputs.empty())
    return Error::success();
  SmallVector<std::pair<StringRef, const Array *>> files;
  for (auto [path, output] : llvm::zip_equal(config.outputs, outputs))
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
       << llvm::format("%.17g", expectedArray.get(comparison.firstFailure))
       << ", but got "
       << llvm::format("%.17g", actual.get(comparison.firstFailure)) << '\n';
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

Expected<bool> Session::run() {
  if (config.repetitions == 0)
    return createStringError("expected --repetitions to be at least 1, but "
                             "got 0");
  if (config.unrounded && config.target != RunTarget::Reference)
    return createStringError("expected --unrounded only with "
                             "--target=reference");
  if (Error error = parse())
    return std::move(error);
  Expected<FunctionOpInterface> function = findEntry(*module, config.entry);
  if (!function)
    return function.takeError();
  Expected<Signature> entrySignature = norm::getSignature(*function);
  if (!entrySignature)
    return entrySignature.takeError();
  signature = std::move(*entrySignature);
  auto arguments = bindArguments(signature, config.inputs, config.unrounded);
  if (!arguments)
    return arguments.takeError();
  bindings = std::move(*arguments);
  if (Error error = checkCount("outputs", config.outputs.size()))
    return std::move(error);
  if (Error error = checkCount("arrays to compare", config.expected.size()))
    return std::move(error);
  if (Error error = loadExpected())
    return std::move(error);

  Expected<SmallVector<Array>> results =
      execute(*function, bindings, config, os);
  if (!results)
    return results.takeError();
  outputs = std::move(*results);
  collectOutputs();
  if (Error error = save())
    return std::move(error);
  return compareAll();
}

RunStatus norm::run(const RunConfig &config, raw_ostream &os,
                    raw_ostream &errors) {
  Session session(config, os);
  Expected<bool> equal = session.run();
  if (equal)
    return *equal ? RunStatus::Success : RunStatus::Different;
  std::string message = llvm::toString(equal.takeError());
  // Without a message, diagnostics have been printed.
  if (!message.empty())
    errors << "norm-run: error: " << message << '\n';
  return RunStatus::Error;
}
