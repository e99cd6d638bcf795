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

    Where sizes and strides let a thread take several neighbours at once, up to
    16 bytes, there are two versions of the loops, of which the kernel takes the
    first if addresses are aligned; an `scf.if` with the attribute `norm.aligned`
    has them. They do the same in the same order. The loop over these neighbours
    has the attribute `norm.vector`, for `norm-affine-vectorize{marked}`.

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
  }];
  let options = [
    Option<"vectors", "vectors", "bool", /*default=*/"true",
           "Let threads take several elements at once">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect",
    "::mlir::norm::NormDialect", "::mlir::scf::SCFDialect"
  ];
}

def NormGPUEmbedKernels
    : Pass<"norm-gpu-embed-kernels", "::mlir::ModuleOp"> {
  let summary = "Translate kernels to what a device loads";
  let description = [{
    Each `gpu.module` in the NVVM dialect is translated to LLVM IR, optimized for
    NVPTX, and becomes a `gpu.binary` with one object:

    - `bitcode`: LLVM bitcode for the first of `chips`, which the emulator runs;
    - `isa`: PTX for the newest;
    - `bin`: machine code for the one chip that is named;
    - `fatbin`: machine code for all, and PTX for the newest, of which the driver
      takes what fits when it loads the module.

    The programs `ptxas` and `fatbinary`, which the last two need, and libdevice,
    if kernels call it, come from the folder `toolkit`; if that is empty, from
    those that CUDA_ROOT, CUDA_HOME or CUDA_PATH name, PATH, or a package of
    Python. Bitcode is left to call libdevice.

    Before:

    ```mlir
    gpu.module @kernels [#nvvm.target<chip = "sm_80">] { ... }
    ```

    After:

    ```mlir
    gpu.binary @kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_80">,
        offload = "...">]
    ```
  }];
  let options = [
    Option<"format", "format", "std::string", /*default=*/"\"fatbin\"",
           "What kernels become: bitcode, isa, bin or fatbin">,
    ListOption<"chips", "chips", "std::string",
               "The GPUs that they are optimized for">,
    Option<"features", "features", "std::string", /*default=*/"",
           "Features of PTX, as LLVM names them, such as +ptx86">,
    Option<"toolkit", "toolkit", "std::string", /*default=*/"",
           "The folder of a CUDA toolkit">
  ];
  let dependentDialects = ["::mlir::gpu::GPUDialect",
                           "::mlir::NVVM::NVVMDialect"];
}

