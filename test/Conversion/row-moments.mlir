// RUN: norm-opt %s --convert-norm-to-linalg --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --convert-norm-to-linalg=row-moments=false --split-input-file | FileCheck %s --check-prefix=SUMS --implicit-check-not=scf.for

// Columns with statistics of their own: eight rows at a time, then what is left.
// The first mean is that of the first rows; eight rows are added by their
// distances from the mean of the %[[I]] rows before.
// CHECK-DAG:   #[[$PLUS7:.*]] = affine_map<()[s0] -> (s0 + 7)>
// SUMS-LABEL: func @rows(
// SUMS:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<37x5xf16>, tensor<5xf32>)
// CHECK-LABEL: func @rows(
// CHECK-SAME:    %[[X:.*]]: tensor<37x5xf16>, %[[K:.*]]: tensor<5xf32>, %[[INIT:.*]]: tensor<5xf32>)
// CHECK-DAG:     %[[C8:.*]] = arith.constant 8 : index
// CHECK-DAG:     %[[C32:.*]] = arith.constant 32 : index
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[EIGHT:.*]] = arith.constant 8.000000e+00 : f32
// CHECK-DAG:     %[[EIGHTH:.*]] = arith.constant 1.250000e-01 : f32
// CHECK:         %[[FIRST:.*]] = tensor.extract_slice %[[X]][0, 0] [8, 5] [1, 1]
// CHECK:         %[[GUESS:.*]] = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[K]], %[[FIRST]] :
// CHECK:           %[[D:.*]] = arith.subf
// CHECK-NEXT:      arith.mulf %[[D]], %[[EIGHTH]]
// CHECK:         %[[M:.*]]:2 = scf.for %[[I:.*]] = %{{.*}} to %[[C32]] step %[[C8]] iter_args(%[[MEAN:.*]] = %[[GUESS]], %[[M2:.*]] = %{{.*}})
// CHECK:           %[[R0:.*]] = tensor.extract_slice %[[X]][%[[I]], 0] [1, 5] [1, 1]
// CHECK:           %[[I7:.*]] = affine.apply #[[$PLUS7]]()[%[[I]]]
// CHECK:           %[[R7:.*]] = tensor.extract_slice %[[X]][%[[I7]], 0] [1, 5] [1, 1]
// CHECK:           %[[N:.*]] = arith.sitofp
// CHECK:           %[[TOTAL:.*]] = arith.addf %[[N]], %[[EIGHT]]
// CHECK:           %[[SHARE:.*]] = arith.divf %[[ONE]], %[[TOTAL]]
// CHECK:           linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[K]], %[[R0]], {{.*}}, %[[R7]] : tensor<5xf32>, tensor<1x5xf16>, {{.*}}) outs(%[[MEAN]], %[[M2]] : tensor<5xf32>, tensor<5xf32>)
// CHECK-NEXT:      ^bb0(%[[EK:.*]]: f32, %[[E0:.*]]: f16, %{{.*}}: f16, %{{.*}}: f16, %{{.*}}: f16, %{{.*}}: f16, %{{.*}}: f16, %{{.*}}: f16, %{{.*}}: f16, %[[OM:.*]]: f32, %[[OM2:.*]]: f32):
// CHECK:             %[[F0:.*]] = arith.extf %[[E0]]
// CHECK:             %[[D0:.*]] = arith.subf %[[F0]], %[[EK]]
// CHECK:             %[[REST:.*]] = arith.subf %[[D0]], %[[OM]]
// CHECK:             arith.mulf %[[REST]], %[[SHARE]]
// CHECK:             arith.mulf %[[REST]], %[[REST]]
// CHECK:             %[[T:.*]] = arith.mulf %[[STEP:.*]], %[[TOTAL]]
// CHECK-NEXT:        %[[EXCESS:.*]] = arith.mulf %[[STEP]], %[[T]]
// CHECK-DAG:         arith.addf %[[OM]], %[[STEP]]
// CHECK-DAG:         arith.subf %{{.*}}, %[[EXCESS]]
// CHECK:             linalg.yield
// CHECK:         linalg.generic {{.*}} ins(%[[K]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<1x5xf16>, tensor<1x5xf16>, tensor<1x5xf16>, tensor<1x5xf16>) outs(%[[M]]#0, %[[M]]#1 :
// CHECK:         linalg.generic {{.*}} ins(%[[K]], %{{.*}} : tensor<5xf32>, tensor<1x5xf16>)
// CHECK:         linalg.generic {{.*}} outs(%[[INIT]], %[[INIT]], %[[INIT]] :
func.func @rows(%x: tensor<37x5xf16>, %k: tensor<5xf32>, %init: tensor<5xf32>)
    -> (tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) {
  %m:3 = norm.moments ins(%x : tensor<37x5xf16>) shift(%k : tensor<5xf32>)
      outs(%init, %init, %init : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0]
  return %m#0, %m#1, %m#2 : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// -----

// Of an unknown number of rows, what is left is taken one by one. Axes of one
// element may be reduced as well.
// CHECK-LABEL: func @dynamic(
// CHECK:         scf.for
// CHECK-COUNT-8:   tensor.extract_slice {{.*}} : tensor<3x1x?x?xf32> to tensor<3x1x1x?xf32>
// CHECK-NOT:       tensor.extract_slice
// CHECK:           linalg.generic
// CHECK:         scf.for
// CHECK:           tensor.extract_slice
// CHECK-NOT:       tensor.extract_slice
// CHECK:           linalg.generic
func.func @dynamic(%x: tensor<3x1x?x?xf32>, %init: tensor<3x?xf32>)
    -> (tensor<3x?xf32>, tensor<3x?xf32>, tensor<3x?xf32>) {
  %m:3 = norm.moments ins(%x : tensor<3x1x?x?xf32>)
      outs(%init, %init, %init : tensor<3x?xf32>, tensor<3x?xf32>, tensor<3x?xf32>) axes = [1, 2]
  return %m#0, %m#1, %m#2 : tensor<3x?xf32>, tensor<3x?xf32>, tensor<3x?xf32>
}

// -----

// Not by rows: two axes are reduced; rows have statistics; the fast variance.
// CHECK-LABEL: func @others(
// CHECK-NOT:     scf.for
// CHECK:         return
func.func @others(%x: tensor<3x6x5xf32>, %a: tensor<5xf32>, %b: tensor<3x6xf32>, %c: tensor<3x5xf32>)
    -> (tensor<5xf32>, tensor<3x6xf32>, tensor<3x5xf32>) {
  %m:3 = norm.moments ins(%x : tensor<3x6x5xf32>)
      outs(%a, %a, %a : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) axes = [0, 1]
  %n:3 = norm.moments ins(%x : tensor<3x6x5xf32>)
      outs(%b, %b, %b : tensor<3x6xf32>, tensor<3x6xf32>, tensor<3x6xf32>) axes = [2]
  %o:3 = norm.moments ins(%x : tensor<3x6x5xf32>)
      outs(%c, %c, %c : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>) axes = [1] variance = fast
  return %m#0, %n#0, %o#0 : tensor<5xf32>, tensor<3x6xf32>, tensor<3x5xf32>
}
