//===- Passes.td - passes on norm ops -----------------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_PASSES_TD
#define NORM_TRANSFORMS_PASSES_TD

include "Norm/Transforms/LayerPasses.td"
include "Norm/Transforms/TilingPasses.td"
include "Norm/Transforms/FunctionPasses.td"
include "Norm/Transforms/DevicePasses.td"

#endif // NORM_TRANSFORMS_PASSES_TD
