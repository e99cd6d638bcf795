//===- CheckShapes.cpp - checks of dynamic sizes at run time ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMCHECKSHAPES
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Emits the checks of one layer op.
class Checker {
public:
  Checker(Operation *op) : op(op), builder(op) {}

  /// Checks that dimension `dim` of `value` has the size of `axis` of `input`.
  void checkEqual(Value value, StringRef name, int64_t dim, Value input,
                  int64_t axis) {
    if (!isDynamic(value, dim) && !isDynamic(input, axis))
      return;
    check(getSize(value, dim), getSize(input, axis),
          "expected dimension " + Twine(dim) + " of " + name +
              " to have the size of axis " + Twine(axis) + " of the input");
  }

  void checkSameShape(Value value, StringRef name, Value input) {
    for (int64_t axis : llvm::seq(cast<ShapedType>(input.getType()).getRank()))
      checkEqual(value, name, axis, input, axis);
  }

  /// Checks that operands have the sizes of the feature axes, in their order.
  void checkFeatures(ArrayRef<std::pair<StringRef, Value>> operands,
                     Value input, ArrayRef<int64_t> features) {
    for (auto [name, value] : operands)
      if (value)
        for (auto [dim, axis] : llvm::enumerate(features))
          checkEqual(value, name, dim, input, axis);
  }

  void checkGroups(GroupNormOp group) {
    Value input = group.getInput();
    int64_t channel = group.getChannelAxis();
    bool byNumber = group.getNumGroups().has_value();
    int64_t divisor = byNumber ? *group.getNumGroups() : *group.getGroupSize();
    Value constant =
        arith::ConstantIndexOp::create(builder, op->getLoc(), divisor);
    if (isDynamic(input, channel))
      check(arith::RemUIOp::create(builder, op->getLoc(),
                                   getSize(input, channel), constant),
            arith::ConstantIndexOp::create(builder, op->getLoc(), 0),
            "expected the number of channels to be a multiple of " +
                Twine(byNumber ? "num_groups" : "group_size") + " = " +
                Twine(divisor));
    if (!group.getGroupMean())
      return;
    SmallVector<int64_t> kept(group.getBatchAxes());
    kept.push_back(channel);
    llvm::sort(kept);
    for (auto [name, value] :
         {std::pair<StringRef, Value>{"the mean", group.getGroupMean()},
          {"the variance", group.getGroupVariance()}})
      for (auto [dim, axis] : llvm::enumerate(kept)) {
        if (axis != channel) {
          checkEqual(value, name, dim, input, axis);
        } else if (isDynamic(value, dim) || isDynamic(input, axis)) {
          Value groups = constant;
          if (!byNumber)
            groups = arith::DivUIOp::create(builder, op->getLoc(),
                                            getSize(input, axis), constant);
          check(getSize(value, dim), groups,
                "expected dimension " + Twine(dim) + " of " + name +
                    " to have the number of groups");
        }
      }
  }

private:
  static bool isDynamic(Value value, int64_t dim) {
    return cast<ShapedType>(value.getType()).isDynamicDim(dim);
  }
  Value getSize(Value value, int64_t dim) {
    return builder.createOrFold<tensor::DimOp>(op->getLoc(), value, dim);
  }
  void check(Value actual, Value expected, const Twine &message) {
    Value equal = arith::CmpIOp::create(
        builder, op->getLoc(), arith::CmpIPredicate::eq, actual, expected);
    cf::AssertOp::create(
        builder, op->getLoc(), equal,
        (Twine(op->getName().getStringRef()) + ": " + message).str());
  }

  Operation *op;
  OpBuilder builder;
};

struct CheckShapes : public norm::impl::NormCheckShapesBase<CheckShapes> {
  void runOnOperation() override {
    getOperation()->walk([](BatchNormTrainingOp op) {
      if (!op.hasPureTensorSemantics())
        return;
      Checker checker(op);
      checker.checkSameShape(op.getOutput(), "the output", op.getInput());
      checker.checkFeatures({{"scale", op.getScale()},
                             {"bias", op.getBias()},
                             {"the running mean", op.getRunningMean()},
                             {"the running variance", op.getRunningVariance()},
                             {"the batch mean", op.getBatchMean()},
                             {"the batch variance", op.getBatchVariance()}},
                            op.getInput(), op.getFeatureAxes());
    });
    getOperation()->walk([](BatchNormInferenceOp op) {
      if (!op.hasPureTensorSemantics())
        return;
      Checker checker(op);
      checker.checkSameShape(op.getOutput(), "the output", op.getInput());
      checker.checkFeatures({{"mean", op.getMean()},
                             {"variance", op.getVariance()},
                             {"scale", op.getScale()},
                             {"bias", op.getBias()}},
                            op.getInput(), op.getFeatureAxes());
    });
    getOperation()->walk([](GroupNormOp op) {
      if (!op.hasPureTensorSemantics())
        return;
      Checker checker(op);
      checker.checkSameShape(op.getOutput(), "the output", op.getInput());
      checker.checkFeatures({{"scale", op.getScale()}, {"bias", op.getBias()}},
                            op.getInput(),
                            static_cast<int64_t>(op.getChannelAxis()));
      checker.checkGroups(op);
    });
  }
};
} // namespace
