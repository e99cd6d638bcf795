//===- NormLayerBase.td - base classes of layer ops ---------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers differ in how they name the axes that have statistics. Each way is a
// class here, which a layer and its gradient derive from; all else follows from
// NormLayerOpInterface.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMLAYERBASE_TD
#define NORM_IR_NORMLAYERBASE_TD

include "Norm/IR/NormOpBase.td"
include "mlir/IR/SymbolInterfaces.td"

/// A layer op. Its loops are over its statistics, or over all elements.
class Norm_LayerOp<string mnemonic, int firstInitGroup, code axesDefinition,
                   list<string> structuredMethods = [],
                   list<string> layerMethods = []>
    : Norm_Op<mnemonic, firstInitGroup,
              [AttrSizedOperandSegments,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface,
                                         structuredMethods>,
               DeclareOpInterfaceMethods<Norm_LayerOpInterface,
                                         layerMethods>,
               DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let hasCanonicalizer = 1;

  /// The dimensions that have a loop each.
  code loops = "getStatisticsDims()";

  let extraDefinition = [{
    ::mlir::SmallVector<::mlir::utils::IteratorType> $cppClass::getLoopTypes() {
      return ::mlir::norm::detail::getLayerLoopTypes(
          getOperation(), }] # loops # [{);
    }
    ::mlir::SmallVector<::mlir::norm::DimIndexing> $cppClass::getIndexing(
        ::mlir::OpOperand &operand) {
      return ::mlir::norm::detail::getLayerIndexing(
          getOperation(), }] # loops # [{, operand);
    }
    ::mlir::FloatType $cppClass::getAccumulatorType() {
      return ::mlir::norm::getAccumulator(getAccumulator(), getInput());
    }
    ::llvm::LogicalResult $cppClass::verifySymbolUses(
        ::mlir::SymbolTableCollection &symbols) {
      return ::mlir::norm::detail::verifyLayerDevices(getOperation(), symbols);
    }
    void $cppClass::replaceLengths(::mlir::Value mask,
                                   ::mlir::ArrayRef<int64_t> axes) {
      getLengthsMutable().clear();
      getMaskMutable().assign(mask);
      setMaskAxes(axes);
      removeSequenceAxisAttr();
    }
  }] # axesDefinition;
}

/// What all layers divide and multiply by.
defvar Norm_ScalingArguments = (ins
    DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    DefaultValuedAttr<Norm_EpsilonMode,
                      "::mlir::norm::EpsilonMode::Add">:$epsilon_mode,
    UnitAttr:$zero_centered_scale);
defvar Norm_ScalingFormat = [{
    (`epsilon` `=` $epsilon^)?
    (`epsilon_mode` `=` $epsilon_mode^)?
    (`zero_centered_scale` $zero_centered_scale^)?
}];

/// Which values are selected.
defvar Norm_MaskOperands = (ins
    Optional<Norm_Mask>:$mask,
    Optional<Norm_Lengths>:$lengths);
defvar Norm_MaskOperandsFormat = [{
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
}];
defvar Norm_MaskArguments = (ins
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$mask_axes,
    OptionalAttr<I64Attr>:$sequence_axis,
    DefaultValuedAttr<Norm_UnselectedRule,
                      "::mlir::norm::UnselectedRule::Zero">:$unselected);
defvar Norm_MaskFormat = [{
    (`mask_axes` `=` $mask_axes^)?
    (`sequence_axis` `=` $sequence_axis^)?
    (`unselected` `=` $unselected^)?
}];

/// The devices that statistics are taken of together.
defvar Norm_DeviceArguments = (ins OptionalAttr<Norm_Devices>:$devices);
defvar Norm_DeviceFormat = [{
    (`devices` `=` $devices^)?
}];

//===----------------------------------------------------------------------===//
// Feature axes
//===----------------------------------------------------------------------===//

/// One statistic for each index of the feature axes.
class Norm_FeatureLayerOp<string mnemonic, int firstInitGroup,
                          list<string> structuredMethods = [],
                          list<string> layerMethods = [],
                          code statisticsDefinition = [{
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getStatisticsDims() {
          return ::mlir::norm::toDims(getFeatureAxes());
        }
                          }]>
    : Norm_LayerOp<mnemonic, firstInitGroup, statisticsDefinition # [{
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getParameterDims() {
          return ::mlir::norm::toDims(getParameterAxes().value_or(getFeatureAxes()));
        }
        ::mlir::SmallVector<::mlir::SmallVector<int64_t>> $cppClass::getLayerAxes() {
          return {::mlir::SmallVector<int64_t>(getFeatureAxes()),
                  ::mlir::SmallVector<int64_t>(
                      getParameterAxes().value_or(getFeatureAxes()))};
        }
        void $cppClass::renumberLayerAxes(::llvm::function_ref<int64_t(int64_t)> number) {
          setFeatureAxes(::mlir::norm::renumber(getFeatureAxes(), number));
          if (auto axes = getParameterAxes())
            setParameterAxes(::mlir::norm::renumber(*axes, number));
        }
      }], structuredMethods, layerMethods>;

