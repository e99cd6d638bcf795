//===- LaunchMemory.cpp - Buffers of kernels ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LaunchMemory.h"
#include "Norm/IR/Norm.h"
#include "ThreadMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::norm;

/// The alignment of tiles, in bytes.
static constexpr int64_t kTileAlignment = 128;

static int64_t getElementBytes(MemRefType type) {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

namespace {

class BufferPlacer {
public:
  BufferPlacer(gpu::LaunchOp launch, int64_t workgroupBytes, RewriterBase &b)
      : launch(launch), workgroupBytes(workgroupBytes), b(b) {}

  LogicalResult run();

private:
  LogicalResult place(Operation *allocation);
  /// Copies what is staged into a tile, if there is room for it at run time.
  void place(StageOp stage);

  /// Returns the bytes of an array of `type`, whose dynamic sizes are values in
  /// the kernel, as a value of the host: those of the largest one, where sizes
  /// differ from block to block; or nothing if the host does not know them.
  FailureOr<Value> countBytes(Location loc, MemRefType type, ValueRange sizes);
  Value roundUp(Location loc, Value bytes, int64_t multiple);
  /// Returns the share of a block in memory that the host allocates.
  Value makeShare(Operation *allocation, MemRefType type, Value bytes);
  /// Returns a tile at byte `offset` of the workgroup memory whose size the
  /// launch tells.
  Value makeTile(Location loc, MemRefType type, Value offset, ValueRange sizes);

  Value makeConstant(Location loc, int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }

  gpu::LaunchOp launch;
  int64_t workgroupBytes, used = 0, tileBytes = 0;
  /// The bytes of what is staged, at run time; null if there is nothing.
  Value stagedBytes;
  RewriterBase &b;
};

} // namespace

LogicalResult BufferPlacer::run() {
  SmallVector<Operation *> allocations;
  SmallVector<StageOp> stages;
  launch.walk([&](Operation *op) {
    if (isa<memref::AllocOp, memref::AllocaOp>(op))
      allocations.push_back(op);
    else if (auto stage = dyn_cast<StageOp>(op))
      stages.push_back(stage);
  });
  for (Operation *op : allocations)
    if (failed(place(op)))
      return failure();
  if (tileBytes > std::numeric_limits<int32_t>::max())
    return launch.emitOpError("expected tiles of at most 2147483647 bytes, "
                              "but got ")
           << tileBytes;
  for (StageOp stage : stages)
    place(stage);
  if (tileBytes == 0 && !stagedBytes)
    return success();
  Location loc = launch.getLoc();
  b.setInsertionPoint(launch);
  Value total = makeConstant(loc, tileBytes);
  if (stagedBytes)
    total = arith::AddIOp::create(b, loc, total, stagedBytes);
  launch.getDynamicSharedMemorySizeMutable().assign(
      b.createOrFold<arith::IndexCastOp>(loc, b.getI32Type(), total));
  return success();
}

LogicalResult BufferPlacer::place(Operation *op) {
  Location loc = op->getLoc();
  auto type = cast<MemRefType>(op->getResult(0).getType());
  b.setInsertionPoint(op);
  std::optional<int64_t> bytes;
  if (type.hasStaticShape())
    bytes = type.getNumElements() * getElementBytes(type);
  Value buffer;
  if (bytes && gpu::GPUDialect::hasWorkgroupMemoryAddressSpace(type)) {
    b.setInsertionPointToStart(&launch.getBody().front());
    buffer = makeTile(loc, type, makeConstant(loc, tileBytes), ValueRange());
    tileBytes += llvm::alignTo(*bytes, kTileAlignment);
  } else if (type.hasStaticShape() && type.getNumElements() == 1) {
    if (isa<memref::AllocaOp>(op))
      return success();
    buffer = memref::AllocaOp::create(b, loc, type);
  } else if (bytes && used + *bytes <= workgroupBytes) {
    used += llvm::alignTo(*bytes, 16);
    buffer = addWorkgroupBuffer(launch, type, b);
  } else {
    FailureOr<Value> size = countBytes(loc, type, op->getOperands());
    if (failed(size))
      return op->emitOpError("expected a size that the host knows");
    buffer = makeShare(op, type, *size);
  }
  for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
    if (isa<memref::DeallocOp>(user))
      b.eraseOp(user);
  b.replaceOp(op, buffer);
  return success();
}

void BufferPlacer::place(StageOp stage) {
  Location loc = stage.getLoc();
  Value source = stage.getSource();
  auto type = cast<MemRefType>(stage.getType());
  b.setInsertionPoint(stage);
  SmallVector<Value> sizes;
  for (auto [axis, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size))
      sizes.push_back(b.createOrFold<memref::DimOp>(loc, source, axis));
  auto castTo = [&](Value memref) -> Value {
    return b.createOrFold<memref::CastOp>(loc, type, memref);
  };
  FailureOr<Value> bytes = countBytes(loc, type, sizes);
  if (failed(bytes)) {
    b.replaceOp(stage, castTo(source));
    return;
  }

  // First come, first served.
  b.setInsertionPoint(launch);
  Value before = stagedBytes ? stagedBytes : makeConstant(loc, 0);
  Value after = arith::AddIOp::create(b, loc, before,
                                      roundUp(loc, *bytes, kTileAlignment));
  Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, after,
                                     makeConstant(loc, stage.getBytes()));
  stagedBytes = arith::SelectOp::create(b, loc, fits, after, before);
  Value offset =
      arith::AddIOp::create(b, loc, makeConstant(loc, tileBytes), before);

  b.setInsertionPoint(stage);
  auto space = gpu::AddressSpaceAttr::get(
      b.getContext(), gpu::GPUDialect::getWorkgroupAddressSpace());
  auto tileType = MemRefType::get(type.getShape(), type.getElementType(),
                                  MemRefLayoutAttrInterface(), space);
  Value tile = makeTile(loc, tileType, offset, sizes);
  scf::IfOp::create(b, loc, fits, [&](OpBuilder &builder, Location) {
    linalg::CopyOp::create(builder, loc, source, tile);
    scf::YieldOp::create(builder, loc);
  });
  tileType =
      MemRefType::get(type.getShape(), type.getElementType(),
                      MemRefLayoutAttrInterface(), type.getMemorySpace());
  tile = memref::MemorySpaceCastOp::create(b, loc, tileType, tile);
  b.replaceOpWithNewOp<arith::SelectOp>(stage, fits, castTo(tile),
                                        castTo(source));
}

