// RUN: norm-opt %s --norm-affine-widen-booleans --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-affine-widen-booleans --norm-affine-vectorize --split-input-file | FileCheck %s --check-prefix=VEC
// RUN: norm-opt %s --norm-affine-vectorize --split-input-file | FileCheck %s --check-prefix=SCALAR
// RUN: norm-opt %s --norm-affine-widen-booleans --norm-affine-vectorize --lower-affine --canonicalize --expand-strided-metadata --convert-scf-to-cf --convert-vector-to-llvm --convert-to-llvm --reconcile-unrealized-casts --split-input-file | FileCheck %s --check-prefix=LLVM
// RUN: norm-opt %s --norm-affine-widen-booleans --norm-affine-vectorize --norm-affine-stream-stores=threshold=4096 --split-input-file | FileCheck %s --check-prefix=STREAM

// Without the pass, no loop over booleans becomes one over vectors; with it, in
// the end no cast is left.
// SCALAR-NOT: vector<
// LLVM-NOT: unrealized_conversion_cast

// One view for both accesses, behind the definition; the argument, its dim and
// what is no affine access keep their type.
// CHECK-LABEL: @both
// CHECK-SAME: %[[M:.*]]: memref<?xi1>, %[[I:.*]]: index) -> i1
// CHECK-NEXT: %[[B:.*]] = builtin.unrealized_conversion_cast %[[M]] : memref<?xi1> to memref<?xi8>
// CHECK: memref.dim %[[M]]
// CHECK: affine.for
// CHECK-NEXT: %[[BYTE:.*]] = affine.load %[[B]][%{{.*}}] : memref<?xi8>
// CHECK-NEXT: %[[P:.*]] = arith.trunci %[[BYTE]] : i8 to i1
// CHECK-NEXT: %[[Q:.*]] = arith.xori %[[P]], %{{.*}} : i1
// CHECK-NEXT: %[[OUT:.*]] = arith.extui %[[Q]] : i1 to i8
// CHECK-NEXT: affine.store %[[OUT]], %[[B]][%{{.*}}] : memref<?xi8>
// CHECK: memref.load %[[M]][%[[I]]] : memref<?xi1>
// VEC-LABEL: @both
// VEC: affine.vector_load %{{.*}} : memref<?xi8>, vector<64xi8>
// VEC: arith.trunci %{{.*}} : vector<64xi8> to vector<64xi1>
// VEC: affine.vector_store %{{.*}} : memref<?xi8>, vector<64xi8>
// VEC: %[[MASK:.*]] = vector.create_mask {{.*}} : vector<64xi1>
// VEC: vector.maskedload %{{.*}}, %[[MASK]], {{.*}} : memref<?xi8>, vector<64xi1>, vector<64xi8> into vector<64xi8>
// VEC: vector.maskedstore %{{.*}}, %[[MASK]], {{.*}} : memref<?xi8>, vector<64xi1>, vector<64xi8>
func.func @both(%m: memref<?xi1>, %i: index) -> i1 {
  %c0 = arith.constant 0 : index
  %true = arith.constant true
  %n = memref.dim %m, %c0 : memref<?xi1>
  affine.for %j = 0 to %n {
    %p = affine.load %m[%j] : memref<?xi1>
    %q = arith.xori %p, %true : i1
    affine.store %q, %m[%j] : memref<?xi1>
  }
  %r = memref.load %m[%i] : memref<?xi1>
  return %r : i1
}

// -----

