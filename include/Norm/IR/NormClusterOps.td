//===- NormClusterOps.td - blocks that meet -----------------*- tablegen -*-===//
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

def Norm_GridBarrierOp : Op<Norm_Dialect, "grid_barrier"> {
  let summary = "Wait for all blocks of the launch";
  let description = [{
    Waits until all threads of all blocks of the launch have come here. What they
    have written before can be read after it. The blocks must run at once: those
    of a kernel whose name ends in `_cooperative` do, because the runtime launches
    as many as the device has room for. How many these are is
    `nvvm.read.ptx.sreg.nctaid.x`.

    The first thread of each block counts the block in `counters[index]`, which
    must be zero when the launch begins, and waits until all are counted. A
    counter serves one barrier of one launch. Blocks have threads along x only.

    Constraints:
    - (C1) The elements of `counters` lie one after the other.

    Example:

    ```mlir
    norm.grid_barrier %counters[%i] : memref<2xi32>
    ```
  }];
  let arguments = (ins MemRefRankOf<[I32], [1]>:$counters, Index:$index);
  let assemblyFormat = "$counters `[` $index `]` attr-dict `:` type($counters)";
  let hasVerifier = 1;
}

#endif // NORM_IR_NORMCLUSTEROPS_TD
