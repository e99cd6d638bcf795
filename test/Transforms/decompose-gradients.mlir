// RUN: norm-opt %s --norm-decompose --cse --split-input-file | FileCheck %s

// One pass over the input takes the sums of each feature, from which all
// gradients come.
// CHECK-LABEL: func @batch(
// CHECK-SAME:    %[[D:.*]]: tensor<8x3x25xbf16>, %[[X:.*]]: tensor<8x3x25xf32>, %[[M:.*]]: tensor<3xf32>, %[[V:.*]]: tensor<3xf32>, %[[G:.*]]: tensor<3xf16>, %[[INIT:.*]]: tensor<8x3x25xbf16>, %[[DG:.*]]: tensor<3xf16>, %[[DB:.*]]: tensor<3xf32>)
// CHECK-DAG:     %[[C200:.*]] = arith.constant 2.000000e+02 : f32
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[V]] : tensor<3xf32>) outs(%{{.*}} : tensor<3xf32>) epsilon = 1.000000e-03
// CHECK:         %[[Z:.*]] = linalg.fill
// CHECK:         %[[S:.*]]:2 = norm.gradient_sums ins(%[[D]], %[[X]] : tensor<8x3x25xbf16>, tensor<8x3x25xf32>) mean(%[[M]] : tensor<3xf32>) outs(%[[Z]], %[[Z]] : tensor<3xf64>, tensor<3xf64>) axes = [0, 2] statistics_axes = [1] accumulator = f32{{$}}
// CHECK:         %[[P:.*]]:2 = norm.combine_gradient_sums ins(%[[S]]#0, %[[S]]#1 : tensor<3xf64>, tensor<3xf64>) rstd(%[[R]] : tensor<3xf32>) outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) axes = [] statistics_axes = [0]{{$}}
// CHECK:         %[[T:.*]]:2 = norm.combine_gradient_sums ins(%[[S]]#0, %[[S]]#1 : tensor<3xf64>, tensor<3xf64>) scale(%[[G]] : tensor<3xf16>) outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>) axes = [] parameter_axes = [0]{{$}}
// CHECK:         %[[N:.*]] = linalg.fill ins(%[[C200]] : f32)
// CHECK:         %[[F:.*]]:2 = norm.gradient_finalize ins(%[[T]]#0, %[[T]]#1 : tensor<3xf32>, tensor<3xf32>) rstd(%[[R]] : tensor<3xf32>) count(%[[N]] : tensor<3xf32>)
// CHECK:         %[[DX:.*]] = norm.gradient_apply ins(%[[D]], %[[X]] : tensor<8x3x25xbf16>, tensor<8x3x25xf32>) mean(%[[M]] : tensor<3xf32>) rstd(%[[R]] : tensor<3xf32>) scale(%[[G]] : tensor<3xf16>) gradient_mean(%[[F]]#0 : tensor<3xf32>) slope(%[[F]]#1 : tensor<3xf32>) outs(%[[INIT]] : tensor<8x3x25xbf16>) statistics_axes = [1] parameter_axes = [1]
// CHECK:         %[[SCALE:.*]] = linalg.generic {{.*}} ins(%[[P]]#1 : tensor<3xf32>) outs(%[[DG]] : tensor<3xf16>)
// CHECK:           arith.truncf %{{.*}} to f16
// CHECK:         %[[BIAS:.*]] = linalg.generic {{.*}} ins(%[[P]]#0 : tensor<3xf32>) outs(%[[DB]] : tensor<3xf32>)
// CHECK:         return %[[DX]], %[[SCALE]], %[[BIAS]]
func.func @batch(%d: tensor<8x3x25xbf16>, %x: tensor<8x3x25xf32>, %m: tensor<3xf32>,
    %v: tensor<3xf32>, %g: tensor<3xf16>, %init: tensor<8x3x25xbf16>, %dg: tensor<3xf16>,
    %db: tensor<3xf32>) -> (tensor<8x3x25xbf16>, tensor<3xf16>, tensor<3xf32>) {
  %y:3 = norm.batch_norm_grad ins(%d, %x : tensor<8x3x25xbf16>, tensor<8x3x25xf32>)
      mean(%m : tensor<3xf32>) variance(%v : tensor<3xf32>) scale(%g : tensor<3xf16>)
      outs(%init : tensor<8x3x25xbf16>) scale_gradient(%dg : tensor<3xf16>)
      bias_gradient(%db : tensor<3xf32>) features = [1] epsilon = 1.0e-3
  return %y#0, %y#1, %y#2 : tensor<8x3x25xbf16>, tensor<3xf16>, tensor<3xf32>
}

