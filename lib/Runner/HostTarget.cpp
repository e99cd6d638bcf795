//===- HostTarget.cpp - the host CPU --------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostTarget.h"
#include "HostCaches.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

#include <thread>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Returns LLVM's target for this process.
static Expected<const llvm::Target *>
lookupHostTarget(const llvm::Triple &triple) {
  // Initializing more than once is harmless.
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError("expected LLVM to know the host: " + message);
  return target;
}

/// Checks that `cpu`, unless it is empty, and `features` have names that
/// `known` knows.
static Error checkNames(const llvm::MCSubtargetInfo &known, StringRef cpu,
                        ArrayRef<std::string> features) {
  if (!cpu.empty() && !known.isCPUStringValid(cpu))
    return createStringError("expected a CPU that LLVM knows for " +
                             known.getTargetTriple().getArchName() +
                             ", such as native, but got '" + cpu + "'");
  for (StringRef feature : features) {
    bool hasSign = feature.starts_with("+") || feature.starts_with("-");
    bool isKnown =
        llvm::any_of(known.getAllProcessorFeatures(), [&](const auto &entry) {
          return feature.drop_front(hasSign) == entry.Key;
        });
    if (!hasSign || !isKnown)
      return createStringError("expected features that LLVM knows for " +
                               known.getTargetTriple().getArchName() +
                               ", each with + or - in front of it, but got '" +
                               feature + "'");
  }
  return Error::success();
}

/// Checks that the host has all features of `machine`.
static Error checkHostRuns(const llvm::TargetMachine &machine) {
  SmallVector<StringRef> missing;
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  const llvm::MCSubtargetInfo &info = *machine.getMCSubtargetInfo();
  for (const auto &feature : info.getAllProcessorFeatures()) {
    auto it = host.find(feature.Key);
    if (it != host.end() && !it->second && info.hasFeature(feature.Value))
      missing.push_back(feature.Key);
  }
  if (missing.empty())
    return Error::success();
  return createStringError("expected a CPU and features that the host has, but "
                           "got " +
                           llvm::join(missing, ", "));
}

Expected<std::unique_ptr<llvm::TargetMachine>>
norm::createHostTargetMachine(const CPUSelection &selection) {
  llvm::Triple triple(llvm::sys::getProcessTriple());
  Expected<const llvm::Target *> target = lookupHostTarget(triple);
  if (!target)
    return target.takeError();
  bool isNative = selection.cpu.empty() || selection.cpu == "native";
  StringRef cpu = isNative ? StringRef() : StringRef(selection.cpu);
  llvm::SubtargetFeatures asked(selection.features);
  std::unique_ptr<llvm::MCSubtargetInfo> known(
      (*target)->createMCSubtargetInfo(triple, "", ""));
  if (Error error = checkNames(*known, cpu, asked.getFeatures()))
    return std::move(error);

  llvm::SubtargetFeatures features;
  if (isNative) {
    cpu = llvm::sys::getHostCPUName();
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      features.AddFeature(feature.first(), feature.second);
  }
  features.addFeaturesVector(asked.getFeatures());
  std::unique_ptr<llvm::TargetMachine> machine((*target)->createTargetMachine(
      triple, cpu, features.getString(), {}, std::nullopt, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive, /*JIT=*/true));
  if (!machine)
    return createStringError("expected LLVM to have code generation for the "
                             "host, " +
                             triple.str());
  if (Error error = checkHostRuns(*machine))
    return std::move(error);
  return std::move(machine);
}

void norm::setTargetOptions(CPUPipelineOptions &options,
                            const llvm::TargetMachine &machine) {
  const llvm::MCSubtargetInfo &info = *machine.getMCSubtargetInfo();
  auto has = [&](StringRef feature) {
    return info.checkFeatures(("+" + feature).str());
  };
  bool hasAVX512 = false;
  if (machine.getTargetTriple().isX86()) {
    hasAVX512 = has("avx512f");
    options.vectorBits = hasAVX512 ? 512 : has("avx") ? 256 : 128;
    options.fma = has("fma") || hasAVX512;
    options.expandF16 = !has("f16c") && !hasAVX512;
    options.expandBF16 = !has("avx512bf16");
  } else {
    options.vectorBits = 128;
    options.expandBF16 = !machine.getTargetTriple().isAArch64() || !has("bf16");
  }
  // Where registers are fewer, or results overwrite an operand, more vectors
  // are spilled.
  if (!hasAVX512)
    options.outerUnroll = 10;
  CacheShares shares =
      chooseCacheShares(readCacheSizes(), std::thread::hardware_concurrency());
  if (shares.output)
    options.streamThreshold = shares.output;
  if (shares.nextSlab)
    options.prefetchSlab = shares.nextSlab;
  if (shares.strip)
    options.stripBytes = shares.strip;
}
