//===- StreamCandidate.cpp - stores that may stream -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StreamCandidate.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/Debug.h"

#include <numeric>

#define DEBUG_TYPE "norm-affine-stream-stores"

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

/// The size in bytes of a cache line, of the smallest part of it that a vector
/// is divided into, and of the smallest vector that there are streaming stores
/// of.
static constexpr int64_t kLine = 64, kSmallestPart = 32, kSmallestStore = 16;

/// Says why a store stays as it is.
static std::nullopt_t reject(Operation *op, const char *reason) {
  LLVM_DEBUG(llvm::dbgs() << "not streamed, " << reason << ": " << *op << "\n");
  return std::nullopt;
}

int64_t norm::getElementBytes(MemRefType type) {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// Returns false if the alignment of `candidate` cannot hold, and lists what is
/// left to test.
static bool isAligned(StreamCandidate &candidate, ArrayRef<int64_t> strides,
                      int64_t elementBytes) {
  candidate.strides.clear();
  AffineMap map = candidate.access.map;
  for (auto [dim, stride] : llvm::enumerate(strides)) {
    int64_t multiple =
        std::gcd(getKnownDivisor(map.getResult(dim), map.getNumDims(),
                                 candidate.access.operands),
                 candidate.alignment) *
        elementBytes;
    if (multiple % candidate.alignment == 0)
      continue;
    if (ShapedType::isDynamic(stride))
      candidate.strides.push_back({unsigned(dim), multiple});
    else if (multiple * stride % candidate.alignment != 0)
      return false;
  }
  return true;
}

int64_t norm::getUsualAlignment(Value memref, int64_t elementBytes) {
  int64_t alignment = kLine;
  while (Operation *op = memref.getDefiningOp()) {
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      break;
    memref = view.getViewSource();
    auto subview = dyn_cast<memref::SubViewOp>(op);
    if (!subview)
      continue;
    auto [strides, ignored] = subview.getSourceType().getStridesAndOffset();
    for (auto [offset, stride] :
         llvm::zip_equal(subview.getMixedOffsets(), strides))
      if (!isConstantIntValue(offset, 0) && !ShapedType::isDynamic(stride))
        alignment = std::gcd(alignment, stride * elementBytes);
  }
  return alignment;
}

std::optional<StreamCandidate> StreamCandidate::get(Operation *op) {
  VectorType vectorType;
  StreamCandidate candidate{op, {}, 0, {}};
  if (auto store = dyn_cast<AffineVectorStoreOp>(op)) {
    vectorType = store.getVectorType();
    candidate.access = AffineAccess::get(cast<AffineWriteOpInterface>(op));
  } else {
    auto plain = cast<vector::StoreOp>(op);
    if (plain.getNontemporal())
      return std::nullopt;
    vectorType = plain.getVectorType();
    candidate.access =
        AffineAccess(plain.getBase(),
                     AffineMap::getMultiDimIdentityMap(
                         plain.getIndices().size(), op->getContext()),
                     plain.getIndices());
  }
  auto type = cast<MemRefType>(candidate.access.memref.getType());
  Type element = type.getElementType();
  if (vectorType.getRank() != 1 || vectorType.isScalable() ||
      element != vectorType.getElementType() || !element.isIntOrFloat() ||
      element.getIntOrFloatBitWidth() % 8 != 0)
    return reject(op, "vector type");
  int64_t size = element.getIntOrFloatBitWidth() / 8;
  int64_t bytes = vectorType.getNumElements() * size;
  if (bytes < kSmallestStore || !llvm::isPowerOf2_64(bytes))
    return reject(op, "less than 16 bytes");

  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) || strides.empty() ||
      strides.back() != 1)
    return reject(op, "layout");
  // Rows that are no multiple of a cache line may still be one of a part of it.
  int64_t usual = getUsualAlignment(candidate.access.memref, size);
  candidate.alignment = std::min<int64_t>(bytes, kLine);
  if (usual >= kSmallestPart)
    candidate.alignment = std::min(candidate.alignment, usual);
  for (int64_t smallest = std::min(bytes, kSmallestPart);
       candidate.alignment >= smallest; candidate.alignment /= 2)
    if (isAligned(candidate, strides, size))
      return candidate;
  return reject(op, "stride or subscript not aligned");
}
