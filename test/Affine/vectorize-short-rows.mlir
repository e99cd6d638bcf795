// RUN: norm-opt %s --norm-affine-vectorize | FileCheck %s
// RUN: norm-opt %s --norm-affine-vectorize=outer-unroll=4 | FileCheck %s --check-prefix=FEW

// A row of unknown length may be short: between the loop of eight vectors and
// that of single ones there is one of four. Half of four is too few.
// CHECK-LABEL: func @columns
// CHECK:         affine.for %{{.*}} step 128
// CHECK:         affine.for %{{.*}} = max {{.*}} step 64
// CHECK:           affine.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK:         affine.for %{{.*}} = max {{.*}} step 16
// CHECK:         affine.for %{{.*}} = max {{.*}} step 16
// CHECK:           vector.create_mask
// FEW-LABEL: func @columns
// FEW:         affine.for %{{.*}} step 64
// FEW-NOT:     step 32
// FEW:         affine.for %{{.*}} = max {{.*}} step 16
func.func @columns(%x: memref<?x?xf32>, %s: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = memref.dim %x, %c0 : memref<?x?xf32>
  %n = memref.dim %x, %c1 : memref<?x?xf32>
  affine.for %c = 0 to %n {
    %a = affine.load %s[%c] : memref<?xf32>
    %b = affine.for %i = 0 to %r iter_args(%t = %a) -> f32 {
      %v = affine.load %x[%i, %c] : memref<?x?xf32>
      %w = arith.addf %t, %v : f32
      affine.yield %w : f32
    }
    affine.store %b, %s[%c] : memref<?xf32>
  }
  return
}
