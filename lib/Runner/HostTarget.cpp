//===- HostTarget.cpp - the host CPU --------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostTarget.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace mlir;
using namespace mlir::norm;

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
norm::createHostTargetMachine() {
  // Initializing more than once is harmless.
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple(llvm::sys::getProcessTriple());
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return llvm::createStringError("expected LLVM to know the host: " +
                                   message);
  llvm::SubtargetFeatures features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, llvm::sys::getHostCPUName(), features.getString(), {},
      std::nullopt, std::nullopt, llvm::CodeGenOptLevel::Aggressive,
      /*JIT=*/true));
  if (!machine)
    return llvm::createStringError("expected LLVM to have code generation for "
                                   "the host, " +
                                   triple.str());
  return std::move(machine);
}

void norm::setHostOptions(CPUPipelineOptions &options, bool passiveWaiting) {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  if (features.lookup("avx512f"))
    options.vectorBits = 512;
  else if (features.lookup("avx"))
    options.vectorBits = 256;
  else
    options.vectorBits = 128;
  options.expandBF16 =
      !features.lookup("avx512bf16") && !features.lookup("bf16");
  if (passiveWaiting)
    options.parallelBytes = 4 << 20;
}
