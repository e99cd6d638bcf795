// RUN: norm-opt %s --norm-fence-streams | FileCheck %s

// At the end of the function that has streaming stores.
// CHECK-LABEL: func @stream(
// CHECK:         vector.store
// CHECK:         vector.store
// CHECK-NEXT:    llvm.fence seq_cst
// CHECK-NEXT:    return
func.func @stream(%y: memref<64xf32>, %v: vector<16xf32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  vector.store %v, %y[%c0] {alignment = 64 : i64, nontemporal = true} : memref<64xf32>, vector<16xf32>
  vector.store %v, %y[%c16] {alignment = 64 : i64, nontemporal = true} : memref<64xf32>, vector<16xf32>
  return
}

// At the end of what each thread does, once.
// CHECK-LABEL: func @threads(
// CHECK:         omp.parallel {
// CHECK:           omp.wsloop
// CHECK-NOT:         llvm.fence
// CHECK:           }
// CHECK:           llvm.fence seq_cst
// CHECK-NEXT:      omp.terminator
// CHECK-NEXT:    }
// CHECK-NEXT:    return
func.func @threads(%y: memref<64xf32>, %v: vector<16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  omp.parallel {
    omp.wsloop {
      omp.loop_nest (%i) : index = (%c0) to (%n) step (%c16) {
        vector.store %v, %y[%i] {alignment = 64 : i64, nontemporal = true} : memref<64xf32>, vector<16xf32>
        omp.yield
      }
    }
    omp.terminator
  }
  return
}

// Other stores need none.
// CHECK-LABEL: func @plain(
// CHECK-NOT:     llvm.fence
// CHECK:         return
func.func @plain(%y: memref<64xf32>, %v: vector<16xf32>) {
  %c0 = arith.constant 0 : index
  vector.store %v, %y[%c0] : memref<64xf32>, vector<16xf32>
  return
}
