// RUN: norm-opt %s --norm-chunk="chunk-size=4096 chunk-rows=1" --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-chunk="chunk-size=500 chunk-rows=1" --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=SMALL
// RUN: norm-opt %s --norm-chunk="chunk-size=500 chunk-rows=100" --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=ROWS

// The inner axis fits, the outer one is walked along; the moments go around. The
// guess is the mean of the first chunk.
// CHECK-LABEL: func @moments(
// CHECK-SAME:    %[[X:.*]]: tensor<32x1x3136xf32>, %[[INIT:.*]]: tensor<1xf32>)
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG:     %[[C32:.*]] = arith.constant 32 : index
// CHECK:         %[[FIRST:.*]] = tensor.extract_slice %[[X]][0, 0, 0] [1, 1, 3136] [1, 1, 1]
// CHECK:         %[[GUESS:.*]] = norm.shift ins(%[[FIRST]] : tensor<1x1x3136xf32>) outs(%{{.*}} : tensor<1xf32>) axes = [0, 2] all
// CHECK:         %[[M:.*]]:3 = scf.for %[[N:.*]] = %[[C0]] to %[[C32]] step %[[C1]] iter_args(%[[A:.*]] = %[[INIT]], %[[B:.*]] = %[[INIT]], %[[C:.*]] = %[[INIT]])
// CHECK:           %[[XS:.*]] = tensor.extract_slice %[[X]][%[[N]], 0, 0] [1, 1, 3136] [1, 1, 1]
// CHECK:           %[[P:.*]]:3 = norm.moments ins(%[[XS]] : tensor<1x1x3136xf32>) guess(%[[GUESS]] : tensor<1xf32>) outs(%[[A]], %[[B]], %[[C]] : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) axes = [0, 2]
// CHECK:           scf.yield %[[P]]#0, %[[P]]#1, %[[P]]#2
// CHECK:         return %[[M]]#0, %[[M]]#1, %[[M]]#2
// SMALL-LABEL: func @moments(
// SMALL:         scf.for
// SMALL:           scf.for
// SMALL:             norm.moments ins(%{{.*}} : tensor<1x1x448xf32>)
func.func @moments(%x: tensor<32x1x3136xf32>, %init: tensor<1xf32>)
    -> (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) {
  %m:3 = norm.moments ins(%x : tensor<32x1x3136xf32>)
      outs(%init, %init, %init : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) axes = [0, 2]
  return %m#0, %m#1, %m#2 : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>
}

// -----

// A dynamic size: the last chunk is what is left, and there are as many rows in
// a chunk as fit.
// CHECK-LABEL: func @dynamic(
// CHECK-SAME:    %[[X:.*]]: tensor<4x?xf32>
// CHECK-DAG:     %[[STEP:.*]] = arith.constant 4096 : index
// CHECK:         %[[N:.*]] = tensor.dim %[[X]]
// CHECK:         %[[N1:.*]] = arith.maxui %[[N]], %{{.*}}
// CHECK:         %[[FIT:.*]] = arith.divui %[[STEP]], %[[N1]]
// CHECK:         %[[FITTING:.*]] = arith.maxui %[[FIT]], %{{.*}}
// CHECK:         %[[FIRST:.*]] = tensor.extract_slice %[[X]][0, 0] [%{{.*}}, %{{.*}}] [1, 1]
// CHECK:         norm.shift ins(%[[FIRST]] : tensor<?x?xf32>) {{.*}} all
// CHECK:         %[[M:.*]]:3 = scf.for %[[I:[a-z0-9]*]] = %{{.*}} to %{{.*}} step %[[FITTING]]
// CHECK:           scf.for %[[J:.*]] = %{{.*}} to %[[N]] step %[[STEP]]
// CHECK-DAG:         %[[R:.*]] = affine.min #{{[a-z0-9]*}}(%[[I]])[%[[FITTING]]]
// CHECK-DAG:         %[[SIZE:.*]] = affine.min #{{[a-z0-9]*}}(%[[J]])[%[[N]]]
// CHECK:             %[[XS:.*]] = tensor.extract_slice %[[X]][%[[I]], %[[J]]] [%[[R]], %[[SIZE]]] [1, 1]
// CHECK:             norm.moments ins(%[[XS]] : tensor<?x?xf32>)
// CHECK:         return %[[M]]#0, %[[M]]#1, %[[M]]#2
// SMALL-LABEL: func @dynamic(
// SMALL-DAG:     arith.constant 500 : index
func.func @dynamic(%x: tensor<4x?xf32>, %init: tensor<f32>)
    -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %m:3 = norm.moments ins(%x : tensor<4x?xf32>)
      outs(%init, %init, %init : tensor<f32>, tensor<f32>, tensor<f32>) axes = [0, 1]
  return %m#0, %m#1, %m#2 : tensor<f32>, tensor<f32>, tensor<f32>
}

// -----

