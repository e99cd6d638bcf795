//===- Shard.cpp - parts of arrays ----------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shard.h"

#include "mlir/Dialect/Shard/IR/ShardOps.h"

#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Returns the sizes of the grid of `module`, of `count` devices.
static Expected<SmallVector<int64_t>> getGrid(ModuleOp module, int64_t count) {
  auto grids = llvm::to_vector(module.getOps<shard::GridOp>());
  if (grids.size() != 1)
    return createStringError(
        llvm::formatv("expected one shard.grid in the module, but got {0}",
                      grids.size())
            .str());
  SmallVector<int64_t> sizes(grids[0].getShape());
  if (llvm::any_of(sizes, ShapedType::isDynamic) ||
      llvm::product_of(sizes) != count)
    return createStringError(
        llvm::formatv("expected a shard.grid of {0} devices, but got {1}",
                      count, formatShape(sizes))
            .str());
  return sizes;
}

Expected<Shard> norm::parseShard(StringRef text, ModuleOp module, int64_t index,
                                 int64_t count) {
  SmallVector<StringRef> parts;
  SmallVector<int64_t> numbers;
  text.split(parts, ':');
  for (StringRef part : parts)
    if (int64_t number; !part.getAsInteger(10, number) && number >= 0)
      numbers.push_back(number);
  if (numbers.size() != parts.size() || parts.size() < 2 || parts.size() > 3)
    return createStringError("expected --shard to be ARGUMENT:AXIS or "
                             "ARGUMENT:AXIS:GRIDAXIS, but got " +
                             text);
  Shard shard{static_cast<size_t>(numbers[0]), numbers[1], index, count};
  if (numbers.size() == 2)
    return shard;
  Expected<SmallVector<int64_t>> grid = getGrid(module, count);
  if (!grid)
    return grid.takeError();
  auto rank = static_cast<int64_t>(grid->size());
  if (numbers[2] >= rank)
    return createStringError(
        llvm::formatv("expected the grid axis of --shard to be below {0}, but "
                      "got {1}",
                      rank, text)
            .str());
  shard.numParts = (*grid)[numbers[2]];
  ArrayRef<int64_t> behind = ArrayRef(*grid).drop_front(numbers[2] + 1);
  shard.part = index / llvm::product_of(behind) % shard.numParts;
  return shard;
}

Expected<Array> norm::takeShard(const Array &array, const Shard &shard) {
  SmallVector<int64_t> shape(array.getShape());
  if (shard.axis >= static_cast<int64_t>(shape.size()))
    return createStringError(
        llvm::formatv("expected an array with a dimension {0}, but got {1}",
                      shard.axis, formatShape(shape))
            .str());
  int64_t size = shape[shard.axis];
  int64_t length = size / shard.numParts, numLonger = size % shard.numParts;
  int64_t begin = shard.part * length + std::min(shard.part, numLonger);
  shape[shard.axis] = length + (shard.part < numLonger);
  Expected<Array> part = Array::create(shape, array.getType());
  if (!part)
    return part.takeError();
  int64_t inner = getElementSize(array.getType());
  for (int64_t extent : ArrayRef(shape).drop_front(shard.axis + 1))
    inner *= extent;
  int64_t outer = llvm::product_of(ArrayRef(shape).take_front(shard.axis));
  int64_t bytes = shape[shard.axis] * inner;
  const char *source = static_cast<const char *>(array.getData());
  char *target = static_cast<char *>(part->getData());
  if (bytes != 0)
    for (int64_t i = 0; i < outer; ++i)
      std::memcpy(target + i * bytes, source + (i * size + begin) * inner,
                  bytes);
  return part;
}
