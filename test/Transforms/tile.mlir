// RUN: norm-opt %s --norm-tile=min-slabs=8 --canonicalize --cse | FileCheck %s
// RUN: norm-opt %s --norm-tile=min-slabs=17 --canonicalize --cse | FileCheck %s --check-prefix=MIN17
// RUN: norm-opt %s --norm-tile --canonicalize --cse | FileCheck %s --check-prefix=STRIPS
// RUN: norm-opt %s --norm-tile="min-slabs=17 slab-bytes=400" --canonicalize --cse | FileCheck %s --check-prefix=FIT
// RUN: norm-opt %s --norm-tile="min-slabs=17 slab-bytes=399" --canonicalize --cse | FileCheck %s --check-prefix=MIN17
// RUN: norm-opt %s --norm-tile=line-bytes=128 --canonicalize --cse | FileCheck %s --check-prefix=LINES128
// RUN: norm-opt %s --norm-tile="line-bytes=128 min-slabs=17 slab-bytes=50176" --canonicalize --cse | FileCheck %s --check-prefix=LINES128
// RUN: norm-opt %s --norm-tile="line-bytes=128 min-slabs=17 slab-bytes=50175" --canonicalize --cse | FileCheck %s --check-prefix=LINES1
// RUN: norm-opt %s --norm-tile=line-bytes=16 --canonicalize --cse | FileCheck %s --check-prefix=LINES1
// RUN: norm-opt %s --norm-tile="line-bytes=16 min-slabs=1000 slab-bytes=8192" --canonicalize --cse | FileCheck %s --check-prefix=NARROW
// RUN: norm-opt %s --norm-tile="min-slabs=17 slab-bytes=3424 slab-parts=2" --canonicalize --cse | FileCheck %s --check-prefix=HALVES
// RUN: norm-opt %s --norm-tile="min-slabs=17 slab-bytes=3423 slab-parts=2" --canonicalize --cse | FileCheck %s --check-prefix=NO-HALVES
// RUN: norm-opt %s --norm-tile="min-slabs=17 slab-bytes=3424" --canonicalize --cse | FileCheck %s --check-prefix=NO-HALVES
// RUN: not norm-opt %s --norm-tile=line-bytes=0 2>&1 | FileCheck %s --check-prefix=LINES0

// LINES0: error: expected line-bytes to be at least 1, but got 0

// One iteration for each feature: its slab of the data, its elements of all
// that has one for each feature.
// CHECK-LABEL: func @training(
// CHECK-SAME:    %[[X:.*]]: tensor<4x16x25xf32>, %[[INIT:.*]]: tensor<4x16x25xf32>, %[[P:.*]]: tensor<16xf32>)
// CHECK:         scf.forall (%[[C:.*]]) in (16) shared_outs(%[[Y:.*]] = %[[INIT]], %[[M:.*]] = %[[P]], %[[V:.*]] = %[[P]])
// CHECK-DAG:       %[[XS:.*]] = tensor.extract_slice %[[X]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:       %[[PS:.*]] = tensor.extract_slice %[[P]][%[[C]]] [1] [1]
// CHECK-DAG:       %[[YS:.*]] = tensor.extract_slice %[[Y]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:       %[[MS:.*]] = tensor.extract_slice %[[M]][%[[C]]] [1] [1]
// CHECK-DAG:       %[[VS:.*]] = tensor.extract_slice %[[V]][%[[C]]] [1] [1]
// CHECK:           %[[T:.*]]:3 = norm.batch_norm_training ins(%[[XS]] : tensor<4x1x25xf32>) scale(%[[PS]] : tensor<1xf32>) outs(%[[YS]] : tensor<4x1x25xf32>) running(%[[MS]], %[[VS]] : tensor<1xf32>, tensor<1xf32>) features = [1] epsilon = 1.000000e-03
// CHECK-DAG:         tensor.parallel_insert_slice %[[T]]#0 into %[[Y]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:         tensor.parallel_insert_slice %[[T]]#1 into %[[M]][%[[C]]] [1] [1]
// CHECK-DAG:         tensor.parallel_insert_slice %[[T]]#2 into %[[V]][%[[C]]] [1] [1]
// FIT-LABEL: func @training(
// FIT:         scf.forall (%{{.*}}) in (16)
// MIN17-LABEL: func @training(
// MIN17-NOT:     scf.forall
// MIN17:         return
func.func @training(%x: tensor<4x16x25xf32>, %init: tensor<4x16x25xf32>, %p: tensor<16xf32>)
    -> (tensor<4x16x25xf32>, tensor<16xf32>, tensor<16xf32>) {
  %y:3 = norm.batch_norm_training ins(%x : tensor<4x16x25xf32>) scale(%p : tensor<16xf32>)
      outs(%init : tensor<4x16x25xf32>) running(%p, %p : tensor<16xf32>, tensor<16xf32>)
      features = [1] epsilon = 1.0e-3
  return %y#0, %y#1, %y#2 : tensor<4x16x25xf32>, tensor<16xf32>, tensor<16xf32>
}

