// RUN: norm-opt %s --norm-parallelize=part-size=1000 | FileCheck %s

// The slice of a part would have two axes of one element to drop, one of them.
// CHECK-LABEL: func @unit(
// CHECK-NOT:     scf.forall
func.func @unit(%x: tensor<64x?x?x1xf32>, %init: tensor<64x?x1xf64>)
    -> (tensor<64x?x1xf64>, tensor<64x?x1xf64>, tensor<64x?x1xf64>) {
  %m:3 = norm.moments ins(%x : tensor<64x?x?x1xf32>)
      outs(%init, %init, %init : tensor<64x?x1xf64>, tensor<64x?x1xf64>, tensor<64x?x1xf64>)
      axes = [1] accumulator = f32
  return %m#0, %m#1, %m#2 : tensor<64x?x1xf64>, tensor<64x?x1xf64>, tensor<64x?x1xf64>
}