// All of it is one chunk.
// CHECK-LABEL: func @small(
// CHECK-SAME:    %[[X:.*]]: tensor<4x1024xf32>
// CHECK:         %[[GUESS:.*]] = norm.shift ins(%[[X]] : tensor<4x1024xf32>) {{.*}} all
// CHECK:         norm.moments ins(%[[X]] : tensor<4x1024xf32>) guess(%[[GUESS]] : tensor<f32>)
// CHECK-NOT:     scf.for
// CHECK:         return
// SMALL-LABEL: func @small(
// SMALL:         scf.for
func.func @small(%x: tensor<4x1024xf32>, %init: tensor<f32>)
    -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %m:3 = norm.moments ins(%x : tensor<4x1024xf32>)
      outs(%init, %init, %init : tensor<f32>, tensor<f32>, tensor<f32>) axes = [0, 1]
  return %m#0, %m#1, %m#2 : tensor<f32>, tensor<f32>, tensor<f32>
}

// -----

// Elementwise ops walk memory as it lies.
// CHECK-LABEL: func @normalize(
// CHECK-NOT:     scf.for
// CHECK:         return
func.func @normalize(%x: tensor<1000x64xf32>, %m: tensor<64xf32>) -> tensor<1000x64xf32> {
  %y = norm.normalize ins(%x : tensor<1000x64xf32>) mean(%m : tensor<64xf32>)
      outs(%x : tensor<1000x64xf32>) statistics_axes = [1] parameter_axes = []
  return %y : tensor<1000x64xf32>
}

// -----

// Where the innermost axis has statistics of its own, a chunk has some rows,
// however long they are, and more where it is read once.
// SMALL-LABEL: func @long_rows(
// SMALL:         norm.moments ins(%{{.*}} : tensor<4x4096xf32>)
// SMALL:         norm.moments ins(%{{.*}} : tensor<1x4096xf32>) mask(
// ROWS-LABEL: func @long_rows(
// ROWS:         norm.moments ins(%{{.*}} : tensor<250x4096xf32>)
// ROWS:         norm.moments ins(%{{.*}} : tensor<100x4096xf32>) mask(
func.func @long_rows(%x: tensor<1000x4096xf32>, %mask: tensor<1000xi1>, %init: tensor<4096xf32>)
    -> (tensor<4096xf32>, tensor<4096xf32>) {
  %m:3 = norm.moments ins(%x : tensor<1000x4096xf32>)
      outs(%init, %init, %init : tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>) axes = [0]
  %n:3 = norm.moments ins(%x : tensor<1000x4096xf32>) mask(%mask : tensor<1000xi1>)
      outs(%init, %init, %init : tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>)
      axes = [0] mask_axes = [0]
  return %m#1, %n#1 : tensor<4096xf32>, tensor<4096xf32>
}

// -----

// However many statistics there are, chunks of a contiguous axis are not short.
// CHECK-LABEL: func @many_statistics(
// CHECK-DAG:     %[[STEP:.*]] = arith.constant 512 : index
// CHECK:         scf.for %{{.*}} step %[[STEP]]
// CHECK:           norm.gradient_sums
func.func @many_statistics(%d: tensor<?x?xf32>, %s: tensor<?xf32>) -> tensor<?xf32> {
  %r:2 = norm.gradient_sums ins(%d, %d : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%s, %s : tensor<?xf32>, tensor<?xf32>) axes = [1]
  return %r#0 : tensor<?xf32>
}

// -----

// Statistics and parameters on a reduced axis are cut with it.
// CHECK-LABEL: func @weighted_gradient(
// CHECK-SAME:    %[[D:.*]]: tensor<1024x64xf32>, %[[R:.*]]: tensor<1024xf32>, %[[G:.*]]: tensor<64xf32>, %[[S:.*]]: tensor<64xf32>)
// CHECK:         scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[A:.*]] = %[[S]], %[[B:.*]] = %[[S]])
// CHECK-DAG:       %[[DS:.*]] = tensor.extract_slice %[[D]][%[[I]], 0] [4, 64] [1, 1]
// CHECK-DAG:       %[[RS:.*]] = tensor.extract_slice %[[R]][%[[I]]] [4] [1]
// CHECK:           norm.gradient_sums ins(%[[DS]], %[[DS]] : {{.*}}) rstd(%[[RS]] : tensor<4xf32>) scale(%[[G]] : tensor<64xf32>) outs(%[[A]], %[[B]] : tensor<64xf32>, tensor<64xf32>) axes = [0] statistics_axes = [0] parameter_axes = [1]
func.func @weighted_gradient(%d: tensor<1024x64xf32>, %r: tensor<1024xf32>, %g: tensor<64xf32>,
    %s: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %y:2 = norm.gradient_sums ins(%d, %d : tensor<1024x64xf32>, tensor<1024x64xf32>)
      rstd(%r : tensor<1024xf32>) scale(%g : tensor<64xf32>)
      outs(%s, %s : tensor<64xf32>, tensor<64xf32>)
      axes = [0] statistics_axes = [0] parameter_axes = [1]
  return %y#0, %y#1 : tensor<64xf32>, tensor<64xf32>
}

