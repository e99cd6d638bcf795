//===- AccessUtils.h - Memory accesses of affine loops ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the affine loop passes share: composed accesses, the buffer behind a
// chain of views, and whether two memrefs may overlap.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_ACCESSUTILS_H
#define NORM_LIB_AFFINE_ACCESSUTILS_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"

namespace mlir::norm {

/// An affine access with every affine.apply folded into its map and its
/// operands in canonical form, so that equal accesses compare equal.
struct AffineAccess {
  Value memref;
  AffineMap map;
  SmallVector<Value> operands;

  AffineAccess() = default;
  AffineAccess(Value memref, AffineMap map, ValueRange operands);

  /// The access of an affine load or store, scalar or vector.
  static AffineAccess get(affine::AffineReadOpInterface op);
  static AffineAccess get(affine::AffineWriteOpInterface op);

  bool operator==(const AffineAccess &other) const {
    return memref == other.memref && map == other.map &&
           operands == other.operands;
  }

  /// True if no subscript depends on `value`.
  bool isInvariantIn(Value value) const {
    return !llvm::is_contained(operands, value);
  }
};

/// The buffer that `memref` views, through any chain of view-like ops and
/// casts.
Value getBufferRoot(Value memref);

/// False only if the two memrefs cannot overlap. Views of one buffer may;
/// distinct buffers may not, except where control flow picks one of several.
bool mayAlias(Value a, Value b);

/// True if `op` itself, without its regions, may read (`reads`) or write
/// (`writes`) the buffer of `memref`. An op with unknown effects may do both.
void getEffectsOn(Operation *op, Value memref, bool &reads, bool &writes);

/// True if `value` is defined inside `loop`, its arguments included.
bool isDefinedIn(Value value, Operation *loop);

/// A number that divides `expr` for all values that its operands take, by what
/// is known of the loops they come from; 0 if it is always zero.
int64_t getKnownDivisor(AffineExpr expr, unsigned numDims, ValueRange operands);

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_ACCESSUTILS_H
