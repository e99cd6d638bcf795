func.func @batch(%dy: tensor<3x8x5xf32>, %x: tensor<3x8x5xf32>,
                 %m: tensor<8xf32>, %v: tensor<8xf32>, %g: tensor<8xf32>,
                 %mask: tensor<3x5xi1>)
    -> (tensor<3x8x5xf32>, tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<3x8x5xf32>
  %p = tensor.empty() : tensor<8xf32>
  %r:3 = norm.batch_norm_grad
      ins(%dy, %x : tensor<3x8x5xf32>, tensor<3x8x5xf32>)
      mean(%m : tensor<8xf32>) variance(%v : tensor<8xf32>)
      scale(%g : tensor<8xf32>) mask(%mask : tensor<3x5xi1>)
      outs(%e : tensor<3x8x5xf32>) scale_gradient(%p : tensor<8xf32>)
      bias_gradient(%p : tensor<8xf32>) features = [1] mask_axes = [0, 2]
  return %r#0, %r#1, %r#2 : tensor<3x8x5xf32>, tensor<8xf32>, tensor<8xf32>
}

func.func @group(%dy: memref<?x?x?xf32>, %x: memref<?x?x?xf32>,
                 %m: memref<?x4xf32>, %v: memref<?x4xf32>, %g: memref<?xf32>,
                 %mask: memref<?x?xi1>, %dx: memref<?x?x?xf32>,
                 %dg: memref<?xf32>, %db: memref<?xf32>) {
  norm.group_norm_grad ins(%dy, %x : memref<?x?x?xf32>, memref<?x?x?xf32>)
      mean(%m : memref<?x4xf32>) variance(%v : memref<?x4xf32>)
      scale(%g : memref<?xf32>) mask(%mask : memref<?x?xi1>)
      outs(%dx : memref<?x?x?xf32>) scale_gradient(%dg : memref<?xf32>)
      bias_gradient(%db : memref<?xf32>)
      channel = 1 num_groups = 4 mask_axes = [0, 2] unselected = normalize
  return
}

func.func @layer(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
                 %m: memref<3x8xf32>, %v: memref<3x8xf32>, %g: memref<5xf32>,
                 %lengths: memref<3x8xi64>, %dx: memref<3x8x5xf32>,
                 %dg: memref<5xf32>, %db: memref<5xf32>) {
  norm.layer_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      mean(%m : memref<3x8xf32>) variance(%v : memref<3x8xf32>)
      scale(%g : memref<5xf32>) lengths(%lengths : memref<3x8xi64>)
      outs(%dx : memref<3x8x5xf32>) scale_gradient(%dg : memref<5xf32>)
      bias_gradient(%db : memref<5xf32>)
      axes = [2] mask_axes = [0, 1] sequence_axis = 2 unselected = normalize
  return
}

func.func @rms(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
               %r: memref<3x8xf32>, %g: memref<5xf32>, %lengths: memref<3xi32>,
               %dx: memref<3x8x5xf32>, %dg: memref<5xf32>) {
  norm.rms_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      rstd(%r : memref<3x8xf32>) scale(%g : memref<5xf32>)
      lengths(%lengths : memref<3xi32>) outs(%dx : memref<3x8x5xf32>)
      scale_gradient(%dg : memref<5xf32>)
      axes = [2] mask_axes = [0] sequence_axis = 1
  return
}
