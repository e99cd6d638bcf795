// RUN: norm-opt %s --norm-parallelize=part-size=65536 --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-parallelize=part-size=16384 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=SMALL

// Parts of the reduced axis, each with its own moments, then combined.
// CHECK-LABEL: func @moments(
// CHECK-SAME:    %[[X:.*]]: tensor<4096x64xf32>, %[[K:.*]]: tensor<64xf32>, %[[INIT:.*]]: tensor<64xf32>)
// CHECK:         %[[ZEROS:.*]] = linalg.fill
// CHECK:         %[[P:.*]]:3 = scf.forall (%[[I:.*]]) = (0) to (4096) step (1024) shared_outs(%[[PN:.*]] = %[[ZEROS]], %{{.*}} = %[[ZEROS]], %{{.*}} = %[[ZEROS]])
// CHECK:           %[[INDEX:.*]] = affine.apply #{{[a-z0-9]*}}()[%[[I]]]
// CHECK:           %[[PART:.*]] = tensor.extract_slice %[[X]][%[[I]], 0] [1024, 64] [1, 1]
// CHECK:           %[[ZERO:.*]] = tensor.extract_slice %[[PN]][%[[INDEX]], 0] [1, 64] [1, 1] : tensor<4x64xf32> to tensor<64xf32>
// CHECK:           %[[PM:.*]]:3 = norm.moments ins(%[[PART]] : tensor<1024x64xf32>) shift(%[[K]] : tensor<64xf32>) outs(%[[ZERO]], {{.*}} axes = [0] variance = fast
// CHECK:           tensor.parallel_insert_slice %[[PM]]#0 into %[[PN]][%[[INDEX]], 0] [1, 64] [1, 1]
// CHECK:         %[[M:.*]]:3 = norm.combine_moments ins(%[[P]]#0, %[[P]]#1, %[[P]]#2 : tensor<4x64xf32>, tensor<4x64xf32>, tensor<4x64xf32>) outs(%[[INIT]], %[[INIT]], %[[INIT]] : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) axes = [0]
// CHECK:         return %[[M]]#0, %[[M]]#1, %[[M]]#2
// SMALL-LABEL: func @moments(
// SMALL:         scf.forall (%{{.*}}) = (0) to (4096) step (256)
// SMALL:           norm.moments ins(%{{.*}} : tensor<256x64xf32>)
func.func @moments(%x: tensor<4096x64xf32>, %k: tensor<64xf32>, %init: tensor<64xf32>)
    -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %m:3 = norm.moments ins(%x : tensor<4096x64xf32>) shift(%k : tensor<64xf32>)
      outs(%init, %init, %init : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
      axes = [0] variance = fast
  return %m#0, %m#1, %m#2 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
}

// -----

// A size that parts do not divide: the last one is smaller. Axes that are not
// reduced stay whole.
// CHECK-LABEL: func @rest(
// CHECK-SAME:    %[[X:.*]]: tensor<3x5003x64xf32>, %[[INIT:.*]]: tensor<3x64xf32>)
// CHECK:         %[[P:.*]]:3 = scf.forall (%[[J:.*]]) = (0) to (5003) step (341) shared_outs({{.*}}) -> (tensor<3x15x64xf32>, tensor<3x15x64xf32>, tensor<3x15x64xf32>)
// CHECK-DAG:       %[[SIZE:.*]] = affine.min #{{.*}}(%[[J]])
// CHECK-DAG:       %[[PART:.*]] = tensor.extract_slice %[[X]][0, %[[J]], 0] [3, %[[SIZE]], 64] [1, 1, 1]
// CHECK:           norm.moments ins(%[[PART]] : tensor<3x?x64xf32>) outs({{.*}} : tensor<3x64xf32>, tensor<3x64xf32>, tensor<3x64xf32>) axes = [1]
// CHECK:         norm.combine_moments ins(%[[P]]#0, %[[P]]#1, %[[P]]#2 : {{.*}}) outs(%[[INIT]], %[[INIT]], %[[INIT]] : {{.*}}) axes = [1]
func.func @rest(%x: tensor<3x5003x64xf32>, %init: tensor<3x64xf32>)
    -> (tensor<3x64xf32>, tensor<3x64xf32>, tensor<3x64xf32>) {
  %m:3 = norm.moments ins(%x : tensor<3x5003x64xf32>)
      outs(%init, %init, %init : tensor<3x64xf32>, tensor<3x64xf32>, tensor<3x64xf32>) axes = [1]
  return %m#0, %m#1, %m#2 : tensor<3x64xf32>, tensor<3x64xf32>, tensor<3x64xf32>
}