// -----

// Without parameters; dynamic sizes.
// CHECK-LABEL: func @batch_input(
// CHECK-SAME:    %[[D:.*]]: tensor<?x3x?xf32>, %[[X:.*]]: tensor<?x3x?xf32>, %[[P:.*]]: tensor<3xf64>)
// CHECK-NOT:     norm.rstd
// CHECK:         %[[S:.*]]:2 = norm.gradient_sums ins(%[[D]], %[[X]] : {{.*}}) mean(%[[P]] : tensor<3xf64>) outs(%{{.*}}, %{{.*}} : tensor<3xf64>, tensor<3xf64>) axes = [0, 2] statistics_axes = [1]{{$}}
// CHECK-NOT:     norm.combine_gradient_sums
// CHECK:         %[[N:.*]] = affine.apply #{{.*}}()[%{{.*}}, %{{.*}}]
// CHECK:         %[[I:.*]] = arith.index_cast %[[N]] : index to i64
// CHECK:         %[[COUNT:.*]] = arith.sitofp %[[I]] : i64 to f64
// CHECK:         %[[COUNTS:.*]] = linalg.fill ins(%[[COUNT]] : f64)
// CHECK:         %[[F:.*]]:2 = norm.gradient_finalize ins(%[[S]]#0, %[[S]]#1 : tensor<3xf64>, tensor<3xf64>) rstd(%[[P]] : tensor<3xf64>) count(%[[COUNTS]] : tensor<3xf64>)
// CHECK:         norm.gradient_apply ins(%[[D]], %[[X]] : {{.*}}) mean(%[[P]] : tensor<3xf64>) rstd(%[[P]] : tensor<3xf64>) gradient_mean(%[[F]]#0 : tensor<3xf64>) slope(%[[F]]#1 : tensor<3xf64>) outs(%[[D]] : tensor<?x3x?xf32>)
func.func @batch_input(%d: tensor<?x3x?xf32>, %x: tensor<?x3x?xf32>, %p: tensor<3xf64>)
    -> tensor<?x3x?xf32> {
  %y = norm.batch_norm_grad ins(%d, %x : tensor<?x3x?xf32>, tensor<?x3x?xf32>)
      mean(%p : tensor<3xf64>) rstd(%p : tensor<3xf64>) outs(%d : tensor<?x3x?xf32>)
      features = [1] accumulator = f64
  return %y : tensor<?x3x?xf32>
}

// -----

// CHECK-LABEL: func @batch_parameters(
// CHECK:         %[[S:.*]]:2 = norm.gradient_sums {{.*}} axes = [0] statistics_axes = [1] accumulator = f32{{$}}
// CHECK:         %[[P:.*]]:2 = norm.combine_gradient_sums ins(%[[S]]#0, %[[S]]#1 : tensor<3xf64>, tensor<3xf64>) rstd({{.*}} axes = [] statistics_axes = [0]{{$}}
// CHECK-NOT:     norm.
// CHECK:         linalg.generic {{.*}} ins(%[[P]]#1 : tensor<3xf32>)
// CHECK:         linalg.generic {{.*}} ins(%[[P]]#0 : tensor<3xf32>)
// CHECK-NOT:     norm.
// CHECK:         return
func.func @batch_parameters(%x: tensor<8x3xf32>, %p: tensor<3xf32>)
    -> (tensor<3xf32>, tensor<3xf32>) {
  %y:2 = norm.batch_norm_grad ins(%x, %x : tensor<8x3xf32>, tensor<8x3xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) scale(%p : tensor<3xf32>)
      scale_gradient(%p : tensor<3xf32>) bias_gradient(%p : tensor<3xf32>) features = [1]
  return %y#0, %y#1 : tensor<3xf32>, tensor<3xf32>
}

