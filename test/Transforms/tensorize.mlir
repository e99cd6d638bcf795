// RUN: norm-opt %s --norm-tensorize --split-input-file | FileCheck %s

// CHECK-LABEL: func @rstd(
// CHECK-SAME:    %[[VAR:.*]]: memref<3xf32>, %[[RSTD:.*]]: memref<3xf32, strided<[2], offset: ?>>)
// CHECK:         %[[IN:.*]] = bufferization.to_tensor %[[VAR]] restrict : memref<3xf32> to tensor<3xf32>
// CHECK:         %[[OUT:.*]] = bufferization.to_tensor %[[RSTD]] restrict writable : memref<3xf32, strided<[2], offset: ?>> to tensor<3xf32>
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[IN]] : tensor<3xf32>) outs(%[[OUT]] : tensor<3xf32>) epsilon = 1.000000e-03
// CHECK:         bufferization.materialize_in_destination %[[R]] in restrict writable %[[RSTD]] : (tensor<3xf32>, memref<3xf32, strided<[2], offset: ?>>) -> ()
// CHECK-NOT:     norm.rstd
func.func @rstd(%var: memref<3xf32>, %rstd: memref<3xf32, strided<[2], offset: ?>>) {
  norm.rstd ins(%var : memref<3xf32>)
      outs(%rstd : memref<3xf32, strided<[2], offset: ?>>) epsilon = 1.0e-3
  return
}

// -----

// A memref that is the input and the output becomes one tensor, every other
// operand one of its own, and every output is written back.
// CHECK-LABEL: func @in_place(
// CHECK-SAME:    %[[X:.*]]: memref<?x3xf16>, %[[G:.*]]: memref<3xf32>, %[[M:.*]]: memref<3xf32>, %[[V:.*]]: memref<3xf32>)
// CHECK-DAG:     %[[XT:.*]] = bufferization.to_tensor %[[X]] restrict writable : memref<?x3xf16> to tensor<?x3xf16>
// CHECK-DAG:     %[[GT:.*]] = bufferization.to_tensor %[[G]] restrict : memref<3xf32> to tensor<3xf32>
// CHECK-DAG:     %[[MT:.*]] = bufferization.to_tensor %[[M]] restrict writable : memref<3xf32> to tensor<3xf32>
// CHECK-DAG:     %[[VT:.*]] = bufferization.to_tensor %[[V]] restrict writable : memref<3xf32> to tensor<3xf32>
// CHECK-NOT:     bufferization.to_tensor
// CHECK:         %[[Y:.*]]:3 = norm.batch_norm_training ins(%[[XT]] : tensor<?x3xf16>) scale(%[[GT]] : tensor<3xf32>) outs(%[[XT]] : tensor<?x3xf16>) running(%[[MT]], %[[VT]] : tensor<3xf32>, tensor<3xf32>) features = [1] momentum = 5.000000e-01
// CHECK:         bufferization.materialize_in_destination %[[Y]]#0 in restrict writable %[[X]]
// CHECK:         bufferization.materialize_in_destination %[[Y]]#1 in restrict writable %[[M]]
// CHECK:         bufferization.materialize_in_destination %[[Y]]#2 in restrict writable %[[V]]
func.func @in_place(%x: memref<?x3xf16>, %g: memref<3xf32>, %m: memref<3xf32>,
    %v: memref<3xf32>) {
  norm.batch_norm_training ins(%x : memref<?x3xf16>) scale(%g : memref<3xf32>)
      outs(%x : memref<?x3xf16>) running(%m, %v : memref<3xf32>, memref<3xf32>)
      features = [1] momentum = 0.5
  return
}

// -----

// Ops on tensors stay as they are, also between those on memrefs.
// CHECK-LABEL: func @tensors(
// CHECK:         norm.rstd ins(%{{.*}} : tensor<3xf32>) outs(%{{.*}} : tensor<3xf32>)
// CHECK:         scf.if
// CHECK:           bufferization.to_tensor
// CHECK:           norm.rstd
// CHECK:           bufferization.materialize_in_destination
// CHECK:         }
func.func @tensors(%t: tensor<3xf32>, %m: memref<3xf32>, %c: i1) -> tensor<3xf32> {
  %0 = norm.rstd ins(%t : tensor<3xf32>) outs(%t : tensor<3xf32>)
  scf.if %c {
    norm.rstd ins(%m : memref<3xf32>) outs(%m : memref<3xf32>)
  }
  return %0 : tensor<3xf32>
}

// -----

// Every op has this form.
// CHECK-LABEL: func @all(
// CHECK-NOT:     norm.{{.*}} : memref
// CHECK-COUNT-8: = norm.
// CHECK-NOT:     norm.{{.*}} : memref
func.func @all(%x: memref<4x6xf32>, %c: memref<6xf32>, %s: memref<4x2xf32>,
    %a: memref<6xf32>, %b: memref<6xf32>) {
  norm.batch_norm_training ins(%x : memref<4x6xf32>) outs(%x : memref<4x6xf32>) features = [1]
  norm.batch_norm_inference ins(%x : memref<4x6xf32>)
      statistics(%c, %c : memref<6xf32>, memref<6xf32>)
      outs(%x : memref<4x6xf32>) features = [1]
  norm.group_norm ins(%x : memref<4x6xf32>) outs(%x : memref<4x6xf32>)
      statistics(%s, %s : memref<4x2xf32>, memref<4x2xf32>) channel = 1 num_groups = 2
  norm.shift ins(%x : memref<4x6xf32>) outs(%c : memref<6xf32>) axes = [0]
  norm.moments ins(%x : memref<4x6xf32>)
      outs(%a, %b, %c : memref<6xf32>, memref<6xf32>, memref<6xf32>) axes = [0]
  norm.combine_moments ins(%x, %x, %x : memref<4x6xf32>, memref<4x6xf32>, memref<4x6xf32>)
      outs(%a, %b, %c : memref<6xf32>, memref<6xf32>, memref<6xf32>) axes = [0]
  norm.finalize ins(%a, %b, %c : memref<6xf32>, memref<6xf32>, memref<6xf32>)
      outs(%a, %b : memref<6xf32>, memref<6xf32>)
  norm.normalize ins(%x : memref<4x6xf32>) mean(%c : memref<6xf32>)
      outs(%x : memref<4x6xf32>) statistics_axes = [1] parameter_axes = []
  return
}