// One iteration for each group of a sample, 12 < 17 slabs.
// CHECK-LABEL: func @group(
// CHECK-SAME:    %[[X:.*]]: tensor<4x15x25xf32>, %[[P:.*]]: tensor<15xf32>, %[[S:.*]]: tensor<4x3xf32>)
// CHECK:         scf.forall (%[[N:.*]], %[[G:.*]]) in (4, 3) shared_outs(%[[Y:.*]] = %[[X]], %[[M:.*]] = %[[S]], %[[V:.*]] = %[[S]])
// CHECK:           %[[C:.*]] = affine.apply #[[$TIMES5:.*]](%[[G]])
// CHECK:           %[[XS:.*]] = tensor.extract_slice %[[X]][%[[N]], %[[C]], 0] [1, 5, 25] [1, 1, 1]
// CHECK:           %[[PS:.*]] = tensor.extract_slice %[[P]][%[[C]]] [5] [1]
// CHECK:           tensor.extract_slice %[[M]][%[[N]], %[[G]]] [1, 1] [1, 1]
// CHECK:           norm.group_norm ins(%[[XS]] : tensor<1x5x25xf32>) scale(%[[PS]] : tensor<5xf32>) {{.*}} channel = 1 num_groups = 1
// FIT-LABEL: func @group(
// FIT-NOT:     scf.forall
// FIT:         return
// MIN17-LABEL: func @group(
// MIN17-NOT:     scf.forall
// MIN17:         return
func.func @group(%x: tensor<4x15x25xf32>, %p: tensor<15xf32>, %s: tensor<4x3xf32>)
    -> (tensor<4x15x25xf32>, tensor<4x3xf32>, tensor<4x3xf32>) {
  %y:3 = norm.group_norm ins(%x : tensor<4x15x25xf32>) scale(%p : tensor<15xf32>)
      outs(%x : tensor<4x15x25xf32>) statistics(%s, %s : tensor<4x3xf32>, tensor<4x3xf32>)
      channel = 1 num_groups = 3
  return %y#0, %y#1, %y#2 : tensor<4x15x25xf32>, tensor<4x3xf32>, tensor<4x3xf32>
}

// A dynamic number of slabs counts as large, and the channels of a group may be
// known only at run time.
// CHECK-LABEL: func @dynamic(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?xf32>
// CHECK:         %[[N:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         scf.forall (%[[I:.*]], %[[G:.*]]) in (%[[N]], 3)
// CHECK:           %[[CHANNELS:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:           %[[C:.*]] = affine.apply #{{.*}}(%[[G]])[%[[CHANNELS]]]
// CHECK:           %[[SIZE:.*]] = affine.apply #{{.*}}()[%[[CHANNELS]]]
// CHECK:           tensor.extract_slice %[[X]][%[[I]], %[[C]], 0] [1, %[[SIZE]], %{{.*}}] [1, 1, 1]
// CHECK:           norm.group_norm {{.*}} channel = 1 num_groups = 1
// MIN17-LABEL: func @dynamic(
// MIN17:         scf.forall
func.func @dynamic(%x: tensor<?x?x?xf32>, %p: tensor<?xf32>) -> tensor<?x?x?xf32> {
  %y = norm.group_norm ins(%x : tensor<?x?x?xf32>) scale(%p : tensor<?xf32>)
      outs(%x : tensor<?x?x?xf32>) channel = 1 num_groups = 3
  return %y : tensor<?x?x?xf32>
}

