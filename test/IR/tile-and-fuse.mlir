// RUN: norm-opt %s --transform-interpreter --canonicalize --cse --split-input-file | FileCheck %s

// Upstream's tiling and fusion work on all ops.

// A batch norm along its features.
// CHECK-LABEL: func @tile_training(
// CHECK-SAME:    %[[X:.*]]: tensor<4x16x25xf32>, %[[P:.*]]: tensor<16xf32>, %[[INIT:.*]]: tensor<4x16x25xf32>)
// CHECK:         scf.forall (%[[I:.*]]) in (4) shared_outs(%[[Y:.*]] = %[[INIT]])
// CHECK:           %[[C:.*]] = affine.apply
// CHECK-DAG:       %[[XS:.*]] = tensor.extract_slice %[[X]][0, %[[C]], 0] [4, 4, 25] [1, 1, 1]
// CHECK-DAG:       %[[PS:.*]] = tensor.extract_slice %[[P]][%[[C]]] [4] [1]
// CHECK-DAG:       %[[YS:.*]] = tensor.extract_slice %[[Y]][0, %[[C]], 0] [4, 4, 25] [1, 1, 1]
// CHECK:           norm.batch_norm_training ins(%[[XS]] : tensor<4x4x25xf32>) scale(%[[PS]] : tensor<4xf32>) outs(%[[YS]] : tensor<4x4x25xf32>) features = [1]
func.func @tile_training(%x: tensor<4x16x25xf32>, %p: tensor<16xf32>,
    %init: tensor<4x16x25xf32>) -> tensor<4x16x25xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<4x16x25xf32>) scale(%p : tensor<16xf32>)
      outs(%init : tensor<4x16x25xf32>) features = [1]
  return %y : tensor<4x16x25xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.batch_norm_training"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Sizes that do not divide.
// CHECK-DAG:   #[[$MIN:.*]] = affine_map<(d0) -> (-d0 + 16, 5)>
// CHECK-LABEL: func @tile_uneven(
// CHECK:         scf.for %[[C:.*]] = %{{.*}} to %{{.*}} step %{{.*}}
// CHECK:           %[[SIZE:.*]] = affine.min #[[$MIN]](%[[C]])
// CHECK:           tensor.extract_slice %{{.*}}[0, %[[C]], 0] [4, %[[SIZE]], 25] [1, 1, 1]
// CHECK:           norm.batch_norm_training ins(%{{.*}} : tensor<4x?x25xf32>)
func.func @tile_uneven(%x: tensor<4x16x25xf32>, %init: tensor<4x16x25xf32>) -> tensor<4x16x25xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<4x16x25xf32>)
      outs(%init : tensor<4x16x25xf32>) features = [1]
  return %y : tensor<4x16x25xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.batch_norm_training"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %op tile_sizes [5]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A group norm by samples and groups: two groups of five channels.
