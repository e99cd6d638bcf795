//===- NormalizeToLinalg.cpp - normalize to linalg.generic --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "Norm/Conversion/Passes.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMFOLDCOEFFICIENTS
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// The coefficients of `output = (input - center) * factor + offset`, null
/// where they leave the input as it is.
struct Coefficients {
  Value center, factor, offset;
};

/// Computes the coefficients from the elements of the operands of `op` after
/// the input:
///
///   center = shift + mean, factor = rstd * scale
///   offset = bias + ((center - shift) - mean) * factor
///
/// The offset takes up the rounding error of the center, so that nothing of the
/// accuracy that the shift brought is lost.
Coefficients computeCoefficients(NormalizeOp op, Scalars &s,
                                 Elements &elements) {
  Value shift = elements.take(op.getShift()),
        mean = elements.take(op.getMean());
  Value rstd = elements.take(op.getRstd()),
        scale = elements.take(op.getScale());
  Value bias = elements.take(op.getBias());
  Coefficients c;
  c.center = shift && mean ? s.add(shift, mean) : shift ? shift : mean;
  c.factor = rstd && scale ? s.mul(rstd, scale) : rstd ? rstd : scale;
  c.offset = bias;
  if (shift && mean) {
    Distance d(s, op.getInput());
    Value error = s.sub(d.get(c.center, shift), d.get(mean, {}));
    error = d.scale(error, d.getUnit());
    error = c.factor ? s.mul(error, c.factor) : error;
    c.offset = bias ? s.add(error, bias) : error;
  }
  return c;
}

/// Returns the statistics and parameters that are present, with their axes.
SmallVector<Indexed> getIndexedOperands(NormalizeOp op) {
  SmallVector<int64_t> statistics(op.getStatisticsAxes());
  SmallVector<int64_t> parameters(op.getParameterAxes());
  return getPresent({{op.getShift(), statistics},
                     {op.getMean(), statistics},
                     {op.getRstd(), statistics},
                     {op.getScale(), parameters},
                     {op.getBias(), parameters}});
}

/// Returns the axes that have statistics or parameters.
SmallVector<int64_t> getIndexedAxes(NormalizeOp op) {
  SmallVector<int64_t> axes =
      concat(op.getStatisticsAxes(), op.getParameterAxes());
  llvm::sort(axes);
  axes.erase(llvm::unique(axes), axes.end());
  return axes;
}

/// Stores the coefficients once for each index of the axes that have statistics
/// or parameters.
struct FoldNormalize : public OpRewritePattern<NormalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(NormalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    if (!op.getShift() && !op.getRstd())
      return rewriter.notifyMatchFailure(op, "expected more than coefficients");
    SmallVector<int64_t> axes = getIndexedAxes(op);
    if (axes.size() == static_cast<size_t>(getRank(op.getInput())))
      return rewriter.notifyMatchFailure(
          op, "expected fewer coefficients than elements");

    Location loc = op.getLoc();
    FloatType type = getComputeType(op.getOperands());
    Value empty = tensor::EmptyOp::create(
        rewriter, loc, norm::getMixedSizes(rewriter, loc, op.getInput(), axes),
        type);
    bool hasCenter = op.getShift() || op.getMean();
    bool hasFactor = op.getRstd() || op.getScale();
    bool hasOffset = op.getBias() || (op.getShift() && op.getMean());
    GenericBuilder elementwise(rewriter, loc, type, axes);
    SmallVector<Value> stored = elementwise.build(
        getIndexedOperands(op),
        SmallVector<Indexed>(hasCenter + hasFactor + hasOffset, {empty, axes}),
        [&](Scalars &s, ValueRange ins, ValueRange) {
          Elements elements(s, ins);
          Coefficients c = computeCoefficients(op, s, elements);
          SmallVector<Value> present;
          for (Value value : {c.center, c.factor, c.offset})
            if (value)
              present.push_back(value);
          return present;
        });
    Value offset = hasOffset ? stored.pop_back_val() : Value();
    Value factor = hasFactor ? stored.pop_back_val() : Value();
    Value center = hasCenter ? stored.pop_back_val() : Value();
    rewriter.replaceOpWithNewOp<NormalizeOp>(
        op, op.getInput(), /*shift=*/Value(), center, /*rstd=*/Value(), factor,
        offset, op.getMask(), op.getOutput(), axes, axes, op.getMaskAxes());
    return success();
  }
};

struct ConvertNormalize : public OpRewritePattern<NormalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(NormalizeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    SmallVector<int64_t> all = getAllAxes(op.getInput());
    SmallVector<int64_t> indexed = getIndexedAxes(op);
    SmallVector<Indexed> operands = {{op.getInput(), all}};
    llvm::append_range(operands, getIndexedOperands(op));
    if (op.getMask())
      operands.push_back(
          {op.getMask(), SmallVector<int64_t>(op.getMaskAxes())});
    GenericBuilder apply(rewriter, op.getLoc(),
                         getComputeType(op.getOperands()),
                         getLoopOrder(all.size(), indexed));
    rewriter.replaceOp(
        op, apply.build(operands, {{op.getOutput(), all}},
                        [&](Scalars &s, ValueRange ins, ValueRange) {
                          Elements elements(s, ins);
                          Value y = elements.take(op.getInput());
                          Coefficients c = computeCoefficients(op, s, elements);
                          Distance d(s, op.getInput());
                          double unit = c.center ? d.getUnit() : 1.0;
                          y = c.center ? d.get(y, c.center) : y;
                          y = c.factor ? s.mul(y, d.scale(c.factor, unit))
                                       : d.scale(y, unit);
                          y = c.offset ? s.add(y, c.offset) : y;
                          Value mask = elements.take(op.getMask());
                          return SmallVector<Value>{s.zeroUnless(mask, y)};
                        }));
    return success();
  }
};

struct FoldCoefficients
    : public norm::impl::NormFoldCoefficientsBase<FoldCoefficients> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldNormalize>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

void norm::populateNormalizeToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertNormalize>(patterns.getContext());
}