FailureOr<Value> BufferPlacer::countBytes(Location loc, MemRefType type,
                                          ValueRange sizes) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(launch);
  Value bytes = makeConstant(loc, getElementBytes(type));
  for (auto [axis, size] : llvm::enumerate(type.getShape())) {
    Value extent;
    if (!ShapedType::isDynamic(size)) {
      extent = makeConstant(loc, size);
    } else if (Value value = sizes[type.getDynamicDimIndex(axis)];
               !launch.getBody().isAncestor(value.getParentRegion())) {
      extent = value;
    } else {
      FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
          presburger::BoundType::UB, {value}, nullptr, /*closedUB=*/true);
      if (failed(bound))
        return failure();
      extent = makeConstant(loc, *bound);
    }
    bytes = arith::MulIOp::create(b, loc, bytes, extent);
  }
  return bytes;
}

Value BufferPlacer::roundUp(Location loc, Value bytes, int64_t multiple) {
  Value by = makeConstant(loc, multiple);
  return arith::MulIOp::create(
      b, loc, arith::CeilDivUIOp::create(b, loc, bytes, by), by);
}

Value BufferPlacer::makeShare(Operation *op, MemRefType type, Value bytes) {
  Location loc = op->getLoc();
  b.setInsertionPoint(launch);
  // Shares are aligned as what is allocated.
  Value share = roundUp(loc, bytes, 64);
  Value total = arith::MulIOp::create(b, loc, share, launch.getGridSizeX());
  Value all = memref::AllocOp::create(
      b, loc, MemRefType::get({ShapedType::kDynamic}, b.getI8Type()), total,
      b.getI64IntegerAttr(64));
  b.setInsertionPointAfter(launch);
  memref::DeallocOp::create(b, loc, all);

  b.setInsertionPoint(op);
  Value offset = arith::MulIOp::create(b, loc, share, launch.getBlockIds().x);
  return memref::ViewOp::create(b, loc, type, all, offset, op->getOperands());
}

Value BufferPlacer::makeTile(Location loc, MemRefType type, Value offset,
                             ValueRange sizes) {
  Value all = gpu::DynamicSharedMemoryOp::create(
      b, loc,
      MemRefType::get({ShapedType::kDynamic}, b.getI8Type(),
                      MemRefLayoutAttrInterface(), type.getMemorySpace()));
  return memref::ViewOp::create(b, loc, type, all, offset, sizes);
}

LogicalResult norm::placeBuffers(gpu::LaunchOp launch, int64_t workgroupBytes,
                                 RewriterBase &rewriter) {
  return BufferPlacer(launch, workgroupBytes, rewriter).run();
}
