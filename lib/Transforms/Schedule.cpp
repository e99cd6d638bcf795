//===- Schedule.cpp - how a layer is worked on ----------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Schedule.h"
#include "Tiling.h"

#include "Norm/IR/Utils.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

/// The bytes of a slab, at most, that needs no strips: what is read ahead of it
/// by norm-affine-prefetch-next, by default.
static constexpr int64_t kWholeBytes = 4 << 20;

/// The bytes of the partial results of all parts of a slab, at most, but for
/// those of many channels.
static constexpr int64_t kPartialBytes = 1024;

/// Returns true if the op takes no statistics and no sums, so that it has no
/// use for slabs.
static bool isElementwise(NormLayerOpInterface op) {
  if (auto gradient = dyn_cast<BatchNormInferenceGradOp>(*op))
    return !gradient.getScaleGradient() && !gradient.getBiasGradient();
  return isa<BatchNormInferenceOp>(op);
}

static ShapedType getType(NormLayerOpInterface op) {
  return cast<ShapedType>(op.getInput().getType());
}

static int64_t getRowBytes(ShapedType type) {
  return type.getShape().back() * type.getElementTypeBitWidth() / 8;
}

static int64_t multiply(int64_t a, int64_t b) {
  bool isUnknown = ShapedType::isDynamic(a) || ShapedType::isDynamic(b);
  return isUnknown ? ShapedType::kDynamic : a * b;
}

static SmallVector<int64_t> getKeptAxes(NormLayerOpInterface op) {
  return llvm::map_to_vector(op.getStatisticsDims(),
                             [](LayerDim dim) { return dim.axis; });
}

/// Returns the number of iterations of the loop over `dim`.
static int64_t getLoopSize(NormLayerOpInterface op, LayerDim dim) {
  return dim.part == LayerDim::kGroups ? op.getStaticGroups().first
                                       : getType(op).getDimSize(dim.axis);
}

SmallVector<Value> norm::getLargeInputs(NormLayerOpInterface op) {
  int64_t rank = getRank(op.getInput());
  SmallVector<Value> inputs;
  for (Value input : cast<DestinationStyleOpInterface>(*op).getDpsInputs())
    if (isa<FloatType>(getElementTypeOrSelf(input)) && getRank(input) == rank)
      inputs.push_back(input);
  return inputs;
}

int64_t norm::countBytes(Value value) {
  auto type = cast<ShapedType>(value.getType());
  return type.hasStaticShape()
             ? type.getNumElements() * type.getElementTypeBitWidth() / 8
             : ShapedType::kDynamic;
}

/// Returns how many iterations of the innermost loop, one of `columns`, make
/// the narrowest strip of whole lines, at least four of them, that fits
/// `slabBytes`; 0 for no strips.
static int64_t chooseNarrowStrip(NormLayerOpInterface op, int64_t columns,
                                 const ScheduleOptions &options) {
  ShapedType type = getType(op);
  int64_t rowBytes = getRowBytes(type), rows = 1;
  for (int64_t axis : getOtherAxes(type.getRank(), getKeptAxes(op)))
    rows = multiply(rows, type.getDimSize(axis));
  if (ShapedType::isDynamic(rows))
    return 0;
  int64_t arrays = getLargeInputs(op).size();
  for (int64_t strips = columns; strips > 1; --strips)
    if (columns % strips == 0 && rowBytes / strips % options.lineBytes == 0 &&
        rowBytes / strips >= 4 * options.lineBytes &&
        rowBytes / strips * rows * arrays <= options.slabBytes)
      return columns / strips;
  return 0;
}

/// Returns how many iterations of the innermost loop, one of `columns`, make a
/// strip that stays in a cache from the statistics on until they are applied; 0
/// for no strips. `slabs` is the number of slabs without them.
static int64_t chooseStrip(NormLayerOpInterface op, int64_t columns,
                           int64_t slabs, const ScheduleOptions &options) {
  ShapedType type = getType(op);
  int64_t rowBytes = getRowBytes(type), wholeBytes = rowBytes;
  for (int64_t axis : getOtherAxes(type.getRank(), getKeptAxes(op)))
    wholeBytes *= type.getDimSize(axis);
  // Whole rows are faster to read, and of narrow types, instructions count
  // rather than what memory moves.
  if (wholeBytes <= kWholeBytes ? slabs >= options.minSlabs
                                : type.getElementTypeBitWidth() < 32)
    return 0;
  // Whole lines, and enough of them that the memory keeps up.
  for (int64_t strips = 2; rowBytes / strips >= 4 * options.lineBytes; ++strips)
    if (columns % strips == 0 && rowBytes / strips % options.lineBytes == 0 &&
        wholeBytes / strips <= options.stripBytes &&
        slabs * strips >= options.minSlabs)
      return columns / strips;
  return 0;
}

