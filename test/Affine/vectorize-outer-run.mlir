// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{vector-bits=256 unroll=3}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{unroll=1}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --norm-affine-promote-accumulators --norm-affine-vectorize | FileCheck %s --check-prefix=VEC

// Runs weighted sums over the rows of each column, vectorized along the columns,
// for many numbers of columns. What lies outside the columns is NaN in the input
// and guarded in the output.

memref.global "private" constant @trips : memref<9xindex> = dense<[0, 1, 15, 16, 17, 63, 64, 65, 130]>

// VEC-LABEL: @columns_f32(
// VEC: vector.maskedload

// (row + column) mod 32 + 1 inside the guard cells, which are NaN.
func.func private @input_f32(%rows: index, %cols: index) -> memref<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %nan = arith.constant 0x7FC00000 : f32
  %width = arith.addi %cols, %c32 : index
  %x = memref.alloc(%rows, %width) : memref<?x?xf32>
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %width step %c1 {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %cols : index
      %sum = arith.addi %i, %column : index
      %rest = arith.remui %sum, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %float = arith.sitofp %int : i32 to f32
      %cell = arith.select %inside, %float, %nan : f32
      memref.store %cell, %x[%i, %j] : memref<?x?xf32>
    }
  }
  return %x : memref<?x?xf32>
}

func.func private @columns_f32(%x: memref<?x?xf32, strided<[?, 1], offset: ?>>, %w: memref<?xf32>, %sum: memref<?xf32, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xf32, strided<[?, 1], offset: ?>>
      %1 = affine.load %w[%i] : memref<?xf32>
      %2 = arith.addf %0, %zero : f32
      %3 = arith.mulf %2, %1 : f32
      %4 = affine.load %sum[%j] : memref<?xf32, strided<[1], offset: ?>>
      %5 = arith.addf %4, %3 : f32
      affine.store %5, %sum[%j] : memref<?xf32, strided<[1], offset: ?>>
    }
  }
  return
}

func.func private @test_columns_f32() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %init = arith.constant 5.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %w = memref.alloc(%c4) : memref<?xf32>
  scf.for %i = %c0 to %c4 step %c1 {
    %int = arith.index_cast %i : index to i64
    %float = arith.sitofp %int : i64 to f32
    memref.store %float, %w[%i] : memref<?xf32>
  }
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e2 = %e0) -> (i64) {
      %xb = func.call @input_f32(%rows, %n) : (index, index) -> memref<?x?xf32>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xf32> to memref<?x?xf32, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xf32, strided<[?, 1], offset: 16>> to memref<?x?xf32, strided<[?, 1], offset: ?>>
      %sb = memref.alloc(%width) : memref<?xf32>
      scf.for %j = %c0 to %width step %c1 {
        memref.store %init, %sb[%j] : memref<?xf32>
      }
      %s = memref.subview %sb[16] [%n] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: 16>>
      %sc = memref.cast %s : memref<?xf32, strided<[1], offset: 16>> to memref<?xf32, strided<[1], offset: ?>>
      func.call @columns_f32(%xc, %w, %sc) : (memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<?xf32, strided<[1], offset: ?>>) -> ()
      %e3 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e2) -> (i64) {
        %column = arith.subi %j, %c16 : index
        %inside = arith.cmpi ult, %column, %n : index
        %a = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five) -> (i64) {
          %ij = arith.addi %i, %column : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %product = arith.muli %value, %i : index
          %int = arith.index_cast %product : index to i64
          %a1 = arith.addi %a0, %int : i64
          scf.yield %a1 : i64
        }
        %total = arith.select %inside, %a, %five : i64
        %expected = arith.sitofp %total : i64 to f32
        %got = memref.load %sb[%j] : memref<?xf32>
        %right = arith.cmpf oeq, %got, %expected : f32
        %count = arith.select %right, %zero, %one : i64
        %next = arith.addi %e, %count : i64
        scf.yield %next : i64
      }
      memref.dealloc %xb : memref<?x?xf32>
      memref.dealloc %sb : memref<?xf32>
      scf.yield %e3 : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

