// RUN: norm-opt %s --norm-affine-stream-stores --canonicalize --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-stream-stores=threshold=16384 --canonicalize --split-input-file | FileCheck %s --check-prefix=SIZE
// RUN: norm-opt %s --norm-affine-stream-stores=fence=false --split-input-file | FileCheck %s --check-prefix=NOFENCE

// NOFENCE: nontemporal
// NOFENCE-NOT: llvm.fence

// A static buffer: its base pointer is all that run time decides. The 4 KiB lie
// below the threshold of the second run.
// CHECK-LABEL: @static
// CHECK-SAME: %{{.*}}: vector<16xf32>, %[[Y:.*]]: memref<16x64xf32>
// CHECK: %[[P:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK: %[[R:.*]] = arith.remui %[[P]], %c64
// CHECK: %[[OK:.*]] = arith.cmpi eq, %[[R]], %c0
// CHECK-NOT: cmpi
// CHECK: scf.if %[[OK]] {
// CHECK-NEXT: affine.for
// CHECK-NEXT: affine.for
// CHECK-NEXT: vector.store {{.*}} {alignment = 64 : i64, nontemporal = true}
// CHECK-NEXT: affine.apply
// CHECK-NEXT: vector.store {{.*}} {alignment = 64 : i64, nontemporal = true}
// CHECK: vector.maskedstore
// CHECK: llvm.fence seq_cst
// CHECK-NEXT: } else {
// CHECK-NEXT: affine.for
// CHECK-NOT: nontemporal
// CHECK: return
// SIZE-LABEL: @static
// SIZE-NOT: nontemporal
func.func @static(%v: vector<16xf32>, %y: memref<16x64xf32>) {
  %c9 = arith.constant 9 : index
  %c48 = arith.constant 48 : index
  %mask = vector.create_mask %c9 : vector<16xi1>
  affine.for %i = 0 to 16 {
    affine.for %j = 0 to 32 step 32 {
      affine.vector_store %v, %y[%i, %j] : memref<16x64xf32>, vector<16xf32>
      affine.vector_store %v, %y[%i, %j + 16] : memref<16x64xf32>, vector<16xf32>
    }
    vector.maskedstore %y[%i, %c48], %mask, %v : memref<16x64xf32>, vector<16xi1>, vector<16xf32>
  }
  return
}

// -----

// A dynamic view: offset, stride and size are tested at run time, and what the
// nest returns comes out of either version.
// CHECK-LABEL: @dynamic
// CHECK: %{{.*}}, %[[OFFSET:.*]], %{{.*}}:2, %[[STRIDES:.*]]:2 = memref.extract_strided_metadata
// CHECK: arith.muli %[[OFFSET]], %c4
// CHECK: arith.muli %[[STRIDES]]#0, %c4
// CHECK: %[[S:.*]] = scf.if %{{.*}} -> (f32) {
// CHECK: nontemporal = true
// CHECK: llvm.fence
// CHECK-NEXT: scf.yield
// CHECK: scf.yield
// CHECK: return %[[S]]
// SIZE-LABEL: @dynamic
// SIZE-DAG: %[[D0:.*]] = memref.dim %arg1, %c0
// SIZE-DAG: %[[D1:.*]] = memref.dim %arg1, %c1
// SIZE: %[[N:.*]] = arith.muli %[[D0]], %[[D1]]
// SIZE: %[[BYTES:.*]] = arith.muli %[[N]], %c4
// SIZE: arith.cmpi uge, %[[BYTES]], %c16384
// SIZE: scf.if
func.func @dynamic(%v: vector<16xf32>, %b: memref<?x?xf32>, %m: index, %n: index, %o: index, %f: f32) -> f32 {
  %y = memref.subview %b[%o, 0] [%m, %n] [1, 1] : memref<?x?xf32> to memref<?x?xf32, strided<[?, 1], offset: ?>>
  %s = affine.for %i = 0 to %m iter_args(%a = %f) -> (f32) {
    affine.for %j = 0 to affine_map<()[s0] -> ((s0 floordiv 16) * 16)>()[%n] step 16 {
      affine.vector_store %v, %y[%i, %j] : memref<?x?xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    }
    %a1 = arith.addf %a, %f : f32
    affine.yield %a1 : f32
  }
  return %s : f32
}

