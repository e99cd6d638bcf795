//===- SplitGradients.cpp - gradients as slabs and sums -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decomposer.h"

#include "Norm/IR/Builders.h"
#include "Norm/IR/Utils.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMSPLITGRADIENTS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// The operand groups of the gradients.
template <typename OpTy> struct SplitGradient : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "expected tensors");
    if (!llvm::is_contained(op.getLoopTypes(), utils::IteratorType::reduction))
      return rewriter.notifyMatchFailure(op, "expected sums over slabs");
    SmallVector<LayerDim> dims = norm::detail::getGradientDims(op);
    // What the groups of a sample share has no gradient for each slab.
    bool isShared = llvm::any_of(
        dims, [](LayerDim dim) { return dim.part == LayerDim::kMembers; });
    if (!op.getPerSample() && !isShared &&
        dims.size() < static_cast<size_t>(getRank(op.getInput())))
      sumSlabs(op, rewriter, dims);
    else if (op.getInputGradient())
      separate(op, rewriter);
    else
      return rewriter.notifyMatchFailure(op, "expected two kinds of gradients");
    return success();
  }

  /// Builds the op that gives only some of the gradients of `op`, into the
  /// inits that are not null.
  static OpTy rebuild(OpTy op, PatternRewriter &rewriter, Value inputGradient,
                      Value scaleGradient, Value biasGradient, bool perSample) {
    auto properties = op.getProperties();
    if (perSample)
      properties.per_sample = rewriter.getUnitAttr();
    SmallVector<Value> operands(op.getDpsInputs());
    Value inits[] = {inputGradient, scaleGradient, biasGradient};
    for (auto [i, init] : llvm::enumerate(inits)) {
      properties.operandSegmentSizes[OpTy::kFirstInitGroup + i] =
          init != nullptr;
      if (init)
        operands.push_back(init);
    }
    OperationState state(op.getLoc(), op->getName());
    state.addOperands(operands);
    state.addTypes(
        TypeRange(ValueRange(operands).drop_front(op.getNumDpsInputs())));
    state.addAttributes(op->getDiscardableAttrDictionary().getValue());
    state.template getOrAddProperties<typename OpTy::Properties>() = properties;
    return cast<OpTy>(rewriter.create(state));
  }

  /// Takes the gradients of parameters for each slab, and adds them up.
  static void sumSlabs(OpTy op, PatternRewriter &rewriter,
                       ArrayRef<LayerDim> dims) {
    Location loc = op.getLoc();
    FloatType type = op.getAccumulatorType();
    SmallVector<OpFoldResult> sizes = llvm::map_to_vector(
        dims, [&](LayerDim dim) { return getDimSize(op, rewriter, dim); });
    auto makeInit = [&](Value wanted) -> Value {
      return wanted ? tensor::EmptyOp::create(rewriter, loc, sizes, type)
                    : Value();
    };
    OpTy each =
        rebuild(op, rewriter, op.getInputGradient(),
                makeInit(op.getScaleGradient()), makeInit(op.getBiasGradient()),
                /*perSample=*/true);
    SmallVector<int64_t> summed;
    SmallVector<OpFoldResult> keptSizes;
    SmallVector<int64_t> parameterAxes = llvm::map_to_vector(
        op.getParameterDims(), [](LayerDim dim) { return dim.axis; });
    for (auto [i, dim] : llvm::enumerate(dims)) {
      if (llvm::is_contained(parameterAxes, dim.axis))
        keptSizes.push_back(sizes[i]);
      else
        summed.push_back(i);
    }
    Value zeros = makeZeros(rewriter, loc, keptSizes, type);
    // The op adds two kinds of sums; one of them may be wanted alone.
    Value scale = each.getScaleGradientResult();
    Value bias = each.getBiasGradientResult();
    auto sums = CombineGradientSumsOp::create(
        rewriter, loc, bias ? bias : scale, scale ? scale : bias,
        /*rstd=*/Value(), /*scale=*/Value(), zeros, zeros, summed);
    SmallVector<Value> results;
    if (op.getInputGradient())
      results.push_back(each.getInputGradientResult());
    if (scale)
      results.push_back(
          copyInto(rewriter, loc, sums.getResult(1), op.getScaleGradient()));
    if (bias)
      results.push_back(
          copyInto(rewriter, loc, sums.getResult(0), op.getBiasGradient()));
    rewriter.replaceOp(op, results);
  }

  /// Makes one op for the gradient of the input and one for the others.
  static void separate(OpTy op, PatternRewriter &rewriter) {
    OpTy input = rebuild(op, rewriter, op.getInputGradient(), Value(), Value(),
                         /*perSample=*/false);
    OpTy parameters = rebuild(op, rewriter, Value(), op.getScaleGradient(),
                              op.getBiasGradient(), /*perSample=*/false);
    SmallVector<Value> results = {input.getInputGradientResult()};
    llvm::append_range(results, parameters->getResults());
    rewriter.replaceOp(op, results);
  }
};

struct SplitGradients
    : public norm::impl::NormSplitGradientsBase<SplitGradients> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<
        SplitGradient<BatchNormGradOp>, SplitGradient<BatchNormInferenceGradOp>,
        SplitGradient<GroupNormGradOp>, SplitGradient<InstanceNormGradOp>,
        SplitGradient<LayerNormGradOp>, SplitGradient<RMSNormGradOp>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
