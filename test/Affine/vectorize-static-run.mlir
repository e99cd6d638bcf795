// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s
// RUN: norm-opt %s --pass-pipeline="builtin.module(func.func(norm-affine-promote-accumulators,norm-affine-vectorize{vector-bits=256 unroll=2}),lower-affine,canonicalize,cse,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,arith-expand{include-bf16=true},convert-to-llvm,reconcile-unrealized-casts)" \
// RUN:   | mlir-runner -e main --entry-point-result=void --shared-libs=%mlir_lib_dir/libmlir_c_runner_utils.so | FileCheck %s

// Static trip counts below the extent of the buffers: a copy, a sum and sums of
// columns. Upstream's affine-super-vectorize writes past the bound here. Prints
// the number of wrong cells for each trip count; a NaN is wrong.

func.func private @static_0(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 0 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 0 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 0 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_0() -> i64 {
  %n = arith.constant 0 : index
  %f = func.constant @static_0 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_1(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 1 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 1 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 1 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_1() -> i64 {
  %n = arith.constant 1 : index
  %f = func.constant @static_1 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_15(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 15 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 15 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 15 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_15() -> i64 {
  %n = arith.constant 15 : index
  %f = func.constant @static_15 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_16(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 16 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 16 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 16 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_16() -> i64 {
  %n = arith.constant 16 : index
  %f = func.constant @static_16 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_17(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 17 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 17 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 17 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_17() -> i64 {
  %n = arith.constant 17 : index
  %f = func.constant @static_17 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_21(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 21 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 21 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 21 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_21() -> i64 {
  %n = arith.constant 21 : index
  %f = func.constant @static_21 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_49(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 49 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 49 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 49 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_49() -> i64 {
  %n = arith.constant 49 : index
  %f = func.constant @static_49 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_63(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 63 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 63 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 63 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_63() -> i64 {
  %n = arith.constant 63 : index
  %f = func.constant @static_63 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_64(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 64 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 64 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 64 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_64() -> i64 {
  %n = arith.constant 64 : index
  %f = func.constant @static_64 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_65(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 65 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 65 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 65 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_65() -> i64 {
  %n = arith.constant 65 : index
  %f = func.constant @static_65 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @static_130(%x: memref<3x192xf32>, %y: memref<3x192xf32>, %sum: memref<f32>, %columns: memref<192xf32>) {
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 130 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      affine.store %0, %y[%i, %j] : memref<3x192xf32>
    }
  }
  affine.for %i = 0 to 3 {
    affine.for %j = 0 to 130 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %sum[] : memref<f32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %sum[] : memref<f32>
    }
  }
  affine.for %j = 0 to 130 {
    affine.for %i = 0 to 3 {
      %0 = affine.load %x[%i, %j] : memref<3x192xf32>
      %1 = affine.load %columns[%j] : memref<192xf32>
      %2 = arith.addf %0, %1 : f32
      affine.store %2, %columns[%j] : memref<192xf32>
    }
  }
  return
}

func.func private @test_static_130() -> i64 {
  %n = arith.constant 130 : index
  %f = func.constant @static_130 : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %errors = func.call @test_static(%n, %f) : (index, (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64
  return %errors : i64
}

func.func private @test_static(%n: index, %f: (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()) -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c32 = arith.constant 32 : index
  %c192 = arith.constant 192 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %guard = arith.constant -7.0 : f32
  %init = arith.constant 5.0 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %x = memref.alloc() : memref<3x192xf32>
  %y = memref.alloc() : memref<3x192xf32>
  %sum = memref.alloc() : memref<f32>
  %columns = memref.alloc() : memref<192xf32>
  memref.store %init, %sum[] : memref<f32>
  scf.for %j = %c0 to %c192 step %c1 {
    memref.store %init, %columns[%j] : memref<192xf32>
    scf.for %i = %c0 to %c3 step %c1 {
      %inside = arith.cmpi ult, %j, %n : index
      %ij = arith.addi %i, %j : index
      %value = arith.remui %ij, %c32 : index
      %int = arith.index_cast %value : index to i64
      %float = arith.sitofp %int : i64 to f32
      %cell = arith.select %inside, %float, %nan : f32
      memref.store %cell, %x[%i, %j] : memref<3x192xf32>
      memref.store %guard, %y[%i, %j] : memref<3x192xf32>
    }
  }
  func.call_indirect %f(%x, %y, %sum, %columns) : (memref<3x192xf32>, memref<3x192xf32>, memref<f32>, memref<192xf32>) -> ()
  %r:2 = scf.for %j = %c0 to %c192 step %c1 iter_args(%e0 = %zero, %s0 = %init) -> (i64, f32) {
    %inside = arith.cmpi ult, %j, %n : index
    %q:3 = scf.for %i = %c0 to %c3 step %c1 iter_args(%e = %e0, %s = %s0, %c = %init) -> (i64, f32, f32) {
      %ij = arith.addi %i, %j : index
      %value = arith.remui %ij, %c32 : index
      %int = arith.index_cast %value : index to i64
      %float = arith.sitofp %int : i64 to f32
      %expected = arith.select %inside, %float, %guard : f32
      %got = memref.load %y[%i, %j] : memref<3x192xf32>
      %right = arith.cmpf oeq, %got, %expected : f32
      %count = arith.select %right, %zero, %one : i64
      %next = arith.addi %e, %count : i64
      %zf = arith.constant 0.0 : f32
      %term = arith.select %inside, %float, %zf : f32
      %s1 = arith.addf %s, %term : f32
      %c_1 = arith.addf %c, %term : f32
      scf.yield %next, %s1, %c_1 : i64, f32, f32
    }
    %got = memref.load %columns[%j] : memref<192xf32>
    %right = arith.cmpf oeq, %got, %q#2 : f32
    %count = arith.select %right, %zero, %one : i64
    %next = arith.addi %q#0, %count : i64
    scf.yield %next, %q#1 : i64, f32
  }
  %got = memref.load %sum[] : memref<f32>
  %right = arith.cmpf oeq, %got, %r#1 : f32
  %count = arith.select %right, %zero, %one : i64
  %errors = arith.addi %r#0, %count : i64
  return %errors : i64
}

func.func @main() {
  // CHECK: {{^0$}}
  %0 = call @test_static_0() : () -> i64
  vector.print %0 : i64
  // CHECK-NEXT: {{^0$}}
  %1 = call @test_static_1() : () -> i64
  vector.print %1 : i64
  // CHECK-NEXT: {{^0$}}
  %2 = call @test_static_15() : () -> i64
  vector.print %2 : i64
  // CHECK-NEXT: {{^0$}}
  %3 = call @test_static_16() : () -> i64
  vector.print %3 : i64
  // CHECK-NEXT: {{^0$}}
  %4 = call @test_static_17() : () -> i64
  vector.print %4 : i64
  // CHECK-NEXT: {{^0$}}
  %5 = call @test_static_21() : () -> i64
  vector.print %5 : i64
  // CHECK-NEXT: {{^0$}}
  %6 = call @test_static_49() : () -> i64
  vector.print %6 : i64
  // CHECK-NEXT: {{^0$}}
  %7 = call @test_static_63() : () -> i64
  vector.print %7 : i64
  // CHECK-NEXT: {{^0$}}
  %8 = call @test_static_64() : () -> i64
  vector.print %8 : i64
  // CHECK-NEXT: {{^0$}}
  %9 = call @test_static_65() : () -> i64
  vector.print %9 : i64
  // CHECK-NEXT: {{^0$}}
  %10 = call @test_static_130() : () -> i64
  vector.print %10 : i64
  return
}
