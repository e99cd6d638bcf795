// A batch norm whose samples and rows of pixels are dealt out to a grid.
shard.grid @grid(shape = 2x2)

func.func @train(%x: tensor<?x5x?x3xf32>, %scale: tensor<5xf32>)
    -> (tensor<?x5x?x3xf32>, tensor<5xf32>, tensor<5xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %x, %c0 : tensor<?x5x?x3xf32>
  %h = tensor.dim %x, %c2 : tensor<?x5x?x3xf32>
  %init = tensor.empty(%n, %h) : tensor<?x5x?x3xf32>
  %statistics = tensor.empty() : tensor<5xf32>
  %y, %mean, %variance = norm.batch_norm_training
      ins(%x : tensor<?x5x?x3xf32>) scale(%scale : tensor<5xf32>)
      outs(%init : tensor<?x5x?x3xf32>)
      batch(%statistics, %statistics : tensor<5xf32>, tensor<5xf32>)
      features = [1] devices = <@grid, axes = [0, 1]> epsilon = 1.0e-5
  return %y, %mean, %variance : tensor<?x5x?x3xf32>, tensor<5xf32>, tensor<5xf32>
}
