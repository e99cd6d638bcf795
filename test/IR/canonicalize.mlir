// RUN: norm-opt %s --canonicalize --split-input-file | FileCheck %s

// Statistics that nobody uses go away, each pair alone.
// CHECK-LABEL: func @unused_running(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK:         %[[Y:.*]]:3 = norm.batch_norm_training ins(%[[X]] : tensor<4x6xf32>) scale(%[[P]] : tensor<6xf32>) outs(%[[X]] : tensor<4x6xf32>) batch(%[[P]], %[[P]] : tensor<6xf32>, tensor<6xf32>) features = [1] epsilon = 1.000000e-03 variance = fast {name = "a"}
// CHECK:         return %[[Y]]#0, %[[Y]]#2
func.func @unused_running(%x: tensor<4x6xf32>, %p: tensor<6xf32>) -> (tensor<4x6xf32>, tensor<6xf32>) {
  %y:5 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) running(%p, %p : tensor<6xf32>, tensor<6xf32>)
      batch(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1] epsilon = 1.0e-3
      variance = fast {name = "a"}
  return %y#0, %y#4 : tensor<4x6xf32>, tensor<6xf32>
}

// CHECK-LABEL: func @unused_batch(
// CHECK:         %[[Y:.*]]:3 = norm.batch_norm_training {{.*}} running(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<6xf32>) features = [1]
// CHECK:         return %[[Y]]#1
func.func @unused_batch(%x: tensor<4x6xf32>, %p: tensor<6xf32>) -> tensor<6xf32> {
  %y:5 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>)
      batch(%p, %p : tensor<6xf32>, tensor<6xf32>) features = [1]
  return %y#1 : tensor<6xf32>
}

// CHECK-LABEL: func @unused_group(
// CHECK:         %[[Y:.*]] = norm.group_norm ins(%{{.*}} : tensor<4x6xf32>) outs(%{{.*}} : tensor<4x6xf32>) channel = 1 num_groups = 2
// CHECK:         return %[[Y]]
func.func @unused_group(%x: tensor<4x6xf32>, %s: tensor<4x2xf32>) -> tensor<4x6xf32> {
  %y:3 = norm.group_norm ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      statistics(%s, %s : tensor<4x2xf32>, tensor<4x2xf32>) channel = 1 num_groups = 2
  return %y#0 : tensor<4x6xf32>
}

// Memrefs that are written may be read by others.
// CHECK-LABEL: func @memrefs(
// CHECK:         norm.batch_norm_training {{.*}} running({{.*}} batch(
func.func @memrefs(%x: memref<4x6xf32>, %a: memref<6xf32>, %b: memref<6xf32>,
    %c: memref<6xf32>, %d: memref<6xf32>) {
  norm.batch_norm_training ins(%x : memref<4x6xf32>) outs(%x : memref<4x6xf32>)
      running(%a, %b : memref<6xf32>, memref<6xf32>)
      batch(%c, %d : memref<6xf32>, memref<6xf32>) features = [1]
  return
}

// -----

// Constant statistics: scale / sqrt(variance + epsilon) = 3 / 2, and
// bias - mean * that = 1 - 3 = -2. Without variance, the output is bias.
// CHECK-LABEL: func @constant_statistics(
// CHECK-SAME:    %[[X:.*]]: tensor<?x2xf16>, %[[Y:.*]]: tensor<?x2xf16>)
// CHECK-DAG:     %[[SCALE:.*]] = arith.constant dense<[1.500000e+00, 0.000000e+00]> : tensor<2xf32>
// CHECK-DAG:     %[[BIAS:.*]] = arith.constant dense<[-2.000000e+00, 7.000000e+00]> : tensor<2xf32>
// CHECK:         norm.normalize ins(%[[X]] : tensor<?x2xf16>) scale(%[[SCALE]] : tensor<2xf32>) bias(%[[BIAS]] : tensor<2xf32>) outs(%[[Y]] : tensor<?x2xf16>) statistics_axes = [] parameter_axes = [1]
func.func @constant_statistics(%x: tensor<?x2xf16>, %y: tensor<?x2xf16>) -> tensor<?x2xf16> {
  %m = arith.constant dense<[2.0, 0.0]> : tensor<2xf32>
  %v = arith.constant dense<[4.0, 0.0]> : tensor<2xf64>
  %g = arith.constant dense<3.0> : tensor<2xbf16>
  %b = arith.constant dense<[1.0, 7.0]> : tensor<2xf32>
  %0 = norm.batch_norm_inference ins(%x : tensor<?x2xf16>)
      statistics(%m, %v : tensor<2xf32>, tensor<2xf64>) scale(%g : tensor<2xbf16>)
      bias(%b : tensor<2xf32>) outs(%y : tensor<?x2xf16>) features = [1] epsilon = 0.0
  return %0 : tensor<?x2xf16>
}

