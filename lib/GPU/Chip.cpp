//===- Chip.cpp - what GPUs have ------------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Chip.h"

#include "llvm/ADT/StringExtras.h"
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

unsigned norm::getChipNumber(llvm::StringRef chip) {
  unsigned number = 0;
  // sm_90a and sm_100f are sm_90 and sm_100 with more instructions.
  if (!chip.consume_front("sm_") || chip.rtrim("af").getAsInteger(10, number))
    return 0;
  return number;
}

bool norm::hasClusters(llvm::StringRef chip) {
  return getChipNumber(chip) >= 90;
}

/// The version of PTX that has wide accesses.
static constexpr unsigned kWidePTX = 88;

std::optional<unsigned> norm::findPTXVersion(llvm::StringRef features) {
  std::optional<unsigned> newest;
  for (llvm::StringRef feature : llvm::split(features, ',')) {
    unsigned version;
    if (feature.consume_front("+ptx") && !feature.getAsInteger(10, version))
      newest = std::max(newest.value_or(0), version);
  }
  return newest;
}

int64_t norm::getAccessBytes(llvm::StringRef chip, llvm::StringRef features) {
  return getChipNumber(chip) >= 100 &&
                 findPTXVersion(features).value_or(kWidePTX) >= kWidePTX
             ? kWideAccessBytes
             : kAccessBytes;
}

std::string norm::addAccessFeatures(llvm::StringRef features,
                                    llvm::StringRef chip, int64_t accessBytes) {
  // LLVM chooses the version that was the first for a chip; what came later
  // than wide accesses does not accept theirs.
  bool isOlder = llvm::is_contained({100u, 101u, 120u}, getChipNumber(chip));
  if (accessBytes <= kAccessBytes || !isOlder || findPTXVersion(features))
    return features.str();
  std::string all = "+ptx" + llvm::utostr(kWidePTX);
  return features.empty() ? all : all + "," + features.str();
}