def NormGPUMapPeers
    : Pass<"norm-gpu-map-peers", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Lower memory of other blocks to mapped pointers";
  let description = [{
    `norm.peer_memory` becomes a pointer that `nvvm.mapa` maps, as a memref.

    Before:

    ```mlir
    %p = norm.peer_memory %w[%rank] : memref<64xf32, #gpu.address_space<workgroup>>
    ```

    After:

    ```mlir
    %0 = memref.extract_aligned_pointer_as_index %w : ... -> index
    ...
    %1 = llvm.inttoptr ... : i64 to !llvm.ptr<3>
    %2 = nvvm.mapa %1, ... : !llvm.ptr<3> -> !llvm.ptr<7>
    ...
    %p = builtin.unrealized_conversion_cast ... to memref<64xf32, 7>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::NVVM::NVVMDialect"
  ];
}

def NormGPUAlignVectors : Pass<"norm-gpu-align-vectors"> {
  let summary = "Tell the alignment of vector accesses in kernels";
  let description = [{
    Vectors in the first region of an `scf.if` that `norm-gpu-distribute` has
    marked by the attribute `norm.aligned` are aligned to their size, up to 16
    bytes. Those in the second one are not, and become accesses of their elements.
    LLVM would do that, too, but first it may join the end of one region with
    that of the other, and then takes all of them apart.

    Before:

    ```mlir
    scf.if %aligned {
      %0 = vector.load %x[%i] : memref<?xf32>, vector<2xf32>
      ...
    } else {
      %0 = vector.load %x[%i] : memref<?xf32>, vector<2xf32>
      ...
    } {norm.aligned}
    ```

    After:

    ```mlir
    scf.if %aligned {
      %0 = vector.load %x[%i] {alignment = 8 : i64} : memref<?xf32>, vector<2xf32>
      ...
    } else {
      %0 = memref.load %x[%i] : memref<?xf32>
      %j = arith.addi %i, %c1 : index
      %1 = memref.load %x[%j] : memref<?xf32>
      %2 = vector.from_elements %0, %1 : vector<2xf32>
      ...
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def NormGPUMarkReadOnly
    : Pass<"norm-gpu-mark-read-only", "::mlir::ModuleOp"> {
  let summary = "Mark the memory that a kernel only reads";
  let description = [{
    A memref that a kernel takes gets the attribute `llvm.readonly` if the kernel
    writes nothing through it, nor through another argument that is a view of
    the same memory. Arguments of a function are not the same memory.

    Before:

    ```mlir
    gpu.func @kernel(%x: memref<64xf32>, %y: memref<64xf32>) kernel
    ```

    After:

    ```mlir
    gpu.func @kernel(%x: memref<64xf32> {llvm.readonly}, %y: memref<64xf32>) kernel
    ```
  }];
}

def NormGPUUnaliasReadOnly
    : Pass<"norm-gpu-unalias-read-only", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Tell that memory that is only read is not written elsewhere";
  let description = [{
    Pointers that `norm-gpu-mark-read-only` has marked get the attribute
    `llvm.noalias`. With both, loads go through the cache for data that no kernel
    writes while it runs: `ld.global.nc`.

    Before:

    ```mlir
    llvm.func @kernel(%x: !llvm.ptr {llvm.readonly}) attributes {nvvm.kernel}
    ```

    After:

    ```mlir
    llvm.func @kernel(%x: !llvm.ptr {llvm.noalias, llvm.readonly})
        attributes {nvvm.kernel}
    ```
  }];
}

def NormGPUFreeRegisters
    : Pass<"norm-gpu-free-registers", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Do not tell ptxas how small blocks are";
  let description = [{
    From the size of a block, ptxas chooses how many of them should run at once,
    and spills registers to reach it. Blocks of up to 256 threads can run whatever
    registers a thread has, so they need not tell their size.

    Before:

    ```mlir
    llvm.func @f() attributes {gpu.kernel, nvvm.kernel,
                               nvvm.maxntid = array<i32: 256, 1, 1>}
    ```

    After:

    ```mlir
    llvm.func @f() attributes {gpu.kernel, nvvm.kernel}
    ```
  }];
}

def NormGPUDeclareWorkgroup
    : Pass<"norm-gpu-declare-workgroup", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Declare workgroup memory whose size the launch tells";
  let description = [{
    Arrays without elements in workgroup memory, which are what the conversion to
    NVVM makes of `gpu.dynamic_shared_memory`, become external: LLVM takes
    internal ones for variables of known size, and places others behind them.

    Before:

    ```mlir
    llvm.mlir.global internal @tile() {addr_space = 3 : i32} : !llvm.array<0 x i8>
    ```

    After:

    ```mlir
    llvm.mlir.global external @tile() {addr_space = 3 : i32} : !llvm.array<0 x i8>
    ```
  }];
}

def NormGPUAlignWorkgroup
    : Pass<"norm-gpu-align-workgroup", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Align workgroup memory of kernels to 16 bytes";
  let description = [{
    LLVM takes arrays that tell no alignment to have the one that it prefers, but
    declares them with that of their elements.

    Before:

    ```mlir
    gpu.func @f() workgroup(%w : memref<32xf32, #gpu.address_space<workgroup>>)
        kernel { ... }
    ```

    After:

    ```mlir
    gpu.func @f() workgroup(%w : memref<32xf32, #gpu.address_space<workgroup>>
        {llvm.align = 16 : i64}) kernel { ... }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def NormGPULowerMath : Pass<"norm-gpu-lower-math", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Lower math ops to intrinsics that are instructions of GPUs";
  let description = [{
    Square roots, fused products and sums, absolute values and roundings in f32 and
    f64 become calls of LLVM's intrinsics. `convert-gpu-to-nvvm` would make calls of libdevice, which
    comes with a toolkit.

    Before:

    ```mlir
    %y = math.sqrt %x : f32
    ```

    After:

    ```mlir
    %y = llvm.call_intrinsic "llvm.sqrt"(%x) : (f32) -> f32
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // NORM_GPU_PASSES
