//===- Tiling.cpp - loops over tiles --------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tiling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <numeric>

using namespace mlir;
using namespace mlir::norm;

/// Returns the op that computes a tile.
static FailureOr<Operation *> tile(RewriterBase &rewriter, TilingInterface op,
                                   ArrayRef<OpFoldResult> tileSizes,
                                   scf::SCFTilingOptions options) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  options.setTileSizes(tileSizes);
  FailureOr<scf::SCFTilingResult> tiled =
      scf::tileUsingSCF(rewriter, op, options);
  if (failed(tiled))
    return failure();
  rewriter.replaceOp(op, tiled->replacements);
  return tiled->tiledOps.front();
}

FailureOr<Operation *>
norm::tileSequentially(RewriterBase &rewriter, TilingInterface op,
                       ArrayRef<OpFoldResult> tileSizes) {
  return tile(rewriter, op, tileSizes, {});
}

LogicalResult norm::tileInParallel(RewriterBase &rewriter, TilingInterface op,
                                   ArrayRef<OpFoldResult> tileSizes,
                                   ArrayRef<Attribute> mapping) {
  scf::SCFTilingOptions options;
  options.setMapping(mapping);
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  return tile(rewriter, op, tileSizes, options);
}

LogicalResult norm::tileInParallel(RewriterBase &rewriter, TilingInterface op,
                                   ArrayRef<int64_t> tileSizes,
                                   ArrayRef<Attribute> mapping) {
  return tileInParallel(rewriter, op,
                        getAsIndexOpFoldResult(op.getContext(), tileSizes),
                        mapping);
}

LogicalResult norm::tileReductionInParallel(RewriterBase &rewriter,
                                            PartialReductionOpInterface op,
                                            ArrayRef<int64_t> tileSizes,
                                            ArrayRef<Attribute> mapping) {
  constexpr auto kStrategy =
      ReductionTilingStrategy::PartialReductionOuterParallel;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  auto tiling = cast<TilingInterface>(op.getOperation());
  SmallVector<Range> domain = tiling.getIterationDomain(rewriter);
  SmallVector<utils::IteratorType> types = tiling.getLoopIteratorTypes();
  AffineExpr iv, size;
  bindDims(rewriter.getContext(), iv);
  bindSymbols(rewriter.getContext(), size);

  // The loops, and the sizes of partial results: along those that are split,
  // one for each tile.
  llvm::SetVector<unsigned> split;
  SmallVector<OpFoldResult> lower, upper, steps, partialSizes;
  for (auto [loop, range, tileSize] : llvm::enumerate(domain, tileSizes)) {
    partialSizes.push_back(range.size);
    if (tileSize == 0)
      continue;
    lower.push_back(range.offset);
    upper.push_back(range.size);
    steps.push_back(rewriter.getIndexAttr(tileSize));
    if (types[loop] != utils::IteratorType::reduction)
      continue;
    split.insert(loop);
    partialSizes.back() = affine::makeComposedFoldedAffineApply(
        rewriter, loc, size.ceilDiv(tileSize), {range.size});
  }
  FailureOr<SmallVector<Value>> inits =
      op.generateInitialTensorForPartialReduction(rewriter, loc, partialSizes,
                                                  split);
  if (failed(inits))
    return failure();
  std::optional<ArrayAttr> mappingAttr;
  if (!mapping.empty())
    mappingAttr = rewriter.getArrayAttr(mapping);
  auto forall = scf::ForallOp::create(rewriter, loc, lower, upper, steps,
                                      *inits, mappingAttr);

  rewriter.setInsertionPoint(forall.getTerminator());
  SmallVector<OpFoldResult> offsets, sizes, splitIvs;
  SmallVector<Value> ivs = forall.getInductionVars();
  for (auto [loop, range, tileSize] : llvm::enumerate(domain, tileSizes)) {
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
    if (tileSize == 0)
      continue;
    Value index = ivs[llvm::count_if(tileSizes.take_front(loop),
                                     [](int64_t size) { return size != 0; })];
    offsets.back() = index;
    std::optional<int64_t> known = getConstantIntValue(range.size);
    sizes.back() = rewriter.getIndexAttr(tileSize);
    if (!known || *known % tileSize != 0)
      sizes.back() = affine::makeComposedFoldedAffineMin(
          rewriter, loc,
          AffineMap::get(1, 1,
                         {size - iv, rewriter.getAffineConstantExpr(tileSize)},
                         rewriter.getContext()),
          {index, range.size});
    if (split.contains(loop))
      splitIvs.push_back(affine::makeComposedFoldedAffineApply(
          rewriter, loc, size.floorDiv(tileSize), {OpFoldResult(index)}));
  }
  FailureOr<TilingResult> tiled = op.tileToPartialReduction(
      rewriter, loc, kStrategy, forall.getRegionIterArgs(), offsets, sizes,
      split, splitIvs);
  if (failed(tiled))
    return failure();
  for (auto [number, value, target] :
       llvm::enumerate(tiled->tiledValues, forall.getRegionIterArgs())) {
    SmallVector<OpFoldResult> at, extents;
    rewriter.setInsertionPoint(forall.getTerminator());
    if (failed(op.getPartialResultTilePosition(rewriter, number, kStrategy,
                                               offsets, sizes, split, splitIvs,
                                               at, extents)))
      return failure();
    rewriter.setInsertionPointToEnd(forall.getTerminator().getBody());
    tensor::ParallelInsertSliceOp::create(
        rewriter, loc, value, target, at, extents,
        SmallVector<OpFoldResult>(at.size(), rewriter.getIndexAttr(1)));
  }
  rewriter.setInsertionPointAfter(forall);
  FailureOr<MergeResult> merged =
      op.mergeReductions(rewriter, loc, forall.getResults(), split);
  if (failed(merged))
    return failure();
  rewriter.replaceOp(op, merged->replacements);
  return success();
}