/// Returns how many features of `op` one slab has: those whose rows together
/// are whole lines, or one.
static int64_t chooseBlock(NormLayerOpInterface op,
                           const ScheduleOptions &options) {
  ShapedType type = getType(op);
  if (op.getGrouping() || op.getMask() ||
      getKeptAxes(op) != ArrayRef{type.getRank() - 2})
    return 1;
  int64_t rows = countRowsOfLines(type, options.lineBytes),
          features = type.getShape().end()[-2];
  if (rows == 1 || features % rows != 0)
    return 1;
  if (features / rows >= options.minSlabs)
    return rows;
  int64_t bytes = 0;
  for (Value input : getLargeInputs(op)) {
    int64_t all = countBytes(input);
    if (ShapedType::isDynamic(all))
      return 1;
    bytes += all / features * rows;
  }
  return bytes <= options.slabBytes ? rows : 1;
}

/// Returns true if each of the slabs of `schedule` is small enough, perhaps in
/// parts, to be read once. `elements` is the number of values of all slabs.
static bool areSlabsSmall(const Schedule &schedule, int64_t elements,
                          const ScheduleOptions &options) {
  if (schedule.slabs <= 1 || ShapedType::isDynamic(schedule.slabBytes))
    return false;
  if (schedule.slabBytes <= options.slabBytes)
    return true;
  for (int64_t parts = 2; parts <= options.slabParts; parts *= 2)
    if (elements / schedule.slabs % parts == 0 &&
        schedule.slabBytes / parts + kPartialBytes <= options.slabBytes)
      return true;
  return false;
}

Schedule norm::chooseSchedule(NormLayerOpInterface op,
                              const ScheduleOptions &options) {
  if (isElementwise(op))
    return {Schedule::Elementwise, {}};
  SmallVector<LayerDim> dims = op.getStatisticsDims();
  SmallVector<int64_t> kept = getKeptAxes(op);
  SmallVector<int64_t> reduced = getOtherAxes(getRank(op.getInput()), kept);
  Schedule schedule = {Schedule::Slabs, SmallVector<int64_t>(dims.size(), 0)};

  // Axes outside of the last reduced one are tiled. What is inside of it stays
  // whole, so that rows are read as they lie in memory, or becomes strips of
  // columns. What sums over slabs cannot be tiled by them.
  SmallVector<utils::IteratorType> types =
      cast<NormStructuredOpInterface>(*op).getLoopTypes();
  auto isOutside = [&](int64_t axis) {
    return reduced.empty() || axis < reduced.back();
  };
  int64_t enough = 1;
  for (auto [size, dim, type] :
       llvm::zip_equal(schedule.tileSizes, dims, types)) {
    if (!isOutside(dim.axis) || type != utils::IteratorType::parallel)
      continue;
    size = chooseBlock(op, options);
    int64_t iterations = getLoopSize(op, dim);
    schedule.slabs = multiply(schedule.slabs, iterations);
    bool isUnknown = ShapedType::isDynamic(iterations);
    enough *= isUnknown ? options.minSlabs : std::max<int64_t>(iterations, 1);
    enough = std::min(enough, options.minSlabs);
    if (!isUnknown)
      schedule.slabs /= size;
  }
  if (!dims.empty() && !isOutside(dims.back().axis) &&
      types.back() == utils::IteratorType::parallel &&
      kept.back() == getRank(op.getInput()) - 1 &&
      !ShapedType::isDynamic(getType(op).getShape().back())) {
    int64_t columns = getLoopSize(op, dims.back());
    int64_t strip = chooseNarrowStrip(op, columns, options);
    if (strip == 0 && getType(op).hasStaticShape())
      strip = chooseStrip(op, columns, schedule.slabs, options);
    if (strip != 0) {
      schedule.kind = Schedule::Strips;
      schedule.tileSizes.back() = strip;
      schedule.slabs = multiply(schedule.slabs, columns / strip);
      enough = options.minSlabs;
    }
  }
  bool isTiled =
      llvm::any_of(schedule.tileSizes, [](int64_t size) { return size != 0; });
  for (Value input : getLargeInputs(op))
    schedule.slabBytes =
        ShapedType::isDynamic(schedule.slabs) ||
                ShapedType::isDynamic(countBytes(input))
            ? ShapedType::kDynamic
            : schedule.slabBytes +
                  countBytes(input) / std::max<int64_t>(schedule.slabs, 1);
  int64_t elements =
      getType(op).hasStaticShape() ? getType(op).getNumElements() : 0;
  if (!isTiled || (enough < options.minSlabs &&
                   !areSlabsSmall(schedule, elements, options)))
    return {Schedule::Parts, {}};
  return schedule;
}
