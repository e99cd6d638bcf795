//===- PackGathers.cpp - messages of devices in one row -------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Builders.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMPACKGATHERS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The bytes of a message that are its carrier's, and what its size is a
/// multiple of.
static constexpr int64_t kReservedBytes = 8;

namespace {
/// Packs one op.
class Packer {
public:
  Packer(AllGatherOp op, RewriterBase &rewriter)
      : op(op), rewriter(rewriter), loc(op.getLoc()),
        type(getElementTypeOrSelf(op.getInputs().front())),
        unit(8 * kReservedBytes / type.getIntOrFloatBitWidth()) {}

  void run() {
    rewriter.setInsertionPoint(op);
    SmallVector<OpFoldResult> counts, offsets;
    OpFoldResult end = rewriter.getIndexAttr(unit);
    for (Value input : op.getInputs()) {
      counts.push_back(countElements(rewriter, loc, input,
                                     getOtherAxes(getRank(input), {})));
      offsets.push_back(end);
      end = apply(getExpr(0) + getExpr(1), {end, counts.back()});
    }
    // Whole units, the last one padded.
    end = apply(getExpr(0).ceilDiv(unit) * unit, end);

    Value row = tensor::EmptyOp::create(rewriter, loc, end, type);
    for (auto [input, offset, count] :
         llvm::zip_equal(op.getInputs(), offsets, counts))
      row = tensor::InsertSliceOp::create(rewriter, loc, flatten(input), row,
                                          offset, count, getOne());
    OpFoldResult devices =
        tensor::getMixedSize(rewriter, loc, op.getOutputs().front(), 0);
    Value init = tensor::EmptyOp::create(
        rewriter, loc, ArrayRef<OpFoldResult>{devices, end}, type);
    Value all = AllGatherOp::create(rewriter, loc, row, init, op.getDevices(),
                                    /*packed=*/true)
                    .getResult(0);
    SmallVector<Value> results;
    for (auto [output, offset, count] :
         llvm::zip_equal(op.getOutputs(), offsets, counts)) {
      Value slice = tensor::ExtractSliceOp::create(
          rewriter, loc, all,
          ArrayRef<OpFoldResult>{rewriter.getIndexAttr(0), offset},
          ArrayRef<OpFoldResult>{devices, count},
          ArrayRef<OpFoldResult>{getOne(), getOne()});
      results.push_back(unflatten(slice, output));
    }
    rewriter.replaceOp(op, results);
  }

private:
  AffineExpr getExpr(unsigned symbol) {
    return rewriter.getAffineSymbolExpr(symbol);
  }
  OpFoldResult apply(AffineExpr expr, ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(rewriter, loc, expr, operands);
  }
  OpFoldResult getOne() { return rewriter.getIndexAttr(1); }

  /// Makes a vector of a tensor.
  Value flatten(Value value) {
    auto shaped = cast<RankedTensorType>(value.getType());
    if (shaped.getRank() == 1)
      return value;
    if (shaped.getRank() == 0)
      return tensor::ExpandShapeOp::create(
          rewriter, loc, RankedTensorType::get({1}, type), value,
          ArrayRef<ReassociationIndices>());
    ReassociationIndices all =
        llvm::to_vector<2>(llvm::seq<int64_t>(0, shaped.getRank()));
    return tensor::CollapseShapeOp::create(rewriter, loc, value,
                                           ArrayRef<ReassociationIndices>{all});
  }

  /// Gives the rows of `slice` the shape of those of `output`.
  Value unflatten(Value slice, Value output) {
    auto shaped = cast<RankedTensorType>(output.getType());
    Value result = slice;
    if (shaped.getRank() == 1) {
      result = tensor::CollapseShapeOp::create(
          rewriter, loc, slice, ArrayRef<ReassociationIndices>{{0, 1}});
    } else if (shaped.getRank() > 2) {
      ReassociationIndices row =
          llvm::to_vector<2>(llvm::seq<int64_t>(1, shaped.getRank()));
      result = tensor::ExpandShapeOp::create(
          rewriter, loc, shaped, slice,
          ArrayRef<ReassociationIndices>{{0}, row},
          tensor::getMixedSizes(rewriter, loc, output));
    }
    if (result.getType() != shaped)
      result = tensor::CastOp::create(rewriter, loc, shaped, result);
    return result;
  }

  AllGatherOp op;
  RewriterBase &rewriter;
  Location loc;
  Type type;
  /// The number of elements in what is reserved.
  int64_t unit;
};

struct PackGathers : public norm::impl::NormPackGathersBase<PackGathers> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](AllGatherOp op) {
      if (!op.getPacked() && op.hasPureTensorSemantics())
        Packer(op, rewriter).run();
    });
  }
};
} // namespace
