// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{vector-bits=256 unroll=3}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{unroll=1}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --norm-affine-promote-accumulators --norm-affine-vectorize | FileCheck %s --check-prefix=VEC

// Runs an elementwise kernel for many trip counts, between guard cells. Prints the
// number of wrong cells; a NaN is wrong.

memref.global "private" constant @trips : memref<9xindex> = dense<[0, 1, 15, 16, 17, 63, 64, 65, 130]>

// VEC-LABEL: @scale_f32(
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

func.func private @scale_f32(%x: memref<?xf32, strided<[1], offset: ?>>, %g: memref<1xf32>, %y: memref<?xf32, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %three = arith.constant 3.0 : f32
  %n = memref.dim %x, %c0 : memref<?xf32, strided<[1], offset: ?>>
  affine.for %i = 0 to %n {
    %0 = affine.load %x[%i] : memref<?xf32, strided<[1], offset: ?>>
    %1 = affine.load %g[0] : memref<1xf32>
    %2 = arith.addf %0, %zero : f32
    %3 = arith.mulf %2, %1 : f32
    %4 = arith.addf %3, %three : f32
    %5 = arith.subf %4, %zero : f32
    affine.store %5, %y[%i] : memref<?xf32, strided<[1], offset: ?>>
  }
  return
}

func.func private @test_scale_f32() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2.0 : f32
  %guard = arith.constant -7.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %g = memref.alloc() : memref<1xf32>
  memref.store %two, %g[%c0] : memref<1xf32>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %xb = func.call @input_f32(%c1, %n) : (index, index) -> memref<?x?xf32>
    %yb = memref.alloc(%width) : memref<?xf32>
    scf.for %j = %c0 to %width step %c1 {
      memref.store %guard, %yb[%j] : memref<?xf32>
    }
    %xs = memref.subview %xb[0, 16] [1, %n] [1, 1] : memref<?x?xf32> to memref<?xf32, strided<[1], offset: 16>>
    %x = memref.cast %xs : memref<?xf32, strided<[1], offset: 16>> to memref<?xf32, strided<[1], offset: ?>>
    %y = memref.subview %yb[16] [%n] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: 16>>
    %yc = memref.cast %y : memref<?xf32, strided<[1], offset: 16>> to memref<?xf32, strided<[1], offset: ?>>
    func.call @scale_f32(%x, %g, %yc) : (memref<?xf32, strided<[1], offset: ?>>, memref<1xf32>, memref<?xf32, strided<[1], offset: ?>>) -> ()
    %e1 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e0) -> (i64) {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %n : index
      %rest = arith.remui %column, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %c2_i32 = arith.constant 2 : i32
      %c3_i32 = arith.constant 3 : i32
      %twice = arith.muli %int, %c2_i32 : i32
      %plus = arith.addi %twice, %c3_i32 : i32
      %float = arith.sitofp %plus : i32 to f32
      %expected = arith.select %inside, %float, %guard : f32
      %got = memref.load %yb[%j] : memref<?xf32>
      %right = arith.cmpf oeq, %got, %expected : f32
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      scf.yield %next : i64
    }
    memref.dealloc %xb : memref<?x?xf32>
    memref.dealloc %yb : memref<?xf32>
    scf.yield %e1 : i64
  }
  return %errors : i64
}

// VEC-LABEL: @scale_f16(
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

func.func private @scale_f16(%x: memref<?xf16, strided<[1], offset: ?>>, %g: memref<1xf32>, %y: memref<?xf16, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %three = arith.constant 3.0 : f32
  %n = memref.dim %x, %c0 : memref<?xf16, strided<[1], offset: ?>>
  affine.for %i = 0 to %n {
    %0 = affine.load %x[%i] : memref<?xf16, strided<[1], offset: ?>>
    %1 = affine.load %g[0] : memref<1xf32>
    %2 = arith.extf %0 : f16 to f32
    %3 = arith.mulf %2, %1 : f32
    %4 = arith.addf %3, %three : f32
    %5 = arith.truncf %4 : f32 to f16
    affine.store %5, %y[%i] : memref<?xf16, strided<[1], offset: ?>>
  }
  return
}

