// The example of docs/Pipelines.md: 16 samples, 4 groups of 2 channels each.

func.func @f(%x: tensor<16x8x16384xf32>) -> tensor<16x8x16384xf32> {
  %init = tensor.empty() : tensor<16x8x16384xf32>
  %y = norm.group_norm ins(%x : tensor<16x8x16384xf32>)
      outs(%init : tensor<16x8x16384xf32>) channel = 1 num_groups = 4
  return %y : tensor<16x8x16384xf32>
}
