// RUN: norm-opt %s --norm-lower-expand-shapes --canonicalize | FileCheck %s
// RUN: norm-opt %s --norm-lower-expand-shapes --expand-strided-metadata | FileCheck %s --check-prefix=EXPANDED

// Two dynamic sizes in one group, which upstream's expand-strided-metadata
// crashes on.
// CHECK-LABEL: func @two_dynamic(
// CHECK-SAME:    %[[A:.*]]: memref<?x4xf32>, %[[N:.*]]: index, %[[M:.*]]: index)
// CHECK-DAG:     %[[STRIDE:.*]] = affine.apply #{{.*}}()[%[[M]]]
// CHECK:         %[[R:.*]] = memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [%[[N]], %[[M]], 4], strides: [%{{.*}}, 4, 1] : memref<{{.*}}> to memref<?x?x4xf32
// CHECK-NOT:     memref.expand_shape
// EXPANDED-NOT:  memref.expand_shape
func.func @two_dynamic(%a: memref<?x4xf32>, %n: index, %m: index) -> memref<?x?x4xf32> {
  %0 = memref.expand_shape %a [[0, 1], [2]] output_shape [%n, %m, 4]
      : memref<?x4xf32> into memref<?x?x4xf32>
  return %0 : memref<?x?x4xf32>
}

// Strides and the offset are those of the source.
// CHECK-LABEL: func @strided(
// CHECK-SAME:    %[[A:.*]]: memref<12x5xf32, strided<[20, 2], offset: 3>>)
// CHECK:         memref.reinterpret_cast %{{.*}} to offset: [3], sizes: [3, 4, 5], strides: [80, 20, 2]
func.func @strided(%a: memref<12x5xf32, strided<[20, 2], offset: 3>>)
    -> memref<3x4x5xf32, strided<[80, 20, 2], offset: 3>> {
  %0 = memref.expand_shape %a [[0, 1], [2]] output_shape [3, 4, 5]
      : memref<12x5xf32, strided<[20, 2], offset: 3>>
      into memref<3x4x5xf32, strided<[80, 20, 2], offset: 3>>
  return %0 : memref<3x4x5xf32, strided<[80, 20, 2], offset: 3>>
}

// CHECK-LABEL: func @rank0(
// CHECK-NOT:     memref.expand_shape
// CHECK:         return
func.func @rank0(%a: memref<f32, strided<[], offset: ?>>) -> memref<1x1xf32, strided<[1, 1], offset: ?>> {
  %0 = memref.expand_shape %a [] output_shape [1, 1]
      : memref<f32, strided<[], offset: ?>> into memref<1x1xf32, strided<[1, 1], offset: ?>>
  return %0 : memref<1x1xf32, strided<[1, 1], offset: ?>>
}
