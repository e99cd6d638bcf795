//===- Tile.cpp - layer ops to parallel slabs ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"
#include "Schedule.h"
#include "Tiling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMTILE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static ArrayRef<int64_t> getShape(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

namespace {
struct Tile : public norm::impl::NormTileBase<Tile> {
  using NormTileBase::NormTileBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "min-slabs", minSlabs)) ||
        failed(checkAtLeastOne(getOperation(), "line-bytes", lineBytes)))
      return signalPassFailure();
    SmallVector<TilingInterface> ops;
    getOperation()->walk([&](NormLayerOpInterface op) {
      if (cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics() &&
          !llvm::is_contained(getShape(op.getInput()), 0) &&
          !op.getLengths() && // Which norm-expand-lengths makes a mask of.
          !op.getDevices() && // Whose message cannot be taken in parts.
          !op->getParentOfType<scf::ForallOp>())
        ops.push_back(cast<TilingInterface>(*op));
    });
    IRRewriter rewriter(&getContext());
    for (TilingInterface op : ops)
      if (failed(tile(op, rewriter)))
        return signalPassFailure();
  }

  LogicalResult tile(TilingInterface op, IRRewriter &rewriter) {
    Schedule schedule =
        chooseSchedule(cast<NormLayerOpInterface>(*op),
                       {minSlabs, stripBytes, slabBytes, lineBytes, slabParts});
    if (schedule.tileSizes.empty())
      return success();
    return tileInParallel(rewriter, op, schedule.tileSizes);
  }
};
} // namespace
