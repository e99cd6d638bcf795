//===- Contiguity.h - memory without gaps -----------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_CONTIGUITY_H
#define NORM_LIB_TRANSFORMS_CONTIGUITY_H

#include "mlir/IR/Value.h"

namespace mlir::norm {

/// Returns true if the tensor `value` surely bufferizes to contiguous memory.
bool isContiguous(Value value);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_CONTIGUITY_H
