//===- Reference.cpp - float64 reference of the layer ops -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Reference.h"

#include "Interpreter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

void Interpreter::bind(Value value, const Array &array) {
  auto elements = std::make_shared<std::vector<double>>(array.getNumElements());
  for (int64_t i = 0; i < array.getNumElements(); ++i)
    (*elements)[i] = array.get(i);
  arrays[value] = {SmallVector<int64_t>(array.getShape()), std::move(elements)};
}

void Interpreter::copyTo(Value value, Array &array) const {
  for (auto [i, element] : llvm::enumerate(*arrays.at(value).elements))
    array.set(i, element);
}

ElementType Interpreter::getResultType(Type type) const {
  ElementType element = *norm::getElementType(getElementTypeOrSelf(type));
  return options.unrounded ? getUnroundedType(element) : element;
}

Error Interpreter::runConstant(arith::ConstantOp op) {
  if (op.getType().isIndex()) {
    indices[op] = cast<IntegerAttr>(op.getValue()).getInt();
    return Error::success();
  }
  auto dense = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!dense || !norm::getElementType(dense.getElementType()))
    return makeOpError(op, "expected a constant that is an index or a dense "
                           "tensor of " +
                               formatElementTypes());
  auto elements = std::make_shared<std::vector<double>>();
  if (isa<FloatType>(dense.getElementType())) {
    for (APFloat value : dense.getValues<APFloat>()) {
      bool inexact;
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &inexact);
      elements->push_back(value.convertToDouble());
    }
  } else {
    for (const APInt &value : dense.getValues<APInt>())
      elements->push_back(
          value.roundToDouble(/*isSigned=*/value.getBitWidth() > 1));
  }
  arrays[op] = {SmallVector<int64_t>(dense.getType().getShape()),
                std::move(elements)};
  return Error::success();
}

Error Interpreter::runEmpty(Value result, ValueRange dynamicSizes) {
  auto type = cast<ShapedType>(result.getType());
  Operation *op = result.getDefiningOp();
  std::optional<ElementType> element =
      norm::getElementType(type.getElementType());
  if (!element)
    return makeOpError(op, "expected elements of " + formatElementTypes());
  SmallVector<int64_t> shape;
  for (int64_t size : type.getShape()) {
    if (ShapedType::isDynamic(size)) {
      size = indices.at(dynamicSizes.front());
      dynamicSizes = dynamicSizes.drop_front();
    }
    shape.push_back(size);
  }
  Expected<int64_t> numElements = getNumElements(shape, ElementType::F64);
  if (!numElements)
    return makeOpError(op, llvm::toString(numElements.takeError()));
  // What reads an undefined element gives NaN.
  arrays[result] = {std::move(shape),
                    std::make_shared<std::vector<double>>(*numElements, NAN)};
  return Error::success();
}

Error Interpreter::runDim(Operation *op, Value source, Value index) {
  const Values &values = arrays.at(source);
  int64_t axis = indices.at(index);
  if (axis < 0 || axis >= static_cast<int64_t>(values.shape.size()))
    return makeOpError(op, "expected the dimension to be below the rank, " +
                               llvm::Twine(values.shape.size()) + ", but got " +
                               llvm::Twine(axis));
  indices[op->getResult(0)] = values.shape[axis];
  return Error::success();
}

Error Interpreter::runCast(Operation *op) {
  const Values &values = arrays.at(op->getOperand(0));
  auto type = dyn_cast<ShapedType>(op->getResult(0).getType());
  if (!type.hasRank())
    return makeOpError(op, "expected a ranked result");
  if (failed(verifyCompatibleShape(type.getShape(), values.shape)))
    return makeOpError(op, "expected the shape to be " +
                               formatShape(type.getShape()) + ", but got " +
                               formatShape(values.shape));
  Values copy = values;
  arrays[op->getResult(0)] = std::move(copy);
  return Error::success();
}

/// Returns what finite elements of `init` are at most: statistics stay finite.
static double getLimit(NormLayerOpInterface op, OpOperand &init) {
  if (op.describeOperand(init).isData ||
      !isa<BatchNormTrainingOp, GroupNormOp, InstanceNormOp, LayerNormOp,
           RMSNormOp>(*op))
    return HUGE_VAL;
  return getLargest(
      *norm::getElementType(getElementTypeOrSelf(init.get().getType())));
}

