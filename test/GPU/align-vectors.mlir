// RUN: norm-opt %s --norm-gpu-align-vectors | FileCheck %s

// Vectors in the first region have the alignment of their size, up to 16 bytes.
// An alignment that is there stays. Those in the second region become accesses
// of elements.
// CHECK-LABEL: func @versions
// CHECK:         scf.if
// CHECK-NEXT:      %[[X:.*]] = vector.load %{{.*}} {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
// CHECK-NEXT:      scf.for
// CHECK-NEXT:        %[[H:.*]] = vector.load %{{.*}} {alignment = 8 : i64} : memref<?xf16>, vector<4xf16>
// CHECK-NEXT:        %[[E:.*]] = arith.extf
// CHECK-NEXT:        vector.store %[[E]], %{{.*}} {alignment = 16 : i64} : memref<?xf64>, vector<4xf64>
// CHECK-NEXT:      }
// CHECK-NEXT:      vector.store %[[X]], %{{.*}} {alignment = 4 : i64}
// CHECK-NEXT:    } else {
// CHECK-NEXT:      %[[E0:.*]] = memref.load %{{.*}}[%[[I:.*]]] : memref<?xf32>
// CHECK-NEXT:      %[[C1:.*]] = arith.constant 1 : index
// CHECK-NEXT:      %[[I1:.*]] = arith.addi %[[I]], %[[C1]]
// CHECK-NEXT:      %[[E1:.*]] = memref.load %{{.*}}[%[[I1]]] : memref<?xf32>
// CHECK-NEXT:      %[[V:.*]] = vector.from_elements %[[E0]], %[[E1]] : vector<2xf32>
// CHECK-NEXT:      %[[E0:.*]] = vector.extract %[[V]][0]
// CHECK-NEXT:      memref.store %[[E0]], %{{.*}}[%[[J:.*]]] : memref<?xf32>
// CHECK-NEXT:      %[[E1:.*]] = vector.extract %[[V]][1]
// CHECK-NEXT:      %[[C1:.*]] = arith.constant 1 : index
// CHECK-NEXT:      %[[J1:.*]] = arith.addi %[[J]], %[[C1]]
// CHECK-NEXT:      memref.store %[[E1]], %{{.*}}[%[[J1]]] : memref<?xf32>
// CHECK-NEXT:    }
// CHECK-NOT:     norm.aligned
func.func @versions(%x: memref<?xf32>, %h: memref<?xf16>, %d: memref<?xf64>,
                    %i: index, %n: index, %aligned: i1) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  scf.if %aligned {
    %0 = vector.load %x[%i] : memref<?xf32>, vector<4xf32>
    scf.for %j = %c0 to %n step %c4 {
      %1 = vector.load %h[%j] : memref<?xf16>, vector<4xf16>
      %2 = arith.extf %1 : vector<4xf16> to vector<4xf64>
      vector.store %2, %d[%j] : memref<?xf64>, vector<4xf64>
    }
    vector.store %0, %x[%c0] {alignment = 4 : i64} : memref<?xf32>, vector<4xf32>
  } else {
    %0 = vector.load %x[%i] : memref<?xf32>, vector<2xf32>
    vector.store %0, %x[%c0] : memref<?xf32>, vector<2xf32>
  } {norm.aligned}
  // Of other conditions, nothing is known.
  // CHECK:       scf.if
  // CHECK-NEXT:    vector.load %{{.*}}[%{{.*}}] : memref<?xf32>, vector<4xf32>
  scf.if %aligned {
    %0 = vector.load %x[%i] : memref<?xf32>, vector<4xf32>
    vector.store %0, %x[%c0] : memref<?xf32>, vector<4xf32>
  }
  return
}
