// RUN: norm-opt %s --convert-norm-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// The first value, and the mean distance of some others from it, as far as there
// are any.
// CHECK-DAG:   #[[$IN:.*]] = affine_map<(d0, d1, d2) -> (d1, d0, d2)>
// CHECK-DAG:   #[[$OUT:.*]] = affine_map<(d0, d1, d2) -> (d0)>
// CHECK-DAG:   #[[$ATMOST:.*]] = affine_map<()[s0] -> ({{s0, 16|16, s0}})>
// CHECK-LABEL: func @shift(
// CHECK-SAME:    %[[X:.*]]: tensor<4x?x?xf16>, %[[INIT:.*]]: tensor<?xf32>)
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ZEROS:.*]] = linalg.fill ins(%[[ZERO]] : f32)
// CHECK:         %[[SLICE:.*]] = tensor.extract_slice %[[X]][0, 0, 0] [1, %{{.*}}, %{{.*}}] [1, 1, 1]
// CHECK:         %[[FIRST:.*]] = linalg.generic {indexing_maps = [#[[$IN]], #[[$OUT]]], iterator_types = ["parallel", "reduction", "reduction"]} ins(%[[SLICE]] : tensor<1x?x?xf16>) outs(%[[ZEROS]] : tensor<?xf32>)
// CHECK:         %[[SOME:.*]] = affine.min #[[$ATMOST]]()[%{{.*}}]
// CHECK:         %[[SAMPLES:.*]] = tensor.extract_slice %[[X]][0, 0, 0] [1, %{{.*}}, %[[SOME]]] [1, 1, 1]
// CHECK:         linalg.generic {{.*}} ins(%[[SAMPLES]], %[[FIRST]] : tensor<1x?x?xf16>, tensor<?xf32>) outs(%[[FIRST]] : tensor<?xf32>)
// CHECK:           %[[D:.*]] = arith.subf
// CHECK-NEXT:      %[[P:.*]] = arith.mulf %[[D]], %{{.*}}
// CHECK-NEXT:      arith.addf %{{.*}}, %[[P]]
func.func @shift(%x: tensor<4x?x?xf16>, %init: tensor<?xf32>) -> tensor<?xf32> {
  %k = norm.shift ins(%x : tensor<4x?x?xf16>) outs(%init : tensor<?xf32>) axes = [0, 2]
  return %k : tensor<?xf32>
}

// -----

// Two passes: the mean, then the squared distances from it and what is left of
// the mean; then these are added to the inits.
// CHECK-LABEL: func @moments(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf16>, %[[K:.*]]: tensor<8xf32>, %[[INIT:.*]]: tensor<8xf32>)
// CHECK-DAG:     %[[SHARE:.*]] = arith.constant 2.500000e-01 : f32
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[X]], %[[K]] : tensor<8x4xf16>, tensor<8xf32>)
// CHECK:           %[[D:.*]] = arith.subf
// CHECK-NEXT:      %[[P:.*]] = arith.mulf %[[D]], %[[SHARE]]
// CHECK-NEXT:      arith.addf %{{.*}}, %[[P]]
// CHECK:         %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[X]], %[[K]], %[[MEAN]] : tensor<8x4xf16>, tensor<8xf32>, tensor<8xf32>)
// CHECK:           arith.subf
// CHECK-NEXT:      %[[D:.*]] = arith.subf
// CHECK-NEXT:      %[[P:.*]] = arith.mulf %[[D]], %[[SHARE]]
// CHECK-NEXT:      arith.addf %{{.*}}, %[[P]]
// CHECK-NEXT:      %[[D2:.*]] = arith.mulf %[[D]], %[[D]]
// CHECK-NEXT:      arith.addf %{{.*}}, %[[D2]]
// CHECK:         %[[R:.*]]:3 = linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[MEAN]], %[[SUMS]]#0, %[[SUMS]]#1 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) outs(%[[INIT]], %[[INIT]], %[[INIT]]
// CHECK:         return %[[R]]#0, %[[R]]#1, %[[R]]#2
func.func @moments(%x: tensor<8x4xf16>, %k: tensor<8xf32>, %init: tensor<8xf32>)
    -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %m:3 = norm.moments ins(%x : tensor<8x4xf16>) shift(%k : tensor<8xf32>)
      outs(%init, %init, %init : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) axes = [1]
  return %m#0, %m#1, %m#2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// -----

// The mean of all values, by their distances from the first.
// CHECK-LABEL: func @shift_of_all(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf16>
// CHECK-DAG:     %[[SHARE:.*]] = arith.constant 2.500000e-01 : f32
// CHECK:         %[[FIRST:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<8x1xf16>)
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[X]], %[[FIRST]] : tensor<8x4xf16>, tensor<8xf32>) outs(%[[FIRST]] : tensor<8xf32>)
// CHECK:           %[[D:.*]] = arith.subf
// CHECK-NEXT:      arith.mulf %[[D]], %[[SHARE]]
func.func @shift_of_all(%x: tensor<8x4xf16>, %init: tensor<8xf32>) -> tensor<8xf32> {
  %k = norm.shift ins(%x : tensor<8x4xf16>) outs(%init : tensor<8xf32>) axes = [1] all
  return %k : tensor<8xf32>
}

