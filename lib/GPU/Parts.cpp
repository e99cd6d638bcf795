//===- Parts.cpp - loops over parts of a slab -----------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parts.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"

using namespace mlir;
using namespace mlir::norm;

bool norm::isOverParts(scf::ForallOp loop) {
  return loop.getMapping() && loop->getParentOfType<scf::ForallOp>();
}

/// Returns the number of iterations along each axis, 0 where it is unknown.
static SmallVector<int64_t> getCounts(scf::ForallOp loop) {
  SmallVector<int64_t> counts;
  for (auto [lower, upper, step] :
       llvm::zip_equal(loop.getStaticLowerBound(), loop.getStaticUpperBound(),
                       loop.getStaticStep())) {
    bool isKnown = !ShapedType::isDynamic(lower) &&
                   !ShapedType::isDynamic(upper) &&
                   !ShapedType::isDynamic(step);
    counts.push_back(isKnown ? llvm::divideCeilSigned(upper - lower, step) : 0);
  }
  return counts;
}

int64_t norm::countParts(scf::ForallOp loop) {
  return llvm::product_of(getCounts(loop));
}

static Value apply(OpBuilder &builder, Location loc, AffineExpr expression,
                   ArrayRef<OpFoldResult> dims) {
  return getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(
          builder, loc, AffineMap::get(dims.size(), 0, expression), dims));
}

Value norm::getPartNumber(OpBuilder &builder, scf::ForallOp loop) {
  AffineExpr number = builder.getAffineConstantExpr(0);
  for (auto [i, count] : llvm::enumerate(getCounts(loop)))
    number = number * count +
             (builder.getAffineDimExpr(i) - loop.getStaticLowerBound()[i])
                 .floorDiv(loop.getStaticStep()[i]);
  return apply(builder, loop.getLoc(), number,
               getAsOpFoldResult(loop.getInductionVars()));
}

SmallVector<Value> norm::getPartIndices(OpBuilder &builder, scf::ForallOp loop,
                                        Value number) {
  SmallVector<int64_t> counts = getCounts(loop);
  SmallVector<Value> indices;
  for (size_t i = 0; i < counts.size(); ++i) {
    int64_t inner = llvm::product_of(ArrayRef(counts).drop_front(i + 1));
    AffineExpr index = builder.getAffineDimExpr(0).floorDiv(inner) % counts[i];
    indices.push_back(
        apply(builder, loop.getLoc(),
              index * loop.getStaticStep()[i] + loop.getStaticLowerBound()[i],
              {number}));
  }
  return indices;
}
