// RUN: norm-opt %s --convert-norm-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// A statistic is taken of five values for each of its elements of the mask that
// is true. Unselected distances are 0, whatever the values are.
// CHECK-DAG:   #[[$MASK:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
// CHECK-DAG:   #[[$KEPT:.*]] = affine_map<(d0, d1, d2) -> (d0)>
// CHECK-LABEL: func @moments(
// CHECK-SAME:    %[[X:.*]]: tensor<8x3x5xf32>, %[[K:.*]]: tensor<3xf32>, %[[M:.*]]: tensor<8x3xi1>)
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[FIVE:.*]] = arith.constant 5.000000e+00 : f32
// CHECK:         %[[SELECTED:.*]] = linalg.generic {{.*}}iterator_types = ["reduction", "parallel"]} ins(%[[M]] : tensor<8x3xi1>) outs(%{{.*}} : tensor<3xf64>)
// CHECK:           %[[BIT:.*]] = arith.uitofp %{{.*}} : i1 to f64
// CHECK:           arith.addf %{{.*}}, %[[BIT]] : f64
// CHECK:         %[[N:.*]]:2 = linalg.generic {{.*}} ins(%[[SELECTED]] : tensor<3xf64>)
// CHECK:           %[[NUMBER:.*]] = arith.mulf %{{.*}}, %[[FIVE]] : f32
// CHECK:           %[[DIVISOR:.*]] = arith.maximumf %[[NUMBER]], %[[ONE]] : f32
// CHECK:           %[[SHARE:.*]] = arith.divf %[[ONE]], %[[DIVISOR]] : f32
// CHECK:           linalg.yield %[[NUMBER]], %[[SHARE]]
// CHECK:         %[[MEAN:.*]] = linalg.generic {indexing_maps = [#{{.*}}, #[[$KEPT]], #[[$MASK]], #[[$KEPT]], #[[$KEPT]]], {{.*}}} ins(%[[X]], %[[K]], %[[M]], %[[N]]#1 : {{.*}})
// CHECK-NEXT:      ^bb0(%{{.*}}: f32, %{{.*}}: f32, %[[BIT:.*]]: i1, %[[SHARE:.*]]: f32, %{{.*}}: f32):
// CHECK:           %[[D:.*]] = arith.select %[[BIT]], %{{.*}}, %[[ZERO]] : f32
// CHECK:           arith.mulf %[[D]], %[[SHARE]] : f32
// CHECK:         %[[M2:.*]]:2 = linalg.generic {{.*}} ins(%[[X]], %[[K]], %[[M]], %[[N]]#1, %[[MEAN]] : {{.*}})
// CHECK:           %[[D:.*]] = arith.select %{{.*}}, %{{.*}}, %[[ZERO]] : f32
// CHECK:           arith.mulf %[[D]], %[[D]] : f32
// CHECK:         linalg.generic {{.*}} ins(%[[MEAN]], %[[M2]]#0, %[[M2]]#1, %[[N]]#0 : {{.*}}) outs(%[[K]], %[[K]], %[[K]] : {{.*}})
func.func @moments(%x: tensor<8x3x5xf32>, %k: tensor<3xf32>, %m: tensor<8x3xi1>)
    -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.moments ins(%x : tensor<8x3x5xf32>) shift(%k : tensor<3xf32>)
      mask(%m : tensor<8x3xi1>)
      outs(%k, %k, %k : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0, 1]
  return %y#0, %y#1, %y#2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// Where all statistics share the mask, one number counts for all.
// CHECK-LABEL: func @fast(
// CHECK:         %[[SELECTED:.*]] = linalg.generic {{.*}}iterator_types = ["reduction", "reduction"]} ins(%{{.*}} : tensor<8x5xi1>) outs(%{{.*}} : tensor<f64>)
// CHECK:         %[[N:.*]]:2 = linalg.generic {{.*}} ins(%[[SELECTED]] : tensor<f64>) outs({{.*}} : tensor<f32>, tensor<f32>)
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %[[N]]#1 : tensor<8x3x5xf32>, tensor<8x5xi1>, tensor<f32>)
// CHECK:           arith.select
// CHECK:         linalg.generic {{.*}} ins(%[[S]]#0, %[[S]]#1, %[[N]]#0 : tensor<3xf32>, tensor<3xf32>, tensor<f32>)
func.func @fast(%x: tensor<8x3x5xf32>, %s: tensor<3xf32>, %m: tensor<8x5xi1>)
    -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.moments ins(%x : tensor<8x3x5xf32>) mask(%m : tensor<8x5xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0, 2] variance = fast
  return %y#0, %y#1, %y#2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// CHECK-LABEL: func @uncentered(
