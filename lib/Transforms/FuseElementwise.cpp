//===- FuseElementwise.cpp - elementwise ops in the loops of kernels ------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "Norm/Transforms/Passes.h"
#include "Tiling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMFUSEELEMENTWISE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static SmallVector<linalg::GenericOp> collectElementwise(Operation *root) {
  SmallVector<linalg::GenericOp> ops;
  root->walk([&](linalg::GenericOp op) {
    if (isPointwise(op))
      ops.push_back(op);
  });
  return ops;
}

/// The same from the last one to the first, so that an op is visited after
/// those that it is fused into, which are replaced.
static SmallVector<linalg::GenericOp> collectBackwards(Operation *root) {
  return llvm::to_vector(llvm::reverse(collectElementwise(root)));
}

/// Returns the bits of the elements of `values`, without those that lack axes.
static int64_t countBits(ValueRange values, int64_t rank) {
  int64_t bits = 0;
  for (Value value : values) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (type && type.getRank() == rank)
      bits += type.getElementTypeBitWidth();
  }
  return bits;
}

/// Returns true if `op` takes many instructions for an element.
static bool isExpensive(linalg::GenericOp op) {
  // Readers of readers would multiply them.
  constexpr int64_t kMostOps = 16;
  auto ops = op.getBody()->without_terminator();
  return std::distance(ops.begin(), ops.end()) > kMostOps ||
         llvm::any_of(ops, [](Operation &inner) {
           return isa_and_nonnull<math::MathDialect>(inner.getDialect()) &&
                  !isa<math::AbsFOp, math::AbsIOp, math::FmaOp,
                       math::CopySignOp, math::SqrtOp>(inner);
         });
}

/// Returns `op` if it is a slice that an op can compute a tile for.
static tensor::ExtractSliceOp getTile(Operation *op) {
  auto slice = dyn_cast<tensor::ExtractSliceOp>(op);
  bool isTile = slice && slice.hasUnitStride() &&
                slice.getType().getRank() == slice.getSourceType().getRank();
  return isTile ? slice : tensor::ExtractSliceOp();
}

/// Returns true if the op with the operand `use` can compute the elements of
/// it in place of an elementwise op, each once.
static bool canCompute(OpOperand &use) {
  auto reader = dyn_cast<linalg::GenericOp>(use.getOwner());
  return reader && reader.isDpsInput(&use) &&
         reader.getNumLoops() ==
             reader.getMatchingIndexingMap(&use).getNumResults();
}

/// Returns true if `use` is the source of a reshape for a kernel.
static bool isOfKernel(OpOperand &use) {
  return isa<tensor::ExpandShapeOp>(use.getOwner()) &&
         llvm::all_of(use.getOwner()->getUsers(), [](Operation *user) {
           return isa<tensor::ExtractSliceOp, linalg::LinalgOp>(user) &&
                  !user->hasAttr(kElementwiseAttr);
         });
}

/// Counts the ops that read each element of `value`, or of slices of it, once.
/// `others` becomes true if there are other uses.
static int64_t countReaders(Value value, bool &others) {
  int64_t count = 0;
  for (OpOperand &use : value.getUses()) {
    if (getTile(use.getOwner()) || isOfKernel(use))
      count += countReaders(use.getOwner()->getResult(0), others);
    else if (canCompute(use))
      ++count;
    else
      others = true;
  }
  return count;
}

/// Returns true if each reader of `producer` is better off if it computes the
/// elements itself.
static bool shouldCompute(linalg::GenericOp producer) {
  if (producer.getNumResults() != 1)
    return false;
  Value result = producer.getResult(0);
  bool hasOthers = false;
  int64_t readers = countReaders(result, hasOthers);
  if (readers == 0 || (readers > 1 && isExpensive(producer)))
    return false;
  // A kernel reads its input from memory twice at most. To write the result
  // and read it twice takes three times its bits more than to read the
  // operands of the producer once. Where it has to be written anyway, only
  // what is narrower is worth it.
  int64_t rank = producer.getNumLoops();
  int64_t operands = countBits(producer.getInputs(), rank);
  return operands <= (hasOthers ? 1 : 3) * countBits(result, rank);
}

