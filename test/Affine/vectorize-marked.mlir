// RUN: norm-opt %s --norm-affine-vectorize=marked | FileCheck %s --implicit-check-not=norm.vector

// Only marked loops become vectors, as long as they are. The loops around carry
// the vectors of a sum.
// CHECK-LABEL: func @sum
// CHECK:         affine.for %{{.*}} = 0 to 100 {
// CHECK-NEXT:      affine.load
// CHECK:         %[[SUMS:.*]] = affine.for %[[I:.*]] = 0 to 100 step 4 iter_args(%[[OLD:.*]] = %{{.*}}) -> (vector<4xf32>) {
// CHECK-NEXT:      %[[X:.*]] = affine.vector_load %{{.*}}[%[[I]]] : memref<100xf32>, vector<4xf32>
// CHECK-NEXT:      %[[NEW:.*]] = arith.addf %[[OLD]], %[[X]]
// CHECK-NEXT:      affine.yield %[[NEW]]
// CHECK:         vector.reduction <add>, %[[SUMS]]
func.func @sum(%x: memref<100xf32>, %y: memref<100xf32>) -> f32 {
  %zero = arith.constant 0.0 : f32
  affine.for %i = 0 to 100 {
    %0 = affine.load %x[%i] : memref<100xf32>
    affine.store %0, %y[%i] : memref<100xf32>
  }
  %sum = affine.for %i = 0 to 100 step 4 iter_args(%outer = %zero) -> f32 {
    %part = affine.for %j = affine_map<(d0) -> (d0)>(%i) to affine_map<(d0) -> (d0 + 4)>(%i)
        iter_args(%inner = %outer) -> f32 {
      %0 = affine.load %x[%j] : memref<100xf32>
      %1 = arith.addf %inner, %0 : f32
      affine.yield %1 : f32
    } {norm.vector}
    affine.yield %part : f32
  }
  return %sum : f32
}

// What is stored may overlap what is loaded in all iterations, as the mark says
// that it does not. Without it, the loop stays.
// CHECK-LABEL: func @overlap
// CHECK:         affine.load %{{.*}}[0]
// CHECK:         affine.vector_store %{{.*}} : memref<8xf32>, vector<8xf32>
// CHECK:         affine.for %{{.*}} = 0 to 8 {
// CHECK-NEXT:      affine.load %{{.*}}[0]
// CHECK-NEXT:      affine.store
func.func @overlap(%x: memref<1xf32>, %y: memref<8xf32>) {
  affine.for %i = 0 to 8 {
    %0 = affine.load %x[0] : memref<1xf32>
    affine.store %0, %y[%i] : memref<8xf32>
  } {norm.vector}
  affine.for %i = 0 to 8 {
    %0 = affine.load %x[0] : memref<1xf32>
    affine.store %0, %y[%i] : memref<8xf32>
  }
  return
}

// Elements that do not lie side by side are loaded one by one.
// CHECK-LABEL: func @gather
// CHECK-SAME:      %[[X:.*]]: memref<8xf32>, %[[S:.*]]: memref<2xf32>
// CHECK:         affine.for %[[I:.*]] = 0 to 8 step 4
// CHECK-NEXT:      affine.vector_load %[[X]][%[[I]]]
// CHECK-NEXT:      %[[S0:.*]] = affine.load %[[S]][%[[I]] floordiv 3]
// CHECK-NEXT:      %[[S1:.*]] = affine.load %[[S]][(%[[I]] + 1) floordiv 3]
// CHECK-NEXT:      %[[S2:.*]] = affine.load %[[S]][(%[[I]] + 2) floordiv 3]
// CHECK-NEXT:      %[[S3:.*]] = affine.load %[[S]][%[[I]] floordiv 3 + 1]
// CHECK-NEXT:      %[[V:.*]] = vector.from_elements %[[S0]], %[[S1]], %[[S2]], %[[S3]] : vector<4xf32>
// CHECK:         arith.mulf %{{.*}}, %[[V]] : vector<4xf32>
func.func @gather(%x: memref<8xf32>, %s: memref<2xf32>) {
  affine.for %i = 0 to 8 step 4 {
    affine.for %j = affine_map<(d0) -> (d0)>(%i) to affine_map<(d0) -> (d0 + 4)>(%i) {
      %0 = affine.load %x[%j] : memref<8xf32>
      %1 = affine.load %s[%j floordiv 3] : memref<2xf32>
      %2 = arith.mulf %0, %1 : f32
      affine.store %2, %x[%j] : memref<8xf32>
    } {norm.vector}
  }
  return
}

// A marked loop of a length that is not known stays, as does one of one
// iteration.
// CHECK-LABEL: func @unknown
// CHECK-NOT:     vector
func.func @unknown(%x: memref<?xf32>, %y: memref<?xf32>, %n: index) {
  affine.for %i = 0 to %n {
    %0 = affine.load %x[%i] : memref<?xf32>
    affine.store %0, %y[%i] : memref<?xf32>
  } {norm.vector}
  return
}