/// One statistic for each index of the feature axes, and for each sub-batch of
/// `ghost_size` indices of axis 0 if that is given.
class Norm_BatchLayerOp<string mnemonic, int firstInitGroup,
                        list<string> structuredMethods = []>
    : Norm_FeatureLayerOp<mnemonic, firstInitGroup, structuredMethods,
                          ["getGrouping"], [{
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getStatisticsDims() {
          return ::mlir::norm::toBatchDims(getFeatureAxes(), getGrouping());
        }
        std::optional<::mlir::norm::Grouping> $cppClass::getGrouping() {
          return ::mlir::norm::getGhostBatches(getGhostSize());
        }
      }]>;

defvar Norm_GhostArguments = (ins OptionalAttr<I64Attr>:$ghost_size);
defvar Norm_GhostFormat = [{
    (`ghost_size` `=` $ghost_size^)?
}];

defvar Norm_FeatureArguments = (ins
    DenseI64ArrayAttr:$feature_axes,
    OptionalAttr<DenseI64ArrayAttr>:$parameter_axes);
defvar Norm_FeatureFormat = [{
    `features` `=` $feature_axes
    (`parameters` `=` $parameter_axes^)?
}];

//===----------------------------------------------------------------------===//
// Groups of channels
//===----------------------------------------------------------------------===//

def Norm_ChannelParameters
    : I32EnumAttr<"ChannelParameters", "what has a scale and a bias", [
        I32EnumAttrCase<"PerChannel", 0, "per_channel">,
        I32EnumAttrCase<"PerGroup", 1, "per_group">,
        I32EnumAttrCase<"PerMember", 2, "per_member">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    Along the channel axis, parameters are given for each channel, for each
    group, or for each channel of a group, shared by all groups.
  }];
}

/// One statistic for each index of the batch axes and each group of channels.
class Norm_GroupLayerOp<string mnemonic, int firstInitGroup>
    : Norm_LayerOp<mnemonic, firstInitGroup, [{
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getStatisticsDims() {
          return ::mlir::norm::toGroupedDims(
              ::mlir::norm::uniteAxes(getBatchAxes(), getChannelAxis()),
              getChannelAxis(), ::mlir::norm::LayerDim::kGroups);
        }
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getParameterDims() {
          return ::mlir::norm::toGroupedDims(
              getParameterAxes().value_or(static_cast<int64_t>(getChannelAxis())),
              getChannelAxis(), ::mlir::norm::getPart(getAffine()));
        }
        ::mlir::SmallVector<::mlir::SmallVector<int64_t>> $cppClass::getLayerAxes() {
          int64_t channel = getChannelAxis();
          return {::mlir::SmallVector<int64_t>(getBatchAxes()), {channel},
                  ::mlir::SmallVector<int64_t>(getParameterAxes().value_or(channel))};
        }
        void $cppClass::renumberLayerAxes(::llvm::function_ref<int64_t(int64_t)> number) {
          setBatchAxes(::mlir::norm::renumber(getBatchAxes(), number));
          setChannelAxis(number(getChannelAxis()));
          if (auto axes = getParameterAxes())
            setParameterAxes(::mlir::norm::renumber(*axes, number));
        }
        std::optional<::mlir::norm::Grouping> $cppClass::getGrouping() {
          return ::mlir::norm::Grouping{static_cast<int64_t>(getChannelAxis()),
                                        getNumGroups(), getGroupSize()};
        }
        int64_t $cppClass::getLoopSize(int64_t loop) {
          return getStatisticsDims()[loop].part == LayerDim::kGroups
                     ? getNumGroups().value_or(::mlir::ShapedType::kDynamic)
                     : ::mlir::ShapedType::kDynamic;
        }
        ::llvm::LogicalResult $cppClass::updateTiledOp(
            ::mlir::Operation *tiled, ::mlir::ArrayRef<::mlir::OpFoldResult> sizes) {
          return ::mlir::norm::updateTiledGroups(
              *this, ::llvm::cast<$cppClass>(tiled), sizes);
        }
      }], ["getLoopSize", "updateTiledOp"], ["getGrouping"]>;

