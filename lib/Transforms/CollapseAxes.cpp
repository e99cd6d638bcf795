//===- CollapseAxes.cpp - merges adjacent axes of layer ops -------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contiguity.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMCOLLAPSEAXES
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Which axes of an input become one.
class AxisGroups {
public:
  explicit AxisGroups(NormLayerOpInterface op);

  /// Returns the axis that `axis` becomes.
  int64_t getNumber(int64_t axis) const { return numbers[axis]; }
  bool isUnit(int64_t axis) const { return shape[axis] == 1; }
  /// Returns true if `axis` has the names of its group. Operands that have it
  /// have the group, and all others have none of it but axes of one element.
  bool isLeader(int64_t axis) const { return leaders[numbers[axis]] == axis; }
  /// Returns true if nothing is moved, and nothing is merged.
  bool areTrivial() const {
    return leaders.size() == numbers.size() && llvm::is_sorted(numbers);
  }

private:
  ArrayRef<int64_t> shape;
  SmallVector<int64_t> numbers, leaders;
};

/// How an operand is reshaped, if it is: collapsed, and then expanded.
class Reshape {
public:
  Reshape(ArrayRef<LayerDim> dims, const AxisGroups &groups);

  bool isTrivial() const { return oldRank == coreRank && coreRank == newRank; }
  bool operator==(const Reshape &other) const {
    return collapsed == other.collapsed && expanded == other.expanded;
  }

  Value apply(OpBuilder &builder, Location loc, Value value) const;
  /// Gives a result the shape of `init`, which was reshaped.
  Value undo(OpBuilder &builder, Location loc, Value value, Value init) const;

private:
  SmallVector<ReassociationIndices> collapsed, expanded;
  SmallVector<size_t> places; // Of collapsed dimensions among expanded ones.
  size_t oldRank, coreRank, newRank;
};
} // namespace

/// Axes of one element come first, where they make no inner loop short; but an
/// axis 0 that is divided remains the first. Then neighbours are merged that
/// the same attributes name, and an axis of one element also with a neighbour
/// that more attributes name.
AxisGroups::AxisGroups(NormLayerOpInterface op)
    : shape(cast<ShapedType>(op.getInput().getType()).getShape()),
      numbers(shape.size()) {
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  std::optional<Grouping> grouping = op.getGrouping();
  bool staysFirst = grouping && grouping->axis == 0;
  llvm::sort(MutableArrayRef(order).drop_front(staysFirst),
             [&](int64_t a, int64_t b) {
               return std::pair(!isUnit(a), a) < std::pair(!isUnit(b), b);
             });

  SmallVector<SmallVector<int64_t>> lists = op.getNamedAxes();
  auto canJoin = [&](int64_t axis, int64_t leader) {
    return llvm::all_of(lists, [&](ArrayRef<int64_t> named) {
      bool isNamed = llvm::is_contained(named, axis);
      bool isLeaderNamed = llvm::is_contained(named, leader);
      return isNamed == isLeaderNamed || (isUnit(axis) && isLeaderNamed);
    });
  };
  // Layer ops have two axes at least.
  for (size_t fewest = 1; fewest <= 2 && leaders.size() < 2; ++fewest) {
    leaders.clear();
    for (int64_t axis : order) {
      if (leaders.size() < fewest)
        leaders.push_back(axis);
      else if (isUnit(leaders.back()) && canJoin(leaders.back(), axis))
        leaders.back() = axis;
      else if (!canJoin(axis, leaders.back()))
        leaders.push_back(axis);
      numbers[axis] = leaders.size() - 1;
    }
  }
}

/// Groups adjacent dimensions that have the same number. One without a number
/// has one element, and joins any group; there is no group of such alone.
static SmallVector<ReassociationIndices>
groupDims(ArrayRef<std::optional<int64_t>> numbers) {
  SmallVector<ReassociationIndices> groups;
  std::optional<int64_t> last;
  for (auto [i, number] : llvm::enumerate(numbers)) {
    if (groups.empty() || (number && last && *number != *last))
      groups.emplace_back();
    groups.back().push_back(i);
    if (number)
      last = number;
  }
  return last ? groups : SmallVector<ReassociationIndices>();
}

