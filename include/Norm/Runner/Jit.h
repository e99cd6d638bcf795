//===- Jit.h - compiling and running in process -----------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the compilation of a function to code for the host CPU, and calls
/// of this code.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_JIT_H
#define NORM_RUNNER_JIT_H

#include "Norm/Emulator/Emulator.h"
#include "Norm/Runner/Signature.h"

#include <optional>

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace mlir::norm {

/// A CPU that code is compiled for.
struct CPUSelection {
  /// A name of LLVM, such as x86-64-v3; native or nothing is the host, with all
  /// its features.
  std::string cpu;
  /// Changes of its features, such as "+avx2,-fma".
  std::string features;
};

/// What compiled code runs on.
enum class Device {
  CPU,
  /// The host CPU, as a GPU whose kernels are checked; see docs/Emulator.md.
  GPUEmulator,
  /// A GPU, over the library NormRuntimeCuda. All arrays are in its memory, and
  /// calls do not wait for what they have launched.
  CUDA
};

struct JitOptions {
  Device device = Device::CPU;
  CPUSelection target;
  /// The number of OpenMP threads; 0 for all cores.
  unsigned threads = 0;
  /// How many milliseconds threads spin that wait for work, before they sleep;
  /// nothing leaves it to OpenMP's runtime. To wake them takes much longer than
  /// a small layer; while they spin, threads of other libraries are in need of
  /// their cores.
  std::optional<unsigned> blockTime;
  /// Options of `norm-lower-to-cpu-pipeline`, or of
  /// `norm-lower-to-nvvm-pipeline` for a GPU, as in a textual pipeline. They
  /// override those that are derived from the CPU.
  std::string pipeline;
  /// Verify the module after each pass, which makes a fault of a pass known
  /// where it is, and takes a third of the time of lowering; otherwise only
  /// after the last one.
  bool verifyEach = false;
};

/// How long the phases of a compilation took, in seconds.
struct CompileTimes {
  /// From MLIR at any level to the LLVM dialect.
  double lower = 0;
  /// To LLVM IR.
  double translate = 0;
  /// The optimizations on LLVM IR.
  double optimize = 0;
  /// To machine code, in memory.
  double generate = 0;

  double getTotal() const { return lower + translate + optimize + generate; }
};

/// A strided array in memory that someone else owns.
struct ArrayView {
  /// The first element.
  char *data;
  SmallVector<int64_t> shape;
  /// In elements.
  SmallVector<int64_t> strides;
};

/// Arrays that a function returned. Frees those that the function allocated.
class ReturnedArrays {
public:
  ReturnedArrays() = default;
  ReturnedArrays(ReturnedArrays &&) = default;
  ReturnedArrays &operator=(ReturnedArrays &&other);
  ~ReturnedArrays();

  ArrayRef<ArrayView> getViews() const { return views; }

  /// On the emulator: what kernels moved of each argument, and of all memory.
  ArrayRef<emulator::Traffic> getTraffic() const { return traffic; }

  /// If an allocation starts at `data`, leaves it to the caller, who frees it
  /// by normRuntimeFree. Returns false if there is none.
  bool take(const void *data);

private:
  friend class BoundCall;

  SmallVector<ArrayView> views;
  /// The allocations, each once.
  SmallVector<void *> owned;
  void (*free)(void *) = nullptr;
  SmallVector<emulator::Traffic> traffic;
};

/// A function compiled for the host CPU.
class CompiledFunction {
public:
  /// Compiles the function `entry` of `module`, which is at any level. The
  /// module is lowered in place. Fails with the diagnostics if the module
  /// cannot be lowered.
  static llvm::Expected<std::unique_ptr<CompiledFunction>>
  compile(ModuleOp module, StringRef entry, const JitOptions &options = {});
  ~CompiledFunction();

  const Signature &getSignature() const { return signature; }
  const CompileTimes &getCompileTimes() const { return times; }

  /// Calls the function. `arguments` must fit the signature; the offsets of
  /// memrefs are passed as the type has them, so that `data` is the element at
  /// index 0. Fails if a check of sizes that are known only now fails; the
  /// message names what was expected. What the function allocated until then is
  /// leaked.
  llvm::Expected<ReturnedArrays> invoke(ArrayRef<ArrayView> arguments) const;

private:
  friend class BoundCall;

  CompiledFunction() = default;

  Signature signature;
  CompileTimes times;
  JitOptions options;
  bool usesOpenMP = false;
  std::unique_ptr<ExecutionEngine> engine;
  void (*function)(void **) = nullptr;
};

/// A call of a function with arguments that stay where they are.
class BoundCall {
public:
  /// The arguments are as for CompiledFunction::invoke. Keeps a reference to
  /// the function.
  BoundCall(const CompiledFunction &function, ArrayRef<ArrayView> arguments);
  BoundCall(const BoundCall &) = delete;
  BoundCall &operator=(const BoundCall &) = delete;

  /// Calls the function, by one thread at a time.
  llvm::Expected<ReturnedArrays> invoke();

private:
  const CompiledFunction &function;
  SmallVector<void *, 4> bases;
  /// Where the elements of each argument are, and the bytes that they span.
  SmallVector<std::pair<char *, size_t>, 4> extents;
  /// The fields of all arguments, the words that are returned, and a pointer to
  /// each field and to these words.
  SmallVector<intptr_t, 64> fields, resultWords;
  SmallVector<void *, 64> pointers;
};

/// Returns where the elements of `array` begin, and how many bytes they span.
std::pair<char *, size_t> getExtent(const ArrayView &array,
                                    int64_t elementSize);

/// Copies `source`, of `type` elements, into the strided `target` of the same
/// shape.
void copyToView(ElementType type, const void *source, const ArrayView &target);

/// Copies the strided `source` of `type` elements into `target`, in row-major
/// order.
void copyFromView(ElementType type, const ArrayView &source, void *target);

/// Registers with `registry` all that compilation needs: Norm, all upstream
/// dialects and their translation to LLVM IR.
void registerForRunning(DialectRegistry &registry);

} // namespace mlir::norm

#endif // NORM_RUNNER_JIT_H
