//===- ThreadMemory.cpp - What threads share ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadMemory.h"

#include "../Affine/AccessUtils.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::norm;

bool norm::isPrivate(Value memref) {
  auto alloca = getBufferRoot(memref).getDefiningOp<memref::AllocaOp>();
  return alloca && alloca->getParentOfType<gpu::LaunchOp>();
}

Value norm::addWorkgroupBuffer(gpu::LaunchOp launch, ArrayRef<int64_t> shape,
                               Type element) {
  auto space = gpu::AddressSpaceAttr::get(
      launch.getContext(), gpu::GPUDialect::getWorkgroupAddressSpace());
  return launch.addWorkgroupAttribution(
      MemRefType::get(shape, element, MemRefLayoutAttrInterface(), space),
      launch.getLoc());
}

Value norm::addWorkgroupBuffer(gpu::LaunchOp launch, MemRefType type,
                               RewriterBase &rewriter) {
  Value buffer =
      addWorkgroupBuffer(launch, type.getShape(), type.getElementType());
  return memref::MemorySpaceCastOp::create(rewriter, launch.getLoc(), type,
                                           buffer);
}

void norm::shareMixedOutputs(gpu::LaunchOp launch, RewriterBase &rewriter) {
  SmallVector<linalg::LinalgOp> ops;
  launch.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  for (bool changed = true; changed;) {
    changed = false;
    for (linalg::LinalgOp op : ops) {
      if (llvm::all_of(op.getDpsInits(), isPrivate))
        continue;
      for (Value init : op.getDpsInits()) {
        if (!isPrivate(init))
          continue;
        auto alloca = getBufferRoot(init).getDefiningOp<memref::AllocaOp>();
        rewriter.setInsertionPoint(alloca);
        rewriter.replaceOp(
            alloca, addWorkgroupBuffer(launch, alloca.getType(), rewriter));
        changed = true;
      }
    }
  }
}

/// Inserts the buffers that `memref` may be a view of into `roots`.
static void addRoots(Value memref, llvm::SmallSetVector<Value, 4> &roots) {
  Value root = getBufferRoot(memref);
  auto select = root.getDefiningOp<arith::SelectOp>();
  if (!select) {
    roots.insert(root);
    return;
  }
  addRoots(select.getTrueValue(), roots);
  addRoots(select.getFalseValue(), roots);
}

/// Returns true if `root` is memory that nothing else can be.
static bool isWorkgroupBuffer(Value root) {
  auto argument = dyn_cast<BlockArgument>(root);
  if (!argument)
    return isa<gpu::DynamicSharedMemoryOp, PeerMemoryOp>(root.getDefiningOp());
  return isa<gpu::LaunchOp>(argument.getOwner()->getParentOp());
}

static bool overlap(Value a, Value b) {
  if (a == b)
    return true;
  if (isWorkgroupBuffer(a) || isWorkgroupBuffer(b))
    return false;
  // A caller may pass one array as two arguments.
  if (isa<BlockArgument>(a) && isa<BlockArgument>(b))
    return true;
  return mayAlias(a, b);
}

void ThreadMemory::addWrites(ValueRange memrefs) {
  for (Value memref : memrefs)
    if (!isPrivate(memref))
      addRoots(memref, writes);
}

bool ThreadMemory::access(Operation *op) {
  llvm::SmallSetVector<Value, 4> newReads, newWrites;
  SmallVector<MemoryEffects::EffectInstance> effects;
  cast<MemoryEffectOpInterface>(op).getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects) {
    Value value = effect.getValue();
    if (!value || !isa<BaseMemRefType>(value.getType()) || isPrivate(value))
      continue;
    if (isa<MemoryEffects::Read>(effect.getEffect()))
      addRoots(value, newReads);
    else if (isa<MemoryEffects::Write>(effect.getEffect()))
      addRoots(value, newWrites);
  }
  auto conflict = [](auto &a, auto &b) {
    return llvm::any_of(a, [&](Value x) {
      return llvm::any_of(b, [&](Value y) { return overlap(x, y); });
    });
  };
  if (conflict(newWrites, writes) || conflict(newWrites, reads) ||
      conflict(newReads, writes))
    return true;
  reads.insert(newReads.begin(), newReads.end());
  writes.insert(newWrites.begin(), newWrites.end());
  return false;
}
