//===- Run.h - what norm-run does -------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the work of norm-run: load arrays, run a function on them, save,
/// compare and time.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_RUN_H
#define NORM_RUNNER_RUN_H

#include "Norm/Runner/Compare.h"
#include "Norm/Runner/Jit.h"

#include <string>
#include <vector>

namespace mlir::norm {

/// What runs the function.
enum class RunTarget { CPU, CUDA, GPUEmulator, Reference };

/// What connects the processes that a launcher has started: the MPI of the
/// launcher, if there is one, nothing, or a certain one.
enum class MPILibrary { Auto, None, Mpich, Openmpi };

/// What is reported about the outputs.
enum class Report { None, Ulp };

/// What norm-run is asked for; its --help describes each.
struct RunConfig {
  /// The MLIR file, `-` for standard input.
  std::string file;
  /// The function; empty for the only one.
  std::string entry;
  /// What is bound to each argument: FILE, update:FILE or zeros:SHAPE.
  std::vector<std::string> inputs;
  /// Where the outputs are saved: none or one for each.
  std::vector<std::string> outputs;
  /// What the outputs are compared with: none or one for each.
  std::vector<std::string> expected;
  Tolerance tolerance;
  Report report = Report::None;
  /// Check gradients against differences: of each, so many elements, which are
  /// chosen at random from the seed.
  bool gradCheck = false;
  uint64_t gradCheckSamples = 100;
  uint64_t gradCheckSeed = 0;
  RunTarget target = RunTarget::CPU;
  MPILibrary mpi = MPILibrary::Auto;
  /// Of which arguments a process has a part: ARGUMENT:AXIS or
  /// ARGUMENT:AXIS:GRIDAXIS.
  std::vector<std::string> shards;
  CPUSelection cpu;
  /// The number of threads; 0 for all cores.
  unsigned threads = 0;
  /// Options of norm-lower-to-cpu-pipeline, or of norm-lower-to-nvvm-pipeline.
  std::string pipeline;
  /// Verify after each pass.
  bool verifyEach = false;
  /// Keep float64 in the reference.
  bool unrounded = false;
  /// Report the bytes that GPU kernels move, on the emulator.
  bool countBytes = false;
  /// Report times, the median over `repetitions` calls.
  bool time = false;
  unsigned repetitions = 20;
};

/// The exit codes of norm-run.
enum class RunStatus { Success = 0, Error = 1, Different = 2 };

/// Does what `config` asks for. Reports go to `os`, and errors, one line each,
/// to `errors`. After an error there are no new outputs. Of several processes
/// that a launcher has started, all return the worst status.
RunStatus run(const RunConfig &config, llvm::raw_ostream &os,
              llvm::raw_ostream &errors);

} // namespace mlir::norm

#endif // NORM_RUNNER_RUN_H
