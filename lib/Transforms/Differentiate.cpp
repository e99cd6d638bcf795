//===- Differentiate.cpp - gradient functions and Jacobian products -------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Differentiate.h"
#include "Decomposer.h"

#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMDIFFERENTIATE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

namespace {
/// Makes the derivative of one function.
class FunctionDifferentiator {
public:
  /// `function` is a copy of the function, and becomes its derivative.
  FunctionDifferentiator(func::FuncOp function, ArrayRef<int64_t> arguments)
      : function(function), rewriter(function.getContext()),
        derivatives(rewriter) {
    for (int64_t argument : arguments)
      inputs.push_back(function.getArgument(argument));
  }

  LogicalResult run(DifferentiationMode mode);

private:
  /// Finds the active values; brings active ops into a form that has rules.
  LogicalResult activate();
  FailureOr<Operation *> activate(Operation *op);
  LogicalResult pushForward();
  LogicalResult pullBack();
  /// Adds an argument for the derivative of each of `values`.
  void addArguments(ValueRange values);
  Value getOrZeros(Value value);
  void simplify();

  func::FuncOp function;
  IRRewriter rewriter;
  Derivatives derivatives;
  /// The values that derivatives are taken by, and of.
  SmallVector<Value> inputs, outputs;
};
} // namespace

FailureOr<Operation *> FunctionDifferentiator::activate(Operation *op) {
  auto isActive = [&](Value value) { return derivatives.isActive(value); };
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  if (llvm::any_of(captured, isActive))
    return emitNoRule(op);
  if (op->hasTrait<OpTrait::ReturnLike>() ||
      llvm::none_of(op->getOperands(), isActive))
    return op;
  rewriter.setInsertionPoint(op);
  if (auto named = dyn_cast<linalg::LinalgOp>(op);
      named && !isa<linalg::GenericOp>(op)) {
    FailureOr<linalg::GenericOp> generic =
        linalg::generalizeNamedOp(rewriter, named);
    if (failed(generic))
      return emitNoRule(op);
    op = *generic;
  }
  auto training = dyn_cast<BatchNormTrainingOp>(op);
  if (training && training.getGhostSize() && training.getRunningMean() &&
      training.getGhostUpdate() == GhostUpdate::Sequential)
    return op->emitError()
           << "expected ghost_update = average, to differentiate "
              "running statistics of sub-batches, but got "
              "sequential";
  if (auto layer = dyn_cast<NormLayerOpInterface>(op)) {
    rewriter.setInsertionPoint(op);
    expandLengths(layer, rewriter);
    op = saveStatistics(layer, rewriter);
  }
  auto hasDerivative = [](Type type) {
    return isa<FloatType>(getElementTypeOrSelf(type));
  };
  if (!hasDerivativeRule(op) &&
      (op->getNumResults() == 0 ||
       llvm::any_of(op->getResultTypes(), hasDerivative)))
    return emitNoRule(op);
  derivatives.activateResults(op);
  return op;
}

LogicalResult FunctionDifferentiator::activate() {
  RewritePatternSet patterns(function.getContext());
  linalg::populateElementwiseToLinalgConversionPatterns(patterns);
  walkAndApplyPatterns(function, std::move(patterns));
  for (Value input : inputs)
    derivatives.activate(input);
  for (Operation &op : llvm::make_early_inc_range(function.front()))
    if (failed(activate(&op)))
      return failure();
  return success();
}

void FunctionDifferentiator::addArguments(ValueRange values) {
  for (Value value : values)
    derivatives.add(
        value, function.front().addArgument(value.getType(), value.getLoc()));
}

Value FunctionDifferentiator::getOrZeros(Value value) {
  if (Value derivative = derivatives.get(value))
    return derivative;
  Location loc = value.getLoc();
  Value zeros =
      makeZeros(rewriter, loc, tensor::getMixedSizes(rewriter, loc, value),
                getElementTypeOrSelf(value));
  if (zeros.getType() != value.getType())
    zeros = tensor::CastOp::create(rewriter, loc, value.getType(), zeros);
  return zeros;
}

LogicalResult FunctionDifferentiator::pushForward() {
  addArguments(inputs);
  for (Operation &op :
       llvm::make_early_inc_range(function.front().without_terminator())) {
    rewriter.setInsertionPointAfter(&op);
    if (failed(norm::pushForward(&op, derivatives)))
      return failure();
  }
  return success();
}