// VEC-LABEL: @columns_f16(
// VEC: vector.maskedload

// (row + column) mod 32 + 1 inside the guard cells, which are NaN.
func.func private @input_f16(%rows: index, %cols: index) -> memref<?x?xf16> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %nan = arith.constant 0x7E00 : f16
  %width = arith.addi %cols, %c32 : index
  %x = memref.alloc(%rows, %width) : memref<?x?xf16>
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %width step %c1 {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %cols : index
      %sum = arith.addi %i, %column : index
      %rest = arith.remui %sum, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %float = arith.sitofp %int : i32 to f16
      %cell = arith.select %inside, %float, %nan : f16
      memref.store %cell, %x[%i, %j] : memref<?x?xf16>
    }
  }
  return %x : memref<?x?xf16>
}

func.func private @columns_f16(%x: memref<?x?xf16, strided<[?, 1], offset: ?>>, %w: memref<?xf32>, %sum: memref<?xf32, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf16, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf16, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xf16, strided<[?, 1], offset: ?>>
      %1 = affine.load %w[%i] : memref<?xf32>
      %2 = arith.extf %0 : f16 to f32
      %3 = arith.mulf %2, %1 : f32
      %4 = affine.load %sum[%j] : memref<?xf32, strided<[1], offset: ?>>
      %5 = arith.addf %4, %3 : f32
      affine.store %5, %sum[%j] : memref<?xf32, strided<[1], offset: ?>>
    }
  }
  return
}

func.func private @test_columns_f16() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %init = arith.constant 5.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %w = memref.alloc(%c4) : memref<?xf32>
  scf.for %i = %c0 to %c4 step %c1 {
    %int = arith.index_cast %i : index to i64
    %float = arith.sitofp %int : i64 to f32
    memref.store %float, %w[%i] : memref<?xf32>
  }
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e2 = %e0) -> (i64) {
      %xb = func.call @input_f16(%rows, %n) : (index, index) -> memref<?x?xf16>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xf16> to memref<?x?xf16, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xf16, strided<[?, 1], offset: 16>> to memref<?x?xf16, strided<[?, 1], offset: ?>>
      %sb = memref.alloc(%width) : memref<?xf32>
      scf.for %j = %c0 to %width step %c1 {
        memref.store %init, %sb[%j] : memref<?xf32>
      }
      %s = memref.subview %sb[16] [%n] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: 16>>
      %sc = memref.cast %s : memref<?xf32, strided<[1], offset: 16>> to memref<?xf32, strided<[1], offset: ?>>
      func.call @columns_f16(%xc, %w, %sc) : (memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<?xf32, strided<[1], offset: ?>>) -> ()
      %e3 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e2) -> (i64) {
        %column = arith.subi %j, %c16 : index
        %inside = arith.cmpi ult, %column, %n : index
        %a = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five) -> (i64) {
          %ij = arith.addi %i, %column : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %product = arith.muli %value, %i : index
          %int = arith.index_cast %product : index to i64
          %a1 = arith.addi %a0, %int : i64
          scf.yield %a1 : i64
        }
        %total = arith.select %inside, %a, %five : i64
        %expected = arith.sitofp %total : i64 to f32
        %got = memref.load %sb[%j] : memref<?xf32>
        %right = arith.cmpf oeq, %got, %expected : f32
        %count = arith.select %right, %zero, %one : i64
        %next = arith.addi %e, %count : i64
        scf.yield %next : i64
      }
      memref.dealloc %xb : memref<?x?xf16>
      memref.dealloc %sb : memref<?xf32>
      scf.yield %e3 : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

// VEC-LABEL: @columns_bf16(
// VEC: vector.maskedload

