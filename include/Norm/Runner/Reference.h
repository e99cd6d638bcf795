//===- Reference.h - float64 reference of the layer ops ---------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares an interpreter of functions of layer ops. It computes in float64
/// or better, in straightforward loops, and shares no code with the lowering.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_REFERENCE_H
#define NORM_RUNNER_REFERENCE_H

#include "Norm/Runner/Signature.h"

namespace mlir::norm {

struct ReferenceOptions {
  /// Keep all values in float64 instead of rounding what an op returns to its
  /// element type. Results that are floats are then arrays of f64, and of the
  /// arguments those that are f64 see the exact values.
  bool unrounded = false;
};

/// Runs `function`, a `func.func`, on `arguments`. Memref arguments are written
/// into. Returns one array for every result.
///
/// Every op computes in float64 or better from the exact values of its
/// operands, and rounds its results once, to nearest, ties to even, to their
/// element type.
///
/// All numbers are in float64, so that an i64 beyond 2^53 is rounded.
///
/// Fails on an op that it does not know, and if sizes that are known only now
/// do not agree; the message names the op, the operand, and what was expected.
/// The arguments must fit the signature.
llvm::Expected<SmallVector<Array>>
runReference(FunctionOpInterface function, MutableArrayRef<Array> arguments,
             const ReferenceOptions &options = {});

} // namespace mlir::norm

#endif // NORM_RUNNER_REFERENCE_H