// What masks need: select, andi, a conversion to a float, a comparison, and a
// mask that all rows share. Vectors are as long as those of the floats. A view
// of a view keeps the layout.
// CHECK-LABEL: @masked
// CHECK: %[[V:.*]] = memref.subview
// CHECK-NEXT: builtin.unrealized_conversion_cast %[[V]] : memref<4x37xi1, strided<[64, 1], offset: 1>> to memref<4x37xi8, strided<[64, 1], offset: 1>>
// CHECK: affine.load %{{.*}}[%{{.*}}, %{{.*}}] : memref<4x37xi8, strided<[64, 1], offset: 1>>
// VEC-LABEL: @masked
// VEC: affine.vector_load {{.*}} memref<4x37xi8, strided<[64, 1], offset: 1>>, vector<16xi8>
// VEC: arith.trunci %{{.*}} : vector<16xi8> to vector<16xi1>
// VEC: arith.andi %{{.*}} : vector<16xi1>
// VEC: arith.select %{{.*}} : vector<16xi1>, vector<16xf32>
// VEC: arith.uitofp %{{.*}} : vector<16xi1> to vector<16xf32>
// VEC: affine.vector_store {{.*}} vector<16xf32>
// VEC: arith.extui %{{.*}} : vector<16xi1> to vector<16xi8>
// VEC: vector.maskedload {{.*}} : memref<4x37xi8, strided<[64, 1], offset: 1>>, vector<16xi1>, vector<16xi8> into vector<16xi8>
// VEC: vector.maskedstore {{.*}} : memref<4x37xi8>, vector<16xi1>, vector<16xi8>
func.func @masked(%m: memref<4x64xi1>, %row: memref<37xi1>, %x: memref<4x37xf32>, %y: memref<4x37xf32>, %large: memref<4x37xi1>) {
  %zero = arith.constant 0.0 : f32
  %v = memref.subview %m[0, 1] [4, 37] [1, 1] : memref<4x64xi1> to memref<4x37xi1, strided<[64, 1], offset: 1>>
  affine.for %i = 0 to 4 {
    affine.for %j = 0 to 37 {
      %p = affine.load %v[%i, %j] : memref<4x37xi1, strided<[64, 1], offset: 1>>
      %q = affine.load %row[%j] : memref<37xi1>
      %both = arith.andi %p, %q : i1
      %a = affine.load %x[%i, %j] : memref<4x37xf32>
      %s = arith.select %both, %a, %zero : f32
      %f = arith.uitofp %q : i1 to f32
      %r = arith.addf %s, %f : f32
      affine.store %r, %y[%i, %j] : memref<4x37xf32>
      %l = arith.cmpf ogt, %r, %zero : f32
      affine.store %l, %large[%i, %j] : memref<4x37xi1>
    }
  }
  return
}

// -----

// Whether any is true: the accumulator is a vector of booleans. A load that is
// the same in all iterations stays a scalar.
// CHECK-LABEL: @any
// VEC-LABEL: @any
// VEC: affine.load %{{.*}}[0] : memref<1xi8>
// VEC: affine.for {{.*}} -> (vector<64xi1>, vector<64xi1>, vector<64xi1>, vector<64xi1>)
// VEC: vector.reduction <or>, %{{.*}} : vector<64xi1> into i1
func.func @any(%m: memref<?xi1>, %g: memref<1xi1>, %n: index) -> i1 {
  %false = arith.constant false
  %r = affine.for %j = 0 to %n iter_args(%a = %false) -> (i1) {
    %p = affine.load %m[%j] : memref<?xi1>
    %q = affine.load %g[0] : memref<1xi1>
    %b = arith.andi %p, %q : i1
    %o = arith.ori %a, %b : i1
    affine.yield %o : i1
  }
  return %r : i1
}

// -----

// A view and what it views are one buffer: neither loop is vectorized.
// VEC-LABEL: @overlap
// VEC-NOT: vector<
func.func @overlap(%m: memref<64xi1>) {
  %v = memref.subview %m[1] [63] [1] : memref<64xi1> to memref<63xi1, strided<[1], offset: 1>>
  affine.for %j = 0 to 63 {
    %p = affine.load %m[%j] : memref<64xi1>
    affine.store %p, %v[%j] : memref<63xi1, strided<[1], offset: 1>>
  }
  return
}

// -----

// A large buffer of booleans is written around the caches: 4096 of them are
// 4096 bytes.
// VEC-LABEL: @large
// STREAM-LABEL: @large
// STREAM: vector.store {{.*}} nontemporal = true{{.*}} : memref<4096xi8>, vector<64xi8>
// STREAM-LABEL: @small
// STREAM-NOT: nontemporal
func.func @large(%x: memref<4096xi8>, %m: memref<4096xi1>) {
  affine.for %j = 0 to 4096 {
    %b = affine.load %x[%j] : memref<4096xi8>
    %p = arith.trunci %b : i8 to i1
    affine.store %p, %m[%j] : memref<4096xi1>
  }
  return
}

func.func @small(%x: memref<4032xi8>, %m: memref<4032xi1>) {
  affine.for %j = 0 to 4032 {
    %b = affine.load %x[%j] : memref<4032xi8>
    %p = arith.trunci %b : i8 to i1
    affine.store %p, %m[%j] : memref<4032xi1>
  }
  return
}

// -----

// Nothing to do.
// CHECK-LABEL: @bytes
// CHECK-NOT: unrealized_conversion_cast
func.func @bytes(%x: memref<1xi8>, %y: memref<1xi32>) {
  affine.for %j = 0 to 1 {
    %b = affine.load %x[%j] : memref<1xi8>
    %w = arith.extsi %b : i8 to i32
    affine.store %w, %y[%j] : memref<1xi32>
  }
  return
}