defvar Norm_GroupArguments = (ins
    DefaultValuedAttr<DenseI64ArrayAttr, "{0}">:$batch_axes,
    I64Attr:$channel_axis,
    OptionalAttr<I64Attr>:$num_groups,
    OptionalAttr<I64Attr>:$group_size,
    OptionalAttr<DenseI64ArrayAttr>:$parameter_axes,
    DefaultValuedAttr<Norm_ChannelParameters,
                      "::mlir::norm::ChannelParameters::PerChannel">:$affine);
defvar Norm_GroupFormat = [{
    (`batch` `=` $batch_axes^)?
    `channel` `=` $channel_axis
    (`num_groups` `=` $num_groups^)?
    (`group_size` `=` $group_size^)?
    (`parameters` `=` $parameter_axes^)?
    (`affine` `=` $affine^)?
}];

//===----------------------------------------------------------------------===//
// Samples and channels
//===----------------------------------------------------------------------===//

/// One statistic for each index of the batch axes and the channel axis.
class Norm_InstanceLayerOp<string mnemonic, int firstInitGroup>
    : Norm_LayerOp<mnemonic, firstInitGroup, [{
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getStatisticsDims() {
          return ::mlir::norm::toDims(
              ::mlir::norm::uniteAxes(getBatchAxes(), getChannelAxis()));
        }
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getParameterDims() {
          return ::mlir::norm::toDims(
              getParameterAxes().value_or(static_cast<int64_t>(getChannelAxis())));
        }
        ::mlir::SmallVector<::mlir::SmallVector<int64_t>> $cppClass::getLayerAxes() {
          int64_t channel = getChannelAxis();
          return {::mlir::SmallVector<int64_t>(getBatchAxes()), {channel},
                  ::mlir::SmallVector<int64_t>(getParameterAxes().value_or(channel))};
        }
        void $cppClass::renumberLayerAxes(::llvm::function_ref<int64_t(int64_t)> number) {
          setBatchAxes(::mlir::norm::renumber(getBatchAxes(), number));
          setChannelAxis(number(getChannelAxis()));
          if (auto axes = getParameterAxes())
            setParameterAxes(::mlir::norm::renumber(*axes, number));
        }
      }]>;

defvar Norm_InstanceArguments = (ins
    DefaultValuedAttr<DenseI64ArrayAttr, "{0}">:$batch_axes,
    I64Attr:$channel_axis,
    OptionalAttr<DenseI64ArrayAttr>:$parameter_axes);
defvar Norm_InstanceFormat = [{
    (`batch` `=` $batch_axes^)?
    `channel` `=` $channel_axis
    (`parameters` `=` $parameter_axes^)?
}];

//===----------------------------------------------------------------------===//
// Normalized axes
//===----------------------------------------------------------------------===//

/// One statistic for each index of all axes but the normalized ones.
class Norm_AxesLayerOp<string mnemonic, int firstInitGroup>
    : Norm_LayerOp<mnemonic, firstInitGroup, [{
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getStatisticsDims() {
          return ::mlir::norm::toDims(::mlir::norm::getOtherAxes(
              ::mlir::norm::getRank(getInput()), getAxes()));
        }
        ::mlir::SmallVector<::mlir::norm::LayerDim> $cppClass::getParameterDims() {
          return ::mlir::norm::toDims(getParameterAxes().value_or(getAxes()));
        }
        ::mlir::SmallVector<::mlir::SmallVector<int64_t>> $cppClass::getLayerAxes() {
          return {::mlir::SmallVector<int64_t>(getAxes()),
                  ::mlir::SmallVector<int64_t>(getParameterAxes().value_or(getAxes()))};
        }
        void $cppClass::renumberLayerAxes(::llvm::function_ref<int64_t(int64_t)> number) {
          setAxes(::mlir::norm::renumber(getAxes(), number));
          if (auto axes = getParameterAxes())
            setParameterAxes(::mlir::norm::renumber(*axes, number));
        }
      }]>;

defvar Norm_AxesArguments = (ins
    DenseI64ArrayAttr:$axes,
    OptionalAttr<DenseI64ArrayAttr>:$parameter_axes);
defvar Norm_AxesFormat = [{
    `axes` `=` $axes
    (`parameters` `=` $parameter_axes^)?
}];

#endif // NORM_IR_NORMLAYERBASE_TD
