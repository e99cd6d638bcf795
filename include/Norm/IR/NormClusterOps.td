//===- NormClusterOps.td - clusters of thread blocks --------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMCLUSTEROPS_TD
#define NORM_IR_NORMCLUSTEROPS_TD

include "Norm/IR/NormBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Norm_PeerMemoryOp
    : Op<Norm_Dialect, "peer_memory",
         [Pure, TypesMatchWith<
             "result is the same memory of another block", "memory", "peer",
             "::mlir::norm::PeerMemoryOp::getPeerType($_self)">]> {
  let summary = "The workgroup memory of another block of the cluster";
  let description = [{
    Returns what `memory`, workgroup memory of this block, is in the block `rank`
    of its cluster: a memref in the address space 7, which LLVM has for the
    workgroup memory of all blocks of a cluster. The upstream dialects map
    pointers only, by `nvvm.mapa`, which `norm-gpu-map-peers` makes of it.

    Barriers of the cluster must lie between the uses of two blocks, and around
    all of them, because a block has memory only while it runs.

    Constraints:
    - (C1) `memory` is in the workgroup address space of the gpu dialect, with a
      static shape, whose elements lie one after the other.

    Example:

    ```mlir
    %p = norm.peer_memory %w[%rank] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %v = memref.load %p[%i] : memref<64xf32, 7>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    ```
  }];
  let arguments = (ins AnyMemRef:$memory, Index:$rank);
  let results = (outs AnyMemRef:$peer);
  let assemblyFormat = "$memory `[` $rank `]` attr-dict `:` type($memory)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Returns the type of what is `type` here in another block.
    static ::mlir::Type getPeerType(::mlir::Type type);
  }];
}

#endif // NORM_IR_NORMCLUSTEROPS_TD
