//===- Chip.cpp - what GPUs have ------------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Chip.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::norm;

int64_t norm::getTileBytes(llvm::StringRef chip) {
  // sm_90a and sm_100f are sm_90 and sm_100 with more instructions.
  chip = chip.rtrim("af");
  int64_t kibibytes = llvm::StringSwitch<int64_t>(chip)
                          .Case("sm_75", 64)
                          .Cases({"sm_80", "sm_87"}, 163)
                          .Cases({"sm_86", "sm_89", "sm_120", "sm_121"}, 99)
                          .Cases({"sm_90", "sm_100", "sm_103", "sm_110"}, 227)
                          .Default(48);
  return kibibytes * 1024 - kSmallBufferBytes;
}

bool norm::hasClusters(llvm::StringRef chip) {
  int number = 0;
  return chip.consume_front("sm_") &&
         !chip.rtrim("af").getAsInteger(10, number) && number >= 90;
}
