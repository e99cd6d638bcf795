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
  Checker(NormLayerOpInterface op)
      : op(op), input(op.getInput()), builder(op) {}

  void run() {
    for (OpOperand &operand : op->getOpOperands()) {
      LayerOperand description = op.describeOperand(operand);
      for (auto [dim, part] : llvm::enumerate(description.dims))
        checkSize(operand.get(), dim, description.name, part);
    }
    std::optional<Grouping> grouping = op.getGrouping();
    if (grouping && isDynamic(input, grouping->axis))
      check(arith::RemUIOp::create(builder, op->getLoc(),
                                   getSize(input, grouping->axis),
                                   makeIndex(grouping->getDivisor())),
            makeIndex(0),
            "expected " + Twine(grouping->axisName) + " to be a multiple of " +
                Twine(grouping->getDivisorName()) + " = " +
                Twine(grouping->getDivisor()));
  }

private:
  /// Checks that dimension `dim` of `value` has the size that it should.
  void checkSize(Value value, int64_t dim, StringRef name, LayerDim part) {
    if (value == input ||
        (!isDynamic(value, dim) && !isDynamic(input, part.axis)))
      return;
    auto [expected, description] = describe(part);
    check(getSize(value, dim), expected,
          "expected dimension " + Twine(dim) + " of " + name + " to have the " +
              description);
  }

  /// Returns the size of a part of an axis, and what messages call it.
  std::pair<Value, std::string> describe(LayerDim part) {
    Value size = getSize(input, part.axis);
    if (part.part == LayerDim::kAll)
      return {size,
              ("size of axis " + Twine(part.axis) + " of the input").str()};
    Grouping grouping = *op.getGrouping();
    bool isGroups = part.part == LayerDim::kGroups;
    Value divisor = makeIndex(grouping.getDivisor());
    bool isGiven = isGroups == grouping.numGroups.has_value();
    return {isGiven
                ? divisor
                : arith::DivUIOp::create(builder, op->getLoc(), size, divisor)
                      .getResult(),
            isGroups ? "number of groups" : "number of channels of a group"};
  }

  static bool isDynamic(Value value, int64_t dim) {
    return cast<ShapedType>(value.getType()).isDynamicDim(dim);
  }
  Value makeIndex(int64_t value) {
    return arith::ConstantIndexOp::create(builder, op->getLoc(), value);
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

  NormLayerOpInterface op;
  Value input;
  OpBuilder builder;
};

struct CheckShapes : public norm::impl::NormCheckShapesBase<CheckShapes> {
  void runOnOperation() override {
    getOperation()->walk([](NormLayerOpInterface op) {
      if (cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics())
        Checker(op).run();
    });
  }
};
} // namespace