// (row + column) mod 32 + 1 inside the guard cells, which are NaN.
func.func private @input_bf16(%rows: index, %cols: index) -> memref<?x?xbf16> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %nan = arith.constant 0x7FC0 : bf16
  %width = arith.addi %cols, %c32 : index
  %x = memref.alloc(%rows, %width) : memref<?x?xbf16>
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %width step %c1 {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %cols : index
      %sum = arith.addi %i, %column : index
      %rest = arith.remui %sum, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %float = arith.sitofp %int : i32 to bf16
      %cell = arith.select %inside, %float, %nan : bf16
      memref.store %cell, %x[%i, %j] : memref<?x?xbf16>
    }
  }
  return %x : memref<?x?xbf16>
}

func.func private @columns_bf16(%x: memref<?x?xbf16, strided<[?, 1], offset: ?>>, %w: memref<?xf32>, %sum: memref<?xf32, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xbf16, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xbf16, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xbf16, strided<[?, 1], offset: ?>>
      %1 = affine.load %w[%i] : memref<?xf32>
      %2 = arith.extf %0 : bf16 to f32
      %3 = arith.mulf %2, %1 : f32
      %4 = affine.load %sum[%j] : memref<?xf32, strided<[1], offset: ?>>
      %5 = arith.addf %4, %3 : f32
      affine.store %5, %sum[%j] : memref<?xf32, strided<[1], offset: ?>>
    }
  }
  return
}

func.func private @test_columns_bf16() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %init = arith.constant 5.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %w = memref.alloc(%c4) : memref<?xf32>
  scf.for %i = %c0 to %c4 step %c1 {
    %int = arith.index_cast %i : index to i64
    %float = arith.sitofp %int : i64 to f32
    memref.store %float, %w[%i] : memref<?xf32>
  }
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e2 = %e0) -> (i64) {
      %xb = func.call @input_bf16(%rows, %n) : (index, index) -> memref<?x?xbf16>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xbf16> to memref<?x?xbf16, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xbf16, strided<[?, 1], offset: 16>> to memref<?x?xbf16, strided<[?, 1], offset: ?>>
      %sb = memref.alloc(%width) : memref<?xf32>
      scf.for %j = %c0 to %width step %c1 {
        memref.store %init, %sb[%j] : memref<?xf32>
      }
      %s = memref.subview %sb[16] [%n] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: 16>>
      %sc = memref.cast %s : memref<?xf32, strided<[1], offset: 16>> to memref<?xf32, strided<[1], offset: ?>>
      func.call @columns_bf16(%xc, %w, %sc) : (memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<?xf32, strided<[1], offset: ?>>) -> ()
      %e3 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e2) -> (i64) {
        %column = arith.subi %j, %c16 : index
        %inside = arith.cmpi ult, %column, %n : index
        %a = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five) -> (i64) {
          %ij = arith.addi %i, %column : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %product = arith.muli %value, %i : index
          %int = arith.index_cast %product : index to i64
          %a1 = arith.addi %a0, %int : i64
          scf.yield %a1 : i64
        }
        %total = arith.select %inside, %a, %five : i64
        %expected = arith.sitofp %total : i64 to f32
        %got = memref.load %sb[%j] : memref<?xf32>
        %right = arith.cmpf oeq, %got, %expected : f32
        %count = arith.select %right, %zero, %one : i64
        %next = arith.addi %e, %count : i64
        scf.yield %next : i64
      }
      memref.dealloc %xb : memref<?x?xbf16>
      memref.dealloc %sb : memref<?xf32>
      scf.yield %e3 : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

// VEC-LABEL: @columns_f64(
// VEC: vector.maskedload

