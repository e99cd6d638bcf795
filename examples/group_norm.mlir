// Group norm of a batch of colour photographs, NCHW: all three colours of a
// photograph are one group. `num_groups = 3` would make each a group.

func.func @group_norm(%x: tensor<?x3x160x240xf32>, %scale: tensor<3xf32>,
                      %bias: tensor<3xf32>) -> tensor<?x3x160x240xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x3x160x240xf32>
  %init = tensor.empty(%batch) : tensor<?x3x160x240xf32>
  %y = norm.group_norm ins(%x : tensor<?x3x160x240xf32>)
      scale(%scale : tensor<3xf32>) bias(%bias : tensor<3xf32>)
      outs(%init : tensor<?x3x160x240xf32>)
      channel = 1 num_groups = 1 epsilon = 1.0e-5
  return %y : tensor<?x3x160x240xf32>
}
