//===- SizeBlocks.cpp - how many threads a block has ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Chip.h"
#include "Norm/GPU/Passes.h"
#include "ThreadMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUSIZEBLOCKS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The fewest threads of a block: more blocks than that leaves room for do not
/// run at once on a multiprocessor. The most: each may have as many registers
/// as it needs.
static constexpr int64_t kLeast = 64, kMost = 256;

/// Returns how many accesses of kAccessBytes the ops of `launch` make of their
/// narrowest operand at once, at most; kMost if that is not known.
static int64_t countAccesses(gpu::LaunchOp launch) {
  int64_t most = 0;
  launch.walk([&](linalg::LinalgOp op) {
    int64_t bytes = kAccessBytes, elements = 1;
    for (Value operand : op->getOperands())
      if (auto type = dyn_cast<MemRefType>(operand.getType()))
        bytes = std::min<int64_t>(
            bytes, llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    // More elements than this make no difference.
    constexpr int64_t kMany = kMost * kAccessBytes;
    for (int64_t size : op.getStaticLoopRanges())
      elements = ShapedType::isDynamic(size)
                     ? kMany
                     : std::min(elements * std::min(size, kMany), kMany);
    most = std::max<int64_t>(most,
                             llvm::divideCeil(elements * bytes, kAccessBytes));
  });
  return most;
}

namespace {
struct SizeBlocks : public norm::impl::NormGPUSizeBlocksBase<SizeBlocks> {
  void runOnOperation() override {
    getOperation()->walk([&](gpu::LaunchOp launch) {
      if (!launch->hasAttr(kBlockAttrName))
        return;
      OpBuilder builder(launch);
      int64_t threads = llvm::PowerOf2Ceil(countAccesses(launch));
      launch.getBlockSizeXMutable().assign(arith::ConstantIndexOp::create(
          builder, launch.getLoc(), std::clamp(threads, kLeast, kMost)));
    });
  }
};
} // namespace
