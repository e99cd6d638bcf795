//===- DifferentiateGeneric.cpp - derivatives of linalg.generic -----------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A generic op computes elements y = f(x...), or sums y = init + sum f(x...).
// Its tangents are such sums of f's partial derivatives times tangents, and its
// cotangents are sums over the loops that do not index the operand.
//
//===----------------------------------------------------------------------===//

#include "Differentiate.h"

#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

Value norm::buildSum(OpBuilder &builder, Location loc,
                     ArrayRef<MappedTensor> ins, AffineMap map,
                     ArrayRef<OpFoldResult> sizes, Type elementType,
                     FloatType compute, TermBody body) {
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (const MappedTensor &in : ins) {
    inputs.push_back(in.tensor);
    maps.push_back(in.map);
  }
  maps.push_back(map);
  bool isSum = map.getNumResults() < map.getNumDims();
  SmallVector<utils::IteratorType> iterators;
  for (unsigned loop : llvm::seq(map.getNumDims()))
    iterators.push_back(map.isFunctionOfDim(loop)
                            ? utils::IteratorType::parallel
                            : utils::IteratorType::reduction);
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, elementType);
  Value init = isSum ? makeZeros(builder, loc, sizes, compute) : empty;
  Value result =
      linalg::GenericOp::create(
          builder, loc, init.getType(), inputs, init, maps, iterators,
          [&](OpBuilder &b, Location l, ValueRange args) {
            Scalars scalars(b, l, compute);
            Value term = body(scalars, args.drop_back());
            if (isSum)
              term = scalars.add(args.back(), term);
            term = castFloat(b, l, term, args.back().getType());
            linalg::YieldOp::create(b, l, term);
          })
          .getResult(0);
  return init.getType() == empty.getType()
             ? result
             : copyInto(builder, loc, result, empty);
}

namespace {
/// A linalg.generic that is differentiated.
class Generic {
public:
  explicit Generic(linalg::GenericOp op) : op(op) {}

  /// Finds the function f; fails with a message if there is none.
  LogicalResult analyze();

  LogicalResult pushForward(Derivatives &tangents);
  LogicalResult pullBack(Derivatives &cotangents);

private:
  LogicalResult analyzeMaps();
  LogicalResult findTerm(OpOperand &init);
  FloatType getComputeType();
  BlockArgument getArgument(OpOperand *operand) {
    return op.getMatchingBlockArgument(operand);
  }
  /// Clones f on elements of the operands.
  IRMapping cloneBody(Scalars &s, ValueRange elements);
  /// Calls `rule` for each op of f, in order or reversed, that depends on
  /// `active`, with its partial derivatives.
  LogicalResult
  visit(Scalars &s, const IRMapping &mapping, DenseSet<Value> active,
        bool isReversed,
        function_ref<void(Value result, Value operand, Value partial)> rule);
  SmallVector<MappedTensor> getOperands();

  linalg::GenericOp op;
  bool isSum = false;
  /// What f reads.
  SmallVector<OpOperand *> operands;
  /// The values of f, one for each result.
  SmallVector<Value> terms;
  /// The ops that add them to the inits.
  SmallVector<Operation *> additions;
};
} // namespace

LogicalResult Generic::analyze() {
  isSum = op.getNumReductionLoops() > 0;
  if (failed(analyzeMaps()))
    return failure();
  for (OpOperand *input : op.getDpsInputOperands())
    operands.push_back(input);
  for (OpOperand &init : op.getDpsInitsMutable()) {
    if (failed(findTerm(init)))
      return failure();
    if (!isSum && !getArgument(&init).use_empty())
      operands.push_back(&init);
  }
  return success();
}

