//===- TilingInterfaceImpl.cpp - tiling of norm ops -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of an op is the same op on slices of its operands. Which slices is
// what NormStructuredOpInterface tells, so that one model serves all ops, and
// upstream's tiling and fusion work on them.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/ExternalModels.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::norm;

static OpFoldResult getSize(OpBuilder &builder, Location loc, Value value,
                            int64_t dim) {
  return isa<MemRefType>(value.getType())
             ? memref::getMixedSize(builder, loc, value, dim)
             : tensor::getMixedSize(builder, loc, value, dim);
}

static OpFoldResult multiply(OpBuilder &builder, Location loc, OpFoldResult lhs,
                             OpFoldResult rhs) {
  AffineExpr d0, s0;
  bindDims(builder.getContext(), d0);
  bindSymbols(builder.getContext(), s0);
  return affine::makeComposedFoldedAffineApply(builder, loc, d0 * s0,
                                               {lhs, rhs});
}

static OpFoldResult divide(OpBuilder &builder, Location loc, OpFoldResult lhs,
                           OpFoldResult rhs) {
  AffineExpr d0, s0;
  bindDims(builder.getContext(), d0);
  bindSymbols(builder.getContext(), s0);
  return affine::makeComposedFoldedAffineApply(builder, loc, d0.floorDiv(s0),
                                               {lhs, rhs});
}

/// Returns true if the sizes are surely equal, also where each is computed
/// anew.
static bool areEqual(OpFoldResult a, OpFoldResult b) {
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(a, b);
  return succeeded(equal) && *equal;
}

/// Returns how many elements of dimension `dim` of `value` belong to one
/// iteration.
static OpFoldResult getFactor(OpBuilder &builder, NormStructuredOpInterface op,
                              Value value, int64_t dim, DimIndexing indexing) {
  if (!ShapedType::isDynamic(indexing.factor))
    return builder.getIndexAttr(indexing.factor);
  Location loc = op->getLoc();
  return divide(builder, loc, getSize(builder, loc, value, dim),
                builder.getIndexAttr(op.getLoopSize(indexing.loop)));
}

/// Returns the offsets and sizes of the part of an operand that the iterations
/// from `offsets` on, as many as `sizes`, need.
static void getOperandTile(OpBuilder &builder, NormStructuredOpInterface op,
                           OpOperand &operand, ArrayRef<OpFoldResult> offsets,
                           ArrayRef<OpFoldResult> sizes,
                           SmallVectorImpl<OpFoldResult> &tileOffsets,
                           SmallVectorImpl<OpFoldResult> &tileSizes) {
  Location loc = op->getLoc();
  for (auto [dim, indexing] : llvm::enumerate(op.getIndexing(operand))) {
    if (indexing.loop == DimIndexing::kWhole) {
      tileOffsets.push_back(builder.getIndexAttr(0));
      tileSizes.push_back(getSize(builder, loc, operand.get(), dim));
      continue;
    }
    OpFoldResult factor = getFactor(builder, op, operand.get(), dim, indexing);
    tileOffsets.push_back(
        multiply(builder, loc, offsets[indexing.loop], factor));
    tileSizes.push_back(multiply(builder, loc, sizes[indexing.loop], factor));
  }
}

/// Returns the iterations that produce or use the given part of an operand:
/// all of those loops that do not index it. Fails if the part cuts through what
/// belongs to one iteration.
static LogicalResult
getIterationTile(OpBuilder &builder, NormStructuredOpInterface op,
                 OpOperand &operand, ArrayRef<OpFoldResult> offsets,
                 ArrayRef<OpFoldResult> sizes, ArrayRef<Range> domain,
                 SmallVectorImpl<OpFoldResult> &iterationOffsets,
                 SmallVectorImpl<OpFoldResult> &iterationSizes) {
  for (Range range : domain) {
    iterationOffsets.push_back(range.offset);
    iterationSizes.push_back(range.size);
  }
  for (auto [dim, indexing] : llvm::enumerate(op.getIndexing(operand))) {
    if (indexing.loop == DimIndexing::kWhole) {
      // Every iteration needs the whole dimension, so a part of it does not do.
      if (!areEqual(sizes[dim],
                    getSize(builder, op->getLoc(), operand.get(), dim)))
        return failure();
      continue;
    }
    if (indexing.factor == 1) {
      iterationOffsets[indexing.loop] = offsets[dim];
      iterationSizes[indexing.loop] = sizes[dim];
      continue;
    }
    std::optional<int64_t> offset = getConstantIntValue(offsets[dim]);
    std::optional<int64_t> size = getConstantIntValue(sizes[dim]);
    if (ShapedType::isDynamic(indexing.factor) || !offset || !size ||
        *offset % indexing.factor != 0 || *size % indexing.factor != 0)
      return failure();
    iterationOffsets[indexing.loop] =
        builder.getIndexAttr(*offset / indexing.factor);
    iterationSizes[indexing.loop] =
        builder.getIndexAttr(*size / indexing.factor);
  }
  return success();
}

