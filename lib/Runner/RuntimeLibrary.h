//===- RuntimeLibrary.h - Norm's libraries that are opened ------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_RUNTIMELIBRARY_H
#define NORM_LIB_RUNNER_RUNTIMELIBRARY_H

#include "mlir/Support/LLVM.h"

#include "llvm/Support/Error.h"

#include <type_traits>

namespace mlir::norm {

/// One of Norm's shared libraries, such as NormRuntimeCuda, that is opened when
/// it is first needed. It stays open: what it starts may outlive us.
class RuntimeLibrary {
public:
  /// Opens the library beside this code, in the folder lib beside its folder,
  /// or where the system's loader looks.
  static llvm::Expected<RuntimeLibrary> open(StringRef name);

  /// Returns the address of a function, or null if there is none.
  void *find(StringRef name) const;

  /// Sets `function` to the function `name`. Returns false if there is none.
  template <typename Function>
  bool bind(Function &function, StringRef name) const {
    function = reinterpret_cast<std::decay_t<Function>>(find(name));
    return function != nullptr;
  }

private:
  explicit RuntimeLibrary(void *handle) : handle(handle) {}

  void *handle;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_RUNTIMELIBRARY_H