// (row + column) mod 32 + 1 inside the guard cells, which are NaN.
func.func private @input_f64(%rows: index, %cols: index) -> memref<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %nan = arith.constant 0x7FF8000000000000 : f64
  %width = arith.addi %cols, %c32 : index
  %x = memref.alloc(%rows, %width) : memref<?x?xf64>
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %width step %c1 {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %cols : index
      %sum = arith.addi %i, %column : index
      %rest = arith.remui %sum, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %float = arith.sitofp %int : i32 to f64
      %cell = arith.select %inside, %float, %nan : f64
      memref.store %cell, %x[%i, %j] : memref<?x?xf64>
    }
  }
  return %x : memref<?x?xf64>
}

func.func private @columns_f64(%x: memref<?x?xf64, strided<[?, 1], offset: ?>>, %w: memref<?xf64>, %sum: memref<?xf64, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %rows = memref.dim %x, %c0 : memref<?x?xf64, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf64, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xf64, strided<[?, 1], offset: ?>>
      %1 = affine.load %w[%i] : memref<?xf64>
      %2 = arith.addf %0, %zero : f64
      %3 = arith.mulf %2, %1 : f64
      %4 = affine.load %sum[%j] : memref<?xf64, strided<[1], offset: ?>>
      %5 = arith.addf %4, %3 : f64
      affine.store %5, %sum[%j] : memref<?xf64, strided<[1], offset: ?>>
    }
  }
  return
}

func.func private @test_columns_f64() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %init = arith.constant 5.0 : f64
  %trips = memref.get_global @trips : memref<9xindex>
  %w = memref.alloc(%c4) : memref<?xf64>
  scf.for %i = %c0 to %c4 step %c1 {
    %int = arith.index_cast %i : index to i64
    %float = arith.sitofp %int : i64 to f64
    memref.store %float, %w[%i] : memref<?xf64>
  }
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e2 = %e0) -> (i64) {
      %xb = func.call @input_f64(%rows, %n) : (index, index) -> memref<?x?xf64>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xf64> to memref<?x?xf64, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xf64, strided<[?, 1], offset: 16>> to memref<?x?xf64, strided<[?, 1], offset: ?>>
      %sb = memref.alloc(%width) : memref<?xf64>
      scf.for %j = %c0 to %width step %c1 {
        memref.store %init, %sb[%j] : memref<?xf64>
      }
      %s = memref.subview %sb[16] [%n] [1] : memref<?xf64> to memref<?xf64, strided<[1], offset: 16>>
      %sc = memref.cast %s : memref<?xf64, strided<[1], offset: 16>> to memref<?xf64, strided<[1], offset: ?>>
      func.call @columns_f64(%xc, %w, %sc) : (memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<?xf64, strided<[1], offset: ?>>) -> ()
      %e3 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e2) -> (i64) {
        %column = arith.subi %j, %c16 : index
        %inside = arith.cmpi ult, %column, %n : index
        %a = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five) -> (i64) {
          %ij = arith.addi %i, %column : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %product = arith.muli %value, %i : index
          %int = arith.index_cast %product : index to i64
          %a1 = arith.addi %a0, %int : i64
          scf.yield %a1 : i64
        }
        %total = arith.select %inside, %a, %five : i64
        %expected = arith.sitofp %total : i64 to f64
        %got = memref.load %sb[%j] : memref<?xf64>
        %right = arith.cmpf oeq, %got, %expected : f64
        %count = arith.select %right, %zero, %one : i64
        %next = arith.addi %e, %count : i64
        scf.yield %next : i64
      }
      memref.dealloc %xb : memref<?x?xf64>
      memref.dealloc %sb : memref<?xf64>
      scf.yield %e3 : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func @main() {
  // CHECK: {{^0$}}
  %0 = call @test_columns_f32() : () -> i64
  vector.print %0 : i64
  // CHECK-NEXT: {{^0$}}
  %1 = call @test_columns_f16() : () -> i64
  vector.print %1 : i64
  // CHECK-NEXT: {{^0$}}
  %2 = call @test_columns_bf16() : () -> i64
  vector.print %2 : i64
  // CHECK-NEXT: {{^0$}}
  %3 = call @test_columns_f64() : () -> i64
  vector.print %3 : i64
  return
}