// CHECK-LABEL: func @group_size(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?x?xf32>,
// CHECK:         %[[C1:.*]] = arith.constant 1 : index
// CHECK:         %[[CHANNELS:.*]] = tensor.dim %[[X]], %[[C1]]
// CHECK:         %[[GROUPS:.*]] = affine.apply #{{.*}}()[%[[CHANNELS]]]
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (%{{.*}}, %[[GROUPS]])
// CHECK:           tensor.extract_slice %[[X]][%{{.*}}, %{{.*}}, 0] [1, 3, %{{.*}}] [1, 1, 1]
// CHECK:           norm.group_norm {{.*}} channel = 1 num_groups = 1
func.func @group_size(%x: tensor<?x?x?xf32>, %p: tensor<?xf32>) -> tensor<?x?x?xf32> {
  %y = norm.group_norm ins(%x : tensor<?x?x?xf32>) bias(%p : tensor<?xf32>)
      outs(%x : tensor<?x?x?xf32>) channel = 1 group_size = 3
  return %y : tensor<?x?x?xf32>
}

// Channels innermost: tiled by samples only.
// CHECK-LABEL: func @group_channels_last(
// CHECK:         scf.forall (%{{.*}}) in (16)
// CHECK:           norm.group_norm ins(%{{.*}} : tensor<1x25x6xf32>) {{.*}} channel = 2 num_groups = 3
// MIN17-LABEL: func @group_channels_last(
// MIN17-NOT:     scf.forall
// MIN17:         return
func.func @group_channels_last(%x: tensor<16x25x6xf32>) -> tensor<16x25x6xf32> {
  %y = norm.group_norm ins(%x : tensor<16x25x6xf32>) outs(%x : tensor<16x25x6xf32>)
      channel = 2 num_groups = 3
  return %y : tensor<16x25x6xf32>
}

// Features innermost, and inference: not tiled.
// CHECK-LABEL: func @untiled(
// CHECK-NOT:     scf.forall
// CHECK:         return
func.func @untiled(%x: tensor<16x25x16xf32>, %p: tensor<16xf32>, %q: tensor<25xf32>)
    -> (tensor<16x25x16xf32>, tensor<16x25x16xf32>) {
  %0 = norm.batch_norm_training ins(%x : tensor<16x25x16xf32>)
      outs(%x : tensor<16x25x16xf32>) features = [2]
  %1 = norm.batch_norm_inference ins(%x : tensor<16x25x16xf32>)
      statistics(%q, %q : tensor<25xf32>, tensor<25xf32>)
      outs(%x : tensor<16x25x16xf32>) features = [1]
  return %0, %1 : tensor<16x25x16xf32>, tensor<16x25x16xf32>
}

// Of the two feature axes, the one outside of the reduced axis is tiled.
// CHECK-LABEL: func @outer_feature(
// CHECK:         scf.forall (%{{.*}}) in (16)
// CHECK:           norm.batch_norm_training ins(%{{.*}} : tensor<1x25x16xf32>) {{.*}} features = [0, 2]
func.func @outer_feature(%x: tensor<16x25x16xf32>) -> tensor<16x25x16xf32> {
  %0 = norm.batch_norm_training ins(%x : tensor<16x25x16xf32>)
      outs(%x : tensor<16x25x16xf32>) features = [0, 2]
  return %0 : tensor<16x25x16xf32>
}

// Already parallel.
// CHECK-LABEL: func @nested(
// CHECK-COUNT-1: scf.forall (
// CHECK-NOT:     scf.forall (
// CHECK:         return
func.func @nested(%x: tensor<16x16x25xf32>) -> tensor<16x16x25xf32> {
  %0 = scf.forall (%i) in (2) shared_outs(%o = %x) -> (tensor<16x16x25xf32>) {
    %1 = norm.batch_norm_training ins(%x : tensor<16x16x25xf32>)
        outs(%o : tensor<16x16x25xf32>) features = [1]
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1 into %o[0, 0, 0] [16, 16, 25] [1, 1, 1]
          : tensor<16x16x25xf32> into tensor<16x16x25xf32>
    }
  }
  return %0 : tensor<16x16x25xf32>
}

