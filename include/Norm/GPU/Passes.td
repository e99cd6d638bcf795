//===- Passes.td - GPU passes ------------------------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes that turn loops and linalg ops on memrefs into GPU kernels.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_PASSES
#define NORM_GPU_PASSES

include "Norm/GPU/KernelPasses.td"
include "mlir/Pass/PassBase.td"

def NormGPUStageTiles : Pass<"norm-gpu-stage-tiles"> {
  let summary = "Keep what a block reads again in workgroup memory";
  let description = [{
    A tile, a slice that an iteration of `scf.forall` takes of a tensor from
    outside, or all of it, is copied into workgroup memory if its ops read at
    least a quarter more than all of it, and if there is room: `tile-bytes` for
    all tiles of an iteration, those of known size first. So a block reads it
    once. This happens on tensors, where a copy cannot be older than what is read.

    Whether a tile of unknown size fits into what is left is decided at run time:
    `norm.stage` stands for it, of which `norm-gpu-launch` makes a copy or what is
    in memory, for the same code.

    In a slab that `norm-split-slabs` has split, the parts of a tile of known
    size are copied, in a loop of their own, and there is room for one part of
    each tile and for the partial results.

    Before:

    ```mlir
    scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64x256xf32>) {
      %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1]
          : tensor<64x256xf32> to tensor<256xf32>
      %sum = linalg.reduce ins(%row : tensor<256xf32>) ...
      %y = linalg.map ins(%row, ... ) ...
    ```

    After:

    ```mlir
    scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64x256xf32>) {
      %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1]
          : tensor<64x256xf32> to tensor<256xf32>
      %tile = bufferization.alloc_tensor() copy(%row)
          {memory_space = #gpu.address_space<workgroup>} : tensor<256xf32>
      %sum = linalg.reduce ins(%tile : tensor<256xf32>) ...
      %y = linalg.map ins(%tile, ... ) ...
    ```
  }];
  let options = [
    Option<"tileBytes", "tile-bytes", "int64_t", /*default=*/"32768",
           "The bytes of workgroup memory, at most, for the tiles of a block">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect", "::mlir::gpu::GPUDialect",
    "::mlir::norm::NormDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormGPUFormClusters : Pass<"norm-gpu-form-clusters"> {
  let summary = "Let the blocks of a cluster work on the parts of a slab";
  let description = [{
    An `scf.forall` over slabs with loops over parts in it, as `norm-split-slabs`
    makes them, gets one axis more, the parts, and the attribute `norm.cluster`:
    what differs in this axis alone is a cluster of blocks. Each block does its
    iteration of the loops over parts, and all that is between them.

    - Workgroup memory that has a part for each iteration is reduced to one part.
    - Other memory of a slab that a loop over parts writes, and that is read
      outside of the loop, is in the workgroup memory of each block: a block
      copies what it has written to the others, between two barriers of the
      cluster. So all have it in the same order.
    - What a slab writes outside of loops over parts, the first block of the
      cluster writes, at the end; before, each has a copy.

    Before:

    ```mlir
    scf.forall (%c) in (16) {
      %tile = memref.alloc() : memref<2x4x100xf32, #gpu.address_space<workgroup>>
      %sums = memref.alloca() : memref<2xf32>
      scf.forall (%i) in (2) {
        %part = memref.subview %tile[%i, 0, 0] [1, 4, 100] [1, 1, 1] ...
        %sum = memref.subview %sums[%i] [1] [1] ...
        linalg.reduce ins(%part : ...) outs(%sum : ...) ...
      } {mapping = [#gpu.block<linear_dim_0>]}
      linalg.reduce ins(%sums : memref<2xf32>) ...
    ```

    After:

    ```mlir
    scf.forall (%c, %i) in (16, 2) {
      %tile = memref.alloc() : memref<4x100xf32, #gpu.address_space<workgroup>>
      %sums = memref.alloc() : memref<2xf32, #gpu.address_space<workgroup>>
      nvvm.cluster.arrive {aligned}
      %sum = memref.subview %sums[%i] [1] [1] ...
      linalg.reduce ins(%tile : ...) outs(%sum : ...) ...
      nvvm.cluster.wait {aligned}
      %other = affine.apply affine_map<(d0) -> ((d0 + 1) mod 2)>(%i)
      %peer = norm.peer_memory %sums[%other] : ...
      %place = memref.subview %peer[%i] [1] [1] ...
      linalg.copy ins(%sum : ...) outs(%place : ...)
      nvvm.cluster.arrive {aligned}
      nvvm.cluster.wait {aligned}
      linalg.reduce ins(%sums : ...) ...
    } {norm.cluster}
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::memref::MemRefDialect", "::mlir::norm::NormDialect",
    "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect"
  ];
}

def NormGPULaunch : Pass<"norm-gpu-launch"> {
  let summary = "Put parallel loops and the ops beside them into kernels";
  let description = [{
    Each `scf.forall` becomes a `gpu.launch` with a block for each iteration; if
    the one before it read the same array, in the reverse order, because the end
    of the array may be in a cache. Those of `norm-gpu-form-clusters` become
    launches of clusters.
    Other ops that read or write memory become kernels of one block, together
    with their neighbours. What the host needs to know, sizes and views, stays
    on the host, as do allocations.

    In a kernel, the ops are still those that one thread would do, of which the
    attribute `norm.block` tells: `norm-gpu-distribute` spreads them over the
    threads of a block. Other `gpu.launch` ops stay as they are. Local memory
    of a kernel becomes workgroup memory, except for single elements, which each
    thread has for itself. If its size is not known, or it is too large, it
    becomes a part of a buffer that the host allocates. What says that it is
    workgroup memory becomes a part of that whose size the launch tells. So does
    what `norm.stage` takes, if there is room for all of it; the host computes that,
    and each block copies it, or reads what is in memory, through the same memref.

    Before:

    ```mlir
    scf.forall (%i) in (64) {
      %row = memref.subview %x[%i, 0] [1, 256] [1, 1] : memref<64x256xf32>
          to memref<256xf32, strided<[1], offset: ?>>
      %sum = memref.alloca() : memref<f32>
      linalg.reduce ins(%row : ...) outs(%sum : memref<f32>) ...
    }
    ```

    After:

    ```mlir
    gpu.launch blocks(%i, %by, %bz) in (%gx = %c64, %gy = %c1, %gz = %c1)
               threads(%t, %ty, %tz) in (%bx = %c256, %sy = %c1, %sz = %c1) {
      %row = memref.subview %x[%i, 0] [1, 256] [1, 1] : memref<64x256xf32>
          to memref<256xf32, strided<[1], offset: ?>>
      %sum = memref.alloca() : memref<f32>
      linalg.reduce ins(%row : ...) outs(%sum : memref<f32>) ...
      gpu.terminator
    } {norm.block}
    ```
  }];
  let options = [
    Option<"blockSize", "block-size", "int64_t", /*default=*/"256",
           "The number of threads of a block, a power of two from 32 to 1024">,
    Option<"workgroupBytes", "workgroup-bytes", "int64_t", /*default=*/"16384",
           "The bytes of workgroup memory, at most, that local buffers of a "
           "kernel become">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def NormGPUSizeBlocks : Pass<"norm-gpu-size-blocks"> {
  let summary = "Choose the number of threads of each block";
  let description = [{
    A block of a launch with the attribute `norm.block` gets a thread for each 16
    bytes of the largest op in it, at least 64 and at most 256: the others would
    only wait at barriers. The number is a power of two. Sizes that are not known
    are taken for large ones.

    Before:

    ```mlir
    gpu.launch blocks(...) in (%gx = %n, ...) threads(...) in (%bx = %c256, ...) {
      linalg.fill ins(%v : f32) outs(%row : memref<400xf32>)
      gpu.terminator
    } {norm.block}
    ```

    After:

    ```mlir
    gpu.launch blocks(...) in (%gx = %n, ...) threads(...) in (%bx = %c128, ...) {
      linalg.fill ins(%v : f32) outs(%row : memref<400xf32>)
      gpu.terminator
    } {norm.block}
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def NormGPUCopyConstants : Pass<"norm-gpu-copy-constants"> {
  let summary = "Copy constant arrays that are passed to functions";
  let description = [{
    Where a call takes a view of a global array, `memref.get_global`, it gets a
    copy that the host allocates, which is in memory of the device: only launches
    can be given the array itself (`norm-gpu-sink-constants`).

    Before:

    ```mlir
    %c = memref.get_global @constant : memref<64xf32>
    call @f(%c) : (memref<64xf32>) -> ()
    ```

    After:

    ```mlir
    %c = memref.get_global @constant : memref<64xf32>
    %copy = memref.alloc() : memref<64xf32>
    linalg.copy ins(%c : memref<64xf32>) outs(%copy : memref<64xf32>)
    call @f(%copy) : (memref<64xf32>) -> ()
    memref.dealloc %copy : memref<64xf32>
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect"];
}

def NormGPUSinkConstants : Pass<"norm-gpu-sink-constants"> {
  let summary = "Let kernels have the constant arrays that they read";
  let description = [{
    A launch that uses a view of a global array, `memref.get_global`, gets that
    op and what makes the view of it. Outlining then copies the array into the
    module of the kernel: that of the host is not in memory of the device.

    Before:

    ```mlir
    %c = memref.get_global @constant : memref<64xf32>
    gpu.launch ... {
      linalg.copy ins(%c : memref<64xf32>) outs(%y : memref<64xf32>)
      gpu.terminator
    }
    ```

    After:

    ```mlir
    gpu.launch ... {
      %c = memref.get_global @constant : memref<64xf32>
      linalg.copy ins(%c : memref<64xf32>) outs(%y : memref<64xf32>)
      gpu.terminator
    }
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def NormGPUJoinKernels : Pass<"norm-gpu-join-kernels"> {
  let summary = "Join kernels that follow each other to one whose blocks meet";
  let description = [{
    Launches that follow each other, without clusters, become one, of as many
    blocks as the largest. Its name ends in `_cooperative`, which asks the runtime
    to let all blocks run at once, and to launch fewer if there is no room for
    them. Between two of the former launches all blocks wait for each other, by
    `norm.grid_barrier`, and each block does what several of the former blocks
    did. Where the first launch has one block, it stays as it is, and sets the
    counters of these barriers to zero; otherwise a launch is made for that.

    Former blocks are dealt out in their order, so that those of a launch that
    goes backwards, as `norm-gpu-launch` lets them do, begin with what has been
    read last, and is in the cache.

    Before:

    ```mlir
    gpu.launch blocks(%b, ...) in (%gx = %c1, ...) ... { ... } {norm.block}
    gpu.launch blocks(%b, ...) in (%gx = %c64, ...) ... {
      "first"(%b)
    } {norm.block}
    gpu.launch blocks(%b, ...) in (%gx = %c512, ...) ... {
      "second"(%b)
    } {norm.block}
    ```

    After:

    ```mlir
    %counters = memref.alloc() : memref<1xi32>
    gpu.launch blocks(%b, ...) in (%gx = %c1, ...) ... {
      ...
      linalg.fill ins(%c0_i32 : i32) outs(%counters : memref<1xi32>)
    } {norm.block}
    gpu.launch blocks(%b, ...) in (%gx = %c512, ...) ... {
      %n = nvvm.read.ptx.sreg.nctaid.x : i32
      ...
      scf.for %i = %b to %c64 step %blocks {
        "first"(%i)
      }
      norm.grid_barrier %counters[%c0] : memref<1xi32>
      scf.for %i = %b to %c512 step %blocks {
        "second"(%i)
      }
    } {norm.block, function = @f_1_cooperative}
    memref.dealloc %counters : memref<1xi32>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::norm::NormDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def NormGPUJoinLoops : Pass<"norm-gpu-join-loops"> {
  let summary = "Go along rows without gaps in one loop";
  let description = [{
    Where the rows of all operands that have them follow each other in memory, a
    linalg op of a kernel has one loop along them. Operands with one element for
    each row, or each column, are looked up: by the quotient and the rest
    of the joined index. This is done only for rows that are no multiples of 16
    bytes, if they are more nearly so together.

    Before:

    ```mlir
    linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>,
                                     affine_map<(d0, d1) -> (d0)>,
                                     affine_map<(d0, d1) -> (d0, d1)>],
                    iterator_types = ["parallel", "parallel"]}
        ins(%x, %scale : memref<8x49xf32>, memref<8xf32>)
        outs(%y : memref<8x49xf32>) ...
    ```

    After:

    ```mlir
    %0 = memref.collapse_shape %x [[0, 1]] : memref<8x49xf32> into memref<392xf32>
    %1 = memref.collapse_shape %y [[0, 1]] : memref<8x49xf32> into memref<392xf32>
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>,
                                     affine_map<(d0) -> (d0 floordiv 49)>,
                                     affine_map<(d0) -> (d0)>],
                    iterator_types = ["parallel"]}
        ins(%0, %scale : memref<392xf32>, memref<8xf32>)
        outs(%1 : memref<392xf32>) ...
    ```
  }];
  let dependentDialects = [
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect"
  ];
}

def NormGPUDistribute : Pass<"norm-gpu-distribute"> {
  let summary = "Spread the ops of a kernel over the threads of its blocks";
  let description = [{
    Each linalg op on memrefs in a `gpu.launch` that has the attribute
    `norm.block`, and then loses it, becomes affine loops, whose
    iterations are dealt out to the threads of the block, neighbours along
    contiguous memory to neighbours. Sums over all threads go through shuffles and
    workgroup memory, sums over some of them through the latter. Single
    elements that each thread has for itself are computed by each thread;
    those that all threads see, by the first one. Where a thread may need what
    another has written, there is a barrier.

    Where sizes and strides let a thread take several neighbours at once, as many
    of the narrowest type as fill 16 bytes, or `access-bytes`, there are two
    versions of the loops, of which the kernel takes the first if addresses are
    aligned; an `scf.if` with the attribute `norm.aligned`, the bytes of an access,
    has them. They do the same in the same order. The loop over these neighbours
    has the attribute `norm.vector`, for `norm-affine-vectorize{marked}`. For
    accesses of 32 bytes, there is a third version, for addresses that are only
    aligned to 16. Workgroup memory has accesses of 16 bytes.

    Before:

    ```mlir
    gpu.launch blocks(...) in (...) threads(%t, %ty, %tz) in (%bx = %c256, ...) {
      linalg.generic {iterator_types = ["parallel"], ...}
          ins(%x : memref<1000xf32>) outs(%y : memref<1000xf32>) {
      ^bb0(%in: f32, %out: f32):
        %0 = arith.addf %in, %in : f32
        linalg.yield %0 : f32
      }
      gpu.terminator
    } {norm.block}
    ```

    After:

    ```mlir
    gpu.launch blocks(...) in (...) threads(%t, %ty, %tz) in (%bx = %c256, ...) {
      norm.affine_scope {
        affine.for %i = affine_map<()[s0] -> (s0)>()[%t] to 1000 step 256 {
          %0 = affine.load %x[%i] : memref<1000xf32>
          %1 = arith.addf %0, %0 : f32
          affine.store %1, %y[%i] : memref<1000xf32>
        }
      }
      gpu.terminator
    }
    ```

    That is without vectors. With `access-bytes=32`, of arrays that are aligned:

    ```mlir
    scf.if %aligned_to_32 {
      affine.for %i = affine_map<()[s0] -> (s0 * 8)>()[%t] to 1000 step 2048 {
        affine.for %j = affine_map<(d0) -> (d0)>(%i)
            to affine_map<(d0) -> (d0 + 8)>(%i) {
          %0 = affine.load %x[%j] : memref<1000xf32>
          ...
        } {norm.vector}
      }
    } else {
      scf.if %aligned_to_16 {
        ...
      } else {
        ...
      } {norm.aligned = 16 : i64}
    } {norm.aligned = 32 : i64}
    ```
  }];
  let options = [
    Option<"vectors", "vectors", "bool", /*default=*/"true",
           "Let threads take several elements at once">,
    Option<"accessBytes", "access-bytes", "int64_t", /*default=*/"16",
           "The bytes, at most, that a thread takes at once: 16 or 32">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect",
    "::mlir::norm::NormDialect", "::mlir::scf::SCFDialect"
  ];
}

#endif // NORM_GPU_PASSES