/// Dimensions of one element that come to another place are dropped and made
/// anew.
Reshape::Reshape(ArrayRef<LayerDim> dims, const AxisGroups &groups) {
  SmallVector<std::optional<int64_t>> kept, core, made;
  bool isMoved = false;
  for (LayerDim dim : dims) {
    bool isUnit = groups.isUnit(dim.axis);
    int64_t number = groups.getNumber(dim.axis);
    kept.push_back(number);
    if (isUnit && !groups.isLeader(dim.axis))
      kept.back() = std::nullopt;
    core.push_back(isUnit ? std::nullopt : kept.back());
    if (kept.back() && !llvm::is_contained(made, number)) {
      isMoved |= !made.empty() && *made.back() > number;
      made.push_back(number);
    }
  }
  llvm::sort(made);
  if (isMoved)
    for (std::optional<int64_t> &number : made)
      if (!llvm::is_contained(core, number))
        number = std::nullopt;
  collapsed = groupDims(isMoved ? core : kept);
  expanded = groupDims(made);
  oldRank = dims.size();
  coreRank = collapsed.size();
  newRank = made.size();
  for (auto [i, number] : llvm::enumerate(made))
    if (number)
      places.push_back(i);
}

Value Reshape::apply(OpBuilder &builder, Location loc, Value value) const {
  if (coreRank != oldRank)
    value = tensor::CollapseShapeOp::create(builder, loc, value, collapsed);
  if (newRank == coreRank)
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes(newRank, builder.getIndexAttr(1));
  for (auto [place, size] :
       llvm::zip_equal(places, tensor::getMixedSizes(builder, loc, value)))
    sizes[place] = size;
  SmallVector<int64_t> shape = decomposeMixedValues(sizes).first;
  return tensor::ExpandShapeOp::create(builder, loc, type.clone(shape), value,
                                       expanded, sizes);
}

Value Reshape::undo(OpBuilder &builder, Location loc, Value value,
                    Value init) const {
  if (newRank != coreRank)
    value = tensor::CollapseShapeOp::create(builder, loc, value, expanded);
  if (coreRank == oldRank)
    return value;
  return tensor::ExpandShapeOp::create(
      builder, loc, init.getType(), value, collapsed,
      tensor::getMixedSizes(builder, loc, init));
}

namespace {
struct CollapsePattern
    : public OpInterfaceRewritePattern<NormLayerOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(NormLayerOpInterface op,
                                PatternRewriter &rewriter) const override {
    auto destination = cast<DestinationStyleOpInterface>(*op);
    if (!destination.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    AxisGroups groups(op);
    if (groups.areTrivial())
      return rewriter.notifyMatchFailure(op, "expected axes to merge");
    // The product of 0 and a dynamic size has no type that says so.
    if (llvm::is_contained(cast<ShapedType>(op.getInput().getType()).getShape(),
                           0))
      return rewriter.notifyMatchFailure(op, "expected elements");

    SmallVector<Reshape> reshapes;
    for (OpOperand &operand : op->getOpOperands()) {
      SmallVector<LayerDim> dims = op.describeOperand(operand).dims;
      reshapes.emplace_back(dims, groups);
      if (reshapes.back().isTrivial())
        continue;
      if (!isContiguous(operand.get()))
        return rewriter.notifyMatchFailure(op, "expected contiguous values");
      // Of axes of one element, all dimensions have to say so.
      auto type = cast<ShapedType>(operand.get().getType());
      for (auto [size, dim] : llvm::zip_equal(type.getShape(), dims))
        if (groups.isUnit(dim.axis) && size != 1)
          return rewriter.notifyMatchFailure(op, "expected refined shapes");
    }

    // One new value for each, so that an output that is an input stays one.
    Location loc = op.getLoc();
    SmallVector<Value> operands(op->getOperands());
    for (auto [i, reshape] : llvm::enumerate(reshapes)) {
      if (reshape.isTrivial())
        continue;
      Value value = op->getOperand(i);
      for (size_t other = 0; other < i && operands[i] == value; ++other)
        if (op->getOperand(other) == value && reshapes[other] == reshape)
          operands[i] = operands[other];
      if (operands[i] == value)
        operands[i] = reshape.apply(rewriter, loc, value);
    }
    unsigned numInits = destination.getNumDpsInits();
    SmallVector<Type> types =
        llvm::to_vector(TypeRange(ValueRange(operands).take_back(numInits)));
    Operation *collapsed = mlir::clone(rewriter, op, types, operands);
    cast<NormLayerOpInterface>(collapsed).renumberAxes(
        [&](int64_t axis) { return groups.getNumber(axis); });

    SmallVector<Value> results(collapsed->getResults());
    for (auto [result, init, reshape] :
         llvm::zip_equal(results, destination.getDpsInits(),
                         ArrayRef(reshapes).take_back(numInits)))
      result = reshape.undo(rewriter, loc, result, init);
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct CollapseAxes : public norm::impl::NormCollapseAxesBase<CollapseAxes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<CollapsePattern>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
