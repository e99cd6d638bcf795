// RUN: norm-opt %s --norm-gpu-size-blocks | FileCheck %s

// A thread for each 16 bytes of the largest op, 400 / 4 of them.
// CHECK-LABEL: func @row(
// CHECK:         %[[T:.*]] = arith.constant 128 : index
// CHECK:         gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %[[T]],
func.func @row(%x: memref<64x400xf32>, %v: f32) {
  %c1 = arith.constant 1 : index
  %n = arith.constant 63 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %one = memref.subview %x[%b, 0] [1, 1] [1, 1] : memref<64x400xf32> to memref<1x1xf32, strided<[400, 1], offset: ?>>
    linalg.fill ins(%v : f32) outs(%one : memref<1x1xf32, strided<[400, 1], offset: ?>>)
    %row = memref.subview %x[%b, 0] [1, 400] [1, 1] : memref<64x400xf32> to memref<1x400xf32, strided<[400, 1], offset: ?>>
    linalg.fill ins(%v : f32) outs(%row : memref<1x400xf32, strided<[400, 1], offset: ?>>)
    gpu.terminator
  } {norm.block}
  return
}

// At least 64.
// CHECK-LABEL: func @short(
// CHECK:         %[[T:.*]] = arith.constant 64 : index
// CHECK:         gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %[[T]],
func.func @short(%x: memref<f16>, %v: f16, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    linalg.fill ins(%v : f16) outs(%x : memref<f16>)
    gpu.terminator
  } {norm.block}
  return
}

// At most 256. Unknown sizes are large.
// CHECK-LABEL: func @unknown(
// CHECK:         %[[T:.*]] = arith.constant 256 : index
// CHECK:         gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %[[T]],
func.func @unknown(%x: memref<?x?xf32>, %v: f32, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    linalg.fill ins(%v : f32) outs(%x : memref<?x?xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// Others are left alone.
// CHECK-LABEL: func @other(
// CHECK:         gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %{{.*}}[[N:arg2]],
func.func @other(%x: memref<64xf32>, %v: f32, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%b, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %n, %sy = %c1, %sz = %c1) {
    linalg.fill ins(%v : f32) outs(%x : memref<64xf32>)
    gpu.terminator
  }
  return
}
