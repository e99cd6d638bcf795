//===- FenceStreams.cpp - fences after streaming stores -------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMFENCESTREAMS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct FenceStreams : public norm::impl::NormFenceStreamsBase<FenceStreams> {
  void runOnOperation() override {
    llvm::SmallSetVector<Operation *, 4> scopes;
    getOperation()->walk([&](vector::StoreOp store) {
      if (!store.getNontemporal())
        return;
      Operation *scope = store->getParentOp();
      while (scope && !isa<omp::ParallelOp, FunctionOpInterface>(scope))
        scope = scope->getParentOp();
      if (scope)
        scopes.insert(scope);
    });
    for (Operation *scope : scopes)
      for (Block &block : scope->getRegion(0))
        if (block.mightHaveTerminator() &&
            block.getTerminator()->getNumSuccessors() == 0) {
          OpBuilder builder(block.getTerminator());
          LLVM::FenceOp::create(builder, scope->getLoc(),
                                LLVM::AtomicOrdering::seq_cst, "");
        }
  }
};
} // namespace
