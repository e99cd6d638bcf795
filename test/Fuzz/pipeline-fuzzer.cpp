//===- pipeline-fuzzer.cpp - libFuzzer on the parser and pipeline ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses the bytes as MLIR, verifies the module, differentiates the functions
// that ask for it, and lowers all to the LLVM dialect. Whatever the bytes are,
// that must end with a module or a diagnostic.
// docs/Testing.md tells how to run it.
//
//===----------------------------------------------------------------------===//

#include "Norm/InitAll.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace {

/// Longer inputs find nothing that shorter ones do not.
constexpr size_t kMaxLength = 4096;
/// A constant with a long literal only takes time; so do many ops.
constexpr int64_t kMaxElements = 4096;
constexpr int kMaxOps = 16;

/// Returns false for text with which upstream's own parser fails: attributes
/// and types of other dialects, resources, aliases, locations, generic ops, and
/// ops of the dialects that ours brings with it.
bool isPlain(StringRef text) {
  return text.size() <= kMaxLength &&
         llvm::all_of(text, [](char c) { return llvm::isASCII(c); }) &&
         text.find_first_of(StringRef("\0#!\"", 4)) == StringRef::npos &&
         !text.contains("loc(") && !text.contains("{-#") &&
         !text.contains("linalg.") && !text.contains("affine.");
}

/// Only ops that do not lead into other dialects' faults.
bool isOurs(ModuleOp module) {
  int count = 0;
  bool hasNorm = false;
  WalkResult result = module.walk([&](Operation *op) {
    bool isNorm = isa_and_present<norm::NormDialect>(op->getDialect());
    hasNorm |= isNorm;
    if (++count > kMaxOps ||
        !(isNorm || isa<ModuleOp, func::FuncOp, func::ReturnOp,
                        arith::ConstantOp, tensor::EmptyOp>(op)))
      return WalkResult::interrupt();
    for (Type type :
         llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
      if (auto shaped = dyn_cast<ShapedType>(type);
          shaped && isa<arith::ConstantOp>(op) &&
          (!shaped.hasStaticShape() || shaped.getNumElements() > kMaxElements))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return hasNorm && !result.wasInterrupted();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef text(reinterpret_cast<const char *>(data), size);
  if (!isPlain(text))
    return -1;

  // The dialects that can be written; lowering needs more of them.
  static const DialectRegistry parsed = [] {
    DialectRegistry registry;
    registry.insert<arith::ArithDialect, func::FuncDialect, norm::NormDialect,
                    tensor::TensorDialect>();
    return registry;
  }();
  static const DialectRegistry registry = [] {
    DialectRegistry registry;
    norm::registerAll(registry);
    return registry;
  }();
  // Types and attributes live as long as their context: a new one for each.
  MLIRContext context(parsed, MLIRContext::Threading::DISABLED);
  ScopedDiagnosticHandler silence(&context, [](Diagnostic &) {});

  // The parser verifies the module.
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module || !isOurs(*module))
    return 0;
  context.appendDialectRegistry(registry);
  PassManager passes(&context);
  passes.addPass(norm::createNormDifferentiate());
  norm::buildLowerToCPUPipeline(passes, norm::CPUPipelineOptions());
  (void)passes.run(*module);
  return 0;
}
