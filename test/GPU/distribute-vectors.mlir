// RUN: norm-opt %s --norm-gpu-distribute --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-gpu-distribute=vectors=false --canonicalize --split-input-file | FileCheck %s --check-prefix=SCALAR --implicit-check-not=norm.vector --implicit-check-not=norm.aligned

// Each thread copies four neighbours at once. If they are aligned, which depends
// on the addresses alone, the kernel takes the first version of the same loops.
// CHECK-DAG:   #[[START:.*]] = affine_map<()[s0] -> (s0 * 4 - (s0 floordiv 256) * 1024)>
// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 4)>
// CHECK-LABEL: func @rows
// CHECK-SAME:      (%[[X:.*]]: memref<8x1000xf32>, %[[Y:.*]]: memref<8x1000xf32>)
// CHECK-DAG:     %[[LOW:.*]] = arith.constant 15 : index
// CHECK-DAG:     %[[ROW:.*]] = arith.constant 4000 : index
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0 : index
// CHECK:         threads(%[[T:.*]], %{{.*}}, %{{.*}}) in
// CHECK:           %[[PX:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-NEXT:      %[[AX:.*]] = arith.ori %[[PX]], %[[ROW]]
// CHECK:           %[[PY:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK-NEXT:      %[[AY:.*]] = arith.ori %[[PY]], %[[ROW]]
// CHECK-NEXT:      %[[RX:.*]] = arith.andi %[[AX]], %[[LOW]]
// CHECK-NEXT:      %[[RY:.*]] = arith.andi %[[AY]], %[[LOW]]
// CHECK:           %[[REST:.*]] = arith.ori %[[RX]], %[[RY]]
// CHECK:           %[[ALIGNED:.*]] = arith.cmpi eq, %[[REST]], %[[ZERO]]
// CHECK:           scf.if %[[ALIGNED]] {
// CHECK-NEXT:        affine.for %[[I:.*]] = 0 to 8 {
// CHECK-NEXT:          affine.for %[[J:.*]] = #[[START]]()[%[[T]]] to 1000 step 1024 {
// CHECK-NEXT:            affine.for %[[K:.*]] = #{{.*}}(%[[J]]) to #[[END]](%[[J]]) {
// CHECK-NEXT:              affine.load %[[X]][%[[I]], %[[K]]]
// CHECK-NEXT:              affine.store %{{.*}}, %[[Y]][%[[I]], %[[K]]]
// CHECK-NEXT:            } {norm.vector}
// CHECK:           } else {
// CHECK-NEXT:        affine.for %[[I:.*]] = 0 to 8 {
// CHECK-NEXT:          affine.for %[[J:.*]] = #[[START]]()[%[[T]]] to 1000 step 1024 {
// CHECK-NEXT:            affine.for %[[K:.*]] = #{{.*}}(%[[J]]) to #[[END]](%[[J]]) {
// CHECK:                 } {norm.vector}
// CHECK:           } {norm.aligned = 16 : i64}
// SCALAR-LABEL: func @rows
func.func @rows(%x: memref<8x1000xf32>, %y: memref<8x1000xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x1000xf32>) outs(%y : memref<8x1000xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Vectors are as long as 16 bytes of the narrowest type. Where sizes and strides
// are not known, the kernel finds out whether vectors fit. If they do not, it
// deals single elements out.
// CHECK-LABEL: func @unknown
// CHECK-SAME:      (%[[X:.*]]: memref<?x?xf16>, %[[Y:.*]]: memref<?x?xf32>)
// CHECK-DAG:     %[[C2:.*]] = arith.constant 2 : index
// CHECK-DAG:     %[[C4:.*]] = arith.constant 4 : index
// CHECK-DAG:     %[[C7:.*]] = arith.constant 7 : index
// CHECK:           memref.dim %[[X]]
// CHECK-NEXT:      %[[SIZE:.*]] = memref.dim %[[X]]
// CHECK-DAG:       %{{.*}}, %{{.*}}, %{{.*}}:2, %[[SX:.*]]:2 = memref.extract_strided_metadata %[[X]]
// CHECK-DAG:       arith.muli %[[SX]]#0, %[[C2]]
// CHECK-DAG:       %{{.*}}, %{{.*}}, %{{.*}}:2, %[[SY:.*]]:2 = memref.extract_strided_metadata %[[Y]]
// CHECK-DAG:       arith.muli %[[SY]]#0, %[[C4]]
// CHECK:           %[[ALIGNED:.*]] = arith.cmpi eq
// CHECK-NEXT:      %[[TAIL:.*]] = arith.andi %[[SIZE]], %[[C7]]
// CHECK-NEXT:      %[[FITS:.*]] = arith.cmpi eq, %[[TAIL]]
// CHECK:           scf.if %[[FITS]] {
// CHECK-NEXT:        scf.if %[[ALIGNED]] {
// CHECK:                 {norm.vector}
// CHECK:             } else {
// CHECK:                 {norm.vector}
// CHECK:             } {norm.aligned = 16 : i64}
// CHECK-NEXT:      } else {
// CHECK-NOT:         norm.vector
// CHECK:             affine.load
// SCALAR-LABEL: func @unknown
func.func @unknown(%x: memref<?x?xf16>, %y: memref<?x?xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<?x?xf16>) outs(%y : memref<?x?xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// A thread carries its sum through the loop over neighbours, to which the
// vectorizer gives as many sums.
// CHECK-LABEL: func @sum
// CHECK:         scf.if %{{.*}} -> (f32) {
// CHECK-NEXT:      %[[SUM:.*]] = affine.for %{{.*}} = {{.*}} iter_args
// CHECK-NEXT:        affine.for %{{.*}} = {{.*}} to 48 step 64 iter_args
// CHECK-NEXT:          affine.for %{{.*}} iter_args
// CHECK:               } {norm.vector}
// CHECK:           scf.yield %[[SUM]]
// CHECK:         gpu.shuffle
// SCALAR-LABEL: func @sum
func.func @sum(%x: memref<100x48xf32>, %y: memref<f32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>],
                    iterator_types = ["reduction", "reduction"]}
        ins(%x : memref<100x48xf32>) outs(%y : memref<f32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.addf %out, %in : f32
      linalg.yield %0 : f32
    }
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Rows of six let threads take two; odd ones, or elements that are not
// neighbours, one; so do 64 elements or less.
// CHECK-DAG:   #[[TWO:.*]] = affine_map<(d0) -> (d0 + 2)>
// CHECK-LABEL: func @short
// CHECK:         affine.for %{{.*}} = #{{.*}}(%[[J:.*]]) to #[[TWO]](%[[J]])
// CHECK-LABEL: func @odd
// CHECK-NOT:     norm.vector
// CHECK-LABEL: func @strided
// CHECK-NOT:     norm.vector
// CHECK-LABEL: func @few
// CHECK-NOT:     norm.vector
func.func @short(%x: memref<128x6xf32>, %y: memref<128x6xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<128x6xf32>) outs(%y : memref<128x6xf32>)
    gpu.terminator
  } {norm.block}
  return
}
func.func @odd(%x: memref<8x49xf32>, %y: memref<8x49xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x49xf32>) outs(%y : memref<8x49xf32>)
    gpu.terminator
  } {norm.block}
  return
}
func.func @strided(%x: memref<8x64xf32, strided<[128, 2]>>, %y: memref<8x64xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x64xf32, strided<[128, 2]>>) outs(%y : memref<8x64xf32>)
    gpu.terminator
  } {norm.block}
  return
}
func.func @few(%x: memref<4x16xf32>, %y: memref<4x16xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<4x16xf32>) outs(%y : memref<4x16xf32>)
    gpu.terminator
  } {norm.block}
  return
}
