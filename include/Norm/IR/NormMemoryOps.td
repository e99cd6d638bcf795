//===- NormMemoryOps.td - where values are kept -------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMMEMORYOPS_TD
#define NORM_IR_NORMMEMORYOPS_TD

include "Norm/IR/NormBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"

def Norm_StageOp
    : Op<Norm_Dialect, "stage",
         [InferTypeOpAdaptor,
          DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
          DeclareOpInterfaceMethods<ViewLikeOpInterface, ["getViewDest"]>]> {
  let summary = "A copy in fast memory if there is room, or the source";
  let description = [{
    What is read several times, and is not written as long as the result is
    used. At run time, if it fits into what is left of `bytes` of fast memory
    after other ops of the same parallel iteration have taken their part, the
    result is a copy there; otherwise it is `source` itself. The strides of the
    result are known as far as both have them.

    `norm-gpu-stage-tiles` makes it, and `norm-gpu-launch` chooses.

    Example:

    ```mlir
    %0 = norm.stage %x within 49152 : tensor<1x?xf32>
    %1 = norm.stage %m within 49152 : memref<1x?xf32, strided<[?, 1], offset: ?>>
    ```
  }];
  let arguments = (ins AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>:$source,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$bytes);
  let results = (outs AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>:$result);
  let assemblyFormat = "$source `within` $bytes attr-dict `:` type($source)";
  let extraClassDeclaration = [{
    /// Returns the type of what is staged of a memref of type `source`.
    static ::mlir::MemRefType getStagedType(::mlir::MemRefType source);
  }];
}

#endif // NORM_IR_NORMMEMORYOPS_TD
