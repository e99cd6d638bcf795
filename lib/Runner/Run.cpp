//===- Run.cpp - what norm-run does ---------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Run.h"

#include "Session.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Prints `text` with the name of the device before each line.
static void printReport(StringRef text, const Devices &devices,
                        raw_ostream &os) {
  std::string lines;
  SmallVector<StringRef> parts;
  text.split(parts, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef line : parts)
    lines += llvm::formatv("device {0}: {1}\n", devices.getIndex(), line);
  os << lines;
  os.flush();
}

/// Prints the message of `error`, unless it has been printed as a diagnostic.
static void printError(Error error, const Devices *devices,
                       raw_ostream &errors) {
  std::string message = llvm::toString(std::move(error));
  if (message.empty())
    return;
  std::string name;
  if (devices && devices->getCount() > 1)
    name = llvm::formatv("device {0}: ", devices->getIndex());
  // What fails between devices has the name already.
  if (StringRef(message).starts_with(name))
    name.clear();
  errors << "norm-run: error: " + name + message + '\n';
}

RunStatus norm::run(const RunConfig &config, raw_ostream &os,
                    raw_ostream &errors) {
  Expected<std::unique_ptr<Devices>> started =
      Devices::start(config.mpi, config.target == RunTarget::CUDA);
  if (!started) {
    printError(started.takeError(), nullptr, errors);
    return RunStatus::Error;
  }
  Devices &devices = **started;
  // Several devices print a step's lines at once.
  std::string report;
  llvm::raw_string_ostream reportStream(report);
  Session session(config, devices, devices.getCount() == 1 ? os : reportStream);
  RunStatus status = RunStatus::Success;
  // No device is a step further than one that has failed.
  for (auto step : {&Session::prepare, &Session::execute, &Session::finish}) {
    Expected<bool> equal = (session.*step)();
    RunStatus own = !equal   ? RunStatus::Error
                    : *equal ? RunStatus::Success
                             : RunStatus::Different;
    printReport(report, devices, os);
    report.clear();
    if (!equal)
      printError(equal.takeError(), &devices, errors);
    Expected<RunStatus> all = devices.agree(own);
    if (all && *all == RunStatus::Error && own != *all)
      all = createStringError("expected the other devices to succeed, but "
                              "device " +
                              llvm::Twine(devices.getWorst()) + " has failed");
    if (!all) {
      printError(all.takeError(), &devices, errors);
      return RunStatus::Error;
    }
    status = *all;
    if (status == RunStatus::Error)
      break;
  }
  return status;
}
