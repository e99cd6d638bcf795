// RUN: norm-opt %s --norm-gpu-distribute=access-bytes=32 --canonicalize --cse --split-input-file | FileCheck %s
// RUN: not norm-opt %s --norm-gpu-distribute=access-bytes=64 2>&1 | FileCheck %s --check-prefix=BYTES
// BYTES: error: expected access-bytes to be 16 or 32, but got 64

// Each thread copies eight neighbours at once, in accesses of 32 bytes if
// addresses are multiples of 32, and in those of 16 bytes if of 16.
// CHECK-DAG:   #[[START:.*]] = affine_map<()[s0] -> (s0 * 8 - (s0 floordiv 128) * 1024)>
// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 8)>
// CHECK-LABEL: func @rows
// CHECK-SAME:      (%[[X:.*]]: memref<8x1000xf32>, %[[Y:.*]]: memref<8x1000xf32>)
// CHECK-DAG:     %[[LOW5:.*]] = arith.constant 31 : index
// CHECK-DAG:     %[[LOW4:.*]] = arith.constant 15 : index
// CHECK-DAG:     %[[PX:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-DAG:     %[[PY:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK-DAG:     %[[AX:.*]] = arith.ori %[[PX]],
// CHECK-DAG:     %[[AY:.*]] = arith.ori %[[PY]],
// CHECK-DAG:     %[[X5:.*]] = arith.andi %[[AX]], %[[LOW5]]
// CHECK-DAG:     %[[Y5:.*]] = arith.andi %[[AY]], %[[LOW5]]
// CHECK-DAG:     %[[R5:.*]] = arith.ori %[[X5]], %[[Y5]]
// CHECK-DAG:     %[[WIDE:.*]] = arith.cmpi eq, %[[R5]]
// CHECK-DAG:     %[[X4:.*]] = arith.andi %[[AX]], %[[LOW4]]
// CHECK-DAG:     %[[Y4:.*]] = arith.andi %[[AY]], %[[LOW4]]
// CHECK-DAG:     %[[R4:.*]] = arith.ori %[[X4]], %[[Y4]]
// CHECK-DAG:     %[[ALIGNED:.*]] = arith.cmpi eq, %[[R4]]
// CHECK:         scf.if %[[WIDE]] {
// CHECK:             affine.for %[[J:.*]] = #[[START]]()[%{{.*}}] to 1000 step 1024 {
// CHECK-NEXT:          affine.for %{{.*}} = #{{.*}}(%[[J]]) to #[[END]](%[[J]]) {
// CHECK:               } {norm.vector}
// CHECK:         } else {
// CHECK-NEXT:      scf.if %[[ALIGNED]] {
// CHECK:               affine.for %{{.*}} to #[[END]](
// CHECK:               } {norm.vector}
// CHECK:           } else {
// CHECK:               affine.for %{{.*}} to #[[END]](
// CHECK:               } {norm.vector}
// CHECK:           } {norm.aligned = 16 : i64}
// CHECK-NEXT:    } {norm.aligned = 32 : i64}
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

