//===- Outline.cpp - layers that are alike, compiled once -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contiguity.h"
#include "Elementwise.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMOUTLINE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// A layer with the elementwise ops around it, which are to be fused with it,
/// and what a function that does the same takes and gives.
class Group {
public:
  /// Takes the elementwise ops around `layer` that are not in `taken`, and adds
  /// them to it.
  Group(NormLayerOpInterface layer, DenseSet<Operation *> &taken);

  /// Returns true if a function can take all that the ops use.
  bool canBeOutlined() const {
    return llvm::all_of(arguments, [](Value value) {
      return !isa<RankedTensorType>(value.getType()) || isContiguous(value);
    });
  }
  /// Makes the function, which is in no module yet.
  func::FuncOp makeFunction();
  /// `replaced` maps the results of groups to those of the calls in their
  /// place.
  void replaceByCallOf(func::FuncOp function, IRMapping &replaced);

private:
  bool contains(Operation *op) const { return llvm::is_contained(ops, op); }
  /// Returns the ops that use `op`, as ones of its block; null for others.
  SmallVector<Operation *> getUsers(Operation *op) const {
    return llvm::map_to_vector(op->getUsers(), [&](Operation *user) {
      return layer->getBlock()->findAncestorOpInBlock(*user);
    });
  }
  bool take(Operation *op);
  bool isResult(OpResult value) const;
  bool isOwnInit(OpOperand &operand);
  void collectArguments();

  NormLayerOpInterface layer;
  SmallVector<Operation *> ops; // In their order.
  SmallVector<OpResult> results;
  SmallVector<Value> arguments;
  SmallVector<OpOperand *> ownInits;
};
} // namespace

Group::Group(NormLayerOpInterface layer, DenseSet<Operation *> &taken)
    : layer(layer), ops({layer}) {
  auto takeNext = [&] {
    for (Operation *op : ops) {
      SmallVector<Operation *> neighbors = getUsers(op);
      for (Value operand : op->getOperands())
        neighbors.push_back(operand.getDefiningOp());
      for (Operation *neighbor : neighbors)
        if (neighbor && !taken.contains(neighbor) && take(neighbor))
          return true;
    }
    return false;
  };
  while (takeNext())
    ;
  taken.insert(ops.begin(), ops.end());
  for (Operation *op : ops)
    for (OpResult result : op->getResults())
      if (isResult(result))
        results.push_back(result);
  collectArguments();
}

/// Takes `op` if it is elementwise, and if all ops of the group could run where
/// the last one is.
bool Group::take(Operation *op) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic || !generic->hasAttr(kElementwiseAttr) || contains(op) ||
      op->getBlock() != layer->getBlock())
    return false;
  auto *place = llvm::upper_bound(ops, op, [](Operation *a, Operation *b) {
    return a->isBeforeInBlock(b);
  });
  place = ops.insert(place, op);
  bool isMovable = llvm::all_of(ops, [&](Operation *member) {
    return llvm::all_of(getUsers(member), [&](Operation *user) {
      return user && (contains(user) || ops.back()->isBeforeInBlock(user));
    });
  });
  if (!isMovable)
    ops.erase(place);
  return isMovable;
}

/// Returns true if other ops use `value`, or none at all.
bool Group::isResult(OpResult value) const {
  return value.use_empty() ||
         llvm::any_of(value.getUsers(), [&](Operation *user) {
           return !contains(layer->getBlock()->findAncestorOpInBlock(*user));
         });
}

/// Returns true if `operand` is for a result that remains inside, so that the
/// function makes its memory, and if this is ever needed.
bool Group::isOwnInit(OpOperand &operand) {
  auto op = cast<DestinationStyleOpInterface>(operand.getOwner());
  if (!op.isDpsInit(&operand) || isResult(op.getTiedOpResult(&operand)))
    return false;
  auto generic = dyn_cast<linalg::GenericOp>(*op);
  return generic ? !generic.payloadUsesValueFromOperand(&operand)
                 : getRank(operand.get()) == getRank(layer.getInput());
}

/// Lists what the ops use of others, each once. Constants are part of the
/// function.
void Group::collectArguments() {
  llvm::SetVector<Value> used;
  for (Operation *op : ops) {
    for (OpOperand &operand : op->getOpOperands())
      if (isOwnInit(operand))
        ownInits.push_back(&operand);
      else
        used.insert(operand.get());
    getUsedValuesDefinedAbove(op->getRegions(), used);
  }
  used.remove_if([&](Value value) {
    return contains(value.getDefiningOp()) || matchPattern(value, m_Constant());
  });
  arguments = used.takeVector();
}

