// RUN: norm-opt %s --split-input-file --verify-diagnostics

// The parser knows the words of each attribute.

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'epsilon_mode' [add, max, outside]}}
  %y = norm.rms_norm ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) axes = [1] epsilon_mode = min
  return
}

// -----

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'affine' [per_channel, per_group, per_member]}}
  %y = norm.group_norm ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) channel = 1 num_groups = 2 affine = per_sample
  return
}

// -----

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'nonfinite' [propagate, skip_update]}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) features = [1] nonfinite = keep
  return
}

// -----

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'empty' [keep, nan]}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) features = [1] empty = zero
  return
}

// -----

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'single' [keep, nan, biased]}}
  %y = norm.batch_norm_training ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) features = [1] single = unbiased
  return
}

// -----

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'variance' [stable, fast]}}
  %y = norm.layer_norm ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) axes = [1] variance = slow
  return
}

// -----

func.func @f(%x: tensor<2x6xf32>) {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'unselected' [zero, normalize]}}
  %y = norm.layer_norm ins(%x : tensor<2x6xf32>) outs(%x : tensor<2x6xf32>) axes = [1] unselected = keep
  return
}
