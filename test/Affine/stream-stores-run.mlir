// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-vectorize,norm-affine-stream-stores),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-vectorize,norm-affine-stream-stores{threshold=30000}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: sed -e 's/f32/f16/g' %s | norm-opt --pass-pipeline="builtin.module(func.func(norm-affine-vectorize,norm-affine-stream-stores),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-align-rows{threshold=0 row-bytes=0},norm-affine-vectorize,norm-affine-stream-stores),lower-affine,norm-affine-inline-scopes,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: sed -e 's/f32/f16/g' %s | norm-opt --pass-pipeline="builtin.module(func.func(norm-affine-align-rows{threshold=0 row-bytes=100},norm-affine-vectorize,norm-affine-stream-stores),lower-affine,norm-affine-inline-scopes,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --norm-affine-vectorize --norm-affine-stream-stores | FileCheck %s --check-prefix=STREAM
// RUN: norm-opt %s --norm-affine-align-rows="threshold=0 row-bytes=0" | FileCheck %s --check-prefix=ALIGN

// Copies 5 rows of 0 to 130 elements to every offset from 0 to 17 in rows of 150 to
// 168 elements: some aligned, most not. A streaming store to an address that is not
// aligned would end the program. Prints the number of wrong cells.

// STREAM: nontemporal
// ALIGN: memref.subview
// ALIGN: func @main
!view = memref<?x?xf32, strided<[?, 1], offset: ?>>
func.func private @copy(%x: memref<?x?xf32>, %y: !view) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = memref.dim %y, %c0 : !view
  %cols = memref.dim %y, %c1 : !view
  affine.for %i = 0 to %rows {
    affine.for %j = 0 to %cols {
      %v = affine.load %x[%i, %j] : memref<?x?xf32>
      affine.store %v, %y[%i, %j] : !view
    }
  }
  return
}

func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %c13 = arith.constant 13 : index
  %c18 = arith.constant 18 : index
  %c131 = arith.constant 131 : index
  %c150 = arith.constant 150 : index
  %c169 = arith.constant 169 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %guard = arith.constant -7.0 : f32
  %x = memref.alloc(%c5, %c131) : memref<?x?xf32>
  scf.for %i = %c0 to %c5 step %c1 {
    scf.for %j = %c0 to %c131 step %c1 {
      %ij = arith.muli %i, %c131 : index
      %k = arith.addi %ij, %j : index
      %int = arith.index_cast %k : index to i64
      %f = arith.sitofp %int : i64 to f32
      memref.store %f, %x[%i, %j] : memref<?x?xf32>
    }
  }
  %errors = scf.for %width = %c150 to %c169 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %yb = memref.alloc(%c5, %width) {alignment = 64} : memref<?x?xf32>
    %e1 = scf.for %offset = %c0 to %c18 step %c1 iter_args(%e2 = %e0) -> (i64) {
      %e3 = scf.for %n = %c0 to %c131 step %c13 iter_args(%e4 = %e2) -> (i64) {
        scf.for %i = %c0 to %c5 step %c1 {
          scf.for %j = %c0 to %width step %c1 {
            memref.store %guard, %yb[%i, %j] : memref<?x?xf32>
          }
        }
        %y = memref.subview %yb[0, %offset] [%c5, %n] [1, 1] : memref<?x?xf32> to !view
        func.call @copy(%x, %y) : (memref<?x?xf32>, !view) -> ()
        %e5 = scf.for %i = %c0 to %c5 step %c1 iter_args(%e6 = %e4) -> (i64) {
          %e7 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e6) -> (i64) {
            %column = arith.subi %j, %offset : index
            %inside = arith.cmpi ult, %column, %n : index
            %ij = arith.muli %i, %c131 : index
            %k = arith.addi %ij, %column : index
            %int = arith.index_cast %k : index to i64
            %f = arith.sitofp %int : i64 to f32
            %expected = arith.select %inside, %f, %guard : f32
            %got = memref.load %yb[%i, %j] : memref<?x?xf32>
            %right = arith.cmpf oeq, %got, %expected : f32
            %count = arith.select %right, %zero, %one : i64
            %next = arith.addi %e, %count : i64
            scf.yield %next : i64
          }
          scf.yield %e7 : i64
        }
        scf.yield %e5 : i64
      }
      scf.yield %e3 : i64
    }
    memref.dealloc %yb : memref<?x?xf32>
    scf.yield %e1 : i64
  }
  // CHECK: {{^0$}}
  vector.print %errors : i64
  memref.dealloc %x : memref<?x?xf32>
  return
}
