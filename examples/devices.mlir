// Batch norm in training whose statistics are those of four processes, each of
// which has a part of the batch. README.md and docs/Pipelines.md use it.

shard.grid @processes(shape = 4)

func.func @devices(%x: tensor<?x64x56x56xf32>, %init: tensor<?x64x56x56xf32>,
    %running_mean: tensor<64xf32>, %running_variance: tensor<64xf32>)
    -> (tensor<?x64x56x56xf32>, tensor<64xf32>, tensor<64xf32>) {
  %y, %mean, %variance = norm.batch_norm_training
      ins(%x : tensor<?x64x56x56xf32>) outs(%init : tensor<?x64x56x56xf32>)
      running(%running_mean, %running_variance : tensor<64xf32>, tensor<64xf32>)
      features = [1] devices = <@processes, axes = [0]> momentum = 0.9
  return %y, %mean, %variance
      : tensor<?x64x56x56xf32>, tensor<64xf32>, tensor<64xf32>
}
