//===- BlockReduce.cpp - Reductions over a block --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BlockReduce.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::norm;

/// The number of threads of a warp.
static constexpr int64_t kWarp = 32;

/// Reduces the values of each warp; each of its threads gets the results.
static SmallVector<Value> buildWarpReduce(OpBuilder &b, Location loc,
                                          const Reductions &reductions,
                                          ValueRange values) {
  SmallVector<Value> results(values);
  for (int64_t offset = kWarp / 2; offset >= 1; offset /= 2) {
    SmallVector<Value> others = llvm::map_to_vector(results, [&](Value value) {
      return gpu::ShuffleOp::create(b, loc, value, offset, kWarp,
                                    gpu::ShuffleMode::XOR)
          .getShuffleResult();
    });
    results = combine(b, reductions, results, others);
  }
  return results;
}

SmallVector<Value>
norm::buildBlockReduce(OpBuilder &b, Location loc, gpu::LaunchOp launch,
                       int64_t blockSize, const Reductions &reductions,
                       ValueRange values, ThreadMemory &memory) {
  SmallVector<Value> results = buildWarpReduce(b, loc, reductions, values);
  int64_t warps = blockSize / kWarp;
  if (warps == 1)
    return results;
  Value thread = launch.getThreadIds().x;
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  SmallVector<Value> buffers = llvm::map_to_vector(results, [&](Value value) {
    return addWorkgroupBuffer(launch, {warps}, value.getType());
  });
  Value size = constant(kWarp);
  Value lane = arith::RemUIOp::create(b, loc, thread, size);
  Value warp = arith::DivUIOp::create(b, loc, thread, size);
  Value isFirst = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, lane,
                                        constant(0));
  scf::IfOp::create(b, loc, isFirst, [&](OpBuilder &nested, Location) {
    for (auto [value, buffer] : llvm::zip_equal(results, buffers))
      memref::StoreOp::create(nested, loc, value, buffer, warp);
    scf::YieldOp::create(nested, loc);
  });
  gpu::BarrierOp::create(b, loc);
  memory = ThreadMemory();
  for (int64_t i = 0; i < warps; ++i) {
    Value index = constant(i);
    SmallVector<Value> parts = llvm::map_to_vector(buffers, [&](Value buffer) {
      return memref::LoadOp::create(b, loc, buffer, index).getResult();
    });
    results = i == 0 ? parts : combine(b, reductions, results, parts);
  }
  for (Value buffer : buffers)
    memory.addRead(buffer);
  return results;
}
