//===- Norm.h - the norm dialect --------------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the norm dialect, its interface and its ops.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORM_H
#define NORM_IR_NORM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::norm {

/// How one dimension of an operand is indexed by the loops of an op.
struct DimIndexing {
  /// The loop that indexes the dimension; `kWhole` if every iteration needs the
  /// whole dimension.
  int64_t loop;
  /// The number of elements of the dimension that belong to one iteration; it
  /// is the size of the dimension divided by the number of iterations if it is
  /// `ShapedType::kDynamic`.
  int64_t factor = 1;

  static constexpr int64_t kWhole = -1;
};

/// What one dimension of an operand of a layer op is: an axis of the input, the
/// groups that it is divided into, or the channels of one group.
struct LayerDim {
  enum Part { kAll, kGroups, kMembers };

  int64_t axis;
  Part part = kAll;
};

/// An axis that is divided into groups: exactly one of their number and of the
/// number of indices in each is given.
struct Grouping {
  int64_t axis;
  std::optional<int64_t> numGroups, groupSize;
  /// What messages call the size of the axis, and that of a group.
  StringRef axisName = "the number of channels";
  StringRef groupSizeName = "group_size";

  int64_t getDivisor() const { return numGroups ? *numGroups : *groupSize; }
  StringRef getDivisorName() const {
    return numGroups ? "num_groups" : groupSizeName;
  }
};

/// What an operand of a layer op is.
struct LayerOperand {
  /// What messages call it.
  StringRef name;
  /// What its sizes are, in words: "the sizes of the feature axes".
  StringRef sizes;
  SmallVector<LayerDim> dims;
  /// True if it has the shape of the input.
  bool isData = false;
};

class NormLayerOpInterface;

namespace detail {
/// Gives one result type for every init that is a tensor.
LogicalResult inferResultTypes(ValueRange inits, SmallVectorImpl<Type> &types);
/// Gives the reads and writes of the memref operands.
void getEffects(
    Operation *op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects);
/// An op on tensors can be speculated, an op on memrefs cannot.
Speculation::Speculatability getSpeculatability(Operation *op);
/// Every result has the shape of the init that it is tied to.
LogicalResult reifyResultShapes(Operation *op, OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes);
/// Returns the number of groups and the number of channels in each.
std::pair<int64_t, int64_t> getStaticGroups(Value input,
                                            std::optional<Grouping> grouping);
/// Returns a dimension for each axis of `value`.
SmallVector<LayerDim> getAllDims(Value value);
/// Tells, for each of `loops`, whether the iterations are independent of each
/// other: every init has elements of its own for each.
SmallVector<utils::IteratorType> getLayerLoopTypes(Operation *op,
                                                   ArrayRef<LayerDim> loops);
/// Maps the dimensions of an operand of a layer op to the op's loops, one for
/// each of `loops`.
SmallVector<DimIndexing>
getLayerIndexing(Operation *op, ArrayRef<LayerDim> loops, OpOperand &operand);
/// Returns the axes that each attribute of a layer op names.
SmallVector<SmallVector<int64_t>> getNamedAxes(NormLayerOpInterface op);
/// Replaces every axis that an attribute of a layer op names by `number` of it.
void renumberAxes(NormLayerOpInterface op,
                  llvm::function_ref<int64_t(int64_t)> number);
/// Checks that the devices of a layer op, if it has some, are on a grid.
LogicalResult verifyLayerDevices(Operation *op, SymbolTableCollection &symbols);
} // namespace detail

} // namespace mlir::norm

#include "Norm/IR/NormDialect.h.inc"
#include "Norm/IR/NormEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "Norm/IR/NormAttributes.h.inc"

#include "Norm/IR/NormInterfaces.h.inc"

namespace mlir::norm::detail {
/// Returns the dimensions of the gradients of parameters for each sample: those
/// of the parameters, and those of the statistics that are not among them.
SmallVector<LayerDim> getGradientDims(NormLayerOpInterface op);
/// Returns the dimensions of the mask.
SmallVector<LayerDim> getMaskDims(NormLayerOpInterface op);
} // namespace mlir::norm::detail

#define GET_OP_CLASSES
#include "Norm/IR/NormOps.h.inc"

#endif // NORM_IR_NORM_H
