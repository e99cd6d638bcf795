// RUN: norm-opt %s --norm-outline | FileCheck %s
// RUN: norm-opt %s --norm-outline=keep-devices | FileCheck %s --check-prefix=KEEP

shard.grid @grid(shape = 4)

// Two layers alike are one function, unless they are to send one message.
// CHECK-LABEL: func.func @branches
// CHECK-COUNT-2: call @norm_batch_norm_training
// CHECK: func.func private @norm_batch_norm_training
// KEEP-COUNT-2: norm.batch_norm_training
// KEEP-NOT: call
func.func @branches(%a: tensor<8x6xf32>, %b: tensor<8x6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = norm.batch_norm_training ins(%a : tensor<8x6xf32>) outs(%a : tensor<8x6xf32>)
      features = [1] devices = <@grid, axes = [0]>
  %1 = norm.batch_norm_training ins(%b : tensor<8x6xf32>) outs(%b : tensor<8x6xf32>)
      features = [1] devices = <@grid, axes = [0]>
  return %0, %1 : tensor<8x6xf32>, tensor<8x6xf32>
}
