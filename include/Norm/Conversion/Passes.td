//===- Passes.td - conversions from the norm dialect --------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CONVERSION_PASSES_TD
#define NORM_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def NormFoldCoefficients : Pass<"norm-fold-coefficients"> {
  let summary = "Fold the operands of norm.normalize into three coefficients";
  let description = [{
    Computes, once for each index of the axes that have statistics or parameters
    and not once an element, what is subtracted, multiplied by and added:

    ```
    output = (input - center) * factor + offset
    center = shift + mean, factor = rstd * scale
    offset = bias + ((center - shift) - mean) * factor
    ```

    Before:

    ```mlir
    %y = norm.normalize ins(%x : tensor<8x3x25xf32>)
        mean(%m : tensor<8xf32>) rstd(%r : tensor<8xf32>)
        scale(%g : tensor<3xf32>) outs(%init : tensor<8x3x25xf32>)
        statistics_axes = [0] parameter_axes = [1]
    ```

    After:

    ```mlir
    %c:2 = linalg.generic ... -> (tensor<8x3xf32>, tensor<8x3xf32>)
    %y = norm.normalize ins(%x : tensor<8x3x25xf32>)
        mean(%c#0 : tensor<8x3xf32>) scale(%c#1 : tensor<8x3xf32>)
        outs(%init : tensor<8x3x25xf32>)
        statistics_axes = [0, 1] parameter_axes = [0, 1]
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def ConvertNormToLinalg : Pass<"convert-norm-to-linalg"> {
  let summary = "Convert kernel ops to linalg.generic";
  let description = [{
    Rewrites every kernel op on tensors into `linalg.generic` ops. In each of
    them, the loops that index parameters or statistics are outermost, in the
    order of the input's axes; the others follow, in that order too.

    Before:

    ```mlir
    %y = norm.normalize ins(%x : tensor<8x25xf32>) mean(%m : tensor<8xf32>)
        outs(%init : tensor<8x25xf32>) statistics_axes = [0] parameter_axes = []
    ```

    After:

    ```mlir
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>,
                         affine_map<(d0, d1) -> (d0)>,
                         affine_map<(d0, d1) -> (d0, d1)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %m : tensor<8x25xf32>, tensor<8xf32>)
        outs(%init : tensor<8x25xf32>) {
    ^bb0(%in: f32, %mean: f32, %out: f32):
      %0 = arith.subf %in, %mean : f32
      linalg.yield %0 : f32
    } -> tensor<8x25xf32>
    ```
  }];
  let options = [
    Option<"rowMoments", "row-moments", "bool", /*default=*/"true",
           "Take moments of rows in one pass, one row after the other; false: "
           "by sums, of which threads may take parts">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def ConvertAssertToNormRuntime
    : Pass<"convert-assert-to-norm-runtime", "::mlir::ModuleOp"> {
  let summary = "Convert cf.assert to calls of the runtime";
  let description = [{
    Rewrites every `cf.assert` outside of device code into a call of
    `normRuntimeFail` of Norm/Runtime/Runtime.h, which reports the message and
    ends the process or, in process, the call. The upstream lowering calls
    abort().

    Before:

    ```mlir
    cf.assert %ok, "norm.group_norm: expected ..."
    ```

    After:

    ```mlir
    %true = arith.constant true
    %failed = arith.xori %ok, %true : i1
    scf.if %failed {
      %message = llvm.mlir.addressof @norm_assert_message : !llvm.ptr
      llvm.call @normRuntimeFail(%message) : (!llvm.ptr) -> ()
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def ConvertDevicesToNormRuntime
    : Pass<"convert-devices-to-norm-runtime", "::mlir::ModuleOp"> {
  let summary = "Convert what reaches other devices to calls of the runtime";
  let description = [{
    Rewrites every packed `norm.all_gather` of contiguous memrefs into a call of
    `normDevicesAllGather` of Norm/Runtime/Devices.h, and
    `shard.process_linear_index` into one of `normDevicesGetIndex`; erases the
    grids that nothing refers to. A constant describes the devices: the shape of
    the grid, the axes and the groups.

    Before:

    ```mlir
    shard.grid @grid(shape = 4)
    norm.all_gather ins(%row : memref<15xf64>) outs(%all : memref<4x15xf64>)
        devices = <@grid, axes = [0]> packed
    ```

    After:

    ```mlir
    llvm.mlir.global internal constant @norm_devices(dense<[1, 4, 1, 0, 0]>
        : tensor<5xi64>) : !llvm.array<5 x i64>
    %devices = llvm.mlir.addressof @norm_devices : !llvm.ptr
    llvm.call @normDevicesAllGather(%devices, %send, %receive, %bytes)
        : (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64) -> ()
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def ConvertShardToNorm : Pass<"convert-shard-to-norm"> {
  let summary = "Convert collectives of the shard dialect to norm.all_gather";
  let description = [{
    Rewrites the collectives on tensors that upstream's partitioning makes around
    layers: `shard.all_gather`, and `shard.all_reduce` of sums, whose order is
    then fixed, into `norm.all_gather` and what computes the result of what it
    gathers; `shard.all_slice` into a slice. Elements are floats. Other
    collectives stay as they are.

    Before:

    ```mlir
    %s = shard.all_reduce %x on @grid grid_axes = [0]
        : tensor<64xf32> -> tensor<64xf32>
    ```

    After:

    ```mlir
    %all = norm.all_gather ins(%x : tensor<64xf32>)
        outs(%init : tensor<4x64xf32>) devices = <@grid, axes = [0]>
    %sum = linalg.reduce ins(%all : tensor<4x64xf32>)
        outs(%zeros : tensor<64xf64>) dimensions = [0] ...
    %s = ... %sum ... : tensor<64xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::affine::AffineDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::norm::NormDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormApproximateMath : Pass<"norm-approximate-math", "::mlir::ModuleOp"> {
  let summary = "Approximate functions of the math dialect by polynomials";
  let description = [{
    Takes upstream's polynomials, which vectors compute, for those functions of
    f32 where they are accurate to 5 units in the last place: exp, expm1, log,
    log2, log1p, tanh and erf. Results that would be subnormal may be 0. All
    functions of f16 and bf16 are computed in f32. What LLVM has no intrinsic
    for, or expands badly, becomes calls of the C library, element by element,
    with `calls`; the others are left to LLVM.

    Before:

    ```mlir
    %y = math.tanh %x : vector<16xbf16>
    ```

    After:

    ```mlir
    %0 = arith.extf %x : vector<16xbf16> to vector<16xf32>
    %1 = arith.mulf %0, %0 : vector<16xf32>
    %2 = math.fma %1, %c13, %c11 : vector<16xf32>
    ...
    %y = arith.truncf %n : vector<16xf32> to vector<16xbf16>
    ```
  }];
  let options = [
    Option<"calls", "calls", "bool", /*default=*/"true",
           "Call functions of the C library">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif // NORM_CONVERSION_PASSES_TD