// -----

// Every axis is a feature.
// CHECK-LABEL: func @features(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3xf32>, %[[P:.*]]: tensor<8x3xf32>)
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     norm.gradient_sums ins(%[[X]], %[[X]] : {{.*}}) mean(%[[P]] : tensor<8x3xf32>) rstd(%[[P]] : tensor<8x3xf32>) outs({{.*}} axes = [] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK-DAG:     norm.gradient_sums ins(%[[X]], %[[X]] : {{.*}}) mean(%[[P]] : tensor<8x3xf32>) scale(%[[P]] : tensor<8x3xf32>) outs({{.*}} axes = [] statistics_axes = [0, 1] parameter_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         linalg.fill ins(%[[ONE]] : f32)
// CHECK:         norm.gradient_finalize
// CHECK:         norm.gradient_apply
func.func @features(%x: tensor<8x3xf32>, %p: tensor<8x3xf32>) -> (tensor<8x3xf32>, tensor<8x3xf32>) {
  %y:2 = norm.batch_norm_grad ins(%x, %x : tensor<8x3xf32>, tensor<8x3xf32>)
      mean(%p : tensor<8x3xf32>) rstd(%p : tensor<8x3xf32>) scale(%p : tensor<8x3xf32>)
      outs(%x : tensor<8x3xf32>) scale_gradient(%p : tensor<8x3xf32>) features = [0, 1]
  return %y#0, %y#1 : tensor<8x3xf32>, tensor<8x3xf32>
}

// -----

// With constant statistics, the gradient of the input needs no sums.
// CHECK-LABEL: func @inference(
// CHECK-SAME:    %[[D:.*]]: tensor<8x3x25xf32>, %[[X:.*]]: tensor<8x3x25xf32>, %[[P:.*]]: tensor<3xf32>)
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[P]] : tensor<3xf32>) {{.*}} epsilon = 1.000000e-02
// CHECK:         %[[S:.*]]:2 = norm.gradient_sums ins(%[[D]], %[[X]] : {{.*}}) mean(%[[P]] : tensor<3xf32>) outs({{.*}} axes = [0, 2] statistics_axes = [1] accumulator = f32{{$}}
// CHECK:         %[[C:.*]]:2 = norm.combine_gradient_sums ins(%[[S]]#0, %[[S]]#1 : tensor<3xf64>, tensor<3xf64>) rstd(%[[R]] : tensor<3xf32>)
// CHECK:         %[[DX:.*]] = norm.normalize ins(%[[D]] : tensor<8x3x25xf32>) rstd(%[[R]] : tensor<3xf32>) scale(%[[P]] : tensor<3xf32>) outs(%[[D]] : tensor<8x3x25xf32>) statistics_axes = [1] parameter_axes = [1]
// CHECK:         %[[DB:.*]] = linalg.generic {{.*}} ins(%[[C]]#0 : tensor<3xf32>) outs(%[[P]] : tensor<3xf32>)
// CHECK:         return %[[DX]], %[[DB]]
func.func @inference(%d: tensor<8x3x25xf32>, %x: tensor<8x3x25xf32>, %p: tensor<3xf32>)
    -> (tensor<8x3x25xf32>, tensor<3xf32>) {
  %y:2 = norm.batch_norm_inference_grad ins(%d, %x : tensor<8x3x25xf32>, tensor<8x3x25xf32>)
      mean(%p : tensor<3xf32>) variance(%p : tensor<3xf32>) scale(%p : tensor<3xf32>)
      outs(%d : tensor<8x3x25xf32>) bias_gradient(%p : tensor<3xf32>)
      features = [1] epsilon = 1.0e-2
  return %y#0, %y#1 : tensor<8x3x25xf32>, tensor<3xf32>
}

