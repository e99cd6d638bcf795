// RUN: norm-opt %s --norm-affine-vectorize="outer-unroll=4" --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-vectorize="vector-bits=256 unroll=2" --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=AVX2
// RUN: not norm-opt %s --norm-affine-vectorize=unroll=0 --mlir-print-op-on-diagnostic=false --split-input-file 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: error: expected unroll and outer-unroll to be at least 1 and vector-bits to be at least 16, but got 0, 20 and 512

// Four accumulators, no mask, combined in a tree.
// CHECK-LABEL: @sum
// CHECK-SAME: %[[X:.*]]: memref<3136xf32>, %[[INIT:.*]]: f32
// CHECK: %[[Z:.*]] = arith.constant dense<0.000000e+00> : vector<16xf32>
// CHECK-NEXT: %[[R:.*]]:4 = affine.for %[[I:.*]] = 0 to 3136 step 64 iter_args(%[[A:.*]] = %[[Z]], %[[B:.*]] = %[[Z]], %[[C:.*]] = %[[Z]], %[[D:.*]] = %[[Z]])
// CHECK-NEXT: %[[V0:.*]] = affine.vector_load %[[X]][%[[I]]]
// CHECK-NEXT: %[[S0:.*]] = arith.addf %[[A]], %[[V0]]
// CHECK-NEXT: %[[V1:.*]] = affine.vector_load %[[X]][%[[I]] + 16]
// CHECK-NEXT: %[[S1:.*]] = arith.addf %[[B]], %[[V1]]
// CHECK-NEXT: %[[V2:.*]] = affine.vector_load %[[X]][%[[I]] + 32]
// CHECK-NEXT: %[[S2:.*]] = arith.addf %[[C]], %[[V2]]
// CHECK-NEXT: %[[V3:.*]] = affine.vector_load %[[X]][%[[I]] + 48]
// CHECK-NEXT: %[[S3:.*]] = arith.addf %[[D]], %[[V3]]
// CHECK-NEXT: affine.yield %[[S0]], %[[S1]], %[[S2]], %[[S3]]
// CHECK-NEXT: }
// CHECK-NEXT: %[[AB:.*]] = arith.addf %[[R]]#0, %[[R]]#1
// CHECK-NEXT: %[[CD:.*]] = arith.addf %[[R]]#2, %[[R]]#3
// CHECK-NEXT: %[[T:.*]] = arith.addf %[[AB]], %[[CD]]
// CHECK-NEXT: %[[H:.*]] = vector.reduction <add>, %[[T]] fastmath<reassoc>
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[INIT]], %[[H]]
// CHECK-NEXT: return %[[S]]
// AVX2-LABEL: @sum
// AVX2: affine.for {{.*}} = 0 to 3136 step 16 iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) -> (vector<8xf32>, vector<8xf32>)
func.func @sum(%x: memref<3136xf32>, %init: f32) -> f32 {
  %s = affine.for %i = 0 to 3136 iter_args(%a = %init) -> (f32) {
    %v = affine.load %x[%i] : memref<3136xf32>
    %n = arith.addf %a, %v : f32
    affine.yield %n : f32
  }
  return %s : f32
}

// -----

// The enclosing loop carries the vectors; its other iter_arg stays. An fma adds.
// CHECK-LABEL: @carriers
// CHECK: %[[R:.*]]:5 = affine.for %{{.*}} = 0 to 32 iter_args(%[[K:.*]] = %{{.*}}, %[[A:.*]] = %[[Z:.*]], %[[B:.*]] = %[[Z]], %[[C:.*]] = %[[Z]], %[[D:.*]] = %[[Z]]) -> (f32, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK-NEXT: %[[Q:.*]]:4 = affine.for {{.*}} = 0 to 128 step 64 iter_args(%{{.*}} = %[[A]], %{{.*}} = %[[B]], %{{.*}} = %[[C]], %{{.*}} = %[[D]])
// CHECK-NEXT: %[[V:.*]] = affine.vector_load
// CHECK-NEXT: math.fma %[[V]], %[[V]], %{{.*}} : vector<16xf32>
// CHECK: vector.reduction
// CHECK-NOT: affine.for
func.func @carriers(%x: memref<32x128xf32>, %init: f32) -> (f32, f32) {
  %s:2 = affine.for %n = 0 to 32 iter_args(%a = %init, %k = %init) -> (f32, f32) {
    %r = affine.for %i = 0 to 128 iter_args(%b = %a) -> (f32) {
      %v = affine.load %x[%n, %i] : memref<32x128xf32>
      %f = math.fma %v, %v, %b : f32
      affine.yield %f : f32
    }
    %k1 = arith.mulf %k, %k : f32
    affine.yield %r, %k1 : f32, f32
  }
  return %s#0, %s#1 : f32, f32
}

