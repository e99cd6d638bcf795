//===- KernelPasses.td - passes on kernels ------------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes on kernels that are made, down to NVVM and machine code.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_KERNELPASSES_TD
#define NORM_GPU_KERNELPASSES_TD

include "mlir/Pass/PassBase.td"

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

    With `access-bytes=32`, the PTX of sm_100 and newer chips is of version 8.8 or
    later, which has such accesses, unless `features` name another version. LLVM
    makes two of 16 bytes for other chips and versions.

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
    Option<"accessBytes", "access-bytes", "int64_t", /*default=*/"16",
           "The bytes, at most, that a thread takes at once: 32 needs PTX 8.8">,
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

def NormGPULowerGridBarriers
    : Pass<"norm-gpu-lower-grid-barriers", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Lower barriers of all blocks to counters";
  let description = [{
    `norm.grid_barrier` becomes a call of a function that counts blocks by an
    atomic addition, and waits in a loop until all are counted. It is a function
    of its own, so that the emulator knows what it is; it checks that no thread
    leaves before all have come.

    Before:

    ```mlir
    norm.grid_barrier %counters[%i] : memref<2xi32>
    ```

    After:

    ```mlir
    %0 = memref.extract_aligned_pointer_as_index %counters : ... -> index
    ...
    llvm.call @norm_grid_barrier(%counter) : (!llvm.ptr<1>) -> ()
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
    marked by the attribute `norm.aligned` are aligned to their size, up to as many
    bytes as the attribute says. Longer ones are taken apart; in workgroup memory,
    those of more than 16 bytes. Vectors in the second region become accesses of
    their elements, but for those in an `scf.if` of the same kind.
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
    } {norm.aligned = 16 : i64}
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

#endif // NORM_GPU_KERNELPASSES_TD