// CHECK-LABEL: func @inference_input(
// CHECK-SAME:    %[[D:.*]]: tensor<8x3x25xf32>, %{{.*}}: tensor<8x3x25xf32>, %[[P:.*]]: tensor<3xf32>)
// CHECK-NEXT:    %[[DX:.*]] = norm.normalize ins(%[[D]] : tensor<8x3x25xf32>) rstd(%[[P]] : tensor<3xf32>) outs(%[[D]] : tensor<8x3x25xf32>)
// CHECK-NEXT:    return %[[DX]]
func.func @inference_input(%d: tensor<8x3x25xf32>, %x: tensor<8x3x25xf32>, %p: tensor<3xf32>)
    -> tensor<8x3x25xf32> {
  %y = norm.batch_norm_inference_grad ins(%d, %x : tensor<8x3x25xf32>, tensor<8x3x25xf32>)
      mean(%p : tensor<3xf32>) rstd(%p : tensor<3xf32>) outs(%d : tensor<8x3x25xf32>)
      features = [1]
  return %y : tensor<8x3x25xf32>
}

// It is computed in the accumulator type.
// CHECK-LABEL: func @inference_accumulator(
// CHECK-SAME:    %[[D:.*]]: tensor<8x?xf32>, %[[P:.*]]: tensor<?xf32>)
// CHECK:         %[[R:.*]] = linalg.generic {{.*}} ins(%[[P]] : tensor<?xf32>) outs(%{{.*}} : tensor<?xf64>)
// CHECK:         norm.normalize ins(%[[D]] : tensor<8x?xf32>) rstd(%[[R]] : tensor<?xf64>) outs(%[[D]] : tensor<8x?xf32>)
func.func @inference_accumulator(%d: tensor<8x?xf32>, %p: tensor<?xf32>) -> tensor<8x?xf32> {
  %y = norm.batch_norm_inference_grad ins(%d, %d : tensor<8x?xf32>, tensor<8x?xf32>)
      mean(%p : tensor<?xf32>) rstd(%p : tensor<?xf32>) outs(%d : tensor<8x?xf32>)
      features = [1] accumulator = f64
  return %y : tensor<8x?xf32>
}

// -----