// -----

// One pass, about the mean of the values counted before, or about the guess. Of
// an infinite value, M2 is not a number.
// CHECK-LABEL: func @guess(
// CHECK-SAME:    %[[X:.*]]: tensor<8x4xf16>, %[[K:.*]]: tensor<8xf32>, %[[G:.*]]: tensor<8xf32>, %[[N:.*]]: tensor<8xf64>, %[[MEAN:.*]]: tensor<8xf64>, %[[M2:.*]]: tensor<8xf64>)
// CHECK:         %[[C:.*]] = linalg.generic {{.*}} ins(%[[N]], %[[MEAN]], %[[G]], %[[K]] :
// CHECK-NEXT:    ^bb0(%[[EN:.*]]: f64, %[[EMEAN:.*]]: f64, %[[EG:.*]]: f32, %[[EK:.*]]: f32, %{{.*}}: f32):
// CHECK-DAG:       %[[WG:.*]] = arith.extf %[[EG]] : f32 to f64
// CHECK-DAG:       %[[WK:.*]] = arith.extf %[[EK]] : f32 to f64
// CHECK-DAG:       %[[ABOUT:.*]] = arith.addf %[[EMEAN]], %[[WK]] : f64
// CHECK-DAG:       %[[NONE:.*]] = arith.cmpf oeq, %[[EN]], %{{.*}} : f64
// CHECK:           arith.select %[[NONE]], %[[WG]], %[[ABOUT]]
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[X]], %[[C]] : tensor<8x4xf16>, tensor<8xf32>)
// CHECK-NOT:     iterator_types = ["parallel", "reduction"]
// CHECK:         linalg.generic {{.*}} ins(%[[S]]#0, %[[S]]#1, %[[C]], %[[K]] : {{.*}}) outs(%[[N]], %[[MEAN]], %[[M2]] :
// CHECK-NEXT:    ^bb0(%[[D:.*]]: f32, %{{.*}}: f32, %[[EC:.*]]: f32, %[[EK:.*]]: f32,
// CHECK-DAG:       arith.subf %[[D]], %[[D]] : f32
// CHECK-DAG:       %[[WC:.*]] = arith.extf %[[EC]] : f32 to f64
// CHECK-DAG:       %[[WK:.*]] = arith.extf %[[EK]] : f32 to f64
// CHECK-DAG:       arith.subf %[[WC]], %[[WK]] : f64
func.func @guess(%x: tensor<8x4xf16>, %k: tensor<8xf32>, %g: tensor<8xf32>,
    %n: tensor<8xf64>, %mean: tensor<8xf64>, %m2: tensor<8xf64>)
    -> (tensor<8xf64>, tensor<8xf64>, tensor<8xf64>) {
  %m:3 = norm.moments ins(%x : tensor<8x4xf16>) shift(%k : tensor<8xf32>) guess(%g : tensor<8xf32>)
      outs(%n, %mean, %m2 : tensor<8xf64>, tensor<8xf64>, tensor<8xf64>) axes = [1] accumulator = f32
  return %m#0, %m#1, %m#2 : tensor<8xf64>, tensor<8xf64>, tensor<8xf64>
}

// -----

// The values are summed in the accumulator type, and added to the inits in theirs.
// CHECK-LABEL: func @wide_inits(
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf16>, %[[INIT:.*]]: tensor<8xf64>)
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[X]] : {{.*}}) outs(%{{.*}}, %{{.*}} : tensor<8xf32>, tensor<8xf32>)
// CHECK-NOT:       f64
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[S]]#0, %[[S]]#1 : tensor<8xf32>, tensor<8xf32>) outs(%[[INIT]], %[[INIT]], %[[INIT]] :
// CHECK-NEXT:    ^bb0(%[[MEAN:.*]]: f32, %{{.*}}: f32, %[[N:.*]]: f64, %{{.*}}: f64, %{{.*}}: f64):
// CHECK-DAG:       arith.mulf %[[MEAN]], %[[MEAN]] : f32
// CHECK-DAG:       arith.addf %[[N]], %{{.*}} : f64
// CHECK-DAG:       %[[M2:.*]] = arith.select {{.*}} : f32
// CHECK-DAG:       arith.extf %[[M2]] : f32 to f64
func.func @wide_inits(%x: tensor<4x8xf16>, %init: tensor<8xf64>)
    -> (tensor<8xf64>, tensor<8xf64>, tensor<8xf64>) {
  %m:3 = norm.moments ins(%x : tensor<4x8xf16>)
      outs(%init, %init, %init : tensor<8xf64>, tensor<8xf64>, tensor<8xf64>) axes = [0]
      variance = fast accumulator = f32
  return %m#0, %m#1, %m#2 : tensor<8xf64>, tensor<8xf64>, tensor<8xf64>
}