namespace {
/// Marks what replaces marked ops, which other ops may reshape.
struct MarkReplacements : public RewriterBase::Listener {
  void notifyOperationReplaced(Operation *op, ValueRange values) override {
    for (Value value : values) {
      Operation *reshape = value.getDefiningOp();
      if (isa_and_nonnull<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(
              reshape))
        value = reshape->getOperand(0);
      if (linalg::GenericOp replacement = getPointwiseProducer(value))
        if (op->hasAttr(kElementwiseAttr))
          replacement->setAttr(kElementwiseAttr,
                               UnitAttr::get(op->getContext()));
    }
  }
};

class Fuser {
public:
  Fuser(Operation *root) : root(root), rewriter(root->getContext()) {}

  /// Gives elementwise ops the axes of kernels that split some, as those of
  /// group norms do where there are few slabs.
  LogicalResult expandAxes();
  /// Moves elementwise ops into the parallel loops that give their inputs.
  void fuseConsumers() {
    for (linalg::GenericOp op : collectElementwise(root))
      if (op->hasAttr(kElementwiseAttr))
        fuseConsumer(op);
  }
  /// Lets the readers of elementwise ops compute these for themselves.
  void fuseProducers() {
    for (linalg::GenericOp op : collectBackwards(root))
      if (op->hasAttr(kElementwiseAttr) && shouldCompute(op))
        fuseProducer(op);
  }
  /// Joins the axes of elementwise ops that read joined rows.
  LogicalResult collapseAxes();
  /// Puts what is left into parallel loops over parts.
  LogicalResult parallelize(int64_t partSize);
  /// Makes one op of elementwise ops that follow each other.
  void merge() {
    for (linalg::GenericOp op : collectBackwards(root))
      mergeIntoConsumer(op);
  }

private:
  bool moveDependentsAfter(Operation *first, Operation *last);
  void takeDestination(linalg::GenericOp op, scf::ForallOp loop);
  void fuseConsumer(linalg::GenericOp op);
  void fuseProducer(linalg::GenericOp op);
  void mergeIntoConsumer(linalg::GenericOp op);

  Operation *root;
  IRRewriter rewriter;
};
} // namespace

LogicalResult Fuser::expandAxes() {
  // Other readers need the axes as they are.
  for (linalg::GenericOp op : collectElementwise(root))
    if (op->hasAttr(kElementwiseAttr) && !op->hasOneUse() && shouldCompute(op))
      for (OpOperand &use : llvm::make_early_inc_range(op->getUses()))
        if (isOfKernel(use)) {
          rewriter.setInsertionPoint(use.getOwner());
          use.set(rewriter.clone(*op)->getResult(0));
        }
  RewritePatternSet patterns(root->getContext());
  linalg::populateFoldReshapeOpsByExpansionPatterns(
      patterns, [](OpOperand *operand) {
        // A reshape of what an op gives, or takes.
        if (isa<tensor::ExpandShapeOp>(operand->getOwner()))
          return isOfKernel(*operand) &&
                 operand->get().getDefiningOp()->hasAttr(kElementwiseAttr);
        auto reshape = operand->get().getDefiningOp<tensor::CollapseShapeOp>();
        Operation *source =
            reshape ? reshape.getSrc().getDefiningOp() : nullptr;
        return operand->getOwner()->hasAttr(kElementwiseAttr) &&
               isa_and_nonnull<scf::ForallOp, linalg::GenericOp>(source);
      });
  tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns,
                                                       root->getContext());
  tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns,
                                                     root->getContext());
  MarkReplacements listener;
  return applyPatternsGreedily(root, std::move(patterns),
                               GreedyRewriteConfig().setListener(&listener));
}