// -----

// A dynamic size: as many parts as it has.
// CHECK-DAG:   #[[$CEILDIV:.*]] = affine_map<()[s0] -> (s0 ceildiv 1024)>
// CHECK-LABEL: func @dynamic(
// CHECK-SAME:    %[[X:.*]]: tensor<?x64xf32>
// CHECK:         %[[N:.*]] = tensor.dim %[[X]]
// CHECK:         %[[COUNT:.*]] = affine.apply #[[$CEILDIV]]()[%[[N]]]
// CHECK:         tensor.empty(%[[COUNT]])
// CHECK:         scf.forall (%{{.*}}) = (0) to (%[[N]]) step (1024)
// CHECK:           norm.moments ins(%{{.*}} : tensor<?x64xf32>) {{.*}} axes = [0]
// CHECK:         norm.combine_moments
func.func @dynamic(%x: tensor<?x64xf32>, %init: tensor<64xf32>)
    -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %m:3 = norm.moments ins(%x : tensor<?x64xf32>)
      outs(%init, %init, %init : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) axes = [0]
  return %m#0, %m#1, %m#2 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
}

// -----

// Of unknown size, samples may be large: a part is of one, with as many rows as
// fit, which run time tells where it alone knows how long they are.
// CHECK-LABEL: func @normalize(
// CHECK-SAME:    %[[X:.*]]: tensor<8x?x64xf32>, %[[M:.*]]: tensor<64xf32>, %{{.*}}: tensor<8x?x?xf32>)
// CHECK:         scf.forall (%[[N:.*]], %[[R:.*]]) = (0, 0) to (8, %{{.*}}) step (1, 1024) shared_outs(%[[Y:.*]] = %[[X]])
// CHECK:           %[[XS:.*]] = tensor.extract_slice %[[X]][%[[N]], %[[R]], 0] [1, %{{.*}}, 64] [1, 1, 1]
// CHECK:           norm.normalize ins(%[[XS]] : tensor<1x?x64xf32>) mean(%[[M]] : tensor<64xf32>)
// CHECK:         %[[LENGTH:.*]] = arith.maxui %{{.*}}, %c1
// CHECK:         %[[FIT:.*]] = arith.divui %c65536, %[[LENGTH]]
// CHECK:         %[[ROWS:.*]] = arith.maxui %[[FIT]], %c1
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (8, %{{.*}}) step (1, %[[ROWS]])
// SMALL-LABEL: func @normalize(
// SMALL:         scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (8, %{{.*}}) step (1, 256)
func.func @normalize(%x: tensor<8x?x64xf32>, %m: tensor<64xf32>, %z: tensor<8x?x?xf32>)
    -> (tensor<8x?x64xf32>, tensor<8x?x?xf32>) {
  %y = norm.normalize ins(%x : tensor<8x?x64xf32>) mean(%m : tensor<64xf32>)
      outs(%x : tensor<8x?x64xf32>) statistics_axes = [2] parameter_axes = []
  %n = tensor.empty() : tensor<8xf32>
  %w = norm.normalize ins(%z : tensor<8x?x?xf32>) mean(%n : tensor<8xf32>)
      outs(%z : tensor<8x?x?xf32>) statistics_axes = [0] parameter_axes = []
  return %y, %w : tensor<8x?x64xf32>, tensor<8x?x?xf32>
}

// -----

// Where a result of arithmetic is no symbol of affine maps, there are 64 of them.
// CHECK-LABEL: func @nested(
// CHECK:         scf.if
// CHECK:           scf.forall (%{{.*}}) = (0) to (%{{.*}}) step (64)
func.func @nested(%x: tensor<?x?xf32>, %m: tensor<?xf32>, %b: i1) -> tensor<?x?xf32> {
  %y = scf.if %b -> tensor<?x?xf32> {
    %z = norm.normalize ins(%x : tensor<?x?xf32>) mean(%m : tensor<?xf32>)
        outs(%x : tensor<?x?xf32>) statistics_axes = [0] parameter_axes = []
    scf.yield %z : tensor<?x?xf32>
  } else {
    scf.yield %x : tensor<?x?xf32>
  }
  return %y : tensor<?x?xf32>
}

// -----