// -----

// One pass: the sums of the values and of their squares; M2 is not negative. The
// input is as wide as the statistics, so values are halved, lest the distance of
// two of them overflows.
// CHECK-LABEL: func @fast(
// CHECK-SAME:    %[[X:.*]]: tensor<4x?xf32>, %[[INIT:.*]]: tensor<4xf32>)
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK-DAG:     %[[LARGEST:.*]] = arith.constant 3.40282347E+38 : f32
// CHECK:         %[[N:.*]] = tensor.dim %[[X]]
// CHECK:         %[[I:.*]] = arith.index_cast %[[N]] : index to i64
// CHECK:         %[[COUNT:.*]] = arith.sitofp %[[I]] : i64 to f32
// CHECK:         %[[SHARE:.*]] = arith.divf
// CHECK:         %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[X]] : tensor<4x?xf32>)
// CHECK-NEXT:    ^bb0(%[[E:.*]]: f32, %[[S:.*]]: f32, %[[Q:.*]]: f32):
// CHECK-NEXT:      %[[H:.*]] = arith.mulf %[[E]], %[[HALF]]
// CHECK-NEXT:      %[[P:.*]] = arith.mulf %[[H]], %[[SHARE]]
// CHECK-NEXT:      %[[S1:.*]] = arith.addf %[[S]], %[[P]]
// CHECK-NEXT:      %[[E2:.*]] = arith.mulf %[[H]], %[[H]]
// CHECK-NEXT:      %[[Q1:.*]] = arith.addf %[[Q]], %[[E2]]
// CHECK-NEXT:      linalg.yield %[[S1]], %[[Q1]]
// CHECK:         linalg.generic {{.*}} ins(%[[SUMS]]#0, %[[SUMS]]#1 : tensor<4xf32>, tensor<4xf32>)
// CHECK:           %[[S2:.*]] = arith.mulf
// CHECK:           %[[NS2:.*]] = arith.mulf %[[S2]], %[[COUNT]]
// CHECK:           %[[M2:.*]] = arith.subf %{{.*}}, %[[NS2]]
// CHECK:           arith.maximumf %[[M2]], %{{.*}}
// CHECK:           arith.minimumf %{{.*}}, %[[LARGEST]]
func.func @fast(%x: tensor<4x?xf32>, %init: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %m:3 = norm.moments ins(%x : tensor<4x?xf32>)
      outs(%init, %init, %init : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      axes = [1] variance = fast
  return %m#0, %m#1, %m#2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// The weighted mean of the means, then M2 and the distances from that mean.
// CHECK-LABEL: func @combine_moments(
// CHECK-SAME:    %[[N:.*]]: tensor<2x4xf64>, %[[M:.*]]: tensor<2x4xf64>, %[[M2:.*]]: tensor<2x4xf64>, %[[INIT:.*]]: tensor<4xf64>)
// CHECK:         %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[N]], %[[M]] : tensor<2x4xf64>, tensor<2x4xf64>)
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]#0, %[[SUMS]]#1 : tensor<4xf64>, tensor<4xf64>)
// CHECK:         %[[T:.*]] = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[N]], %[[M]], %[[M2]], %[[MEAN]] :
// CHECK-NEXT:    ^bb0(%[[EN:.*]]: f64, %[[EM:.*]]: f64, %[[EM2:.*]]: f64, %[[EMEAN:.*]]: f64, %[[ACC:.*]]: f64):
// CHECK-NEXT:      %[[D:.*]] = arith.subf %[[EM]], %[[EMEAN]]
// CHECK-NEXT:      %[[D2:.*]] = arith.mulf %[[D]], %[[D]]
// CHECK-NEXT:      %[[B:.*]] = arith.mulf %[[EN]], %[[D2]]
// CHECK-NEXT:      %[[A:.*]] = arith.addf %[[EM2]], %[[B]]
// CHECK-NEXT:      arith.addf %[[ACC]], %[[A]]
// CHECK:         linalg.generic {{.*}} ins(%[[SUMS]]#0, %[[MEAN]], %[[T]] : {{.*}}) outs(%[[INIT]], %[[INIT]], %[[INIT]]
func.func @combine_moments(%n: tensor<2x4xf64>, %m: tensor<2x4xf64>,
    %m2: tensor<2x4xf64>, %init: tensor<4xf64>)
    -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %r:3 = norm.combine_moments ins(%n, %m, %m2 : tensor<2x4xf64>, tensor<2x4xf64>, tensor<2x4xf64>)
      outs(%init, %init, %init : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) axes = [0]
  return %r#0, %r#1, %r#2 : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}

// -----

// Running statistics stay as they are where there is nothing to learn from.
// CHECK-LABEL: func @finalize(
// CHECK-SAME:    %[[N:.*]]: tensor<4xf32>, %[[M:.*]]: tensor<4xf32>, %[[M2:.*]]: tensor<4xf32>, %[[K:.*]]: tensor<4xf32>, %[[RM:.*]]: tensor<4xf16>, %[[RV:.*]]: tensor<4xf16>)
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[KEEP:.*]] = arith.constant 7.500000e-01 : f32
// CHECK-DAG:     %[[LARGEST:.*]] = arith.constant 6.550400e+04 : f32
// CHECK-DAG:     %[[LEAST:.*]] = arith.constant -6.550400e+04 : f32
// CHECK-DAG:     %[[TAKE:.*]] = arith.constant 2.500000e-01 : f32
// CHECK:         linalg.generic {{.*}} ins(%[[N]], %[[M]], %[[M2]], %[[K]] : {{.*}}) outs(%{{.*}}, %{{.*}}, %[[RM]], %[[RV]] : {{.*}})
// CHECK-NEXT:    ^bb0(%[[EN:.*]]: f32, %[[EM:.*]]: f32, %[[EM2:.*]]: f32, %[[EK:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32, %[[ERM:.*]]: f16, %[[ERV:.*]]: f16):
// CHECK-DAG:       %[[MEAN:.*]] = arith.addf %[[EK]], %[[EM]]
// CHECK-DAG:       %[[N1:.*]] = arith.maximumf %[[EN]], %[[ONE]]
// CHECK-DAG:       %[[VAR:.*]] = arith.divf %[[EM2]], %[[N1]]
// CHECK-DAG:       %[[OLDM:.*]] = arith.extf %[[ERM]] : f16 to f32
// CHECK-DAG:       %[[KEPTM:.*]] = arith.mulf %[[OLDM]], %[[KEEP]]
// CHECK-DAG:       %[[TAKENM:.*]] = arith.mulf %[[MEAN]], %[[TAKE]]
// CHECK-DAG:       %[[NEWM:.*]] = arith.addf %[[KEPTM]], %[[TAKENM]]
// CHECK-DAG:       %[[EMPTY:.*]] = arith.cmpf oeq, %[[EN]], %[[ZERO]]
// What the type of the running statistics cannot hold becomes its largest number.
// CHECK-DAG:       %[[BELOW:.*]] = arith.minimumf %[[NEWM]], %[[LARGEST]]
// CHECK-DAG:       %[[WITHIN:.*]] = arith.maximumf %[[BELOW]], %[[LEAST]]
// CHECK-DAG:       %[[FITM:.*]] = arith.select %{{.*}}, %[[NEWM]], %[[WITHIN]]
// CHECK-DAG:       %[[RUNM:.*]] = arith.select %[[EMPTY]], %[[OLDM]], %[[FITM]]
// CHECK-DAG:       %[[LESS:.*]] = arith.subf %[[EN]], %[[ONE]]
// CHECK-DAG:       %[[DIV:.*]] = arith.maximumf %[[LESS]], %[[ZERO]]
// CHECK-DAG:       %[[FEW:.*]] = arith.cmpf oeq, %[[DIV]], %[[ZERO]]
// CHECK-DAG:       %[[KEPT:.*]] = arith.ori %[[EMPTY]], %[[FEW]]
// CHECK-DAG:       %[[RUNV:.*]] = arith.select %[[KEPT]], %{{.*}}, %{{.*}}
// CHECK-DAG:       %[[OUTM:.*]] = arith.truncf %[[RUNM]] : f32 to f16
// CHECK-DAG:       %[[OUTV:.*]] = arith.truncf %[[RUNV]] : f32 to f16
// CHECK:           linalg.yield %[[MEAN]], %[[VAR]], %[[OUTM]], %[[OUTV]]
func.func @finalize(%n: tensor<4xf32>, %m: tensor<4xf32>, %m2: tensor<4xf32>,
    %k: tensor<4xf32>, %rm: tensor<4xf16>, %rv: tensor<4xf16>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf16>, tensor<4xf16>) {
  %r:4 = norm.finalize ins(%n, %m, %m2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      shift(%k : tensor<4xf32>) outs(%m, %m2 : tensor<4xf32>, tensor<4xf32>)
      running(%rm, %rv : tensor<4xf16>, tensor<4xf16>) momentum = 0.75
  return %r#0, %r#1, %r#2, %r#3
      : tensor<4xf32>, tensor<4xf32>, tensor<4xf16>, tensor<4xf16>
}

// -----

// CHECK-LABEL: func @rstd(
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[EPS:.*]] = arith.constant 5.000000e-01 : f32
// CHECK:         linalg.generic
// CHECK-NEXT:    ^bb0(%[[V:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT:      %[[SUM:.*]] = arith.addf %[[V]], %[[EPS]]
// CHECK-NEXT:      %[[ROOT:.*]] = math.sqrt %[[SUM]]
// CHECK-NEXT:      %[[R:.*]] = arith.divf %[[ONE]], %[[ROOT]]
// CHECK-NEXT:      %[[IS0:.*]] = arith.cmpf oeq, %[[SUM]], %[[ZERO]]
// CHECK-NEXT:      %[[S:.*]] = arith.select %[[IS0]], %[[ZERO]], %[[R]]
// CHECK-NEXT:      linalg.yield %[[S]]
func.func @rstd(%v: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %r = norm.rstd ins(%v : tensor<4xf32>) outs(%init : tensor<4xf32>) epsilon = 0.5
  return %r : tensor<4xf32>
}

