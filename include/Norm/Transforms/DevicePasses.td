//===- DevicePasses.td - passes on messages of devices ------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_DEVICEPASSES_TD
#define NORM_TRANSFORMS_DEVICEPASSES_TD

include "mlir/Pass/PassBase.td"

def NormMergeGathers : Pass<"norm-merge-gathers"> {
  let summary = "Send what several layers gather in one message";
  let description = [{
    Makes one `norm.all_gather` of those of a block that are of the same devices
    and the same element type, and do not need each other's results, as in the
    gradients of two branches of a network. It stands where the first of them
    was: what the others gather is computed before it. Only ops without memory
    effects are moved, and none is moved across ops that have some.

    Before:

    ```mlir
    %a = norm.all_gather ins(%x : tensor<8xf64>) outs(%a0 : tensor<4x8xf64>)
        devices = <@grid, axes = [0]>
    %y = ... %w
    %b = norm.all_gather ins(%y : tensor<16xf64>) outs(%b0 : tensor<4x16xf64>)
        devices = <@grid, axes = [0]>
    ```

    After:

    ```mlir
    %y = ... %w
    %a, %b = norm.all_gather ins(%x, %y : tensor<8xf64>, tensor<16xf64>)
        outs(%a0, %b0 : tensor<4x8xf64>, tensor<4x16xf64>)
        devices = <@grid, axes = [0]>
    ```
  }];
}

def NormPackGathers : Pass<"norm-pack-gathers"> {
  let summary = "Put what is gathered into one row of memory";
  let description = [{
    Rewrites every `norm.all_gather` of tensors as one of a vector, with its
    attribute `packed`: the first 8 bytes belong to the runtime, which checks by
    them that all devices make the same call; the inputs follow, padded
    to a multiple of 8 bytes.

    Before:

    ```mlir
    %a, %b = norm.all_gather ins(%x, %y : tensor<8xf64>, tensor<2x3xf64>)
        outs(%a0, %b0 : tensor<4x8xf64>, tensor<4x2x3xf64>)
        devices = <@grid, axes = [0]>
    ```

    After:

    ```mlir
    %row = tensor.empty() : tensor<15xf64>
    %0 = tensor.insert_slice %x into %row[1] [8] [1]
    %flat = tensor.collapse_shape %y [[0, 1]] : ... into tensor<6xf64>
    %1 = tensor.insert_slice %flat into %0[9] [6] [1]
    %all = norm.all_gather ins(%1 : tensor<15xf64>)
        outs(%init : tensor<4x15xf64>) devices = <@grid, axes = [0]> packed
    %a = tensor.extract_slice %all[0, 1] [4, 8] [1, 1]
    %2 = tensor.extract_slice %all[0, 9] [4, 6] [1, 1]
    %b = tensor.expand_shape %2 [[0], [1, 2]] ... into tensor<4x2x3xf64>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // NORM_TRANSFORMS_DEVICEPASSES_TD
