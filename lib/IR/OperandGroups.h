//===- OperandGroups.h - which operand is which -----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For ops with optional operands, whose numbers do not tell what they are.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_IR_OPERANDGROUPS_H
#define NORM_LIB_IR_OPERANDGROUPS_H

#include "mlir/IR/Operation.h"

namespace mlir::norm {

/// Returns the number of the operand group, as declared, of `operand`.
template <typename OpTy> unsigned getOperandGroup(OpTy op, OpOperand &operand) {
  unsigned group = 0, end = 0;
  for (int32_t size : op.getProperties().operandSegmentSizes) {
    end += size;
    if (operand.getOperandNumber() < end)
      break;
    ++group;
  }
  return group;
}

} // namespace mlir::norm

#endif // NORM_LIB_IR_OPERANDGROUPS_H
