//===- Decomposer.h - builds kernel ops ------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the decompositions of layer ops share.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_TRANSFORMS_DECOMPOSER_H
#define NORM_LIB_TRANSFORMS_DECOMPOSER_H

#include "Norm/IR/Norm.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// Moments relative to a shift, which is null but for the stable variance.
struct Moments {
  Value count, mean, m2, shift;
};

/// Which values are selected: all if there is no mask. The mask has the axes
/// `axes` of what it selects from.
struct Selection {
  Value mask;
  SmallVector<int64_t> axes;

  /// The same where unselected values give 0; all values where they do not.
  Selection ifZero(UnselectedRule rule) const {
    return rule == UnselectedRule::Zero ? *this : Selection();
  }
};

/// Builds kernel ops at one location, with statistics of one type.
class Decomposer {
public:
  /// Without an algorithm, no mean is taken, and moments are about 0.
  Decomposer(
      OpBuilder &builder, Location loc, FloatType accumulator,
      std::optional<VarianceAlgorithm> algorithm = VarianceAlgorithm::Stable)
      : builder(builder), loc(loc), accumulator(accumulator),
        algorithm(algorithm) {}

  /// Makes an uninitialized tensor of statistics.
  Value makeEmpty(ArrayRef<OpFoldResult> sizes);
  Value makeZeros(ArrayRef<OpFoldResult> sizes);

  /// Makes zeros that sums over many chunks are added to, one by one. Their
  /// type is wider than that of the sums of one chunk, `getChunkType`.
  Value makeSumInit(ArrayRef<OpFoldResult> sizes);
  /// Returns null where it is the type of the inits.
  TypeAttr getChunkType();

  /// Picks a shift for the statistics over `axes`.
  Value pickShift(Value input, ArrayRef<int64_t> axes);

  /// Picks a shift near the selected values.
  Value pickShift(Value input, ArrayRef<int64_t> axes,
                  const Selection &selection);

  /// Takes the moments of the selected values over `axes`. The shift is picked
  /// if there is none.
  Moments takeMoments(Value input, ArrayRef<int64_t> axes,
                      const Selection &selection, Value shift = {});

  /// Takes the moments of all devices. All of them get the same, and a shift
  /// that is the mean, rounded.
  Moments combineDevices(const Moments &moments, DevicesAttr devices);

  /// Replaces each value that is not null by the sum of what all devices have,
  /// the same on each of them.
  void sumDevices(ArrayRef<Value *> values, DevicesAttr devices);

  Value computeRstd(Value variance, const APFloat &epsilon, EpsilonMode mode);

  /// Returns 1 + scale if it is zero-centred, else `scale`, which may be null.
  Value getScale(Value scale, bool isZeroCentered);

  /// Returns `value`, in the accumulator type if its own is narrower.
  Value widen(Value value);

  /// Writes `value` into `init`, converting its elements; returns the result.
  /// If `fits` is true, what is finite stays finite.
  Value copyInto(Value value, Value init, bool fits = false);

  /// Returns the sizes of all axes of `input` but `axes`.
  SmallVector<OpFoldResult> getKeptSizes(Value input, ArrayRef<int64_t> axes);

  OpBuilder &builder;
  Location loc;
  FloatType accumulator;
  std::optional<VarianceAlgorithm> algorithm;
};

/// Fails if `op` is not on tensors, or has lengths, which norm-expand-lengths
/// makes a mask of.
LogicalResult matchDecomposable(NormLayerOpInterface op,
                                PatternRewriter &rewriter);

/// Makes a mask of the lengths of `op`, if it has some.
void expandLengths(NormLayerOpInterface op, OpBuilder &builder);

/// Returns the size of a dimension of a parameter or of statistics.
OpFoldResult getDimSize(NormLayerOpInterface op, OpBuilder &builder,
                        LayerDim dim);

/// The axes that a layer is worked on. They are those of its input, but the
/// axis of channels becomes two, groups and the channels of a group, where both
/// have more than one element. One group is no axis of statistics, and one
/// channel a group is an axis of them like all others.
class WorkingAxes {
public:
  WorkingAxes(NormLayerOpInterface op, OpBuilder &builder);

  /// Returns the axes that `dims` have become.
  SmallVector<int64_t> getAxes(ArrayRef<LayerDim> dims) const;
  /// Gives an operand with `dims` the axes that these have become. Null stays.
  Value toWorking(Value value, ArrayRef<LayerDim> dims) const;
  /// The reverse of it, for results.
  Value fromWorking(Value value, ArrayRef<LayerDim> dims) const;
  /// Returns what the mask of the layer selects.
  Selection getSelection() const;

  /// Returns true if channels are split, and are innermost: then rows are
  /// better read as they lie, with statistics that are repeated for each
  /// channel. A mask is never repeated.
  bool hasRows() const { return isSplit && isInnermost && !op.getMask(); }
  /// Repeats what groups have, at `position`, for each of their channels.
  Value repeat(Value value, int64_t position) const;
  /// Makes groups and their channels of the channels at `position`. Null stays.
  Value split(Value value, int64_t position) const;

private:
  /// Returns the number of axes that a dimension becomes: 0, 1 or 2.
  int64_t getNumAxes(LayerDim dim) const;

  mutable NormLayerOpInterface op;
  OpBuilder &builder;
  Location loc;
  std::optional<Grouping> grouping;
  bool isSplit = false, isInnermost = false, isOneGroup = false;
  int64_t staticGroups, staticGroupSize;
  OpFoldResult groups, groupSize;
};

void populateDecomposeGradientsPatterns(RewritePatternSet &patterns);
void populateDecomposeDevicesPatterns(RewritePatternSet &patterns);

} // namespace mlir::norm

#endif // NORM_LIB_TRANSFORMS_DECOMPOSER_H
