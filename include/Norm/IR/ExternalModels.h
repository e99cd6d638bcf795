//===- ExternalModels.h - tiling and bufferization of norm ops --*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_EXTERNALMODELS_H
#define NORM_IR_EXTERNALMODELS_H

namespace mlir {
class DialectRegistry;

namespace norm {
/// Registers TilingInterface for every op of the dialect.
void registerTilingInterfaceExternalModels(DialectRegistry &registry);

/// Registers PartialReductionOpInterface for the ops that reduce, and what it
/// needs.
void registerPartialReductionExternalModels(DialectRegistry &registry);

/// Registers BufferizableOpInterface for every op of the dialect.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);

/// Registers ShardingInterface for every layer.
void registerShardingInterfaceExternalModels(DialectRegistry &registry);
} // namespace norm
} // namespace mlir

#endif // NORM_IR_EXTERNALMODELS_H
