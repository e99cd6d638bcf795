//===- VectorizeBody.h - Vector code for a loop's body ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits the body of an analyzed loop once, as one or several vectors, with or
// without a mask.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_AFFINE_VECTORIZEBODY_H
#define NORM_LIB_AFFINE_VECTORIZEBODY_H

#include "VectorizeAnalysis.h"

#include "mlir/IR/IRMapping.h"

namespace mlir::norm {

/// The splats of values from outside the loop, shared by all its parts, and the
/// op in front of which they go.
struct OuterSplats {
  DenseMap<Value, Value> splats;
  Operation *anchor = nullptr;
};

/// Emits one body at the builder's insertion point.
class BodyEmitter {
public:
  /// `scalars` maps the uniform values that exist already.
  BodyEmitter(OpBuilder &builder, const VectorizableLoop &info, unsigned copies,
              const IRMapping &scalars, OuterSplats &outer)
      : b(builder), info(info), copies(copies), scalars(scalars), outer(outer) {
  }

  /// The mask of the lanes that exist, if not all of them do.
  void setMask(Value value) { mask = value; }

  /// What a uniform or a varying value of the loop has become.
  void mapUniform(Value original, Value emitted) {
    scalars.map(original, emitted);
  }
  void mapVarying(Value original, ValueRange emitted) {
    vectors[original] = llvm::to_vector_of<Value>(emitted);
  }

  /// Emits the ops of `block` without its terminator.
  void emitBlock(Block *block);

  /// The vector of one copy for `value`: a splat if the value is uniform.
  Value getVector(Value value, unsigned copy);

private:
  VectorType getVectorType(Type type) const {
    return VectorType::get(info.vectorLength, type);
  }
  void emitVarying(Operation *op, unsigned copy);
  void emitNested(affine::AffineForOp inner);
  Value gather(affine::AffineLoadOp load, unsigned copy);
  AffineAccess getAccess(Operation *op, unsigned copy);
  SmallVector<Value> getIndices(Location loc, const AffineAccess &access);

  OpBuilder &b;
  const VectorizableLoop &info;
  unsigned copies;
  Value mask;
  IRMapping scalars;
  OuterSplats &outer;
  DenseMap<Value, Value> splats;
  DenseMap<Value, SmallVector<Value>> vectors;
};

} // namespace mlir::norm

#endif // NORM_LIB_AFFINE_VECTORIZEBODY_H