// Nothing has no parts, however many rows of it there are.
// CHECK-LABEL: func @nothing(
// CHECK-NOT:     scf.forall
// CHECK:         return
func.func @nothing(%x: tensor<8x?x0xf32>, %m: tensor<8xf32>) -> tensor<8x?x0xf32> {
  %y = norm.normalize ins(%x : tensor<8x?x0xf32>) mean(%m : tensor<8xf32>)
      outs(%x : tensor<8x?x0xf32>) statistics_axes = [0] parameter_axes = []
  return %y : tensor<8x?x0xf32>
}

// -----

// Not more than one part.
// CHECK-LABEL: func @small(
// CHECK-NOT:     scf.forall
// CHECK:         return
// SMALL-LABEL: func @small(
// SMALL:         scf.forall
func.func @small(%x: tensor<1024x64xf32>, %init: tensor<64xf32>)
    -> (tensor<64xf32>, tensor<1024x64xf32>) {
  %m:3 = norm.moments ins(%x : tensor<1024x64xf32>)
      outs(%init, %init, %init : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) axes = [0]
  %y = norm.normalize ins(%x : tensor<1024x64xf32>) mean(%m#1 : tensor<64xf32>)
      outs(%x : tensor<1024x64xf32>) statistics_axes = [1] parameter_axes = []
  return %m#0, %y : tensor<64xf32>, tensor<1024x64xf32>
}

// -----

// Already parallel.
// CHECK-LABEL: func @nested(
// CHECK-COUNT-1: scf.forall (
// CHECK-NOT:     scf.forall (
// CHECK:         return
func.func @nested(%x: tensor<2x4096x64xf32>, %m: tensor<64xf32>) -> tensor<2x4096x64xf32> {
  %0 = scf.forall (%i) in (2) shared_outs(%o = %x) -> (tensor<2x4096x64xf32>) {
    %1 = tensor.extract_slice %x[%i, 0, 0] [1, 4096, 64] [1, 1, 1]
        : tensor<2x4096x64xf32> to tensor<1x4096x64xf32>
    %2 = norm.normalize ins(%1 : tensor<1x4096x64xf32>) mean(%m : tensor<64xf32>)
        outs(%1 : tensor<1x4096x64xf32>) statistics_axes = [2] parameter_axes = []
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %2 into %o[%i, 0, 0] [1, 4096, 64] [1, 1, 1]
          : tensor<1x4096x64xf32> into tensor<2x4096x64xf32>
    }
  }
  return %0 : tensor<2x4096x64xf32>
}

// -----