LogicalResult Generic::analyzeMaps() {
  auto isParallel = [&](unsigned loop) {
    return op.getIteratorTypesArray()[loop] == utils::IteratorType::parallel;
  };
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    bool isGood = map.isProjectedPermutation();
    if (op.isDpsInit(&operand))
      for (unsigned loop : llvm::seq(op.getNumLoops()))
        isGood &= map.isFunctionOfDim(loop) == isParallel(loop);
    if (!isGood)
      return op->emitError()
             << "expected each dimension of an operand to have a loop of its "
                "own, and the results to have all parallel loops, but operand "
             << operand.getOperandNumber() << " has the map "
             << AffineMapAttr::get(map);
  }
  return success();
}

LogicalResult Generic::findTerm(OpOperand &init) {
  Value yielded = op.getMatchingYieldValue(&init)->get();
  if (!isSum) {
    terms.push_back(yielded);
    return success();
  }
  BlockArgument sum = getArgument(&init);
  auto addition = yielded.getDefiningOp<arith::AddFOp>();
  if (!addition || !sum.hasOneUse() || *sum.user_begin() != addition ||
      !addition->hasOneUse())
    return op->emitError() << "expected reductions to be sums";
  terms.push_back(addition.getLhs() == sum ? addition.getRhs()
                                           : addition.getLhs());
  additions.push_back(addition);
  return success();
}

FloatType Generic::getComputeType() {
  SmallVector<Value> values(op.getBody()->getArguments());
  for (Operation &inner : op.getBody()->without_terminator())
    llvm::append_range(values, inner.getResults());
  return norm::getComputeType(values);
}

SmallVector<MappedTensor> Generic::getOperands() {
  return llvm::map_to_vector(operands, [&](OpOperand *operand) {
    return MappedTensor{operand->get(), op.getMatchingIndexingMap(operand)};
  });
}

IRMapping Generic::cloneBody(Scalars &s, ValueRange elements) {
  IRMapping mapping;
  for (auto [operand, element] : llvm::zip(operands, elements))
    mapping.map(getArgument(operand), element);
  for (Operation &inner : op.getBody()->without_terminator())
    if (!llvm::is_contained(additions, &inner))
      s.builder.clone(inner, mapping);
  return mapping;
}

LogicalResult Generic::visit(
    Scalars &s, const IRMapping &mapping, DenseSet<Value> active,
    bool isReversed,
    function_ref<void(Value result, Value operand, Value partial)> rule) {
  SmallVector<Operation *> ops;
  for (Operation &inner : op.getBody()->without_terminator()) {
    auto isActive = [&](Value operand) { return active.contains(operand); };
    if (llvm::is_contained(additions, &inner) ||
        llvm::none_of(inner.getOperands(), isActive))
      continue;
    if (inner.getNumResults() == 1 &&
        !isa<FloatType>(inner.getResult(0).getType()))
      continue;
    ops.push_back(&inner);
    active.insert_range(inner.getResults());
  }
  if (isReversed)
    std::reverse(ops.begin(), ops.end());
  auto cast = [&](Value value) {
    Value clone = mapping.lookupOrDefault(value);
    return isa<FloatType>(clone.getType()) ? s.cast(clone) : clone;
  };
  for (Operation *inner : ops) {
    if (inner->getNumResults() != 1)
      return emitNoRule(inner);
    FailureOr<SmallVector<Value>> partials =
        getPartials(inner, s, llvm::map_to_vector(inner->getOperands(), cast),
                    cast(inner->getResult(0)));
    if (failed(partials))
      return emitNoRule(inner);
    for (auto [operand, partial] :
         llvm::zip_equal(inner->getOperands(), *partials))
      if (active.contains(operand))
        rule(inner->getResult(0), operand, partial);
  }
  return success();
}

/// Adds a * b to a sum, which may be null for 0; so may be `a`.
static void addProduct(Scalars &s, Value &sum, Value a, Value b) {
  if (!a)
    return;
  Value product = s.mul(a, b);
  sum = sum ? s.add(sum, product) : product;
}

