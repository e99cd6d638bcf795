//===- Elementwise.h - elementwise ops around norm ops ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_ELEMENTWISE_H
#define NORM_LIB_TRANSFORMS_ELEMENTWISE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::norm {

/// The attribute of elementwise ops that were there before kernels became such
/// ops, too, and of what they were fused with.
inline constexpr llvm::StringLiteral kElementwiseAttr = "norm.elementwise";

/// Returns true if each element of the results of `op`, on tensors, comes from
/// the elements at the same place of operands, some of which may lack axes.
bool isPointwise(linalg::LinalgOp op);

/// Returns the defining op of `value` if it is an elementwise `linalg.generic`.
linalg::GenericOp getPointwiseProducer(Value value);

/// Returns true if all uses of the results of `producer` but those in
/// `consumer` come after `consumer`, so that one op in its place can compute
/// what both do.
bool canMergeInto(linalg::GenericOp producer, linalg::GenericOp consumer);

/// Makes one op of `operand`'s owner and the elementwise producer of `operand`,
/// which remains if other ops use it. Fails if upstream cannot fuse them.
LogicalResult fuseCopyOfProducer(RewriterBase &rewriter, OpOperand &operand);

/// The same, but the one op gives the results of both.
LogicalResult mergeProducer(RewriterBase &rewriter, OpOperand &operand);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_ELEMENTWISE_H
