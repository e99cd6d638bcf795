// RUN: not norm-opt %s --transform-interpreter 2>&1 | FileCheck %s

// Devices might not come to the same tiles in the same order.
module attributes {transform.with_named_sequence} {
  shard.grid @grid(shape = 2)
  // CHECK: error: 'norm.batch_norm_training' op failed to generate tiling loops
  func.func @features(%x: tensor<4x15x25xf32>) -> tensor<4x15x25xf32> {
    %y = norm.batch_norm_training ins(%x : tensor<4x15x25xf32>) outs(%x : tensor<4x15x25xf32>)
        features = [1] devices = <@grid, axes = [0]>
    return %y : tensor<4x15x25xf32>
  }
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.batch_norm_training"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %op tile_sizes [1]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