/// Moves what depends on `first` from between the ops to after `last`, so that
/// `first` can move to `last`. Returns false if it has to stay, perhaps because
/// `last` depends on it.
bool Fuser::moveDependentsAfter(Operation *first, Operation *last) {
  SetVector<Operation *> dependents;
  auto isDependent = [&](Operation *op) {
    Operation *ancestor =
        op ? first->getBlock()->findAncestorOpInBlock(*op) : nullptr;
    return ancestor && dependents.contains(ancestor);
  };
  auto usesDependent = [&](Operation &op) {
    return op
        .walk([&](Operation *inner) {
          for (Value operand : inner->getOperands())
            if (operand.getDefiningOp() == first ||
                isDependent(operand.getDefiningOp()))
              return WalkResult::interrupt();
          return WalkResult::advance();
        })
        .wasInterrupted();
  };
  for (Operation &op :
       llvm::make_range(std::next(first->getIterator()), last->getIterator())) {
    if (!usesDependent(op))
      continue;
    if (!isMemoryEffectFree(&op))
      return false;
    dependents.insert(&op);
  }
  if (llvm::any_of(last->getOperands(), [&](Value operand) {
        return isDependent(operand.getDefiningOp());
      }))
    return false;
  for (Operation *op : dependents) {
    rewriter.moveOpAfter(op, last);
    last = op;
  }
  return true;
}

/// Returns true if `value` is a tensor without content, perhaps reshaped.
static bool isEmpty(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
    return isEmpty(op->getOperand(0));
  return isa_and_nonnull<tensor::EmptyOp>(op);
}

/// Lets `op` write to where `loop` puts a result that only `op` needs.
void Fuser::takeDestination(linalg::GenericOp op, scf::ForallOp loop) {
  for (OpOperand &init : op.getDpsInitsMutable())
    if (isEmpty(init.get()))
      for (OpResult result : loop->getResults())
        if (result.getType() == init.get().getType() &&
            llvm::all_of(result.getUsers(),
                         [&](Operation *user) { return user == op; }) &&
            llvm::is_contained(op.getInputs(), result)) {
          Value destination = loop.getTiedOpOperand(result)->get();
          rewriter.modifyOpInPlace(op, [&] { init.set(destination); });
          return;
        }
}

void Fuser::fuseConsumer(linalg::GenericOp op) {
  // The last loop, so that all others have their results before it.
  scf::ForallOp loop;
  for (Value input : op.getInputs()) {
    auto producer = input.getDefiningOp<scf::ForallOp>();
    if (producer && producer->getBlock() == op->getBlock() &&
        (!loop || loop->isBeforeInBlock(producer)))
      loop = producer;
  }
  if (!loop)
    return;
  if (!moveDependentsAfter(loop, op))
    return;
  takeDestination(op, loop);
  SmallVector<LoopLikeOpInterface> loops = {loop};
  FailureOr<scf::SCFFuseConsumerOfSliceResult> fused =
      scf::tileAndFuseConsumer(rewriter, op, loops);
  if (failed(fused))
    return;
  // In a slab, a loop over its parts may give the inputs.
  for (Operation *tile : fused->tiledOps)
    if (auto generic = dyn_cast<linalg::GenericOp>(tile))
      fuseConsumer(generic);
}

void Fuser::fuseProducer(linalg::GenericOp op) {
  SmallVector<linalg::GenericOp> tiles;
  for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
    tensor::ExtractSliceOp slice = getTile(use.getOwner());
    if (!slice)
      continue;
    rewriter.setInsertionPoint(slice);
    FailureOr<TilingResult> tile = tensor::replaceExtractSliceWithTiledProducer(
        rewriter, slice, cast<OpResult>(use.get()));
    if (failed(tile))
      continue;
    rewriter.replaceOp(slice, tile->tiledValues);
    for (Operation *tiledOp : tile->tiledOps)
      tiles.push_back(cast<linalg::GenericOp>(tiledOp));
  }
  for (linalg::GenericOp tile : tiles)
    fuseProducer(tile);

  // Each fusion replaces a reader, with all of its operands.
  auto findUse = [&]() -> OpOperand * {
    for (OpOperand &use : op->getUses())
      if (canCompute(use) && linalg::areElementwiseOpsFusable(&use))
        return &use;
    return nullptr;
  };
  while (OpOperand *use = findUse()) {
    bool isLast = op->hasOneUse();
    if (failed(fuseCopyOfProducer(rewriter, *use)) || isLast)
      return;
  }
}

