// RUN: norm-opt %s --norm-join-rows --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-join-rows=line-bytes=128 --split-input-file | FileCheck %s --check-prefix=LINES
// RUN: not norm-opt %s --norm-join-rows=line-bytes=0 --split-input-file 2>&1 | FileCheck %s --check-prefix=ZERO

// ZERO: error: expected line-bytes to be at least 1, but got 0

// 16 rows of 49 are 49 lines. Coefficients are repeated along them.
// CHECK-LABEL: func @normalize(
// CHECK-SAME:    %[[X:.*]]: tensor<32x16x49xf32>, %[[M:.*]]: tensor<16xf32>, %[[F:.*]]: tensor<16xf32>, %[[INIT:.*]]: tensor<32x16x49xf32>)
// CHECK:         %[[XJ:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1, 2]] : tensor<32x16x49xf32> into tensor<32x784xf32>
// CHECK:         %[[MR:.*]] = linalg.broadcast ins(%[[M]] : tensor<16xf32>) outs(%{{.*}} : tensor<16x49xf32>) dimensions = [1]
// CHECK:         %[[MJ:.*]] = tensor.collapse_shape %[[MR]] {{\[\[}}0, 1]] : tensor<16x49xf32> into tensor<784xf32>
// CHECK:         %[[FR:.*]] = linalg.broadcast ins(%[[F]]
// CHECK:         %[[FJ:.*]] = tensor.collapse_shape %[[FR]]
// CHECK:         %[[IJ:.*]] = tensor.collapse_shape %[[INIT]] {{\[\[}}0], [1, 2]]
// CHECK:         %[[YJ:.*]] = norm.normalize ins(%[[XJ]] : tensor<32x784xf32>) mean(%[[MJ]] : tensor<784xf32>) scale(%[[FJ]] : tensor<784xf32>) outs(%[[IJ]] : tensor<32x784xf32>) statistics_axes = [1] parameter_axes = [1]
// CHECK:         %[[Y:.*]] = tensor.expand_shape %[[YJ]] {{\[\[}}0], [1, 2]] output_shape [32, 16, 49]
// CHECK:         return %[[Y]]
// LINES-LABEL: func @normalize(
// LINES-NOT:     collapse_shape
func.func @normalize(%x: tensor<32x16x49xf32>, %m: tensor<16xf32>, %f: tensor<16xf32>,
    %init: tensor<32x16x49xf32>) -> tensor<32x16x49xf32> {
  %y = norm.normalize ins(%x : tensor<32x16x49xf32>) mean(%m : tensor<16xf32>) scale(%f : tensor<16xf32>)
      outs(%init : tensor<32x16x49xf32>) statistics_axes = [1] parameter_axes = [1]
  return %y : tensor<32x16x49xf32>
}

// -----

// How many samples there are does not matter.
// CHECK-LABEL: func @batch(
// CHECK:         norm.normalize ins(%{{.*}} : tensor<?x784xf32>) mean(%{{.*}} : tensor<784xf32>)
func.func @batch(%x: tensor<?x16x49xf32>, %m: tensor<16xf32>) -> tensor<?x16x49xf32> {
  %y = norm.normalize ins(%x : tensor<?x16x49xf32>) mean(%m : tensor<16xf32>)
      outs(%x : tensor<?x16x49xf32>) statistics_axes = [1] parameter_axes = []
  return %y : tensor<?x16x49xf32>
}

// -----

// A mask of samples stays. Four rows of 196; the slices of a loop have no gaps
// between rows.
// CHECK-LABEL: func @gradient(
// CHECK:         scf.forall
// CHECK:           norm.gradient_apply ins(%{{.*}}, %{{.*}} : tensor<8x784xf32>, tensor<8x784xf32>) mean(%{{.*}} : tensor<784xf32>) gradient_mean(%{{.*}} : tensor<784xf32>) mask(%{{.*}} : tensor<8xi1>) outs(%{{.*}} : tensor<8x784xf32>) statistics_axes = [1] parameter_axes = [] mask_axes = [0]
// CHECK:           tensor.expand_shape
func.func @gradient(%d: tensor<8x64x196xf32>, %m: tensor<64xf32>, %k: tensor<8xi1>) -> tensor<8x64x196xf32> {
  %r = scf.forall (%c) = (0) to (64) step (4) shared_outs(%o = %d) -> (tensor<8x64x196xf32>) {
    %0 = tensor.extract_slice %d[0, %c, 0] [8, 4, 196] [1, 1, 1] : tensor<8x64x196xf32> to tensor<8x4x196xf32>
    %1 = tensor.extract_slice %o[0, %c, 0] [8, 4, 196] [1, 1, 1] : tensor<8x64x196xf32> to tensor<8x4x196xf32>
    %2 = tensor.extract_slice %m[%c] [4] [1] : tensor<64xf32> to tensor<4xf32>
    %3 = norm.gradient_apply ins(%0, %0 : tensor<8x4x196xf32>, tensor<8x4x196xf32>)
        mean(%2 : tensor<4xf32>) gradient_mean(%2 : tensor<4xf32>) mask(%k : tensor<8xi1>)
        outs(%1 : tensor<8x4x196xf32>) statistics_axes = [1] parameter_axes = [] mask_axes = [0]
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %3 into %o[0, %c, 0] [8, 4, 196] [1, 1, 1] : tensor<8x4x196xf32> into tensor<8x64x196xf32>
    }
  }
  return %r : tensor<8x64x196xf32>
}

