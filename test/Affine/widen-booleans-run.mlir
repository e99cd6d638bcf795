// RUN: norm-opt %s --pass-pipeline="builtin.module(norm-affine-widen-booleans,func.func(norm-affine-vectorize),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(norm-affine-widen-booleans,func.func(norm-affine-vectorize{vector-bits=256 unroll=3}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --norm-affine-widen-booleans --norm-affine-vectorize | FileCheck %s --check-prefix=VEC

// Runs loops over booleans for many trip counts, between guard cells, and prints
// the number of wrong cells. The kernels are vector code, which a load of a
// vector of i1 would make read bits.

memref.global "private" constant @trips : memref<9xindex> = dense<[0, 1, 15, 16, 17, 63, 64, 65, 130]>

// VEC-LABEL: @choose(
// VEC: affine.vector_load {{.*}} vector<16xi8>
// VEC: vector.maskedload {{.*}} vector<16xi8>
func.func private @choose(%m: memref<?xi1, strided<[1], offset: ?>>, %x: memref<?xf32>, %y: memref<?xf32, strided<[1], offset: ?>>, %not: memref<?xi1, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %true = arith.constant true
  %minus = arith.constant -1.0 : f32
  %n = memref.dim %m, %c0 : memref<?xi1, strided<[1], offset: ?>>
  affine.for %i = 0 to %n {
    %p = affine.load %m[%i] : memref<?xi1, strided<[1], offset: ?>>
    %a = affine.load %x[%i] : memref<?xf32>
    %s = arith.select %p, %a, %minus : f32
    %one = arith.uitofp %p : i1 to f32
    %r = arith.addf %s, %one : f32
    affine.store %r, %y[%i] : memref<?xf32, strided<[1], offset: ?>>
    %q = arith.xori %p, %true : i1
    affine.store %q, %not[%i] : memref<?xi1, strided<[1], offset: ?>>
  }
  return
}

// Element i is true where i * i mod 7 is below 3, which repeats in no power of
// two.
func.func private @is_true(%i: index) -> i1 {
  %c3 = arith.constant 3 : index
  %c7 = arith.constant 7 : index
  %square = arith.muli %i, %i : index
  %rest = arith.remui %square, %c7 : index
  %p = arith.cmpi ult, %rest, %c3 : index
  return %p : i1
}

// The cells of y and not: 16 in front and behind are guards.
func.func private @test_choose() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %true = arith.constant true
  %guard = arith.constant -7.0 : f32
  %minus = arith.constant -1.0 : f32
  %f1 = arith.constant 1.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %mb = memref.alloc(%width) : memref<?xi1>
    %x = memref.alloc(%n) : memref<?xf32>
    %yb = memref.alloc(%width) : memref<?xf32>
    %nb = memref.alloc(%width) : memref<?xi1>
    scf.for %j = %c0 to %width step %c1 {
      %p = func.call @is_true(%j) : (index) -> i1
      memref.store %p, %mb[%j] : memref<?xi1>
      memref.store %guard, %yb[%j] : memref<?xf32>
      memref.store %true, %nb[%j] : memref<?xi1>
    }
    scf.for %j = %c0 to %n step %c1 {
      %int = arith.index_cast %j : index to i32
      %float = arith.sitofp %int : i32 to f32
      memref.store %float, %x[%j] : memref<?xf32>
    }
    %m = memref.subview %mb[16] [%n] [1] : memref<?xi1> to memref<?xi1, strided<[1], offset: 16>>
    %mc = memref.cast %m : memref<?xi1, strided<[1], offset: 16>> to memref<?xi1, strided<[1], offset: ?>>
    %y = memref.subview %yb[16] [%n] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: 16>>
    %yc = memref.cast %y : memref<?xf32, strided<[1], offset: 16>> to memref<?xf32, strided<[1], offset: ?>>
    %q = memref.subview %nb[16] [%n] [1] : memref<?xi1> to memref<?xi1, strided<[1], offset: 16>>
    %qc = memref.cast %q : memref<?xi1, strided<[1], offset: 16>> to memref<?xi1, strided<[1], offset: ?>>
    func.call @choose(%mc, %x, %yc, %qc) : (memref<?xi1, strided<[1], offset: ?>>, memref<?xf32>, memref<?xf32, strided<[1], offset: ?>>, memref<?xi1, strided<[1], offset: ?>>) -> ()
    %e1 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e0) -> (i64) {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %n : index
      %p = func.call @is_true(%j) : (index) -> i1
      %int = arith.index_cast %column : index to i32
      %float = arith.sitofp %int : i32 to f32
      %plus = arith.addf %float, %f1 : f32
      %chosen = arith.select %p, %plus, %minus : f32
      %expected = arith.select %inside, %chosen, %guard : f32
      %got = memref.load %yb[%j] : memref<?xf32>
      %wrong = arith.cmpf une, %got, %expected : f32
      %opposite = arith.xori %p, %true : i1
      %expectedNot = arith.select %inside, %opposite, %true : i1
      %gotNot = memref.load %nb[%j] : memref<?xi1>
      %wrongNot = arith.xori %gotNot, %expectedNot : i1
      %any = arith.ori %wrong, %wrongNot : i1
      %count = arith.select %any, %one, %zero : i64
      %next = arith.addi %e, %count : i64
      scf.yield %next : i64
    }
    memref.dealloc %mb : memref<?xi1>
    memref.dealloc %x : memref<?xf32>
    memref.dealloc %yb : memref<?xf32>
    memref.dealloc %nb : memref<?xi1>
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func @main() {
  // CHECK: {{^0$}}
  %0 = call @test_choose() : () -> i64
  vector.print %0 : i64
  return
}