/// Returns true if an iteration of `loop` gives only a part of an element of
/// `init`, which cannot be added to what `init` holds.
static bool needsAllOf(NormStructuredOpInterface op, OpOperand &init,
                       int64_t loop) {
  return !op.takesParts(init) &&
         llvm::none_of(op.getIndexing(init),
                       [&](DimIndexing dim) { return dim.loop == loop; });
}

/// Returns true if the iterations from `offsets` on, as many as `sizes`, give
/// whole elements of all inits that need them.
static bool givesWholeSums(OpBuilder &builder, NormStructuredOpInterface op,
                           ArrayRef<OpFoldResult> offsets,
                           ArrayRef<OpFoldResult> sizes) {
  SmallVector<Range> domain;
  for (auto [loop, type] : llvm::enumerate(op.getLoopTypes())) {
    if (type != utils::IteratorType::reduction ||
        llvm::none_of(
            cast<DestinationStyleOpInterface>(*op).getDpsInitsMutable(),
            [&, loop = loop](OpOperand &init) {
              return needsAllOf(op, init, loop);
            }))
      continue;
    if (domain.empty())
      domain = cast<TilingInterface>(*op).getIterationDomain(builder);
    if (!isZeroInteger(offsets[loop]) ||
        !areEqual(sizes[loop], domain[loop].size))
      return false;
  }
  return true;
}

/// Makes the slice of `value`, a tensor or a memref.
static Operation *makeSlice(OpBuilder &builder, Location loc, Value value,
                            ArrayRef<OpFoldResult> offsets,
                            ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> strides(offsets.size(), builder.getIndexAttr(1));
  if (isa<MemRefType>(value.getType()))
    return memref::SubViewOp::create(builder, loc, value, offsets, sizes,
                                     strides);
  return tensor::ExtractSliceOp::create(builder, loc, value, offsets, sizes,
                                        strides);
}

namespace {
template <typename OpTy>
struct TilingModel
    : public TilingInterface::ExternalModel<TilingModel<OpTy>, OpTy> {
  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *op) const {
    return cast<OpTy>(op).getLoopTypes();
  }

  SmallVector<Range> getIterationDomain(Operation *op,
                                        OpBuilder &builder) const {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(op);
    auto structured = cast<NormStructuredOpInterface>(op);
    SmallVector<Range> domain(structured.getLoopTypes().size());
    for (auto [loop, range] : llvm::enumerate(domain)) {
      range.offset = builder.getIndexAttr(0);
      range.stride = builder.getIndexAttr(1);
      int64_t size = structured.getLoopSize(loop);
      if (!ShapedType::isDynamic(size))
        range.size = builder.getIndexAttr(size);
    }
    for (OpOperand &operand : op->getOpOperands())
      for (auto [dim, indexing] :
           llvm::enumerate(structured.getIndexing(operand)))
        if (indexing.loop != DimIndexing::kWhole && !domain[indexing.loop].size)
          domain[indexing.loop].size =
              divide(builder, op->getLoc(),
                     getSize(builder, op->getLoc(), operand.get(), dim),
                     builder.getIndexAttr(indexing.factor));
    return domain;
  }

