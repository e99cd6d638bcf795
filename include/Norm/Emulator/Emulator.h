//===- Emulator.h - GPU kernels on the CPU ----------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares a device that runs the NVVM IR of kernels on the CPU and checks
/// what they do: every thread of a block is a fiber, barriers and shuffles are
/// meetings of fibers. See docs/Emulator.md.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_EMULATOR_EMULATOR_H
#define NORM_EMULATOR_EMULATOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace mlir::norm::emulator {

/// In which order the threads of a block, and the blocks, run.
enum class Order { Forward, Backward, Random };

struct Options {
  Order order = Order::Forward;
  unsigned seed = 0;
};

/// Sets the options of launches from now on. At first, the environment variable
/// NORM_EMULATOR_ORDER decides: forward, backward or random.
void setOptions(const Options &options);

/// What threads have read from and written to memory: how often, and how many
/// bytes.
struct Traffic {
  uint64_t reads = 0, bytesRead = 0;
  uint64_t writes = 0, bytesWritten = 0;
};
/// Returns those of all global memory so far.
Traffic getTraffic();
/// Returns those of the memory that was added at `data`, since then.
Traffic getTraffic(const void *data);

/// Tells that kernels may use the memory from `data` on, and no longer.
void addMemory(void *data, size_t bytes);
void removeMemory(void *data);

/// Sets `handler` as what a launch calls, with a message, when a kernel does
/// what it must not. It must not return.
void setFailHandler(void (*handler)(const char *message));

/// A function that host code calls, as upstream's lowering of the gpu dialect
/// names it.
struct Symbol {
  llvm::StringRef name;
  void *address;
};
/// Returns all of them: those that load modules, of LLVM bitcode for NVPTX,
/// launch kernels, and handle streams and memory.
llvm::ArrayRef<Symbol> getSymbols();

} // namespace mlir::norm::emulator

#endif // NORM_EMULATOR_EMULATOR_H