LogicalResult Generic::pushForward(Derivatives &tangents) {
  SmallVector<MappedTensor> ins = getOperands();
  SmallVector<Value> arguments;
  for (OpOperand *operand : operands) {
    if (Value tangent = tangents.get(operand->get())) {
      ins.push_back({tangent, op.getMatchingIndexingMap(operand)});
      arguments.push_back(getArgument(operand));
    }
  }
  OpBuilder &builder = tangents.builder;
  for (auto [i, term] : llvm::enumerate(terms)) {
    OpOperand *init = op.getDpsInitOperand(i);
    if (isSum)
      tangents.add(op.getResult(i), tangents.get(init->get()));
    if (arguments.empty())
      continue;
    LogicalResult result = success();
    auto body = [&, term = Value(term)](Scalars &s, ValueRange args) {
      IRMapping mapping = cloneBody(s, args);
      DenseMap<Value, Value> scalars;
      for (auto [argument, tangent] :
           llvm::zip_equal(arguments, args.drop_front(operands.size())))
        scalars[argument] = s.cast(tangent);
      result = visit(s, mapping, {arguments.begin(), arguments.end()},
                     /*isReversed=*/false,
                     [&](Value result, Value operand, Value partial) {
                       Value tangent = scalars.lookup(operand);
                       addProduct(s, scalars[result], tangent, partial);
                     });
      Value tangent = scalars.lookup(term);
      return tangent ? tangent : s.constant(0.0);
    };
    Value tangent =
        buildSum(builder, op.getLoc(), ins, op.getMatchingIndexingMap(init),
                 tensor::getMixedSizes(builder, op.getLoc(), init->get()),
                 getElementTypeOrSelf(init->get()), getComputeType(), body);
    if (failed(result))
      return failure();
    tangents.add(op.getResult(i), tangent);
  }
  return success();
}

LogicalResult Generic::pullBack(Derivatives &cotangents) {
  SmallVector<MappedTensor> ins = getOperands();
  SmallVector<Value> seeded;
  for (auto [i, term] : llvm::enumerate(terms)) {
    OpOperand *init = op.getDpsInitOperand(i);
    Value cotangent = cotangents.get(op.getResult(i));
    if (!cotangent)
      continue;
    ins.push_back({cotangent, op.getMatchingIndexingMap(init)});
    seeded.push_back(term);
    if (isSum)
      cotangents.add(init->get(), cotangent);
  }
  OpBuilder &builder = cotangents.builder;
  FloatType compute = getComputeType();
  for (OpOperand *operand : operands) {
    Value value = operand->get();
    if (seeded.empty() || !cotangents.isActive(value))
      continue;
    LogicalResult result = success();
    auto body = [&](Scalars &s, ValueRange args) {
      IRMapping mapping = cloneBody(s, args);
      DenseMap<Value, Value> scalars;
      for (auto [term, cotangent] :
           llvm::zip_equal(seeded, args.drop_front(operands.size())))
        addProduct(s, scalars[term], s.cast(cotangent), s.constant(1.0));
      result = visit(s, mapping, {getArgument(operand)}, /*isReversed=*/true,
                     [&](Value result, Value operand, Value partial) {
                       Value cotangent = scalars.lookup(result);
                       addProduct(s, scalars[operand], cotangent, partial);
                     });
      Value cotangent = scalars.lookup(getArgument(operand));
      return cotangent ? cotangent : s.constant(0.0);
    };
    Value cotangent =
        buildSum(builder, op.getLoc(), ins, op.getMatchingIndexingMap(operand),
                 tensor::getMixedSizes(builder, op.getLoc(), value),
                 getElementTypeOrSelf(value), compute, body);
    if (failed(result))
      return failure();
    cotangents.add(value, cotangent);
  }
  return success();
}

LogicalResult norm::pushForward(linalg::GenericOp op, Derivatives &tangents) {
  Generic generic(op);
  return success(succeeded(generic.analyze()) &&
                 succeeded(generic.pushForward(tangents)));
}

LogicalResult norm::pullBack(linalg::GenericOp op, Derivatives &cotangents) {
  Generic generic(op);
  return success(succeeded(generic.analyze()) &&
                 succeeded(generic.pullBack(cotangents)));
}
