// RUN: norm-opt %s --convert-norm-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// The places of epsilon, the rules of running statistics, and moments without a mean.

// The larger of variance and epsilon; 0 where it is 0.
// CHECK-LABEL: func @rstd_max(
// CHECK-SAME:    %[[V:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[C_1:.*]] = arith.constant 9.99999974E-6 : f32
// CHECK:         %[[V0:.*]] = linalg.generic {{.*}} ins(%[[V]] : tensor<4xf32>) outs(%[[V]] : tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[OUT:.*]]: f32):
// CHECK:         %[[V1:.*]] = arith.maximumf %[[IN]], %[[C_1]] : f32
// CHECK:         %[[V2:.*]] = math.sqrt %[[V1]] : f32
// CHECK:         %[[V3:.*]] = arith.divf %[[C_0]], %[[V2]] : f32
// CHECK:         %[[V4:.*]] = arith.cmpf oeq, %[[V1]], %[[C]] : f32
// CHECK:         %[[V5:.*]] = arith.select %[[V4]], %[[C]], %[[V3]] : f32
// CHECK:         linalg.yield %[[V5]] : f32
// CHECK:         return %[[V0]] : tensor<4xf32>
func.func @rstd_max(%v: tensor<4xf32>) -> tensor<4xf32> {
  %r = norm.rstd ins(%v : tensor<4xf32>) outs(%v : tensor<4xf32>) epsilon_mode = max
  return %r : tensor<4xf32>
}

// -----

// Epsilon is added to the root, and the sum is compared with 0.
// CHECK-LABEL: func @rstd_outside(
// CHECK-SAME:    %[[V:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[C_1:.*]] = arith.constant 9.99999974E-6 : f32
// CHECK:         %[[V0:.*]] = linalg.generic {{.*}} ins(%[[V]] : tensor<4xf32>) outs(%[[V]] : tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[OUT:.*]]: f32):
// CHECK:         %[[V1:.*]] = math.sqrt %[[IN]] : f32
// CHECK:         %[[V2:.*]] = arith.addf %[[V1]], %[[C_1]] : f32
// CHECK:         %[[V3:.*]] = arith.divf %[[C_0]], %[[V2]] : f32
// CHECK:         %[[V4:.*]] = arith.cmpf oeq, %[[V2]], %[[C]] : f32
// CHECK:         %[[V5:.*]] = arith.select %[[V4]], %[[C]], %[[V3]] : f32
// CHECK:         linalg.yield %[[V5]] : f32
// CHECK:         return %[[V0]] : tensor<4xf32>
func.func @rstd_outside(%v: tensor<4xf32>) -> tensor<4xf32> {
  %r = norm.rstd ins(%v : tensor<4xf32>) outs(%v : tensor<4xf32>) epsilon_mode = outside
  return %r : tensor<4xf32>
}

// -----