// -----

// With parameters on the innermost axis, memory is walked as it lies; f32 inside,
// and one rounding to f16 at the end. Of the rounding error of shift + mean,
// nothing is lost.
// CHECK-DAG:   #[[$X:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG:   #[[$S:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-DAG:   #[[$P:.*]] = affine_map<(d0, d1, d2) -> (d2)>
// CHECK-LABEL: func @normalize(
// CHECK-SAME:    %[[X:.*]]: tensor<4x5x6xf16>, %[[S:.*]]: tensor<5xf32>, %[[P:.*]]: tensor<6xf32>)
// CHECK:         linalg.generic {indexing_maps = [#[[$X]], #[[$S]], #[[$S]], #[[$S]], #[[$P]], #[[$P]], #[[$X]]], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[X]], %[[S]], %[[S]], %[[S]], %[[P]], %[[P]] :
// CHECK-NEXT:    ^bb0(%[[E:.*]]: f16, %[[SHIFT:.*]]: f32, %[[MEAN:.*]]: f32, %[[RSTD:.*]]: f32, %[[SCALE:.*]]: f32, %[[BIAS:.*]]: f32, %{{.*}}: f16):
// CHECK-DAG:       %[[CENTER:.*]] = arith.addf %[[SHIFT]], %[[MEAN]]
// CHECK-DAG:       %[[FACTOR:.*]] = arith.mulf %[[RSTD]], %[[SCALE]]
// CHECK-DAG:       %[[BACK:.*]] = arith.subf %[[CENTER]], %[[SHIFT]]
// CHECK-DAG:       %[[ERROR:.*]] = arith.subf %[[BACK]], %[[MEAN]]
// CHECK-DAG:       %[[CORRECTION:.*]] = arith.mulf %[[ERROR]], %[[FACTOR]]
// CHECK-DAG:       %[[OFFSET:.*]] = arith.addf %[[CORRECTION]], %[[BIAS]]
// CHECK-DAG:       %[[W:.*]] = arith.extf %[[E]] : f16 to f32
// CHECK-DAG:       %[[D:.*]] = arith.subf %[[W]], %[[CENTER]]
// CHECK-DAG:       %[[F:.*]] = arith.mulf %[[D]], %[[FACTOR]]
// CHECK-DAG:       %[[Y:.*]] = arith.addf %[[F]], %[[OFFSET]]
// CHECK:           %[[H:.*]] = arith.truncf %[[Y]] : f32 to f16
// CHECK-NEXT:      linalg.yield %[[H]]
func.func @normalize(%x: tensor<4x5x6xf16>, %s: tensor<5xf32>, %p: tensor<6xf32>)
    -> tensor<4x5x6xf16> {
  %y = norm.normalize ins(%x : tensor<4x5x6xf16>) shift(%s : tensor<5xf32>)
      mean(%s : tensor<5xf32>) rstd(%s : tensor<5xf32>) scale(%p : tensor<6xf32>)
      bias(%p : tensor<6xf32>) outs(%x : tensor<4x5x6xf16>)
      statistics_axes = [1] parameter_axes = [2]
  return %y : tensor<4x5x6xf16>
}