// -----

// A chunk counts what its part of the mask selects.
// CHECK-LABEL: func @mask(
// CHECK-SAME:    %[[X:.*]]: tensor<1x4x5000xf32>, %[[M:.*]]: tensor<4x5000xi1>, %{{.*}}: tensor<1xf32>)
// CHECK:         scf.for %[[I:[a-z0-9]*]] =
// CHECK:           scf.for %[[J:[a-z0-9]*]] =
// CHECK-DAG:         %[[XS:.*]] = tensor.extract_slice %[[X]][0, %[[I]], %[[J]]] [1, 1, 2500] [1, 1, 1]
// CHECK-DAG:         %[[MS:.*]] = tensor.extract_slice %[[M]][%[[I]], %[[J]]] [1, 2500] [1, 1]
// CHECK:             norm.moments ins(%[[XS]] : tensor<1x1x2500xf32>) mask(%[[MS]] : tensor<1x2500xi1>) {{.*}} axes = [1, 2] mask_axes = [1, 2]
func.func @mask(%x: tensor<1x4x5000xf32>, %m: tensor<4x5000xi1>, %s: tensor<1xf32>)
    -> (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) {
  %y:3 = norm.moments ins(%x : tensor<1x4x5000xf32>) mask(%m : tensor<4x5000xi1>)
      outs(%s, %s, %s : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
      axes = [1, 2] mask_axes = [1, 2]
  return %y#0, %y#1, %y#2 : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>
}

// -----

// One statistic after the other, where each has enough values of its own.
// CHECK-LABEL: func @one_by_one(
// CHECK:         scf.for %[[C:.*]] = %{{.*}} to %{{.*}} step
// CHECK:           %[[ONE:.*]] = tensor.extract_slice %{{.*}}[0, %[[C]], 0] [32, 1, 49] [1, 1, 1]
// CHECK:           %[[GUESS:.*]] = norm.shift ins(%[[ONE]] : tensor<32x1x49xf32>) {{.*}} all
// CHECK:           norm.moments ins(%[[ONE]] : tensor<32x1x49xf32>) guess(%[[GUESS]] : tensor<1xf32>)
// CHECK-NOT:     scf.for
// CHECK:         norm.moments ins(%{{.*}} : tensor<2x16x49xf32>) guess(
func.func @one_by_one(%x: tensor<32x16x49xf32>, %y: tensor<2x16x49xf32>, %init: tensor<16xf32>)
    -> (tensor<16xf32>, tensor<16xf32>) {
  %m:3 = norm.moments ins(%x : tensor<32x16x49xf32>)
      outs(%init, %init, %init : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) axes = [0, 2]
  %n:3 = norm.moments ins(%y : tensor<2x16x49xf32>)
      outs(%init, %init, %init : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) axes = [0, 2]
  return %m#1, %n#1 : tensor<16xf32>, tensor<16xf32>
}

// -----

// Sums of gradients follow the order of memory as well, in chunks that are as
// long as where all statistics are summed at once.
// CHECK-LABEL: func @sums_one_by_one(
// CHECK:         scf.for %[[C:.*]] = %{{.*}} to %{{.*}} step
// CHECK:           scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step
// CHECK:             norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<1x1x500xf32>, tensor<1x1x500xf32>)
func.func @sums_one_by_one(%x: tensor<32x16x500xf32>, %init: tensor<16xf32>) -> tensor<16xf32> {
  %s:2 = norm.gradient_sums ins(%x, %x : tensor<32x16x500xf32>, tensor<32x16x500xf32>)
      outs(%init, %init : tensor<16xf32>, tensor<16xf32>) axes = [0, 2]
  return %s#1 : tensor<16xf32>
}

// -----

// No guess: what a mask selects might not be in the first chunk; the fast
// variance and the mean of squares take one pass anyway; there are no values.
// CHECK-LABEL: func @no_guess(
// CHECK-NOT:     norm.shift
// CHECK:         return
func.func @no_guess(%x: tensor<4x5000xf32>, %e: tensor<4x0xf32>, %mask: tensor<5000xi1>, %s: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %a:3 = norm.moments ins(%x : tensor<4x5000xf32>) mask(%mask : tensor<5000xi1>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1] mask_axes = [1]
  %b:3 = norm.moments ins(%x : tensor<4x5000xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1] variance = fast
  %c:3 = norm.moments ins(%x : tensor<4x5000xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1] uncentered
  %d:3 = norm.moments ins(%e : tensor<4x0xf32>)
      outs(%s, %s, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) axes = [1]
  return %a#1, %b#1, %c#2, %d#1 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
