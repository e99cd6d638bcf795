//===- CAPIDevices.cpp - several processes, from C and other languages ----===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CAPIKernel.h"
#include "Devices.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// What is connected. Not ended with the process: that would wait for the
/// others.
static Devices *devices = nullptr;

static Expected<MPILibrary> parseMPI(StringRef name) {
  auto mpi = llvm::StringSwitch<std::optional<MPILibrary>>(name)
                 .Case("auto", MPILibrary::Auto)
                 .Case("none", MPILibrary::None)
                 .Case("mpich", MPILibrary::Mpich)
                 .Case("openmpi", MPILibrary::Openmpi)
                 .Default(std::nullopt);
  if (mpi)
    return *mpi;
  return createStringError(
      "expected the MPI to be auto, none, mpich or openmpi, but got " + name);
}

static Error start(StringRef name, bool onGPU) {
  if (devices)
    return createStringError(
        "expected devices to be stopped before they are started again");
  Expected<MPILibrary> mpi = parseMPI(name);
  if (!mpi)
    return mpi.takeError();
  Expected<std::unique_ptr<Devices>> started = Devices::start(*mpi, onGPU);
  if (!started)
    return started.takeError();
  devices = started->release();
  return Error::success();
}

int normDevicesStart(const char *mpi, int onGPU, int64_t *index,
                     int64_t *count) {
  if (keepError(start(mpi ? mpi : "auto", onGPU)))
    return 1;
  *index = devices->getIndex();
  *count = devices->getCount();
  return 0;
}

void normDevicesStop() { delete std::exchange(devices, nullptr); }
