//===- RegistrationTest.cpp - one call registers all of Norm --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>

using namespace mlir;

TEST(Registration, DialectHasItsOps) {
  DialectRegistry registry;
  registry.insert<norm::NormDialect>();
  MLIRContext context(registry);
  EXPECT_TRUE(context.getOrLoadDialect("norm"));
  EXPECT_TRUE(context.isOperationRegistered("norm.batch_norm_training"));
  EXPECT_TRUE(context.isOperationRegistered("norm.group_norm"));
}
