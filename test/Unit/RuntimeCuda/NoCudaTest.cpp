//===- NoCudaTest.cpp - The GPU runtime without a driver that serves ------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Cuda.h"

#include <gtest/gtest.h>

// The program has started, and tells what is missing when it is asked.
TEST(NoCudaTest, problem) {
  EXPECT_STREQ(normCudaGetProblem(),
               "expected a CUDA driver of version 11.2 or later, but got one "
               "without cuInit");
  EXPECT_STREQ(normCudaGetProblem(),
               "expected a CUDA driver of version 11.2 or later, but got one "
               "without cuInit");
}