// -----

// Dynamic: three parts. The bounds of the later parts are clamped from below.
// CHECK-DAG: #[[ALL64:.*]] = affine_map<()[s0] -> ((s0 floordiv 64) * 64)>
// CHECK-DAG: #[[FROM64:.*]] = affine_map<()[s0] -> (0, (s0 floordiv 64) * 64)>
// CHECK-DAG: #[[ALL16:.*]] = affine_map<()[s0] -> ((s0 floordiv 16) * 16)>
// CHECK-DAG: #[[FROM16:.*]] = affine_map<()[s0] -> (0, (s0 floordiv 16) * 16)>
// CHECK-LABEL: @three_parts
// CHECK-SAME: %[[X:.*]]: memref<?xf32>, %[[INIT:.*]]: f32, %[[N:.*]]: index
// CHECK: %[[M:.*]]:4 = affine.for %{{.*}} = 0 to #[[ALL64]]()[%[[N]]] step 64
// CHECK: %[[S:.*]] = affine.for %{{.*}} = max #[[FROM64]]()[%[[N]]] to #[[ALL16]]()[%[[N]]] step 16 iter_args(%{{.*}} = %[[M]]#0)
// CHECK: affine.for %{{.*}} = max #[[FROM16]]()[%[[N]]] to %[[N]] step 16 iter_args(%{{.*}} = %[[S]])
// CHECK: vector.maskedload
func.func @three_parts(%x: memref<?xf32>, %init: f32, %n: index) -> f32 {
  %s = affine.for %i = 0 to %n iter_args(%a = %init) -> (f32) {
    %v = affine.load %x[%i] : memref<?xf32>
    %r = arith.addf %a, %v : f32
    affine.yield %r : f32
  }
  return %s : f32
}

// -----

// Elementwise: single vectors, and a mask that counts what is left. The uniform
// load moves in front, under a guard.
// CHECK-DAG: #[[ALL16:.*]] = affine_map<()[s0] -> ((s0 floordiv 16) * 16)>
// CHECK-DAG: #[[FROM16:.*]] = affine_map<()[s0] -> (0, (s0 floordiv 16) * 16)>
// CHECK-DAG: #[[REST:.*]] = affine_map<(d0)[s0] -> (-d0 + s0)>
// CHECK-DAG: #[[SOME:.*]] = affine_set<()[s0] : (s0 - 1 >= 0)>
// CHECK-LABEL: @dynamic
// CHECK-SAME: %[[X:.*]]: memref<?xf16>, %[[G:.*]]: memref<?xf32>, %[[Y:.*]]: memref<?xf16, strided<[1], offset: ?>>, %[[N:.*]]: index, %[[C:.*]]: index
// CHECK: affine.if #[[SOME]]()[%[[N]]] {
// CHECK: %[[GC:.*]] = affine.load %[[G]][symbol(%[[C]])]
// CHECK: vector.broadcast %[[GC]] : f32 to vector<16xf32>
// CHECK: affine.for %{{.*}} = 0 to #[[ALL16]]()[%[[N]]] step 16 {
// CHECK: affine.vector_store {{.*}} vector<16xf16>
// CHECK: affine.for %[[I:.*]] = max #[[FROM16]]()[%[[N]]] to %[[N]] step 16 {
// CHECK: %[[LEFT:.*]] = affine.apply #[[REST]](%[[I]])[%[[N]]]
// CHECK: %[[MASK:.*]] = vector.create_mask %[[LEFT]] : vector<16xi1>
// CHECK: %[[V:.*]] = vector.maskedload %[[X]][%[[I]]], %[[MASK]]
// CHECK: arith.extf %[[V]] : vector<16xf16> to vector<16xf32>
// CHECK: vector.maskedstore %[[Y]][%[[I]]], %[[MASK]]
func.func @dynamic(%x: memref<?xf16>, %g: memref<?xf32>, %y: memref<?xf16, strided<[1], offset: ?>>, %n: index, %c: index) {
  affine.for %i = 0 to %n {
    %v = affine.load %x[%i] : memref<?xf16>
    %w = affine.load %g[symbol(%c)] : memref<?xf32>
    %e = arith.extf %v : f16 to f32
    %p = arith.mulf %e, %w : f32
    %t = arith.truncf %p : f32 to f16
    affine.store %t, %y[%i] : memref<?xf16, strided<[1], offset: ?>>
  }
  return
}