// The channel axis becomes two; sums of channels are combined to those of
// groups and to the gradients of parameters.
// CHECK-LABEL: func @groups(
// CHECK-SAME:    %[[D:.*]]: tensor<4x6x5xf32>, %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[G:.*]]: tensor<6xf32>, %[[INIT:.*]]: tensor<4x6x5xf32>, %[[DG:.*]]: tensor<6xf32>)
// CHECK-DAG:     %[[C15:.*]] = arith.constant 1.500000e+01 : f32
// CHECK-DAG:     %[[DS:.*]] = tensor.expand_shape %[[D]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5]
// CHECK-DAG:     %[[XS:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5]
// CHECK-DAG:     %[[GS:.*]] = tensor.expand_shape %[[G]] {{\[\[}}0, 1]] output_shape [2, 3]
// CHECK:         %[[P:.*]]:2 = norm.gradient_sums ins(%[[DS]], %[[XS]] : tensor<4x2x3x5xf32>, tensor<4x2x3x5xf32>) mean(%[[S]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2x3xf64>, tensor<4x2x3xf64>) axes = [3] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         %[[Q:.*]]:2 = norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) rstd(%[[S]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2x3xf32>) axes = [0] statistics_axes = [0, 1]{{$}}
// CHECK:         %[[T:.*]]:2 = norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) scale(%[[GS]] : tensor<2x3xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf32>, tensor<4x2xf32>) axes = [2] parameter_axes = [1, 2]{{$}}
// CHECK:         linalg.fill ins(%[[C15]] : f32)
// CHECK:         %[[F:.*]]:2 = norm.gradient_finalize ins(%[[T]]#0, %[[T]]#1 : {{.*}}) rstd(%[[S]] : tensor<4x2xf32>)
// CHECK:         %[[IS:.*]] = tensor.expand_shape %[[INIT]] {{\[\[}}0], [1, 2], [3]] output_shape [4, 2, 3, 5]
// CHECK:         %[[Y:.*]] = norm.gradient_apply ins(%[[DS]], %[[XS]] : {{.*}}) mean(%[[S]] : tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) scale(%[[GS]] : tensor<2x3xf32>) gradient_mean(%[[F]]#0 : tensor<4x2xf32>) slope(%[[F]]#1 : tensor<4x2xf32>) outs(%[[IS]] : tensor<4x2x3x5xf32>) statistics_axes = [0, 1] parameter_axes = [1, 2]
// CHECK:         %[[DX:.*]] = tensor.collapse_shape %[[Y]] {{\[\[}}0], [1, 2], [3]]
// CHECK:         %[[QC:.*]] = tensor.collapse_shape %[[Q]]#1 {{\[\[}}0, 1]]
// CHECK:         %[[SCALE:.*]] = linalg.generic {{.*}} ins(%[[QC]] : tensor<6xf32>) outs(%[[DG]] : tensor<6xf32>)
// CHECK:         return %[[DX]], %[[SCALE]]
func.func @groups(%d: tensor<4x6x5xf32>, %x: tensor<4x6x5xf32>, %s: tensor<4x2xf32>,
    %g: tensor<6xf32>, %init: tensor<4x6x5xf32>, %dg: tensor<6xf32>)
    -> (tensor<4x6x5xf32>, tensor<6xf32>) {
  %y:2 = norm.group_norm_grad ins(%d, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) scale(%g : tensor<6xf32>)
      outs(%init : tensor<4x6x5xf32>) scale_gradient(%dg : tensor<6xf32>)
      channel = 1 num_groups = 2
  return %y#0, %y#1 : tensor<4x6x5xf32>, tensor<6xf32>
}

// -----

// Without parameters, there is one sum for each group.
// CHECK-LABEL: func @groups_plain(
// CHECK:         %[[P:.*]]:2 = norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<4x2x?x5xf32>, tensor<4x2x?x5xf32>) {{.*}} axes = [2, 3] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK-NOT:     norm.combine_gradient_sums
// CHECK:         norm.gradient_finalize ins(%[[P]]#0, %[[P]]#1 : tensor<4x2xf64>, tensor<4x2xf64>)
// CHECK:         norm.gradient_apply {{.*}} statistics_axes = [0, 1] parameter_axes = []
// CHECK:         tensor.collapse_shape %{{.*}} : tensor<4x2x?x5xf32> into tensor<4x?x5xf32>
func.func @groups_plain(%d: tensor<4x?x5xf32>, %x: tensor<4x?x5xf32>, %s: tensor<4x2xf32>)
    -> tensor<4x?x5xf32> {
  %y = norm.group_norm_grad ins(%d, %x : tensor<4x?x5xf32>, tensor<4x?x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) outs(%d : tensor<4x?x5xf32>)
      channel = 1 num_groups = 2
  return %y : tensor<4x?x5xf32>
}

// -----

