//===- Parts.h - loops over parts of a slab ---------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The loops that norm-split-slabs makes: an `scf.forall` with a mapping in
/// another one, each iteration of which is for a block of a cluster.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_PARTS_H
#define NORM_LIB_GPU_PARTS_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::norm {

/// The attribute of a loop over slabs whose last axis is that of the blocks of
/// a cluster.
inline constexpr llvm::StringLiteral kClusterAttrName = "norm.cluster";

/// Returns true if `loop` is one.
bool isOverParts(scf::ForallOp loop);

/// Returns the number of iterations of `loop`, or 0 if it is unknown.
int64_t countParts(scf::ForallOp loop);

/// Returns the number of the iteration of `loop`, whose bounds are static.
Value getPartNumber(OpBuilder &builder, scf::ForallOp loop);

/// Returns the induction variables of the iteration `number` of `loop`.
SmallVector<Value> getPartIndices(OpBuilder &builder, scf::ForallOp loop,
                                  Value number);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_PARTS_H