// The gradients of a feature need nothing of another.
// CHECK-LABEL: func @batch_gradient(
// CHECK-SAME:    %[[D:.*]]: tensor<4x16x25xf32>, %[[X:.*]]: tensor<4x16x25xf32>, %[[P:.*]]: tensor<16xf32>)
// CHECK:         scf.forall (%[[C:.*]]) in (16) shared_outs(%[[Y:.*]] = %[[D]], %[[G:.*]] = %[[P]], %[[B:.*]] = %[[P]])
// CHECK-DAG:       %[[DS:.*]] = tensor.extract_slice %[[D]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:       %[[XS:.*]] = tensor.extract_slice %[[X]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:       %[[PS:.*]] = tensor.extract_slice %[[P]][%[[C]]] [1] [1]
// CHECK-DAG:       %[[YS:.*]] = tensor.extract_slice %[[Y]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:       %[[GS:.*]] = tensor.extract_slice %[[G]][%[[C]]] [1] [1]
// CHECK-DAG:       %[[BS:.*]] = tensor.extract_slice %[[B]][%[[C]]] [1] [1]
// CHECK:           %[[T:.*]]:3 = norm.batch_norm_grad ins(%[[DS]], %[[XS]] : tensor<4x1x25xf32>, tensor<4x1x25xf32>) mean(%[[PS]] : tensor<1xf32>) variance(%[[PS]] : tensor<1xf32>) scale(%[[PS]] : tensor<1xf32>) outs(%[[YS]] : tensor<4x1x25xf32>) scale_gradient(%[[GS]] : tensor<1xf32>) bias_gradient(%[[BS]] : tensor<1xf32>) features = [1] epsilon = 1.000000e-03
// CHECK-DAG:         tensor.parallel_insert_slice %[[T]]#0 into %[[Y]][0, %[[C]], 0] [4, 1, 25] [1, 1, 1]
// CHECK-DAG:         tensor.parallel_insert_slice %[[T]]#1 into %[[G]][%[[C]]] [1] [1]
// CHECK-DAG:         tensor.parallel_insert_slice %[[T]]#2 into %[[B]][%[[C]]] [1] [1]
// CHECK:         scf.forall (%{{.*}}) in (16)
// CHECK:           norm.batch_norm_inference_grad ins(%{{.*}}, %{{.*}} : tensor<4x1x25xf32>, tensor<4x1x25xf32>)
// MIN17-LABEL: func @batch_gradient(
// MIN17-NOT:     scf.forall
// MIN17:         return
func.func @batch_gradient(%d: tensor<4x16x25xf32>, %x: tensor<4x16x25xf32>, %p: tensor<16xf32>)
    -> (tensor<4x16x25xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %y:3 = norm.batch_norm_grad ins(%d, %x : tensor<4x16x25xf32>, tensor<4x16x25xf32>)
      mean(%p : tensor<16xf32>) variance(%p : tensor<16xf32>) scale(%p : tensor<16xf32>)
      outs(%d : tensor<4x16x25xf32>) scale_gradient(%p : tensor<16xf32>)
      bias_gradient(%p : tensor<16xf32>) features = [1] epsilon = 1.0e-3
  %z = norm.batch_norm_inference_grad ins(%d, %x : tensor<4x16x25xf32>, tensor<4x16x25xf32>)
      mean(%p : tensor<16xf32>) variance(%p : tensor<16xf32>)
      bias_gradient(%p : tensor<16xf32>) features = [1]
  return %y#0, %y#1, %y#2, %z
      : tensor<4x16x25xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}

