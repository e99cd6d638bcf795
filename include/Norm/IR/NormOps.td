//===- NormOps.td - all ops of the norm dialect -------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMOPS_TD
#define NORM_IR_NORMOPS_TD

include "Norm/IR/NormLayerOps.td"
include "Norm/IR/NormLayerGradientOps.td"
include "Norm/IR/NormKernelOps.td"
include "Norm/IR/NormGradientOps.td"
include "Norm/IR/NormDeviceOps.td"
include "Norm/IR/NormScopeOps.td"
include "Norm/IR/NormMemoryOps.td"
include "Norm/IR/NormClusterOps.td"

#endif // NORM_IR_NORMOPS_TD