// Rows of 196 are no multiples of 32 bytes, but of 16.
// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 4)>
// CHECK-LABEL: func @narrow
// CHECK-DAG:     arith.constant 15 : index
// CHECK:         affine.for %{{.*}} to #[[END]](
// CHECK:         } {norm.aligned = 16 : i64}
// CHECK-NOT:     norm.aligned
func.func @narrow(%x: memref<8x196xf32>, %y: memref<8x196xf32>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x196xf32>) outs(%y : memref<8x196xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Of numbers of two bytes, as many as fill 32 bytes. The others have two such
// accesses. If sizes are not known, vectors of half of that may fit.
// CHECK-DAG:   #[[END16:.*]] = affine_map<(d0) -> (d0 + 16)>
// CHECK-DAG:   #[[END8:.*]] = affine_map<(d0) -> (d0 + 8)>
// CHECK-LABEL: func @unknown
// CHECK-SAME:      (%[[X:.*]]: memref<?x?xf16>, %[[Y:.*]]: memref<?x?xf32>)
// CHECK:         %[[SIZE:.*]] = memref.dim %[[X]], %c1
// CHECK:         %[[TAIL16:.*]] = arith.andi %[[SIZE]], %c15
// CHECK-NEXT:    %[[FITS16:.*]] = arith.cmpi eq, %[[TAIL16]]
// CHECK:         %[[TAIL8:.*]] = arith.andi %[[SIZE]], %c7
// CHECK-NEXT:    %[[FITS8:.*]] = arith.cmpi eq, %[[TAIL8]]
// CHECK:         scf.if %[[FITS16]] {
// CHECK-COUNT-3:   to #[[END16]](
// CHECK:           } {norm.aligned = 16 : i64}
// CHECK-NEXT:      } {norm.aligned = 32 : i64}
// CHECK-NEXT:    } else {
// CHECK-NEXT:      scf.if %[[FITS8]] {
// CHECK-COUNT-2:   to #[[END8]](
// CHECK:           } {norm.aligned = 16 : i64}
// CHECK-NEXT:      } else {
// CHECK-NOT:         norm.vector
// CHECK:             affine.load
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

// Beside f64, whose computation takes registers, narrower numbers fill 16 bytes.
// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 4)>
// CHECK-LABEL: func @large
// CHECK-SAME:      (%[[X:.*]]: memref<8x1000xf32>, %[[Y:.*]]: memref<8x1000xf64>)
// CHECK-DAG:     %[[PX:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-DAG:     %[[PY:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK-DAG:     %[[AX:.*]] = arith.ori %[[PX]],
// CHECK-DAG:     %[[AY:.*]] = arith.ori %[[PY]],
// CHECK-DAG:     %[[X4:.*]] = arith.andi %[[AX]], %c15
// CHECK-DAG:     %[[Y5:.*]] = arith.andi %[[AY]], %c31
// CHECK-DAG:     %[[REST:.*]] = arith.ori %[[X4]], %[[Y5]]
// CHECK-DAG:     %[[WIDE:.*]] = arith.cmpi eq, %[[REST]]
// CHECK:         scf.if %[[WIDE]] {
// CHECK:           affine.for %{{.*}} to #[[END]](
func.func @large(%x: memref<8x1000xf32>, %y: memref<8x1000xf64>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x1000xf32>) outs(%y : memref<8x1000xf64>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// Workgroup memory has accesses of 16 bytes. What is read from there alone is
// taken four at a time, so that neighbours meet in no bank; what comes from or
// goes to other memory, eight at a time.
// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 8)>
// CHECK-LABEL: func @tile
// CHECK-SAME:      (%[[X:.*]]: memref<8x1000xf32>, %[[Y:.*]]: memref<8x1000xf32, #gpu.address_space<workgroup>>)
// CHECK-DAG:     %[[PX:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-DAG:     %[[PY:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK-DAG:     %[[AX:.*]] = arith.ori %[[PX]],
// CHECK-DAG:     %[[AY:.*]] = arith.ori %[[PY]],
// CHECK-DAG:     %[[X5:.*]] = arith.andi %[[AX]], %c31
// CHECK-DAG:     %[[Y4:.*]] = arith.andi %[[AY]], %c15
// CHECK-DAG:     %[[REST:.*]] = arith.ori %[[X5]], %[[Y4]]
// CHECK-DAG:     %[[WIDE:.*]] = arith.cmpi eq, %[[REST]]
// CHECK:         scf.if %[[WIDE]] {
// CHECK:           affine.for %{{.*}} to #[[END]](
func.func @tile(%x: memref<8x1000xf32>, %y: memref<8x1000xf32, #gpu.address_space<workgroup>>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x1000xf32>) outs(%y : memref<8x1000xf32, #gpu.address_space<workgroup>>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 4)>
// CHECK-LABEL: func @in_tile
// CHECK-NOT:     arith.constant 31
// CHECK:         affine.for %{{.*}} to #[[END]](
// CHECK:         {norm.aligned =
// CHECK-NOT:     norm.aligned
func.func @in_tile(%x: memref<8x1000xf32, #gpu.address_space<workgroup>>, %y: memref<8x1000xf32, #gpu.address_space<workgroup>>) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%x : memref<8x1000xf32, #gpu.address_space<workgroup>>) outs(%y : memref<8x1000xf32, #gpu.address_space<workgroup>>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

// So does what may be workgroup memory, if that is decided at run time.
// CHECK-DAG:   #[[END:.*]] = affine_map<(d0) -> (d0 + 4)>
// CHECK-LABEL: func @staged
// CHECK-NOT:     arith.constant 31
// CHECK:         affine.for %{{.*}} to #[[END]](
func.func @staged(%x: memref<8x1000xf32>, %w: memref<8x1000xf32, #gpu.address_space<workgroup>>, %fits: i1) {
  %c = memref.memory_space_cast %w : memref<8x1000xf32, #gpu.address_space<workgroup>> to memref<8x1000xf32>
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1) {
    %s = arith.select %fits, %c, %x : memref<8x1000xf32>
    linalg.copy ins(%s : memref<8x1000xf32>) outs(%w : memref<8x1000xf32, #gpu.address_space<workgroup>>)
    gpu.terminator
  } {norm.block}
  return
}
