// Compiles the norm ops of an MLIR file to the LLVM dialect.

#include "Norm/InitAll.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

int main(int argc, char **argv) {
  if (argc != 2) {
    llvm::errs() << "usage: compiler FILE\n";
    return 1;
  }
  mlir::DialectRegistry registry;
  mlir::norm::registerAll(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(argv[1], &context);
  if (!module)
    return 1;

  mlir::PassManager passes(&context);
  mlir::norm::CPUPipelineOptions options;
  options.vectorBits = 256;
  mlir::norm::buildLowerToCPUPipeline(passes, options);
  if (mlir::failed(passes.run(*module)))
    return 1;
  module->print(llvm::outs());
  return 0;
}