void Interpreter::setResults(Operation *op, const InitValues &results) {
  auto layer = cast<DestinationStyleOpInterface>(op);
  unsigned nextResult = 0;
  for (auto [init, unrounded] :
       llvm::zip_equal(layer.getDpsInitsMutable(), results)) {
    auto elements = std::make_shared<std::vector<double>>();
    elements->reserve(unrounded.size());
    ElementType type = getResultType(init.get().getType());
    double limit = getLimit(cast<NormLayerOpInterface>(op), init);
    for (long double element : unrounded) {
      if (std::isfinite(element))
        element = std::clamp<long double>(element, -limit, limit);
      elements->push_back(roundTo(type, static_cast<double>(element)));
    }
    const Values &destination = arrays.at(init.get());
    if (isa<MemRefType>(init.get().getType())) {
      *destination.elements = std::move(*elements);
      continue;
    }
    Values result = {destination.shape, std::move(elements)};
    arrays[op->getResult(nextResult++)] = std::move(result);
  }
}

Error Interpreter::run(Operation *op) {
  Expected<std::optional<InitValues>> layer = runLayerOp(
      op, [&](Value value) -> const Values & { return getValues(value); });
  if (!layer)
    return layer.takeError();
  if (*layer) {
    setResults(op, **layer);
    return Error::success();
  }
  return llvm::TypeSwitch<Operation *, Error>(op)
      .Case([&](arith::ConstantOp constant) { return runConstant(constant); })
      .Case([&](tensor::EmptyOp empty) {
        return runEmpty(empty, empty.getDynamicSizes());
      })
      .Case([&](memref::AllocOp alloc) {
        return runEmpty(alloc, alloc.getDynamicSizes());
      })
      .Case<tensor::DimOp, memref::DimOp>([&](auto dim) {
        return runDim(dim, dim.getSource(), dim.getIndex());
      })
      .Case<tensor::CastOp, memref::CastOp>(
          [&](Operation *cast) { return runCast(cast); })
      .Case([](memref::DeallocOp) { return Error::success(); })
      .Default([](Operation *other) {
        return makeOpError(
            other, "is not known to the reference, which runs layer ops, "
                   "tensor.empty, memref.alloc, memref.dealloc, dim, cast, "
                   "arith.constant and func.return");
      });
}

Expected<Interpreter> Interpreter::create(FunctionOpInterface function,
                                          ArrayRef<Array> arguments,
                                          const ReferenceOptions &options) {
  if (!isa<func::FuncOp>(function.getOperation()))
    return makeOpError(function,
                       "expected a func.func with layer ops for the reference");
  if (!llvm::hasSingleElement(function.getFunctionBody()))
    return makeOpError(function, "expected one block for the reference");
  Interpreter interpreter(options);
  for (auto [value, array] :
       llvm::zip_equal(function.getArguments(), arguments))
    interpreter.bind(value, array);
  return std::move(interpreter);
}

Error Interpreter::runUntil(Operation *end) {
  for (Operation &op : *end->getBlock()) {
    if (&op == end)
      break;
    if (Error error = run(&op))
      return error;
  }
  return Error::success();
}

Expected<Array> Interpreter::getArray(Value value) const {
  Expected<Array> array =
      Array::create(getValues(value).shape, getResultType(value.getType()));
  if (array)
    copyTo(value, *array);
  return array;
}

Expected<SmallVector<Array>>
norm::runReference(FunctionOpInterface function,
                   MutableArrayRef<Array> arguments,
                   const ReferenceOptions &options) {
  Expected<Interpreter> interpreter =
      Interpreter::create(function, arguments, options);
  if (!interpreter)
    return interpreter.takeError();
  Operation *terminator = function.getFunctionBody().front().getTerminator();
  if (Error error = interpreter->runUntil(terminator))
    return std::move(error);
  SmallVector<Array> results;
  for (Value value : terminator->getOperands()) {
    Expected<Array> result = interpreter->getArray(value);
    if (!result)
      return result.takeError();
    results.push_back(std::move(*result));
  }
  for (auto [value, array] :
       llvm::zip_equal(function.getArguments(), arguments))
    if (isa<MemRefType>(value.getType()))
      interpreter->copyTo(value, array);
  return std::move(results);
}
