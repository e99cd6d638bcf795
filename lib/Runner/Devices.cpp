//===- Devices.cpp - the processes that run together ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Devices.h"

#include "CudaRuntime.h"

#include <cstdlib>
#include <unistd.h>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// The launchers, by what each tells the processes that it starts.
static constexpr struct {
  MPILibrary mpi;
  StringLiteral library;
  const char *count;
  const char *indexOnHost;
} kLaunchers[] = {
    {MPILibrary::Openmpi, "NormRuntimeOpenmpi", "OMPI_COMM_WORLD_SIZE",
     "OMPI_COMM_WORLD_LOCAL_RANK"},
    {MPILibrary::Mpich, "NormRuntimeMpich", "PMI_SIZE", "MPI_LOCALRANKID"}};

/// How long a process that has failed waits for the others, in seconds.
static constexpr unsigned kPatience = 10;

/// Returns the number that the environment has for `name`, or 1.
static int64_t getNumber(const char *name) {
  const char *text = std::getenv(name);
  int64_t number;
  return !text || StringRef(text).getAsInteger(10, number) ? 1 : number;
}

/// Calls the functions `start` and `getProblem` of `library`.
template <typename... Arguments>
static Expected<const NormTransport *>
startLibrary(const RuntimeLibrary &library, StringRef start,
             StringRef getProblem, Arguments... arguments) {
  const NormTransport *(*startFunction)(Arguments...);
  const char *(*problemFunction)();
  if (!library.bind(startFunction, start) ||
      !library.bind(problemFunction, getProblem))
    return createStringError("expected a library with " + start);
  if (const NormTransport *transport = startFunction(arguments...))
    return transport;
  return createStringError(problemFunction());
}

Error Devices::connect(MPILibrary mpi, bool onGPU) {
  host.count = 1;
  const auto *launcher = llvm::find_if(kLaunchers, [&](const auto &candidate) {
    return mpi == MPILibrary::Auto ? getNumber(candidate.count) > 1
                                   : mpi == candidate.mpi;
  });
  if (launcher == std::end(kLaunchers)) {
    if (!onGPU)
      return Error::success();
    Expected<CudaRuntime *> cuda = CudaRuntime::get();
    if (!cuda)
      return cuda.takeError();
    normDevicesSetTransport((*cuda)->getTransport());
    return Error::success();
  }
  Expected<RuntimeLibrary> library = RuntimeLibrary::open(launcher->library);
  if (!library)
    return library.takeError();
  Expected<const NormTransport *> started =
      startLibrary(*library, "normMpiStart", "normMpiGetProblem");
  if (!started)
    return started.takeError();
  host = **started;
  library->bind(stop, "normMpiStop");
  for (const auto &other : kLaunchers)
    if (host.count == 1 && getNumber(other.count) > 1)
      return createStringError(
          "expected --mpi to name the MPI of the launcher, which has started " +
          Twine(getNumber(other.count)) + " processes, but got 1");
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(host.count));
  if (const char *problem =
          host.makeGroup(host.context, all.data(), host.count, &group))
    return createStringError(problem);
  if (!onGPU) {
    normDevicesSetTransport(&host);
    return Error::success();
  }
  // Each process has a GPU of its own.
  setenv("CUDA_VISIBLE_DEVICES",
         std::to_string(getNumber(launcher->indexOnHost)).c_str(),
         /*overwrite=*/0);
  Expected<RuntimeLibrary> nccl = RuntimeLibrary::open("NormRuntimeNccl");
  if (!nccl)
    return nccl.takeError();
  Expected<const NormTransport *> transport =
      startLibrary(*nccl, "normNcclStart", "normNcclGetProblem",
                   static_cast<const NormTransport *>(&host));
  if (!transport)
    return transport.takeError();
  normDevicesSetTransport(*transport);
  return Error::success();
}

Expected<std::unique_ptr<Devices>> Devices::start(MPILibrary mpi, bool onGPU) {
  std::unique_ptr<Devices> devices(new Devices());
  if (Error error = devices->connect(mpi, onGPU))
    return std::move(error);
  return std::move(devices);
}

Devices::~Devices() {
  normDevicesSetTransport(nullptr);
  if (group)
    host.freeGroup(host.context, group);
  if (stop)
    stop();
}

Expected<RunStatus> Devices::agree(RunStatus status) {
  if (host.count == 1)
    return status;
  if (status == RunStatus::Error)
    alarm(kPatience);
  auto own = static_cast<int64_t>(status);
  SmallVector<int64_t> all(host.count);
  const char *problem =
      host.allGather(host.context, group, &own, all.data(), sizeof own);
  alarm(0);
  if (problem)
    return createStringError(problem);
  for (RunStatus bad : {RunStatus::Error, RunStatus::Different})
    if (auto *found = llvm::find(all, static_cast<int64_t>(bad));
        found != all.end()) {
      worst = found - all.begin();
      return bad;
    }
  return RunStatus::Success;
}
