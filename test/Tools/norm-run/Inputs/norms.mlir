func.func @group(%x: tensor<?x?x?xf32>, %g: tensor<?xf32>, %b: tensor<?xf32>)
    -> tensor<?x?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %d0 = tensor.dim %x, %c0 : tensor<?x?x?xf32>
  %d1 = tensor.dim %x, %c1 : tensor<?x?x?xf32>
  %d2 = tensor.dim %x, %c2 : tensor<?x?x?xf32>
  %e = tensor.empty(%d0, %d1, %d2) : tensor<?x?x?xf32>
  %y = norm.group_norm ins(%x : tensor<?x?x?xf32>) scale(%g : tensor<?xf32>)
      bias(%b : tensor<?xf32>) outs(%e : tensor<?x?x?xf32>)
      channel = 1 num_groups = 4
  return %y : tensor<?x?x?xf32>
}

func.func @train(%x: memref<3x8x5xf32>, %y: memref<3x8x5xf32>,
                 %m: memref<8xf32>, %v: memref<8xf32>) {
  norm.batch_norm_training ins(%x : memref<3x8x5xf32>)
      outs(%y : memref<3x8x5xf32>)
      running(%m, %v : memref<8xf32>, memref<8xf32>)
      features = [1] momentum = 0.75
  return
}

func.func @strided(
    %x: memref<3x8x5xf32, strided<[64, 8, 1], offset: 4>>,
    %y: memref<3x8x5xf32, strided<[1, 15, 3]>>) {
  norm.group_norm
      ins(%x : memref<3x8x5xf32, strided<[64, 8, 1], offset: 4>>)
      outs(%y : memref<3x8x5xf32, strided<[1, 15, 3]>>)
      channel = 1 group_size = 2
  return
}
