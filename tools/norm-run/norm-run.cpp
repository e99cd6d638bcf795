//===- norm-run.cpp - compiles and runs functions -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Run.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::norm;
namespace cl = llvm::cl;

static constexpr const char *kOverview =
    R"(Norm: compiles a function of an MLIR file and runs it on .npy arrays

The file may be at any level, from layer ops down to the LLVM dialect; in the
LLVM dialect, the function needs the attribute norm.signature with its former
type. Arguments and results are ranked tensors and memrefs of f64, f32, f16,
bf16, which is stored as ml_dtypes does, i1, i8, i32, i64 or index, which is
stored as i64. Integers and booleans are compared exactly.

Each argument takes one --input, in order:
  FILE         an array
  update:FILE  for a memref: an array that the function updates
  zeros        zeros; for a memref, what the function writes its output to
  zeros:2x3x4  the same, of a shape that the argument's type does not say

The outputs are the results, followed by the memref arguments that are bound to
zeros or update, in order.

Under mpirun, each process is a device of the function's grid, in row-major order.
The device 1 of several reads FILE.1.npy instead of FILE.npy where there is one,
unless --shard takes a part of FILE.npy; it saves FILE.npy as FILE.1.npy. Lines of
reports begin with `device 1: `. All processes return the worst status.

Exit status: 0 success, 1 error, 2 a comparison failed.
)";

namespace {

/// The command line. It must be created after the options of LLVM's libraries,
/// some of which have the same names, are removed.
struct Options {
  cl::OptionCategory category{"norm-run options"};

