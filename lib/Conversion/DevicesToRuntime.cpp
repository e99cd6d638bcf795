//===- DevicesToRuntime.cpp - calls of what reaches other devices
//-------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Not upstream's conversion of the shard dialect to MPI: it has no groups,
// knows neither f16 nor bf16, and makes a communicator for each call that it
// never frees.
//
//===----------------------------------------------------------------------===//

#include "Norm/Conversion/Passes.h"
#include "Norm/IR/Devices.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

#include <map>

namespace mlir::norm {
#define GEN_PASS_DEF_CONVERTDEVICESTONORMRUNTIME
#include "Norm/Conversion/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The functions of Norm/Runtime/Devices.h.
static constexpr StringLiteral kGatherFunction = "normDevicesAllGather";
static constexpr StringLiteral kIndexFunction = "normDevicesGetIndex";

/// Describes devices as Norm/Runtime/Devices.h says.
static SmallVector<int64_t> describe(shard::GridOp grid, DevicesAttr devices) {
  SmallVector<int64_t> words;
  auto append = [&](ArrayRef<int64_t> list) {
    words.push_back(list.size());
    llvm::append_range(words, list);
  };
  append(grid.getShape());
  append(devices.getAxes());
  words.push_back(devices.getGroups().size());
  for (DenseI64ArrayAttr group : devices.getGroups())
    append(group.asArrayRef());
  return words;
}

namespace {
struct DevicesToRuntime
    : public norm::impl::ConvertDevicesToNormRuntimeBase<DevicesToRuntime> {
  void runOnOperation() override;

private:
  LogicalResult convert(AllGatherOp op, SymbolTable &symbols);
  LogicalResult convert(shard::ProcessLinearIndexOp op, SymbolTable &symbols);

  LLVM::LLVMFuncOp getFunction(SymbolTable &symbols, StringRef name,
                               Type result, ArrayRef<Type> arguments);
  /// Returns the address of a constant with `words`.
  Value getConstant(OpBuilder &builder, SymbolTable &symbols, Location loc,
                    ArrayRef<int64_t> words);

  std::map<SmallVector<int64_t>, LLVM::GlobalOp> constants;
};
} // namespace

LLVM::LLVMFuncOp DevicesToRuntime::getFunction(SymbolTable &symbols,
                                               StringRef name, Type result,
                                               ArrayRef<Type> arguments) {
  if (auto function = symbols.lookup<LLVM::LLVMFuncOp>(name))
    return function;
  auto builder = OpBuilder::atBlockBegin(getOperation().getBody());
  auto function =
      LLVM::LLVMFuncOp::create(builder, getOperation().getLoc(), name,
                               LLVM::LLVMFunctionType::get(result, arguments));
  symbols.insert(function);
  return function;
}

Value DevicesToRuntime::getConstant(OpBuilder &builder, SymbolTable &symbols,
                                    Location loc, ArrayRef<int64_t> words) {
  LLVM::GlobalOp &global = constants[llvm::to_vector(words)];
  if (!global) {
    auto atStart = OpBuilder::atBlockBegin(getOperation().getBody());
    auto type = LLVM::LLVMArrayType::get(builder.getI64Type(), words.size());
    global =
        LLVM::GlobalOp::create(atStart, getOperation().getLoc(), type,
                               /*isConstant=*/true, LLVM::Linkage::Internal,
                               "norm_devices", builder.getI64TensorAttr(words));
    // Gives it a name of its own.
    symbols.insert(global);
  }
  return LLVM::AddressOfOp::create(builder, loc, global);
}

LogicalResult DevicesToRuntime::convert(shard::ProcessLinearIndexOp op,
                                        SymbolTable &symbols) {
  Location loc = op.getLoc();
  OpBuilder builder(op);
  auto grid =
      SymbolTable::lookupNearestSymbolFrom<shard::GridOp>(op, op.getGridAttr());
  if (ShapedType::isDynamicShape(grid.getShape()))
    return op.emitOpError()
           << "expected the sizes of " << op.getGridAttr() << " to be static";
  SmallVector<int64_t> words = {grid.getRank()};
  llvm::append_range(words, grid.getShape());
  Type i64 = builder.getI64Type();
  LLVM::LLVMFuncOp function =
      getFunction(symbols, kIndexFunction, i64,
                  {LLVM::LLVMPointerType::get(&getContext())});
  Value index = LLVM::CallOp::create(builder, loc, function,
                                     getConstant(builder, symbols, loc, words))
                    .getResult();
  op.replaceAllUsesWith(Value(
      arith::IndexCastOp::create(builder, loc, builder.getIndexType(), index)));
  op.erase();
  return success();
}

LogicalResult DevicesToRuntime::convert(AllGatherOp op, SymbolTable &symbols) {
  Value input = op.getInputs().front(), output = op.getOutputs().front();
  if (!op.getPacked() || !op.hasPureBufferSemantics())
    return op.emitOpError() << "expected one packed memref, as "
                               "norm-pack-gathers and bufferization make it";
  for (Value value : {input, output})
    if (auto type = cast<MemRefType>(value.getType());
        !type.getLayout().isIdentity())
      return op.emitOpError()
             << "expected a contiguous memref, but got " << type;
  Location loc = op.getLoc();
  OpBuilder builder(op);
  auto getPointer = [&](Value value) -> Value {
    Value address =
        memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, value);
    Value word =
        arith::IndexCastOp::create(builder, loc, builder.getI64Type(), address);
    return LLVM::IntToPtrOp::create(
        builder, loc, LLVM::LLVMPointerType::get(&getContext()), word);
  };
  Value send = getPointer(input), receive = getPointer(output);
  Value size = memref::DimOp::create(builder, loc, input, 0);
  unsigned width =
      cast<MemRefType>(input.getType()).getElementTypeBitWidth() / 8;
  Value bytes = arith::MulIOp::create(
      builder, loc, size, arith::ConstantIndexOp::create(builder, loc, width));
  bytes = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), bytes);
  SmallVector<int64_t> words =
      describe(getGrid(op, op.getDevices()), op.getDevices());
  Value devices = getConstant(builder, symbols, loc, words);
  Type pointer = LLVM::LLVMPointerType::get(&getContext());
  LLVM::LLVMFuncOp function = getFunction(
      symbols, kGatherFunction, LLVM::LLVMVoidType::get(&getContext()),
      {pointer, pointer, pointer, builder.getI64Type()});
  LLVM::CallOp::create(builder, loc, function,
                       ValueRange{devices, send, receive, bytes});
  op.erase();
  return success();
}

void DevicesToRuntime::runOnOperation() {
  constants.clear();
  SymbolTable symbols(getOperation());
  SmallVector<Operation *> ops;
  getOperation()->walk([&](Operation *op) {
    if (isa<AllGatherOp, shard::ProcessLinearIndexOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    auto gather = dyn_cast<AllGatherOp>(op);
    if (failed(gather
                   ? convert(gather, symbols)
                   : convert(cast<shard::ProcessLinearIndexOp>(op), symbols)))
      return signalPassFailure();
  }
  SymbolTableCollection tables;
  SymbolUserMap users(tables, getOperation());
  for (auto grid :
       llvm::make_early_inc_range(getOperation().getOps<shard::GridOp>()))
    if (users.useEmpty(grid))
      grid.erase();
}
