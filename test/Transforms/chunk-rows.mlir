// RUN: norm-opt %s --norm-chunk | FileCheck %s
// RUN: norm-opt %s --norm-chunk=chunk-rows=16 | FileCheck %s --check-prefix=FEWER

// Sums of columns take one pass: a chunk has four times chunk-rows, however many
// columns there are.
// CHECK-LABEL: func @sums
// CHECK:         %[[STEP:.*]] = arith.constant 256 : index
// CHECK:         scf.for %{{.*}} step %[[STEP]]
// CHECK:           norm.gradient_sums ins({{.*}} : tensor<256x512xf32>, tensor<256x512xf32>)
// FEWER-LABEL: func @sums
// FEWER:         norm.gradient_sums ins({{.*}} : tensor<64x512xf32>, tensor<64x512xf32>)
func.func @sums(%x: tensor<2048x512xf32>, %d: tensor<2048x512xf32>, %m: tensor<512xf32>, %s: tensor<512xf32>)
    -> (tensor<512xf32>, tensor<512xf32>) {
  %0:2 = norm.gradient_sums ins(%d, %x : tensor<2048x512xf32>, tensor<2048x512xf32>) mean(%m : tensor<512xf32>)
      outs(%s, %s : tensor<512xf32>, tensor<512xf32>) axes = [0] statistics_axes = [1] parameter_axes = [1]
  return %0#0, %0#1 : tensor<512xf32>, tensor<512xf32>
}

// Of a known number of features, each has its moments taken by itself, whatever
// the number of samples.
// CHECK-LABEL: func @batch
// CHECK:         norm.moments ins({{.*}} : tensor<?x1x49xf32>)
func.func @batch(%x: tensor<?x16x49xf32>, %s: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %m:3 = norm.moments ins(%x : tensor<?x16x49xf32>) outs(%s, %s, %s : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) axes = [0, 2]
  return %m#0, %m#1, %m#2 : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}
