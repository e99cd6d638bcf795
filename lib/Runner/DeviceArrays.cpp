//===- DeviceArrays.cpp - Copies of arrays on a GPU -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceArrays.h"
#include "CudaRuntime.h"
#include "Guard.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

DeviceArrays::~DeviceArrays() {
  for (Copy &copy : copies)
    if (Error error =
            callGuarded([&] { CudaRuntime::getIfOpen()->free(copy.device); }))
      llvm::consumeError(std::move(error));
}

Expected<ArrayView> DeviceArrays::add(const ArrayView &array,
                                      int64_t elementSize) {
  auto [host, bytes] = getExtent(array, elementSize);
  Copy copy = {host, nullptr, bytes};
  CudaRuntime &cuda = *CudaRuntime::getIfOpen();
  if (Error error =
          callGuarded([&] { copy.device = cuda.allocate(copy.bytes); }))
    return std::move(error);
  copies.push_back(copy);
  if (Error error =
          callGuarded([&] { cuda.copyIn(copy.device, copy.host, copy.bytes); }))
    return std::move(error);
  ArrayView view = array;
  view.data = static_cast<char *>(copy.device) + (array.data - host);
  return view;
}

Error DeviceArrays::copyBack() const {
  for (const Copy &copy : copies)
    if (Error error = callGuarded([&] {
          CudaRuntime::getIfOpen()->copyOut(copy.host, copy.device, copy.bytes);
        }))
      return error;
  return Error::success();
}

Expected<ArrayView> norm::copyToHost(const ArrayView &array,
                                     int64_t elementSize,
                                     std::vector<char> &memory) {
  auto extent = getExtent(array, elementSize);
  memory.resize(extent.second);
  if (Error error = callGuarded([&] {
        CudaRuntime::getIfOpen()->copyOut(memory.data(), extent.first,
                                          extent.second);
      }))
    return std::move(error);
  ArrayView view = array;
  view.data = memory.data() + (array.data - extent.first);
  return view;
}

Expected<double> norm::tickOnDevice() {
  double seconds = 0;
  if (Error error =
          callGuarded([&] { seconds = CudaRuntime::getIfOpen()->tick(); }))
    return std::move(error);
  return seconds;
}