// So do those of a group of a sample, where parameters have a gradient for each
// sample, or none.
// CHECK-LABEL: func @group_gradient(
// CHECK-SAME:    %[[X:.*]]: tensor<4x15x25xf32>, %[[P:.*]]: tensor<15xf32>, %[[S:.*]]: tensor<4x3xf32>, %[[Q:.*]]: tensor<4x15xf32>)
// CHECK:         scf.forall (%[[N:.*]], %[[G:.*]]) in (4, 3) shared_outs(%[[Y:.*]] = %[[X]], %[[H:.*]] = %[[Q]])
// CHECK:           %[[C:.*]] = affine.apply #[[$TIMES5]](%[[G]])
// CHECK-DAG:       %[[XS:.*]] = tensor.extract_slice %[[X]][%[[N]], %[[C]], 0] [1, 5, 25] [1, 1, 1]
// CHECK-DAG:       %[[SS:.*]] = tensor.extract_slice %[[S]][%[[N]], %[[G]]] [1, 1] [1, 1]
// CHECK-DAG:       %[[PS:.*]] = tensor.extract_slice %[[P]][%[[C]]] [5] [1]
// CHECK-DAG:       %[[HS:.*]] = tensor.extract_slice %[[H]][%[[N]], %[[C]]] [1, 5] [1, 1]
// CHECK:           %[[T:.*]]:2 = norm.group_norm_grad ins(%[[XS]], %[[XS]] : tensor<1x5x25xf32>, tensor<1x5x25xf32>) mean(%[[SS]] : tensor<1x1xf32>) rstd(%[[SS]] : tensor<1x1xf32>) scale(%[[PS]] : tensor<5xf32>) outs(%{{.*}} : tensor<1x5x25xf32>) scale_gradient(%[[HS]] : tensor<1x5xf32>) channel = 1 num_groups = 1 per_sample
// CHECK:             tensor.parallel_insert_slice %[[T]]#1 into %[[H]][%[[N]], %[[C]]] [1, 5] [1, 1]
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (4, 3)
// CHECK:           norm.group_norm_grad {{.*}} outs(%{{.*}} : tensor<1x5x25xf32>) channel = 1 num_groups = 1{{$}}
func.func @group_gradient(%x: tensor<4x15x25xf32>, %p: tensor<15xf32>, %s: tensor<4x3xf32>,
    %q: tensor<4x15xf32>) -> (tensor<4x15x25xf32>, tensor<4x15xf32>, tensor<4x15x25xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x15x25xf32>, tensor<4x15x25xf32>)
      mean(%s : tensor<4x3xf32>) rstd(%s : tensor<4x3xf32>) scale(%p : tensor<15xf32>)
      outs(%x : tensor<4x15x25xf32>) scale_gradient(%q : tensor<4x15xf32>)
      channel = 1 num_groups = 3 per_sample
  %z = norm.group_norm_grad ins(%x, %x : tensor<4x15x25xf32>, tensor<4x15x25xf32>)
      mean(%s : tensor<4x3xf32>) rstd(%s : tensor<4x3xf32>) scale(%p : tensor<15xf32>)
      outs(%x : tensor<4x15x25xf32>) channel = 1 num_groups = 3
  return %y#0, %y#1, %z : tensor<4x15x25xf32>, tensor<4x15xf32>, tensor<4x15x25xf32>
}

// The gradients of parameters are sums over all samples, and no slab has one.
// CHECK-LABEL: func @untiled_gradient(
// CHECK-NOT:     scf.forall
// CHECK:         return
func.func @untiled_gradient(%x: tensor<4x15x25xf32>, %p: tensor<15xf32>, %s: tensor<4x3xf32>)
    -> (tensor<4x15x25xf32>, tensor<15xf32>) {
  %y:2 = norm.group_norm_grad ins(%x, %x : tensor<4x15x25xf32>, tensor<4x15x25xf32>)
      mean(%s : tensor<4x3xf32>) rstd(%s : tensor<4x3xf32>) outs(%x : tensor<4x15x25xf32>)
      bias_gradient(%p : tensor<15xf32>) channel = 1 num_groups = 3
  return %y#0, %y#1 : tensor<4x15x25xf32>, tensor<15xf32>
}

// With constant statistics, the gradient of the input is elementwise.
// CHECK-LABEL: func @constant_statistics(
// CHECK-NOT:     scf.forall
// CHECK:         norm.batch_norm_inference_grad
func.func @constant_statistics(%d: tensor<4x16x25xf32>, %p: tensor<16xf32>) -> tensor<4x16x25xf32> {
  %y = norm.batch_norm_inference_grad ins(%d, %d : tensor<4x16x25xf32>, tensor<4x16x25xf32>)
      mean(%p : tensor<16xf32>) rstd(%p : tensor<16xf32>) outs(%d : tensor<4x16x25xf32>) features = [1]
  return %y : tensor<4x16x25xf32>
}

