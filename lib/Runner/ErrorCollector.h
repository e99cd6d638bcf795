//===- ErrorCollector.h - diagnostics as errors -----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_ERRORCOLLECTOR_H
#define NORM_LIB_RUNNER_ERRORCOLLECTOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"

#include "llvm/Support/Error.h"

namespace mlir::norm {

/// Collects the errors that are emitted during its life. Remarks go on to who
/// asked for them.
class ErrorCollector {
public:
  explicit ErrorCollector(MLIRContext *context)
      : handler(context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return failure();
          if (!text.empty())
            text += "; ";
          if (auto location =
                  diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
            text += (location.getFilename().getValue() + ":" +
                     llvm::Twine(location.getLine()) + ":" +
                     llvm::Twine(location.getColumn()) + ": ")
                        .str();
          text += diagnostic.str();
          return success();
        }) {}

  /// Returns `message` with what was collected.
  llvm::Error getError(const llvm::Twine &message) const {
    return llvm::createStringError(message.str() +
                                   (text.empty() ? "" : ": " + text));
  }

private:
  std::string text;
  ScopedDiagnosticHandler handler;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_ERRORCOLLECTOR_H
