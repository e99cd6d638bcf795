// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{vector-bits=256 unroll=3}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{unroll=1}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --norm-affine-promote-accumulators --norm-affine-vectorize | FileCheck %s --check-prefix=VEC

// Runs sums of (x - 3)^2 and maxima of -x over 0 to 3 rows for many trip counts. The
// data are small integers, so that every order of summation is exact. What lies
// outside the rows is NaN.

memref.global "private" constant @trips : memref<9xindex> = dense<[0, 1, 15, 16, 17, 63, 64, 65, 130]>

// VEC-LABEL: @reduce_f32(
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

func.func private @reduce_f32(%x: memref<?x?xf32, strided<[?, 1], offset: ?>>, %mean: memref<?xf32>, %sum: memref<1xf32>, %max: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  affine.for %i = 0 to %rows {
    affine.for %j = 0 to %cols {
      %0 = affine.load %x[%i, %j] : memref<?x?xf32, strided<[?, 1], offset: ?>>
      %1 = arith.addf %0, %zero : f32
      %2 = affine.load %sum[0] : memref<1xf32>
      %m = affine.load %mean[%i] : memref<?xf32>
      %d = arith.subf %1, %m : f32
      %3 = arith.mulf %d, %d : f32
      %4 = arith.addf %2, %3 : f32
      affine.store %4, %sum[0] : memref<1xf32>
      %5 = affine.load %max[0] : memref<1xf32>
      %minus = arith.negf %1 : f32
      %6 = arith.maximumf %5, %minus : f32
      affine.store %6, %max[0] : memref<1xf32>
    }
  }
  return
}

// The rows are the inner loop here, and the columns are vectorized.
func.func private @transposed_f32(%x: memref<?x?xf32, strided<[?, 1], offset: ?>>, %mean: memref<?xf32>, %sum: memref<1xf32>, %max: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xf32, strided<[?, 1], offset: ?>>
      %1 = arith.addf %0, %zero : f32
      %2 = affine.load %sum[0] : memref<1xf32>
      %m = affine.load %mean[%i] : memref<?xf32>
      %d = arith.subf %1, %m : f32
      %3 = arith.mulf %d, %d : f32
      %4 = arith.addf %2, %3 : f32
      affine.store %4, %sum[0] : memref<1xf32>
      %5 = affine.load %max[0] : memref<1xf32>
      %minus = arith.negf %1 : f32
      %6 = arith.maximumf %5, %minus : f32
      affine.store %6, %max[0] : memref<1xf32>
    }
  }
  return
}

