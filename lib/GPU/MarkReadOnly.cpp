//===- MarkReadOnly.cpp - memory that a kernel only reads -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Relies on docs/Spec.md: two memrefs that are not the same value do not
// overlap.
//
//===----------------------------------------------------------------------===//

#include "Norm/GPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMGPUMARKREADONLY
#include "Norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

/// Returns true if nothing writes through `memref` or a view of it, as far as
/// that can be seen.
static bool isOnlyRead(Value memref) {
  return llvm::all_of(memref.getUsers(), [&](Operation *user) {
    if (isa<memref::LoadOp, vector::LoadOp, vector::MaskedLoadOp, memref::DimOp,
            memref::ExtractAlignedPointerAsIndexOp, memref::PrefetchOp>(user))
      return true;
    if (auto parts = dyn_cast<memref::ExtractStridedMetadataOp>(user))
      return isOnlyRead(parts.getBaseBuffer());
    auto view = dyn_cast<ViewLikeOpInterface>(user);
    return view && view.getViewSource() == memref &&
           isOnlyRead(view.getViewDest());
  });
}

/// Returns what `memref` is a view of: an argument of a function, or memory
/// that the function has made. Returns null if that cannot be told.
static Value getRoot(Value memref) {
  while (true) {
    Operation *op = memref.getDefiningOp();
    if (auto view = dyn_cast_or_null<ViewLikeOpInterface>(op))
      memref = view.getViewSource();
    else if (auto parts =
                 dyn_cast_or_null<memref::ExtractStridedMetadataOp>(op))
      memref = parts.getSource();
    else
      break;
  }
  auto argument = dyn_cast<BlockArgument>(memref);
  bool isKnown =
      argument ? isa<func::FuncOp>(argument.getOwner()->getParentOp()) &&
                     argument.getOwner()->isEntryBlock()
               : isa<memref::AllocOp, gpu::AllocOp>(memref.getDefiningOp());
  return isKnown ? memref : Value();
}

namespace {
struct MarkReadOnly : public norm::impl::NormGPUMarkReadOnlyBase<MarkReadOnly> {
  void runOnOperation() override {
    // A kernel may be launched from several places.
    DenseMap<gpu::GPUFuncOp, llvm::SmallBitVector> marked;
    SymbolTableCollection symbols;
    getOperation()->walk([&](gpu::LaunchFuncOp launch) {
      auto kernel = symbols.lookupNearestSymbolFrom<gpu::GPUFuncOp>(
          launch, launch.getKernel());
      if (!kernel)
        return;
      llvm::SmallBitVector found = findReadOnly(launch, kernel);
      auto [place, isNew] = marked.try_emplace(kernel, found);
      if (!isNew)
        place->second &= found;
    });
    for (auto &[kernel, arguments] : marked)
      for (unsigned index : arguments.set_bits())
        kernel.setArgAttr(index, LLVM::LLVMDialect::getReadonlyAttrName(),
                          UnitAttr::get(&getContext()));
  }

  /// Returns the arguments of `kernel` that it only reads, and of whose memory
  /// it writes nothing through others.
  static llvm::SmallBitVector findReadOnly(gpu::LaunchFuncOp launch,
                                           gpu::GPUFuncOp kernel) {
    unsigned count = launch.getNumKernelOperands();
    llvm::SmallBitVector read(count);
    SmallVector<Value> written;
    for (auto [index, operand] : llvm::enumerate(launch.getKernelOperands())) {
      if (!isa<MemRefType>(operand.getType()))
        continue;
      if (isOnlyRead(kernel.getArgument(index)) && getRoot(operand))
        read.set(index);
      else if (!isOnlyRead(kernel.getArgument(index)))
        written.push_back(getRoot(operand));
    }
    // What cannot be told apart from others might be any of them.
    if (llvm::is_contained(written, Value()))
      return llvm::SmallBitVector(count);
    for (unsigned index : read.set_bits())
      if (llvm::is_contained(written, getRoot(launch.getKernelOperand(index))))
        read.reset(index);
    return read;
  }
};
} // namespace
