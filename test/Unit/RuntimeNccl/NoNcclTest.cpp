//===- NoNcclTest.cpp - NCCL without a driver that serves -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Nccl.h"

#include <gtest/gtest.h>

// The library and NCCL have been loaded, and tell what is missing.
TEST(NoNcclTest, problem) {
  NormTransport host = {};
  host.count = 2;
  EXPECT_EQ(normNcclStart(&host), nullptr);
  EXPECT_STREQ(normNcclGetProblem(),
               "expected a CUDA driver of version 11.2 or later, but got one "
               "without cuInit");
}
