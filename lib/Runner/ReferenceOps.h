//===- ReferenceOps.h - the layer ops in float64 ----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_REFERENCEOPS_H
#define NORM_LIB_RUNNER_REFERENCEOPS_H

#include "Norm/Runner/Array.h"

#include "mlir/IR/Operation.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace mlir::norm {

/// The value of a tensor or the contents of a memref; memrefs that alias share
/// the elements.
struct Values {
  SmallVector<int64_t> shape;
  std::shared_ptr<std::vector<double>> elements;
};

/// What a layer op computes for its inits, in their order, unrounded.
using InitValues = SmallVector<std::vector<double>>;

/// Runs the layer op `op`; `getValues` gives the values of its operands. Fails
/// if the sizes of the operands do not agree. Returns none if `op` is not a
/// layer op.
llvm::Expected<std::optional<InitValues>>
runLayerOp(Operation *op, llvm::function_ref<const Values &(Value)> getValues);

/// Returns an error at `op` with `message`.
llvm::Error makeOpError(Operation *op, const llvm::Twine &message);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_REFERENCEOPS_H