LogicalResult FunctionDifferentiator::pullBack() {
  Operation *terminator = function.front().getTerminator();
  rewriter.setInsertionPoint(terminator);
  addArguments(outputs);
  SmallVector<Operation *> ops;
  for (Operation &op : function.front().without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (failed(norm::pullBack(op, derivatives)))
      return failure();
  return success();
}

void FunctionDifferentiator::simplify() {
  RewritePatternSet patterns(function.getContext());
  linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
  linalg::GenericOp::getCanonicalizationPatterns(patterns,
                                                 function.getContext());
  (void)applyPatternsGreedily(function, std::move(patterns));
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);
}

LogicalResult FunctionDifferentiator::run(DifferentiationMode mode) {
  if (failed(activate()))
    return failure();
  Operation *terminator = function.front().getTerminator();
  for (Value result : terminator->getOperands())
    if (isFloatTensor(result.getType()))
      outputs.push_back(result);
  bool isForward = mode == DifferentiationMode::Forward;
  if (failed(isForward ? pushForward() : pullBack()))
    return failure();
  rewriter.setInsertionPoint(terminator);
  SmallVector<Value> results;
  if (isForward)
    llvm::append_range(results, terminator->getOperands());
  for (Value value : isForward ? outputs : inputs)
    results.push_back(getOrZeros(value));
  terminator->setOperands(results);
  function.setType(rewriter.getFunctionType(function.front().getArgumentTypes(),
                                            TypeRange(ValueRange(results))));
  simplify();
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct Differentiate : public norm::impl::NormDifferentiateBase<Differentiate> {
  using NormDifferentiateBase::NormDifferentiateBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    if (function.empty()) {
      for (auto candidate : getOperation().getOps<func::FuncOp>())
        if (candidate->hasAttr("norm.differentiate"))
          functions.push_back(candidate);
    } else if (auto named =
                   getOperation().lookupSymbol<func::FuncOp>(function)) {
      functions.push_back(named);
    } else {
      getOperation().emitError()
          << "expected a function named '" << function << "'";
      return signalPassFailure();
    }
    for (func::FuncOp original : functions)
      if (failed(differentiate(original)))
        return signalPassFailure();
  }

  LogicalResult differentiate(func::FuncOp original) {
    FailureOr<SmallVector<int64_t>> numbers = checkFunction(original);
    if (failed(numbers))
      return failure();
    std::string newName = name;
    if (newName.empty())
      newName = (original.getName() +
                 (mode == DifferentiationMode::Forward ? "_jvp" : "_gradient"))
                    .str();
    if (getOperation().lookupSymbol(newName))
      return original.emitError() << "expected no symbol named '" << newName
                                  << "', the name of the derivative of '"
                                  << original.getName() << "'";
    // The derivative is not part of the module until it is complete.
    OwningOpRef<func::FuncOp> derivative = func::FuncOp::create(
        original.getLoc(), newName, original.getFunctionType());
    IRMapping mapping;
    original.getBody().cloneInto(&derivative->getBody(), mapping);
    if (failed(FunctionDifferentiator(*derivative, *numbers).run(mode)))
      return failure();
    getOperation().insert(std::next(original->getIterator()),
                          derivative.release());
    return success();
  }

  /// Returns the numbers of the arguments to differentiate by.
  FailureOr<SmallVector<int64_t>> checkFunction(func::FuncOp original) {
    StringRef name = original.getName();
    if (!llvm::hasSingleElement(original.getBody()))
      return original.emitError()
             << "expected a function of one block, but '" << name << "' has "
             << original.getBody().getBlocks().size() << " blocks";
    for (Type type : original.getArgumentTypes())
      if (isa<BaseMemRefType>(type))
        return original.emitError()
               << "expected a function of tensors, but '" << name
               << "' has an argument of type " << type;
    SmallVector<int64_t> numbers(arguments.begin(), arguments.end());
    if (numbers.empty())
      for (BlockArgument argument : original.getArguments())
        if (isFloatTensor(argument.getType()))
          numbers.push_back(argument.getArgNumber());
    for (int64_t number : numbers) {
      if (number < 0 || number >= original.getNumArguments())
        return original.emitError() << "expected 'arguments' from 0 to "
                                    << int64_t(original.getNumArguments()) - 1
                                    << ", but got " << number;
      Type type = original.getArgument(number).getType();
      if (!isFloatTensor(type))
        return original.emitError()
               << "expected argument " << number
               << " to be a ranked tensor of floats, but got " << type;
    }
    return numbers;
  }
};
} // namespace