// A mean that is large against the deviation is subtracted first.
// CHECK-LABEL: func @large_mean(
// CHECK-DAG:     %[[M:.*]] = arith.constant dense<1.000000e+04> : tensor<2xf32>
// CHECK-DAG:     %[[SCALE:.*]] = arith.constant dense<5.000000e-01> : tensor<2xf32>
// CHECK:         norm.normalize ins(%{{.*}} : tensor<4x2xf32>) mean(%[[M]] : tensor<2xf32>) scale(%[[SCALE]] : tensor<2xf32>) {{.*}} statistics_axes = [1] parameter_axes = [1]
func.func @large_mean(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %m = arith.constant dense<1.0e4> : tensor<2xf32>
  %v = arith.constant dense<4.0> : tensor<2xf32>
  %0 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>)
      statistics(%m, %v : tensor<2xf32>, tensor<2xf32>) outs(%x : tensor<4x2xf32>)
      features = [1] epsilon = 0.0
  return %0 : tensor<4x2xf32>
}

// CHECK-LABEL: func @not_constant(
// CHECK:         norm.batch_norm_inference
func.func @not_constant(%x: tensor<4x2xf32>, %v: tensor<2xf32>) -> tensor<4x2xf32> {
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %0 = norm.batch_norm_inference ins(%x : tensor<4x2xf32>)
      statistics(%m, %v : tensor<2xf32>, tensor<2xf32>) outs(%x : tensor<4x2xf32>) features = [1]
  return %0 : tensor<4x2xf32>
}

// -----

// One name for one group, and for one channel a group.
// CHECK-LABEL: func @group_names(
// CHECK:         norm.group_norm {{.*}} channel = 1 num_groups = 1
// CHECK:         norm.group_norm {{.*}} channel = 1 group_size = 1
// CHECK:         norm.group_norm {{.*}} channel = 1 group_size = 3
func.func @group_names(%x: tensor<4x6xf32>, %p: tensor<6xf32>)
    -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %0 = norm.group_norm ins(%x : tensor<4x6xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) channel = 1 group_size = 6
  %1 = norm.group_norm ins(%x : tensor<4x6xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) channel = 1 num_groups = 6
  %2 = norm.group_norm ins(%x : tensor<4x6xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) channel = 1 group_size = 3
  return %0, %1, %2 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// Without parameters, both are batch norms.
// CHECK-LABEL: func @group_to_batch(
// CHECK:         norm.batch_norm_training {{.*}} batch(%{{.*}}, %{{.*}} : tensor<4x6xf32>, tensor<4x6xf32>) features = [0, 1] epsilon = 1.000000e-03 variance = fast accumulator = f64
// CHECK:         norm.batch_norm_training {{.*}} features = [0]
func.func @group_to_batch(%x: tensor<4x6x5xf32>, %s: tensor<4x6xf32>)
    -> (tensor<4x6x5xf32>, tensor<4x6xf32>, tensor<4x6x5xf32>) {
  %0:3 = norm.group_norm ins(%x : tensor<4x6x5xf32>) outs(%x : tensor<4x6x5xf32>)
      statistics(%s, %s : tensor<4x6xf32>, tensor<4x6xf32>)
      channel = 1 group_size = 1 epsilon = 1.0e-3 variance = fast accumulator = f64
  %1 = norm.group_norm ins(%x : tensor<4x6x5xf32>) outs(%x : tensor<4x6x5xf32>)
      channel = 1 num_groups = 1
  return %0#0, %0#2, %1 : tensor<4x6x5xf32>, tensor<4x6xf32>, tensor<4x6x5xf32>
}

