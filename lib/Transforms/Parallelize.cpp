//===- Parallelize.cpp - kernel ops in parallel -------------------------===//
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
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMPARALLELIZE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static int64_t getStaticSize(Value value, int64_t axis) {
  return cast<ShapedType>(value.getType()).getDimSize(axis);
}

/// The rows of a part that make its partial statistics cheap, and the parts
/// that are enough to split rows into.
static constexpr int64_t kRows = 1024, kParts = 16;

namespace {
struct Parallelize : public norm::impl::NormParallelizeBase<Parallelize> {
  using NormParallelizeBase::NormParallelizeBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "part-size", partSize)))
      return signalPassFailure();
    SmallVector<Operation *> ops;
    getOperation()->walk([&](NormStructuredOpInterface op) {
      if (cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics() &&
          !op->getParentOfType<scf::ForallOp>())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      LogicalResult status =
          llvm::TypeSwitch<Operation *, LogicalResult>(op)
              .Case<MomentsOp, GradientSumsOp>([&](auto reduction) {
                return splitReduction(op, reduction.getInput(),
                                      reduction.getAxes(), rewriter);
              })
              .Case<NormalizeOp, GradientApplyOp>([&](auto elementwise) {
                return splitElementwise(op, elementwise.getInput(), rewriter);
              })
              .Default(success());
      if (failed(status))
        return signalPassFailure();
    }
  }

  LogicalResult splitReduction(Operation *op, Value input,
                               ArrayRef<int64_t> axes, IRRewriter &rewriter) {
    const int64_t *outermost = llvm::find_if(
        axes, [&](int64_t axis) { return getStaticSize(input, axis) != 1; });
    if (isOnePart(input, partSize) || outermost == axes.end())
      return success();
    auto type = cast<ShapedType>(input.getType());
    // The slice of a part has no axis of parts. If it has another axis of one
    // element, and strides are not known, upstream's bufferization drops that
    // one.
    if (!type.hasStaticShape() &&
        llvm::any_of(getOtherAxes(type.getRank(), axes),
                     [&](int64_t axis) { return type.getDimSize(axis) == 1; }))
      return success();
    auto partial = cast<PartialReductionOpInterface>(op);
    // Parts as memory has them.
    if (llvm::is_contained(axes, type.getRank() - 1) && type.hasStaticShape())
      return tileReductionInParallel(rewriter, partial,
                                     choosePartSizes(input, partSize));
    int64_t axis = *outermost, elements = 1;
    for (int64_t other : llvm::seq(getRank(input)))
      if (other != axis)
        elements *= std::max<int64_t>(getTypicalSize(input, other), 1);
    int64_t size = getStaticSize(input, axis), wanted = partSize / elements;
    // Partial statistics of columns are rows themselves: they must stay few.
    if (!llvm::is_contained(axes, getRank(input) - 1) &&
        !ShapedType::isDynamic(size)) {
      int64_t rows = 1;
      for (int64_t other : axes)
        if (other != axis)
          rows *= std::max<int64_t>(getTypicalSize(input, other), 1);
      wanted = std::max(wanted, std::min(llvm::divideCeilSigned(kRows, rows),
                                         llvm::divideCeilSigned(size, kParts)));
    }
    SmallVector<int64_t> tileSizes(getRank(input), 0);
    tileSizes[axis] = choosePieceSize(size, wanted);
    return tileReductionInParallel(rewriter, partial, tileSizes);
  }

  LogicalResult splitElementwise(Operation *op, Value input,
                                 IRRewriter &rewriter) {
    if (isOnePart(input, partSize))
      return success();
    return tileInParallel(rewriter, cast<TilingInterface>(op),
                          createPartSizes(rewriter, op, input, partSize));
  }
};
} // namespace
