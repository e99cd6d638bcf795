//===- Canonicalization.cpp - canonical forms of the layer ops ------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/IR/Norm.h"
#include "Norm/IR/Utils.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::norm;

void BatchNormTrainingOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {}
void BatchNormInferenceOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {}
void GroupNormOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {}
