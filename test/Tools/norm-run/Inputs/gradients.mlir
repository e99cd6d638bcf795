func.func @batch(%dy: tensor<3x8x5xf32>, %x: tensor<3x8x5xf32>,
                 %m: tensor<8xf32>, %v: tensor<8xf32>, %g: tensor<8xf32>)
    -> (tensor<8xf32>, tensor<8xf32>, tensor<3x8x5xf32>) {
  %e = tensor.empty() : tensor<3x8x5xf32>
  %p = tensor.empty() : tensor<8xf32>
  %r:3 = norm.batch_norm_grad
      ins(%dy, %x : tensor<3x8x5xf32>, tensor<3x8x5xf32>)
      mean(%m : tensor<8xf32>) variance(%v : tensor<8xf32>)
      scale(%g : tensor<8xf32>) outs(%e : tensor<3x8x5xf32>)
      scale_gradient(%p : tensor<8xf32>) bias_gradient(%p : tensor<8xf32>)
      features = [1]
  return %r#2, %r#1, %r#0 : tensor<8xf32>, tensor<8xf32>, tensor<3x8x5xf32>
}

// In place, of dynamic shapes.
func.func @frozen(%dy: memref<?x?x?xf32>, %x: memref<?x?x?xf32>,
                  %m: memref<?xf32>, %v: memref<?xf32>, %g: memref<?xf32>,
                  %dg: memref<?xf32>) {
  norm.batch_norm_inference_grad
      ins(%dy, %x : memref<?x?x?xf32>, memref<?x?x?xf32>)
      mean(%m : memref<?xf32>) variance(%v : memref<?xf32>)
      scale(%g : memref<?xf32>) outs(%dy : memref<?x?x?xf32>)
      scale_gradient(%dg : memref<?xf32>) features = [1]
  return
}

func.func @group(%dy: tensor<3x8x5xf64>, %x: tensor<3x8x5xf64>,
                 %m: tensor<3x2xf64>, %r: tensor<3x2xf64>, %g: tensor<8xf64>)
    -> (tensor<3x8x5xf64>, tensor<8xf64>, tensor<8xf64>) {
  %e = tensor.empty() : tensor<3x8x5xf64>
  %p = tensor.empty() : tensor<8xf64>
  %s:3 = norm.group_norm_grad
      ins(%dy, %x : tensor<3x8x5xf64>, tensor<3x8x5xf64>)
      mean(%m : tensor<3x2xf64>) rstd(%r : tensor<3x2xf64>)
      scale(%g : tensor<8xf64>) outs(%e : tensor<3x8x5xf64>)
      scale_gradient(%p : tensor<8xf64>) bias_gradient(%p : tensor<8xf64>)
      channel = 1 num_groups = 2 epsilon = 1.0e-3
  return %s#0, %s#1, %s#2 : tensor<3x8x5xf64>, tensor<8xf64>, tensor<8xf64>
}

func.func @per_sample(%dy: memref<3x8x5xbf16>, %x: memref<3x8x5xf32>,
                      %m: memref<3x4xf32>, %v: memref<3x4xf16>,
                      %dx: memref<3x8x5xf16>, %dg: memref<3x8xf32>,
                      %db: memref<3x8xbf16>) {
  norm.group_norm_grad ins(%dy, %x : memref<3x8x5xbf16>, memref<3x8x5xf32>)
      mean(%m : memref<3x4xf32>) variance(%v : memref<3x4xf16>)
      outs(%dx : memref<3x8x5xf16>) scale_gradient(%dg : memref<3x8xf32>)
      bias_gradient(%db : memref<3x8xbf16>)
      channel = 1 group_size = 2 per_sample
  return
}

func.func @instance(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
                    %m: memref<3x8xf32>, %v: memref<3x8xf32>,
                    %dx: memref<3x8x5xf32>) {
  norm.instance_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      mean(%m : memref<3x8xf32>) variance(%v : memref<3x8xf32>)
      outs(%dx : memref<3x8x5xf32>) channel = 1
  return
}

// The scale lies on an axis that statistics are taken over, and on another.
func.func @layer(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
                 %m: memref<3x8xf32>, %v: memref<3x8xf32>, %g: memref<8x5xf32>,
                 %dx: memref<3x8x5xf32>, %dg: memref<8x5xf32>,
                 %db: memref<8x5xf32>) {
  norm.layer_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      mean(%m : memref<3x8xf32>) variance(%v : memref<3x8xf32>)
      scale(%g : memref<8x5xf32>) outs(%dx : memref<3x8x5xf32>)
      scale_gradient(%dg : memref<8x5xf32>) bias_gradient(%db : memref<8x5xf32>)
      axes = [2] parameters = [1, 2]
  return
}

func.func @rms(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
               %r: memref<3x8xf32>, %g: memref<5xf32>, %dx: memref<3x8x5xf32>,
               %dg: memref<5xf32>) {
  norm.rms_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      rstd(%r : memref<3x8xf32>) scale(%g : memref<5xf32>)
      outs(%dx : memref<3x8x5xf32>) scale_gradient(%dg : memref<5xf32>)
      axes = [2]
  return
}

func.func @per_member(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
                      %m: memref<3x4xf32>, %v: memref<3x4xf32>,
                      %g: memref<2xf32>, %dx: memref<3x8x5xf32>,
                      %dg: memref<2xf32>) {
  norm.group_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      mean(%m : memref<3x4xf32>) variance(%v : memref<3x4xf32>)
      scale(%g : memref<2xf32>) outs(%dx : memref<3x8x5xf32>)
      scale_gradient(%dg : memref<2xf32>)
      channel = 1 num_groups = 4 affine = per_member
  return
}

// No gradient alone, and statistics that cannot be replaced.
func.func @forward(%x: memref<3x8x5xf32>, %y: memref<3x8x5xf32>) {
  norm.group_norm ins(%x : memref<3x8x5xf32>) outs(%y : memref<3x8x5xf32>)
      channel = 1 num_groups = 2
  return
}

func.func @nothing(%x: memref<3x8x5xf32>) {
  return
}

func.func @shared(%dy: memref<3x8x5xf32>, %x: memref<3x8x5xf32>,
                  %m: memref<8xf32>, %dx: memref<3x8x5xf32>) {
  norm.batch_norm_grad ins(%dy, %x : memref<3x8x5xf32>, memref<3x8x5xf32>)
      mean(%m : memref<8xf32>) variance(%m : memref<8xf32>)
      outs(%dx : memref<3x8x5xf32>) features = [1]
  return
}

func.func @hidden(%dy: tensor<3x8x5xf32>, %x: tensor<3x8x5xf32>,
                  %m: tensor<8xf32>, %v: tensor<8xf32>) -> tensor<?x8x5xf32> {
  %e = tensor.empty() : tensor<3x8x5xf32>
  %r = norm.batch_norm_grad
      ins(%dy, %x : tensor<3x8x5xf32>, tensor<3x8x5xf32>)
      mean(%m : tensor<8xf32>) variance(%v : tensor<8xf32>)
      outs(%e : tensor<3x8x5xf32>) features = [1]
  %c = tensor.cast %r : tensor<3x8x5xf32> to tensor<?x8x5xf32>
  return %c : tensor<?x8x5xf32>
}