// Where features are innermost, strips of columns, if there are enough and they
// are wide enough: 8 of 64 here.
// STRIPS-LABEL: func @columns(
// STRIPS-SAME:    %[[X:.*]]: tensor<2000x512xf32>
// STRIPS:         scf.forall (%[[C:.*]]) = (0) to (512) step (64)
// STRIPS:           tensor.extract_slice %[[X]][0, %[[C]]] [2000, 64] [1, 1]
// STRIPS:           norm.batch_norm_training ins(%{{.*}} : tensor<2000x64xf32>)
// MIN17-LABEL: func @columns(
// MIN17-NOT:     scf.forall
// MIN17:         return
func.func @columns(%x: tensor<2000x512xf32>) -> tensor<2000x512xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<2000x512xf32>)
      outs(%x : tensor<2000x512xf32>) features = [1]
  return %y : tensor<2000x512xf32>
}

// Strips of whole groups, of each sample.
// STRIPS-LABEL: func @group_columns(
// STRIPS:         scf.forall (%[[N:.*]], %[[G:.*]]) = (0, 0) to (4, 32) step (1, 16)
// STRIPS:           norm.group_norm ins(%{{.*}} : tensor<1x256x640xf32>) {{.*}} num_groups = 16
func.func @group_columns(%x: tensor<4x256x1280xf32>) -> tensor<4x256x1280xf32> {
  %y = norm.group_norm ins(%x : tensor<4x256x1280xf32>)
      outs(%x : tensor<4x256x1280xf32>) channel = 2 num_groups = 32
  return %y : tensor<4x256x1280xf32>
}

// No strips: of fewer than 256 bytes; not of whole lines of 64 bytes; of slabs
// that are many, and small as they are; of unknown rows.
// STRIPS-LABEL: func @no_strips(
// STRIPS-NOT:     to (448)
// STRIPS-NOT:     to (1000)
// STRIPS:         scf.forall (%{{.*}}) in (8)
// STRIPS-NOT:     to (512)
// STRIPS:         return
func.func @no_strips(%a: tensor<90000x448xf32>, %b: tensor<2000x1000xf32>,
    %c: tensor<8x256x512xf32>, %d: tensor<?x512xf32>)
    -> (tensor<90000x448xf32>, tensor<2000x1000xf32>, tensor<8x256x512xf32>, tensor<?x512xf32>) {
  %0 = norm.batch_norm_training ins(%a : tensor<90000x448xf32>)
      outs(%a : tensor<90000x448xf32>) features = [1]
  %1 = norm.batch_norm_training ins(%b : tensor<2000x1000xf32>)
      outs(%b : tensor<2000x1000xf32>) features = [1]
  %2 = norm.group_norm ins(%c : tensor<8x256x512xf32>)
      outs(%c : tensor<8x256x512xf32>) channel = 2 num_groups = 32
  %3 = norm.batch_norm_training ins(%d : tensor<?x512xf32>)
      outs(%d : tensor<?x512xf32>) features = [1]
  return %0, %1, %2, %3
      : tensor<90000x448xf32>, tensor<2000x1000xf32>, tensor<8x256x512xf32>, tensor<?x512xf32>
}

// As many features as fill whole lines, of rows that fill none: 4 of 14 x 14.
// STRIPS-LABEL: func @short_rows(
// STRIPS:         scf.forall (%{{.*}}) = (0) to (64) step (4)
// STRIPS:           norm.batch_norm_training ins(%{{.*}} : tensor<8x4x196xf32>)
// STRIPS:         scf.forall (%{{.*}}) in (64)
// STRIPS:           norm.batch_norm_training ins(%{{.*}} : tensor<4x1x196xf32>)
// 8 fill lines of 128 bytes, if slabs of 8 are many or fit; one fills 16 bytes.
// LINES128-LABEL: func @short_rows(
// LINES128:         scf.forall (%{{.*}}) = (0) to (64) step (8)
// LINES1-LABEL: func @short_rows(
// LINES1:         scf.forall (%{{.*}}) in (64)
func.func @short_rows(%a: tensor<8x64x196xf32>, %b: tensor<4x64x196xf32>)
    -> (tensor<8x64x196xf32>, tensor<4x64x196xf32>) {
  %0 = norm.batch_norm_training ins(%a : tensor<8x64x196xf32>)
      outs(%a : tensor<8x64x196xf32>) features = [1]
  %1 = norm.batch_norm_training ins(%b : tensor<4x64x196xf32>)
      outs(%b : tensor<4x64x196xf32>) features = [1]
  return %0, %1 : tensor<8x64x196xf32>, tensor<4x64x196xf32>
}