// -----

// A start behind a multiple of the vector is as good as a constant one.
// CHECK-LABEL: @rest
// CHECK: nontemporal
func.func @rest(%v: vector<8xf32>, %y: memref<?xf32>, %n: index) {
  affine.for %j = max affine_map<()[s0] -> (0, (s0 floordiv 32) * 32)>()[%n] to affine_map<()[s0] -> ((s0 floordiv 8) * 8)>()[%n] step 8 {
    affine.vector_store %v, %y[%j] : memref<?xf32>, vector<8xf32>
  }
  return
}

// -----

// A vector of 32 bytes promises 32 bytes. Where there is arithmetic of f16, LLVM has
// no streaming store of it: integers.
// CHECK-LABEL: @half
// CHECK: scf.if
// CHECK: vector.store {{.*}} {alignment = 32 : i64, nontemporal = true} : {{.*}}, vector<16xi16>
func.func @half(%v: vector<16xf16>, %y: memref<4x64xf16, strided<[?, 1], offset: ?>>) {
  affine.for %i = 0 to 4 {
    affine.for %j = 0 to 64 step 16 {
      affine.vector_store %v, %y[%i, %j] : memref<4x64xf16, strided<[?, 1], offset: ?>>, vector<16xf16>
    }
  }
  return
}

// -----

// Rows of 8 elements more than a multiple of a line promise half a line, and so
// does a view of such rows; where a dynamic stride may do, a whole one is tested.
// CHECK-LABEL: @parts
// CHECK: scf.if
// CHECK: %[[LOW:.*]] = vector.extract_strided_slice %{{.*}} {offsets = [0], sizes = [8], strides = [1]}
// CHECK: vector.store %[[LOW]], %arg1[%[[I:.*]], %[[J:.*]]] {alignment = 32 : i64, nontemporal = true} : memref<4x1000xf32>, vector<8xf32>
// CHECK: %[[HIGH:.*]] = vector.extract_strided_slice %{{.*}} {offsets = [8], sizes = [8], strides = [1]}
// CHECK: %[[J8:.*]] = arith.addi %[[J]], %c8
// CHECK: vector.store %[[HIGH]], %arg1[%[[I]], %[[J8]]] {alignment = 32 : i64, nontemporal = true} : memref<4x1000xf32>, vector<8xf32>
// CHECK: scf.if
// CHECK: vector.store {{.*}} {alignment = 32 : i64, nontemporal = true} : memref<1x1000xf32, {{.*}}>, vector<8xf32>
// CHECK: scf.if
// CHECK: vector.store {{.*}} {alignment = 64 : i64, nontemporal = true} : memref<4x64xf32, {{.*}}>, vector<16xf32>
func.func @parts(%v: vector<16xf32>, %y: memref<4x1000xf32>, %z: memref<4x1000xf32>,
    %d: memref<4x64xf32, strided<[?, 1]>>, %o: index) {
  affine.for %i = 0 to 4 {
    affine.for %j = 0 to 992 step 16 {
      affine.vector_store %v, %y[%i, %j] : memref<4x1000xf32>, vector<16xf32>
    }
  }
  %row = memref.subview %z[%o, 0] [1, 1000] [1, 1] : memref<4x1000xf32> to memref<1x1000xf32, strided<[1000, 1], offset: ?>>
  affine.for %j = 0 to 992 step 16 {
    affine.vector_store %v, %row[0, %j] : memref<1x1000xf32, strided<[1000, 1], offset: ?>>, vector<16xf32>
  }
  affine.for %i = 0 to 4 {
    affine.for %j = 0 to 64 step 16 {
      affine.vector_store %v, %d[%i, %j] : memref<4x64xf32, strided<[?, 1]>>, vector<16xf32>
    }
  }
  return
}

// -----

