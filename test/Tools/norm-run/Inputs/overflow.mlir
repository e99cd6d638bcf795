// The variance of the first feature is beyond f32, in which it is computed.
func.func @overflow() -> tensor<2xf64> {
  %x = arith.constant dense<[[3.0e20, 1.0], [-3.0e20, 3.0]]> : tensor<2x2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %s = tensor.empty() : tensor<2xf64>
  %r:3 = norm.batch_norm_training ins(%x : tensor<2x2xf32>)
      outs(%e : tensor<2x2xf32>) batch(%s, %s : tensor<2xf64>, tensor<2xf64>)
      features = [1]
  return %r#2 : tensor<2xf64>
}
