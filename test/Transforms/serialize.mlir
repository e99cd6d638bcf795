// RUN: norm-opt %s --allow-unregistered-dialect --norm-serialize=min-bytes=4096 | FileCheck %s
// RUN: norm-opt %s --allow-unregistered-dialect --norm-serialize=min-bytes=4095 | FileCheck %s --check-prefix=LESS

// 4096 bytes are enough: 1024 of x, 3072 of y.
// CHECK-LABEL: func @enough(
// CHECK:         scf.forall
func.func @enough(%x: memref<256xf32>, %y: memref<8x192xf16>) {
  scf.forall (%i) in (8) {
    "test.use"(%x, %y, %i) : (memref<256xf32>, memref<8x192xf16>, index) -> ()
  }
  return
}

// What is made inside is not counted; memory that is used twice is counted once.
// CHECK-LABEL: func @little(
// CHECK-DAG:     %[[C3:.*]] = arith.constant 3 : index
// CHECK-DAG:     %[[C8:.*]] = arith.constant 8 : index
// CHECK:         scf.for %[[I:.*]] = %{{.*}} to %[[C8]]
// CHECK:           scf.for %[[J:.*]] = %{{.*}} to %[[C3]]
// CHECK:             memref.alloca
// CHECK:             "test.use"(%{{.*}}, %{{.*}}, %{{.*}}, %[[I]], %[[J]])
// LESS-LABEL: func @little(
// LESS:         scf.forall
func.func @little(%x: memref<255xf32>, %m: memref<3075xi1>) {
  scf.forall (%i, %j) in (8, 3) {
    %a = memref.alloca() : memref<4096xf32>
    "test.use"(%x, %m, %a, %i, %j) : (memref<255xf32>, memref<3075xi1>, memref<4096xf32>, index, index) -> ()
    "test.use"(%x) : (memref<255xf32>) -> ()
  }
  return
}

// A dynamic size leaves it to the run.
// CHECK-LABEL: func @dynamic(
// CHECK-SAME:    %[[X:.*]]: memref<?x8xf32>, %{{.*}}: memref<4xf32>)
// CHECK:         memref.extract_strided_metadata
// CHECK-NOT:     arith.cmpi
// CHECK:         memref.dim %[[X]], %{{.*}} : memref<?x8xf32>
// CHECK:         %[[MIN:.*]] = arith.constant 4096 : index
// CHECK:         %[[LARGE:.*]] = arith.cmpi uge, %{{.*}}, %[[MIN]] : index
// CHECK:         omp.parallel if(%[[LARGE]]) {
func.func @dynamic(%x: memref<?x8xf32>, %y: memref<4xf32>) {
  %base, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %x
      : memref<?x8xf32> -> memref<f32>, index, index, index, index, index
  omp.parallel {
    "test.use"(%base, %y) : (memref<f32>, memref<4xf32>) -> ()
    omp.terminator
  }
  return
}

// Static memory has been looked at before.
// CHECK-LABEL: func @static(
// CHECK:         omp.parallel {
func.func @static(%x: memref<8xf32>) {
  omp.parallel {
    "test.use"(%x) : (memref<8xf32>) -> ()
    omp.terminator
  }
  return
}