// -----

// Else the loops that index statistics or parameters are outermost.
// CHECK-DAG:   #[[$X:.*]] = affine_map<(d0, d1, d2) -> (d1, d0, d2)>
// CHECK-DAG:   #[[$S:.*]] = affine_map<(d0, d1, d2) -> (d0)>
// CHECK-LABEL: func @normalize_rows(
// CHECK:         linalg.generic {indexing_maps = [#[[$X]], #[[$S]], #[[$S]], #[[$X]]]
func.func @normalize_rows(%x: tensor<4x5x6xf32>, %s: tensor<5xf32>) -> tensor<4x5x6xf32> {
  %y = norm.normalize ins(%x : tensor<4x5x6xf32>) mean(%s : tensor<5xf32>) rstd(%s : tensor<5xf32>)
      outs(%x : tensor<4x5x6xf32>) statistics_axes = [1] parameter_axes = []
  return %y : tensor<4x5x6xf32>
}

// -----

// f64 is the widest type.
// CHECK-LABEL: func @normalize_widest(
// CHECK:           %[[F:.*]] = arith.mulf %{{.*}}, %{{.*}} : f64
// CHECK:           arith.mulf %{{.*}}, %[[F]] : f64
// CHECK:           arith.truncf %{{.*}} to f32
func.func @normalize_widest(%x: tensor<4x5xf16>, %r: tensor<4x5xf32>, %p: tensor<5xf64>,
    %init: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %y = norm.normalize ins(%x : tensor<4x5xf16>) rstd(%r : tensor<4x5xf32>)
      scale(%p : tensor<5xf64>) outs(%init : tensor<4x5xf32>)
      statistics_axes = [0, 1] parameter_axes = [1]
  return %y : tensor<4x5xf32>
}