// -----

// A reduction's masked lanes keep what they had.
// CHECK-LABEL: @masked_max
// CHECK: %[[OLD:.*]] = affine.vector_load %{{.*}}[0]
// CHECK: %[[MASK:.*]] = vector.constant_mask [5] : vector<16xi1>
// CHECK: %[[V:.*]] = vector.maskedload
// CHECK: %[[M:.*]] = arith.maximumf %[[OLD]], %[[V]]
// CHECK: arith.select %[[MASK]], %[[M]], %[[OLD]]
// CHECK: vector.reduction <maximumf>, %{{.*}} : vector<16xf32> into f32
func.func @masked_max(%x: memref<64xf32>, %init: f32) -> f32 {
  %s = affine.for %i = 0 to 21 iter_args(%a = %init) -> (f32) {
    %v = affine.load %x[%i] : memref<64xf32>
    %n = arith.maximumf %a, %v : f32
    affine.yield %n : f32
  }
  return %s : f32
}

// -----

// Columns: the rows are the inner loop, which carries four vectors. A subscript
// through affine.apply, and a bound that is a multiple of 64, so no tail.
// CHECK-LABEL: @columns
// CHECK: affine.for %[[J:.*]] = 0 to {{.*}} step 64 {
// CHECK: affine.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK: affine.vector_load %{{.*}}[%{{.*}}, %[[J]] + 3]
// CHECK: affine.vector_load %{{.*}}[%{{.*}}, %[[J]] + 19]
// CHECK-COUNT-4: affine.vector_store
// CHECK-NOT: affine.for
// CHECK: return
func.func @columns(%x: memref<?x?xf32>, %s: memref<?xf32>, %r: index, %n: index) {
  affine.for %j = 0 to affine_map<()[s0] -> (s0 * 64)>()[%n] {
    %j3 = affine.apply affine_map<(d0) -> (d0 + 3)>(%j)
    %a = affine.load %s[%j] : memref<?xf32>
    %t = affine.for %i = 0 to %r iter_args(%b = %a) -> (f32) {
      %v = affine.load %x[%i, %j3] : memref<?x?xf32>
      %w = arith.addf %b, %v : f32
      affine.yield %w : f32
    }
    affine.store %t, %s[%j] : memref<?xf32>
  }
  return
}

// -----

// A fill, loops of one iteration around, f64, and integers.
// CHECK-LABEL: @kinds
// CHECK: affine.for %[[J:.*]] = 0 to 32 step 8 {
// CHECK-NEXT: affine.vector_store %{{.*}}, %{{.*}}[0, %[[J]]] : memref<1x32xf64>, vector<8xf64>
// CHECK: vector.reduction <maxsi>, %{{.*}} : vector<16xi32> into i32
func.func @kinds(%x: memref<1x32xf64>, %y: memref<64xi32>, %v: f64, %init: i32) -> i32 {
  affine.for %i = 0 to 1 {
    affine.for %j = 0 to 32 {
      affine.for %k = 0 to 1 {
        affine.store %v, %x[%i, %j + %k] : memref<1x32xf64>
      }
    }
  }
  %s = affine.for %i = 0 to 64 iter_args(%a = %init) -> (i32) {
    %w = affine.load %y[%i] : memref<64xi32>
    %n = arith.maxsi %a, %w : i32
    affine.yield %n : i32
  }
  return %s : i32
}

// -----

