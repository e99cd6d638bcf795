//===- MaskIntegers.cpp - masked accesses of bf16 as integers
//-------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMMASKINTEGERS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

// LLVM bug: without arithmetic of bf16, masked accesses of it are taken apart,
// and the elements converted by calls, though those of i16 have instructions.

/// Returns the vector of integers that `type` is loaded and stored as, or null
/// if it is no vector of bf16.
static VectorType getIntegers(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || !vector.getElementType().isBF16())
    return {};
  return vector.clone(IntegerType::get(type.getContext(), 16));
}

/// Casts operand `index` of `op` to `type`.
static void castOperand(OpBuilder &builder, Operation *op, unsigned index,
                        Type type) {
  builder.setInsertionPoint(op);
  op->setOperand(index, LLVM::BitcastOp::create(builder, op->getLoc(), type,
                                                op->getOperand(index)));
}

namespace {
struct MaskIntegers : public norm::impl::NormMaskIntegersBase<MaskIntegers> {
  void runOnOperation() override {
    OpBuilder builder(&getContext());
    getOperation()->walk([&](LLVM::MaskedStoreOp op) {
      if (VectorType integers = getIntegers(op.getValue().getType()))
        castOperand(builder, op, op.getValueMutable().getOperandNumber(),
                    integers);
    });
    getOperation()->walk([&](LLVM::MaskedLoadOp op) {
      Value result = op.getRes();
      VectorType floats = dyn_cast<VectorType>(result.getType());
      VectorType integers = getIntegers(floats);
      if (!integers)
        return;
      for (OpOperand &operand : op.getPassThruMutable())
        castOperand(builder, op, operand.getOperandNumber(), integers);
      result.setType(integers);
      builder.setInsertionPointAfter(op);
      auto cast = LLVM::BitcastOp::create(builder, op.getLoc(), floats, result);
      result.replaceAllUsesExcept(cast, cast);
    });
  }
};
} // namespace
