//===- AssertToRuntime.cpp - checks that call the runtime -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::norm {
#define GEN_PASS_DEF_CONVERTASSERTTONORMRUNTIME
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// The function of Norm/Runtime/Runtime.h.
static constexpr StringLiteral kFailFunction = "normRuntimeFail";

namespace {

struct AssertToRuntime
    : public norm::impl::ConvertAssertToNormRuntimeBase<AssertToRuntime> {
  void runOnOperation() override;

private:
  LLVM::LLVMFuncOp getFailFunction(OpBuilder &builder, SymbolTable &symbols);
  /// Returns the constant with the zero-terminated `message`.
  LLVM::GlobalOp getMessage(OpBuilder &builder, SymbolTable &symbols,
                            StringRef message);

  llvm::StringMap<LLVM::GlobalOp> messages;
};

} // namespace

LLVM::LLVMFuncOp AssertToRuntime::getFailFunction(OpBuilder &builder,
                                                  SymbolTable &symbols) {
  if (auto function = symbols.lookup<LLVM::LLVMFuncOp>(kFailFunction))
    return function;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(getOperation().getBody());
  auto type =
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(&getContext()),
                                  LLVM::LLVMPointerType::get(&getContext()));
  auto function = LLVM::LLVMFuncOp::create(builder, getOperation().getLoc(),
                                           kFailFunction, type);
  function.setPassthroughAttr(
      builder.getStrArrayAttr({"cold", "noreturn", "nounwind"}));
  symbols.insert(function);
  return function;
}

LLVM::GlobalOp AssertToRuntime::getMessage(OpBuilder &builder,
                                           SymbolTable &symbols,
                                           StringRef message) {
  LLVM::GlobalOp &global = messages[message];
  if (global)
    return global;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(getOperation().getBody());
  std::string text = message.str();
  text.push_back('\0');
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), text.size());
  global = LLVM::GlobalOp::create(builder, getOperation().getLoc(), type,
                                  /*isConstant=*/true, LLVM::Linkage::Internal,
                                  "norm_assert_message",
                                  builder.getStringAttr(text));
  // Gives it a name of its own.
  symbols.insert(global);
  return global;
}

void AssertToRuntime::runOnOperation() {
  messages.clear();
  SymbolTable symbols(getOperation());
  SmallVector<cf::AssertOp> asserts;
  getOperation().walk([&](cf::AssertOp op) {
    // Code for a device cannot call the host.
    if (SymbolTable::getNearestSymbolTable(op) == getOperation())
      asserts.push_back(op);
  });
  for (cf::AssertOp op : asserts) {
    Location loc = op.getLoc();
    OpBuilder builder(op);
    LLVM::GlobalOp message = getMessage(builder, symbols, op.getMsg());
    LLVM::LLVMFuncOp fail = getFailFunction(builder, symbols);
    Value yes =
        arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
    Value failed = arith::XOrIOp::create(builder, loc, op.getArg(), yes);
    auto branch = scf::IfOp::create(builder, loc, failed,
                                    /*withElseRegion=*/false);
    builder.setInsertionPointToStart(branch.thenBlock());
    Value pointer = LLVM::AddressOfOp::create(builder, loc, message);
    LLVM::CallOp::create(builder, loc, fail, pointer);
    op.erase();
  }
}