// None of these qualifies; the reason stands beside each.
// CHECK-LABEL: @scalar
// CHECK-NOT: vector<
// CHECK: return
func.func private @opaque(index)
func.func @scalar(%x: memref<64x64xf32>, %y: memref<64xf32>, %s: memref<64xf32, strided<[2]>>, %b: memref<64xi1>, %z: memref<f32>, %i0: index) -> f32 {
  %c0 = arith.constant 0.0 : f32
  // Rows, not columns.
  affine.for %i = 0 to 64 {
    %v = affine.load %x[%i, 0] : memref<64x64xf32>
    affine.store %v, %x[%i, 1] : memref<64x64xf32>
  }
  // A stride of 2, in the layout and in the subscript.
  affine.for %i = 0 to 64 {
    affine.store %c0, %s[%i] : memref<64xf32, strided<[2]>>
  }
  affine.for %i = 0 to 32 {
    affine.store %c0, %y[%i * 2] : memref<64xf32>
  }
  affine.for %i = 0 to 64 step 2 {
    affine.store %c0, %y[%i] : memref<64xf32>
  }
  // Each iteration reads what the one before wrote.
  affine.for %i = 1 to 64 {
    %v = affine.load %y[%i - 1] : memref<64xf32>
    affine.store %v, %y[%i] : memref<64xf32>
  }
  // The same through a view.
  %w = memref.subview %y[1] [63] [1] : memref<64xf32> to memref<63xf32, strided<[1], offset: 1>>
  affine.for %i = 0 to 63 {
    %v = affine.load %y[%i] : memref<64xf32>
    affine.store %v, %w[%i] : memref<63xf32, strided<[1], offset: 1>>
  }
  // Iterations of the outer loop meet in one column.
  affine.for %i = 0 to 32 {
    affine.for %j = 0 to %i0 {
      %v = affine.load %x[%j, %i] : memref<64x64xf32>
      affine.store %v, %y[%i + %j] : memref<64xf32>
    }
  }
  // The bound of the inner loop depends on the outer one.
  affine.for %i = 0 to 32 {
    affine.for %j = 0 to affine_map<(d0) -> (d0)>(%i) {
      %v = affine.load %x[%j, %i] : memref<64x64xf32>
      affine.store %v, %x[%j, %i] : memref<64x64xf32>
    }
  }
  // An accumulator in memory.
  affine.for %i = 0 to 64 {
    %v = affine.load %y[%i] : memref<64xf32>
    affine.store %v, %z[] : memref<f32>
  }
  // A memref of i1 is not packed.
  affine.for %i = 0 to 64 {
    %v = affine.load %b[%i] : memref<64xi1>
    %f = arith.uitofp %v : i1 to f32
    affine.store %f, %y[%i] : memref<64xf32>
  }
  // Effects nobody knows, and the loop's variable as a value.
  affine.for %i = 0 to 64 {
    func.call @opaque(%i0) : (index) -> ()
    affine.store %c0, %y[%i] : memref<64xf32>
  }
  affine.for %i = 0 to 64 {
    %v = arith.index_cast %i : index to i32
    %f = arith.sitofp %v : i32 to f32
    affine.store %f, %y[%i] : memref<64xf32>
  }
  // A division that might trap in a masked lane.
  %q = memref.alloc() : memref<64xi32>
  affine.for %i = 0 to 63 {
    %v = affine.load %q[%i] : memref<64xi32>
    %d = arith.divsi %v, %v : i32
    affine.store %d, %q[%i] : memref<64xi32>
  }
  memref.dealloc %q : memref<64xi32>
  // A recurrence that is no reduction, and a sum that is also used on the way.
  %r = affine.for %i = 0 to 64 iter_args(%a = %c0) -> (f32) {
    %v = affine.load %y[%i] : memref<64xf32>
    %d = arith.divf %a, %v : f32
    affine.yield %d : f32
  }
  %p = affine.for %i = 0 to 64 iter_args(%a = %r) -> (f32) {
    %v = affine.load %x[3, %i] : memref<64x64xf32>
    %d = arith.addf %a, %v : f32
    affine.store %d, %y[%i] : memref<64xf32>
    affine.yield %d : f32
  }
  return %p : f32
}

// -----

// A trip count of at most 16 is never more than one vector: no unrolled part.
// CHECK-LABEL: @bounded
// CHECK: affine.for %{{.*}} = 0 to #{{.*}}()[%{{.*}}] step 16 iter_args(%{{.*}} = %{{.*}}) -> (vector<16xf32>)
// CHECK-NOT: affine.for {{.*}} step 64
// CHECK: vector.maskedload
func.func @bounded(%x: memref<?xf32>, %init: f32, %n: index) -> f32 {
  %m = affine.min affine_map<()[s0] -> (s0, 16)>()[%n]
  %s = affine.for %i = 0 to %m iter_args(%a = %init) -> (f32) {
    %v = affine.load %x[%i] : memref<?xf32>
    %r = arith.addf %a, %v : f32
    affine.yield %r : f32
  }
  return %s : f32
}

// -----

// At most 3: one masked vector, from 0 on.
// CHECK-LABEL: @bounded_by_less_than_a_vector
// CHECK-NOT: affine.vector_load
// CHECK: affine.for %{{.*}} = 0 to %{{.*}} step 16
// CHECK: vector.maskedload
// CHECK-NOT: affine.for
func.func @bounded_by_less_than_a_vector(%x: memref<?xf32>, %init: f32, %n: index) -> f32 {
  %m = affine.min affine_map<()[s0] -> (s0, 3)>()[%n]
  %s = affine.for %i = 0 to %m iter_args(%a = %init) -> (f32) {
    %v = affine.load %x[%i] : memref<?xf32>
    %r = arith.addf %a, %v : f32
    affine.yield %r : f32
  }
  return %s : f32
}

