//===- embed.cpp - a compiler that uses Norm ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/InitAll.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/raw_ostream.h"

static constexpr const char *kSource = R"mlir(
func.func @f(%x: tensor<2x8x4xf32>, %init: tensor<2x8x4xf32>)
    -> tensor<2x8x4xf32> {
  %y = norm.group_norm ins(%x : tensor<2x8x4xf32>)
      outs(%init : tensor<2x8x4xf32>) channel = 1 num_groups = 4
  return %y : tensor<2x8x4xf32>
}
)mlir";

int main() {
  mlir::DialectRegistry registry;
  mlir::norm::registerAll(registry);
  mlir::MLIRContext context(registry);

  auto module = mlir::parseSourceString<mlir::ModuleOp>(kSource, &context);
  if (!module || failed(mlir::verify(*module)))
    return 1;

  mlir::PassManager passes(&context);
  if (failed(mlir::parsePassPipeline("norm-lower-to-cpu-pipeline", passes)) ||
      failed(passes.run(*module)))
    return 1;
  module->print(llvm::outs());
  return 0;
}