/// Returns true if `op` joins axes of what an elementwise op gives, for a
/// kernel that can compute it in its place.
static bool joinsElementwise(Operation *op) {
  auto reshape = dyn_cast<tensor::CollapseShapeOp>(op);
  auto producer = reshape ? reshape.getSrc().getDefiningOp<linalg::GenericOp>()
                          : linalg::GenericOp();
  return producer && producer->hasAttr(kElementwiseAttr) &&
         producer->getBlock() == op->getBlock() &&
         llvm::all_of(op->getUses(), canCompute);
}

LogicalResult Fuser::collapseAxes() {
  // Other readers need the axes as they are.
  for (linalg::GenericOp op : collectElementwise(root))
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses()))
      if (joinsElementwise(use.getOwner()) && !op->hasOneUse()) {
        rewriter.setInsertionPoint(use.getOwner());
        use.set(rewriter.clone(*op)->getResult(0));
      }
  RewritePatternSet patterns(root->getContext());
  linalg::populateFoldReshapeOpsByCollapsingPatterns(
      patterns, [](OpOperand *operand) {
        if (isa<tensor::CollapseShapeOp>(operand->getOwner()))
          return joinsElementwise(operand->getOwner());
        auto reshape = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
        return reshape && operand->getOwner()->hasAttr(kElementwiseAttr) &&
               reshape.getSrc().getDefiningOp<linalg::GenericOp>();
      });
  MarkReplacements listener;
  return applyPatternsGreedily(root, std::move(patterns),
                               GreedyRewriteConfig().setListener(&listener));
}

void Fuser::mergeIntoConsumer(linalg::GenericOp op) {
  for (OpOperand &use : op->getUses()) {
    auto consumer = dyn_cast<linalg::GenericOp>(use.getOwner());
    if (consumer && consumer.isDpsInput(&use) &&
        (op->hasAttr(kElementwiseAttr) ||
         consumer->hasAttr(kElementwiseAttr)) &&
        canMergeInto(op, consumer) && succeeded(mergeProducer(rewriter, use)))
      return;
  }
}

LogicalResult Fuser::parallelize(int64_t partSize) {
  for (linalg::GenericOp op : collectElementwise(root)) {
    Value result = op.getResult(0);
    if (!op->hasAttr(kElementwiseAttr) || isOnePart(result, partSize) ||
        op->getParentOfType<scf::ForallOp>())
      continue;
    AffineMap order = op.getIndexingMapsArray().back();
    SmallVector<OpFoldResult> sizes =
        createPartSizes(rewriter, op, op.getDpsInits().back(), partSize);
    if (failed(tileInParallel(rewriter, cast<TilingInterface>(*op),
                              applyPermutationMap<OpFoldResult>(
                                  inversePermutation(order), sizes))))
      return failure();
  }
  return success();
}

namespace {
struct FuseElementwise
    : public norm::impl::NormFuseElementwiseBase<FuseElementwise> {
  using NormFuseElementwiseBase::NormFuseElementwiseBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "part-size", partSize)))
      return signalPassFailure();
    Fuser fuser(getOperation());
    if (failed(fuser.expandAxes()))
      return signalPassFailure();
    fuser.fuseConsumers();
    if (failed(cleanUp()))
      return signalPassFailure();
    fuser.fuseProducers();
    if (failed(cleanUp()) || failed(fuser.collapseAxes()))
      return signalPassFailure();
    fuser.merge();
    if (failed(cleanUp()) || failed(fuser.parallelize(partSize)))
      return signalPassFailure();
  }

  LogicalResult cleanUp() {
    RewritePatternSet patterns(&getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    scf::ForallOp::getCanonicalizationPatterns(patterns, &getContext());
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }
};
} // namespace
