//===- Norm.h - the norm dialect --------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the norm dialect, its interface and its ops.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORM_H
#define NORM_IR_NORM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::norm {

/// How one dimension of an operand is indexed by the loops of an op.
struct DimIndexing {
  /// The loop that indexes the dimension; `kWhole` if every iteration needs the
  /// whole dimension.
  int64_t loop;
  /// The number of elements of the dimension that belong to one iteration; it
  /// is the size of the dimension divided by the number of iterations if it is
  /// `ShapedType::kDynamic`.
  int64_t factor = 1;

  static constexpr int64_t kWhole = -1;
};

namespace detail {
/// Gives one result type for every init that is a tensor.
LogicalResult inferResultTypes(ValueRange inits, SmallVectorImpl<Type> &types);
/// Gives the reads and writes of the memref operands.
void getEffects(
    Operation *op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects);
/// An op on tensors can be speculated, an op on memrefs cannot.
Speculation::Speculatability getSpeculatability(Operation *op);
/// Every result has the shape of the init that it is tied to.
LogicalResult reifyResultShapes(Operation *op, OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes);
} // namespace detail

} // namespace mlir::norm

#include "Norm/IR/NormDialect.h.inc"
#include "Norm/IR/NormEnums.h.inc"
#include "Norm/IR/NormInterfaces.h.inc"

#define GET_OP_CLASSES
#include "Norm/IR/NormOps.h.inc"

#endif // NORM_IR_NORM_H
