//===- HostMemory.cpp - Memory that only the host uses --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostMemory.h"

#include "../Affine/AccessUtils.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::norm;

/// Returns true if all that `memref` is used for is what the host does one
/// element at a time.
static bool hasHostUses(Value memref) {
  return llvm::all_of(memref.getUsers(), [](Operation *user) {
    if (isa<memref::DimOp, memref::LoadOp, memref::StoreOp, memref::DeallocOp,
            memref::ExtractAlignedPointerAsIndexOp, func::CallOp>(user))
      return true;
    auto view = dyn_cast<ViewLikeOpInterface>(user);
    return view && hasHostUses(view.getViewDest());
  });
}

/// Returns true if the elements of `memref` are of no array of a user.
static bool hasHostElements(Value memref) {
  Type element = cast<BaseMemRefType>(memref.getType()).getElementType();
  return element.isIndex() || element.isInteger(1);
}

bool norm::isHostMemory(Value memref) {
  Value root = getBufferRoot(memref);
  if (!hasHostElements(root) || !hasHostUses(root))
    return false;
  // A function that upstream's deallocation of buffers makes is private.
  if (auto argument = dyn_cast<BlockArgument>(root)) {
    auto function =
        dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp());
    return function && function.isPrivate();
  }
  return isa<memref::AllocOp, memref::AllocaOp>(root.getDefiningOp());
}

static void placeOnStack(FunctionOpInterface function, memref::AllocOp alloc,
                         RewriterBase &rewriter) {
  for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
    if (isa<memref::DeallocOp>(user))
      rewriter.eraseOp(user);
  rewriter.setInsertionPointToStart(&function.getFunctionBody().front());
  rewriter.replaceOpWithNewOp<memref::AllocaOp>(alloc, alloc.getType());
}

void norm::placeHostMemory(FunctionOpInterface function,
                           RewriterBase &rewriter) {
  SmallVector<memref::AllocOp> allocs;
  SmallVector<memref::AllocaOp> allocas;
  SmallVector<memref::DeallocOp> deallocs;
  function.walk([&](Operation *op) {
    if (isa<scf::ForallOp>(op))
      return WalkResult::skip();
    if (auto alloc = dyn_cast<memref::AllocOp>(op))
      allocs.push_back(alloc);
    else if (auto alloca = dyn_cast<memref::AllocaOp>(op))
      allocas.push_back(alloca);
    else if (auto dealloc = dyn_cast<memref::DeallocOp>(op))
      deallocs.push_back(dealloc);
    return WalkResult::advance();
  });
  // Between kernels that could be one.
  for (memref::DeallocOp op : deallocs)
    if (op->getBlock() == op.getMemref().getParentBlock())
      rewriter.moveOpBefore(op, op->getBlock()->getTerminator());
  for (memref::AllocOp alloc : allocs)
    if (alloc.getType().hasStaticShape() && isHostMemory(alloc))
      placeOnStack(function, alloc, rewriter);
  for (memref::AllocaOp alloca : allocas) {
    if (isHostMemory(alloca))
      continue;
    rewriter.setInsertionPoint(alloca);
    Value buffer = rewriter.replaceOpWithNewOp<memref::AllocOp>(
        alloca, alloca.getType(), alloca.getDynamicSizes(),
        alloca.getSymbolOperands(), alloca.getAlignmentAttr());
    rewriter.setInsertionPoint(buffer.getParentBlock()->getTerminator());
    memref::DeallocOp::create(rewriter, buffer.getLoc(), buffer);
  }
}
