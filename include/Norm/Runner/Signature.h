//===- Signature.h - what a function takes and returns ----------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the signature of a function that can be run.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_SIGNATURE_H
#define NORM_RUNNER_SIGNATURE_H

#include "Norm/Runner/Array.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::norm {

/// The discardable attribute of an `llvm.func` that holds the FunctionType
/// that the function had before it was lowered.
constexpr StringLiteral kSignatureAttr = "norm.signature";

/// The type of an argument or of a result.
struct ArrayType {
  ElementType element;
  /// The sizes; `ShapedType::kDynamic` for a dynamic one.
  SmallVector<int64_t> shape;
  /// A memref, which the function may write into; otherwise a tensor.
  bool isMemRef;
  /// The strides and the offset of a memref, in elements;
  /// `ShapedType::kDynamic` for a dynamic one. Row-major for a tensor.
  SmallVector<int64_t> strides;
  int64_t offset;
  /// The elements must lie in row-major order without gaps.
  bool isContiguous;

  /// Returns true if `sizes` fits the shape.
  bool fits(ArrayRef<int64_t> sizes) const;
};

/// Formats a type as 2x?x3 of f32.
std::string formatType(const ArrayType &type);
std::string formatType(ArrayRef<int64_t> shape, ElementType element);

/// Returns strides that `type` allows, in elements, for an array of the sizes
/// `shape`: those of the type, and row-major where they are dynamic. Fails if
/// one is negative or too large.
llvm::Expected<SmallVector<int64_t>> getStrides(const ArrayType &type,
                                                ArrayRef<int64_t> shape);

/// What a function takes and returns.
struct Signature {
  SmallVector<ArrayType> arguments;
  SmallVector<ArrayType> results;
};

/// Returns the public function `entry` of `module`, a `func.func` or an
/// `llvm.func` with a body. If `entry` is empty, the module must have exactly
/// one. Errors list the functions that there are.
llvm::Expected<FunctionOpInterface> findEntry(ModuleOp module, StringRef entry);

/// Returns the signature of `function`. Fails if an argument or a result is not
/// a ranked tensor or a strided memref of an element type of arrays, or if an
/// `llvm.func` lacks the attribute `norm.signature`.
llvm::Expected<Signature> getSignature(FunctionOpInterface function);

} // namespace mlir::norm

#endif // NORM_RUNNER_SIGNATURE_H
