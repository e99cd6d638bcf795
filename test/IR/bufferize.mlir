// RUN: norm-opt %s --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" --split-input-file | FileCheck %s

// In place where the caller allows it, without any copy.
// CHECK-LABEL: func @in_place(
// CHECK-SAME:    %[[X:.*]]: memref<4x6xf32>, %[[G:.*]]: memref<6xf32>, %[[Y:.*]]: memref<4x6xf32>, %[[M:.*]]: memref<6xf32>, %[[V:.*]]: memref<6xf32>)
// CHECK-NEXT:    norm.batch_norm_training ins(%[[X]] : memref<4x6xf32>) scale(%[[G]] : memref<6xf32>) outs(%[[Y]] : memref<4x6xf32>) running(%[[M]], %[[V]] : memref<6xf32>, memref<6xf32>) features = [1] momentum = 5.000000e-01 {name = "bn"}
// CHECK-NEXT:    return %[[Y]], %[[M]], %[[V]]
func.func @in_place(%x: tensor<4x6xf32>, %g: tensor<6xf32>, %y: tensor<4x6xf32>,
    %m: tensor<6xf32>, %v: tensor<6xf32>) -> (tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<4x6xf32>) scale(%g : tensor<6xf32>)
      outs(%y : tensor<4x6xf32>) running(%m, %v : tensor<6xf32>, tensor<6xf32>)
      features = [1] momentum = 0.5 {name = "bn"}
  return %0#0, %0#1, %0#2 : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// The output is not read, so that what it held is not copied; running
