//===- DecomposeDevices.cpp - statistics of several devices ---------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every device gathers what all of its group have, and combines it in the order
// of the group. A sum made by a collective would be in an order that is the
// transport's, and could not combine moments. Numbers travel in f64: a mean
// that is large against the standard deviation keeps its digits without a
// shift, of which each device has another.
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Devices.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::norm;

/// Builds a tensor of `type` elements: `body` of the elements of `inputs`, all
/// of one shape.
static Value
buildElementwise(OpBuilder &builder, Location loc, ValueRange inputs,
                 FloatType type,
                 function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  Value init = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, inputs.front()), type);
  int64_t rank = getRank(init);
  SmallVector<AffineMap> maps(inputs.size() + 1,
                              builder.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), inputs, init, maps, loops,
             [&](OpBuilder &b, Location l, ValueRange args) {
               linalg::YieldOp::create(b, l, body(b, l, args.drop_back()));
             })
      .getResult(0);
}

/// Returns `value`, with elements of `type`.
static Value castElements(OpBuilder &builder, Location loc, Value value,
                          FloatType type) {
  if (getElementTypeOrSelf(value) == type)
    return value;
  return buildElementwise(builder, loc, value, type,
                          [&](OpBuilder &b, Location l, ValueRange args) {
                            return castFloat(b, l, args[0], type);
                          });
}

/// Gathers what all devices have; the devices are the first axis.
static ValueRange gather(OpBuilder &builder, Location loc, ValueRange values,
                         DevicesAttr devices) {
  Operation *scope = builder.getInsertionBlock()->getParentOp();
  int64_t number = getGroupSize(getGrid(scope, devices), devices);
  SmallVector<Value> inits;
  for (Value value : values) {
    SmallVector<OpFoldResult> sizes = {builder.getIndexAttr(number)};
    llvm::append_range(sizes, tensor::getMixedSizes(builder, loc, value));
    inits.push_back(tensor::EmptyOp::create(builder, loc, sizes,
                                            getElementTypeOrSelf(value)));
  }
  return AllGatherOp::create(builder, loc, values, inits, devices,
                             /*packed=*/false)
      .getResults();
}

/// Returns true if no device has another to exchange anything with.
static bool areAlone(OpBuilder &builder, DevicesAttr devices) {
  Operation *scope = builder.getInsertionBlock()->getParentOp();
  return getGroupSize(getGrid(scope, devices), devices) == 1;
}

Moments Decomposer::combineDevices(const Moments &moments,
                                   DevicesAttr devices) {
  if (areAlone(builder, devices))
    return moments;
  FloatType f64 = builder.getF64Type();
  SmallVector<Value> means = {moments.mean};
  if (moments.shift)
    means.push_back(moments.shift);
  Value mean = buildElementwise(
      builder, loc, means, f64, [&](OpBuilder &b, Location l, ValueRange args) {
        Value sum = castFloat(b, l, args[0], f64);
        if (args.size() == 1)
          return sum;
        return arith::AddFOp::create(b, l, sum, castFloat(b, l, args[1], f64))
            .getResult();
      });
  Value zeros = makeSumInit(tensor::getMixedSizes(builder, loc, mean));
  auto combined = CombineMomentsOp::create(
      builder, loc, castElements(builder, loc, moments.count, f64), mean,
      castElements(builder, loc, moments.m2, f64), zeros, zeros, zeros,
      ArrayRef<int64_t>(), devices);
  Moments all = {combined.getResult(0), combined.getResult(1),
                 combined.getResult(2), Value()};
  if (!moments.shift) {
    all.mean = castElements(builder, loc, all.mean, accumulator);
    return all;
  }
  all.shift = castElements(builder, loc, all.mean, accumulator);
  all.mean = buildElementwise(
      builder, loc, {all.mean, all.shift}, accumulator,
      [&](OpBuilder &b, Location l, ValueRange args) {
        Value rounded = castFloat(b, l, args[1], f64);
        return castFloat(b, l, arith::SubFOp::create(b, l, args[0], rounded),
                         accumulator);
      });
  return all;
}

void Decomposer::sumDevices(ArrayRef<Value *> values, DevicesAttr devices) {
  llvm::MapVector<Value, Value> sums;
  for (Value *value : values)
    if (*value)
      sums.insert({*value, Value()});
  if (sums.empty() || areAlone(builder, devices))
    return;
  FloatType f64 = builder.getF64Type();
  auto wide = llvm::map_to_vector(sums, [&](const auto &entry) {
    return castElements(builder, loc, entry.first, f64);
  });
  for (auto [entry, all] :
       llvm::zip_equal(sums, gather(builder, loc, wide, devices))) {
    Value zeros = makeSumInit(getKeptSizes(all, 0));
    entry.second =
        linalg::ReduceOp::create(builder, loc, all, zeros, ArrayRef<int64_t>{0},
                                 [](OpBuilder &b, Location l, ValueRange args) {
                                   Value sum = arith::AddFOp::create(
                                       b, l, args[1], args[0]);
                                   linalg::YieldOp::create(b, l, sum);
                                 })
            .getResult(0);
  }
  for (Value *value : values)
    if (*value)
      *value = sums.lookup(*value);
}

namespace {
/// Combines the moments of this device, and then those of all.
struct DecomposeCombination : public OpRewritePattern<CombineMomentsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CombineMomentsOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getDevices() || !op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected devices and tensors");
    Location loc = op.getLoc();
    DevicesAttr devices = *op.getDevices();
    if (areAlone(rewriter, devices)) {
      rewriter.modifyOpInPlace(op, [&] { op.removeDevicesAttr(); });
      return success();
    }
    FloatType f64 = rewriter.getF64Type();
    SmallVector<Value> partial = {op.getPartialCount(), op.getPartialMean(),
                                  op.getPartialM2()};
    if (!op.getAxes().empty()) {
      Value zeros =
          makeZeros(rewriter, loc,
                    tensor::getMixedSizes(rewriter, loc, op.getCount()), f64);
      auto combined = CombineMomentsOp::create(
          rewriter, loc, partial[0], partial[1], partial[2], zeros, zeros,
          zeros, op.getAxes(), /*devices=*/nullptr);
      partial.assign(combined.result_begin(), combined.result_end());
    }
    for (Value &each : partial)
      each = castElements(rewriter, loc, each, f64);
    ValueRange all = gather(rewriter, loc, partial, devices);
    rewriter.replaceOpWithNewOp<CombineMomentsOp>(
        op, all[0], all[1], all[2], op.getCount(), op.getMean(), op.getM2(),
        ArrayRef<int64_t>{0}, /*devices=*/nullptr);
    return success();
  }
};
} // namespace

void norm::populateDecomposeDevicesPatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeCombination>(patterns.getContext());
}
