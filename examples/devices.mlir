// The batch norm of batch_norm_training.mlir on three processes, each with a part
// of the batch: its statistics are those of all photographs.

shard.grid @processes(shape = 3)

func.func @batch_norm_training(
    %x: tensor<?x3x160x240xf32>, %scale: tensor<3xf32>, %bias: tensor<3xf32>,
    %running_mean: tensor<3xf32>, %running_variance: tensor<3xf32>)
    -> (tensor<?x3x160x240xf32>, tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x3x160x240xf32>
  %init = tensor.empty(%batch) : tensor<?x3x160x240xf32>
  %y, %mean, %variance = norm.batch_norm_training
      ins(%x : tensor<?x3x160x240xf32>)
      scale(%scale : tensor<3xf32>) bias(%bias : tensor<3xf32>)
      outs(%init : tensor<?x3x160x240xf32>)
      running(%running_mean, %running_variance : tensor<3xf32>, tensor<3xf32>)
      features = [1] devices = <@processes, axes = [0]>
      epsilon = 1.0e-5 momentum = 0.9
  return %y, %mean, %variance
      : tensor<?x3x160x240xf32>, tensor<3xf32>, tensor<3xf32>
}