func.func private @check_reduce_f32(%f: (memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %three = arith.constant 3 : i64
  %lowest = arith.constant -33 : i64
  %init = arith.constant 5.0 : f32
  %initMax = arith.constant -33.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %sum = memref.alloc() : memref<1xf32>
  %mean = memref.alloc(%c4) : memref<?xf32>
  %threeF = arith.constant 3.0 : f32
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %threeF, %mean[%i] : memref<?xf32>
  }
  %max = memref.alloc() : memref<1xf32>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e = %e0) -> (i64) {
      %xb = func.call @input_f32(%rows, %n) : (index, index) -> memref<?x?xf32>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xf32> to memref<?x?xf32, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xf32, strided<[?, 1], offset: 16>> to memref<?x?xf32, strided<[?, 1], offset: ?>>
      memref.store %init, %sum[%c0] : memref<1xf32>
      memref.store %initMax, %max[%c0] : memref<1xf32>
      func.call_indirect %f(%xc, %mean, %sum, %max) : (memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
      // The same in integers.
      %s:2 = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five, %m0 = %lowest) -> (i64, i64) {
        %r:2 = scf.for %j = %c0 to %n step %c1 iter_args(%a = %a0, %m = %m0) -> (i64, i64) {
          %ij = arith.addi %i, %j : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %int = arith.index_cast %value : index to i64
          %d = arith.subi %int, %three : i64
          %square = arith.muli %d, %d : i64
          %a1 = arith.addi %a, %square : i64
          %minus = arith.subi %zero, %int : i64
          %m1 = arith.maxsi %m, %minus : i64
          scf.yield %a1, %m1 : i64, i64
        }
        scf.yield %r#0, %r#1 : i64, i64
      }
      %expectedSum = arith.sitofp %s#0 : i64 to f32
      %expectedMax = arith.sitofp %s#1 : i64 to f32
      %gotSum = memref.load %sum[%c0] : memref<1xf32>
      %gotMax = memref.load %max[%c0] : memref<1xf32>
      %rightSum = arith.cmpf oeq, %gotSum, %expectedSum : f32
      %rightMax = arith.cmpf oeq, %gotMax, %expectedMax : f32
      %right = arith.andi %rightSum, %rightMax : i1
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      memref.dealloc %xb : memref<?x?xf32>
      scf.yield %next : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func private @test_reduce_f32() -> i64 {
  %f = func.constant @reduce_f32 : (memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
  %errors = func.call @check_reduce_f32(%f) : ((memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @test_transposed_f32() -> i64 {
  %f = func.constant @transposed_f32 : (memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
  %errors = func.call @check_reduce_f32(%f) : ((memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64
  return %errors : i64
}

// VEC-LABEL: @reduce_f16(
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

func.func private @reduce_f16(%x: memref<?x?xf16, strided<[?, 1], offset: ?>>, %mean: memref<?xf32>, %sum: memref<1xf32>, %max: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf16, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf16, strided<[?, 1], offset: ?>>
  affine.for %i = 0 to %rows {
    affine.for %j = 0 to %cols {
      %0 = affine.load %x[%i, %j] : memref<?x?xf16, strided<[?, 1], offset: ?>>
      %1 = arith.extf %0 : f16 to f32
      %2 = affine.load %sum[0] : memref<1xf32>
      %m = affine.load %mean[%i] : memref<?xf32>
      %d = arith.subf %1, %m : f32
      %3 = arith.mulf %d, %d : f32
      %4 = arith.addf %2, %3 : f32
      affine.store %4, %sum[0] : memref<1xf32>
      %5 = affine.load %max[0] : memref<1xf32>
      %minus = arith.negf %1 : f32
      %6 = arith.maximumf %5, %minus : f32
      affine.store %6, %max[0] : memref<1xf32>
    }
  }
  return
}

// The rows are the inner loop here, and the columns are vectorized.
func.func private @transposed_f16(%x: memref<?x?xf16, strided<[?, 1], offset: ?>>, %mean: memref<?xf32>, %sum: memref<1xf32>, %max: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf16, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf16, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xf16, strided<[?, 1], offset: ?>>
      %1 = arith.extf %0 : f16 to f32
      %2 = affine.load %sum[0] : memref<1xf32>
      %m = affine.load %mean[%i] : memref<?xf32>
      %d = arith.subf %1, %m : f32
      %3 = arith.mulf %d, %d : f32
      %4 = arith.addf %2, %3 : f32
      affine.store %4, %sum[0] : memref<1xf32>
      %5 = affine.load %max[0] : memref<1xf32>
      %minus = arith.negf %1 : f32
      %6 = arith.maximumf %5, %minus : f32
      affine.store %6, %max[0] : memref<1xf32>
    }
  }
  return
}

func.func private @check_reduce_f16(%f: (memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %three = arith.constant 3 : i64
  %lowest = arith.constant -33 : i64
  %init = arith.constant 5.0 : f32
  %initMax = arith.constant -33.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %sum = memref.alloc() : memref<1xf32>
  %mean = memref.alloc(%c4) : memref<?xf32>
  %threeF = arith.constant 3.0 : f32
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %threeF, %mean[%i] : memref<?xf32>
  }
  %max = memref.alloc() : memref<1xf32>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e = %e0) -> (i64) {
      %xb = func.call @input_f16(%rows, %n) : (index, index) -> memref<?x?xf16>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xf16> to memref<?x?xf16, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xf16, strided<[?, 1], offset: 16>> to memref<?x?xf16, strided<[?, 1], offset: ?>>
      memref.store %init, %sum[%c0] : memref<1xf32>
      memref.store %initMax, %max[%c0] : memref<1xf32>
      func.call_indirect %f(%xc, %mean, %sum, %max) : (memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
      // The same in integers.
      %s:2 = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five, %m0 = %lowest) -> (i64, i64) {
        %r:2 = scf.for %j = %c0 to %n step %c1 iter_args(%a = %a0, %m = %m0) -> (i64, i64) {
          %ij = arith.addi %i, %j : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %int = arith.index_cast %value : index to i64
          %d = arith.subi %int, %three : i64
          %square = arith.muli %d, %d : i64
          %a1 = arith.addi %a, %square : i64
          %minus = arith.subi %zero, %int : i64
          %m1 = arith.maxsi %m, %minus : i64
          scf.yield %a1, %m1 : i64, i64
        }
        scf.yield %r#0, %r#1 : i64, i64
      }
      %expectedSum = arith.sitofp %s#0 : i64 to f32
      %expectedMax = arith.sitofp %s#1 : i64 to f32
      %gotSum = memref.load %sum[%c0] : memref<1xf32>
      %gotMax = memref.load %max[%c0] : memref<1xf32>
      %rightSum = arith.cmpf oeq, %gotSum, %expectedSum : f32
      %rightMax = arith.cmpf oeq, %gotMax, %expectedMax : f32
      %right = arith.andi %rightSum, %rightMax : i1
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      memref.dealloc %xb : memref<?x?xf16>
      scf.yield %next : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func private @test_reduce_f16() -> i64 {
  %f = func.constant @reduce_f16 : (memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
  %errors = func.call @check_reduce_f16(%f) : ((memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @test_transposed_f16() -> i64 {
  %f = func.constant @transposed_f16 : (memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
  %errors = func.call @check_reduce_f16(%f) : ((memref<?x?xf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64
  return %errors : i64
}

// VEC-LABEL: @reduce_bf16(
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

func.func private @reduce_bf16(%x: memref<?x?xbf16, strided<[?, 1], offset: ?>>, %mean: memref<?xf32>, %sum: memref<1xf32>, %max: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xbf16, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xbf16, strided<[?, 1], offset: ?>>
  affine.for %i = 0 to %rows {
    affine.for %j = 0 to %cols {
      %0 = affine.load %x[%i, %j] : memref<?x?xbf16, strided<[?, 1], offset: ?>>
      %1 = arith.extf %0 : bf16 to f32
      %2 = affine.load %sum[0] : memref<1xf32>
      %m = affine.load %mean[%i] : memref<?xf32>
      %d = arith.subf %1, %m : f32
      %3 = arith.mulf %d, %d : f32
      %4 = arith.addf %2, %3 : f32
      affine.store %4, %sum[0] : memref<1xf32>
      %5 = affine.load %max[0] : memref<1xf32>
      %minus = arith.negf %1 : f32
      %6 = arith.maximumf %5, %minus : f32
      affine.store %6, %max[0] : memref<1xf32>
    }
  }
  return
}

// The rows are the inner loop here, and the columns are vectorized.
func.func private @transposed_bf16(%x: memref<?x?xbf16, strided<[?, 1], offset: ?>>, %mean: memref<?xf32>, %sum: memref<1xf32>, %max: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xbf16, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xbf16, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xbf16, strided<[?, 1], offset: ?>>
      %1 = arith.extf %0 : bf16 to f32
      %2 = affine.load %sum[0] : memref<1xf32>
      %m = affine.load %mean[%i] : memref<?xf32>
      %d = arith.subf %1, %m : f32
      %3 = arith.mulf %d, %d : f32
      %4 = arith.addf %2, %3 : f32
      affine.store %4, %sum[0] : memref<1xf32>
      %5 = affine.load %max[0] : memref<1xf32>
      %minus = arith.negf %1 : f32
      %6 = arith.maximumf %5, %minus : f32
      affine.store %6, %max[0] : memref<1xf32>
    }
  }
  return
}

func.func private @check_reduce_bf16(%f: (memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %three = arith.constant 3 : i64
  %lowest = arith.constant -33 : i64
  %init = arith.constant 5.0 : f32
  %initMax = arith.constant -33.0 : f32
  %trips = memref.get_global @trips : memref<9xindex>
  %sum = memref.alloc() : memref<1xf32>
  %mean = memref.alloc(%c4) : memref<?xf32>
  %threeF = arith.constant 3.0 : f32
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %threeF, %mean[%i] : memref<?xf32>
  }
  %max = memref.alloc() : memref<1xf32>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e = %e0) -> (i64) {
      %xb = func.call @input_bf16(%rows, %n) : (index, index) -> memref<?x?xbf16>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xbf16> to memref<?x?xbf16, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xbf16, strided<[?, 1], offset: 16>> to memref<?x?xbf16, strided<[?, 1], offset: ?>>
      memref.store %init, %sum[%c0] : memref<1xf32>
      memref.store %initMax, %max[%c0] : memref<1xf32>
      func.call_indirect %f(%xc, %mean, %sum, %max) : (memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
      // The same in integers.
      %s:2 = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five, %m0 = %lowest) -> (i64, i64) {
        %r:2 = scf.for %j = %c0 to %n step %c1 iter_args(%a = %a0, %m = %m0) -> (i64, i64) {
          %ij = arith.addi %i, %j : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %int = arith.index_cast %value : index to i64
          %d = arith.subi %int, %three : i64
          %square = arith.muli %d, %d : i64
          %a1 = arith.addi %a, %square : i64
          %minus = arith.subi %zero, %int : i64
          %m1 = arith.maxsi %m, %minus : i64
          scf.yield %a1, %m1 : i64, i64
        }
        scf.yield %r#0, %r#1 : i64, i64
      }
      %expectedSum = arith.sitofp %s#0 : i64 to f32
      %expectedMax = arith.sitofp %s#1 : i64 to f32
      %gotSum = memref.load %sum[%c0] : memref<1xf32>
      %gotMax = memref.load %max[%c0] : memref<1xf32>
      %rightSum = arith.cmpf oeq, %gotSum, %expectedSum : f32
      %rightMax = arith.cmpf oeq, %gotMax, %expectedMax : f32
      %right = arith.andi %rightSum, %rightMax : i1
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      memref.dealloc %xb : memref<?x?xbf16>
      scf.yield %next : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func private @test_reduce_bf16() -> i64 {
  %f = func.constant @reduce_bf16 : (memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
  %errors = func.call @check_reduce_bf16(%f) : ((memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @test_transposed_bf16() -> i64 {
  %f = func.constant @transposed_bf16 : (memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()
  %errors = func.call @check_reduce_bf16(%f) : ((memref<?x?xbf16, strided<[?, 1], offset: ?>>, memref<?xf32>, memref<1xf32>, memref<1xf32>) -> ()) -> i64
  return %errors : i64
}

// VEC-LABEL: @reduce_f64(
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

func.func private @reduce_f64(%x: memref<?x?xf64, strided<[?, 1], offset: ?>>, %mean: memref<?xf64>, %sum: memref<1xf64>, %max: memref<1xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %rows = memref.dim %x, %c0 : memref<?x?xf64, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf64, strided<[?, 1], offset: ?>>
  affine.for %i = 0 to %rows {
    affine.for %j = 0 to %cols {
      %0 = affine.load %x[%i, %j] : memref<?x?xf64, strided<[?, 1], offset: ?>>
      %1 = arith.addf %0, %zero : f64
      %2 = affine.load %sum[0] : memref<1xf64>
      %m = affine.load %mean[%i] : memref<?xf64>
      %d = arith.subf %1, %m : f64
      %3 = arith.mulf %d, %d : f64
      %4 = arith.addf %2, %3 : f64
      affine.store %4, %sum[0] : memref<1xf64>
      %5 = affine.load %max[0] : memref<1xf64>
      %minus = arith.negf %1 : f64
      %6 = arith.maximumf %5, %minus : f64
      affine.store %6, %max[0] : memref<1xf64>
    }
  }
  return
}

// The rows are the inner loop here, and the columns are vectorized.
func.func private @transposed_f64(%x: memref<?x?xf64, strided<[?, 1], offset: ?>>, %mean: memref<?xf64>, %sum: memref<1xf64>, %max: memref<1xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %rows = memref.dim %x, %c0 : memref<?x?xf64, strided<[?, 1], offset: ?>>
  %cols = memref.dim %x, %c1 : memref<?x?xf64, strided<[?, 1], offset: ?>>
  affine.for %j = 0 to %cols {
    affine.for %i = 0 to %rows {
      %0 = affine.load %x[%i, %j] : memref<?x?xf64, strided<[?, 1], offset: ?>>
      %1 = arith.addf %0, %zero : f64
      %2 = affine.load %sum[0] : memref<1xf64>
      %m = affine.load %mean[%i] : memref<?xf64>
      %d = arith.subf %1, %m : f64
      %3 = arith.mulf %d, %d : f64
      %4 = arith.addf %2, %3 : f64
      affine.store %4, %sum[0] : memref<1xf64>
      %5 = affine.load %max[0] : memref<1xf64>
      %minus = arith.negf %1 : f64
      %6 = arith.maximumf %5, %minus : f64
      affine.store %6, %max[0] : memref<1xf64>
    }
  }
  return
}

func.func private @check_reduce_f64(%f: (memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<1xf64>, memref<1xf64>) -> ()) -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c9 = arith.constant 9 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %five = arith.constant 5 : i64
  %three = arith.constant 3 : i64
  %lowest = arith.constant -33 : i64
  %init = arith.constant 5.0 : f64
  %initMax = arith.constant -33.0 : f64
  %trips = memref.get_global @trips : memref<9xindex>
  %sum = memref.alloc() : memref<1xf64>
  %mean = memref.alloc(%c4) : memref<?xf64>
  %threeF = arith.constant 3.0 : f64
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %threeF, %mean[%i] : memref<?xf64>
  }
  %max = memref.alloc() : memref<1xf64>
  %errors = scf.for %t = %c0 to %c9 step %c1 iter_args(%e0 = %zero) -> (i64) {
    %n = memref.load %trips[%t] : memref<9xindex>
    %e1 = scf.for %rows = %c0 to %c4 step %c1 iter_args(%e = %e0) -> (i64) {
      %xb = func.call @input_f64(%rows, %n) : (index, index) -> memref<?x?xf64>
      %x = memref.subview %xb[0, 16] [%rows, %n] [1, 1] : memref<?x?xf64> to memref<?x?xf64, strided<[?, 1], offset: 16>>
      %xc = memref.cast %x : memref<?x?xf64, strided<[?, 1], offset: 16>> to memref<?x?xf64, strided<[?, 1], offset: ?>>
      memref.store %init, %sum[%c0] : memref<1xf64>
      memref.store %initMax, %max[%c0] : memref<1xf64>
      func.call_indirect %f(%xc, %mean, %sum, %max) : (memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<1xf64>, memref<1xf64>) -> ()
      // The same in integers.
      %s:2 = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %five, %m0 = %lowest) -> (i64, i64) {
        %r:2 = scf.for %j = %c0 to %n step %c1 iter_args(%a = %a0, %m = %m0) -> (i64, i64) {
          %ij = arith.addi %i, %j : index
          %rest = arith.remui %ij, %c32 : index
          %value = arith.addi %rest, %c1 : index
          %int = arith.index_cast %value : index to i64
          %d = arith.subi %int, %three : i64
          %square = arith.muli %d, %d : i64
          %a1 = arith.addi %a, %square : i64
          %minus = arith.subi %zero, %int : i64
          %m1 = arith.maxsi %m, %minus : i64
          scf.yield %a1, %m1 : i64, i64
        }
        scf.yield %r#0, %r#1 : i64, i64
      }
      %expectedSum = arith.sitofp %s#0 : i64 to f64
      %expectedMax = arith.sitofp %s#1 : i64 to f64
      %gotSum = memref.load %sum[%c0] : memref<1xf64>
      %gotMax = memref.load %max[%c0] : memref<1xf64>
      %rightSum = arith.cmpf oeq, %gotSum, %expectedSum : f64
      %rightMax = arith.cmpf oeq, %gotMax, %expectedMax : f64
      %right = arith.andi %rightSum, %rightMax : i1
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      memref.dealloc %xb : memref<?x?xf64>
      scf.yield %next : i64
    }
    scf.yield %e1 : i64
  }
  return %errors : i64
}

func.func private @test_reduce_f64() -> i64 {
  %f = func.constant @reduce_f64 : (memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<1xf64>, memref<1xf64>) -> ()
  %errors = func.call @check_reduce_f64(%f) : ((memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<1xf64>, memref<1xf64>) -> ()) -> i64
  return %errors : i64
}

func.func private @test_transposed_f64() -> i64 {
  %f = func.constant @transposed_f64 : (memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<1xf64>, memref<1xf64>) -> ()
  %errors = func.call @check_reduce_f64(%f) : ((memref<?x?xf64, strided<[?, 1], offset: ?>>, memref<?xf64>, memref<1xf64>, memref<1xf64>) -> ()) -> i64
  return %errors : i64
}

func.func @main() {
  // CHECK: {{^0$}}
  %0 = call @test_reduce_f32() : () -> i64
  vector.print %0 : i64
  // CHECK-NEXT: {{^0$}}
  %1 = call @test_transposed_f32() : () -> i64
  vector.print %1 : i64
  // CHECK-NEXT: {{^0$}}
  %2 = call @test_reduce_f16() : () -> i64
  vector.print %2 : i64
  // CHECK-NEXT: {{^0$}}
  %3 = call @test_transposed_f16() : () -> i64
  vector.print %3 : i64
  // CHECK-NEXT: {{^0$}}
  %4 = call @test_reduce_bf16() : () -> i64
  vector.print %4 : i64
  // CHECK-NEXT: {{^0$}}
  %5 = call @test_transposed_bf16() : () -> i64
  vector.print %5 : i64
  // CHECK-NEXT: {{^0$}}
  %6 = call @test_reduce_f64() : () -> i64
  vector.print %6 : i64
  // CHECK-NEXT: {{^0$}}
  %7 = call @test_transposed_f64() : () -> i64
  vector.print %7 : i64
  return
}