// -----

// What is left of an elementwise loop is one shorter vector, with a splat of its
// own, if it is a power of two.
// CHECK-LABEL: @short_last
// CHECK: affine.for %[[I:.*]] = 0 to 992 step 16 {
// CHECK: affine.vector_store %{{.*}} : memref<1000xf32>, vector<16xf32>
// CHECK: %[[G:.*]] = vector.broadcast %{{.*}} : f32 to vector<8xf32>
// CHECK-NEXT: %[[V:.*]] = affine.vector_load %{{.*}}[992] : memref<1000xf32>, vector<8xf32>
// CHECK-NEXT: %[[W:.*]] = affine.vector_load %{{.*}}[992] : memref<1000xf16>, vector<8xf16>
// CHECK-NEXT: arith.extf %[[W]] : vector<8xf16> to vector<8xf32>
// CHECK-NEXT: arith.mulf %[[V]], %[[G]] : vector<8xf32>
// CHECK: affine.vector_store %{{.*}}[992] : memref<1000xf32>, vector<8xf32>
// CHECK-NOT: mask
// CHECK: return
func.func @short_last(%x: memref<1000xf32>, %h: memref<1000xf16>, %g: f32, %y: memref<1000xf32>) {
  affine.for %i = 0 to 1000 {
    %v = affine.load %x[%i] : memref<1000xf32>
    %w = affine.load %h[%i] : memref<1000xf16>
    %e = arith.extf %w : f16 to f32
    %p = arith.mulf %v, %g : f32
    %s = arith.addf %p, %e : f32
    affine.store %s, %y[%i] : memref<1000xf32>
  }
  return
}

// -----

// All of a short row, as well; 16 bytes are the least.
// CHECK-LABEL: @only
// CHECK: affine.vector_store %{{.*}} : memref<4xf32>, vector<4xf32>
// CHECK: vector.maskedstore {{.*}} : memref<2xf32>
// CHECK: affine.vector_store %{{.*}} : memref<2xf64>, vector<2xf64>
// CHECK: vector.maskedstore {{.*}} : memref<20xbf16>
func.func @only(%x: memref<4xf32>, %y: memref<2xf32>, %z: memref<2xf64>, %w: memref<20xbf16>) {
  affine.for %i = 0 to 4 {
    %v = affine.load %x[%i] : memref<4xf32>
    affine.store %v, %x[%i] : memref<4xf32>
  }
  affine.for %i = 0 to 2 {
    %v = affine.load %y[%i] : memref<2xf32>
    affine.store %v, %y[%i] : memref<2xf32>
  }
  affine.for %i = 0 to 2 {
    %v = affine.load %z[%i] : memref<2xf64>
    affine.store %v, %z[%i] : memref<2xf64>
  }
  affine.for %i = 0 to 20 {
    %v = affine.load %w[%i] : memref<20xbf16>
    %e = arith.extf %v : bf16 to f32
    %s = arith.addf %e, %e : f32
    %t = arith.truncf %s : f32 to bf16
    affine.store %t, %w[%i] : memref<20xbf16>
  }
  return
}

// -----

// One element has no mask: LLVM stores more than one bf16 with it.
// CHECK-LABEL: @one_left
// CHECK: affine.vector_store %{{.*}}[32] : memref<33xbf16>, vector<1xbf16>
// CHECK-NOT: mask
// CHECK: return
func.func @one_left(%x: memref<33xf32>, %y: memref<33xbf16>) {
  affine.for %i = 0 to 33 {
    %v = affine.load %x[%i] : memref<33xf32>
    %t = arith.truncf %v : f32 to bf16
    affine.store %t, %y[%i] : memref<33xbf16>
  }
  return
}

// -----

// Seven elements, and a reduction, have a mask.
// CHECK-LABEL: @masked_last
// CHECK: vector.constant_mask [7] : vector<16xi1>
// CHECK: vector.maskedstore
// CHECK: vector.constant_mask [8] : vector<16xi1>
// CHECK: vector.maskedload
func.func @masked_last(%x: memref<39xf32>, %z: memref<24xf32>, %init: f32) -> f32 {
  affine.for %i = 0 to 39 {
    %v = affine.load %x[%i] : memref<39xf32>
    affine.store %v, %x[%i] : memref<39xf32>
  }
  %s = affine.for %i = 0 to 24 iter_args(%a = %init) -> (f32) {
    %v = affine.load %z[%i] : memref<24xf32>
    %r = arith.addf %a, %v : f32
    affine.yield %r : f32
  }
  return %s : f32
}