// Channels innermost: rows are read as they lie, with statistics repeated for
// each channel.
// CHECK-LABEL: func @channels_last(
// CHECK-SAME:    %[[D:.*]]: tensor<4x5x6xf32>, %[[X:.*]]: tensor<4x5x6xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK:         %[[B:.*]] = linalg.broadcast ins(%[[S]] : tensor<4x2xf32>) outs(%{{.*}} : tensor<4x2x3xf32>) dimensions = [2]
// CHECK:         %[[SR:.*]] = tensor.collapse_shape %[[B]] {{\[\[}}0], [1, 2]]
// CHECK:         %[[P:.*]]:2 = norm.gradient_sums ins(%[[D]], %[[X]] : tensor<4x5x6xf32>, tensor<4x5x6xf32>) mean(%[[SR]] : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x6xf64>, tensor<4x6xf64>) axes = [1] statistics_axes = [0, 2] accumulator = f32{{$}}
// CHECK:         %[[P0:.*]] = tensor.expand_shape %[[P]]#0 {{\[\[}}0], [1, 2]] output_shape [4, 2, 3]
// CHECK:         %[[P1:.*]] = tensor.expand_shape %[[P]]#1 {{\[\[}}0], [1, 2]] output_shape [4, 2, 3]
// CHECK:         norm.combine_gradient_sums ins(%[[P0]], %[[P1]] : {{.*}}) rstd(%[[S]] : tensor<4x2xf32>) {{.*}} axes = [0] statistics_axes = [0, 1]{{$}}
// CHECK:         %[[T:.*]]:2 = norm.combine_gradient_sums ins(%[[P0]], %[[P1]] : {{.*}}) scale(%{{.*}} : tensor<2x3xf32>) {{.*}} axes = [2] parameter_axes = [1, 2]{{$}}
// CHECK:         %[[F:.*]]:2 = norm.gradient_finalize ins(%[[T]]#0, %[[T]]#1 : {{.*}}) rstd(%[[S]] : tensor<4x2xf32>)
// CHECK:         %[[B0:.*]] = linalg.broadcast ins(%[[F]]#0 : tensor<4x2xf32>)
// CHECK:         %[[A0:.*]] = tensor.collapse_shape %[[B0]]
// CHECK:         %[[B1:.*]] = linalg.broadcast ins(%[[F]]#1 : tensor<4x2xf32>)
// CHECK:         %[[A1:.*]] = tensor.collapse_shape %[[B1]]
// CHECK:         norm.gradient_apply ins(%[[D]], %[[X]] : tensor<4x5x6xf32>, tensor<4x5x6xf32>) mean(%[[SR]] : tensor<4x6xf32>) rstd(%[[SR]] : tensor<4x6xf32>) scale(%[[G]] : tensor<6xf32>) gradient_mean(%[[A0]] : tensor<4x6xf32>) slope(%[[A1]] : tensor<4x6xf32>) outs(%[[D]] : tensor<4x5x6xf32>) statistics_axes = [0, 2] parameter_axes = [2]
func.func @channels_last(%d: tensor<4x5x6xf32>, %x: tensor<4x5x6xf32>, %s: tensor<4x2xf32>,
    %g: tensor<6xf32>) -> (tensor<4x5x6xf32>, tensor<6xf32>) {
  %y:2 = norm.group_norm_grad ins(%d, %x : tensor<4x5x6xf32>, tensor<4x5x6xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) scale(%g : tensor<6xf32>)
      outs(%d : tensor<4x5x6xf32>) bias_gradient(%g : tensor<6xf32>)
      channel = 2 num_groups = 2
  return %y#0, %y#1 : tensor<4x5x6xf32>, tensor<6xf32>
}

// -----

