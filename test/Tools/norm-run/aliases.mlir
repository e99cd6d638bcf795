// Results that are arguments, each other or constants are not freed twice.

// RUN: rm -rf %t && mkdir %t && %python %S/Inputs/make.py %t
// RUN: norm-opt %s --finalize-memref-to-llvm --convert-func-to-llvm \
// RUN:   --reconcile-unrealized-casts -o %t/llvm.mlir
// RUN: norm-run %t/llvm.mlir --input %t/bias.npy --output %t/0.npy \
// RUN:   --output %t/1.npy --output %t/2.npy --output %t/3.npy \
// RUN:   --output %t/4.npy --time --repetitions=3 \
// RUN:   | FileCheck %s
// RUN: norm-run %t/llvm.mlir --input %t/bias.npy --compare %t/bias.npy \
// RUN:   --compare %t/bias.npy --compare %t/bias.npy --compare %t/bias.npy \
// RUN:   --compare %t/4.npy
// CHECK: run: median of 3
memref.global "private" constant @ones : memref<8xf32> = dense<1.0>

func.func @alias(%x: memref<8xf32>)
    -> (memref<8xf32>, memref<8xf32>, memref<8xf32>, memref<8xf32>,
        memref<8xf32>) attributes {
      norm.signature = (memref<8xf32>)
          -> (memref<8xf32>, memref<8xf32>, memref<8xf32>, memref<8xf32>,
              memref<8xf32>)} {
  %new = memref.alloc() : memref<8xf32>
  memref.copy %x, %new : memref<8xf32> to memref<8xf32>
  %ones = memref.get_global @ones : memref<8xf32>
  return %x, %new, %x, %new, %ones : memref<8xf32>, memref<8xf32>,
      memref<8xf32>, memref<8xf32>, memref<8xf32>
}
