//===- NormalizeToLinalg.cpp - normalize to linalg.generic --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// `norm.normalize` as one subtraction, one multiplication and one addition for
/// each element:
///
///   output = (input - center) * factor + offset
///   center = shift + mean, factor = rstd * scale
///   offset = bias + ((center - shift) - mean) * factor
///
/// The offset takes up the rounding error of the center, so that nothing of the
/// accuracy that the shift brought is lost.
struct ConvertNormalize : public OpRewritePattern<NormalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  /// The coefficients, null where they leave the input as it is.
  struct Coefficients {
    Value center, factor, offset;
  };

  LogicalResult matchAndRewrite(NormalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    Location loc = op.getLoc();
    FloatType type = getComputeType(op.getOperands());
    SmallVector<int64_t> all = getAllAxes(op.getInput());
    SmallVector<Indexed> operands;
    SmallVector<int64_t> statistics(op.getStatisticsAxes());
    SmallVector<int64_t> parameters(op.getParameterAxes());
    for (const Indexed &operand : {Indexed{op.getShift(), statistics},
                                   Indexed{op.getMean(), statistics},
                                   Indexed{op.getRstd(), statistics},
                                   Indexed{op.getScale(), parameters},
                                   Indexed{op.getBias(), parameters}})
      if (operand.tensor)
        operands.push_back(operand);
    SmallVector<int64_t> indexing = concat(statistics, parameters);
    llvm::sort(indexing);
    indexing.erase(llvm::unique(indexing), indexing.end());

    // Coefficients that are as many as the elements are not stored.
    bool inlined = indexing.size() == all.size();
    if (!inlined)
      operands = storeCoefficients(op, rewriter, type, operands, indexing);
    operands.insert(operands.begin(), Indexed{op.getInput(), all});

    GenericBuilder apply(rewriter, loc, type,
                         concat(indexing, getOtherAxes(all.size(), indexing)));
    rewriter.replaceOp(
        op, apply.build(operands, {{op.getOutput(), all}},
                        [&](Scalars &s, ValueRange ins, ValueRange) {
                          Coefficients c;
                          ValueRange rest = ins.drop_front();
                          if (inlined)
                            c = computeCoefficients(op, s, rest);
                          else
                            c = takePresent(op, rest);
                          Value y = s.cast(ins[0]);
                          y = c.center ? s.sub(y, c.center) : y;
                          y = c.factor ? s.mul(y, c.factor) : y;
                          y = c.offset ? s.add(y, c.offset) : y;
                          return SmallVector<Value>{y};
                        }));
    return success();
  }

  static bool hasCenter(NormalizeOp op) { return op.getShift() || op.getMean(); }
  static bool hasFactor(NormalizeOp op) { return op.getRstd() || op.getScale(); }
  static bool hasOffset(NormalizeOp op) {
    return op.getBias() || (op.getShift() && op.getMean());
  }

  /// Assigns the values, one for each coefficient that is present.
  static Coefficients takePresent(NormalizeOp op, ValueRange values) {
    auto take = [&](bool isPresent) {
      if (!isPresent)
        return Value();
      Value value = values.front();
      values = values.drop_front();
      return value;
    };
    Coefficients c;
    c.center = take(hasCenter(op));
    c.factor = take(hasFactor(op));
    c.offset = take(hasOffset(op));
    return c;
  }

  /// Computes the coefficients from the elements of those operands of `op`
  /// after the input that are present.
  static Coefficients computeCoefficients(NormalizeOp op, Scalars &s,
                                          ValueRange operands) {
    auto take = [&](Value operand) {
      if (!operand)
        return Value();
      Value value = s.cast(operands.front());
      operands = operands.drop_front();
      return value;
    };
    Value shift = take(op.getShift()), mean = take(op.getMean());
    Value rstd = take(op.getRstd()), scale = take(op.getScale());
    Value bias = take(op.getBias());
    Coefficients c;
    c.center = shift && mean ? s.add(shift, mean) : shift ? shift : mean;
    c.factor = rstd && scale ? s.mul(rstd, scale) : rstd ? rstd : scale;
    c.offset = bias;
    if (shift && mean) {
      Value error = s.sub(s.sub(c.center, shift), mean);
      error = c.factor ? s.mul(error, c.factor) : error;
      c.offset = bias ? s.add(error, bias) : error;
    }
    return c;
  }

  /// Stores the coefficients for each index of the axes `indexing`.
  static SmallVector<Indexed>
  storeCoefficients(NormalizeOp op, OpBuilder &builder, FloatType type,
                    ArrayRef<Indexed> operands, ArrayRef<int64_t> indexing) {
    Value empty = tensor::EmptyOp::create(
        builder, op.getLoc(),
        norm::getMixedSizes(builder, op.getLoc(), op.getInput(), indexing),
        type);
    Indexed init = {empty, SmallVector<int64_t>(indexing)};
    unsigned count = hasCenter(op) + hasFactor(op) + hasOffset(op);
    GenericBuilder elementwise(builder, op.getLoc(), type, indexing);
    SmallVector<Value> stored = elementwise.build(
        operands, SmallVector<Indexed>(count, init),
        [&](Scalars &s, ValueRange ins, ValueRange) {
          Coefficients c = computeCoefficients(op, s, ins);
          SmallVector<Value> present;
          for (Value value : {c.center, c.factor, c.offset})
            if (value)
              present.push_back(value);
          return present;
        });
    return llvm::map_to_vector(stored, [&](Value value) {
      return Indexed{value, SmallVector<int64_t>(indexing)};
    });
  }
};
} // namespace

void norm::populateNormalizeToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertNormalize>(patterns.getContext());
}
