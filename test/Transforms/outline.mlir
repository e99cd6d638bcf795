// RUN: norm-opt %s --norm-outline --split-input-file | FileCheck %s

// Of all functions, in the order of their first ops. What is alike but for its
// location or what it works on is one.
// CHECK-LABEL: func @twice(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf32>, %[[P:.*]]: tensor<4xf32>, %[[Q:.*]]: tensor<4xf32>)
// CHECK:         %[[E:.*]] = tensor.empty()
// CHECK:         %[[Y:.*]] = call @norm_batch_norm_training(%[[X]], %[[P]], %[[E]])
// CHECK:         %[[Z:.*]] = call @norm_batch_norm_training(%[[Y]], %[[Q]], %[[E]])
// CHECK:         return %[[Z]]
// CHECK-LABEL: func @once(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf32>, %[[P:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<8x4xf32>)
// CHECK:         %[[Z:.*]] = call @norm_batch_norm_training(%[[X]], %[[P]], %[[Y]])
// CHECK:         return %[[Z]]
// CHECK:       func private @norm_batch_norm_training(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf32>, %[[P:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<8x4xf32>) -> tensor<8x4xf32>
// CHECK:         %[[Z:.*]] = norm.batch_norm_training ins(%[[X]] : tensor<8x4xf32>) scale(%[[P]] : tensor<4xf32>) outs(%[[Y]] : tensor<8x4xf32>) features = [1]
// CHECK:         return %[[Z]]
func.func @twice(%x: tensor<8x4xf32>, %p: tensor<4xf32>, %q: tensor<4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = norm.batch_norm_training ins(%x : tensor<8x4xf32>) scale(%p : tensor<4xf32>)
      outs(%e : tensor<8x4xf32>) features = [1]
  %z = norm.batch_norm_training ins(%y : tensor<8x4xf32>) scale(%q : tensor<4xf32>)
      outs(%e : tensor<8x4xf32>) features = [1]
  return %z : tensor<8x4xf32>
}
func.func @once(%x: tensor<8x4xf32>, %p: tensor<4xf32>, %y: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %z = norm.batch_norm_training ins(%x : tensor<8x4xf32>) scale(%p : tensor<4xf32>)
      outs(%y : tensor<8x4xf32>) features = [1]
  return %z : tensor<8x4xf32>
}

// -----

// Other attributes, types, operands, or an output that is the input.
// CHECK-LABEL: func @different(
// CHECK-NOT:     call
// CHECK:         return
func.func @different(%x: tensor<8x4xf32>, %h: tensor<8x4xf16>, %p: tensor<4xf32>, %e: tensor<8x4xf32>) {
  %0 = norm.layer_norm ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) axes = [1]
  %1 = norm.layer_norm ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) axes = [1] epsilon = 0.5
  %2 = norm.layer_norm ins(%h : tensor<8x4xf16>) outs(%e : tensor<8x4xf32>) axes = [1]
  %3 = norm.layer_norm ins(%x : tensor<8x4xf32>) scale(%p : tensor<4xf32>) outs(%e : tensor<8x4xf32>) axes = [1]
  %4 = norm.layer_norm ins(%x : tensor<8x4xf32>) bias(%p : tensor<4xf32>) outs(%e : tensor<8x4xf32>) axes = [1]
  %5 = norm.layer_norm ins(%x : tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) axes = [1]
  %6 = norm.rms_norm ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) axes = [1]
  return
}

// -----

// A name that is taken gets another one; in place, the input is the output there, too.
// CHECK-LABEL: func @in_place(
// CHECK:         %[[Y:.*]] = call @norm_layer_norm_0(%{{.*}}) : (tensor<8x4xf32>)
// CHECK:         call @norm_layer_norm_0(%[[Y]]) : (tensor<8x4xf32>)
// CHECK:       func private @norm_layer_norm_0(%[[X:.*]]: tensor<8x4xf32>) ->
// CHECK:         norm.layer_norm ins(%[[X]] : tensor<8x4xf32>) outs(%[[X]] : tensor<8x4xf32>)
func.func @in_place(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %y = norm.layer_norm ins(%x : tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) axes = [1]
  %z = norm.layer_norm ins(%y : tensor<8x4xf32>) outs(%y : tensor<8x4xf32>) axes = [1]
  return %z : tensor<8x4xf32>
}
func.func private @norm_layer_norm()

// -----

