// RUN: norm-opt %s --norm-split-slabs=tile-bytes=2048 --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-split-slabs="tile-bytes=1300 cluster-size=8" --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=FOUR
// RUN: norm-opt %s --norm-split-slabs="tile-bytes=1300 cluster-size=2" --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=WHOLE
// RUN: norm-opt %s --norm-split-slabs=tile-bytes=3200 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=WHOLE
// RUN: not norm-opt %s --norm-split-slabs=cluster-size=3 2>&1 | FileCheck %s --check-prefix=PARTS

// PARTS: error: expected cluster-size to be 1, 2, 4 or 8, but got 3

// A slab of 3200 bytes: two halves are 1600 each, and there are partial results.
// CHECK-LABEL: func @moments(
// CHECK:         scf.forall (%[[C:.*]]) in (16)
// CHECK:           %[[SLAB:.*]] = tensor.extract_slice %{{.*}}[0, %[[C]], 0] [8, 1, 100] [1, 1, 1]
// CHECK:           %[[P:.*]]:3 = scf.forall (%[[I:.*]]) = (0) to (8) step (4) {{.*}} -> (tensor<2x1xf64>, tensor<2x1xf64>, tensor<2x1xf64>)
// CHECK:             %[[PART:.*]] = tensor.extract_slice %[[SLAB]][%[[I]], 0, 0] [4, 1, 100] [1, 1, 1]
// CHECK:             norm.moments ins(%[[PART]] : tensor<4x1x100xf32>)
// CHECK:           } {mapping = [#gpu.block<linear_dim_0>]}
// CHECK:           norm.combine_moments ins(%[[P]]#0, %[[P]]#1, %[[P]]#2 : tensor<2x1xf64>, tensor<2x1xf64>, tensor<2x1xf64>)
// CHECK:           scf.forall (%[[J:.*]]) = (0) to (8) step (4)
// CHECK:             %[[PART:.*]] = tensor.extract_slice %[[SLAB]][%[[J]], 0, 0] [4, 1, 100] [1, 1, 1]
// CHECK:             norm.normalize ins(%[[PART]] : tensor<4x1x100xf32>)
// CHECK:           } {mapping = [#gpu.block<linear_dim_0>]}
// FOUR-LABEL:  func @moments(
// FOUR:          scf.forall (%{{.*}}) = (0) to (8) step (2)
// FOUR:          scf.forall (%{{.*}}) = (0) to (8) step (2)
// WHOLE-LABEL: func @moments(
// WHOLE:         norm.moments ins(%{{.*}} : tensor<8x1x100xf32>)
func.func @moments(%x: tensor<8x16x100xf32>, %init: tensor<8x16x100xf32>, %zero: tensor<1xf64>, %v: tensor<1xf32>)
    -> tensor<8x16x100xf32> {
  %r = scf.forall (%c) in (16) shared_outs(%o = %init) -> (tensor<8x16x100xf32>) {
    %slab = tensor.extract_slice %x[0, %c, 0] [8, 1, 100] [1, 1, 1] : tensor<8x16x100xf32> to tensor<8x1x100xf32>
    %out = tensor.extract_slice %o[0, %c, 0] [8, 1, 100] [1, 1, 1] : tensor<8x16x100xf32> to tensor<8x1x100xf32>
    %m:3 = norm.moments ins(%slab : tensor<8x1x100xf32>) outs(%zero, %zero, %zero : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) axes = [0, 2]
    %e = tensor.empty() : tensor<1xf32>
    %mean = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%m#1 : tensor<1xf64>) outs(%e : tensor<1xf32>) {
    ^bb0(%a: f64, %b: f32):
      %t = arith.truncf %a : f64 to f32
      linalg.yield %t : f32
    } -> tensor<1xf32>
    %y = norm.normalize ins(%slab : tensor<8x1x100xf32>) mean(%mean : tensor<1xf32>) scale(%v : tensor<1xf32>) bias(%v : tensor<1xf32>)
        outs(%out : tensor<8x1x100xf32>) statistics_axes = [1] parameter_axes = [1]
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %y into %o[0, %c, 0] [8, 1, 100] [1, 1, 1] : tensor<8x1x100xf32> into tensor<8x16x100xf32>
    }
  }
  return %r : tensor<8x16x100xf32>
}

