//===- PartialReductionImpl.cpp - partial moments -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lets upstream's tiling split the reduced axes of norm.moments into parts that
// are reduced in parallel, and combined by norm.combine_moments. The tensors of
// partial moments have the axes of the input that are kept or split, in their
// order in the input.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Builders.h"
#include "Norm/IR/ExternalModels.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::norm;
using ReductionDims = llvm::SetVector<unsigned>;

/// Returns the axes of the input that partial moments have.
static SmallVector<int64_t> getPartialAxes(MomentsOp op,
                                           const ReductionDims &split) {
  SmallVector<int64_t> reduced = llvm::to_vector(llvm::make_filter_range(
      op.getAxes(), [&](int64_t axis) { return !split.contains(axis); }));
  return getOtherAxes(getRank(op.getInput()), reduced);
}

/// Makes the slice of a tensor whose dimensions are `axes` of the input.
static Operation *makeSlice(OpBuilder &builder, Location loc, Value value,
                            ArrayRef<int64_t> axes,
                            ArrayRef<OpFoldResult> offsets,
                            ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> sliceOffsets, sliceSizes;
  for (int64_t axis : axes) {
    sliceOffsets.push_back(offsets[axis]);
    sliceSizes.push_back(sizes[axis]);
  }
  SmallVector<OpFoldResult> strides(axes.size(), builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(builder, loc, value, sliceOffsets,
                                        sliceSizes, strides);
}

namespace {
struct PartialMoments
    : public PartialReductionOpInterface::ExternalModel<PartialMoments,
                                                        MomentsOp> {
  FailureOr<SmallVector<Value>> generateInitialTensorForPartialReduction(
      Operation *op, OpBuilder &builder, Location loc,
      ArrayRef<OpFoldResult> sizes, const ReductionDims &split) const {
    auto moments = cast<MomentsOp>(op);
    SmallVector<OpFoldResult> partialSizes =
        llvm::map_to_vector(getPartialAxes(moments, split),
                            [&](int64_t axis) { return sizes[axis]; });
    return llvm::map_to_vector(moments.getDpsInits(), [&](Value init) {
      return makeZeros(builder, loc, partialSizes, getElementTypeOrSelf(init));
    });
  }

  FailureOr<TilingResult> tileToPartialReduction(
      Operation *op, OpBuilder &builder, Location loc,
      ReductionTilingStrategy strategy, ValueRange inits,
      ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
      const ReductionDims &split, ArrayRef<OpFoldResult> splitIvs) const {
    if (strategy != ReductionTilingStrategy::PartialReductionOuterParallel)
      return failure();
    auto moments = cast<MomentsOp>(op);
    TilingResult result;
    auto slice = [&](Operation *made) {
      result.generatedSlices.push_back(made);
      return made->getResult(0);
    };
    SmallVector<int64_t> all =
        llvm::to_vector(llvm::seq<int64_t>(getRank(moments.getInput())));
    SmallVector<int64_t> kept = getOtherAxes(all.size(), moments.getAxes());
    Value input =
        slice(makeSlice(builder, loc, moments.getInput(), all, offsets, sizes));
    Value shift = moments.getShift();
    if (shift)
      shift = slice(makeSlice(builder, loc, shift, kept, offsets, sizes));
    SmallVector<Value> tileInits;
    for (auto [i, init] : llvm::enumerate(inits)) {
      SmallVector<OpFoldResult> initOffsets, initSizes;
      if (failed(getPartialResultTilePosition(op, builder, i, strategy, offsets,
                                              sizes, split, splitIvs,
                                              initOffsets, initSizes)))
        return failure();
      SmallVector<OpFoldResult> strides(initSizes.size(),
                                        builder.getIndexAttr(1));
      // A part is one index of a split axis, which its result does not have.
      SmallVector<OpFoldResult> keptSizes =
          llvm::map_to_vector(kept, [&](int64_t axis) { return sizes[axis]; });
      auto type = RankedTensorType::get(
          llvm::map_to_vector(keptSizes,
                              [](OpFoldResult size) {
                                return getConstantIntValue(size).value_or(
                                    ShapedType::kDynamic);
                              }),
          getElementTypeOrSelf(init));
      tileInits.push_back(slice(tensor::ExtractSliceOp::create(
          builder, loc, type, init, initOffsets, initSizes, strides)));
    }
    auto tiled = MomentsOp::create(builder, loc, input, shift, tileInits[0],
                                   tileInits[1], tileInits[2],
                                   moments.getAxes(), moments.getVariance());
    result.tiledOps.push_back(tiled);
    result.tiledValues.assign(tiled->result_begin(), tiled->result_end());
    return result;
  }

  FailureOr<MergeResult> mergeReductions(Operation *op, OpBuilder &builder,
                                         Location loc, ValueRange partial,
                                         const ReductionDims &split) const {
    auto moments = cast<MomentsOp>(op);
    SmallVector<int64_t> axes;
    for (auto [i, axis] : llvm::enumerate(getPartialAxes(moments, split)))
      if (split.contains(axis))
        axes.push_back(i);
    auto combine = CombineMomentsOp::create(
        builder, loc, partial[0], partial[1], partial[2], moments.getCount(),
        moments.getMean(), moments.getM2(), axes);
    return MergeResult{{combine},
                       llvm::to_vector_of<Value>(combine.getResults())};
  }

  LogicalResult getPartialResultTilePosition(
      Operation *op, OpBuilder &builder, unsigned result,
      ReductionTilingStrategy strategy, ArrayRef<OpFoldResult> offsets,
      ArrayRef<OpFoldResult> sizes, const ReductionDims &split,
      ArrayRef<OpFoldResult> splitIvs, SmallVector<OpFoldResult> &resultOffsets,
      SmallVector<OpFoldResult> &resultSizes) const {
    if (strategy != ReductionTilingStrategy::PartialReductionOuterParallel)
      return failure();
    for (int64_t axis : getPartialAxes(cast<MomentsOp>(op), split)) {
      auto it = llvm::find(split, axis);
      bool isSplit = it != split.end();
      resultOffsets.push_back(isSplit ? splitIvs[it - split.begin()]
                                      : offsets[axis]);
      resultSizes.push_back(isSplit ? builder.getIndexAttr(1) : sizes[axis]);
    }
    return success();
  }
};
} // namespace

void norm::registerPartialReductionExternalModels(DialectRegistry &registry) {
  registerTilingInterfaceExternalModels(registry);
  registry.addExtension(+[](MLIRContext *context, NormDialect *) {
    context->loadDialect<linalg::LinalgDialect, tensor::TensorDialect>();
    MomentsOp::attachInterface<PartialMoments>(*context);
  });
}
