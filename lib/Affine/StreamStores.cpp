//===- StreamStores.cpp - Streaming stores where they are aligned ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// norm-affine-stream-stores. Upstream has no pass that makes a store
// nontemporal. LLVM emits no streaming instruction for such a store unless it
// also promises alignment, and a streaming instruction faults on an address
// that breaks the promise, so that each condition here is a matter of safety:
//
//   address = aligned pointer + (offset + sum of subscript * stride) * size
//
// is a multiple of the alignment if the first two terms are together, which is
// tested at run time, and if each product is: by what is known to divide the
// subscript and by the stride, which is tested at run time if it is dynamic.
//
//===----------------------------------------------------------------------===//

#include "LargeOutputs.h"
#include "StreamCandidate.h"

#include "Norm/Affine/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Debug.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMAFFINESTREAMSTORES
#include "Norm/Affine/Passes.h.inc"
} // namespace mlir::norm

#define DEBUG_TYPE "norm-affine-stream-stores"

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

/// The buffer that `store`, one of a vector, writes to.
static Value getWritten(Operation *store) {
  if (auto plain = dyn_cast<vector::StoreOp>(store))
    return plain.getBase();
  return cast<AffineVectorStoreOp>(store).getMemRef();
}

/// The number of elements that `store` writes.
static int64_t getLength(Operation *store) {
  if (auto plain = dyn_cast<vector::StoreOp>(store))
    return plain.getVectorType().getNumElements();
  return cast<AffineVectorStoreOp>(store).getVectorType().getNumElements();
}

namespace {

struct StreamStoresPass
    : norm::impl::NormAffineStreamStoresBase<StreamStoresPass> {
  using NormAffineStreamStoresBase::NormAffineStreamStoresBase;

  void runOnOperation() override;
  Value createCondition(RewriterBase &rewriter, AffineForOp nest,
                        ArrayRef<StreamCandidate> candidates);
  void version(RewriterBase &rewriter, AffineForOp nest,
               ArrayRef<StreamCandidate> candidates);
};

} // namespace

/// Emits the tests that are left to run time.
Value StreamStoresPass::createCondition(RewriterBase &rewriter,
                                        AffineForOp nest,
                                        ArrayRef<StreamCandidate> candidates) {
  Location loc = nest.getLoc();
  auto getIndex = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  };
  Value condition;
  auto require = [&](arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    Value next = arith::CmpIOp::create(rewriter, loc, predicate, lhs, rhs);
    condition = condition
                    ? arith::AndIOp::create(rewriter, loc, condition, next)
                    : next;
  };
  auto requireMultiple = [&](Value value, int64_t alignment) {
    Value rest =
        arith::RemUIOp::create(rewriter, loc, value, getIndex(alignment));
    require(arith::CmpIPredicate::eq, rest, getIndex(0));
  };

  llvm::MapVector<Value, int64_t> alignments;
  llvm::SetVector<std::tuple<Value, unsigned, int64_t, int64_t>> strides;
  llvm::SetVector<Value> roots;
  for (const StreamCandidate &candidate : candidates) {
    Value memref = candidate.access.memref;
    alignments[memref] = std::max(alignments[memref], candidate.alignment);
    for (auto [dim, bytes] : candidate.strides)
      strides.insert({memref, dim, bytes, candidate.alignment});
    roots.insert(getBufferRoot(memref));
  }

  DenseMap<Value, memref::ExtractStridedMetadataOp> metadata;
  auto getMetadata = [&](Value memref) {
    memref::ExtractStridedMetadataOp &op = metadata[memref];
    if (!op)
      op = memref::ExtractStridedMetadataOp::create(rewriter, loc, memref);
    return op;
  };
  for (auto [memref, alignment] : alignments) {
    auto type = cast<MemRefType>(memref.getType());
    int64_t size = norm::getElementBytes(type);
    auto [ignored, offset] = type.getStridesAndOffset();
    Value pointer =
        memref::ExtractAlignedPointerAsIndexOp::create(rewriter, loc, memref);
    if (offset != 0) {
      Value elements = ShapedType::isDynamic(offset)
                           ? getMetadata(memref).getOffset()
                           : getIndex(offset);
      Value bytes =
          arith::MulIOp::create(rewriter, loc, elements, getIndex(size));
      pointer = arith::AddIOp::create(rewriter, loc, pointer, bytes);
    }
    requireMultiple(pointer, alignment);
  }
  for (auto [memref, dim, bytes, alignment] : strides) {
    Value stride = arith::MulIOp::create(
        rewriter, loc, getMetadata(memref).getStrides()[dim], getIndex(bytes));
    requireMultiple(stride, alignment);
  }
  for (Value root : roots)
    if (Value bytes = createDynamicBytes(rewriter, loc, root);
        bytes && threshold > 0)
      require(arith::CmpIPredicate::uge, bytes, getIndex(threshold));
  return condition;
}

/// Returns `vector`, of bf16 or f16, and `memref` as 16-bit integers. LLVM
/// emits ordinary stores for nontemporal ones of bf16, and of f16 where it is
/// computed with, also where it can see that this is what integers are made of;
/// it does not see through the fence.
static std::pair<Value, Value> toIntegers(RewriterBase &rewriter, Location loc,
                                          Value vector, Value memref) {
  Type integer = rewriter.getI16Type();
  int64_t length = cast<VectorType>(vector.getType()).getNumElements();
  auto floats = VectorType::get(length / 2, rewriter.getF32Type());
  Value opaque = vector::BitCastOp::create(rewriter, loc, floats, vector);
  opaque = LLVM::CallIntrinsicOp::create(
               rewriter, loc, floats,
               rewriter.getStringAttr("llvm.arithmetic.fence"), opaque)
               .getResults();
  Value integers = vector::BitCastOp::create(
      rewriter, loc, VectorType::get(length, integer), opaque);
  if (getElementTypeOrSelf(memref).isInteger())
    return {integers, memref};
  MemRefType type = MemRefType::Builder(cast<MemRefType>(memref.getType()))
                        .setElementType(integer);
  // Both are the same in LLVM.
  auto cast = UnrealizedConversionCastOp::create(rewriter, loc, type, memref);
  return {integers, cast.getResult(0)};
}