int64_t norm::getTypicalSize(Value value, int64_t axis) {
  int64_t size = cast<ShapedType>(value.getType()).getDimSize(axis);
  return ShapedType::isDynamic(size) ? 256 : size;
}

int64_t norm::choosePieceSize(int64_t axisSize, int64_t wanted) {
  wanted = std::max<int64_t>(wanted, 1);
  if (ShapedType::isDynamic(axisSize) || axisSize <= wanted)
    return wanted;
  // Equal pieces if that costs at most half of the size, else as wanted.
  for (int64_t size = wanted; size > wanted / 2; --size)
    if (axisSize % size == 0)
      return size;
  return wanted;
}

int64_t norm::countRowsOfLines(ShapedType type, int64_t lineBytes) {
  constexpr int64_t kVector = 16, kLongest = 2048, kFewest = 8;
  ArrayRef<int64_t> shape = type.getShape();
  if (shape.size() < 2 || llvm::is_contained(shape, 0) ||
      ShapedType::isDynamicShape(shape.take_back(2)))
    return 1;
  int64_t bytes = shape.back() * type.getElementTypeBitWidth() / 8;
  // Halves of lines can be written around the caches as well.
  int64_t rows = bytes % std::max(lineBytes / 2, kVector) == 0
                     ? 1
                     : lineBytes / std::gcd(bytes, lineBytes);
  // Coefficients are repeated along the rows, and have to stay in the first
  // cache, all of them, for as many other values that they are used for. Where
  // the number of these is unknown, they are enough.
  int64_t others = 1;
  for (int64_t size : shape.drop_back(2))
    others *= ShapedType::isDynamic(size) ? kFewest : size;
  return shape.back() * rows <= kLongest && others >= kFewest ? rows : 1;
}

bool norm::isOnePart(Value value, int64_t partSize) {
  auto type = cast<ShapedType>(value.getType());
  return llvm::is_contained(type.getShape(), 0) ||
         (type.hasStaticShape() && type.getNumElements() <= partSize);
}

SmallVector<int64_t> norm::choosePartSizes(Value value, int64_t partSize) {
  auto type = cast<ShapedType>(value.getType());
  // From the innermost axis outwards, the first that does not fit into a part
  // with all axes inside it is split; those outside it are tiled by one.
  int64_t room = partSize, axis = type.getRank() - 1;
  for (; axis > 0 && getTypicalSize(value, axis) <= room; --axis)
    room /= std::max<int64_t>(getTypicalSize(value, axis), 1);
  // Where sizes are unknown, whole samples may be large: a part is of one, and
  // of rows of unknown length it has few.
  constexpr int64_t kUnknownRows = 64;
  ArrayRef<int64_t> sample = type.getShape().drop_front();
  bool isSample =
      axis == 0 && sample.size() > 1 && ShapedType::isDynamicShape(sample);
  if (isSample)
    axis = 1;
  ArrayRef<int64_t> row = type.getShape().drop_front(axis + 1);
  if (ShapedType::isDynamicShape(row))
    room = isSample ? kUnknownRows : std::min(room, kUnknownRows);
  else if (isSample)
    room = std::max<int64_t>(partSize / llvm::product_of(row), 1);
  SmallVector<int64_t> sizes(type.getRank(), 0);
  std::fill_n(sizes.begin(), axis, 1);
  sizes[axis] = choosePieceSize(type.getDimSize(axis), room);
  return sizes;
}

SmallVector<OpFoldResult> norm::createPartSizes(RewriterBase &rewriter,
                                                Operation *op, Value value,
                                                int64_t partSize) {
  SmallVector<int64_t> known = choosePartSizes(value, partSize);
  SmallVector<OpFoldResult> sizes =
      getAsIndexOpFoldResult(rewriter.getContext(), known);
  auto type = cast<ShapedType>(value.getType());
  int64_t axis = known.size() - 1;
  while (known[axis] == 0)
    --axis;
  // What is computed elsewhere is no symbol of affine maps.
  if (!ShapedType::isDynamicShape(type.getShape().drop_front(axis + 1)) ||
      !op->getParentOp()->hasTrait<OpTrait::AffineScope>())
    return sizes;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op->getLoc();
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1), elements = one;
  for (int64_t inner : llvm::seq(axis + 1, type.getRank()))
    elements = arith::MulIOp::create(
        rewriter, loc, elements,
        tensor::DimOp::create(rewriter, loc, value, inner));
  elements = arith::MaxUIOp::create(rewriter, loc, elements, one);
  Value part = arith::ConstantIndexOp::create(rewriter, loc, partSize);
  Value rows = arith::DivUIOp::create(rewriter, loc, part, elements);
  sizes[axis] = arith::MaxUIOp::create(rewriter, loc, rows, one).getResult();
  return sizes;
}

LogicalResult norm::checkAtLeastOne(Operation *op, StringRef name,
                                    int64_t value) {
  if (value >= 1)
    return success();
  return op->emitError("expected ")
         << name << " to be at least 1, but got " << value;
}
