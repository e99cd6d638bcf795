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
  let useDefaultAttributePrinterParser = 1;
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

/// What tells which values are selected: one element each, or how many of them.
def Norm_Mask
    : AnyTypeOf<[RankedTensorOf<[I1]>, StridedMemRefOf<[I1]>],
                "ranked tensor or strided memref of i1">;
def Norm_Lengths
    : AnyTypeOf<[RankedTensorOf<[I32, I64]>, StridedMemRefOf<[I32, I64]>],
                "ranked tensor or strided memref of i32 or i64">;

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

def Norm_EpsilonMode
    : I32EnumAttr<"EpsilonMode", "where epsilon goes", [
        I32EnumAttrCase<"Add", 0, "add">,
        I32EnumAttrCase<"Max", 1, "max">,
        I32EnumAttrCase<"Outside", 2, "outside">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    The standard deviation that an input is divided by is

    - `add`: sqrt(variance + epsilon),
    - `max`: sqrt(max(variance, epsilon)),
    - `outside`: sqrt(variance) + epsilon.
  }];
}

def Norm_NonfiniteRule
    : I32EnumAttr<"NonfiniteRule", "what statistics that are not finite do", [
        I32EnumAttrCase<"Propagate", 0, "propagate">,
        I32EnumAttrCase<"SkipUpdate", 1, "skip_update">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    To the running statistics of their feature: `propagate` blends them in as
    all others, `skip_update` leaves the running statistics as they are.
  }];
}

def Norm_EmptyRule
    : I32EnumAttr<"EmptyRule", "what the statistics of no values are", [
        I32EnumAttrCase<"Keep", 0, "keep">,
        I32EnumAttrCase<"NaN", 1, "nan">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    `keep`: the statistics of the batch are 0, and the running statistics stay as
    they are. `nan`: all of them are NaN.
  }];
}

def Norm_SingleRule
    : I32EnumAttr<"SingleRule",
                  "what the unbiased variance of one value is", [
        I32EnumAttrCase<"Keep", 0, "keep">,
        I32EnumAttrCase<"NaN", 1, "nan">,
        I32EnumAttrCase<"Biased", 2, "biased">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    To the running variance, where there are no more values than the correction
    takes off: `keep` leaves it as it is, `nan` makes it NaN, and `biased` blends
    in the biased variance, which is 0.
  }];
}

def Norm_GhostUpdate
    : I32EnumAttr<"GhostUpdate", "how sub-batches update running statistics", [
        I32EnumAttrCase<"Sequential", 0, "sequential">,
        I32EnumAttrCase<"Average", 1, "average">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    `sequential`: one after the other, each what the former ones left (E. Hoffer,
    I. Hubara, D. Soudry: Train longer, generalize better. NeurIPS 2017, algorithm
    1). `average`: each what was there, and the average of all is kept.
  }];
}

def Norm_UnselectedRule
    : I32EnumAttr<"UnselectedRule", "what the output of unselected values is", [
        I32EnumAttrCase<"Zero", 0, "zero">,
        I32EnumAttrCase<"Normalize", 1, "normalize">
      ]> {
  let cppNamespace = "::mlir::norm";
  let description = [{
    `zero`: 0, and nothing flows back through it. `normalize`: that of all others,
    by the statistics of the selected values.
  }];
}

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

def Norm_Devices : AttrDef<Norm_Dialect, "Devices"> {
  let mnemonic = "devices";
  let summary = "the devices that statistics are taken of together";
  let description = [{
    The devices of the `shard.grid` with the name `grid` that differ from one
    another only along the grid axes `axes`. Their number along these, counted
    with the last of the axes running fastest, is their index.

    With `groups`, only those whose indices are in the same group; every index is
    in exactly one group. Groups may be of different sizes.

    Example:

    ```mlir
    shard.grid @hosts(shape = 2x4)
    #all = #norm.devices<@hosts, axes = [0, 1]>
    #pairs = #norm.devices<@hosts, axes = [1], groups = [[0, 1], [2, 3]]>
    ```
  }];
  let parameters = (ins
    "::mlir::FlatSymbolRefAttr":$grid,
    ArrayRefParameter<"int64_t">:$axes,
    OptionalArrayRefParameter<"::mlir::DenseI64ArrayAttr">:$groups);
  let assemblyFormat = [{
    `<` $grid `,` `axes` `=` `[` $axes `]`
    (`,` `groups` `=` `[` $groups^ `]`)? `>`
  }];
  let genVerifyDecl = 1;
}

#endif // NORM_IR_NORMBASE_TD