// CHECK-DAG:   #[[$TIMES2:.*]] = affine_map<(d0) -> (d0 * 2)>
// CHECK-DAG:   #[[$TIMES10:.*]] = affine_map<(d0) -> (d0 * 10)>
// CHECK-LABEL: func @tile_group(
// CHECK-SAME:    %[[X:.*]]: tensor<4x20x25xf32>, %[[P:.*]]: tensor<20xf32>, %[[S:.*]]: tensor<4x4xf32>
// CHECK:         scf.forall (%[[N:.*]], %[[I:.*]]) in (4, 2)
// CHECK-DAG:       %[[G:.*]] = affine.apply #[[$TIMES2]](%[[I]])
// CHECK-DAG:       %[[C:.*]] = affine.apply #[[$TIMES10]](%[[I]])
// CHECK-DAG:       %[[XS:.*]] = tensor.extract_slice %[[X]][%[[N]], %[[C]], 0] [1, 10, 25] [1, 1, 1]
// CHECK-DAG:       %[[PS:.*]] = tensor.extract_slice %[[P]][%[[C]]] [10] [1]
// CHECK-DAG:       tensor.extract_slice %{{.*}}[%[[N]], %[[G]]] [1, 2] [1, 1]
// CHECK:           norm.group_norm ins(%[[XS]] : tensor<1x10x25xf32>) scale(%[[PS]] : tensor<10xf32>) {{.*}} channel = 1 num_groups = 2
func.func @tile_group(%x: tensor<4x20x25xf32>, %p: tensor<20xf32>, %s: tensor<4x4xf32>)
    -> (tensor<4x20x25xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %y:3 = norm.group_norm ins(%x : tensor<4x20x25xf32>) scale(%p : tensor<20xf32>)
      outs(%x : tensor<4x20x25xf32>) statistics(%s, %s : tensor<4x4xf32>, tensor<4x4xf32>)
      channel = 1 num_groups = 4
  return %y#0, %y#1, %y#2 : tensor<4x20x25xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.group_norm"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_forall %op tile_sizes [1, 2]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A number of groups in a tile that is known only at run time: the channels of
// a group are an attribute instead.
// CHECK-LABEL: func @tile_group_uneven(
// CHECK:         norm.group_norm ins(%{{.*}} : tensor<4x?x25xf32>) {{.*}} channel = 1 group_size = 5
func.func @tile_group_uneven(%x: tensor<4x20x25xf32>, %p: tensor<20xf32>) -> tensor<4x20x25xf32> {
  %y = norm.group_norm ins(%x : tensor<4x20x25xf32>) scale(%p : tensor<20xf32>)
      outs(%x : tensor<4x20x25xf32>) channel = 1 num_groups = 4
  return %y : tensor<4x20x25xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.group_norm"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %op tile_sizes [0, 3]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// An elementwise consumer is tiled, and inference with a producer fuses into it.
// CHECK-LABEL: func @fuse_inference(
// CHECK-SAME:    %[[X:.*]]: tensor<4x16x25xf32>, %[[P:.*]]: tensor<16xf32>
// CHECK:         scf.forall (%[[N:.*]], %{{.*}}) in (4, 4)
// CHECK:           %[[XS:.*]] = tensor.extract_slice %[[X]]
// CHECK:           %[[A:.*]] = linalg.generic {{.*}} ins(%[[XS]] : tensor<1x4x25xf32>)
// CHECK:           %[[B:.*]] = norm.batch_norm_inference ins(%[[A]] : tensor<1x4x25xf32>) statistics(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>)
// CHECK:           linalg.generic {{.*}} ins(%[[B]] : tensor<1x4x25xf32>)
#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @fuse_inference(%x: tensor<4x16x25xf32>, %p: tensor<16xf32>) -> tensor<4x16x25xf32> {
  %init = tensor.empty() : tensor<4x16x25xf32>
  %a = linalg.generic {indexing_maps = [#map, #map],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : tensor<4x16x25xf32>) outs(%init : tensor<4x16x25xf32>) attrs = {producer} {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  } -> tensor<4x16x25xf32>
  %b = norm.batch_norm_inference ins(%a : tensor<4x16x25xf32>)
      statistics(%p, %p : tensor<16xf32>, tensor<16xf32>)
      outs(%init : tensor<4x16x25xf32>) features = [1]
  %c = linalg.generic {indexing_maps = [#map, #map],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%b : tensor<4x16x25xf32>) outs(%init : tensor<4x16x25xf32>) attrs = {consumer} {
  ^bb0(%in: f32, %out: f32):
    %0 = math.absf %in : f32
    linalg.yield %0 : f32
  } -> tensor<4x16x25xf32>
  return %c : tensor<4x16x25xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %consumer = transform.structured.match attributes{consumer} in %root
        : (!transform.any_op) -> !transform.any_op
    %norm = transform.structured.match ops{["norm.batch_norm_inference"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %producer = transform.structured.match attributes{producer} in %root
        : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %consumer tile_sizes [1, 4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %0, %1 = transform.structured.fuse_into_containing_op %norm into %forall
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    %2, %3 = transform.structured.fuse_into_containing_op %producer into %1
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A group norm, tiled along its groups, into a consumer that is tiled by as
// many channels.
// CHECK-LABEL: func @fuse_group(
// CHECK:         scf.for
// CHECK:           %[[G:.*]] = norm.group_norm ins(%{{.*}} : tensor<1x20x25xf32>)
// CHECK:           linalg.generic {{.*}} ins(%[[G]] : tensor<1x20x25xf32>)
#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @fuse_group(%x: tensor<4x20x25xf32>) -> tensor<4x20x25xf32> {
  %init = tensor.empty() : tensor<4x20x25xf32>
  %b = norm.group_norm ins(%x : tensor<4x20x25xf32>)
      outs(%init : tensor<4x20x25xf32>) channel = 1 num_groups = 4
  %c = linalg.generic {indexing_maps = [#map, #map],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%b : tensor<4x20x25xf32>) outs(%init : tensor<4x20x25xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.absf %in : f32
    linalg.yield %0 : f32
  } -> tensor<4x20x25xf32>
  return %c : tensor<4x20x25xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linalg.generic"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %0, %1 = transform.structured.fuse %op tile_sizes [1]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Kernel ops: a producer fuses with the moments, whose reduced loop is tiled;
// the moments go around.
// CHECK-LABEL: func @fuse_moments(
// CHECK-SAME:    %[[X:.*]]: tensor<64x32xf32>, %[[INIT:.*]]: tensor<32xf32>)
// CHECK:         %[[M:.*]]:3 = scf.for %[[I:.*]] = {{.*}} iter_args(%[[A:.*]] = %[[INIT]], %[[B:.*]] = %[[INIT]], %[[C:.*]] = %[[INIT]])
// CHECK:           %[[XS:.*]] = tensor.extract_slice %[[X]][%[[I]], 0] [8, 32] [1, 1]
// CHECK:           %[[P:.*]] = linalg.generic {{.*}} ins(%[[XS]] : tensor<8x32xf32>)
// CHECK:           %[[R:.*]]:3 = norm.moments ins(%[[P]] : tensor<8x32xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<32xf32>, tensor<32xf32>, tensor<32xf32>) axes = [0]
// CHECK:         return %[[M]]#0, %[[M]]#1, %[[M]]#2
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @fuse_moments(%x: tensor<64x32xf32>, %init: tensor<32xf32>)
    -> (tensor<32xf32>, tensor<32xf32>, tensor<32xf32>) {
  %e = tensor.empty() : tensor<64x32xf32>
  %a = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<64x32xf32>) outs(%e : tensor<64x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  } -> tensor<64x32xf32>
  %m:3 = norm.moments ins(%a : tensor<64x32xf32>)
      outs(%init, %init, %init : tensor<32xf32>, tensor<32xf32>, tensor<32xf32>) axes = [0]
  return %m#0, %m#1, %m#2 : tensor<32xf32>, tensor<32xf32>, tensor<32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["norm.moments"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %0, %1 = transform.structured.fuse %op tile_sizes [8]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A consumer and the reciprocal standard deviation fuse with normalize.
// CHECK-LABEL: func @fuse_normalize(
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (8, 2)
// CHECK:           %[[R:.*]] = norm.rstd ins(%{{.*}} : tensor<16xf32>)
// CHECK:           %[[Y:.*]] = norm.normalize ins(%{{.*}} : tensor<8x16xf32>) rstd(%[[R]] : tensor<16xf32>)
// CHECK:           linalg.generic {{.*}} ins(%[[Y]] : tensor<8x16xf32>)
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @fuse_normalize(%x: tensor<64x32xf32>, %v: tensor<32xf32>) -> tensor<64x32xf32> {
  %e = tensor.empty() : tensor<64x32xf32>
  %p = tensor.empty() : tensor<32xf32>
  %r = norm.rstd ins(%v : tensor<32xf32>) outs(%p : tensor<32xf32>)
  %y = norm.normalize ins(%x : tensor<64x32xf32>) rstd(%r : tensor<32xf32>)
      outs(%e : tensor<64x32xf32>) statistics_axes = [1] parameter_axes = []
  %c = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<64x32xf32>) outs(%e : tensor<64x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.absf %in : f32
    linalg.yield %0 : f32
  } -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linalg.generic"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %normalize = transform.structured.match ops{["norm.normalize"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %rstd = transform.structured.match ops{["norm.rstd"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [8, 16]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %0, %1 = transform.structured.fuse_into_containing_op %normalize into %forall
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    %2, %3 = transform.structured.fuse_into_containing_op %rstd into %1
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// The other kernel ops, tiled by four.
// CHECK-LABEL: func @tile_kernel_ops(
// CHECK:         norm.shift ins(%{{.*}} : tensor<8x4xf32>) outs(%{{.*}} : tensor<4xf32>) axes = [0]
// CHECK:         norm.combine_moments ins(%{{.*}} : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) {{.*}} axes = [0]
// CHECK:         norm.finalize ins(%{{.*}} : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {{.*}} running(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>)
func.func @tile_kernel_ops(%x: tensor<8x16xf32>, %p: tensor<16xf32>)
    -> (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %k = norm.shift ins(%x : tensor<8x16xf32>) outs(%p : tensor<16xf32>) axes = [0]
  %m:3 = norm.combine_moments ins(%x, %x, %x : tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>)
      outs(%p, %p, %p : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) axes = [0]
  %f:4 = norm.finalize ins(%p, %p, %p : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>)
      outs(%p, %p : tensor<16xf32>, tensor<16xf32>)
      running(%p, %p : tensor<16xf32>, tensor<16xf32>)
  return %k, %m#2, %f#3 : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %shift = transform.structured.match ops{["norm.shift", "norm.finalize"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %shift tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %combine = transform.structured.match ops{["norm.combine_moments"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %combine tile_sizes [0, 4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// The gradients of some groups, of all samples: the sums are whole. Kernel ops of
// gradients by features, and a sum by rows, which is added to what it had.
// CHECK-LABEL: func @tile_gradients(
// CHECK:         scf.for
// CHECK:           norm.group_norm_grad ins(%{{.*}} : tensor<4x5x25xf32>, tensor<4x5x25xf32>) mean(%{{.*}} : tensor<4x1xf32>) {{.*}} bias_gradient(%{{.*}} : tensor<5xf32>) channel = 1 num_groups = 1
// CHECK:         %{{.*}}:2 = scf.for %[[I:.*]] = {{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}})
// CHECK:           %[[RS:.*]] = tensor.extract_slice %{{.*}}[%[[I]]] [2] [1] : tensor<8xf32> to tensor<2xf32>
// CHECK:           norm.gradient_sums ins(%{{.*}} : tensor<2x16xf32>, tensor<2x16xf32>) rstd(%[[RS]] : tensor<2xf32>)
// CHECK:         scf.for
// CHECK:           norm.combine_gradient_sums ins(%{{.*}} : tensor<8x4xf32>, tensor<8x4xf32>) scale(%{{.*}} : tensor<4xf32>) outs(%{{.*}} : tensor<4xf32>, tensor<4xf32>)
// CHECK:         scf.for
// CHECK:           norm.gradient_finalize ins(%{{.*}} : tensor<4xf32>, tensor<4xf32>) rstd(%{{.*}} : tensor<4xf32>) count(%{{.*}} : tensor<4xf32>)
func.func @tile_gradients(%d: tensor<4x15x25xf32>, %s: tensor<4x3xf32>, %b: tensor<15xf32>,
    %x: tensor<8x16xf32>, %r: tensor<8xf32>, %p: tensor<16xf32>)
    -> (tensor<15xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %g = norm.group_norm_grad ins(%d, %d : tensor<4x15x25xf32>, tensor<4x15x25xf32>)
      mean(%s : tensor<4x3xf32>) rstd(%s : tensor<4x3xf32>) bias_gradient(%b : tensor<15xf32>)
      channel = 1 num_groups = 3
  %a:2 = norm.gradient_sums ins(%x, %x : tensor<8x16xf32>, tensor<8x16xf32>)
      rstd(%r : tensor<8xf32>) outs(%p, %p : tensor<16xf32>, tensor<16xf32>)
      axes = [0] statistics_axes = [0]
  %c:2 = norm.combine_gradient_sums ins(%x, %x : tensor<8x16xf32>, tensor<8x16xf32>)
      scale(%p : tensor<16xf32>) outs(%p, %p : tensor<16xf32>, tensor<16xf32>)
      axes = [0] parameter_axes = [1]
  %f:2 = norm.gradient_finalize ins(%p, %p : tensor<16xf32>, tensor<16xf32>)
      rstd(%p : tensor<16xf32>) count(%p : tensor<16xf32>)
      outs(%p, %p : tensor<16xf32>, tensor<16xf32>)
  return %g, %a#0, %c#0, %f#0 : tensor<15xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %group = transform.structured.match ops{["norm.group_norm_grad"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %group tile_sizes [0, 1]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %sums = transform.structured.match ops{["norm.gradient_sums"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %sums tile_sizes [2]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %combine = transform.structured.match ops{["norm.combine_gradient_sums"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %combine tile_sizes [0, 4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %finalize = transform.structured.match ops{["norm.gradient_finalize"]} in %root
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %finalize tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