// One group: the channels are one more reduced axis.
// CHECK-LABEL: func @one_group(
// CHECK-SAME:    %[[D:.*]]: tensor<4x6x5xf32>, %[[X:.*]]: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x1xf32>, %[[G:.*]]: tensor<6xf32>)
// CHECK-NOT:     tensor.expand_shape
// CHECK:         %[[R:.*]] = norm.rstd ins(%[[S]] : tensor<4x1xf32>)
// CHECK:         %[[MC:.*]] = tensor.collapse_shape %[[S]] {{\[\[}}0, 1]] : tensor<4x1xf32> into tensor<4xf32>
// CHECK:         %[[RC:.*]] = tensor.collapse_shape %[[R]] {{\[\[}}0, 1]] : tensor<4x1xf32> into tensor<4xf32>
// CHECK:         %[[P:.*]]:2 = norm.gradient_sums ins(%[[D]], %[[X]] : {{.*}}) mean(%[[MC]] : tensor<4xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x6xf64>, tensor<4x6xf64>) axes = [2] statistics_axes = [0] accumulator = f32{{$}}
// CHECK:         norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) rstd(%[[RC]] : tensor<4xf32>) {{.*}} axes = [0] statistics_axes = [0]{{$}}
// CHECK:         norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) scale(%[[G]] : tensor<6xf32>) {{.*}} axes = [1] parameter_axes = [1]{{$}}
// CHECK:         norm.gradient_finalize {{.*}} rstd(%[[RC]] : tensor<4xf32>)
// CHECK:         norm.gradient_apply ins(%[[D]], %[[X]] : {{.*}}) mean(%[[MC]] : tensor<4xf32>) rstd(%[[RC]] : tensor<4xf32>) scale(%[[G]] : tensor<6xf32>) {{.*}} statistics_axes = [0] parameter_axes = [1]
func.func @one_group(%d: tensor<4x6x5xf32>, %x: tensor<4x6x5xf32>, %s: tensor<4x1xf32>,
    %g: tensor<6xf32>) -> (tensor<4x6x5xf32>, tensor<6xf32>) {
  %y:2 = norm.group_norm_grad ins(%d, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x1xf32>) variance(%s : tensor<4x1xf32>) scale(%g : tensor<6xf32>)
      outs(%d : tensor<4x6x5xf32>) scale_gradient(%g : tensor<6xf32>) channel = 1 num_groups = 1
  return %y#0, %y#1 : tensor<4x6x5xf32>, tensor<6xf32>
}

// -----

// One channel a group: the channels are one more statistics axis.
// CHECK-LABEL: func @one_channel(
// CHECK-NOT:     tensor.expand_shape
// CHECK:         %[[P:.*]]:2 = norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<4x?x5xf32>, tensor<4x?x5xf32>) {{.*}} axes = [2] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) rstd(%{{.*}} : tensor<4x?xf32>) {{.*}} axes = [0] statistics_axes = [0, 1]{{$}}
// CHECK:         norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) scale(%{{.*}} : tensor<?xf32>) {{.*}} axes = [] parameter_axes = [1]{{$}}
// CHECK:         norm.gradient_apply ins(%{{.*}}, %{{.*}} : tensor<4x?x5xf32>, tensor<4x?x5xf32>) {{.*}} statistics_axes = [0, 1] parameter_axes = [1]
func.func @one_channel(%d: tensor<4x?x5xf32>, %x: tensor<4x?x5xf32>, %s: tensor<4x?xf32>,
    %g: tensor<?xf32>) -> (tensor<4x?x5xf32>, tensor<?xf32>) {
  %y:2 = norm.group_norm_grad ins(%d, %x : tensor<4x?x5xf32>, tensor<4x?x5xf32>)
      mean(%s : tensor<4x?xf32>) rstd(%s : tensor<4x?xf32>) scale(%g : tensor<?xf32>)
      outs(%d : tensor<4x?x5xf32>) bias_gradient(%g : tensor<?xf32>) channel = 1 group_size = 1
  return %y#0, %y#1 : tensor<4x?x5xf32>, tensor<?xf32>
}

// -----

// No axis besides batch and channel: partial sums would be as large as the
// input, so each kind of sums is taken of the input.
// CHECK-LABEL: func @rank_2(
// CHECK-SAME:    %{{.*}}: tensor<4x6xf32>, %{{.*}}: tensor<4x6xf32>, %[[S:.*]]: tensor<4x2xf32>, %{{.*}}: tensor<6xf32>)
// CHECK-NOT:     norm.combine_gradient_sums
// CHECK:         norm.gradient_sums ins(%[[DS:.*]], %[[XS:.*]] : tensor<4x2x3xf32>, tensor<4x2x3xf32>) mean(%[[S]] : tensor<4x2xf32>) rstd(%[[S]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<2x3xf64>, tensor<2x3xf64>) axes = [0] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         %[[T:.*]]:2 = norm.gradient_sums ins(%[[DS]], %[[XS]] : {{.*}}) mean(%[[S]] : tensor<4x2xf32>) scale(%{{.*}} : tensor<2x3xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2xf64>, tensor<4x2xf64>) axes = [2] statistics_axes = [0, 1] parameter_axes = [1, 2] accumulator = f32{{$}}
// CHECK:         norm.gradient_finalize ins(%[[T]]#0, %[[T]]#1 :
// CHECK-NOT:     norm.combine_gradient_sums
// CHECK:         return
func.func @rank_2(%d: tensor<4x6xf32>, %x: tensor<4x6xf32>, %s: tensor<4x2xf32>,
    %g: tensor<6xf32>) -> (tensor<4x6xf32>, tensor<6xf32>) {
  %y:2 = norm.group_norm_grad ins(%d, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>) scale(%g : tensor<6xf32>)
      outs(%d : tensor<4x6xf32>) scale_gradient(%g : tensor<6xf32>) channel = 1 num_groups = 2
  return %y#0, %y#1 : tensor<4x6xf32>, tensor<6xf32>
}