// -----

// Nothing to apply but a change of the type.
// CHECK-LABEL: func @normalize_nothing(
// CHECK:         linalg.generic
// CHECK:           arith.extf %{{.*}} : f16 to f32
// CHECK:         return
func.func @normalize_nothing(%x: tensor<4xf16>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = norm.normalize ins(%x : tensor<4xf16>) outs(%init : tensor<4xf32>)
      statistics_axes = [] parameter_axes = []
  return %y : tensor<4xf32>
}

// -----

// Rank 0, and memrefs, which become tensors first.
// CHECK-LABEL: func @rank0(
// CHECK-NOT:     norm.
// CHECK:         return
func.func @rank0(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %k = norm.shift ins(%x : tensor<f32>) outs(%x : tensor<f32>) axes = []
  %m:3 = norm.moments ins(%x : tensor<f32>) shift(%k : tensor<f32>)
      outs(%x, %x, %x : tensor<f32>, tensor<f32>, tensor<f32>) axes = []
  return %k, %m#2 : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: func @memrefs(
// CHECK:         norm.rstd
func.func @memrefs(%x: memref<4xf32>) {
  norm.rstd ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
  return
}

// -----

// The sums of one chunk start from 0.
// CHECK-LABEL: func @gradient_sums(
// CHECK-SAME:    %[[D:.*]]: tensor<4x8xf16>, %[[X:.*]]: tensor<4x8xf32>, %[[M:.*]]: tensor<8xf32>, %[[INIT:.*]]: tensor<8xf32>)
// CHECK:         %[[ZEROS:.*]] = linalg.fill
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[D]], %[[X]], %[[M]] : {{.*}}) outs(%[[ZEROS]], %[[ZEROS]] :
// CHECK-DAG:       %[[G:.*]] = arith.extf
// CHECK-DAG:       %[[C:.*]] = arith.subf
// CHECK-DAG:       arith.addf %{{.*}}, %[[G]]
// CHECK-DAG:       %[[P:.*]] = arith.mulf %[[G]], %[[C]]
// CHECK-DAG:       arith.addf %{{.*}}, %[[P]]
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[S]]#0, %[[S]]#1 : {{.*}}) outs(%[[INIT]], %[[INIT]]
func.func @gradient_sums(%d: tensor<4x8xf16>, %x: tensor<4x8xf32>, %m: tensor<8xf32>, %init: tensor<8xf32>)
    -> (tensor<8xf32>, tensor<8xf32>) {
  %s:2 = norm.gradient_sums ins(%d, %x : tensor<4x8xf16>, tensor<4x8xf32>) mean(%m : tensor<8xf32>)
      outs(%init, %init : tensor<8xf32>, tensor<8xf32>) axes = [0] statistics_axes = [1]
  return %s#0, %s#1 : tensor<8xf32>, tensor<8xf32>
}

// The values are summed in the accumulator type, and added to the inits in theirs.
// CHECK-LABEL: func @wide_inits_of_gradients(
// CHECK-SAME:    %[[D:.*]]: tensor<4x8xf32>, %[[INIT:.*]]: tensor<8xf64>)
// CHECK:         %[[S:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} {{.*}} outs(%{{.*}}, %{{.*}} : tensor<8xf32>, tensor<8xf32>)
// CHECK-NOT:       f64
// CHECK:         linalg.generic {{.*}} ins(%[[S]]#0, %[[S]]#1 : {{.*}}) outs(%[[INIT]], %[[INIT]]
// CHECK-NEXT:    ^bb0(%[[T:.*]]: f32, %{{.*}}: f32, %[[SUM:.*]]: f64, %{{.*}}: f64):
// CHECK-DAG:       %[[W:.*]] = arith.extf %[[T]] : f32 to f64
// CHECK-DAG:       arith.addf %[[SUM]], %[[W]] : f64
func.func @wide_inits_of_gradients(%d: tensor<4x8xf32>, %init: tensor<8xf64>)
    -> (tensor<8xf64>, tensor<8xf64>) {
  %s:2 = norm.gradient_sums ins(%d, %d : tensor<4x8xf32>, tensor<4x8xf32>)
      outs(%init, %init : tensor<8xf64>, tensor<8xf64>) axes = [0] accumulator = f32
  return %s#0, %s#1 : tensor<8xf64>, tensor<8xf64>
}

