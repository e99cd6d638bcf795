// RUN: norm-opt %s --norm-gpu-join-loops --split-input-file | FileCheck %s

// Rows of 49 numbers, which fill no 16 bytes, are gone along as one. What has
// an element for each row, or each column, is looked up.
// CHECK-DAG:   #[[SAME:.*]] = affine_map<(d0) -> (d0)>
// CHECK-DAG:   #[[ROW:.*]] = affine_map<(d0) -> (d0 floordiv 49)>
// CHECK-DAG:   #[[COLUMN:.*]] = affine_map<(d0) -> (d0 mod 49)>
// CHECK-LABEL: func @rows
// CHECK-SAME:      %[[X:.*]]: memref<8x49xf32>, %[[S:.*]]: memref<8xf32>, %[[M:.*]]: memref<49xi1>, %[[Y:.*]]: memref<8x49xf32>
// CHECK:           %[[X1:.*]] = memref.collapse_shape %[[X]] {{\[\[}}0, 1]] : memref<8x49xf32> into memref<392xf32>
// CHECK:           %[[Y1:.*]] = memref.collapse_shape %[[Y]]
// CHECK:           linalg.generic {indexing_maps = [#[[SAME]], #[[ROW]], #[[COLUMN]], #[[SAME]]], iterator_types = ["parallel"]}
// CHECK-SAME:          ins(%[[X1]], %[[S]], %[[M]] : memref<392xf32>, memref<8xf32>, memref<49xi1>) outs(%[[Y1]] : memref<392xf32>)
func.func @rows(%x: memref<8x49xf32>, %s: memref<8xf32>, %m: memref<49xi1>, %y: memref<8x49xf32>, %n: index) {
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %n, %gz = %n)
             threads(%t, %ty, %tz) in (%sx = %n, %sy = %n, %sz = %n) {
    linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>,
                                     affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
                    iterator_types = ["parallel", "parallel"]}
        ins(%x, %s, %m : memref<8x49xf32>, memref<8xf32>, memref<49xi1>) outs(%y : memref<8x49xf32>) {
    ^bb0(%a: f32, %b: f32, %c: i1, %d: f32):
      %0 = arith.select %c, %a, %b : f32
      linalg.yield %0 : f32
    }
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Where nothing is looked up, all loops become one that can: rows of a step
// of their own do not. Sums keep the loops of their results.
// CHECK-LABEL: func @copies
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%{{.*}} : memref<?xf32>)
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%{{.*}} : memref<4x20xf32, strided<[40, 1]>>)
// CHECK:         linalg.copy
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}} : memref<4x20xf32, strided<[40, 1]>>)
func.func @copies(%a: memref<?x4x5xf32>, %b: memref<?x4x5xf32>, %c: memref<4x4x5xf32, strided<[40, 5, 1]>>,
                  %d: memref<4x4x5xf32>, %e: memref<4x5xf32, strided<[8, 1]>>, %f: memref<4x5xf32>,
                  %g: memref<4xf32>, %n: index) {
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %n, %gz = %n)
             threads(%t, %ty, %tz) in (%sx = %n, %sy = %n, %sz = %n) {
    linalg.copy ins(%a : memref<?x4x5xf32>) outs(%b : memref<?x4x5xf32>)
    linalg.copy ins(%c : memref<4x4x5xf32, strided<[40, 5, 1]>>) outs(%d : memref<4x4x5xf32>)
    linalg.copy ins(%e : memref<4x5xf32, strided<[8, 1]>>) outs(%f : memref<4x5xf32>)
    linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0)>],
                    iterator_types = ["parallel", "reduction", "reduction"]}
        ins(%c : memref<4x4x5xf32, strided<[40, 5, 1]>>) outs(%g : memref<4xf32>) {
    ^bb0(%u: f32, %v: f32):
      %0 = arith.addf %u, %v : f32
      linalg.yield %0 : f32
    }
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Rows that fill 16 bytes, or do not even together, of an unknown length,
// sums for each row, and what asks for its index stay.
// CHECK-LABEL: func @stay
// CHECK-NOT:     collapse_shape
#rows = affine_map<(d0, d1) -> (d0, d1)>
#first = affine_map<(d0, d1) -> (d0)>
func.func @stay(%x: memref<8x48xf32>, %o: memref<7x49xf32>, %u: memref<8x?xf32>, %l: memref<8x49xf32>,
                %s: memref<8xf32>, %r: memref<7xf32>, %n: index) {
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %n, %gz = %n)
             threads(%t, %ty, %tz) in (%sx = %n, %sy = %n, %sz = %n) {
    linalg.generic {indexing_maps = [#first, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%s : memref<8xf32>) outs(%x : memref<8x48xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.generic {indexing_maps = [#first, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%r : memref<7xf32>) outs(%o : memref<7x49xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.generic {indexing_maps = [#first, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%s : memref<8xf32>) outs(%u : memref<8x?xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.generic {indexing_maps = [#rows, #first], iterator_types = ["parallel", "reduction"]}
        ins(%l : memref<8x49xf32>) outs(%s : memref<8xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %b : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#rows], iterator_types = ["parallel", "parallel"]}
        outs(%l : memref<8x49xf32>) {
    ^bb0(%a: f32):
      %0 = linalg.index 0 : index
      %1 = arith.index_cast %0 : index to i32
      %2 = arith.sitofp %1 : i32 to f32
      linalg.yield %2 : f32
    }
    gpu.terminator
  } {norm.block}
  return
}