// -----

// Nothing is added over samples.
// CHECK-LABEL: func @per_sample(
// CHECK-SAME:    %{{.*}}: tensor<4x6x5xf32>, %{{.*}}: tensor<4x6x5xf32>, %[[S:.*]]: tensor<4x2xf32>, %[[Q:.*]]: tensor<4x6xf16>)
// CHECK:         %[[P:.*]]:2 = norm.gradient_sums {{.*}} axes = [3] statistics_axes = [0, 1] accumulator = f32{{$}}
// CHECK:         %[[C:.*]]:2 = norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : {{.*}}) rstd(%[[S]] : tensor<4x2xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x2x3xf32>, tensor<4x2x3xf32>) axes = [] statistics_axes = [0, 1]{{$}}
// CHECK:         %[[C1:.*]] = tensor.collapse_shape %[[C]]#1 {{\[\[}}0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
// CHECK:         %[[DG:.*]] = linalg.generic {{.*}} ins(%[[C1]] : tensor<4x6xf32>) outs(%[[Q]] : tensor<4x6xf16>)
// CHECK:         %[[C0:.*]] = tensor.collapse_shape %[[C]]#0 {{\[\[}}0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
// CHECK:         %[[DB:.*]] = linalg.generic {{.*}} ins(%[[C0]] : tensor<4x6xf32>) outs(%[[Q]] : tensor<4x6xf16>)
// CHECK:         return %[[DG]], %[[DB]]
func.func @per_sample(%d: tensor<4x6x5xf32>, %x: tensor<4x6x5xf32>, %s: tensor<4x2xf32>,
    %q: tensor<4x6xf16>) -> (tensor<4x6xf16>, tensor<4x6xf16>) {
  %y:2 = norm.group_norm_grad ins(%d, %x : tensor<4x6x5xf32>, tensor<4x6x5xf32>)
      mean(%s : tensor<4x2xf32>) rstd(%s : tensor<4x2xf32>)
      scale_gradient(%q : tensor<4x6xf16>) bias_gradient(%q : tensor<4x6xf16>)
      channel = 1 num_groups = 2 per_sample
  return %y#0, %y#1 : tensor<4x6xf16>, tensor<4x6xf16>
}

// -----

// Ops on memrefs become tensors first.
// CHECK-LABEL: func @memrefs(
// CHECK-NEXT:    norm.batch_norm_grad
// CHECK-NEXT:    norm.group_norm_grad
// CHECK-NEXT:    return
func.func @memrefs(%x: memref<4x6xf32>, %p: memref<6xf32>, %s: memref<4x2xf32>) {
  norm.batch_norm_grad ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      mean(%p : memref<6xf32>) rstd(%p : memref<6xf32>) outs(%x : memref<4x6xf32>) features = [1]
  norm.group_norm_grad ins(%x, %x : memref<4x6xf32>, memref<4x6xf32>)
      mean(%s : memref<4x2xf32>) rstd(%s : memref<4x2xf32>) outs(%x : memref<4x6xf32>)
      channel = 1 num_groups = 2
  return
}
