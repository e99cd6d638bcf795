// RUN: norm-opt %s --norm-lower-to-cpu-pipeline --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline=format=none --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-lower-to-cpu-pipeline=merge-gathers --split-input-file | FileCheck %s --check-prefix=MERGED

// One message for each op and direction, forward and back.
shard.grid @grid(shape = 4)
// CHECK-LABEL: llvm.func @training(
// CHECK: llvm.call @normDevicesAllGather
// CHECK-NOT: llvm.call @normDevicesAllGather
func.func @training(%x: tensor<32x8x7x7xf32>, %y0: tensor<32x8x7x7xf32>, %rm: tensor<8xf32>, %rv: tensor<8xf32>)
    -> (tensor<32x8x7x7xf32>, tensor<8xf32>, tensor<8xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<32x8x7x7xf32>) outs(%y0 : tensor<32x8x7x7xf32>)
      running(%rm, %rv : tensor<8xf32>, tensor<8xf32>) features = [1] devices = <@grid, axes = [0]>
  return %y#0, %y#1, %y#2 : tensor<32x8x7x7xf32>, tensor<8xf32>, tensor<8xf32>
}
// CHECK-LABEL: llvm.func @gradient(
// CHECK: llvm.call @normDevicesAllGather
// CHECK-NOT: llvm.call @normDevicesAllGather
// CHECK-LABEL: llvm.func @_mlir_ciface_gradient
func.func @gradient(%dy: tensor<?x7x7x8xf32>, %x: tensor<?x7x7x8xf32>, %s: tensor<8xf32>, %dx0: tensor<?x7x7x8xf32>)
    -> (tensor<?x7x7x8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %g:3 = norm.batch_norm_grad ins(%dy, %x : tensor<?x7x7x8xf32>, tensor<?x7x7x8xf32>)
      mean(%s : tensor<8xf32>) rstd(%s : tensor<8xf32>) scale(%s : tensor<8xf32>) outs(%dx0 : tensor<?x7x7x8xf32>)
      scale_gradient(%s : tensor<8xf32>) bias_gradient(%s : tensor<8xf32>)
      features = [3] devices = <@grid, axes = [0]> sum_parameters
  return %g#0, %g#1, %g#2 : tensor<?x7x7x8xf32>, tensor<8xf32>, tensor<8xf32>
}

// -----

// None where the axis has one device.
shard.grid @one(shape = 1)
// CHECK-LABEL: llvm.func @alone(
// CHECK-NOT: normDevices
// CHECK: llvm.func @_mlir_ciface_alone
func.func @alone(%x: tensor<32x8x7x7xf32>, %y0: tensor<32x8x7x7xf32>) -> tensor<32x8x7x7xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<32x8x7x7xf32>) outs(%y0 : tensor<32x8x7x7xf32>)
      features = [1] devices = <@one, axes = [0]>
  return %y : tensor<32x8x7x7xf32>
}

// -----

// Two branches of a network send one message, if they are asked to; otherwise two alike are one function.
shard.grid @grid(shape = 4)
// CHECK-LABEL: llvm.func @branches(
// CHECK-COUNT-2: llvm.call @norm_batch_norm_training
// MERGED-LABEL: llvm.func @branches(
// MERGED: llvm.call @normDevicesAllGather
// MERGED-NOT: llvm.call @normDevicesAllGather
func.func @branches(%a: tensor<32x8x49xf32>, %b: tensor<32x8x49xf32>, %a0: tensor<32x8x49xf32>, %b0: tensor<32x8x49xf32>)
    -> (tensor<32x8x49xf32>, tensor<32x8x49xf32>) {
  %0 = norm.batch_norm_training ins(%a : tensor<32x8x49xf32>) outs(%a0 : tensor<32x8x49xf32>)
      features = [1] devices = <@grid, axes = [0]>
  %1 = norm.batch_norm_training ins(%b : tensor<32x8x49xf32>) outs(%b0 : tensor<32x8x49xf32>)
      features = [1] devices = <@grid, axes = [0]>
  return %0, %1 : tensor<32x8x49xf32>, tensor<32x8x49xf32>
}
