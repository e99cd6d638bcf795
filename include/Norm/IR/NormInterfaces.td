//===- NormInterfaces.td - interfaces of Norm's ops ---------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMINTERFACES_TD
#define NORM_IR_NORMINTERFACES_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"

def Norm_StructuredOpInterface : OpInterface<"NormStructuredOpInterface"> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    An op whose work is a loop nest, each dimension of each operand being
    indexed by at most one loop. Tiling, fusion, bufferization and shape
    reification are written once, for this interface.

    A dimension that no loop indexes is needed whole by every iteration (the
    reduced axes of a batch norm over feature loops). A dimension may be indexed
    in blocks: the channel axis of a group norm is indexed by the loop over the
    groups, `factor` channels at a time.
  }];

  let methods = [
    InterfaceMethod<
      "Returns whether each loop is parallel or a reduction, outermost first.",
      "::mlir::SmallVector<::mlir::utils::IteratorType>",
      "getLoopTypes", (ins)>,
    InterfaceMethod<
      [{Returns the number of iterations of a loop if the op's attributes tell
        it, and `ShapedType::kDynamic` if it is the size of a dimension.}],
      "int64_t", "getLoopSize", (ins "int64_t":$loop), [{}],
      [{ return ::mlir::ShapedType::kDynamic; }]>,
    InterfaceMethod<
      "Returns, for each dimension of the operand, the loop that indexes it.",
      "::mlir::SmallVector<::mlir::norm::DimIndexing>",
      "getIndexing", (ins "::mlir::OpOperand &":$operand)>,
    InterfaceMethod<
      [{Adapts the attributes of `tiled`, a clone of this op on operands that are
        the tile of `sizes` iterations. Fails if no attribute can express it.}],
      "::llvm::LogicalResult", "updateTiledOp",
      (ins "::mlir::Operation *":$tiled,
           "::mlir::ArrayRef<::mlir::OpFoldResult>":$sizes), [{}],
      [{ return ::mlir::success(); }]>,
    InterfaceMethod<
      "Returns true if the op reads the former contents of this init operand.",
      "bool", "readsInit", (ins "::mlir::OpOperand &":$init), [{}],
      [{ return false; }]>,
    InterfaceMethod<
      [{Returns true if the iterations that reduce to this init operand can be
        done in parts, one after the other, each on what the former ones left.}],
      "bool", "takesParts", (ins "::mlir::OpOperand &":$init), [{}],
      [{ return $_op.readsInit(init); }]>
  ];
}

def Norm_LayerOpInterface : OpInterface<"NormLayerOpInterface"> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    A layer op: what its operands have to do with the axes of its input.
    Verifiers, run-time checks, tiling and the merging of axes follow from it.
  }];

  let methods = [
    InterfaceMethod<"Returns the operand whose axes all others refer to.",
                    "::mlir::Value", "getInput", (ins)>,
    InterfaceMethod<
      "Returns what has one statistic for each of its indices, in order.",
      "::mlir::SmallVector<::mlir::norm::LayerDim>",
      "getStatisticsDims", (ins)>,
    InterfaceMethod<
      "Returns what has a scale and a bias for each of its indices, in order.",
      "::mlir::SmallVector<::mlir::norm::LayerDim>",
      "getParameterDims", (ins)>,
    InterfaceMethod<
      "Returns how an axis is divided into groups, if one is.",
      "std::optional<::mlir::norm::Grouping>", "getGrouping", (ins), [{}],
      [{ return std::nullopt; }]>,
    InterfaceMethod<
      "Describes an operand.",
      "::mlir::norm::LayerOperand", "describeOperand",
      (ins "::mlir::OpOperand &":$operand)>,
    InterfaceMethod<
      [{Returns the axes that each attribute names, but for those of the mask.}],
      "::mlir::SmallVector<::mlir::SmallVector<int64_t>>",
      "getLayerAxes", (ins)>,
    InterfaceMethod<
      [{Replaces every axis that an attribute names, but for those of the mask, by
        `number` of it; merged axes have the same number.}],
      "void", "renumberLayerAxes",
      (ins "::llvm::function_ref<int64_t(int64_t)>":$number)>,

    InterfaceMethod<
      [{Returns the devices that the statistics are taken of together; none if
        each device has its own.}],
      "std::optional<::mlir::norm::DevicesAttr>", "getDevices", (ins), [{}],
      [{ return std::nullopt; }]>,

    // Which values are selected.
    InterfaceMethod<"Returns the mask, null if there is none.",
                    "::mlir::Value", "getMask", (ins)>,
    InterfaceMethod<"Returns the lengths, null if there are none.",
                    "::mlir::Value", "getLengths", (ins)>,
    InterfaceMethod<"Returns the axes that the mask or the lengths have.",
                    "::llvm::ArrayRef<int64_t>", "getMaskAxes", (ins)>,
    InterfaceMethod<"Returns the axis that lengths are measured along.",
                    "::std::optional<uint64_t>", "getSequenceAxis", (ins)>,
    InterfaceMethod<"Returns what the output of unselected values is.",
                    "::mlir::norm::UnselectedRule", "getUnselected", (ins)>,
    InterfaceMethod<"Changes the axes of the mask.",
                    "void", "setMaskAxes",
                    (ins "::llvm::ArrayRef<int64_t>":$axes)>,
    InterfaceMethod<"Changes the axis that lengths are measured along.",
                    "void", "setSequenceAxis",
                    (ins "::std::optional<uint64_t>":$axis)>,
    InterfaceMethod<"Puts a mask in the place of lengths.",
                    "void", "replaceLengths",
                    (ins "::mlir::Value":$mask,
                         "::llvm::ArrayRef<int64_t>":$axes)>
  ];

  let extraSharedClassDeclaration = [{
    /// Returns the axes that each attribute names. Adjacent axes can be merged if
    /// the same attributes name them.
    ::mlir::SmallVector<::mlir::SmallVector<int64_t>> getNamedAxes() {
      return ::mlir::norm::detail::getNamedAxes($_op);
    }
    /// Replaces every axis that an attribute names by `number` of it; merged axes
    /// have the same number.
    void renumberAxes(::llvm::function_ref<int64_t(int64_t)> number) {
      ::mlir::norm::detail::renumberAxes($_op, number);
    }
    /// Returns the number of groups and the number of channels in each, as far
    /// as they are known statically; `ShapedType::kDynamic` where they are not.
    std::pair<int64_t, int64_t> getStaticGroups() {
      return ::mlir::norm::detail::getStaticGroups($_op.getInput(),
                                                   $_op.getGrouping());
    }
  }];
}

#endif // NORM_IR_NORMINTERFACES_TD