// The distance from a wider mean is taken in its type, and rounded to be added.
// CHECK-LABEL: func @wide_gradient_sums(
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]}
// CHECK-NEXT:    ^bb0(%[[D:.*]]: f32, %[[X:.*]]: f32, %[[M:.*]]: f64, %[[S:.*]]: f32, %[[P:.*]]: f32):
// CHECK-DAG:       %[[DW:.*]] = arith.extf %[[D]] : f32 to f64
// CHECK-DAG:       %[[XW:.*]] = arith.extf %[[X]] : f32 to f64
// CHECK-DAG:       %[[C:.*]] = arith.subf %[[XW]], %[[M]] : f64
// CHECK-DAG:       %[[T:.*]] = arith.mulf %[[DW]], %[[C]] : f64
// CHECK-DAG:       %[[TN:.*]] = arith.truncf %[[T]] : f64 to f32
// CHECK-DAG:       arith.addf %[[P]], %[[TN]] : f32
func.func @wide_gradient_sums(%d: tensor<4x8xf32>, %m: tensor<8xf64>, %init: tensor<8xf32>)
    -> (tensor<8xf32>, tensor<8xf32>) {
  %s:2 = norm.gradient_sums ins(%d, %d : tensor<4x8xf32>, tensor<4x8xf32>) mean(%m : tensor<8xf64>)
      outs(%init, %init : tensor<8xf32>, tensor<8xf32>) axes = [0] statistics_axes = [1]
  return %s#0, %s#1 : tensor<8xf32>, tensor<8xf32>
}

// -----

// CHECK-LABEL: func @gradient_apply(
// CHECK:         linalg.generic
// CHECK-NEXT:    ^bb0(%[[D:.*]]: f32, %[[X:.*]]: f32, %[[M:.*]]: f32, %[[R:.*]]: f32, %[[G:.*]]: f32, %[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-DAG:       %[[GD:.*]] = arith.mulf %[[D]], %[[G]]
// CHECK-DAG:       %[[C:.*]] = arith.subf %[[X]], %[[M]]
// CHECK-DAG:       %[[GDA:.*]] = arith.subf %[[GD]], %[[A]]
// CHECK-DAG:       %[[CB:.*]] = arith.mulf %[[C]], %[[B]]
// CHECK-DAG:       %[[Y:.*]] = arith.subf %[[GDA]], %[[CB]]
// CHECK:           arith.mulf %[[Y]], %[[R]]
func.func @gradient_apply(%d: tensor<4x8xf32>, %x: tensor<4x8xf32>, %s: tensor<4xf32>, %g: tensor<8xf32>)
    -> tensor<4x8xf32> {
  %y = norm.gradient_apply ins(%d, %x : tensor<4x8xf32>, tensor<4x8xf32>)
      mean(%s : tensor<4xf32>) rstd(%s : tensor<4xf32>) scale(%g : tensor<8xf32>)
      gradient_mean(%s : tensor<4xf32>) slope(%s : tensor<4xf32>)
      outs(%d : tensor<4x8xf32>) statistics_axes = [0] parameter_axes = [1]
  return %y : tensor<4x8xf32>
}

// -----

// The weights of a gradient, of statistics on a reduced axis and of parameters.
// CHECK-LABEL: func @weighted_gradient_sums(
// CHECK-SAME:    %[[D:.*]]: tensor<4x8xf32>, %[[R:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<8xf32>, %[[INIT:.*]]: tensor<8xf32>)
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[D]], %[[D]], %[[R]], %[[G]] :
// CHECK-NEXT:    ^bb0(%[[DY:.*]]: f32, %[[X:.*]]: f32, %[[RS:.*]]: f32, %[[GS:.*]]: f32, %[[S:.*]]: f32, %[[P:.*]]: f32):
// CHECK-DAG:       %[[XR:.*]] = arith.mulf %[[X]], %[[RS]]
// CHECK-DAG:       %[[GD:.*]] = arith.mulf %[[DY]], %[[GS]]
// CHECK-DAG:       %[[SUM:.*]] = arith.addf %[[S]], %[[GD]]
// CHECK-DAG:       %[[GDXR:.*]] = arith.mulf %[[GD]], %[[XR]]
// CHECK-DAG:       %[[PRODUCT:.*]] = arith.addf %[[P]], %[[GDXR]]
// CHECK:           linalg.yield %[[SUM]], %[[PRODUCT]]
func.func @weighted_gradient_sums(%d: tensor<4x8xf32>, %r: tensor<4xf32>, %g: tensor<8xf32>,
    %init: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %s:2 = norm.gradient_sums ins(%d, %d : tensor<4x8xf32>, tensor<4x8xf32>)
      rstd(%r : tensor<4xf32>) scale(%g : tensor<8xf32>)
      outs(%init, %init : tensor<8xf32>, tensor<8xf32>)
      axes = [0] statistics_axes = [0] parameter_axes = [1]
  return %s#0, %s#1 : tensor<8xf32>, tensor<8xf32>
}

