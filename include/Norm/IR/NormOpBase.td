//===- NormOpBase.td - base classes of Norm's ops -----------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMOPBASE_TD
#define NORM_IR_NORMOPBASE_TD

include "Norm/IR/NormBase.td"
include "Norm/IR/NormInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// An op in destination style: one result for every init that is a tensor. The
/// inits are the last operands: those of the operand group `firstInitGroup`
/// and of all groups after it.
class Norm_Op<string mnemonic, int firstInitGroup, list<Trait> traits = []>
    : Op<Norm_Dialect, mnemonic, traits # [
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<InferTypeOpInterface>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ConditionallySpeculatable>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>
      ]> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasVerifier = 1;

  /// What an op declares besides the members that all ops have.
  code extraDeclaration = "";
  /// What it defines besides.
  code extraDefinition = "";

  let extraClassDeclaration = [{
    /// The number of the first operand group of inits.
    static constexpr unsigned kFirstInitGroup = }] # firstInitGroup # [{;
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      unsigned first = getODSOperandIndexAndLength(kFirstInitGroup).first;
      return ::mlir::MutableOperandRange(
          getOperation(), first, getOperation()->getNumOperands() - first);
    }
    /// Returns the result tied to the init operand group `init`, counted from the
    /// first one; null if the operand is absent or a memref.
    ::mlir::Value getInitResult(unsigned init) {
      auto [index, length] = getODSOperandIndexAndLength(kFirstInitGroup + init);
      unsigned first = getODSOperandIndexAndLength(kFirstInitGroup).first;
      if (length == 0 || getOperation()->getNumResults() == 0)
        return {};
      return getOperation()->getResult(index - first);
    }
  }] # extraDeclaration;

  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      Adaptor adaptor(operands, attributes, properties, regions);
      unsigned first = adaptor.getODSOperandIndexAndLength(kFirstInitGroup).first;
      return ::mlir::norm::detail::inferResultTypes(operands.drop_front(first), types);
    }
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::MemoryEffects::EffectInstance> &effects) {
      ::mlir::norm::detail::getEffects(getOperation(), effects);
    }
    ::mlir::Speculation::Speculatability $cppClass::getSpeculatability() {
      return ::mlir::norm::detail::getSpeculatability(getOperation());
    }
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder,
        ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::mlir::norm::detail::reifyResultShapes(getOperation(), builder, shapes);
    }
  }] # extraDefinition;
}

#endif // NORM_IR_NORMOPBASE_TD