// -----

// Left alone: halves of lines, more rows than needed, few other values, gaps,
// coefficients along a row, unknown sizes.
// CHECK-LABEL: func @others(
// CHECK-NOT:     collapse_shape
// CHECK:         return
// But 32 rows of 49 fill lines of 128 bytes.
// LINES-LABEL: func @others(
// LINES:         norm.normalize ins(%{{.*}} : tensor<32x1568xf32>) mean(%{{.*}} : tensor<1568xf32>)
func.func @others(%a: tensor<32x2x1000xf32>, %b: tensor<32x32x49xf32>, %c: tensor<7x16x49xf32>,
    %d: tensor<32x16x50xf32>, %e: tensor<32x16x49xf32>, %f: tensor<32x16x?xf32>,
    %m2: tensor<2xf32>, %m32: tensor<32xf32>, %m16: tensor<16xf32>, %m49: tensor<49xf32>)
    -> (tensor<32x2x1000xf32>, tensor<32x32x49xf32>, tensor<7x16x49xf32>, tensor<32x16x49xf32>,
        tensor<32x16x49xf32>, tensor<32x16x?xf32>) {
  %0 = norm.normalize ins(%a : tensor<32x2x1000xf32>) mean(%m2 : tensor<2xf32>)
      outs(%a : tensor<32x2x1000xf32>) statistics_axes = [1] parameter_axes = []
  %1 = norm.normalize ins(%b : tensor<32x32x49xf32>) mean(%m32 : tensor<32xf32>)
      outs(%b : tensor<32x32x49xf32>) statistics_axes = [1] parameter_axes = []
  %2 = norm.normalize ins(%c : tensor<7x16x49xf32>) mean(%m16 : tensor<16xf32>)
      outs(%c : tensor<7x16x49xf32>) statistics_axes = [1] parameter_axes = []
  %s = tensor.extract_slice %d[0, 0, 1] [32, 16, 49] [1, 1, 1] : tensor<32x16x50xf32> to tensor<32x16x49xf32>
  %3 = norm.normalize ins(%s : tensor<32x16x49xf32>) mean(%m16 : tensor<16xf32>)
      outs(%e : tensor<32x16x49xf32>) statistics_axes = [1] parameter_axes = []
  %4 = norm.normalize ins(%e : tensor<32x16x49xf32>) mean(%m49 : tensor<49xf32>)
      outs(%e : tensor<32x16x49xf32>) statistics_axes = [2] parameter_axes = []
  %5 = norm.normalize ins(%f : tensor<32x16x?xf32>) mean(%m16 : tensor<16xf32>)
      outs(%f : tensor<32x16x?xf32>) statistics_axes = [1] parameter_axes = []
  return %0, %1, %2, %3, %4, %5
      : tensor<32x2x1000xf32>, tensor<32x32x49xf32>, tensor<7x16x49xf32>, tensor<32x16x49xf32>,
        tensor<32x16x49xf32>, tensor<32x16x?xf32>
}

// -----

// 2048 elements, of any size, are the most: 16 rows of 127 in lines of four bytes,
// but not 16 of 129; 32 of 49 of two bytes.
// CHECK-LABEL: func @longest(
// CHECK:         norm.normalize ins(%{{.*}} : tensor<32x2032xf32>)
// CHECK:         norm.normalize ins(%{{.*}} : tensor<32x16x129xf32>)
// CHECK:         norm.normalize ins(%{{.*}} : tensor<32x1568xbf16>)
// CHECK:         norm.normalize ins(%{{.*}} : tensor<32x32x65xbf16>)
func.func @longest(%a: tensor<32x16x127xf32>, %b: tensor<32x16x129xf32>, %c: tensor<32x32x49xbf16>,
    %d: tensor<32x32x65xbf16>, %m16: tensor<16xf32>, %m32: tensor<32xf32>)
    -> (tensor<32x16x127xf32>, tensor<32x16x129xf32>, tensor<32x32x49xbf16>, tensor<32x32x65xbf16>) {
  %0 = norm.normalize ins(%a : tensor<32x16x127xf32>) mean(%m16 : tensor<16xf32>)
      outs(%a : tensor<32x16x127xf32>) statistics_axes = [1] parameter_axes = []
  %1 = norm.normalize ins(%b : tensor<32x16x129xf32>) mean(%m16 : tensor<16xf32>)
      outs(%b : tensor<32x16x129xf32>) statistics_axes = [1] parameter_axes = []
  %2 = norm.normalize ins(%c : tensor<32x32x49xbf16>) mean(%m32 : tensor<32xf32>)
      outs(%c : tensor<32x32x49xbf16>) statistics_axes = [1] parameter_axes = []
  %3 = norm.normalize ins(%d : tensor<32x32x65xbf16>) mean(%m32 : tensor<32xf32>)
      outs(%d : tensor<32x32x65xbf16>) statistics_axes = [1] parameter_axes = []
  return %0, %1, %2, %3 : tensor<32x16x127xf32>, tensor<32x16x129xf32>, tensor<32x32x49xbf16>, tensor<32x32x65xbf16>
}