func::FuncOp Group::makeFunction() {
  OpBuilder builder(layer.getContext());
  Location loc = layer.getLoc();
  std::string name = layer->getName().getStringRef().str();
  std::replace(name.begin(), name.end(), '.', '_');
  SmallVector<Type> types(ValueRange(arguments).getTypes());
  for (OpOperand *init : ownInits)
    types.append(
        cast<RankedTensorType>(init->get().getType()).getNumDynamicDims(),
        builder.getIndexType());
  SmallVector<Type> resultTypes = llvm::map_to_vector(
      results, [](OpResult result) { return result.getType(); });
  auto function = func::FuncOp::create(
      builder, loc, name, builder.getFunctionType(types, resultTypes));
  function.setPrivate();
  Block *entry = function.addEntryBlock();
  builder.setInsertionPointToEnd(entry);

  IRMapping mapping;
  ValueRange parameters = entry->getArguments();
  mapping.map(arguments, parameters.take_front(arguments.size()));
  ValueRange sizes = parameters.drop_front(arguments.size());
  auto cloneConstant = [&](Value value) {
    Operation *constant = value.getDefiningOp();
    if (!mapping.contains(value) && matchPattern(value, m_Constant()))
      builder.clone(*constant, mapping);
  };
  for (Operation *op : ops) {
    llvm::for_each(op->getOperands(), cloneConstant);
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    llvm::for_each(captured, cloneConstant);
    Operation *clone = builder.clone(*op, mapping);
    builder.setInsertionPoint(clone);
    for (OpOperand &operand : op->getOpOperands()) {
      if (!llvm::is_contained(ownInits, &operand))
        continue;
      auto type = cast<RankedTensorType>(operand.get().getType());
      ValueRange dynamic = sizes.take_front(type.getNumDynamicDims());
      sizes = sizes.drop_front(type.getNumDynamicDims());
      clone->setOperand(operand.getOperandNumber(),
                        tensor::EmptyOp::create(builder, loc, type, dynamic));
    }
    builder.setInsertionPointToEnd(entry);
  }
  func::ReturnOp::create(builder, loc,
                         llvm::map_to_vector(results, [&](OpResult result) {
                           return mapping.lookup(Value(result));
                         }));
  return function;
}

void Group::replaceByCallOf(func::FuncOp function, IRMapping &replaced) {
  OpBuilder builder(ops.back());
  Location loc = layer.getLoc();
  SmallVector<Value> operands = llvm::map_to_vector(
      arguments, [&](Value value) { return replaced.lookupOrDefault(value); });
  for (OpOperand *init : ownInits)
    for (auto [dim, size] : llvm::enumerate(
             cast<RankedTensorType>(init->get().getType()).getShape()))
      if (ShapedType::isDynamic(size))
        operands.push_back(
            tensor::DimOp::create(builder, loc, init->get(), dim));
  auto call = func::CallOp::create(builder, loc, function, operands);
  for (auto [old, result] : llvm::zip_equal(results, call.getResults())) {
    old.replaceAllUsesWith(result);
    replaced.map(old, result);
  }
  for (Operation *op : llvm::reverse(ops))
    op->erase();
}

/// Returns true if one function does what both do.
static bool areAlike(func::FuncOp a, func::FuncOp b) {
  return a.getFunctionType() == b.getFunctionType() &&
         OperationEquivalence::isRegionEquivalentTo(
             &a.getBody(), &b.getBody(),
             OperationEquivalence::IgnoreLocations |
                 OperationEquivalence::IgnoreDiscardableAttrs);
}

static bool canBeOutlined(NormLayerOpInterface op) {
  return cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics() &&
         isa_and_nonnull<func::FuncOp>(op->getParentOp());
}

namespace {
struct Outline : public norm::impl::NormOutlineBase<Outline> {
  using NormOutlineBase::NormOutlineBase;

  void runOnOperation() override {
    // The groups of which one function does the work.
    struct Class {
      OwningOpRef<func::FuncOp> function;
      std::vector<Group> groups;
    };
    std::vector<Class> classes;
    DenseSet<Operation *> taken;
    getOperation()->walk([&](NormLayerOpInterface op) {
      if (!canBeOutlined(op) || (keepDevices && op.getDevices()))
        return;
      Group group(op, taken);
      if (!group.canBeOutlined())
        return;
      OwningOpRef<func::FuncOp> function = group.makeFunction();
      auto found = llvm::find_if(classes, [&](Class &other) {
        return areAlike(*other.function, *function);
      });
      if (found == classes.end()) {
        classes.push_back(Class{std::move(function), {}});
        found = std::prev(classes.end());
      }
      found->groups.push_back(std::move(group));
    });
    SymbolTable symbols(getOperation());
    IRMapping replaced;
    for (Class &each : classes) {
      if (each.groups.size() < 2)
        continue;
      func::FuncOp function = each.function.release();
      symbols.insert(function);
      for (Group &group : each.groups)
        group.replaceByCallOf(function, replaced);
    }
    // The sizes of inits are taken from where these got them, so that nobody
    // uses the inits.
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    tensor::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
