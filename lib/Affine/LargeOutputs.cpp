//===- LargeOutputs.cpp - buffers to be written around the caches ---------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LargeOutputs.h"
#include "StreamCandidate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::affine;
using namespace mlir::norm;

/// Returns true if `function` reads the buffer `root` by itself, or hands it to
/// something that may.
static bool isRead(FunctionOpInterface function, Value root) {
  return function
      ->walk([&](Operation *op) {
        auto interface = dyn_cast<MemoryEffectOpInterface>(op);
        if (!interface) {
          if (op->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
            return WalkResult::advance();
          return WalkResult(
              failure(llvm::any_of(op->getOperands(), [&](Value v) {
                return isa<BaseMemRefType>(v.getType()) && mayAlias(v, root);
              })));
        }
        SmallVector<MemoryEffects::EffectInstance> effects;
        interface.getEffects<MemoryEffects::Read>(effects);
        for (const MemoryEffects::EffectInstance &effect : effects)
          if (Value v = effect.getValue();
              v && isa<BaseMemRefType>(v.getType()) && mayAlias(v, root))
            return WalkResult::interrupt();
        return WalkResult::advance();
      })
      .wasInterrupted();
}

bool LargeOutputs::contains(Value root) {
  auto [it, inserted] = known.try_emplace(root, false);
  if (!inserted)
    return it->second;
  auto type = dyn_cast<MemRefType>(root.getType());
  auto function =
      root.getParentRegion()->getParentOfType<FunctionOpInterface>();
  if (!type || !function || !type.getElementType().isIntOrFloat())
    return false;
  if (type.hasStaticShape() &&
      type.getNumElements() * getElementBytes(type) < threshold)
    return false;
  bool result = !isRead(function, root);
  known[root] = result;
  return result;
}

Value norm::createDynamicBytes(OpBuilder &builder, Location loc, Value root) {
  auto type = cast<MemRefType>(root.getType());
  if (type.hasStaticShape())
    return {};
  int64_t bytes = getElementBytes(type);
  Value total;
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(size)) {
      bytes *= size;
      continue;
    }
    Value next = memref::DimOp::create(builder, loc, root, dim);
    total = total ? arith::MulIOp::create(builder, loc, total, next) : next;
  }
  return arith::MulIOp::create(
      builder, loc, total, arith::ConstantIndexOp::create(builder, loc, bytes));
}

AffineForOp norm::getOutermostLoop(Operation *op, Value memref) {
  AffineForOp outermost;
  for (Operation *parent = op->getParentOp();
       isa<AffineForOp, AffineIfOp, scf::IfOp>(parent) &&
       !isDefinedIn(memref, parent);
       parent = parent->getParentOp())
    if (auto loop = dyn_cast<AffineForOp>(parent))
      outermost = loop;
  return outermost;
}
