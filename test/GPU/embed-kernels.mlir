// RUN: norm-opt %s --norm-gpu-embed-kernels="format=bitcode chips=sm_90" | FileCheck %s --check-prefix=BITCODE
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90,sm_100,sm_80" | FileCheck %s --check-prefix=PTX
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90 features=+ptx86" | FileCheck %s --check-prefix=FEATURES

// BITCODE: gpu.binary @kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_90">, offload = "BC
// BITCODE-NOT: gpu.module
// PTX: gpu.binary @kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_100">, assembly = "
// PTX-SAME: .target sm_100
// PTX-SAME: .entry f
// PTX-SAME: \00">]
// FEATURES: .version 8.6
// FEATURES: .target sm_90

// Accesses of 32 bytes need PTX 8.8, which is not LLVM's choice for each chip that
// has them; unless another version is asked for.
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_100" | FileCheck %s --check-prefix=PTX86
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_100 access-bytes=32" | FileCheck %s --check-prefix=PTX88
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_120a access-bytes=32" | FileCheck %s --check-prefix=PTX88
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_100 access-bytes=32 features=+ptx86" | FileCheck %s --check-prefix=PTX86
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_110 access-bytes=32" | FileCheck %s --check-prefix=PTX90
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90 access-bytes=32" | FileCheck %s --check-prefix=PTX78
// PTX78: .version 7.8
// PTX86: .version 8.6
// PTX88: .version 8.8
// PTX90: .version 9.0

// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa chips=none" 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa" 2>&1 | FileCheck %s --check-prefix=CHIPS0
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=bin chips=sm_80,sm_90" 2>&1 | FileCheck %s --check-prefix=CHIPS2
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=cubin chips=sm_80" 2>&1 | FileCheck %s --check-prefix=FORMAT
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_80 features=+ptx86,ptx80" 2>&1 | FileCheck %s --check-prefix=SIGN
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_80 features=+fast" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// SIGN: error: expected features that LLVM knows, each with + or - in front of it, such as +ptx86, but got ptx80
// UNKNOWN: error: expected features that LLVM knows, each with + or - in front of it, such as +ptx86, but got +fast
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_80,sm_103 features=+ptx86" 2>&1 | FileCheck %s --check-prefix=OLD
// RUN: not norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90 features=+ptx77" 2>&1 | FileCheck %s --check-prefix=OLDER
// RUN: norm-opt %s --norm-gpu-embed-kernels="format=isa chips=sm_90 features=+ptx78" | FileCheck %s --check-prefix=PTX78
// OLD: error: expected a version of PTX that has sm_103, +ptx88 or later, but got +ptx86
// OLDER: error: expected a version of PTX that has sm_90, +ptx78 or later, but got +ptx77
// CHIP: error: expected a GPU that LLVM knows, such as sm_90, but got none
// CHIPS0: error: expected at least one chip, but got 0
// CHIPS2: error: expected one chip for bin, but got 2
// FORMAT: error: expected format to be bitcode, isa, bin or fatbin, but got cubin

// Without a toolkit.
// RUN: not norm-opt %s --norm-gpu-embed-kernels="chips=sm_90 toolkit=%t.none" 2>&1 | FileCheck %s --check-prefix=NOKIT
// NOKIT: error: 'gpu.module' op expected ptxas and fatbinary in {{.*}}.none/bin, but got none
// RUN: rm -rf %t.bin && mkdir %t.bin
// RUN: %python -c "import os, shutil, sys; os.symlink(shutil.which('norm-opt'), sys.argv[1] + '/norm-opt')" %t.bin
// RUN: env -u CUDA_ROOT -u CUDA_HOME -u CUDA_PATH PATH=%t.bin not norm-opt %s --norm-gpu-embed-kernels=chips=sm_90 2>&1 | FileCheck %s --check-prefix=FIND
// FIND: error: 'gpu.module' op expected ptxas and fatbinary of a CUDA toolkit in CUDA_ROOT, CUDA_HOME, CUDA_PATH, PATH or Python's packages, but got none: install nvidia-cuda-nvcc from PyPI, name a toolkit, or choose the format isa

// What the programs are asked, and what they say.
// RUN: rm -rf %t.kit && mkdir %t.kit && mkdir %t.kit/bin
// RUN: cp %S/Inputs/fake-tool.sh %t.kit/bin/ptxas && cp %S/Inputs/fake-tool.sh %t.kit/bin/fatbinary
// RUN: norm-opt %s --norm-gpu-embed-kernels="chips=sm_80,sm_120,sm_90 toolkit=%t.kit" | FileCheck %s --check-prefix=FAT
// FAT: gpu.binary @kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_120">, "fatbinary --64 --create {{.*}}.fatbin --image3=kind=elf,sm=80,file={{.*}}.cubin --image3=kind=elf,sm=120,file={{.*}}.cubin --image3=kind=ptx,sm=120,file={{.*}}.ptx --image3=kind=elf,sm=90,file={{.*}}.cubin
// RUN: env CUDA_HOME=%t.kit norm-opt %s --norm-gpu-embed-kernels="format=bin chips=sm_80" | FileCheck %s --check-prefix=BIN
// BIN: gpu.binary @kernels [#gpu.object<#nvvm.target<O = 3, chip = "sm_80">, bin = "ptxas -arch=sm_80 -O3 {{.*}}.ptx -o {{.*}}.cubin
// RUN: env FAKE_FAILURE="no such chip" not norm-opt %s --norm-gpu-embed-kernels="chips=sm_80 toolkit=%t.kit" 2>&1 | FileCheck %s --check-prefix=FAIL
// FAIL: error: 'gpu.module' op expected ptxas to succeed, but it says: no such chip

gpu.module @kernels [#nvvm.target<chip = "sm_90">] {
  llvm.func @f(%x: !llvm.ptr<1>) attributes {gpu.kernel, nvvm.kernel} {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    llvm.store %t, %x : i32, !llvm.ptr<1>
    llvm.return
  }
}