// A batch norm of no feature axis does not exist, and the statistics of one
// group have one axis more.
// CHECK-LABEL: func @group_stays(
// CHECK:         norm.group_norm {{.*}} batch = [] channel = 1 num_groups = 1
// CHECK:         norm.group_norm {{.*}} statistics
func.func @group_stays(%x: tensor<4x6x5xf32>, %s: tensor<4x1xf32>)
    -> (tensor<4x6x5xf32>, tensor<4x1xf32>) {
  %0 = norm.group_norm ins(%x : tensor<4x6x5xf32>) outs(%x : tensor<4x6x5xf32>)
      batch = [] channel = 1 num_groups = 1
  %1:3 = norm.group_norm ins(%x : tensor<4x6x5xf32>) outs(%x : tensor<4x6x5xf32>)
      statistics(%s, %s : tensor<4x1xf32>, tensor<4x1xf32>) channel = 1 num_groups = 1
  return %0, %1#1 : tensor<4x6x5xf32>, tensor<4x1xf32>
}

// -----

// Gradients that nobody uses go away, each alone.
// CHECK-LABEL: func @unused_scale_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6xf32>, %[[P:.*]]: tensor<6xf32>, %[[Q:.*]]: tensor<6xf16>)
// CHECK:         %[[Y:.*]]:2 = norm.batch_norm_grad ins(%[[X]], %[[X]] : tensor<4x6xf32>, tensor<4x6xf32>) mean(%[[P]] : tensor<6xf32>) variance(%[[P]] : tensor<6xf32>) scale(%[[P]] : tensor<6xf32>) outs(%[[X]] : tensor<4x6xf32>) bias_gradient(%[[Q]] : tensor<6xf16>) features = [1] epsilon = 1.000000e-03 accumulator = f64 {name = "a"}
// CHECK:         return %[[Y]]#0, %[[Y]]#1
func.func @unused_scale_gradient(%x: tensor<4x6xf32>, %p: tensor<6xf32>, %q: tensor<6xf16>)
    -> (tensor<4x6xf32>, tensor<6xf16>) {
  %y:3 = norm.batch_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<6xf32>) variance(%p : tensor<6xf32>) scale(%p : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) scale_gradient(%p : tensor<6xf32>)
      bias_gradient(%q : tensor<6xf16>) features = [1] epsilon = 1.0e-3 accumulator = f64
      {name = "a"}
  return %y#0, %y#2 : tensor<4x6xf32>, tensor<6xf16>
}

// CHECK-LABEL: func @unused_input_gradient(
// CHECK:         %[[Y:.*]] = norm.batch_norm_inference_grad ins({{.*}}) mean({{[^)]*}}) rstd({{[^)]*}}) scale_gradient({{[^)]*}}) features = [1]{{$}}
// CHECK:         return %[[Y]]
func.func @unused_input_gradient(%x: tensor<4x6xf32>, %p: tensor<6xf32>) -> tensor<6xf32> {
  %y:3 = norm.batch_norm_inference_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%x : tensor<4x6xf32>)
      scale_gradient(%p : tensor<6xf32>) bias_gradient(%p : tensor<6xf32>) features = [1]
  return %y#1 : tensor<6xf32>
}

// CHECK-LABEL: func @unused_parameter_gradients(
// CHECK:         %[[Y:.*]] = norm.group_norm_grad ins({{.*}}) mean({{[^)]*}}) rstd({{[^)]*}}) outs({{[^)]*}}) channel = 1 num_groups = 2 per_sample{{$}}
// CHECK:         return %[[Y]]
func.func @unused_parameter_gradients(%x: tensor<4x6x5xf32>, %s: tensor<4x2xf32>, %q: tensor<4x6xf32>)
    -> tensor<4x6x5xf32> {
  %y:3 = norm.group_norm_grad ins(%x, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) outs(%x : tensor<4x6x5xf32>)
      scale_gradient(%q : tensor<4x6xf32>) bias_gradient(%q : tensor<4x6xf32>)
      channel = 1 num_groups = 2 per_sample
  return %y#0 : tensor<4x6x5xf32>
}

// CHECK-LABEL: func @written_gradients(
// CHECK:         norm.batch_norm_grad {{.*}} outs({{.*}} scale_gradient({{.*}} bias_gradient(
func.func @written_gradients(%x: memref<4x6xf32>, %p: memref<6xf32>, %a: memref<6xf32>,
    %b: memref<6xf32>) {
  norm.batch_norm_grad ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      mean(%p : memref<6xf32>) rstd(%p : memref<6xf32>) outs(%x : memref<4x6xf32>)
      scale_gradient(%a : memref<6xf32>) bias_gradient(%b : memref<6xf32>) features = [1]
  return
}

