//===- Execute.h - running a function on what is bound to it ----*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_EXECUTE_H
#define NORM_LIB_RUNNER_EXECUTE_H

#include "Binding.h"
#include "Norm/Runner/Run.h"

namespace mlir::norm {

/// Runs `function` in the reference on the arrays of `bindings`, into which it
/// may write. Returns its results.
llvm::Expected<SmallVector<Array>>
executeReference(FunctionOpInterface function,
                 MutableArrayRef<Binding> bindings, bool unrounded);

/// Runs `function` as `config` asks for on the arrays of `bindings`, into which
/// it may write, and prints times to `os` if asked for. Returns the results of
/// the function. For a compiled function, the module is lowered in place.
llvm::Expected<SmallVector<Array>> execute(FunctionOpInterface function,
                                           MutableArrayRef<Binding> bindings,
                                           const RunConfig &config,
                                           raw_ostream &os);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_EXECUTE_H
