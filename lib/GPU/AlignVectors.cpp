//===- AlignVectors.cpp - alignment of vector accesses --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"
#include "Vectors.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUALIGNVECTORS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static int64_t getAlignment(VectorType type) {
  int64_t bytes = type.getNumElements() *
                  llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  return std::min(kAccessBytes, bytes);
}

namespace {
struct AlignVectors : public norm::impl::NormGPUAlignVectorsBase<AlignVectors> {
  void runOnOperation() override {
    getOperation()->walk([&](scf::IfOp versions) {
      if (!versions->removeAttr(kAlignedAttrName))
        return;
      versions.getThenRegion().walk([](Operation *op) {
        if (auto load = dyn_cast<vector::LoadOp>(op))
          align(load);
        else if (auto store = dyn_cast<vector::StoreOp>(op))
          align(store);
      });
    });
  }

  template <typename Op> static void align(Op op) {
    int64_t alignment = getAlignment(op.getVectorType());
    if (!op.getAlignment() && llvm::isPowerOf2_64(alignment))
      op.setAlignment(alignment);
  }
};
} // namespace
