//===- ReferenceAxes.h - operands of layers and their axes ------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the values of the operands of a layer op, and which element of each
/// belongs to an element of the layer's input. All of it follows from what the
/// op describes; no op is named here.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_REFERENCEAXES_H
#define NORM_LIB_RUNNER_REFERENCEAXES_H

#include "Norm/IR/Norm.h"
#include "Norm/Runner/Array.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>
#include <vector>

namespace mlir::norm {

/// The value of a tensor or the contents of a memref; memrefs that alias share
/// the elements.
struct Values {
  SmallVector<int64_t> shape;
  std::shared_ptr<std::vector<double>> elements;
};

/// Gives the values of an operand.
using GetValues = llvm::function_ref<const Values &(Value)>;

/// A map from the elements of an input to the elements of an operand: the
/// position in the operand is the sum over the axes of the input of
/// `offsets[axis][index along the axis]`.
struct Projection {
  /// The sizes of the operand.
  SmallVector<int64_t> shape;
  SmallVector<std::vector<int64_t>> offsets;

  /// Returns the number of elements of the operand.
  int64_t getNumElements() const;
  /// Returns the position in the operand of an element of the input.
  int64_t getPosition(int64_t element) const;
};

/// The elements of an operand, and how the elements of the input find theirs.
struct ProjectedValues {
  Projection projection;
  std::shared_ptr<std::vector<double>> elements;

  double operator[](int64_t position) const { return (*elements)[position]; }
};

/// The operands of a layer op.
class LayerOperands {
public:
  /// Takes the operands of `op`. Fails if their sizes do not agree; the message
  /// names the op, the operand, and what was expected.
  static llvm::Expected<LayerOperands> create(NormLayerOpInterface op,
                                              GetValues getValues);

  /// Returns the operand of `range`, which holds at most one; where there is
  /// none, the operand is `otherwise` for every element of the input.
  ProjectedValues get(MutableOperandRange range, double otherwise = 0) const;

  /// Returns how the elements of the input find their statistics.
  const Projection &getStatistics() const { return statistics; }
  /// Returns which elements of the input the mask or the lengths select.
  const std::vector<bool> &getSelected() const { return isSelected; }

private:
  void select(NormLayerOpInterface op, ArrayRef<int64_t> shape);

  SmallVector<ProjectedValues> operands;
  Projection statistics;
  std::vector<bool> isSelected;
  /// Of an operand that all elements of the input share.
  Projection constant;
};

/// Calls `visit(element, positions)` for every element of an input, in order,
/// with its positions in each of `projections`.
template <size_t N, typename Visitor>
void forEachElement(const Projection *const (&projections)[N], Visitor visit) {
  size_t rank = projections[0]->offsets.size();
  auto getSize = [&](size_t axis) -> int64_t {
    return projections[0]->offsets[axis].size();
  };
  for (size_t axis = 0; axis < rank; ++axis)
    if (getSize(axis) == 0)
      return;
  size_t last = rank - 1;
  SmallVector<int64_t> indices(rank, 0);
  for (int64_t element = 0;;) {
    std::array<int64_t, N> row = {};
    for (size_t axis = 0; axis < last; ++axis)
      for (size_t i = 0; i < N; ++i)
        row[i] += projections[i]->offsets[axis][indices[axis]];
    for (int64_t column = 0; column < getSize(last); ++column) {
      std::array<int64_t, N> positions = row;
      for (size_t i = 0; i < N; ++i)
        positions[i] += projections[i]->offsets[last][column];
      visit(element++, positions);
    }
    // Advance to the next row.
    size_t axis = last;
    while (axis > 0 && ++indices[axis - 1] == getSize(axis - 1))
      indices[--axis] = 0;
    if (axis == 0)
      return;
  }
}

/// Returns an error at `op` with `message`.
llvm::Error makeOpError(Operation *op, const llvm::Twine &message);

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_REFERENCEAXES_H
