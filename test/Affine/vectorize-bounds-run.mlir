// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-vectorize),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --norm-affine-vectorize | FileCheck %s --check-prefix=VEC

// All lower and upper bounds from 0 to 199 in steps of 7, many of them empty or
// with the upper bound below the lower one. Each cell between them is increased
// by one, each other cell stays. The buffer goes on for 200 cells below them, where
// a part that must not run would write. Prints the number of wrong cells.

// VEC: vector.maskedstore
func.func private @increase(%y: memref<400xf32>, %lower: index, %upper: index) {
  %one = arith.constant 1.0 : f32
  affine.for %i = %lower to %upper {
    %0 = affine.load %y[%i + 200] : memref<400xf32>
    %1 = arith.addf %0, %one : f32
    affine.store %1, %y[%i + 200] : memref<400xf32>
  }
  return
}

func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c200 = arith.constant 200 : index
  %c400 = arith.constant 400 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %y = memref.alloc() : memref<400xf32>
  %errors = scf.for %lower = %c0 to %c200 step %c7 iter_args(%e0 = %zero) -> (i64) {
    %e1 = scf.for %upper = %c0 to %c200 step %c7 iter_args(%e2 = %e0) -> (i64) {
      scf.for %i = %c0 to %c400 step %c1 {
        memref.store %two, %y[%i] : memref<400xf32>
      }
      func.call @increase(%y, %lower, %upper) : (memref<400xf32>, index, index) -> ()
      %e3 = scf.for %i = %c0 to %c400 step %c1 iter_args(%e = %e2) -> (i64) {
        %cell = arith.subi %i, %c200 : index
        %above = arith.cmpi sge, %cell, %lower : index
        %below = arith.cmpi slt, %cell, %upper : index
        %inside = arith.andi %above, %below : i1
        %expected = arith.select %inside, %three, %two : f32
        %got = memref.load %y[%i] : memref<400xf32>
        %right = arith.cmpf oeq, %got, %expected : f32
        %count = arith.select %right, %zero, %one : i64
        %next = arith.addi %e, %count : i64
        scf.yield %next : i64
      }
      scf.yield %e3 : i64
    }
    scf.yield %e1 : i64
  }
  // CHECK: {{^0$}}
  vector.print %errors : i64
  memref.dealloc %y : memref<400xf32>
  return
}