/// Replaces a store by a streaming one, or by several that each write a part.
static void stream(RewriterBase &rewriter, Operation *store,
                   int64_t alignment) {
  Location loc = store->getLoc();
  rewriter.setInsertionPoint(store);
  Value vector, memref;
  SmallVector<Value> indices;
  if (auto plain = dyn_cast<vector::StoreOp>(store)) {
    vector = plain.getValueToStore();
    memref = plain.getBase();
    indices = llvm::to_vector_of<Value>(plain.getIndices());
  } else {
    auto affineStore = cast<AffineVectorStoreOp>(store);
    vector = affineStore.getValueToStore();
    memref = affineStore.getMemRef();
    AffineMap map = affineStore.getAffineMap();
    SmallVector<OpFoldResult> operands(affineStore.getMapOperands().begin(),
                                       affineStore.getMapOperands().end());
    for (unsigned i = 0; i < map.getNumResults(); ++i)
      indices.push_back(
          makeComposedAffineApply(rewriter, loc, map.getSubMap({i}), operands));
  }
  auto type = cast<VectorType>(vector.getType());
  int64_t length = alignment * 8 / type.getElementTypeBitWidth();
  for (int64_t start = 0; start < type.getNumElements(); start += length) {
    Value part = vector;
    SmallVector<Value> place(indices);
    if (length < type.getNumElements())
      part = vector::ExtractStridedSliceOp::create(rewriter, loc, vector, start,
                                                   length, /*strides=*/1);
    if (start > 0)
      place.back() = arith::AddIOp::create(
          rewriter, loc, place.back(),
          arith::ConstantIndexOp::create(rewriter, loc, start));
    if (type.getElementType().isBF16() || type.getElementType().isF16())
      std::tie(part, memref) = toIntegers(rewriter, loc, part, memref);
    vector::StoreOp::create(rewriter, loc, part, memref, place,
                            /*nontemporal=*/true, llvm::MaybeAlign(alignment));
  }
  rewriter.eraseOp(store);
}

void StreamStoresPass::version(RewriterBase &rewriter, AffineForOp nest,
                               ArrayRef<StreamCandidate> candidates) {
  Location loc = nest.getLoc();
  rewriter.setInsertionPoint(nest);
  Value condition = createCondition(rewriter, nest, candidates);
  auto versions =
      scf::IfOp::create(rewriter, loc, nest.getResultTypes(), condition,
                        /*addThenBlock=*/true, /*addElseBlock=*/true);
  auto endBlock = [&](Block *block, ValueRange results) {
    if (!block->empty())
      rewriter.eraseOp(&block->back());
    rewriter.setInsertionPointToEnd(block);
    scf::YieldOp::create(rewriter, loc, results);
  };
  endBlock(versions.thenBlock(), {});
  endBlock(versions.elseBlock(), {});

  rewriter.setInsertionPointToStart(versions.thenBlock());
  IRMapping mapping;
  Operation *streaming = rewriter.clone(*nest, mapping);
  if (fence)
    LLVM::FenceOp::create(rewriter, loc, LLVM::AtomicOrdering::seq_cst,
                          StringRef());
  versions.thenYield()->setOperands(streaming->getResults());

  rewriter.replaceAllUsesWith(nest.getResults(), versions.getResults());
  rewriter.moveOpBefore(nest, versions.elseBlock(),
                        versions.elseBlock()->begin());
  versions.elseYield()->setOperands(nest.getResults());

  for (const StreamCandidate &candidate : candidates)
    stream(rewriter, mapping.lookup(candidate.op), candidate.alignment);
  ++numVersioned;
}

void StreamStoresPass::runOnOperation() {
  LargeOutputs largeOutputs(threshold);
  llvm::MapVector<AffineForOp, SmallVector<StreamCandidate>> nests;
  // The longest ordinary vectors that are written, by the buffers' roots.
  DenseMap<Value, int64_t> longest;
  getOperation()->walk([&](Operation *op) {
    if (!isa<AffineVectorStoreOp, vector::StoreOp>(op))
      return;
    std::optional<StreamCandidate> candidate = StreamCandidate::get(op);
    if (!candidate) {
      int64_t &length = longest[getBufferRoot(getWritten(op))];
      length = std::max(length, getLength(op));
      return;
    }
    if (!largeOutputs.contains(getBufferRoot(candidate->access.memref))) {
      LLVM_DEBUG(llvm::dbgs()
                 << "not streamed, buffer is read or small: " << *op << "\n");
      return;
    }
    if (AffineForOp nest =
            getOutermostLoop(candidate->op, candidate->access.memref))
      nests[nest].push_back(std::move(*candidate));
  });
  IRRewriter rewriter(&getContext());
  for (auto &[nest, candidates] : nests) {
    // The last vector of a row, which is shorter, is as those before it.
    llvm::erase_if(candidates, [&](const StreamCandidate &candidate) {
      return getLength(candidate.op) <
             longest.lookup(getBufferRoot(candidate.access.memref));
    });
    if (candidates.empty())
      continue;
    // A nest inside another one is cloned with it, and once is enough.
    bool isInner = llvm::any_of(nests, [&, inner = nest](auto &other) {
      return AffineForOp(other.first)->isProperAncestor(inner);
    });
    if (!isInner)
      version(rewriter, nest, candidates);
  }
}
