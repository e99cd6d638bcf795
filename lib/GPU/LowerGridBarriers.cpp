//===- LowerGridBarriers.cpp - barriers of all blocks as counters ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Parser/Parser.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPULOWERGRIDBARRIERS
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// What all threads write before is visible to the first one of their block
/// after the barrier of the block, goes with its release, and comes with the
/// acquisition of the others' first ones: causality order in the memory model
/// of the PTX ISA. Scope is the device. The release is a fence of its own: LLVM
/// 22 makes relaxed additions for NVPTX, whatever their order is.
static constexpr llvm::StringLiteral kBarrier = R"(
  llvm.func internal @norm_grid_barrier(%counter: !llvm.ptr<1>)
      attributes {no_inline} {
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    nvvm.barrier0
    %thread = nvvm.read.ptx.sreg.tid.x : i32
    %is_first = llvm.icmp "eq" %thread, %zero : i32
    llvm.cond_br %is_first, ^count, ^leave
  ^count:
    %blocks = nvvm.read.ptx.sreg.nctaid.x : i32
    llvm.fence syncscope("device") release
    %before = llvm.atomicrmw add %counter, %one syncscope("device") monotonic
        : !llvm.ptr<1>, i32
    llvm.br ^wait
  ^wait:
    %counted = llvm.load %counter atomic syncscope("device") acquire
        {alignment = 4 : i64} : !llvm.ptr<1> -> i32
    %are_all = llvm.icmp "eq" %counted, %blocks : i32
    llvm.cond_br %are_all, ^leave, ^wait
  ^leave:
    nvvm.barrier0
    llvm.return
  })";

/// Returns the function that `module` has for barriers.
static LLVM::LLVMFuncOp getBarrier(gpu::GPUModuleOp module) {
  if (auto function =
          module.lookupSymbol<LLVM::LLVMFuncOp>("norm_grid_barrier"))
    return function;
  OwningOpRef<ModuleOp> parsed =
      parseSourceString<ModuleOp>(kBarrier, module.getContext());
  LLVM::LLVMFuncOp function = *parsed->getOps<LLVM::LLVMFuncOp>().begin();
  function->remove();
  module.push_back(function);
  return function;
}

namespace {
struct LowerGridBarriers
    : public norm::impl::NormGPULowerGridBarriersBase<LowerGridBarriers> {
  void runOnOperation() override {
    IRRewriter b(&getContext());
    getOperation()->walk([&](GridBarrierOp op) {
      Location loc = op.getLoc();
      LLVM::LLVMFuncOp barrier = getBarrier(getOperation());
      b.setInsertionPoint(op);
      auto integer = [&](Value index) -> Value {
        return arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
      };
      Value address = integer(memref::ExtractAlignedPointerAsIndexOp::create(
          b, loc, op.getCounters()));
      auto type = cast<LLVM::LLVMPointerType>(barrier.getArgumentTypes()[0]);
      Value pointer = LLVM::IntToPtrOp::create(b, loc, type, address);
      Value counter =
          LLVM::GEPOp::create(b, loc, type, b.getI32Type(), pointer,
                              ArrayRef<LLVM::GEPArg>{integer(op.getIndex())});
      LLVM::CallOp::create(b, loc, barrier, counter);
      b.eraseOp(op);
    });
  }
};
} // namespace
