//===- PromoteSmallBuffers.cpp - small buffers to the stack ---------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's promote-buffers-to-stack takes buffers of unknown size by their
// rank alone; here the size decides, at run time. It has no limit for all
// buffers of a function together.
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMPROMOTESMALLBUFFERS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns the op that frees what `op` allocates, if there is one, at the end
/// of the same block.
static memref::DeallocOp getDealloc(memref::AllocOp op) {
  memref::DeallocOp result;
  for (Operation *user : op->getUsers())
    if (auto dealloc = dyn_cast<memref::DeallocOp>(user)) {
      if (result || dealloc->getBlock() != op->getBlock())
        return {};
      result = dealloc;
    }
  return result;
}

/// Returns true if `op` could allocate on the stack.
static bool canPromote(memref::AllocOp op) {
  MemRefType type = op.getType();
  return type.getLayout().isIdentity() && !type.getMemorySpace() &&
         type.getElementType().isIntOrFloat() && getDealloc(op);
}

/// Returns the product of the element's bytes and the sizes that are known.
static int64_t getKnownBytes(MemRefType type) {
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t size : type.getShape())
    if (!ShapedType::isDynamic(size))
      bytes *= size;
  return bytes;
}

namespace {
struct PromoteSmallBuffers
    : public norm::impl::NormPromoteSmallBuffersBase<PromoteSmallBuffers> {
  using NormPromoteSmallBuffersBase::NormPromoteSmallBuffersBase;

  void runOnOperation() override {
    if (maxBytes < 0 || maxStack < 0) {
      getOperation()->emitError(
          "expected max-bytes and max-stack to be at least 0, but got ")
          << maxBytes.getValue() << " and " << maxStack.getValue();
      return signalPassFailure();
    }
    getOperation()->walk([&](FunctionOpInterface function) {
      if (maxBytes == 0)
        return;
      // Those in loops first: they are allocated most often.
      SmallVector<memref::AllocOp> ops, others;
      function.walk([&](memref::AllocOp op) {
        if (canPromote(op))
          (op->getParentOfType<LoopLikeOpInterface>() ? ops : others)
              .push_back(op);
      });
      ops.append(others);
      int64_t room = maxStack;
      for (memref::AllocOp op : ops) {
        bool isStatic = op.getType().hasStaticShape();
        int64_t bytes = isStatic ? getKnownBytes(op.getType()) : maxBytes;
        if (bytes > std::min<int64_t>(maxBytes, room))
          continue;
        room -= bytes;
        ++numPromoted;
        isStatic ? promote(op) : promoteIfSmall(op);
      }
    });
  }

  void promote(memref::AllocOp op) {
    IRRewriter b(op);
    b.eraseOp(getDealloc(op));
    b.replaceOpWithNewOp<memref::AllocaOp>(op, op.getType(),
                                           op.getAlignmentAttr());
  }

  /// Decides at run time.
  void promoteIfSmall(memref::AllocOp op) {
    memref::DeallocOp dealloc = getDealloc(op);
    IRRewriter b(op);
    Location loc = op.getLoc();
    MemRefType type = op.getType();
    Value size = arith::ConstantIndexOp::create(b, loc, getKnownBytes(type));
    for (Value dynamic : op.getDynamicSizes())
      size = arith::MulIOp::create(b, loc, size, dynamic);
    Value limit = arith::ConstantIndexOp::create(b, loc, maxBytes);
    Value isLarge =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ugt, size, limit);
    Value stack = memref::AllocaOp::create(
        b, loc, MemRefType::get({maxBytes}, b.getI8Type()),
        op.getAlignmentAttr());
    auto choice = scf::IfOp::create(b, loc, type, isLarge, /*else=*/true);
    b.setInsertionPointToStart(choice.elseBlock());
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value view =
        memref::ViewOp::create(b, loc, type, stack, zero, op.getDynamicSizes());
    scf::YieldOp::create(b, loc, view);
    b.replaceAllUsesWith(op, choice.getResult(0));
    b.setInsertionPointToStart(choice.thenBlock());
    Operation *yield = scf::YieldOp::create(b, loc, op.getResult());
    b.moveOpBefore(op, yield);
    b.setInsertionPoint(dealloc);
    auto large = scf::IfOp::create(b, dealloc.getLoc(), isLarge);
    b.moveOpBefore(dealloc, large.thenBlock()->getTerminator());
  }
};
} // namespace