// -----

// Partial sums are added in f64, and rounded once.
// CHECK-LABEL: func @combine_gradient_sums(
// CHECK-SAME:    %[[A:.*]]: tensor<4x8xf32>, %[[R:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<8xf32>, %[[INIT:.*]]: tensor<4xf32>)
// CHECK:         %[[ZEROS:.*]] = linalg.fill {{.*}} -> tensor<4xf64>
// CHECK:         %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[A]], %[[A]], %[[R]], %[[G]] : {{.*}}) outs(%[[ZEROS]], %[[ZEROS]] : tensor<4xf64>, tensor<4xf64>)
// CHECK-NEXT:    ^bb0(%[[PS:.*]]: f32, %[[PP:.*]]: f32, %[[RS:.*]]: f32, %[[GS:.*]]: f32, %[[S:.*]]: f64, %[[P:.*]]: f64):
// CHECK-DAG:       %[[PSW:.*]] = arith.extf %[[PS]] : f32 to f64
// CHECK-DAG:       %[[PPW:.*]] = arith.extf %[[PP]] : f32 to f64
// CHECK-DAG:       %[[RW:.*]] = arith.extf %[[RS]] : f32 to f64
// CHECK-DAG:       %[[GW:.*]] = arith.extf %[[GS]] : f32 to f64
// CHECK-DAG:       %[[GPS:.*]] = arith.mulf %[[PSW]], %[[GW]]
// CHECK-DAG:       %[[SUM:.*]] = arith.addf %[[S]], %[[GPS]]
// CHECK-DAG:       %[[PPR:.*]] = arith.mulf %[[PPW]], %[[RW]]
// CHECK-DAG:       %[[GPPR:.*]] = arith.mulf %[[PPR]], %[[GW]]
// CHECK-DAG:       %[[PRODUCT:.*]] = arith.addf %[[P]], %[[GPPR]]
// CHECK:           linalg.yield %[[SUM]], %[[PRODUCT]]
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[SUMS]]#0, %[[SUMS]]#1 : tensor<4xf64>, tensor<4xf64>) outs(%[[INIT]], %[[INIT]] : tensor<4xf32>, tensor<4xf32>)
// CHECK-COUNT-2:   arith.truncf %{{.*}} : f64 to f32
func.func @combine_gradient_sums(%a: tensor<4x8xf32>, %r: tensor<4xf32>, %g: tensor<8xf32>,
    %init: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s:2 = norm.combine_gradient_sums ins(%a, %a : tensor<4x8xf32>, tensor<4x8xf32>)
      rstd(%r : tensor<4xf32>) scale(%g : tensor<8xf32>)
      outs(%init, %init : tensor<4xf32>, tensor<4xf32>)
      axes = [1] statistics_axes = [0] parameter_axes = [1]
  return %s#0, %s#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Without a value, sums are 0, and are not divided by 0.
// CHECK-LABEL: func @gradient_finalize(
// CHECK:         %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]}
// CHECK-NEXT:    ^bb0(%[[S:.*]]: f32, %[[P:.*]]: f32, %[[R:.*]]: f32, %[[N:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32):
// CHECK-DAG:       %[[PR:.*]] = arith.mulf %[[P]], %[[R]]
// CHECK-DAG:       %[[PRR:.*]] = arith.mulf %[[PR]], %[[R]]
// CHECK-DAG:       %[[N1:.*]] = arith.maximumf %[[N]], %[[ONE]]
// CHECK-DAG:       %[[MEAN:.*]] = arith.divf %[[S]], %[[N1]]
// CHECK-DAG:       %[[SLOPE:.*]] = arith.divf %[[PRR]], %[[N1]]
// CHECK:           linalg.yield %[[MEAN]], %[[SLOPE]]
func.func @gradient_finalize(%s: tensor<8xf32>, %p: tensor<8xf32>, %r: tensor<8xf32>,
    %n: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %y:2 = norm.gradient_finalize ins(%s, %p : tensor<8xf32>, tensor<8xf32>)
      rstd(%r : tensor<8xf32>) count(%n : tensor<8xf32>)
      outs(%s, %p : tensor<8xf32>, tensor<8xf32>)
  return %y#0, %y#1 : tensor<8xf32>, tensor<8xf32>
}
