//===- Session.h - one run of a function ------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_SESSION_H
#define NORM_LIB_RUNNER_SESSION_H

#include "Binding.h"
#include "Devices.h"
#include "GradCheck.h"
#include "Shard.h"

#include "mlir/IR/Diagnostics.h"

#include "llvm/Support/SourceMgr.h"

namespace mlir::norm {

/// Runs one function as a configuration asks for, as one of `devices`.
class Session {
public:
  Session(const RunConfig &config, const Devices &devices, raw_ostream &os)
      : config(config), devices(devices), os(os),
        context(makeRegistry(), MLIRContext::Threading::DISABLED) {}

  // The steps, in order. Each returns false if a comparison failed.

  /// Reads all that there is to read.
  llvm::Expected<bool> prepare();
  /// Compiles and calls the function.
  llvm::Expected<bool> execute();
  /// Saves and compares the outputs.
  llvm::Expected<bool> finish();

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerForRunning(registry);
    return registry;
  }

  llvm::Error parse();
  /// Returns the name of the file that this device has instead of `path`.
  std::string getOwnPath(StringRef path) const;
  /// Loads the array of an argument.
  llvm::Expected<Array> loadInput(size_t argument, StringRef path);
  /// Loads what this device has of the file `path`.
  llvm::Expected<Array> loadOwn(StringRef path) const;
  /// Checks that as many of `what` are given as there are outputs, or none.
  llvm::Error checkCount(StringRef what, size_t count);
  llvm::Error loadExpected();
  /// Compares the gradients among `results` and the arguments with differences.
  llvm::Error checkGradients(const GradCheck &check, ArrayRef<Array> results);
  /// Runs the function in the reference, unrounded, and keeps its outputs.
  llvm::Error runReference();
  llvm::Error save();
  llvm::Expected<bool> compareAll();
  /// Prints the distances from the reference. Returns false if one is infinite,
  /// or not 0 for an integer.
  llvm::Expected<bool> reportUlp();
  void printComparison(size_t index, const Comparison &comparison,
                       const Array &expectedArray);

  const RunConfig &config;
  const Devices &devices;
  raw_ostream &os;
  MLIRContext context;
  llvm::SourceMgr sources;
  std::optional<SourceMgrDiagnosticHandler> handler;
  OwningOpRef<ModuleOp> module;
  FunctionOpInterface function;
  Signature signature;
  SmallVector<Shard> shards;
  SmallVector<Binding> bindings;
  std::optional<GradCheck> gradCheck;
  SmallVector<Array> outputs;
  SmallVector<Array> expected;
  SmallVector<Array> reference;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_SESSION_H
