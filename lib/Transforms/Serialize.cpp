//===- Serialize.cpp - loops over little memory on one thread -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMSERIALIZE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns the memrefs from outside that `op` uses.
static llvm::SetVector<Value> getMemory(Operation *op) {
  llvm::SetVector<Value> used, memory;
  getUsedValuesDefinedAbove(op->getRegions(), used);
  for (Value value : used) {
    // The sizes are those of what a base buffer comes from.
    if (auto metadata = value.getDefiningOp<memref::ExtractStridedMetadataOp>())
      value = metadata.getSource();
    if (isa<MemRefType>(value.getType()))
      memory.insert(value);
  }
  return memory;
}

static int64_t getElementBytes(MemRefType type) {
  Type element = type.getElementType();
  return element.isIntOrFloat()
             ? llvm::divideCeil(element.getIntOrFloatBitWidth(), 8)
             : sizeof(int64_t);
}

/// Returns the bytes of `memory`, or nothing if it has a dynamic size.
static std::optional<int64_t> countBytes(ValueRange memory) {
  int64_t bytes = 0;
  for (Value value : memory) {
    auto type = cast<MemRefType>(value.getType());
    if (!type.hasStaticShape())
      return std::nullopt;
    bytes += type.getNumElements() * getElementBytes(type);
  }
  return bytes;
}

/// Computes the bytes of `memory` at run time.
static Value makeBytes(OpBuilder &builder, Location loc, ValueRange memory) {
  Value bytes = arith::ConstantIndexOp::create(builder, loc, 0);
  for (Value value : memory) {
    auto type = cast<MemRefType>(value.getType());
    Value size =
        arith::ConstantIndexOp::create(builder, loc, getElementBytes(type));
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      size = arith::MulIOp::create(
          builder, loc, size,
          memref::DimOp::create(builder, loc, value, dim).getResult());
    bytes = arith::AddIOp::create(builder, loc, bytes, size);
  }
  return bytes;
}

namespace {
struct Serialize : public norm::impl::NormSerializeBase<Serialize> {
  using NormSerializeBase::NormSerializeBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<scf::ForallOp> loops;
    getOperation()->walk([&](scf::ForallOp loop) {
      std::optional<int64_t> bytes = countBytes(getMemory(loop).getArrayRef());
      if (loop.getNumResults() == 0 && bytes && *bytes < minBytes)
        loops.push_back(loop);
    });
    for (scf::ForallOp loop : loops) {
      rewriter.setInsertionPoint(loop);
      if (failed(scf::forallToForLoop(rewriter, loop)))
        return signalPassFailure();
    }
    getOperation()->walk([&](omp::ParallelOp region) {
      llvm::SetVector<Value> memory = getMemory(region);
      if (region.getIfExpr() || countBytes(memory.getArrayRef()))
        return;
      OpBuilder builder(region);
      Location loc = region.getLoc();
      Value bytes = makeBytes(builder, loc, memory.getArrayRef());
      Value minimum = arith::ConstantIndexOp::create(builder, loc, minBytes);
      region.getIfExprMutable().assign(arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::uge, bytes, minimum));
    });
  }
};
} // namespace
