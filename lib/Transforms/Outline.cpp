//===- Outline.cpp - layers that are alike, compiled once -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contiguity.h"
#include "Norm/IR/Norm.h"
#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMOUTLINE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Lists, for each operand, the first one that is the same value: where an
/// output is the input, it is in all of them.
static SmallVector<unsigned> listAliases(Operation *op) {
  return llvm::map_to_vector(op->getOperands(), [&](Value value) -> unsigned {
    return llvm::find(op->getOperands(), value) - op->operand_begin();
  });
}

/// Returns true if one function can be called for both ops.
static bool areAlike(Operation *a, Operation *b) {
  return OperationEquivalence::isEquivalentTo(
             a, b, OperationEquivalence::ignoreValueEquivalence,
             /*markEquivalent=*/nullptr,
             OperationEquivalence::IgnoreLocations |
                 OperationEquivalence::IgnoreDiscardableAttrs) &&
         listAliases(a) == listAliases(b);
}

static bool canBeOutlined(NormLayerOpInterface op) {
  // A function takes memory without gaps.
  return cast<DestinationStyleOpInterface>(*op).hasPureTensorSemantics() &&
         op->getParentOp() && isa<func::FuncOp>(op->getParentOp()) &&
         llvm::all_of(op->getOperands(), isContiguous);
}

/// Makes a private function of `op`.
static func::FuncOp makeFunction(Operation *op, SymbolTable &symbols) {
  OpBuilder builder(op->getContext());
  std::string name = op->getName().getStringRef().str();
  std::replace(name.begin(), name.end(), '.', '_');
  auto function = func::FuncOp::create(
      builder, op->getLoc(), name,
      builder.getFunctionType(op->getOperandTypes(), op->getResultTypes()));
  function.setPrivate();
  symbols.insert(function);
  Block *entry = function.addEntryBlock();
  builder.setInsertionPointToEnd(entry);
  SmallVector<Value> operands =
      llvm::map_to_vector(listAliases(op), [&](unsigned index) -> Value {
        return entry->getArgument(index);
      });
  Operation *clone = mlir::clone(builder, op, op->getResultTypes(), operands);
  func::ReturnOp::create(builder, op->getLoc(), clone->getResults());
  return function;
}

namespace {
struct Outline : public norm::impl::NormOutlineBase<Outline> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<SmallVector<Operation *>> classes;
    getOperation()->walk([&](NormLayerOpInterface op) {
      if (!canBeOutlined(op))
        return;
      auto *found = llvm::find_if(classes, [&](ArrayRef<Operation *> ops) {
        return areAlike(ops.front(), op);
      });
      if (found == classes.end())
        classes.push_back({op});
      else
        found->push_back(op);
    });
    for (ArrayRef<Operation *> ops : classes) {
      if (ops.size() < 2)
        continue;
      func::FuncOp function = makeFunction(ops.front(), symbols);
      for (Operation *op : ops) {
        OpBuilder builder(op);
        auto call = func::CallOp::create(builder, op->getLoc(), function,
                                         op->getOperands());
        op->replaceAllUsesWith(call);
        op->erase();
      }
    }
  }
};
} // namespace
