//===- ClusterMemory.cpp - memory that a cluster works on -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClusterMemory.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::norm;

void norm::forEachAccess(Operation *op,
                         llvm::function_ref<void(Value, bool isWrite)> handle) {
  auto interface = dyn_cast<MemoryEffectOpInterface>(op);
  if (!interface)
    return;
  SmallVector<MemoryEffects::EffectInstance> effects;
  interface.getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects)
    if (Value value = effect.getValue();
        value && isa<MemRefType>(value.getType()) &&
        isa<MemoryEffects::Read, MemoryEffects::Write>(effect.getEffect()))
      handle(value, isa<MemoryEffects::Write>(effect.getEffect()));
}

Value norm::findView(Value memref, llvm::function_ref<bool(Value)> isGood) {
  Value found;
  while (true) {
    if (isGood(memref))
      found = memref;
    auto view = memref.getDefiningOp<ViewLikeOpInterface>();
    if (!view)
      return found;
    memref = view.getViewSource();
  }
}

Value norm::sliceAlike(OpBuilder &b, Operation *slice, Value source) {
  auto like = cast<memref::SubViewOp>(slice);
  MemRefType type = memref::SubViewOp::inferRankReducedResultType(
      like.getType().getShape(), cast<MemRefType>(source.getType()),
      like.getMixedOffsets(), like.getMixedSizes(), like.getMixedStrides());
  return memref::SubViewOp::create(b, like.getLoc(), type, source,
                                   like.getMixedOffsets(), like.getMixedSizes(),
                                   like.getMixedStrides());
}

LogicalResult norm::replaceView(Value from, Value to, RewriterBase &b) {
  for (OpOperand &use : llvm::make_early_inc_range(from.getUses())) {
    Operation *user = use.getOwner();
    b.setInsertionPoint(user);
    Location loc = user->getLoc();
    Value view;
    if (isa<memref::SubViewOp>(user))
      view = sliceAlike(b, user, to);
    else if (auto expand = dyn_cast<memref::ExpandShapeOp>(user))
      view = memref::ExpandShapeOp::create(
          b, loc, expand.getResultType().getShape(), to,
          expand.getReassociationIndices(), expand.getMixedOutputShape());
    else if (auto collapse = dyn_cast<memref::CollapseShapeOp>(user))
      view = memref::CollapseShapeOp::create(
          b, loc, to, collapse.getReassociationIndices());
    else if (isa<ViewLikeOpInterface>(user))
      return user->emitOpError("expected a slice or another shape of memory "
                               "that the blocks of a cluster share");
    if (!view) {
      b.modifyOpInPlace(user, [&] { use.set(to); });
      continue;
    }
    if (failed(replaceView(user->getResult(0), view, b)))
      return failure();
    b.eraseOp(user);
  }
  return success();
}

static MemRefType getWorkgroupType(MemRefType type) {
  return MemRefType::get(
      type.getShape(), type.getElementType(), MemRefLayoutAttrInterface(),
      gpu::AddressSpaceAttr::get(type.getContext(),
                                 gpu::GPUDialect::getWorkgroupAddressSpace()));
}

void norm::moveToWorkgroup(Operation *op, RewriterBase &b) {
  auto type = cast<MemRefType>(op->getResult(0).getType());
  b.setInsertionPoint(op);
  Value buffer =
      memref::AllocOp::create(b, op->getLoc(), getWorkgroupType(type));
  for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
    if (isa<memref::DeallocOp>(user))
      b.eraseOp(user);
  b.replaceOpWithNewOp<memref::MemorySpaceCastOp>(op, type, buffer);
}