// statistics are, so they are.
// CHECK-LABEL: func @not_writable(
// CHECK-SAME:    %[[X:.*]]: memref<4x6xf32>, %[[M:.*]]: memref<6xf32>, %[[V:.*]]: memref<6xf32>)
// CHECK-DAG:     %[[Y:.*]] = memref.alloc() {{.*}} : memref<4x6xf32>
// CHECK-DAG:     %[[M2:.*]] = memref.alloc() {{.*}} : memref<6xf32>
// CHECK-DAG:     memref.copy %[[M]], %[[M2]]
// CHECK-DAG:     %[[V2:.*]] = memref.alloc() {{.*}} : memref<6xf32>
// CHECK-DAG:     memref.copy %[[V]], %[[V2]]
// CHECK-NOT:     memref.copy %[[X]]
// CHECK:         norm.batch_norm_training ins(%[[X]] : memref<4x6xf32>) outs(%[[Y]] : memref<4x6xf32>) running(%[[M2]], %[[V2]] : memref<6xf32>, memref<6xf32>)
// CHECK-NOT:     memref.copy
// CHECK:         return %[[Y]], %[[M2]], %[[V2]]
func.func @not_writable(%x: tensor<4x6xf32> {bufferization.writable = false},
    %m: tensor<6xf32> {bufferization.writable = false},
    %v: tensor<6xf32> {bufferization.writable = false})
    -> (tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0:3 = norm.batch_norm_training ins(%x : tensor<4x6xf32>)
      outs(%x : tensor<4x6xf32>) running(%m, %v : tensor<6xf32>, tensor<6xf32>) features = [1]
  return %0#0, %0#1, %0#2 : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// An input that is needed after the op is not overwritten.
// CHECK-LABEL: func @used_later(
// CHECK-SAME:    %[[X:.*]]: memref<4x6xf32>)
// CHECK:         %[[Y:.*]] = memref.alloc()
// CHECK:         norm.group_norm ins(%[[X]] : memref<4x6xf32>) outs(%[[Y]] : memref<4x6xf32>) channel = 1 num_groups = 2
// CHECK:         return %[[Y]], %[[X]]
func.func @used_later(%x: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %0 = norm.group_norm ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      channel = 1 num_groups = 2
  return %0, %x : tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// The moments are added to what the inits hold.
// CHECK-LABEL: func @accumulates(
// CHECK-SAME:    %[[X:.*]]: memref<4x6xf32>, %[[A:.*]]: memref<6xf32>, %[[B:.*]]: memref<6xf32>, %[[C:.*]]: memref<6xf32>)
// CHECK:         memref.copy %[[A]], %[[A2:.*]] : memref<6xf32> to memref<6xf32>
// CHECK:         norm.moments ins(%[[X]] : memref<4x6xf32>) outs(%[[A2]], %[[B]], %[[C]] : memref<6xf32>, memref<6xf32>, memref<6xf32>) axes = [0]
func.func @accumulates(%x: tensor<4x6xf32>, %a: tensor<6xf32> {bufferization.writable = false},
    %b: tensor<6xf32>, %c: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0:3 = norm.moments ins(%x : tensor<4x6xf32>)
      outs(%a, %b, %c : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) axes = [0]
  return %0#0, %0#1, %0#2 : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>
}

// -----

// Every op, alone.
// CHECK-LABEL: func @inference(
// CHECK:         {{^ *}}norm.batch_norm_inference ins(%{{.*}} : memref<?x6xf16>) statistics(%{{.*}}, %{{.*}} : memref<6xf32>, memref<6xf32>) outs(%{{.*}} : memref<?x6xf16>) features = [1]
func.func @inference(%x: tensor<?x6xf16>, %m: tensor<6xf32>) -> tensor<?x6xf16> {
  %0 = norm.batch_norm_inference ins(%x : tensor<?x6xf16>)
      statistics(%m, %m : tensor<6xf32>, tensor<6xf32>) outs(%x : tensor<?x6xf16>) features = [1]
  return %0 : tensor<?x6xf16>
}

// CHECK-LABEL: func @shift(
// CHECK:         {{^ *}}norm.shift ins(%{{.*}} : memref<4x6xf32>) outs(%{{.*}} : memref<f32>) axes = [0, 1]
func.func @shift(%x: tensor<4x6xf32>, %k: tensor<f32>) -> tensor<f32> {
  %0 = norm.shift ins(%x : tensor<4x6xf32>) outs(%k : tensor<f32>) axes = [0, 1]
  return %0 : tensor<f32>
}

// CHECK-LABEL: func @combine_moments(
// CHECK:         {{^ *}}norm.combine_moments ins(%{{.*}}, %{{.*}}, %{{.*}} : memref<4x6xf32>, memref<4x6xf32>, memref<4x6xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : memref<6xf32>, memref<6xf32>, memref<6xf32>) axes = [0]
func.func @combine_moments(%x: tensor<4x6xf32>, %a: tensor<6xf32>, %b: tensor<6xf32>,
    %c: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0:3 = norm.combine_moments ins(%x, %x, %x : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>)
      outs(%a, %b, %c : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) axes = [0]
  return %0#0, %0#1, %0#2 : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>
}

// CHECK-LABEL: func @finalize(
// CHECK:         {{^ *}}norm.finalize ins(%{{.*}}, %{{.*}}, %{{.*}} : memref<6xf32>, memref<6xf32>, memref<6xf32>) outs(%{{.*}}, %{{.*}} : memref<6xf32>, memref<6xf32>) running(%{{.*}}, %{{.*}} : memref<6xf32>, memref<6xf32>)
func.func @finalize(%n: tensor<6xf32>, %a: tensor<6xf32>, %b: tensor<6xf32>, %c: tensor<6xf32>,
    %d: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0:4 = norm.finalize ins(%n, %n, %n : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>)
      outs(%a, %b : tensor<6xf32>, tensor<6xf32>) running(%c, %d : tensor<6xf32>, tensor<6xf32>)
  return %0#0, %0#1, %0#2, %0#3 : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>
}

// CHECK-LABEL: func @rstd(
// CHECK:         {{^ *}}norm.rstd ins(%{{.*}} : memref<6xf32>) outs(%{{.*}} : memref<6xf32>)
func.func @rstd(%v: tensor<6xf32>) -> tensor<6xf32> {
  %0 = norm.rstd ins(%v : tensor<6xf32>) outs(%v : tensor<6xf32>)
  return %0 : tensor<6xf32>
}

// CHECK-LABEL: func @normalize(
// CHECK:         {{^ *}}norm.normalize ins(%{{.*}} : memref<4x6xf32>) bias(%{{.*}} : memref<6xf32>) outs(%{{.*}} : memref<4x6xf32>) statistics_axes = [] parameter_axes = [1]
func.func @normalize(%x: tensor<4x6xf32>, %b: tensor<6xf32>) -> tensor<4x6xf32> {
  %0 = norm.normalize ins(%x : tensor<4x6xf32>) bias(%b : tensor<6xf32>)
      outs(%x : tensor<4x6xf32>) statistics_axes = [] parameter_axes = [1]
  return %0 : tensor<4x6xf32>
}

// CHECK-LABEL: func @batch_norm_grad(
// CHECK-NOT:     memref.copy
// CHECK:         {{^ *}}norm.batch_norm_grad ins(%{{.*}}, %{{.*}} : memref<4x6xf32>, memref<4x6xf32>) mean(%{{.*}} : memref<6xf32>) rstd(%{{.*}} : memref<6xf32>) outs(%{{.*}} : memref<4x6xf32>) bias_gradient(%{{.*}} : memref<6xf32>) features = [1]
func.func @batch_norm_grad(%d: tensor<4x6xf32>, %x: tensor<4x6xf32>, %p: tensor<6xf32>,
    %c: tensor<6xf32>) -> (tensor<4x6xf32>, tensor<6xf32>) {
  %0:2 = norm.batch_norm_grad ins(%d, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      mean(%p : tensor<6xf32>) rstd(%p : tensor<6xf32>) outs(%d : tensor<4x6xf32>)
      bias_gradient(%c : tensor<6xf32>) features = [1]
  return %0#0, %0#1 : tensor<4x6xf32>, tensor<6xf32>
}

// What partial sums are added to is kept.
// CHECK-LABEL: func @combine_gradient_sums(
// CHECK-SAME:    %[[X:.*]]: memref<4x6xf32>, %[[A:.*]]: memref<6xf32>, %[[B:.*]]: memref<6xf32>)
// CHECK:         memref.copy %[[A]], %[[A2:.*]] : memref<6xf32> to memref<6xf32>
// CHECK:         {{^ *}}norm.combine_gradient_sums ins(%[[X]], %[[X]] : memref<4x6xf32>, memref<4x6xf32>) outs(%[[A2]], %[[B]] : memref<6xf32>, memref<6xf32>) axes = [0]
func.func @combine_gradient_sums(%x: tensor<4x6xf32>,
    %a: tensor<6xf32> {bufferization.writable = false}, %b: tensor<6xf32>)
    -> (tensor<6xf32>, tensor<6xf32>) {
  %0:2 = norm.combine_gradient_sums ins(%x, %x : tensor<4x6xf32>, tensor<4x6xf32>)
      outs(%a, %b : tensor<6xf32>, tensor<6xf32>) axes = [0]
  return %0#0, %0#1 : tensor<6xf32>, tensor<6xf32>
}

// -----

// Already on memrefs.
// CHECK-LABEL: func @memrefs(
// CHECK-NEXT:    norm.rstd ins(%{{.*}} : memref<6xf32>) outs(%{{.*}} : memref<6xf32>)
func.func @memrefs(%v: memref<6xf32>) {
  norm.rstd ins(%v : memref<6xf32>) outs(%v : memref<6xf32>)
  return
}

// -----

// What is staged may be its source: it is copied before that is overwritten.
// CHECK-LABEL: func @staged(
// CHECK-SAME:    %[[X:.*]]: memref<?xf32>, %[[V:.*]]: f32
// CHECK:         %[[S:.*]] = norm.stage %[[X]] within 100 : memref<?xf32>
// CHECK:         %[[A:.*]] = memref.alloc(
// CHECK:         memref.copy %[[S]], %[[A]]
// CHECK:         linalg.fill ins(%[[V]] : f32) outs(%[[X]] : memref<?xf32>)
// CHECK:         linalg.add ins(%[[A]], %[[X]] : memref<?xf32>, memref<?xf32>)
func.func @staged(%x: tensor<?xf32>, %v: f32) -> tensor<?xf32> {
  %0 = norm.stage %x within 100 : tensor<?xf32>
  %1 = linalg.fill ins(%v : f32) outs(%x : tensor<?xf32>) -> tensor<?xf32>
  %2 = linalg.add ins(%0, %1 : tensor<?xf32>, tensor<?xf32>) outs(%1 : tensor<?xf32>) -> tensor<?xf32>
  return %2 : tensor<?xf32>
}
