//===- VectorizeParts.cpp - The loops that replace a loop -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorizeParts.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The number of vectors, at least, of a loop between the main loop and that of
/// single vectors.
static constexpr int64_t kFewestCopies = 4;

/// The size in bytes of the smallest vector that there are streaming stores of.
static constexpr int64_t kShortest = 16;

/// Returns the loop's bounds over common operands, without parts.
static LoopParts mergeBounds(affine::AffineForOp loop) {
  AffineMap lower = loop.getLowerBoundMap(), upper = loop.getUpperBoundMap();
  ValueRange lowerOperands = loop.getLowerBoundOperands();
  ValueRange upperOperands = loop.getUpperBoundOperands();
  unsigned lowerDims = lower.getNumDims(), upperDims = upper.getNumDims();
  LoopParts result;
  result.numDims = lowerDims + upperDims;
  result.numSymbols = lower.getNumSymbols() + upper.getNumSymbols();
  llvm::append_range(result.operands, lowerOperands.take_front(lowerDims));
  llvm::append_range(result.operands, upperOperands.take_front(upperDims));
  llvm::append_range(result.operands, lowerOperands.drop_front(lowerDims));
  llvm::append_range(result.operands, upperOperands.drop_front(upperDims));
  result.lower = lower.getResult(0);
  result.upper =
      upper.getResult(0)
          .shiftDims(upperDims, lowerDims)
          .shiftSymbols(upper.getNumSymbols(), lower.getNumSymbols());
  return result;
}

/// Returns true if the last `rest` iterations of `info` are better one shorter
/// vector than a part of one: a streaming store has no mask.
static bool isShortVector(const VectorizableLoop &info, int64_t rest) {
  if (!llvm::isPowerOf2_64(rest) || !info.reductions.empty() ||
      !info.gathers.empty())
    return false;
  // LLVM 22 makes a masked store of one truncated integer, as bf16 becomes, one
  // of the whole integer.
  if (rest == 1)
    return true;
  return llvm::all_of(info.accesses, [&](const auto &access) {
    auto store = dyn_cast<affine::AffineStoreOp>(access.first);
    return !store || rest * store.getMemRefType().getElementTypeBitWidth() >=
                         8 * kShortest;
  });
}

LoopParts norm::splitIterations(const VectorizableLoop &info, unsigned unroll) {
  LoopParts result = mergeBounds(info.loop);
  AffineExpr lower = result.lower, upper = result.upper;
  AffineExpr count =
      info.tripCount
          ? getAffineConstantExpr(*info.tripCount, lower.getContext())
          : simplifyAffineExpr(upper - lower, result.numDims,
                               result.numSymbols);
  // What is known to divide the number of iterations needs no later part.
  int64_t divisor =
      info.tripCount ? *info.tripCount : count.getLargestKnownDivisor();
  int64_t length = info.vectorLength, block = length * unroll;
  int64_t maximum =
      info.maxTripCount.value_or(std::numeric_limits<int64_t>::max());

  auto getMap = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(result.numDims, result.numSymbols, exprs,
                          lower.getContext());
  };
  auto getEnd = [&](int64_t size) {
    return lower + count.floorDiv(size) * size;
  };
  // Where the part after the one in steps of `size` starts.
  auto getStart = [&](int64_t size) {
    if (info.tripCount)
      return getMap({getEnd(size)});
    if (maximum < size)
      return getMap({lower});
    return getMap({lower, getEnd(size)});
  };
  if (maximum >= block)
    result.parts.push_back({getMap({lower}), getMap({getEnd(block)}), block,
                            unroll, length, /*masked=*/false});
  bool moreVectors =
      info.tripCount ? *info.tripCount % block >= length : divisor % block != 0;
  if (unroll > 1 && moreVectors) {
    // All of a short row, whose length is unknown, or most of it.
    int64_t half = unroll / 2;
    if (half >= kFewestCopies && !info.tripCount && maximum >= half * length) {
      result.parts.push_back({getStart(block), getMap({getEnd(half * length)}),
                              half * length, unsigned(half), length,
                              /*masked=*/false});
      block = half * length;
    }
    result.parts.push_back({getStart(block), getMap({getEnd(length)}), length,
                            1, length, /*masked=*/false});
  }
  if (divisor % length == 0)
    return result;
  int64_t rest = info.tripCount ? *info.tripCount % length : 0;
  bool isShort = isShortVector(info, rest);
  result.parts.push_back({getStart(length), getMap({upper}),
                          isShort ? rest : length, 1, isShort ? rest : length,
                          /*masked=*/!isShort});
  return result;
}