// Memory with gaps, memrefs, and loops.
// CHECK-LABEL: func @slices(
// CHECK-NOT:     call
// CHECK:         return
func.func @slices(%x: tensor<8x4xf32>, %m: memref<8x4xf32>, %e: tensor<8x2xf32>) -> tensor<8x4xf32> {
  %s = tensor.extract_slice %x[0, 1] [8, 2] [1, 1] : tensor<8x4xf32> to tensor<8x2xf32>
  %0 = norm.layer_norm ins(%s : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) axes = [1]
  %1 = norm.layer_norm ins(%s : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) axes = [1]
  norm.layer_norm ins(%m : memref<8x4xf32>) outs(%m : memref<8x4xf32>) axes = [1]
  norm.layer_norm ins(%m : memref<8x4xf32>) outs(%m : memref<8x4xf32>) axes = [1]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %y = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %x) -> (tensor<8x4xf32>) {
    %2 = norm.layer_norm ins(%a : tensor<8x4xf32>) outs(%a : tensor<8x4xf32>) axes = [1]
    %3 = norm.layer_norm ins(%2 : tensor<8x4xf32>) outs(%2 : tensor<8x4xf32>) axes = [1]
    scf.yield %3 : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// The elementwise ops that norm-gather-elementwise has marked go with their layer. What only they read has its memory
// inside, of sizes that the caller knows.
#id = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @neighbors(
// CHECK-SAME:    %[[X:.*]]: tensor<?x4xf32>, %[[R:.*]]: tensor<?x4xf32>, %[[N:.*]]: index)
// CHECK:         %[[E:.*]] = tensor.empty(%[[N]]) : tensor<?x4xf32>
// CHECK-NEXT:    %[[Y:.*]] = call @norm_layer_norm(%[[X]], %[[R]], %[[E]], %[[N]])
// CHECK-NEXT:    call @norm_layer_norm(%[[Y]], %[[R]], %[[E]], %[[N]])
// CHECK:       func private @norm_layer_norm(
// CHECK-SAME:    %[[X:.*]]: tensor<?x4xf32>, %[[R:.*]]: tensor<?x4xf32>, %[[E:.*]]: tensor<?x4xf32>, %[[N:.*]]: index)
// CHECK-DAG:     %[[C:.*]] = arith.constant 0.0
// CHECK-DAG:     %[[OWN:.*]] = tensor.empty(%[[N]])
// CHECK:         %[[Y:.*]] = norm.layer_norm ins(%[[X]] {{.*}} outs(%[[OWN]]
// CHECK:         %[[Z:.*]] = linalg.generic {{.*}} ins(%[[Y]], %[[R]], %[[C]] {{.*}} outs(%[[E]]
// CHECK:         return %[[Z]]
func.func @neighbors(%x: tensor<?x4xf32>, %r: tensor<?x4xf32>, %n: index) -> tensor<?x4xf32> {
  %c = arith.constant 0.0 : f32
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %y = norm.layer_norm ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) axes = [1]
  %z = linalg.generic {indexing_maps = [#id, #id, affine_map<(d0, d1) -> ()>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %r, %c : tensor<?x4xf32>, tensor<?x4xf32>, f32) outs(%e : tensor<?x4xf32>) attrs = {norm.elementwise} {
    ^bb0(%a: f32, %b: f32, %zero: f32, %out: f32):
      %sum = arith.addf %a, %b : f32
      %max = arith.maximumf %sum, %zero : f32
      linalg.yield %max : f32
  } -> tensor<?x4xf32>
  %y2 = norm.layer_norm ins(%z : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) axes = [1]
  %z2 = linalg.generic {indexing_maps = [#id, #id, affine_map<(d0, d1) -> ()>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y2, %r, %c : tensor<?x4xf32>, tensor<?x4xf32>, f32) outs(%e : tensor<?x4xf32>) attrs = {norm.elementwise} {
    ^bb0(%a: f32, %b: f32, %zero: f32, %out: f32):
      %sum = arith.addf %a, %b : f32
      %max = arith.maximumf %sum, %zero : f32
      linalg.yield %max : f32
  } -> tensor<?x4xf32>
  return %z2 : tensor<?x4xf32>
}

// -----

// What another op needs before the last one of them stays outside.
#id = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @between(
// CHECK:         %[[Y:.*]] = call @norm_layer_norm(
// CHECK:         %[[F:.*]] = call @other(%[[Y]])
// CHECK:         linalg.generic {{.*}} ins(%[[Y]], %[[F]]
// CHECK:         call @norm_layer_norm(
func.func private @other(tensor<8x4xf32>) -> tensor<8x4xf32>
func.func @between(%x: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %y = norm.layer_norm ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) axes = [1]
  %f = call @other(%y) : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %z = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %f : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) attrs = {norm.elementwise} {
    ^bb0(%a: f32, %b: f32, %out: f32):
      %sum = arith.addf %a, %b : f32
      linalg.yield %sum : f32
  } -> tensor<8x4xf32>
  %y2 = norm.layer_norm ins(%f : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) axes = [1]
  return %z, %y2 : tensor<8x4xf32>, tensor<8x4xf32>
}
