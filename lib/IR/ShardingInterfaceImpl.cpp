//===- ShardingInterfaceImpl.cpp - layers on several devices --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer whose input is split along an axis that its statistics are taken over
// becomes the same layer on the part, with the devices along the grid axes that
// split it. Upstream's propagation and partitioning do the rest. One model
// serves all layers: which axis an operand's dimension is, they tell.
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Devices.h"
#include "Norm/IR/ExternalModels.h"
#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/Dialect/Shard/Interfaces/ShardingInterface.h"
#include "mlir/Dialect/Shard/Interfaces/ShardingInterfaceImpl.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::shard;

static SmallVector<int64_t> getAxes(ArrayRef<LayerDim> dims) {
  return llvm::map_to_vector(dims, [](LayerDim dim) { return dim.axis; });
}

/// Returns the grid axes that split any of `axes`, in order.
static SmallVector<GridAxis> getGridAxes(const ShardingArray &loops,
                                         ArrayRef<int64_t> axes) {
  SmallVector<GridAxis> gridAxes;
  for (int64_t axis : axes)
    llvm::append_range(gridAxes, loops[axis]);
  llvm::sort(gridAxes);
  return gridAxes;
}

namespace {
/// One loop for each axis of the input, and one more for the channels of a
/// group, which is never split.
template <typename OpTy>
struct ShardingModel
    : public ShardingInterface::ExternalModel<ShardingModel<OpTy>, OpTy> {
  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *op) const {
    auto layer = cast<NormLayerOpInterface>(op);
    SmallVector<utils::IteratorType> types(getRank(layer.getInput()) + 1,
                                           utils::IteratorType::reduction);
    for (LayerDim dim : layer.getStatisticsDims())
      types[dim.axis] = utils::IteratorType::parallel;
    return types;
  }

  SmallVector<ReductionKind>
  getReductionLoopIteratorKinds(Operation *op) const {
    return SmallVector<ReductionKind>(
        llvm::count(getLoopIteratorTypes(op), utils::IteratorType::reduction),
        ReductionKind::Generic);
  }

  SmallVector<AffineMap> getIndexingMaps(Operation *op) const {
    auto layer = cast<NormLayerOpInterface>(op);
    int64_t rank = getRank(layer.getInput());
    auto getMap = [&](OpOperand &operand) {
      SmallVector<AffineExpr> exprs;
      for (LayerDim dim : layer.describeOperand(operand).dims)
        exprs.push_back(
            getAffineDimExpr(dim.part == LayerDim::kMembers ? rank : dim.axis,
                             op->getContext()));
      return AffineMap::get(rank + 1, 0, exprs, op->getContext());
    };
    SmallVector<AffineMap> maps;
    for (OpOperand &operand : op->getOpOperands())
      maps.push_back(getMap(operand));
    for (OpOperand &init :
         cast<DestinationStyleOpInterface>(op).getDpsInitsMutable())
      maps.push_back(getMap(init));
    return maps;
  }