// The variance has a gradient where it is larger than epsilon.
// CHECK-LABEL: func @gradient_finalize_max(
// CHECK-SAME:    %[[V:.*]]: tensor<4xf32>, %[[R:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 9.99999974E-6 : f32
// CHECK-DAG:     %[[C_1:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         %[[V0:.*]]:2 = linalg.generic {{.*}} ins(%[[V]], %[[V]], %[[R]], %[[R]], %[[V]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) outs(%[[V]], %[[V]] : tensor<4xf32>, tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[IN_2:.*]]: f32, %[[IN_3:.*]]: f32, %[[IN_4:.*]]: f32, %[[IN_5:.*]]: f32, %[[OUT:.*]]: f32, %[[OUT_6:.*]]: f32):
// CHECK:         %[[V1:.*]] = arith.mulf %[[IN_2]], %[[IN_3]] : f32
// CHECK:         %[[V2:.*]] = arith.cmpf ogt, %[[IN_5]], %[[C_0]] : f32
// CHECK:         %[[V3:.*]] = arith.select %[[V2]], %[[IN_3]], %[[C_1]] : f32
// CHECK:         %[[V4:.*]] = arith.mulf %[[V1]], %[[V3]] : f32
// CHECK:         %[[V5:.*]] = arith.maximumf %[[IN_4]], %[[C]] : f32
// CHECK:         %[[V6:.*]] = arith.divf %[[IN]], %[[V5]] : f32
// CHECK:         %[[V7:.*]] = arith.divf %[[V4]], %[[V5]] : f32
// CHECK:         linalg.yield %[[V6]], %[[V7]] : f32, f32
// CHECK:         return %[[V0]]#0, %[[V0]]#1 : tensor<4xf32>, tensor<4xf32>
func.func @gradient_finalize_max(%v: tensor<4xf32>, %r: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0:2 = norm.gradient_finalize ins(%v, %v : tensor<4xf32>, tensor<4xf32>) rstd(%r : tensor<4xf32>)
      count(%r : tensor<4xf32>) variance(%v : tensor<4xf32>) outs(%v, %v : tensor<4xf32>, tensor<4xf32>) epsilon_mode = max
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// rstd and the reciprocal root of the variance, 0 where that is 0.
// CHECK-LABEL: func @gradient_finalize_outside(
// CHECK-SAME:    %[[V:.*]]: tensor<4xf32>, %[[R:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         %[[V0:.*]]:2 = linalg.generic {{.*}} ins(%[[V]], %[[V]], %[[R]], %[[R]], %[[V]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) outs(%[[V]], %[[V]] : tensor<4xf32>, tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[IN_1:.*]]: f32, %[[IN_2:.*]]: f32, %[[IN_3:.*]]: f32, %[[IN_4:.*]]: f32, %[[OUT:.*]]: f32, %[[OUT_5:.*]]: f32):
// CHECK:         %[[V1:.*]] = arith.mulf %[[IN_1]], %[[IN_2]] : f32
// CHECK:         %[[V2:.*]] = math.sqrt %[[IN_4]] : f32
// CHECK:         %[[V3:.*]] = arith.divf %[[C]], %[[V2]] : f32
// CHECK:         %[[V4:.*]] = arith.cmpf oeq, %[[IN_4]], %[[C_0]] : f32
// CHECK:         %[[V5:.*]] = arith.select %[[V4]], %[[C_0]], %[[V3]] : f32
// CHECK:         %[[V6:.*]] = arith.mulf %[[V1]], %[[V5]] : f32
// CHECK:         %[[V7:.*]] = arith.maximumf %[[IN_3]], %[[C]] : f32
// CHECK:         %[[V8:.*]] = arith.divf %[[IN]], %[[V7]] : f32
// CHECK:         %[[V9:.*]] = arith.divf %[[V6]], %[[V7]] : f32
// CHECK:         linalg.yield %[[V8]], %[[V9]] : f32, f32
// CHECK:         return %[[V0]]#0, %[[V0]]#1 : tensor<4xf32>, tensor<4xf32>
func.func @gradient_finalize_outside(%v: tensor<4xf32>, %r: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0:2 = norm.gradient_finalize ins(%v, %v : tensor<4xf32>, tensor<4xf32>) rstd(%r : tensor<4xf32>)
      count(%r : tensor<4xf32>) variance(%v : tensor<4xf32>) outs(%v, %v : tensor<4xf32>, tensor<4xf32>) epsilon_mode = outside
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// One pass of squares, from which the mean of the inits takes nothing.
// CHECK-LABEL: func @uncentered(
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf16>, %[[I:.*]]: tensor<8xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 4.000000e+00 : f32
// CHECK-DAG:     %[[C_1:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         %[[V1:.*]] = linalg.fill ins(%[[C_1]] : f32) outs(%{{.*}} : tensor<8xf32>) -> tensor<8xf32>
// CHECK:         %[[V2:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<4x8xf16>) outs(%[[V1]] : tensor<8xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f16, %[[OUT:.*]]: f32):
// CHECK:         %[[V4:.*]] = arith.extf %[[IN]] : f16 to f32
// CHECK:         %[[V5:.*]] = arith.mulf %[[V4]], %[[V4]] : f32
// CHECK:         %[[V6:.*]] = arith.addf %[[OUT]], %[[V5]] : f32
// CHECK:         linalg.yield %[[V6]] : f32
// CHECK:         %[[V3:.*]]:3 = linalg.generic {{.*}} ins(%[[V2]] : tensor<8xf32>) outs(%[[I]], %[[I]], %[[I]] : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[OUT:.*]]: f32, %[[OUT_2:.*]]: f32, %[[OUT_3:.*]]: f32):
// CHECK:         %[[V4:.*]] = arith.addf %[[OUT]], %[[C_0]] : f32
// CHECK:         %[[V5:.*]] = arith.maximumf %[[V4]], %[[C]] : f32
// CHECK:         %[[V6:.*]] = arith.divf %[[C_0]], %[[V5]] : f32
// CHECK:         %[[V7:.*]] = arith.subf %[[C_1]], %[[OUT_2]] : f32
// CHECK:         %[[V8:.*]] = arith.mulf %[[OUT]], %[[V6]] : f32
// CHECK:         %[[V9:.*]] = arith.mulf %[[V7]], %[[V8]] : f32
// CHECK:         %[[V10:.*]] = arith.mulf %[[V7]], %[[V9]] : f32
// CHECK:         %[[V11:.*]] = arith.mulf %[[V6]], %[[C_1]] : f32
// CHECK:         %[[V12:.*]] = arith.mulf %[[OUT_2]], %[[V6]] : f32
// CHECK:         %[[V13:.*]] = arith.subf %[[V11]], %[[V12]] : f32
// CHECK:         %[[V14:.*]] = arith.addf %[[OUT_2]], %[[V13]] : f32
// CHECK:         %[[V15:.*]] = arith.addf %[[IN]], %[[V10]] : f32
// CHECK:         %[[V16:.*]] = arith.addf %[[OUT_3]], %[[V15]] : f32
// CHECK:         linalg.yield %[[V4]], %[[V14]], %[[V16]] : f32, f32, f32
// CHECK:         return %[[V3]]#0, %[[V3]]#1, %[[V3]]#2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
func.func @uncentered(%x: tensor<4x8xf16>, %i: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %m:3 = norm.moments ins(%x : tensor<4x8xf16>) outs(%i, %i, %i : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) axes = [0] uncentered
  return %m#0, %m#1, %m#2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// -----

// The keep fraction is k / (k + 1). It is the same number for all.
// CHECK-LABEL: func @finalize_batches(
// CHECK-SAME:    %[[N:.*]]: tensor<4xf32>, %[[K:.*]]: tensor<f32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 1.000000e+00 : f32
// CHECK:         %[[V0:.*]]:4 = linalg.generic {{.*}} ins(%[[N]], %[[N]], %[[N]], %[[K]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>) outs(%[[N]], %[[N]], %[[N]], %[[N]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[IN_1:.*]]: f32, %[[IN_2:.*]]: f32, %[[IN_3:.*]]: f32, %[[OUT:.*]]: f32, %[[OUT_4:.*]]: f32, %[[OUT_5:.*]]: f32, %[[OUT_6:.*]]: f32):
// CHECK:         %[[V1:.*]] = arith.maximumf %[[IN]], %[[C_0]] : f32
// CHECK:         %[[V2:.*]] = arith.divf %[[IN_2]], %[[V1]] : f32
// CHECK:         %[[V3:.*]] = arith.addf %[[IN_3]], %[[C_0]] : f32
// CHECK:         %[[V4:.*]] = arith.divf %[[C_0]], %[[V3]] : f32
// CHECK:         %[[V5:.*]] = arith.mulf %[[IN_3]], %[[V4]] : f32
// CHECK:         %[[V6:.*]] = arith.cmpf oeq, %[[IN]], %[[C]] : f32
// CHECK:         %[[V7:.*]] = arith.mulf %[[OUT_5]], %[[V5]] : f32
// CHECK:         %[[V8:.*]] = arith.mulf %[[IN_1]], %[[V4]] : f32
// CHECK:         %[[V9:.*]] = arith.addf %[[V7]], %[[V8]] : f32
// CHECK:         %[[V10:.*]] = arith.select %[[V6]], %[[OUT_5]], %[[V9]] : f32
// CHECK:         %[[V11:.*]] = arith.mulf %[[OUT_6]], %[[V5]] : f32
// CHECK:         %[[V12:.*]] = arith.mulf %[[V2]], %[[V4]] : f32
// CHECK:         %[[V13:.*]] = arith.addf %[[V11]], %[[V12]] : f32
// CHECK:         %[[V14:.*]] = arith.select %[[V6]], %[[OUT_6]], %[[V13]] : f32
// CHECK:         linalg.yield %[[IN_1]], %[[V2]], %[[V10]], %[[V14]] : f32, f32, f32, f32
// CHECK:         return %[[V0]]#2, %[[V0]]#3 : tensor<4xf32>, tensor<4xf32>
func.func @finalize_batches(%n: tensor<4xf32>, %k: tensor<f32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %f:4 = norm.finalize ins(%n, %n, %n : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) batches(%k : tensor<f32>)
      outs(%n, %n : tensor<4xf32>, tensor<4xf32>) running(%n, %n : tensor<4xf32>, tensor<4xf32>) running_var_correction = 0
  return %f#2, %f#3 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Without values, all is NaN; what is not finite is skipped, also if for want of values;
// and the unbiased variance of one value is NaN.
// CHECK-LABEL: func @finalize_rules(
// CHECK-SAME:    %[[N:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 2.500000e-01 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 7.500000e-01 : f32
// CHECK-DAG:     %[[C_1:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[C_2:.*]] = arith.constant 0x7FC00000 : f32
// CHECK-DAG:     %[[C_3:.*]] = arith.constant 1.000000e+00 : f32
// CHECK:         %[[V0:.*]]:4 = linalg.generic {{.*}} ins(%[[N]], %[[N]], %[[N]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) outs(%[[N]], %[[N]], %[[N]], %[[N]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[IN_4:.*]]: f32, %[[IN_5:.*]]: f32, %[[OUT:.*]]: f32, %[[OUT_6:.*]]: f32, %[[OUT_7:.*]]: f32, %[[OUT_8:.*]]: f32):
// CHECK:         %[[V1:.*]] = arith.maximumf %[[IN]], %[[C_3]] : f32
// CHECK:         %[[V2:.*]] = arith.divf %[[IN_5]], %[[V1]] : f32
// CHECK:         %[[V3:.*]] = arith.cmpf oeq, %[[IN]], %[[C_1]] : f32
// CHECK:         %[[V4:.*]] = arith.select %[[V3]], %[[C_2]], %[[IN_4]] : f32
// CHECK:         %[[V5:.*]] = arith.select %[[V3]], %[[C_2]], %[[V2]] : f32
// CHECK:         %[[V6:.*]] = arith.subf %[[V4]], %[[V4]] : f32
// CHECK:         %[[V7:.*]] = arith.cmpf une, %[[V6]], %[[C_1]] : f32
// CHECK:         %[[V8:.*]] = arith.subf %[[V5]], %[[V5]] : f32
// CHECK:         %[[V9:.*]] = arith.cmpf une, %[[V8]], %[[C_1]] : f32
// CHECK:         %[[V10:.*]] = arith.ori %[[V7]], %[[V9]] : i1
// CHECK:         %[[V11:.*]] = arith.mulf %[[OUT_7]], %[[C_0]] : f32
// CHECK:         %[[V12:.*]] = arith.mulf %[[V4]], %[[C]] : f32
// CHECK:         %[[V13:.*]] = arith.addf %[[V11]], %[[V12]] : f32
// CHECK:         %[[V14:.*]] = arith.select %[[V10]], %[[OUT_7]], %[[V13]] : f32
// CHECK:         %[[V15:.*]] = arith.subf %[[IN]], %[[C_3]] : f32
// CHECK:         %[[V16:.*]] = arith.maximumf %[[V15]], %[[C_1]] : f32
// CHECK:         %[[V17:.*]] = arith.maximumf %[[V16]], %[[C_3]] : f32
// CHECK:         %[[V18:.*]] = arith.divf %[[IN_5]], %[[V17]] : f32
// CHECK:         %[[V19:.*]] = arith.cmpf oeq, %[[V16]], %[[C_1]] : f32
// CHECK:         %[[V20:.*]] = arith.select %[[V19]], %[[C_2]], %[[V18]] : f32
// CHECK:         %[[V21:.*]] = arith.mulf %[[OUT_8]], %[[C_0]] : f32
// CHECK:         %[[V22:.*]] = arith.mulf %[[V20]], %[[C]] : f32
// CHECK:         %[[V23:.*]] = arith.addf %[[V21]], %[[V22]] : f32
// CHECK:         %[[V24:.*]] = arith.select %[[V10]], %[[OUT_8]], %[[V23]] : f32
// CHECK:         linalg.yield %[[V4]], %[[V5]], %[[V14]], %[[V24]] : f32, f32, f32, f32
// CHECK:         return %[[V0]]#2, %[[V0]]#3 : tensor<4xf32>, tensor<4xf32>
func.func @finalize_rules(%n: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %f:4 = norm.finalize ins(%n, %n, %n : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      outs(%n, %n : tensor<4xf32>, tensor<4xf32>) running(%n, %n : tensor<4xf32>, tensor<4xf32>)
      momentum = 0.75 nonfinite = skip_update empty = nan single = nan
  return %f#2, %f#3 : tensor<4xf32>, tensor<4xf32>
}

// -----

// With one value, the biased variance is taken instead.
// CHECK-LABEL: func @finalize_biased(
// CHECK-SAME:    %[[N:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[C:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[C_0:.*]] = arith.constant 2.500000e-01 : f32
// CHECK-DAG:     %[[C_1:.*]] = arith.constant 7.500000e-01 : f32
// CHECK-DAG:     %[[C_2:.*]] = arith.constant 1.000000e+00 : f32
// CHECK:         %[[V0:.*]]:4 = linalg.generic {{.*}} ins(%[[N]], %[[N]], %[[N]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) outs(%[[N]], %[[N]], %[[N]], %[[N]] : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %[[IN_3:.*]]: f32, %[[IN_4:.*]]: f32, %[[OUT:.*]]: f32, %[[OUT_5:.*]]: f32, %[[OUT_6:.*]]: f32, %[[OUT_7:.*]]: f32):
// CHECK:         %[[V1:.*]] = arith.maximumf %[[IN]], %[[C_2]] : f32
// CHECK:         %[[V2:.*]] = arith.divf %[[IN_4]], %[[V1]] : f32
// CHECK:         %[[V3:.*]] = arith.cmpf oeq, %[[IN]], %[[C]] : f32
// CHECK:         %[[V4:.*]] = arith.mulf %[[OUT_6]], %[[C_1]] : f32
// CHECK:         %[[V5:.*]] = arith.mulf %[[IN_3]], %[[C_0]] : f32
// CHECK:         %[[V6:.*]] = arith.addf %[[V4]], %[[V5]] : f32
// CHECK:         %[[V7:.*]] = arith.select %[[V3]], %[[OUT_6]], %[[V6]] : f32
// CHECK:         %[[V8:.*]] = arith.subf %[[IN]], %[[C_2]] : f32
// CHECK:         %[[V9:.*]] = arith.maximumf %[[V8]], %[[C]] : f32
// CHECK:         %[[V10:.*]] = arith.maximumf %[[V9]], %[[C_2]] : f32
// CHECK:         %[[V11:.*]] = arith.divf %[[IN_4]], %[[V10]] : f32
// CHECK:         %[[V12:.*]] = arith.cmpf oeq, %[[V9]], %[[C]] : f32
// CHECK:         %[[V13:.*]] = arith.select %[[V12]], %[[V2]], %[[V11]] : f32
// CHECK:         %[[V14:.*]] = arith.mulf %[[OUT_7]], %[[C_1]] : f32
// CHECK:         %[[V15:.*]] = arith.mulf %[[V13]], %[[C_0]] : f32
// CHECK:         %[[V16:.*]] = arith.addf %[[V14]], %[[V15]] : f32
// CHECK:         %[[V17:.*]] = arith.select %[[V3]], %[[OUT_7]], %[[V16]] : f32
// CHECK:         linalg.yield %[[IN_3]], %[[V2]], %[[V7]], %[[V17]] : f32, f32, f32, f32
// CHECK:         return %[[V0]]#2, %[[V0]]#3 : tensor<4xf32>, tensor<4xf32>
func.func @finalize_biased(%n: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %f:4 = norm.finalize ins(%n, %n, %n : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      outs(%n, %n : tensor<4xf32>, tensor<4xf32>) running(%n, %n : tensor<4xf32>, tensor<4xf32>)
      momentum = 0.75 single = biased
  return %f#2, %f#3 : tensor<4xf32>, tensor<4xf32>
}