func.func private @test_scale_f16() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2.0 : f32
  %guard = arith.constant -7.0 : f16
  %trips = memref.get_global @trips : memref<9xindex>
  %g = memref.alloc() : memref<1xf32>
  memref.store %two, %g[%c0] : memref<1xf32>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %xb = func.call @input_f16(%c1, %n) : (index, index) -> memref<?x?xf16>
    %yb = memref.alloc(%width) : memref<?xf16>
    scf.for %j = %c0 to %width step %c1 {
      memref.store %guard, %yb[%j] : memref<?xf16>
    }
    %xs = memref.subview %xb[0, 16] [1, %n] [1, 1] : memref<?x?xf16> to memref<?xf16, strided<[1], offset: 16>>
    %x = memref.cast %xs : memref<?xf16, strided<[1], offset: 16>> to memref<?xf16, strided<[1], offset: ?>>
    %y = memref.subview %yb[16] [%n] [1] : memref<?xf16> to memref<?xf16, strided<[1], offset: 16>>
    %yc = memref.cast %y : memref<?xf16, strided<[1], offset: 16>> to memref<?xf16, strided<[1], offset: ?>>
    func.call @scale_f16(%x, %g, %yc) : (memref<?xf16, strided<[1], offset: ?>>, memref<1xf32>, memref<?xf16, strided<[1], offset: ?>>) -> ()
    %e1 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e0) -> (i64) {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %n : index
      %rest = arith.remui %column, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %c2_i32 = arith.constant 2 : i32
      %c3_i32 = arith.constant 3 : i32
      %twice = arith.muli %int, %c2_i32 : i32
      %plus = arith.addi %twice, %c3_i32 : i32
      %float = arith.sitofp %plus : i32 to f16
      %expected = arith.select %inside, %float, %guard : f16
      %got = memref.load %yb[%j] : memref<?xf16>
      %right = arith.cmpf oeq, %got, %expected : f16
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      scf.yield %next : i64
    }
    memref.dealloc %xb : memref<?x?xf16>
    memref.dealloc %yb : memref<?xf16>
    scf.yield %e1 : i64
  }
  return %errors : i64
}

// VEC-LABEL: @scale_bf16(
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

func.func private @scale_bf16(%x: memref<?xbf16, strided<[1], offset: ?>>, %g: memref<1xf32>, %y: memref<?xbf16, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %three = arith.constant 3.0 : f32
  %n = memref.dim %x, %c0 : memref<?xbf16, strided<[1], offset: ?>>
  affine.for %i = 0 to %n {
    %0 = affine.load %x[%i] : memref<?xbf16, strided<[1], offset: ?>>
    %1 = affine.load %g[0] : memref<1xf32>
    %2 = arith.extf %0 : bf16 to f32
    %3 = arith.mulf %2, %1 : f32
    %4 = arith.addf %3, %three : f32
    %5 = arith.truncf %4 : f32 to bf16
    affine.store %5, %y[%i] : memref<?xbf16, strided<[1], offset: ?>>
  }
  return
}

func.func private @test_scale_bf16() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2.0 : f32
  %guard = arith.constant -7.0 : bf16
  %trips = memref.get_global @trips : memref<9xindex>
  %g = memref.alloc() : memref<1xf32>
  memref.store %two, %g[%c0] : memref<1xf32>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %xb = func.call @input_bf16(%c1, %n) : (index, index) -> memref<?x?xbf16>
    %yb = memref.alloc(%width) : memref<?xbf16>
    scf.for %j = %c0 to %width step %c1 {
      memref.store %guard, %yb[%j] : memref<?xbf16>
    }
    %xs = memref.subview %xb[0, 16] [1, %n] [1, 1] : memref<?x?xbf16> to memref<?xbf16, strided<[1], offset: 16>>
    %x = memref.cast %xs : memref<?xbf16, strided<[1], offset: 16>> to memref<?xbf16, strided<[1], offset: ?>>
    %y = memref.subview %yb[16] [%n] [1] : memref<?xbf16> to memref<?xbf16, strided<[1], offset: 16>>
    %yc = memref.cast %y : memref<?xbf16, strided<[1], offset: 16>> to memref<?xbf16, strided<[1], offset: ?>>
    func.call @scale_bf16(%x, %g, %yc) : (memref<?xbf16, strided<[1], offset: ?>>, memref<1xf32>, memref<?xbf16, strided<[1], offset: ?>>) -> ()
    %e1 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e0) -> (i64) {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %n : index
      %rest = arith.remui %column, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %c2_i32 = arith.constant 2 : i32
      %c3_i32 = arith.constant 3 : i32
      %twice = arith.muli %int, %c2_i32 : i32
      %plus = arith.addi %twice, %c3_i32 : i32
      %float = arith.sitofp %plus : i32 to bf16
      %expected = arith.select %inside, %float, %guard : bf16
      %got = memref.load %yb[%j] : memref<?xbf16>
      %right = arith.cmpf oeq, %got, %expected : bf16
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      scf.yield %next : i64
    }
    memref.dealloc %xb : memref<?x?xbf16>
    memref.dealloc %yb : memref<?xbf16>
    scf.yield %e1 : i64
  }
  return %errors : i64
}