  LogicalResult partition(Operation *op, ArrayRef<Value> operands,
                          ArrayRef<Sharding> operandShardings,
                          ArrayRef<Sharding> resultShardings,
                          IRMapping &partitionMap,
                          SymbolTableCollection &symbols,
                          OpBuilder &builder) const {
    auto layer = cast<NormLayerOpInterface>(op);
    ShardingArray loops = getGridAxisAssignmentForLoopIterators(
        operandShardings, resultShardings, getLoopIteratorTypes(op),
        getIndexingMaps(op));
    FlatSymbolRefAttr grid;
    for (const Sharding &sharding : operandShardings)
      if (sharding)
        grid = sharding.getGridAttr();

    int64_t rank = getRank(layer.getInput());
    SmallVector<int64_t> reduced =
        getOtherAxes(rank, getAxes(layer.getStatisticsDims()));
    SmallVector<GridAxis> over = getGridAxes(loops, reduced);
    if (layer.getDevices() && llvm::any_of(loops, [](ArrayRef<GridAxis> axes) {
          return !axes.empty();
        }))
      return op->emitOpError()
             << "expected no devices, to be partitioned, but got some";
    IRMapping inner = partitionMap;
    Operation *local = builder.clone(*op, inner);
    auto destination = cast<DestinationStyleOpInterface>(local);
    for (OpOperand &init : destination.getDpsInitsMutable())
      destination.getTiedOpResult(&init).setType(
          cast<RankedTensorType>(init.get().getType()));
    if (failed(divideGroups(cast<OpTy>(op), cast<OpTy>(local), loops, grid,
                            symbols)))
      return failure();
    if (!over.empty() && takesStatistics())
      local->setAttr("devices", getDevices(grid, over));
    for (OpOperand &init :
         cast<DestinationStyleOpInterface>(op).getDpsInitsMutable()) {
      OpResult result =
          cast<DestinationStyleOpInterface>(op).getTiedOpResult(&init);
      Value value = local->getResult(result.getResultNumber());
      SmallVector<GridAxis> summed = getGridAxes(
          loops, getOtherAxes(rank, getAxes(layer.describeOperand(init).dims)));
      if constexpr (isGradient) {
        if (!summed.empty() && summed == over && takesStatistics())
          local->setAttr("sum_parameters", builder.getUnitAttr());
        else if (!summed.empty())
          value =
              AllReduceOp::create(builder, op->getLoc(), value, grid.getValue(),
                                  summed, ReductionKind::Sum);
      }
      partitionMap.map(result, value);
    }
    return success();
  }

private:
  template <typename T>
  using ScaleGradient = decltype(std::declval<T &>().getScaleGradient());
  /// Gradients of parameters are sums over all that they do not have a
  /// dimension of.
  static constexpr bool isGradient = llvm::is_detected<ScaleGradient, OpTy>();

  static bool takesStatistics() {
    return llvm::is_contained(OpTy::getAttributeNames(), "devices");
  }

  static DevicesAttr getDevices(FlatSymbolRefAttr grid,
                                ArrayRef<GridAxis> axes) {
    return DevicesAttr::get(grid.getContext(), grid,
                            SmallVector<int64_t>(axes.begin(), axes.end()), {});
  }

  /// Gives `local` its part of the groups of `op`, if their axis is split.
  static LogicalResult divideGroups(OpTy op, OpTy local,
                                    const ShardingArray &loops,
                                    FlatSymbolRefAttr grid,
                                    SymbolTableCollection &symbols) {
    auto layer = cast<NormLayerOpInterface>(*op);
    std::optional<Grouping> grouping = layer.getGrouping();
    if (!grouping || loops[grouping->axis].empty())
      return success();
    int64_t parts = 1;
    auto gridOp = symbols.lookupNearestSymbolFrom<GridOp>(
        op, static_cast<SymbolRefAttr>(grid));
    for (GridAxis axis : loops[grouping->axis])
      parts *= gridOp.getShape()[axis];
    if constexpr (std::is_same_v<OpTy, GroupNormOp> ||
                  std::is_same_v<OpTy, GroupNormGradOp>) {
      if (!op.getNumGroups())
        return success(); // The verifier checks that whole groups are left.
      int64_t groups = *op.getNumGroups();
      if (parts <= 0 || groups % parts != 0)
        return op.emitOpError()
               << "expected num_groups to be a multiple of the devices that "
                  "split the channel axis, "
               << parts << ", but got " << groups;
      local.setNumGroups(groups / parts);
      return success();
    }
    return op.emitOpError() << "expected axis " << grouping->axis << ", which "
                            << grouping->getDivisorName()
                            << " divides, to be whole, but got it split";
  }
};

template <typename OpTy> void attachOne(MLIRContext *context) {
  if constexpr (OpTy::template hasTrait<NormLayerOpInterface::Trait>())
    OpTy::template attachInterface<ShardingModel<OpTy>>(*context);
}
template <typename... OpTys> void attach(MLIRContext *context) {
  (attachOne<OpTys>(context), ...);
}
} // namespace

void norm::registerShardingInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NormDialect *) {
    attach<
#define GET_OP_LIST
#include "Norm/IR/NormOps.cpp.inc"
        >(context);
  });
}