  cl::opt<std::string> file{cl::Positional, cl::desc("FILE"), cl::init("-"),
                            cl::cat(category)};
  cl::opt<std::string> entry{
      "entry", cl::value_desc("NAME"),
      cl::desc("The function to run; may be left out if there is only one"),
      cl::cat(category)};
  cl::list<std::string> inputs{
      "input", cl::value_desc("ARRAY"),
      cl::desc("What the next argument is bound to, see above"),
      cl::cat(category)};
  cl::list<std::string> outputs{
      "output", cl::value_desc("FILE"),
      cl::desc("Where the next output is saved; none or one for each"),
      cl::cat(category)};
  cl::list<std::string> expected{
      "compare", cl::value_desc("FILE"),
      cl::desc("What the next output is compared with; none or one for each. "
               "NaN equals only NaN"),
      cl::cat(category)};
  cl::opt<double> ulp{
      "ulp", cl::value_desc("N"),
      cl::desc("Allow a distance of N units in the last place of the output's "
               "type, at the expected number. Without this, --rtol and --atol, "
               "numbers must be equal; with several, all must hold"),
      cl::cat(category)};
  cl::opt<double> rtol{"rtol", cl::value_desc("X"),
                       cl::desc("Allow a distance of atol + X * |expected|"),
                       cl::cat(category)};
  cl::opt<double> atol{"atol", cl::value_desc("X"),
                       cl::desc("Allow a distance of X + rtol * |expected|"),
                       cl::cat(category)};
  cl::opt<Report> report{
      "report", cl::desc("What is reported about each output:"),
      cl::values(clEnumValN(
          Report::Ulp, "ulp",
          "how far it is from the reference, which is run on the same inputs "
          "and not rounded, in units in the last place of the output's type: "
          "mean, percentiles and maximum. Exact is what the reference gives if "
          "it is rounded. A NaN or an infinity that the reference does not "
          "have is a failed comparison")),
      cl::init(Report::None), cl::cat(category)};
  cl::opt<bool> gradCheck{
      "gradcheck",
      cl::desc("For a function of one gradient op: compare the gradients with "
               "differences of the reference's layer, whose statistics are "
               "those of the input. Without --ulp, --rtol and --atol, allow "
               "what rounding explains"),
      cl::cat(category)};
  cl::opt<uint64_t> gradCheckSamples{
      "gradcheck-samples", cl::value_desc("N"),
      cl::desc("The number of elements of each gradient that are compared, "
               "chosen at random; 100 by default"),
      cl::init(100), cl::cat(category)};
  cl::opt<uint64_t> gradCheckSeed{
      "gradcheck-seed", cl::value_desc("N"),
      cl::desc("What they are chosen from; 0 by default"), cl::init(0),
      cl::cat(category)};
  cl::opt<RunTarget> target{
      "target", cl::desc("What runs the function:"),
      cl::values(clEnumValN(RunTarget::CPU, "cpu",
                            "code compiled for the host CPU (default)"),
                 clEnumValN(RunTarget::CUDA, "cuda",
                            "GPU kernels; times are those of the device"),
                 clEnumValN(RunTarget::GPUEmulator, "gpu-emulator",
                            "GPU kernels, on the CPU, with checks of what "
                            "they do"),
                 clEnumValN(RunTarget::Reference, "reference",
                            "an interpreter of layer ops in float64")),
      cl::init(RunTarget::CPU), cl::cat(category)};
  cl::opt<MPILibrary> mpi{
      "mpi", cl::desc("What connects the processes that mpirun has started:"),
      cl::values(clEnumValN(MPILibrary::Auto, "auto",
                            "the MPI of the launcher, if there are several "
                            "processes (default)"),
                 clEnumValN(MPILibrary::None, "none", "nothing"),
                 clEnumValN(MPILibrary::Mpich, "mpich", "MPICH"),
                 clEnumValN(MPILibrary::Openmpi, "openmpi", "Open MPI")),
      cl::init(MPILibrary::Auto), cl::cat(category)};
  cl::list<std::string> shards{
      "shard", cl::value_desc("ARGUMENT:AXIS[:GRIDAXIS]"),
      cl::desc("Give this process its part of the array of an argument: of "
               "the dimension AXIS, which is split as numpy.array_split does, "
               "into as many parts as there are devices, or devices along one "
               "axis of the module's shard.grid"),
      cl::cat(category)};
  cl::opt<std::string> cpu{
      "cpu", cl::value_desc("NAME"),
      cl::desc("The CPU that code is compiled for, as LLVM names it, such as "
               "x86-64-v3; native, the default, is the host with all that it "
               "has"),
      cl::cat(category)};
  cl::opt<std::string> features{
      "features", cl::value_desc("LIST"),
      cl::desc("Changes of what the CPU has, such as +avx2,-fma"),
      cl::cat(category)};
  cl::opt<unsigned> threads{
      "threads", cl::value_desc("N"),
      cl::desc("The number of threads; 0, the default, for all cores"),
      cl::init(0), cl::cat(category)};
  cl::opt<std::string> pipeline{
      "pipeline-options", cl::value_desc("OPTIONS"),
      cl::desc("Options of norm-lower-to-cpu-pipeline, such as "
               "'vector-bits=256 unroll=2'"),
      cl::cat(category)};
  cl::opt<bool> verifyEach{
      "verify-each",
      cl::desc("Verify the module after each pass of the pipeline; otherwise "
               "only after the last"),
      cl::cat(category)};
  cl::opt<bool> unrounded{
      "unrounded",
      cl::desc("With --target=reference: give outputs of f64 that are not "
               "rounded to their type"),
      cl::cat(category)};
  cl::opt<bool> countBytes{
      "count-bytes",
      cl::desc("With --target=gpu-emulator: print the bytes that kernels read "
               "and write of each argument and of all global memory, access by "
               "access"),
      cl::cat(category)};
  cl::opt<bool> time{
      "time",
      cl::desc("Print the time of the compilation, the median time of a call, "
               "the bytes moved (inputs read once and outputs written once) "
               "and the bandwidth"),
      cl::cat(category)};
  cl::opt<unsigned> repetitions{
      "repetitions", cl::value_desc("N"),
      cl::desc("The number of calls that --time takes the median of, after one "
               "to warm up; 20 by default"),
      cl::init(20), cl::cat(category)};

  /// Returns what the command line asks for.
  RunConfig getConfig() const;
};

} // namespace

/// Returns the value of `option` if it is given.
static std::optional<double> getIfGiven(const cl::opt<double> &option) {
  if (option.getNumOccurrences() == 0)
    return std::nullopt;
  return option;
}

RunConfig Options::getConfig() const {
  RunConfig config;
  config.file = file;
  config.entry = entry;
  config.inputs.assign(inputs.begin(), inputs.end());
  config.outputs.assign(outputs.begin(), outputs.end());
  config.expected.assign(expected.begin(), expected.end());
  config.tolerance = {getIfGiven(ulp), getIfGiven(rtol), getIfGiven(atol)};
  config.report = report;
  config.gradCheck = gradCheck;
  config.gradCheckSamples = gradCheckSamples;
  config.gradCheckSeed = gradCheckSeed;
  config.target = target;
  config.mpi = mpi;
  config.shards.assign(shards.begin(), shards.end());
  config.cpu = {cpu, features};
  config.threads = threads;
  config.pipeline = pipeline;
  config.verifyEach = verifyEach;
  config.unrounded = unrounded;
  config.countBytes = countBytes;
  config.time = time;
  config.repetitions = repetitions;
  return config;
}

int main(int argc, char **argv) {
  cl::ResetCommandLineParser();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  return static_cast<int>(run(options.getConfig(), llvm::outs(), llvm::errs()));
}