  FailureOr<TilingResult>
  getTiledImplementation(Operation *op, OpBuilder &builder,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes) const {
    auto structured = cast<NormStructuredOpInterface>(op);
    if (!givesWholeSums(builder, structured, offsets, sizes))
      return failure();
    // Lengths count from the start of an axis, which a tile might not have; and
    // devices might not come to the same tiles in the same order.
    auto layer = dyn_cast<NormLayerOpInterface>(op);
    if (layer && (layer.getLengths() || layer.getDevices()))
      return failure();
    TilingResult result;
    SmallVector<Value> operands;
    for (OpOperand &operand : op->getOpOperands()) {
      SmallVector<OpFoldResult> tileOffsets, tileSizes;
      getOperandTile(builder, structured, operand, offsets, sizes, tileOffsets,
                     tileSizes);
      Operation *slice = makeSlice(builder, op->getLoc(), operand.get(),
                                   tileOffsets, tileSizes);
      result.generatedSlices.push_back(slice);
      operands.push_back(slice->getResult(0));
    }
    SmallVector<Type> types;
    unsigned numInits = cast<OpTy>(op).getNumDpsInits();
    (void)norm::detail::inferResultTypes(
        ValueRange(operands).take_back(numInits), types);
    Operation *tiled = mlir::clone(builder, op, types, operands);
    result.tiledOps.push_back(tiled);
    result.tiledValues.assign(tiled->result_begin(), tiled->result_end());
    if (failed(structured.updateTiledOp(tiled, sizes)))
      return failure();
    return result;
  }

  LogicalResult
  getResultTilePosition(Operation *op, OpBuilder &builder, unsigned result,
                        ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes,
                        SmallVector<OpFoldResult> &resultOffsets,
                        SmallVector<OpFoldResult> &resultSizes) const {
    getOperandTile(builder, cast<NormStructuredOpInterface>(op),
                   *cast<OpTy>(op).getDpsInitOperand(result), offsets, sizes,
                   resultOffsets, resultSizes);
    return success();
  }

  LogicalResult getIterationDomainTileFromResultTile(
      Operation *op, OpBuilder &builder, unsigned result,
      ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
      SmallVectorImpl<OpFoldResult> &iterationOffsets,
      SmallVectorImpl<OpFoldResult> &iterationSizes) const {
    return getIterationTile(builder, cast<NormStructuredOpInterface>(op),
                            *cast<OpTy>(op).getDpsInitOperand(result), offsets,
                            sizes, getIterationDomain(op, builder),
                            iterationOffsets, iterationSizes);
  }

  LogicalResult getIterationDomainTileFromOperandTiles(
      Operation *op, OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes,
      SmallVectorImpl<OpFoldResult> &iterationOffsets,
      SmallVectorImpl<OpFoldResult> &iterationSizes) const {
    if (operandNumbers.size() != 1)
      return failure();
    return getIterationTile(builder, cast<NormStructuredOpInterface>(op),
                            op->getOpOperand(operandNumbers.front()),
                            allOffsets.front(), allSizes.front(),
                            getIterationDomain(op, builder), iterationOffsets,
                            iterationSizes);
  }

  FailureOr<TilingResult>
  generateResultTileValue(Operation *op, OpBuilder &builder, unsigned result,
                          ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes) const {
    SmallVector<OpFoldResult> iterationOffsets, iterationSizes;
    if (failed(getIterationDomainTileFromResultTile(
            op, builder, result, offsets, sizes, iterationOffsets,
            iterationSizes)))
      return failure();
    FailureOr<TilingResult> tiled =
        getTiledImplementation(op, builder, iterationOffsets, iterationSizes);
    if (failed(tiled))
      return failure();
    tiled->tiledValues = {tiled->tiledValues[result]};
    return tiled;
  }

  FailureOr<TilingResult> getTiledImplementationFromOperandTiles(
      Operation *op, OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes) const {
    SmallVector<OpFoldResult> iterationOffsets, iterationSizes;
    if (failed(getIterationDomainTileFromOperandTiles(
            op, builder, operandNumbers, allOffsets, allSizes, iterationOffsets,
            iterationSizes)))
      return failure();
    return getTiledImplementation(op, builder, iterationOffsets,
                                  iterationSizes);
  }
};

/// Attaches the model to those of the ops that are structured.
template <typename OpTy> void attachOne(MLIRContext *context) {
  if constexpr (OpTy::template hasTrait<NormStructuredOpInterface::Trait>())
    OpTy::template attachInterface<TilingModel<OpTy>>(*context);
}
template <typename... OpTys> void attach(MLIRContext *context) {
  (attachOne<OpTys>(context), ...);
}
} // namespace

void norm::registerTilingInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NormDialect *) {
    context->loadDialect<affine::AffineDialect, memref::MemRefDialect,
                         tensor::TensorDialect>();
    attach<
#define GET_OP_LIST
#include "Norm/IR/NormOps.cpp.inc"
        >(context);
  });
}
