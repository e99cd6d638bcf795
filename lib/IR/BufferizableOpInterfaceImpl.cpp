//===- BufferizableOpInterfaceImpl.cpp - bufferization of norm ops --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An op on tensors becomes the same op on memrefs, with its inits as the
// outputs. One model serves all ops in destination style.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/ExternalModels.h"
#include "Norm/IR/Norm.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace mlir::norm;

namespace {
template <typename OpTy>
struct BufferizationModel
    : public DstBufferizableOpInterfaceExternalModel<BufferizationModel<OpTy>,
                                                     OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    auto norm = cast<OpTy>(op);
    return !norm.isDpsInit(&operand) || norm.readsInit(operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto norm = cast<OpTy>(op);
    if (norm.hasPureBufferSemantics())
      return success();
    SmallVector<Value> buffers;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    OperationState newOp(op->getLoc(), op->getName(), buffers, TypeRange(),
                         op->getAttrs());
    newOp.propertiesAttr = op->getPropertiesAsAttribute();
    rewriter.setInsertionPoint(op);
    rewriter.create(newOp);
    replaceOpWithBufferizedValues(
        rewriter, op, ValueRange(buffers).take_back(norm.getNumDpsInits()));
    return success();
  }
};

/// What is staged may be its source, which must not change as long as it is
/// used.
struct StageModel
    : public BufferizableOpInterface::ExternalModel<StageModel, StageOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *op, OpOperand &,
                                      const AnalysisState &) const {
    return {{op->getResult(0), BufferRelation::Unknown, /*isDefinite=*/false}};
  }

  FailureOr<BufferLikeType>
  getBufferType(Operation *op, Value, const BufferizationOptions &options,
                const BufferizationState &state,
                SmallVector<Value> &invocationStack) const {
    auto stage = cast<StageOp>(op);
    FailureOr<BufferLikeType> source = bufferization::getBufferType(
        stage.getSource(), options, state, invocationStack);
    if (failed(source))
      return failure();
    return cast<BufferLikeType>(
        StageOp::getStagedType(cast<MemRefType>(*source)));
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto stage = cast<StageOp>(op);
    FailureOr<Value> source =
        getBuffer(rewriter, stage.getSource(), options, state);
    if (failed(source))
      return failure();
    replaceOpWithNewBufferizedOp<StageOp>(rewriter, op, *source,
                                          stage.getBytes());
    return success();
  }
};

/// Attaches the model to those of the ops that are structured.
template <typename OpTy> void attachOne(MLIRContext *context) {
  if constexpr (OpTy::template hasTrait<NormStructuredOpInterface::Trait>())
    OpTy::template attachInterface<BufferizationModel<OpTy>>(*context);
}
template <typename... OpTys> void attach(MLIRContext *context) {
  (attachOne<OpTys>(context), ...);
}
} // namespace

void norm::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NormDialect *) {
    attach<
#define GET_OP_LIST
#include "Norm/IR/NormOps.cpp.inc"
        >(context);
    StageOp::attachInterface<StageModel>(*context);
  });
}
