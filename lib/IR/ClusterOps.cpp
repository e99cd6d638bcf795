//===- ClusterOps.cpp - clusters of thread blocks -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::norm;

Type PeerMemoryOp::getPeerType(Type type) {
  auto memory = dyn_cast<MemRefType>(type);
  if (!memory)
    return type;
  auto space = IntegerAttr::get(
      IntegerType::get(type.getContext(), 64),
      static_cast<int64_t>(NVVM::NVVMMemorySpace::SharedCluster));
  return MemRefType::Builder(memory).setMemorySpace(space);
}

LogicalResult PeerMemoryOp::verify() {
  MemRefType type = getMemory().getType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      !gpu::GPUDialect::hasWorkgroupMemoryAddressSpace(type))
    return emitOpError("expected (C1) memory to be a memref of a static shape "
                       "in workgroup memory, one element after the other, but "
                       "got ")
           << type;
  return success();
}

LogicalResult GridBarrierOp::verify() {
  if (!getCounters().getType().getLayout().isIdentity())
    return emitOpError("expected (C1) counters to be one after the other, but "
                       "got ")
           << getCounters().getType();
  return success();
}
