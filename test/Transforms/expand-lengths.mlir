// RUN: norm-opt %s --norm-expand-lengths --split-input-file | FileCheck %s

// The mask has the axes of the lengths and that of the sequence.
// CHECK: #[[$OTHERS:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK: #[[$ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x5xf32>, %[[L:.*]]: tensor<8xi32>)
// CHECK:         %[[EMPTY:.*]] = tensor.empty() : tensor<8x5xi1>
// CHECK:         %[[M:.*]] = linalg.generic {indexing_maps = [#[[$OTHERS]], #[[$ALL]]], iterator_types = ["parallel", "parallel"]} ins(%[[L]] : tensor<8xi32>) outs(%[[EMPTY]] : tensor<8x5xi1>)
// CHECK-NEXT:      ^bb0(%[[LENGTH:.*]]: i32, %{{.*}}: i1):
// CHECK-NEXT:        %[[I:.*]] = linalg.index 1 : index
// CHECK-NEXT:        %[[END:.*]] = arith.index_cast %[[LENGTH]] : i32 to index
// CHECK-NEXT:        %[[SELECTED:.*]] = arith.cmpi slt, %[[I]], %[[END]] : index
// CHECK-NEXT:        linalg.yield %[[SELECTED]] : i1
// CHECK:         norm.batch_norm_training ins(%[[X]] : tensor<8x3x5xf32>) mask(%[[M]] : tensor<8x5xi1>) outs(%[[X]] : tensor<8x3x5xf32>) features = [1] mask_axes = [0, 2] unselected = normalize{{$}}
func.func @training(%x: tensor<8x3x5xf32>, %l: tensor<8xi32>) -> tensor<8x3x5xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<8x3x5xf32>) lengths(%l : tensor<8xi32>)
      outs(%x : tensor<8x3x5xf32>) features = [1] mask_axes = [0] sequence_axis = 2
      unselected = normalize
  return %y : tensor<8x3x5xf32>
}

// -----

// A sequence between the axes of the lengths, and sizes known at run time.
// CHECK: #[[$OTHERS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-LABEL: func @between(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?xf32>, {{.*}}, %[[L:.*]]: tensor<?x?xi64>)
// CHECK-DAG:     %[[D0:.*]] = tensor.dim %[[X]], %c0
// CHECK-DAG:     %[[D1:.*]] = tensor.dim %[[X]], %c1
// CHECK-DAG:     %[[D2:.*]] = tensor.dim %[[X]], %c2
// CHECK:         %[[EMPTY:.*]] = tensor.empty(%[[D0]], %[[D1]], %[[D2]]) : tensor<?x?x?xi1>
// CHECK:         %[[M:.*]] = linalg.generic {indexing_maps = [#[[$OTHERS]], #{{.*}}], {{.*}}} ins(%[[L]] : tensor<?x?xi64>)
// CHECK:           linalg.index 1 : index
// CHECK:           arith.index_cast %{{.*}} : i64 to index
// CHECK:         norm.layer_norm_grad {{.*}} mask(%[[M]] : tensor<?x?x?xi1>) {{.*}} axes = [1] mask_axes = [0, 1, 2]{{$}}
func.func @between(%x: tensor<?x?x?xf32>, %s: tensor<?x?xf32>, %l: tensor<?x?xi64>)
    -> tensor<?x?x?xf32> {
  %y = norm.layer_norm_grad ins(%x, %x : tensor<?x?x?xf32>, tensor<?x?x?xf32>)
      mean(%s : tensor<?x?xf32>) rstd(%s : tensor<?x?xf32>)
      lengths(%l : tensor<?x?xi64>) outs(%x : tensor<?x?x?xf32>)
      axes = [1] mask_axes = [0, 2] sequence_axis = 1
  return %y : tensor<?x?x?xf32>
}

// -----

// One length for all.
// CHECK-LABEL: func @one(
// CHECK:         %[[M:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<i64>) outs(%{{.*}} : tensor<8xi1>)
// CHECK:           linalg.index 0 : index
// CHECK:         norm.rms_norm {{.*}} mask(%[[M]] : tensor<8xi1>) {{.*}} axes = [2] mask_axes = [0]{{$}}
func.func @one(%x: tensor<8x3x5xf32>, %l: tensor<i64>) -> tensor<8x3x5xf32> {
  %y = norm.rms_norm ins(%x : tensor<8x3x5xf32>) lengths(%l : tensor<i64>)
      outs(%x : tensor<8x3x5xf32>) axes = [2] sequence_axis = 0
  return %y : tensor<8x3x5xf32>
}

// -----

// A mask stays, and so does an op on memrefs.
// CHECK-LABEL: func @kept(
// CHECK-NOT:     linalg.generic
// CHECK:         norm.rms_norm {{.*}} mask(%{{.*}} : tensor<8xi1>)
// CHECK:         norm.rms_norm {{.*}} lengths(%{{.*}} : memref<i64>) {{.*}} sequence_axis = 0
func.func @kept(%x: tensor<8x3xf32>, %m: tensor<8xi1>, %b: memref<8x3xf32>, %l: memref<i64>)
    -> tensor<8x3xf32> {
  %y = norm.rms_norm ins(%x : tensor<8x3xf32>) mask(%m : tensor<8xi1>)
      outs(%x : tensor<8x3xf32>) axes = [1] mask_axes = [0]
  norm.rms_norm ins(%b : memref<8x3xf32>) lengths(%l : memref<i64>)
      outs(%b : memref<8x3xf32>) axes = [1] sequence_axis = 0
  return %y : tensor<8x3xf32>
}
