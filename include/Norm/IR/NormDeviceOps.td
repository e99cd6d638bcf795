//===- NormDeviceOps.td - what devices exchange -------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Statistics of several devices need one message of each. All devices then
// combine the same numbers in the same order, so that they get the same result,
// to the last bit.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMDEVICEOPS_TD
#define NORM_IR_NORMDEVICEOPS_TD

include "Norm/IR/NormOpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def Norm_AllGatherOp
    : Norm_Op<"all_gather", 1,
              [SameVariadicOperandSize,
               DeclareOpInterfaceMethods<Norm_StructuredOpInterface>,
               DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Gathers what all devices of a group have";
  let description = [{
    Each output receives the input with its number of every device of the group
    that this device is in, by their order in the group, along a first axis whose
    size is that of the largest group. What is beyond this device's group
    is 0. All inputs travel in one message, and have one element type.

    With `packed`, the input is one vector, and its first 8 bytes and those of
    every row of the output belong to what carries the message.

    It is `shard.all_gather` for devices in groups, and for several tensors at
    once.

    Example:

    ```mlir
    shard.grid @hosts(shape = 4)

    %ns, %means = norm.all_gather
        ins(%n, %mean : tensor<64xf64>, tensor<64xf64>)
        outs(%ns0, %means0 : tensor<2x64xf64>, tensor<2x64xf64>)
        devices = <@hosts, axes = [0], groups = [[0, 3], [1, 2]]>
    ```
  }];
  let arguments = (ins Variadic<Norm_Shaped>:$inputs,
                       Variadic<Norm_Shaped>:$outputs, Norm_Devices:$devices,
                       UnitAttr:$packed);
  let assemblyFormat = [{
    `ins` `(` $inputs `:` type($inputs) `)`
    `outs` `(` $outputs `:` type($outputs) `)`
    `devices` `=` $devices (`packed` $packed^)? attr-dict
  }];
}

#endif // NORM_IR_NORMDEVICEOPS_TD
