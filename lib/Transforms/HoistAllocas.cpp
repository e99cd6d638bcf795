//===- HoistAllocas.cpp - allocas to the start of a region --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMHOISTALLOCAS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {
struct HoistAllocas : public norm::impl::NormHoistAllocasBase<HoistAllocas> {
  void runOnOperation() override {
    SmallVector<memref::AllocaOp> allocas;
    getOperation()->walk([&](memref::AllocaOp op) {
      if (op.getOperands().empty())
        allocas.push_back(op);
    });
    // In reverse, so that they keep their order.
    for (memref::AllocaOp op : llvm::reverse(allocas))
      if (Region *region = findScope(op))
        op->moveBefore(&region->front(), region->front().begin());
    dissolveScopes();
  }

  /// Inlines scopes that have no alloca in them. Upstream's canonicalization
  /// keeps those with an op of unknown effects, such as a fence.
  void dissolveScopes() {
    SmallVector<memref::AllocaScopeOp> scopes;
    getOperation()->walk([&](memref::AllocaScopeOp op) {
      bool hasAlloca = op.walk([](memref::AllocaOp) {
                           return WalkResult::interrupt();
                         }).wasInterrupted();
      if (!hasAlloca && op.getBodyRegion().hasOneBlock())
        scopes.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (memref::AllocaScopeOp op : scopes) {
      Operation *terminator = op.getBodyRegion().front().getTerminator();
      SmallVector<Value> results(terminator->getOperands());
      rewriter.eraseOp(terminator);
      rewriter.inlineBlockBefore(&op.getBodyRegion().front(), op);
      rewriter.replaceOp(op, results);
    }
  }

  /// Returns the body of the parallel region or function around `op`. Any other
  /// op that runs its body elsewhere or at another time ends the search, too.
  static Region *findScope(Operation *op) {
    for (Region *region = op->getParentRegion(); region;
         region = region->getParentRegion()) {
      Operation *parent = region->getParentOp();
      if (isa<omp::ParallelOp, FunctionOpInterface>(parent))
        return region;
      if (parent->hasTrait<OpTrait::IsIsolatedFromAbove>() ||
          parent->hasTrait<OpTrait::HasParallelRegion>())
        return nullptr;
    }
    return nullptr;
  }
};
} // namespace