// VEC-LABEL: @scale_f64(
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

func.func private @scale_f64(%x: memref<?xf64, strided<[1], offset: ?>>, %g: memref<1xf64>, %y: memref<?xf64, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %three = arith.constant 3.0 : f64
  %n = memref.dim %x, %c0 : memref<?xf64, strided<[1], offset: ?>>
  affine.for %i = 0 to %n {
    %0 = affine.load %x[%i] : memref<?xf64, strided<[1], offset: ?>>
    %1 = affine.load %g[0] : memref<1xf64>
    %2 = arith.addf %0, %zero : f64
    %3 = arith.mulf %2, %1 : f64
    %4 = arith.addf %3, %three : f64
    %5 = arith.subf %4, %zero : f64
    affine.store %5, %y[%i] : memref<?xf64, strided<[1], offset: ?>>
  }
  return
}

func.func private @test_scale_f64() -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2.0 : f64
  %guard = arith.constant -7.0 : f64
  %trips = memref.get_global @trips : memref<9xindex>
  %g = memref.alloc() : memref<1xf64>
  memref.store %two, %g[%c0] : memref<1xf64>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %width = arith.addi %n, %c32 : index
    %xb = func.call @input_f64(%c1, %n) : (index, index) -> memref<?x?xf64>
    %yb = memref.alloc(%width) : memref<?xf64>
    scf.for %j = %c0 to %width step %c1 {
      memref.store %guard, %yb[%j] : memref<?xf64>
    }
    %xs = memref.subview %xb[0, 16] [1, %n] [1, 1] : memref<?x?xf64> to memref<?xf64, strided<[1], offset: 16>>
    %x = memref.cast %xs : memref<?xf64, strided<[1], offset: 16>> to memref<?xf64, strided<[1], offset: ?>>
    %y = memref.subview %yb[16] [%n] [1] : memref<?xf64> to memref<?xf64, strided<[1], offset: 16>>
    %yc = memref.cast %y : memref<?xf64, strided<[1], offset: 16>> to memref<?xf64, strided<[1], offset: ?>>
    func.call @scale_f64(%x, %g, %yc) : (memref<?xf64, strided<[1], offset: ?>>, memref<1xf64>, memref<?xf64, strided<[1], offset: ?>>) -> ()
    %e1 = scf.for %j = %c0 to %width step %c1 iter_args(%e = %e0) -> (i64) {
      %column = arith.subi %j, %c16 : index
      %inside = arith.cmpi ult, %column, %n : index
      %rest = arith.remui %column, %c32 : index
      %value = arith.addi %rest, %c1 : index
      %int = arith.index_cast %value : index to i32
      %c2_i32 = arith.constant 2 : i32
      %c3_i32 = arith.constant 3 : i32
      %twice = arith.muli %int, %c2_i32 : i32
      %plus = arith.addi %twice, %c3_i32 : i32
      %float = arith.sitofp %plus : i32 to f64
      %expected = arith.select %inside, %float, %guard : f64
      %got = memref.load %yb[%j] : memref<?xf64>
      %right = arith.cmpf oeq, %got, %expected : f64
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      scf.yield %next : i64
    }
    memref.dealloc %xb : memref<?x?xf64>
    memref.dealloc %yb : memref<?xf64>
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func @main() {
  // CHECK: {{^0$}}
  %0 = call @test_scale_f32() : () -> i64
  vector.print %0 : i64
  // CHECK-NEXT: {{^0$}}
  %1 = call @test_scale_f16() : () -> i64
  vector.print %1 : i64
  // CHECK-NEXT: {{^0$}}
  %2 = call @test_scale_bf16() : () -> i64
  vector.print %2 : i64
  // CHECK-NEXT: {{^0$}}
  %3 = call @test_scale_f64() : () -> i64
  vector.print %3 : i64
  return
}
