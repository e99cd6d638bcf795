// RUN: not norm-opt %s --transform-interpreter 2>&1 | FileCheck %s

// A tile of samples has only a part of what the gradient of bias is the sum of,
// and would overwrite that of the tile before.
// CHECK: error: 'norm.group_norm_grad' op failed to generate tiling loops
func.func @samples(%x: tensor<4x15x25xf32>, %p: tensor<15xf32>, %s: tensor<4x3xf32>)
    -> (tensor<4x15x25xf32>, tensor<15xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x15x25xf32>, tensor<4x15x25xf32>)
      mean(%s : tensor<4x3xf32>) rstd(%s : tensor<4x3xf32>) outs(%x : tensor<4x15x25xf32>)
      bias_gradient(%p : tensor<15xf32>) channel = 1 num_groups = 3
  return %y#0, %y#1 : tensor<4x15x25xf32>, tensor<15xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.group_norm_grad"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %op tile_sizes [1, 0]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
