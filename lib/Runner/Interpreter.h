//===- Interpreter.h - runs the ops of a function ---------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_INTERPRETER_H
#define NORM_LIB_RUNNER_INTERPRETER_H

#include "Norm/Runner/Reference.h"
#include "ReferenceOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::norm {

/// Runs the ops of a function in order. It keeps a value for each SSA value.
class Interpreter {
public:
  /// Binds the arguments of `function`, a `func.func` of one block, to copies
  /// of `arguments`, which fit its signature. Fails on another function.
  static llvm::Expected<Interpreter> create(FunctionOpInterface function,
                                            ArrayRef<Array> arguments,
                                            const ReferenceOptions &options);

  /// Runs the ops of the function that stand before `end`. Fails on an op that
  /// it does not know, and on sizes that do not agree.
  llvm::Error runUntil(Operation *end);

  /// Returns what `value` is, which an op that has run gives.
  const Values &getValues(Value value) const { return arrays.at(value); }
  /// Returns `value` as an array.
  llvm::Expected<Array> getArray(Value value) const;
  /// Copies the elements of `value` to `array`.
  void copyTo(Value value, Array &array) const;

private:
  explicit Interpreter(const ReferenceOptions &options) : options(options) {}

  void bind(Value value, const Array &array);
  llvm::Error run(Operation *op);
  llvm::Error runConstant(arith::ConstantOp op);
  /// Creates undefined elements for `result`, of whose sizes `dynamicSizes` are
  /// the dynamic ones.
  llvm::Error runEmpty(Value result, ValueRange dynamicSizes);
  llvm::Error runDim(Operation *op, Value source, Value index);
  llvm::Error runCast(Operation *op);
  void setResults(Operation *op, const InitValues &results);
  /// Returns the element type of an array for a value of `type`.
  ElementType getResultType(Type type) const;

  ReferenceOptions options;
  llvm::DenseMap<Value, Values> arrays;
  llvm::DenseMap<Value, int64_t> indices;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_INTERPRETER_H