// The narrowest strips of four lines that fit `slab-bytes`, with all arrays: two
// groups of 10 channels are 80 bytes of a row. There are none for two arrays, more
// rows, or an unknown number of them.
// NARROW-LABEL: func @narrow(
// NARROW:         scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (4, 32) step (1, 2)
// NARROW:         scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (%{{.*}}, 32) step (1, 2)
// NARROW:         norm.group_norm_grad ins(%{{.*}}, %{{.*}} : tensor<4x64x320xf32>, tensor<4x64x320xf32>)
// NARROW:         norm.group_norm ins(%{{.*}} : tensor<4x128x320xf32>)
// NARROW:         scf.forall (%{{.*}}) in (%{{.*}})
// NARROW:           norm.group_norm ins(%{{.*}} : tensor<1x?x320xf32>)
func.func @narrow(%x: tensor<4x64x320xf32>, %n: tensor<?x64x320xf32>, %s: tensor<4x32xf32>,
    %l: tensor<4x128x320xf32>, %d: tensor<?x?x320xf32>)
    -> (tensor<4x64x320xf32>, tensor<?x64x320xf32>, tensor<4x64x320xf32>,
        tensor<4x128x320xf32>, tensor<?x?x320xf32>) {
  %0 = norm.group_norm ins(%x : tensor<4x64x320xf32>) outs(%x : tensor<4x64x320xf32>)
      channel = 2 num_groups = 32
  %1 = norm.group_norm ins(%n : tensor<?x64x320xf32>) outs(%n : tensor<?x64x320xf32>)
      channel = 2 num_groups = 32
  %2 = norm.group_norm_grad ins(%x, %x : tensor<4x64x320xf32>, tensor<4x64x320xf32>)
      mean(%s : tensor<4x32xf32>) variance(%s : tensor<4x32xf32>)
      outs(%x : tensor<4x64x320xf32>) channel = 2 num_groups = 32
  %3 = norm.group_norm ins(%l : tensor<4x128x320xf32>) outs(%l : tensor<4x128x320xf32>)
      channel = 2 num_groups = 32
  %4 = norm.group_norm ins(%d : tensor<?x?x320xf32>) outs(%d : tensor<?x?x320xf32>)
      channel = 2 num_groups = 32
  return %0, %1, %2, %3, %4
      : tensor<4x64x320xf32>, tensor<?x64x320xf32>, tensor<4x64x320xf32>,
        tensor<4x128x320xf32>, tensor<?x?x320xf32>
}

// Slabs of 4800 bytes: halves leave room for their results. An odd number of
// values has none.
// HALVES-LABEL: func @halves(
// HALVES:         scf.forall (%{{.*}}) in (16)
// HALVES-LABEL: func @no_halves(
// HALVES-NOT:     scf.forall
// NO-HALVES-LABEL: func @halves(
// NO-HALVES-NOT:     scf.forall
func.func @halves(%x: tensor<4x16x300xf32>, %init: tensor<4x16x300xf32>) -> tensor<4x16x300xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<4x16x300xf32>) outs(%init : tensor<4x16x300xf32>) features = [1]
  return %y : tensor<4x16x300xf32>
}
func.func @no_halves(%x: tensor<3x16x391xf32>, %init: tensor<3x16x391xf32>) -> tensor<3x16x391xf32> {
  %y = norm.batch_norm_training ins(%x : tensor<3x16x391xf32>) outs(%init : tensor<3x16x391xf32>) features = [1]
  return %y : tensor<3x16x391xf32>
}
