//===- Tensorize.cpp - norm ops on memrefs to norm ops on tensors -------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMTENSORIZE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
struct Tensorize : public norm::impl::NormTensorizeBase<Tensorize> {
  void runOnOperation() override {
    SmallVector<DestinationStyleOpInterface> ops;
    getOperation()->walk([&](NormStructuredOpInterface op) {
      auto destination = cast<DestinationStyleOpInterface>(*op);
      if (destination.hasPureBufferSemantics())
        ops.push_back(destination);
    });
    IRRewriter rewriter(&getContext());
    for (DestinationStyleOpInterface op : ops)
      rewrite(op, rewriter);
  }

  static void rewrite(DestinationStyleOpInterface op, IRRewriter &rewriter) {
    rewriter.setInsertionPoint(op);
    Location loc = op->getLoc();
    // One tensor for each memref, so that analyses see that an output is also
    // an input.
    llvm::SmallDenseMap<Value, Value> tensors;
    SmallVector<Value> operands;
    for (Value buffer : op->getOperands()) {
      Value &tensor = tensors[buffer];
      if (!tensor) {
        auto type = cast<MemRefType>(buffer.getType());
        bool writable = llvm::is_contained(op.getDpsInits(), buffer);
        tensor = bufferization::ToTensorOp::create(
            rewriter, loc, memref::getTensorTypeFromMemRefType(type), buffer,
            /*restrict=*/true, writable);
      }
      operands.push_back(tensor);
    }
    TypeRange types =
        TypeRange(ValueRange(operands)).take_back(op.getNumDpsInits());
    Operation *newOp = mlir::clone(rewriter, op, types, operands);
    for (auto [result, buffer] :
         llvm::zip_equal(newOp->getResults(), op.getDpsInits())) {
      auto materialize = bufferization::MaterializeInDestinationOp::create(
          rewriter, loc, Type(), result, buffer);
      materialize.setRestrict(true);
      materialize.setWritable(true);
    }
    rewriter.eraseOp(op);
  }
};
} // namespace