// CHECK:         %[[S:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x3x5xf16>, tensor<8x5xi1>) outs(%{{.*}} : tensor<3xf32>)
// CHECK:           %[[D:.*]] = arith.select %{{.*}}, %{{.*}}, %{{.*}} : f32
// CHECK:           arith.mulf %[[D]], %[[D]] : f32
// CHECK:         linalg.generic {{.*}} ins(%[[S]], %{{.*}} : tensor<3xf32>, tensor<f32>)
func.func @uncentered(%x: tensor<8x3x5xf16>, %s: tensor<3xf32>, %m: tensor<8x5xi1>)
    -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:3 = norm.moments ins(%x : tensor<8x3x5xf16>) mask(%m : tensor<8x5xi1>)
      outs(%s, %s, %s : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      axes = [0, 2] mask_axes = [0, 2] uncentered
  return %y#0, %y#1, %y#2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// CHECK-LABEL: func @normalize(
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<8x3xf16>, tensor<3xf32>, tensor<8xi1>)
// CHECK-NEXT:      ^bb0(%{{.*}}: f16, %{{.*}}: f32, %[[BIT:.*]]: i1, %{{.*}}: f16):
// CHECK:           %[[Y:.*]] = arith.mulf
// CHECK:           %[[Z:.*]] = arith.select %[[BIT]], %[[Y]], %{{.*}} : f32
// CHECK:           arith.truncf %[[Z]] : f32 to f16
func.func @normalize(%x: tensor<8x3xf16>, %r: tensor<3xf32>, %m: tensor<8xi1>)
    -> tensor<8x3xf16> {
  %y = norm.normalize ins(%x : tensor<8x3xf16>) rstd(%r : tensor<3xf32>)
      mask(%m : tensor<8xi1>) outs(%x : tensor<8x3xf16>)
      statistics_axes = [1] parameter_axes = [] mask_axes = [0]
  return %y : tensor<8x3xf16>
}

// -----

// CHECK-LABEL: func @gradient_sums(
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<8x3xf32>, tensor<8x3xf32>, tensor<8xi1>)
// CHECK-NEXT:      ^bb0(%[[D:.*]]: f32, %[[X:.*]]: f32, %[[BIT:.*]]: i1, %[[SUM:.*]]: f32, %[[PRODUCTS:.*]]: f32):
// CHECK-DAG:       %[[DX:.*]] = arith.mulf %[[D]], %[[X]] : f32
// CHECK-DAG:       %[[P:.*]] = arith.select %[[BIT]], %[[DX]], %{{.*}} : f32
// CHECK-DAG:       %[[G:.*]] = arith.select %[[BIT]], %[[D]], %{{.*}} : f32
// CHECK-DAG:       arith.addf %[[SUM]], %[[G]] : f32
// CHECK-DAG:       arith.addf %[[PRODUCTS]], %[[P]] : f32
func.func @gradient_sums(%d: tensor<8x3xf32>, %x: tensor<8x3xf32>, %s: tensor<3xf32>,
    %m: tensor<8xi1>) -> (tensor<3xf32>, tensor<3xf32>) {
  %y:2 = norm.gradient_sums ins(%d, %x : tensor<8x3xf32>, tensor<8x3xf32>)
      mask(%m : tensor<8xi1>) outs(%s, %s : tensor<3xf32>, tensor<3xf32>)
      axes = [0] mask_axes = [0]
  return %y#0, %y#1 : tensor<3xf32>, tensor<3xf32>
}

// -----

// Unselected values have the gradient 0, or no part in the statistics.
// CHECK-LABEL: func @gradient_apply(
// CHECK:         linalg.generic
// CHECK-NEXT:      ^bb0(%[[D:.*]]: f32, %[[X:.*]]: f32, %[[R:.*]]: f32, %[[S:.*]]: f32, %[[BIT:.*]]: i1, %{{.*}}: f32):
// CHECK-NEXT:        %[[XS:.*]] = arith.mulf %[[X]], %[[S]] : f32
// CHECK-NEXT:        %[[G:.*]] = arith.subf %[[D]], %[[XS]] : f32
// CHECK-NEXT:        %[[GR:.*]] = arith.mulf %[[G]], %[[R]] : f32
// CHECK-NEXT:        %[[Y:.*]] = arith.select %[[BIT]], %[[GR]], %{{.*}} : f32
// CHECK-NEXT:        linalg.yield %[[Y]] : f32
// CHECK:         linalg.generic
// CHECK-NEXT:      ^bb0(%[[D:.*]]: f32, %[[X:.*]]: f32, %[[R:.*]]: f32, %[[S:.*]]: f32, %[[BIT:.*]]: i1, %{{.*}}: f32):
// CHECK-NEXT:        %[[XS:.*]] = arith.mulf %[[X]], %[[S]] : f32
// CHECK-NEXT:        %[[G:.*]] = arith.subf %[[D]], %[[XS]] : f32
// CHECK-NEXT:        %[[H:.*]] = arith.select %[[BIT]], %[[G]], %[[D]] : f32
// CHECK-NEXT:        %[[Y:.*]] = arith.mulf %[[H]], %[[R]] : f32
// CHECK-NEXT:        linalg.yield %[[Y]] : f32
func.func @gradient_apply(%d: tensor<8x3xf32>, %x: tensor<8x3xf32>, %r: tensor<3xf32>,
    %s: tensor<3xf32>, %m: tensor<8xi1>) -> (tensor<8x3xf32>, tensor<8x3xf32>) {
  %y = norm.gradient_apply ins(%d, %x : tensor<8x3xf32>, tensor<8x3xf32>)
      rstd(%r : tensor<3xf32>) slope(%s : tensor<3xf32>) mask(%m : tensor<8xi1>)
      outs(%x : tensor<8x3xf32>) statistics_axes = [1] parameter_axes = []
      mask_axes = [0]
  %z = norm.gradient_apply ins(%d, %x : tensor<8x3xf32>, tensor<8x3xf32>)
      rstd(%r : tensor<3xf32>) slope(%s : tensor<3xf32>) mask(%m : tensor<8xi1>)
      outs(%x : tensor<8x3xf32>) statistics_axes = [1] parameter_axes = []
      mask_axes = [0] unselected = normalize
  return %y, %z : tensor<8x3xf32>, tensor<8x3xf32>
}
