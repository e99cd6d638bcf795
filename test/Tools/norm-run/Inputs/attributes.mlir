// Layers on numbers whose results are known: the means are 2 and 20 and the
// variances 1 and 100, of columns or of rows.

func.func @batch_max() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 10.0], [3.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.batch_norm_training ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) features = [1] epsilon = 4.0 epsilon_mode = max
  return %y : tensor<2x2xf32>
}

func.func @batch_outside() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 10.0], [3.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.batch_norm_training ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) features = [1] epsilon = 1.0 epsilon_mode = outside
  return %y : tensor<2x2xf32>
}

func.func @batch_centered() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 10.0], [3.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.batch_norm_training ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) features = [1] epsilon = 0.0 zero_centered_scale
  return %y : tensor<2x2xf32>
}

func.func @batch_parameters() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 10.0], [3.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.batch_norm_training ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) features = [1] parameters = [0] epsilon = 0.0
  return %y : tensor<2x2xf32>
}

func.func @layer_max() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [10.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.layer_norm ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) axes = [1] epsilon = 4.0 epsilon_mode = max
  return %y : tensor<2x2xf32>
}

func.func @layer_outside() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [10.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.layer_norm ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) axes = [1] epsilon = 1.0 epsilon_mode = outside zero_centered_scale
  return %y : tensor<2x2xf32>
}

func.func @layer_parameters() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [10.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.layer_norm ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) axes = [1] parameters = [0] epsilon = 0.0
  return %y : tensor<2x2xf32>
}

func.func @group_max() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [10.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.group_norm ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) channel = 1 num_groups = 1 epsilon = 4.0 epsilon_mode = max
  return %y : tensor<2x2xf32>
}

func.func @group_member() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [10.0, 30.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y = norm.group_norm ins(%x : tensor<2x2xf32>) scale(%g : tensor<2xf32>)
      outs(%e : tensor<2x2xf32>) channel = 1 num_groups = 1 affine = per_member epsilon = 0.0 zero_centered_scale
  return %y : tensor<2x2xf32>
}

func.func @batches() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<[[1.0, 10.0], [3.0, 30.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %k = arith.constant dense<3.0> : tensor<f32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x2xf32>) batches(%k : tensor<f32>) outs(%e : tensor<2x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 running_var_correction = 0
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @single_keep() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<[[6.0, 0x7F800000]]> : tensor<1x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<1x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<1x2xf32>) outs(%e : tensor<1x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 nonfinite = skip_update
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @single_nan() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<[[6.0, 0x7F800000]]> : tensor<1x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<1x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<1x2xf32>) outs(%e : tensor<1x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 nonfinite = skip_update single = nan
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @single_biased() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<[[6.0, 0x7F800000]]> : tensor<1x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<1x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<1x2xf32>) outs(%e : tensor<1x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 nonfinite = skip_update single = biased
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @propagate() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<[[1.0, 0x7F800000], [3.0, 0.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<2x2xf32>) outs(%e : tensor<2x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @empty_keep() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<> : tensor<0x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<0x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<0x2xf32>) outs(%e : tensor<0x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @empty_nan() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<>: tensor<0x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<0x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<0x2xf32>) outs(%e : tensor<0x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 empty = nan
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}

func.func @empty_skipped() -> (tensor<2xf32>, tensor<2xf32>) {
  %x = arith.constant dense<>: tensor<0x2xf32>
  %m = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %e = tensor.empty() : tensor<0x2xf32>
  %y:3 = norm.batch_norm_training ins(%x : tensor<0x2xf32>) outs(%e : tensor<0x2xf32>)
      running(%m, %v : tensor<2xf32>, tensor<2xf32>) features = [1] momentum = 0.5 nonfinite = skip_update empty = nan
  return %y#1, %y#2 : tensor<2xf32>, tensor<2xf32>
}