// -----

// CHECK-LABEL: func @group_gradient_names(
// CHECK:         norm.group_norm_grad {{.*}} channel = 1 num_groups = 1{{$}}
// CHECK:         norm.group_norm_grad {{.*}} channel = 1 group_size = 1{{$}}
// CHECK:         norm.group_norm_grad {{.*}} channel = 1 group_size = 3{{$}}
func.func @group_gradient_names(%x: tensor<4x6xf32>, %a: tensor<4x1xf32>, %b: tensor<4x6xf32>,
    %c: tensor<4x2xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %0 = norm.group_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%a : tensor<4x1xf32>) rstd(%a : tensor<4x1xf32>) outs(%x : tensor<4x6xf32>)
      channel = 1 group_size = 6
  %1 = norm.group_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%b : tensor<4x6xf32>) rstd(%b : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      channel = 1 num_groups = 6
  %2 = norm.group_norm_grad ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%c : tensor<4x2xf32>) rstd(%c : tensor<4x2xf32>) outs(%x : tensor<4x6xf32>)
      channel = 1 group_size = 3
  return %0, %1, %2 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// Without values, sums are 0, and so are statistics; running statistics stay as
// they are, and an output has no elements.
// CHECK-LABEL: func @empty(
// CHECK-SAME:    %[[X:.*]]: tensor<0x6xf32>, %[[P:.*]]: tensor<6xf32>, %[[Q:.*]]: tensor<6xf16>)
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ZERO16:.*]] = arith.constant 0.000000e+00 : f16
// CHECK-DAG:     %[[A:.*]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[P]] : tensor<6xf32>)
// CHECK-DAG:     %[[B:.*]] = linalg.fill ins(%[[ZERO16]] : f16) outs(%[[Q]] : tensor<6xf16>)
// CHECK:         return %[[X]], %[[P]], %[[P]], %[[A]], %[[B]]
func.func @empty(%x: tensor<0x6xf32>, %p: tensor<6xf32>, %q: tensor<6xf16>)
    -> (tensor<0x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf16>) {
  %y:5 = norm.batch_norm_training ins(%x : tensor<0x6xf32>) outs(%x : tensor<0x6xf32>)
      running(%p, %p : tensor<6xf32>, tensor<6xf32>)
      batch(%p, %q : tensor<6xf32>, tensor<6xf16>) features = [1]
  return %y#0, %y#1, %y#2, %y#3, %y#4
      : tensor<0x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf16>
}

// CHECK-LABEL: func @empty_batch_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<0x6xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK-NOT:     norm.
// CHECK:         %[[A:.*]] = linalg.fill {{.*}} outs(%[[P]] : tensor<6xf32>)
// CHECK-NOT:     norm.
// CHECK:         return %[[X]], %{{.*}}, %{{.*}}, %[[X]]
func.func @empty_batch_gradient(%x: tensor<0x6xf32>, %p: tensor<6xf32>)
    -> (tensor<0x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<0x6xf32>) {
  %y:3 = norm.batch_norm_grad ins(%x, %x : tensor<0x6xf32>, tensor<0x6xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%x : tensor<0x6xf32>)
      scale_gradient(%p : tensor<6xf32>) bias_gradient(%p : tensor<6xf32>) features = [1]
  %z = norm.batch_norm_inference_grad ins(%x, %x : tensor<0x6xf32>, tensor<0x6xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%x : tensor<0x6xf32>)
      features = [1]
  return %y#0, %y#1, %y#2, %z : tensor<0x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<0x6xf32>
}

// CHECK-LABEL: func @empty_group_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x0xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[Q:.*]]: tensor<4x6xf32>)
// CHECK:         %[[A:.*]] = linalg.fill {{.*}} outs(%[[Q]] : tensor<4x6xf32>)
// CHECK-NOT:     norm.
// CHECK:         return %[[X]], %[[A]]
func.func @empty_group_gradient(%x: tensor<4x6x0xf32>, %s: tensor<4x2xf32>, %q: tensor<4x6xf32>)
    -> (tensor<4x6x0xf32>, tensor<4x6xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x6x0xf32>, tensor<4x6x0xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) outs(%x : tensor<4x6x0xf32>)
      scale_gradient(%q : tensor<4x6xf32>) channel = 1 num_groups = 2 per_sample
  return %y#0, %y#1 : tensor<4x6x0xf32>, tensor<4x6xf32>
}
