//===- ReferenceFixture.h - what tests of the reference share ---*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TEST_UNIT_RUNNER_REFERENCEFIXTURE_H
#define NORM_TEST_UNIT_RUNNER_REFERENCEFIXTURE_H

#include "Norm/Runner/Jit.h"
#include "Norm/Runner/Reference.h"

#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

namespace mlir::norm {

/// Runs functions in the reference.
class ReferenceFixture : public ::testing::Test {
protected:
  ReferenceFixture()
      : context(makeRegistry(), MLIRContext::Threading::DISABLED) {}

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerForRunning(registry);
    return registry;
  }

  /// Returns the only function of the module `text`.
  llvm::Expected<FunctionOpInterface> parse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return llvm::createStringError("no module");
    return findEntry(*module, "");
  }

  llvm::Expected<SmallVector<Array>> run(StringRef text,
                                         MutableArrayRef<Array> arguments) {
    llvm::Expected<FunctionOpInterface> function = parse(text);
    if (!function)
      return function.takeError();
    return runReference(*function, arguments);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

inline Array makeArray(ArrayRef<int64_t> shape, ArrayRef<double> values,
                       ElementType type = ElementType::F64) {
  Array array = llvm::cantFail(Array::create(shape, type));
  for (auto [i, value] : llvm::enumerate(values))
    array.set(i, value);
  return array;
}

inline std::vector<double> getValues(const Array &array) {
  std::vector<double> values;
  for (int64_t i = 0; i < array.getNumElements(); ++i)
    values.push_back(array.get(i));
  return values;
}

} // namespace mlir::norm

#endif // NORM_TEST_UNIT_RUNNER_REFERENCEFIXTURE_H