// Rows of 49 elements, a start of 1, a step of 4, an unknown start, and 8 bytes.
// CHECK-LABEL: @misaligned
// CHECK-NOT: nontemporal
func.func @misaligned(%v: vector<16xf32>, %w: vector<2xf32>, %x: memref<4x49xf32>, %y: memref<64xf32>, %n: index) {
  affine.for %i = 0 to 4 {
    affine.for %j = 0 to 48 step 16 {
      affine.vector_store %v, %x[%i, %j] : memref<4x49xf32>, vector<16xf32>
    }
  }
  affine.for %j = 1 to 33 step 16 {
    affine.vector_store %v, %y[%j] : memref<64xf32>, vector<16xf32>
  }
  affine.for %j = 0 to 32 step 4 {
    affine.vector_store %v, %y[%j] : memref<64xf32>, vector<16xf32>
  }
  affine.for %j = %n to 32 step 16 {
    affine.vector_store %v, %y[%j] : memref<64xf32>, vector<16xf32>
  }
  affine.for %j = 0 to 32 step 2 {
    affine.vector_store %w, %y[%j] : memref<64xf32>, vector<2xf32>
  }
  return
}

// -----

// CHECK-LABEL: @narrow
// CHECK: vector.store {{.*}} {alignment = 16 : i64, nontemporal = true} : {{.*}}, vector<4xf32>
func.func @narrow(%v: vector<4xf32>, %y: memref<64xf32>) {
  affine.for %j = 0 to 64 step 4 {
    affine.vector_store %v, %y[%j] : memref<64xf32>, vector<4xf32>
  }
  return
}

// -----

// What this function reads again, directly or through a call, should stay in the
// caches.
// CHECK-LABEL: @read
// CHECK-NOT: nontemporal
func.func private @use(memref<64xf32>)
func.func @read(%v: vector<16xf32>, %y: memref<64xf32>, %z: memref<64xf32>) -> f32 {
  affine.for %j = 0 to 64 step 16 {
    affine.vector_store %v, %y[%j] : memref<64xf32>, vector<16xf32>
    affine.vector_store %v, %z[%j] : memref<64xf32>, vector<16xf32>
  }
  %view = memref.subview %y[8] [8] [1] : memref<64xf32> to memref<8xf32, strided<[1], offset: 8>>
  %c0 = arith.constant 0 : index
  %r = memref.load %view[%c0] : memref<8xf32, strided<[1], offset: 8>>
  func.call @use(%z) : (memref<64xf32>) -> ()
  return %r : f32
}

// -----

// LLVM has no streaming store of bf16: integers, behind a fence.
// CHECK-LABEL: @bfloat
// CHECK: scf.if
// CHECK: %[[F:.*]] = vector.bitcast %arg0 : vector<32xbf16> to vector<16xf32>
// CHECK: %[[O:.*]] = llvm.call_intrinsic "llvm.arithmetic.fence"(%[[F]])
// CHECK: %[[I:.*]] = vector.bitcast %[[O]] : vector<16xf32> to vector<32xi16>
// CHECK: %[[Y:.*]] = builtin.unrealized_conversion_cast %arg1 : memref<64xbf16> to memref<64xi16>
// CHECK: vector.store %[[I]], %[[Y]][%{{.*}}] {alignment = 64 : i64, nontemporal = true} : memref<64xi16>, vector<32xi16>
// CHECK: affine.vector_store %arg0
func.func @bfloat(%v: vector<32xbf16>, %y: memref<64xbf16>) {
  affine.for %j = 0 to 64 step 32 {
    affine.vector_store %v, %y[%j] : memref<64xbf16>, vector<32xbf16>
  }
  return
}

// -----

// A short last vector is written as the long ones before it: here, rows of 49
// elements let none of these be aligned. Alone, it may be.
// CHECK-LABEL: @tail
// CHECK: affine.vector_store %arg0, %arg2
// CHECK-NOT: nontemporal
// CHECK: affine.vector_store %arg1, %arg2
// CHECK: vector.store %arg1, %arg3{{.*}} {alignment = 32 : i64, nontemporal = true}
func.func @tail(%v: vector<16xf32>, %w: vector<8xf32>, %y: memref<4x49xf32>, %z: memref<64xf32>) {
  affine.for %i = 0 to 4 {
    affine.for %j = 0 to 32 step 16 {
      affine.vector_store %v, %y[%i, %j] : memref<4x49xf32>, vector<16xf32>
    }
  }
  affine.for %j = 32 to 40 step 8 {
    affine.vector_store %w, %y[0, %j] : memref<4x49xf32>, vector<8xf32>
  }
  affine.for %j = 0 to 64 step 8 {
    affine.vector_store %w, %z[%j] : memref<64xf32>, vector<8xf32>
  }
  return
}
