//===- NormBase.td - dialect, attributes and types of Norm --*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every op of the dialect shares: the dialect itself, the type
// constraints and the enumerations.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMBASE_TD
#define NORM_IR_NORMBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Norm_Dialect : Dialect {
  let name = "norm";
  let summary = "Normalization layers and the kernels that they consist of";
  let description = [{
    The `norm` dialect has two levels of ops, both public.

    *Layer ops* (`norm.batch_norm_training`, `norm.batch_norm_inference`,
    `norm.group_norm`) are what a frontend emits: one op per layer.

    *Kernel ops* (`norm.shift`, `norm.moments`, `norm.combine_moments`,
    `norm.finalize`, `norm.rstd`, `norm.normalize`) are what layer ops decompose
    into. They know statistics axes and parameter axes, and nothing of batch or
    group norm, so one lowering serves every normalization.

    All ops are in destination style: each output is named by an `outs`
    operand. With tensors, an op returns one result for each of them, with the
    type of that operand; with memrefs it writes into them and has no results.
  }];
  let cppNamespace = "::mlir::norm";
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
  let useDefaultAttributePrinterParser = 0;
  let hasConstantMaterializer = 1;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The element types that data, parameters and statistics may have.
def Norm_Float : AnyTypeOf<[F16, BF16, F32, F64], "f16, bf16, f32 or f64">;

/// A ranked tensor or a strided memref of floats.
def Norm_Shaped
    : AnyTypeOf<[RankedTensorOf<[F16, BF16, F32, F64]>,
                 StridedMemRefOf<[F16, BF16, F32, F64]>],
                "ranked tensor or strided memref of f16, bf16, f32 or f64">;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

def Norm_VarianceAlgorithm
    : I32EnumAttr<"VarianceAlgorithm", "how a variance is computed", [
        I32EnumAttrCase<"Stable", 0, "stable">,
        I32EnumAttrCase<"Fast", 1, "fast">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    `stable`: the mean first, then the sum of the squared distances from it, in
    chunks that stay in the cache. The result is never negative, and accurate
    also where the mean is large against the standard deviation.

    `fast`: E[x^2] - E[x]^2 in one pass, clamped at 0. It loses as many digits
    as the mean is larger than the standard deviation, squared.
  }];
}

#endif // NORM_IR_NORMBASE_TD