// Sums of gradients are reductions like any other, and their application is
// elementwise.
// CHECK-LABEL: func @gradient(
// CHECK-SAME:    %{{.*}}, %{{.*}}, %[[M:.*]]: tensor<64xf32>)
// CHECK:         %[[P:.*]]:2 = scf.forall (%{{.*}}) = (0) to (4096) step (1024)
// CHECK:           norm.gradient_sums ins(%{{.*}}, %{{.*}} : tensor<1024x64xf32>, tensor<1024x64xf32>) mean(%{{.*}} : tensor<64xf32>) outs({{.*}} : tensor<64xf32>, tensor<64xf32>) axes = [0] statistics_axes = [1]
// CHECK:         %[[S:.*]]:2 = norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : tensor<4x64xf32>, tensor<4x64xf32>) outs(%[[M]], %[[M]] : tensor<64xf32>, tensor<64xf32>) axes = [0]{{$}}
// CHECK:         scf.forall (%{{.*}}) = (0) to (4096) step (1024)
// CHECK:           norm.gradient_apply ins(%{{.*}}, %{{.*}} : tensor<1024x64xf32>, tensor<1024x64xf32>)
func.func @gradient(%d: tensor<4096x64xf32>, %x: tensor<4096x64xf32>, %m: tensor<64xf32>)
    -> (tensor<64xf32>, tensor<4096x64xf32>) {
  %s:2 = norm.gradient_sums ins(%d, %x : tensor<4096x64xf32>, tensor<4096x64xf32>) mean(%m : tensor<64xf32>)
      outs(%m, %m : tensor<64xf32>, tensor<64xf32>) axes = [0] statistics_axes = [1]
  %y = norm.gradient_apply ins(%d, %x : tensor<4096x64xf32>, tensor<4096x64xf32>)
      mean(%m : tensor<64xf32>) gradient_mean(%s#0 : tensor<64xf32>) slope(%s#1 : tensor<64xf32>)
      outs(%d : tensor<4096x64xf32>) statistics_axes = [1] parameter_axes = []
  return %s#0, %y : tensor<64xf32>, tensor<4096x64xf32>
}

// -----

// Each part has its own slice of what lies on a reduced axis. Parts are weighted
// already when they are combined.
// CHECK-LABEL: func @weighted_gradient(
// CHECK-SAME:    %[[D:.*]]: tensor<4096x64xf32>, %[[R:.*]]: tensor<4096xf32>, %[[G:.*]]: tensor<64xf32>, %[[S:.*]]: tensor<64xf32>)
// CHECK:         %[[P:.*]]:2 = scf.forall (%[[I:.*]]) = (0) to (4096) step (1024)
// CHECK-DAG:       %[[DS:.*]] = tensor.extract_slice %[[D]][%[[I]], 0] [1024, 64] [1, 1]
// CHECK-DAG:       %[[RS:.*]] = tensor.extract_slice %[[R]][%[[I]]] [1024] [1]
// CHECK:           norm.gradient_sums ins(%[[DS]], %[[DS]] : {{.*}}) mean(%[[RS]] : tensor<1024xf32>) rstd(%[[RS]] : tensor<1024xf32>) scale(%[[G]] : tensor<64xf32>) outs({{.*}} : tensor<64xf32>, tensor<64xf32>) axes = [0] statistics_axes = [0] parameter_axes = [1]
// CHECK:         norm.combine_gradient_sums ins(%[[P]]#0, %[[P]]#1 : tensor<4x64xf32>, tensor<4x64xf32>) outs(%[[S]], %[[S]] : tensor<64xf32>, tensor<64xf32>) axes = [0]{{$}}
func.func @weighted_gradient(%d: tensor<4096x64xf32>, %r: tensor<4096xf32>, %g: tensor<64xf32>,
    %s: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %y:2 = norm.gradient_sums ins(%d, %d : tensor<4096x64xf32>, tensor<4096x64xf32>)
      mean(%r : tensor<4096xf32>) rstd(%r : tensor<4096xf32>) scale(%g : tensor<64xf32>)
      outs(%s, %s : tensor<64xf32>, tensor<64xf32>)
      axes = [0] statistics_axes = [0] parameter_axes = [1]
  return %y#0, %y#1 : tensor<64xf32>, tensor<64xf32>
}

// -----

// A part has its part of the mask, which may have any of the axes.
// SMALL-LABEL: func @mask(
// SMALL-SAME:    %{{.*}}: tensor<64x400x16xf32>, %{{.*}}: tensor<16xf32>, %[[M:.*]]: tensor<64x400xi1>, %[[N:.*]]: tensor<64xi1>, %[[O:.*]]: tensor<400xi1>)
// SMALL:         scf.forall (%[[I:.*]]) = (0) to (64) step (2)
// SMALL:           %[[MS:.*]] = tensor.extract_slice %[[M]][%[[I]], 0] [2, 400] [1, 1]
// SMALL:           norm.moments ins(%{{.*}} : tensor<2x400x16xf32>) mask(%[[MS]] : tensor<2x400xi1>) {{.*}} axes = [0, 1] mask_axes = [0, 1]
// SMALL:         norm.combine_moments
// SMALL:         scf.forall (%[[I:.*]]) = (0) to (64) step (2)
// SMALL:           %[[NS:.*]] = tensor.extract_slice %[[N]][%[[I]]] [2] [1]
// SMALL:           norm.gradient_sums {{.*}} mask(%[[NS]] : tensor<2xi1>) {{.*}} axes = [0, 1] mask_axes = [0]
// SMALL:         norm.combine_gradient_sums
// SMALL:         scf.forall
// SMALL:           norm.normalize ins(%{{.*}} : tensor<2x400x16xf32>) {{.*}} mask(%[[O]] : tensor<400xi1>) {{.*}} mask_axes = [1]
// SMALL:         scf.forall (%[[I:.*]]) = (0) to (64) step (2)
// SMALL:           %[[MS:.*]] = tensor.extract_slice %[[M]][%[[I]], 0] [2, 400] [1, 1]
// SMALL:           norm.gradient_apply {{.*}} mask(%[[MS]] : tensor<2x400xi1>) {{.*}} mask_axes = [0, 1] unselected = normalize
func.func @mask(%x: tensor<64x400x16xf32>, %s: tensor<16xf32>, %m: tensor<64x400xi1>,
    %n: tensor<64xi1>, %o: tensor<400xi1>)
    -> (tensor<16xf32>, tensor<16xf32>, tensor<64x400x16xf32>, tensor<64x400x16xf32>) {
  %0:3 = norm.moments ins(%x : tensor<64x400x16xf32>) mask(%m : tensor<64x400xi1>)
      outs(%s, %s, %s : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>)
      axes = [0, 1] mask_axes = [0, 1]
  %1:2 = norm.gradient_sums ins(%x, %x : tensor<64x400x16xf32>, tensor<64x400x16xf32>)
      mask(%n : tensor<64xi1>) outs(%s, %s : tensor<16xf32>, tensor<16xf32>)
      axes = [0, 1] mask_axes = [0]
  %2 = norm.normalize ins(%x : tensor<64x400x16xf32>) rstd(%s : tensor<16xf32>)
      mask(%o : tensor<400xi1>) outs(%x : tensor<64x400x16xf32>)
      statistics_axes = [2] parameter_axes = [] mask_axes = [1]
  %3 = norm.gradient_apply ins(%x, %2 : tensor<64x400x16xf32>, tensor<64x400x16xf32>)
      rstd(%s : tensor<16xf32>) mask(%m : tensor<64x400xi1>)
      outs(%x : tensor<64x400x16xf32>) statistics_axes = [2] parameter_axes = []
      mask_axes = [0, 1] unselected = normalize
  return %0#2, %1#1, %2, %3
      : tensor<16xf32>, tensor<16xf32>, tensor<64x400x16xf32>, tensor<64x400x16xf32>
}

// -----

// Rows are split as they lie in memory: features, and several reduced axes.
// CHECK-LABEL: func @rows(
// CHECK-SAME:    %[[X:.*]]: tensor<4x6x50000xf32>, %[[K:.*]]: tensor<6xf32>, %[[INIT:.*]]: tensor<6xf64>)
// CHECK:         %[[P:.*]]:3 = scf.forall (%[[N:.*]], %[[C:.*]]) in (4, 6) shared_outs(%[[PN:[a-z0-9]+]] =
// CHECK:           %[[PART:.*]] = tensor.extract_slice %[[X]][%[[N]], %[[C]], 0] [1, 1, 50000] [1, 1, 1]
// CHECK:           %[[SHIFT:.*]] = tensor.extract_slice %[[K]][%[[C]]] [1] [1]
// CHECK:           %[[ZERO:.*]] = tensor.extract_slice %[[PN]][%[[N]], %[[C]]] [1, 1] [1, 1] : tensor<4x6xf64> to tensor<1xf64>
// CHECK:           norm.moments ins(%[[PART]] : tensor<1x1x50000xf32>) shift(%[[SHIFT]] : tensor<1xf32>) outs(%[[ZERO]], {{.*}} axes = [0, 2]
// CHECK:           tensor.parallel_insert_slice %{{.*}} into %[[PN]][%[[N]], %[[C]]] [1, 1] [1, 1]
// CHECK:         norm.combine_moments ins(%[[P]]#0, %[[P]]#1, %[[P]]#2 : tensor<4x6xf64>, tensor<4x6xf64>, tensor<4x6xf64>) outs(%[[INIT]], %[[INIT]], %[[INIT]] : {{.*}}) axes = [0]
// SMALL-LABEL: func @rows(
// SMALL:         %[[P:.*]]:3 = scf.forall (%[[N:.*]], %[[C:.*]], %[[I:.*]]) = (0, 0, 0) to (4, 6, 50000) step (1, 1, 12500)
// SMALL:           %[[PIECE:.*]] = affine.apply #{{.*}}()[%[[I]]]
// SMALL:           tensor.extract_slice %{{.*}}[%[[N]], %[[C]], %[[I]]] [1, 1, 12500] [1, 1, 1]
// SMALL:           tensor.parallel_insert_slice %{{.*}} into %{{.*}}[%[[N]], %[[C]], %[[PIECE]]] [1, 1, 1] [1, 1, 1]
// SMALL:         norm.combine_moments ins(%[[P]]#0, %[[P]]#1, %[[P]]#2 : tensor<4x6x4xf64>, {{.*}} axes = [0, 2]
func.func @rows(%x: tensor<4x6x50000xf32>, %k: tensor<6xf32>, %init: tensor<6xf64>)
    -> (tensor<6xf64>, tensor<6xf64>, tensor<6xf64>) {
  %m:3 = norm.moments ins(%x : tensor<4x6x50000xf32>) shift(%k : tensor<6xf32>)
      outs(%init, %init, %init : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>)
      axes = [0, 2] accumulator = f32
  return %m#0, %m#1, %m#2 : tensor<6xf64>, tensor<6xf64>, tensor<6xf64>
}
