// RUN: norm-opt %s --norm-gpu-align-vectors | FileCheck %s

// Vectors in the first region have the alignment of their size, and become
// accesses of 16 bytes if they are longer. An alignment that is there stays.
// Those in the second region become accesses of elements.
// CHECK-LABEL: func @versions
// CHECK:         scf.if
// CHECK-NEXT:      %[[X:.*]] = vector.load %{{.*}} {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
// CHECK-NEXT:      scf.for
// CHECK-NEXT:        %[[H:.*]] = vector.load %{{.*}} {alignment = 8 : i64} : memref<?xf16>, vector<4xf16>
// CHECK-NEXT:        %[[E:.*]] = arith.extf
// CHECK-NEXT:        %[[E0:.*]] = vector.extract %[[E]][0]
// CHECK-NEXT:        %[[E1:.*]] = vector.extract %[[E]][1]
// CHECK-NEXT:        %[[LOW:.*]] = vector.from_elements %[[E0]], %[[E1]] : vector<2xf64>
// CHECK-NEXT:        vector.store %[[LOW]], %{{.*}}[%[[J:.*]]] {alignment = 16 : i64} : memref<?xf64>, vector<2xf64>
// CHECK-NEXT:        %[[E2:.*]] = vector.extract %[[E]][2]
// CHECK-NEXT:        %[[E3:.*]] = vector.extract %[[E]][3]
// CHECK-NEXT:        %[[C2:.*]] = arith.constant 2 : index
// CHECK-NEXT:        %[[J2:.*]] = arith.addi %[[J]], %[[C2]]
// CHECK-NEXT:        %[[HIGH:.*]] = vector.from_elements %[[E2]], %[[E3]] : vector<2xf64>
// CHECK-NEXT:        vector.store %[[HIGH]], %{{.*}}[%[[J2]]] {alignment = 16 : i64} : memref<?xf64>, vector<2xf64>
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
  } {norm.aligned = 16 : i64}
  // Of other conditions, nothing is known.
  // CHECK:       scf.if
  // CHECK-NEXT:    vector.load %{{.*}}[%{{.*}}] : memref<?xf32>, vector<4xf32>
  scf.if %aligned {
    %0 = vector.load %x[%i] : memref<?xf32>, vector<4xf32>
    vector.store %0, %x[%c0] : memref<?xf32>, vector<4xf32>
  }
  return
}

// Accesses of 32 bytes where addresses are multiples of that, but not to memory
// that is workgroup memory, or may be; else of 16 bytes, else elements.
// CHECK-LABEL: func @wide
// CHECK:         scf.if
// CHECK-NEXT:      vector.load %{{.*}} {alignment = 32 : i64} : memref<?xf32>, vector<8xf32>
// CHECK:           vector.store %{{.*}} {alignment = 16 : i64} : memref<64xf32, #gpu.address_space<workgroup>>, vector<4xf32>
// CHECK:           vector.store %{{.*}} {alignment = 16 : i64} : memref<64xf32, #gpu.address_space<workgroup>>, vector<4xf32>
// CHECK:           %[[L0:.*]] = vector.load %[[S:.*]][%[[I:.*]]] {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
// CHECK:           %[[E0:.*]] = vector.extract %[[L0]][0]
// CHECK:           %[[C4:.*]] = arith.constant 4 : index
// CHECK-NEXT:      %[[I4:.*]] = arith.addi %[[I]], %[[C4]]
// CHECK-NEXT:      %[[L1:.*]] = vector.load %[[S]][%[[I4]]] {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
// CHECK:           %[[E7:.*]] = vector.extract %[[L1]][3]
// CHECK-NEXT:      %[[V:.*]] = vector.from_elements %[[E0]], {{.*}}, %[[E7]] : vector<8xf32>
// CHECK-NEXT:      vector.store %[[V]], %{{.*}} {alignment = 32 : i64} : memref<?xf32>, vector<8xf32>
// CHECK-NEXT:    } else {
// CHECK-NEXT:      scf.if
// CHECK-NEXT:        vector.load %{{.*}} {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
// CHECK-NOT:         memref<?xf32>, vector<8xf32>
// CHECK:           } else {
// CHECK-NEXT:        memref.load
// CHECK-NOT:         vector.load
// CHECK-NOT:         vector.store
// CHECK-NOT:     norm.aligned
// CHECK:         return
func.func @wide(%x: memref<?xf32>, %y: memref<?xf32>, %i: index, %staged: i1,
                %wide: i1, %aligned: i1) {
  %w = memref.alloc() : memref<64xf32, #gpu.address_space<workgroup>>
  %c = memref.memory_space_cast %w : memref<64xf32, #gpu.address_space<workgroup>> to memref<64xf32>
  %tile = memref.cast %c : memref<64xf32> to memref<?xf32>
  %s = arith.select %staged, %tile, %x : memref<?xf32>
  scf.if %wide {
    %0 = vector.load %x[%i] : memref<?xf32>, vector<8xf32>
    vector.store %0, %w[%i] : memref<64xf32, #gpu.address_space<workgroup>>, vector<8xf32>
    %1 = vector.load %s[%i] : memref<?xf32>, vector<8xf32>
    vector.store %1, %y[%i] : memref<?xf32>, vector<8xf32>
  } else {
    scf.if %aligned {
      %0 = vector.load %x[%i] : memref<?xf32>, vector<8xf32>
      vector.store %0, %y[%i] : memref<?xf32>, vector<8xf32>
    } else {
      %0 = vector.load %x[%i] : memref<?xf32>, vector<8xf32>
      vector.store %0, %y[%i] : memref<?xf32>, vector<8xf32>
    } {norm.aligned = 16 : i64}
  } {norm.aligned = 32 : i64}
  return
}
