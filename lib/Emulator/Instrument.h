//===- Instrument.h - NVVM IR to checked host code --------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_EMULATOR_INSTRUMENT_H
#define NORM_LIB_EMULATOR_INSTRUMENT_H

#include "Threads.h"

#include <optional>

namespace llvm {
class DataLayout;
class Module;
class Triple;
} // namespace llvm

namespace mlir::norm::emulator {

/// An array of a module.
struct Global {
  std::string name;
  size_t bytes = 0;
};

/// What is in a module.
struct Contents {
  std::vector<Kernel> kernels;
  std::vector<Global> globals;
};

/// Makes host code of a module for NVPTX: what only a GPU has becomes calls of
/// the emulator, reads and writes are checked, and for each kernel NAME there
/// is a function NAME.run that takes pointers to the arguments. Returns the
/// kernels without addresses, and the arrays. Fails if there is something that
/// it does not know.
llvm::Expected<Contents> instrument(llvm::Module &module,
                                    const llvm::Triple &triple,
                                    const llvm::DataLayout &layout);

/// Returns the special register that the intrinsic `id` reads, if it does.
std::optional<Register> getRegister(unsigned id);

/// Returns the functions that instrumented code calls.
llvm::ArrayRef<Symbol> getKernelSymbols();

} // namespace mlir::norm::emulator

#endif // NORM_LIB_EMULATOR_INSTRUMENT_H
