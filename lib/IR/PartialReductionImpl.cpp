//===- PartialReductionImpl.cpp - partial results -------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lets upstream's tiling split the reduced axes of an op into parts that are
// reduced in parallel, and then combined. The tensors of partial results have
// the axes of the input that are kept or split, in their order in the input.
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

/// Returns the axes of the input that partial results have.
template <typename OpTy>
static SmallVector<int64_t> getPartialAxes(OpTy op,
                                           const ReductionDims &split) {
  SmallVector<int64_t> reduced = llvm::to_vector(llvm::make_filter_range(
      op.getAxes(), [&](int64_t axis) { return !split.contains(axis); }));
  return getOtherAxes(getRank(op.getInput()), reduced);
}

/// Makes the slice of a tensor that is at `offsets`, of the type that `kept` of
/// its dimensions make.
static Operation *makeSlice(OpBuilder &builder, Location loc, Value value,
                            ArrayRef<OpFoldResult> offsets,
                            ArrayRef<OpFoldResult> sizes,
                            ArrayRef<OpFoldResult> kept) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : kept)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(
      builder, loc, RankedTensorType::get(shape, getElementTypeOrSelf(value)),
      value, offsets, sizes, strides);
}

/// Combines partial results along `axes` with those that the inits of `op`
/// hold.
static Operation *merge(MomentsOp op, OpBuilder &builder, Location loc,
                        ValueRange partial, ArrayRef<int64_t> axes) {
  return CombineMomentsOp::create(builder, loc, partial[0], partial[1],
                                  partial[2], op.getCount(), op.getMean(),
                                  op.getM2(), axes, /*devices=*/nullptr);
}
static Operation *merge(GradientSumsOp op, OpBuilder &builder, Location loc,
                        ValueRange partial, ArrayRef<int64_t> axes) {
  return CombineGradientSumsOp::create(builder, loc, partial[0], partial[1],
                                       /*rstd=*/Value(), /*scale=*/Value(),
                                       op.getSum(), op.getProduct(), axes);
}

namespace {
template <typename OpTy>
struct PartialReduction
    : public PartialReductionOpInterface::ExternalModel<PartialReduction<OpTy>,
                                                        OpTy> {
  FailureOr<SmallVector<Value>> generateInitialTensorForPartialReduction(
      Operation *op, OpBuilder &builder, Location loc,
      ArrayRef<OpFoldResult> sizes, const ReductionDims &split) const {
    SmallVector<OpFoldResult> partialSizes =
        llvm::map_to_vector(getPartialAxes(cast<OpTy>(op), split),
                            [&](int64_t axis) { return sizes[axis]; });
    return llvm::map_to_vector(cast<OpTy>(op).getDpsInits(), [&](Value init) {
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
    auto structured = cast<NormStructuredOpInterface>(op);
    auto destination = cast<DestinationStyleOpInterface>(op);
    TilingResult result;
    SmallVector<Value> operands;
    for (OpOperand &operand : op->getOpOperands()) {
      // A part is one index of a split axis, which its result does not have.
      SmallVector<OpFoldResult> partOffsets, partSizes, keptSizes;
      for (DimIndexing dim : structured.getIndexing(operand)) {
        partOffsets.push_back(offsets[dim.loop]);
        keptSizes.push_back(sizes[dim.loop]);
      }
      partSizes = keptSizes;
      Value source = operand.get();
      if (destination.isDpsInit(&operand)) {
        unsigned number =
            operand.getOperandNumber() - destination.getNumDpsInputs();
        source = inits[number];
        partOffsets.clear();
        partSizes.clear();
        if (failed(getPartialResultTilePosition(op, builder, number, strategy,
                                                offsets, sizes, split, splitIvs,
                                                partOffsets, partSizes)))
          return failure();
      }
      Operation *slice =
          makeSlice(builder, loc, source, partOffsets, partSizes, keptSizes);
      result.generatedSlices.push_back(slice);
      operands.push_back(slice->getResult(0));
    }
    SmallVector<Type> types;
    (void)norm::detail::inferResultTypes(
        ValueRange(operands).take_back(inits.size()), types);
    Operation *tiled = mlir::clone(builder, op, types, operands);
    result.tiledOps.push_back(tiled);
    result.tiledValues.assign(tiled->result_begin(), tiled->result_end());
    return result;
  }

  FailureOr<MergeResult> mergeReductions(Operation *op, OpBuilder &builder,
                                         Location loc, ValueRange partial,
                                         const ReductionDims &split) const {
    SmallVector<int64_t> axes;
    for (auto [i, axis] :
         llvm::enumerate(getPartialAxes(cast<OpTy>(op), split)))
      if (split.contains(axis))
        axes.push_back(i);
    Operation *merged = merge(cast<OpTy>(op), builder, loc, partial, axes);
    return MergeResult{{merged},
                       llvm::to_vector_of<Value>(merged->getResults())};
  }

  LogicalResult getPartialResultTilePosition(
      Operation *op, OpBuilder &builder, unsigned result,
      ReductionTilingStrategy strategy, ArrayRef<OpFoldResult> offsets,
      ArrayRef<OpFoldResult> sizes, const ReductionDims &split,
      ArrayRef<OpFoldResult> splitIvs, SmallVector<OpFoldResult> &resultOffsets,
      SmallVector<OpFoldResult> &resultSizes) const {
    if (strategy != ReductionTilingStrategy::PartialReductionOuterParallel)
      return failure();
    for (int64_t axis : getPartialAxes(cast<OpTy>(op), split)) {
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
    MomentsOp::attachInterface<PartialReduction<MomentsOp>>(*context);
    GradientSumsOp::attachInterface<PartialReduction<GradientSumsOp>>(*context);
  });
}
