//===- MapPeers.cpp - memory of other blocks as pointers ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUMAPPEERS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static Value buildPeer(OpBuilder &b, PeerMemoryOp op,
                       const LLVMTypeConverter &converter) {
  Location loc = op.getLoc();
  auto getPointer = [&](NVVM::NVVMMemorySpace space) {
    return LLVM::LLVMPointerType::get(b.getContext(), unsigned(space));
  };
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, op.getMemory());
  Value integer = arith::IndexCastOp::create(b, loc, b.getI64Type(), address);
  Value own = LLVM::IntToPtrOp::create(
      b, loc, getPointer(NVVM::NVVMMemorySpace::Shared), integer);
  Value rank = arith::IndexCastOp::create(b, loc, b.getI32Type(), op.getRank());
  Value peer = NVVM::MapaOp::create(
      b, loc, getPointer(NVVM::NVVMMemorySpace::SharedCluster), own, rank);
  auto type = cast<MemRefType>(op.getPeer().getType());
  Value descriptor =
      MemRefDescriptor::fromStaticShape(b, loc, converter, type, peer);
  return UnrealizedConversionCastOp::create(b, loc, type, descriptor)
      .getResult(0);
}

namespace {
struct MapPeers : public norm::impl::NormGPUMapPeersBase<MapPeers> {
  void runOnOperation() override {
    LLVMTypeConverter converter(&getContext());
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](PeerMemoryOp op) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op, buildPeer(rewriter, op, converter));
    });
  }
};
} // namespace
