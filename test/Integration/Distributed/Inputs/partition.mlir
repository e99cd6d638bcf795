// A function of one device, whose input is split by samples and by pixels over a
// grid of devices. The output of the group norm is wanted whole. Both batch norms
// of the batch can share a message.

shard.grid @grid(shape = 2x2)

func.func @main(
    %x: tensor<4x6x5x8xf32>, %dy: tensor<4x6x5x8xf32>, %scale: tensor<6xf32>,
    %running_mean: tensor<6xf32>, %running_variance: tensor<6xf32>)
    -> (tensor<4x6x5x8xf32>, tensor<6xf32>, tensor<6xf32>,
        tensor<4x6x5x8xf32>, tensor<6xf32>, tensor<6xf32>,
        tensor<4x6x5x8xf32>, tensor<4x6x5x8xf32>, tensor<6xf32>,
        tensor<4x6x5x8xf32>) {
  %split = shard.sharding @grid split_axes = [[0], [], [], [1]] : !shard.sharding
  %samples = shard.sharding @grid split_axes = [[0]] : !shard.sharding
  %whole = shard.sharding @grid split_axes = [[]] : !shard.sharding
  %xs = shard.shard %x to %split annotate_for_users : tensor<4x6x5x8xf32>
  %dys = shard.shard %dy to %split annotate_for_users : tensor<4x6x5x8xf32>
  %data = tensor.empty() : tensor<4x6x5x8xf32>
  %one = tensor.empty() : tensor<6xf32>
  %group = tensor.empty() : tensor<4x3xf32>
  %y:5 = norm.batch_norm_training ins(%xs : tensor<4x6x5x8xf32>)
      scale(%scale : tensor<6xf32>) outs(%data : tensor<4x6x5x8xf32>)
      running(%running_mean, %running_variance : tensor<6xf32>, tensor<6xf32>)
      batch(%one, %one : tensor<6xf32>, tensor<6xf32>) features = [1]
  %z = norm.batch_norm_training ins(%dys : tensor<4x6x5x8xf32>)
      outs(%data : tensor<4x6x5x8xf32>) features = [1]
  %d:3 = norm.batch_norm_grad
      ins(%dys, %xs : tensor<4x6x5x8xf32>, tensor<4x6x5x8xf32>)
      mean(%y#3 : tensor<6xf32>) variance(%y#4 : tensor<6xf32>)
      scale(%scale : tensor<6xf32>) outs(%data : tensor<4x6x5x8xf32>)
      scale_gradient(%one : tensor<6xf32>) bias_gradient(%one : tensor<6xf32>)
      features = [1]
  %g:3 = norm.group_norm ins(%xs : tensor<4x6x5x8xf32>)
      outs(%data : tensor<4x6x5x8xf32>)
      statistics(%group, %group : tensor<4x3xf32>, tensor<4x3xf32>)
      channel = 1 num_groups = 3
  %dg:2 = norm.group_norm_grad
      ins(%dys, %xs : tensor<4x6x5x8xf32>, tensor<4x6x5x8xf32>)
      mean(%g#1 : tensor<4x3xf32>) variance(%g#2 : tensor<4x3xf32>)
      outs(%data : tensor<4x6x5x8xf32>) scale_gradient(%one : tensor<6xf32>)
      channel = 1 num_groups = 3
  %gs = shard.shard %g#0 to %split : tensor<4x6x5x8xf32>
  %g1 = shard.shard %gs to %samples annotate_for_users : tensor<4x6x5x8xf32>
  %g2 = shard.shard %g1 to %whole : tensor<4x6x5x8xf32>
  return %y#0, %y#1, %y#2, %d#0, %d#1, %d#2, %g2, %dg#0, %dg#1, %z
      : tensor<4x6x5x8xf32>, tensor<6xf32>, tensor<6xf32>,
        tensor<4x6x5x8xf32>, tensor<6xf32>, tensor<6xf32>,
        tensor<4x6x5x8xf32>, tensor<4x6x5x8xf32>, tensor<6xf32>,
        tensor<4x6x5x8xf32>
}
