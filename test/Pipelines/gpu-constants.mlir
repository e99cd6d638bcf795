// Kernels read constants from the memory of their own module, and functions copies.
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa chip=sm_90" | FileCheck %s
// RUN: norm-run %s --target=gpu-emulator --entry=whole --input=zeros:4 --output=%t.npy
// RUN: %python -c "import sys, numpy; assert numpy.load(sys.argv[1]).tolist() == [2, 4, 6, 8]" %t.npy

// CHECK-LABEL: llvm.func @whole(
// CHECK:       gpu.binary @norm_kernels
// CHECK-SAME:  .global .align 64 .b8 __constant_4xf32[16]
func.func @whole(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %r = arith.addf %x, %c : tensor<4xf32>
  %s = call @part(%r, %c) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %s : tensor<4xf32>
}

func.func private @part(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> attributes {no_inline} {
  %r = arith.addf %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}
