//===- JitTest.cpp - tests of the options of compilation ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Jit.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Counts how often an op with one of its attributes is verified.
struct CountingDialect : public Dialect {
  explicit CountingDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context,
                TypeID::get<CountingDialect>()) {}
  static constexpr StringLiteral getDialectNamespace() { return "counting"; }

  LogicalResult verifyOperationAttribute(Operation *, NamedAttribute) override {
    ++count;
    return success(isValid);
  }

  int count = 0;
  bool isValid = true;
};

struct Verification : public testing::Test {
  Verification() {
    DialectRegistry registry;
    registerForRunning(registry);
    registry.insert<CountingDialect>();
    context.appendDialectRegistry(registry);
    counter = context.getOrLoadDialect<CountingDialect>();
    module = parseSourceString<ModuleOp>(R"(
      func.func @f(%x: tensor<2x3xf32>) -> tensor<2x3xf32>
          attributes {counting.here} {
        return %x : tensor<2x3xf32>
      })",
                                         &context);
  }

  /// Compiles the module, and returns how often it was verified.
  int count(bool verifyEach) {
    JitOptions options;
    options.verifyEach = verifyEach;
    counter->count = 0;
    auto compiled = CompiledFunction::compile(*module, "f", options);
    EXPECT_TRUE(static_cast<bool>(compiled));
    if (!compiled)
      llvm::consumeError(compiled.takeError());
    return counter->count;
  }

  MLIRContext context;
  CountingDialect *counter;
  OwningOpRef<ModuleOp> module;
};
} // namespace

// The function, and its C interface, which has its attributes.
TEST_F(Verification, EndsTheLowering) { EXPECT_EQ(count(false), 2); }

TEST_F(Verification, FollowsEachPass) { EXPECT_GT(count(true), 10); }

TEST_F(Verification, Fails) {
  counter->isValid = false;
  auto compiled = CompiledFunction::compile(*module, "f", JitOptions());
  ASSERT_FALSE(compiled);
  EXPECT_EQ(llvm::toString(compiled.takeError()),
            "the module cannot be lowered");
}
