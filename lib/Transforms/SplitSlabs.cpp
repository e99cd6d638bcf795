//===- SplitSlabs.cpp - slabs for the blocks of a cluster -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"
#include "Tiling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

namespace mlir::norm {
#define GEN_PASS_DEF_NORMSPLITSLABS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The alignment of what a block keeps, in bytes.
static constexpr int64_t kAlignment = 128;

namespace {
/// The kernel ops of a slab that work on all of it.
struct Slab {
  SmallVector<Operation *> ops;
  /// Of the values of `ops`.
  RankedTensorType type;
};

struct SplitSlabs : public norm::impl::NormSplitSlabsBase<SplitSlabs> {
  using NormSplitSlabsBase::NormSplitSlabsBase;

  void runOnOperation() override {
    if (clusterSize != 1 && clusterSize != 2 && clusterSize != 4 &&
        clusterSize != 8) {
      getOperation()->emitError(
          "expected cluster-size to be 1, 2, 4 or 8, but got ")
          << clusterSize.getValue();
      return signalPassFailure();
    }
    SmallVector<scf::ForallOp> loops;
    getOperation()->walk([&](scf::ForallOp loop) {
      if (!loop->getParentOfType<scf::ForallOp>())
        loops.push_back(loop);
    });
    IRRewriter rewriter(&getContext());
    for (scf::ForallOp loop : loops)
      if (failed(split(loop, rewriter)))
        return signalPassFailure();
  }

  LogicalResult split(scf::ForallOp loop, IRRewriter &rewriter);
};
} // namespace

/// Returns the input of `op` and the axes that it reduces, or null.
static std::pair<Value, ArrayRef<int64_t>> getReduction(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::pair<Value, ArrayRef<int64_t>>>(op)
      .Case<MomentsOp, GradientSumsOp>([](auto reduction) {
        return std::pair(Value(reduction.getInput()), reduction.getAxes());
      })
      .Default({Value(), {}});
}

/// Finds the ops that work on a slab, all on values of one static shape.
static FailureOr<Slab> findSlab(scf::ForallOp loop) {
  Slab slab;
  bool isReduced = false;
  for (Operation &op : *loop.getBody()) {
    if (!isa<MomentsOp, GradientSumsOp, NormalizeOp, GradientApplyOp>(op))
      continue;
    auto type = dyn_cast<RankedTensorType>(op.getOperand(0).getType());
    if (!type || !type.hasStaticShape() ||
        (slab.type && slab.type.getShape() != type.getShape()))
      return failure();
    isReduced |= isa<MomentsOp, GradientSumsOp>(op);
    slab.type = type;
    slab.ops.push_back(&op);
  }
  if (!isReduced || slab.type.getNumElements() == 0)
    return failure();
  return slab;
}

/// Returns the sizes of `parts` equal parts of `shape`, which are split along
/// the outermost axes that allow it, or nothing.
static std::optional<SmallVector<int64_t>>
getEqualParts(ArrayRef<int64_t> shape, int64_t parts) {
  SmallVector<int64_t> sizes(shape.size(), 0);
  for (auto [size, extent] : llvm::zip_equal(sizes, shape)) {
    int64_t count = std::gcd(extent, parts);
    if (count == 1)
      continue;
    size = extent / count;
    parts /= count;
  }
  if (parts != 1)
    return std::nullopt;
  return sizes;
}

static bool isSplit(ArrayRef<int64_t> sizes) {
  return llvm::any_of(sizes, [](int64_t size) { return size != 0; });
}

/// Returns the bytes that a block keeps if it works on parts of `sizes`: what
/// it reads again, and the partial results of all blocks, if there are several.
static int64_t countBlockBytes(const Slab &slab, ArrayRef<int64_t> sizes) {
  ArrayRef<int64_t> shape = slab.type.getShape();
  int64_t bytes = 0;
  auto add = [&](int64_t elements, Type type) {
    bytes +=
        llvm::alignTo(elements * type.getIntOrFloatBitWidth() / 8, kAlignment);
  };
  int64_t elements = 1;
  for (auto [size, extent] : llvm::zip_equal(sizes, shape))
    elements *= size ? size : extent;
  llvm::SmallSetVector<Value, 4> tiles;
  for (Operation *op : slab.ops) {
    auto [input, axes] = getReduction(op);
    if (!input)
      continue;
    auto destination = cast<DestinationStyleOpInterface>(op);
    for (Value value : destination.getDpsInputs()) {
      auto type = dyn_cast<RankedTensorType>(value.getType());
      if (type && type.getShape() == shape &&
          isa<FloatType>(type.getElementType()))
        tiles.insert(value);
    }
    if (!isSplit(sizes))
      continue;
    int64_t results = 1;
    for (int64_t axis : llvm::seq<int64_t>(shape.size()))
      if (!llvm::is_contained(axes, axis))
        results *= shape[axis];
      else if (sizes[axis] != 0)
        results *= shape[axis] / sizes[axis];
    for (Value init : destination.getDpsInits())
      add(results, getElementTypeOrSelf(init));
  }
  for (Value tile : tiles)
    add(elements, getElementTypeOrSelf(tile));
  return bytes;
}

LogicalResult SplitSlabs::split(scf::ForallOp loop, IRRewriter &rewriter) {
  FailureOr<Slab> slab = findSlab(loop);
  if (failed(slab))
    return success();
  std::optional<SmallVector<int64_t>> sizes;
  for (int64_t parts = 1; parts <= clusterSize; parts *= 2) {
    sizes = getEqualParts(slab->type.getShape(), parts);
    if (sizes && countBlockBytes(*slab, *sizes) <= tileBytes)
      break;
    sizes.reset();
  }
  if (!sizes || !isSplit(*sizes))
    return success();
  SmallVector<Attribute> blocks;
  for (int64_t size : *sizes)
    if (size != 0)
      blocks.push_back(gpu::GPUBlockMappingAttr::get(
          &getContext(),
          *gpu::symbolizeMappingId(uint64_t(gpu::MappingId::LinearDim0) +
                                   blocks.size())));
  for (Operation *op : slab->ops) {
    ArrayRef<int64_t> axes = getReduction(op).second;
    bool isPartial =
        llvm::any_of(axes, [&](int64_t axis) { return (*sizes)[axis] != 0; });
    if (failed(isPartial ? tileReductionInParallel(
                               rewriter, cast<PartialReductionOpInterface>(op),
                               *sizes, blocks)
                         : tileInParallel(rewriter, cast<TilingInterface>(op),
                                          *sizes, blocks)))
      return failure();
  }
  return success();
}