// -----

// Six rows for four blocks: three for each, and half of each. Channels keep sums
// of their own.
// CHECK-LABEL: func @sums(
// CHECK:         scf.forall (%{{.*}}) in (5)
// CHECK:           scf.forall (%[[I:.*]], %[[J:.*]]) = (0, 0) to (6, 100) step (3, 50) {{.*}} -> (tensor<6x2xf32>, tensor<6x2xf32>)
// CHECK:             norm.gradient_sums {{.*}} tensor<1x3x50xf32>
// CHECK:           } {mapping = [#gpu.block<linear_dim_0>, #gpu.block<linear_dim_1>]}
func.func @sums(%d: tensor<5x6x100xf32>, %x: tensor<5x6x100xf32>, %i: tensor<5x6xf32>, %m: tensor<6xf32>)
    -> (tensor<5x6xf32>, tensor<5x6xf32>) {
  %r:2 = scf.forall (%n) in (5) shared_outs(%s = %i, %p = %i) -> (tensor<5x6xf32>, tensor<5x6xf32>) {
    %dn = tensor.extract_slice %d[%n, 0, 0] [1, 6, 100] [1, 1, 1] : tensor<5x6x100xf32> to tensor<1x6x100xf32>
    %xn = tensor.extract_slice %x[%n, 0, 0] [1, 6, 100] [1, 1, 1] : tensor<5x6x100xf32> to tensor<1x6x100xf32>
    %sn = tensor.extract_slice %s[%n, 0] [1, 6] [1, 1] : tensor<5x6xf32> to tensor<6xf32>
    %pn = tensor.extract_slice %p[%n, 0] [1, 6] [1, 1] : tensor<5x6xf32> to tensor<6xf32>
    %g:2 = norm.gradient_sums ins(%dn, %xn : tensor<1x6x100xf32>, tensor<1x6x100xf32>) mean(%m : tensor<6xf32>)
        outs(%sn, %pn : tensor<6xf32>, tensor<6xf32>) axes = [0, 2] statistics_axes = [1]
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %g#0 into %s[%n, 0] [1, 6] [1, 1] : tensor<6xf32> into tensor<5x6xf32>
      tensor.parallel_insert_slice %g#1 into %p[%n, 0] [1, 6] [1, 1] : tensor<6xf32> into tensor<5x6xf32>
    }
  }
  return %r#0, %r#1 : tensor<5x6xf32>, tensor<5x6xf32>
}

// -----

// Odd sizes, dynamic ones, and slabs without elements stay whole.
// CHECK-LABEL: func @odd(
// CHECK-NOT:     mapping
func.func @odd(%x: tensor<4x1001xf32>, %z: tensor<4xf64>) -> tensor<4xf64> {
  %r = scf.forall (%n) in (4) shared_outs(%o = %z) -> (tensor<4xf64>) {
    %row = tensor.extract_slice %x[%n, 0] [1, 1001] [1, 1] : tensor<4x1001xf32> to tensor<1x1001xf32>
    %out = tensor.extract_slice %o[%n] [1] [1] : tensor<4xf64> to tensor<1xf64>
    %m:3 = norm.moments ins(%row : tensor<1x1001xf32>) outs(%out, %out, %out : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) axes = [1]
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %m#1 into %o[%n] [1] [1] : tensor<1xf64> into tensor<4xf64>
    }
  }
  return %r : tensor<4xf64>
}
// CHECK-LABEL: func @dynamic(
// CHECK-NOT:     mapping
func.func @dynamic(%x: tensor<4x?xf32>, %n1: index, %z: tensor<4xf64>) -> tensor<4xf64> {
  %r = scf.forall (%n) in (4) shared_outs(%o = %z) -> (tensor<4xf64>) {
    %row = tensor.extract_slice %x[%n, 0] [1, %n1] [1, 1] : tensor<4x?xf32> to tensor<1x?xf32>
    %out = tensor.extract_slice %o[%n] [1] [1] : tensor<4xf64> to tensor<1xf64>
    %m:3 = norm.moments ins(%row : tensor<1x?xf32>) outs(%out, %out, %out : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) axes = [1]
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %m#1 into %o[%n] [1] [1] : tensor<1xf64> into tensor<4xf64>
    }
  }
  return %r : tensor<4xf64>
}
