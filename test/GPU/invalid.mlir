// RUN: norm-opt %s --norm-gpu-launch --norm-gpu-distribute --split-input-file --verify-diagnostics

func.func @host_needs(%x: memref<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  // expected-error @below {{expected a value that the host does not need, but got one that it uses}}
  %v = memref.load %x[%c0] : memref<4xf32>
  return %v : f32
}

// -----

func.func @tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected memrefs, but got tensors}}
  %y = scf.forall (%i) in (4) shared_outs(%o = %x) -> tensor<4xf32> {
    scf.forall.in_parallel {
    }
  }
  return %y : tensor<4xf32>
}

// -----

func.func @threads(%x: memref<64xf32>, %v: f32, %n: index) {
  %c1 = arith.constant 1 : index
  // expected-error @below {{expected the number of threads of a block to be a constant power of two}}
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %n, %sy = %c1, %sz = %c1) {
    linalg.fill ins(%v : f32) outs(%x : memref<64xf32>)
    gpu.terminator
  } {norm.block}
  return
}

// -----

func.func @tiles(%v: f32) {
  // expected-error @below {{expected tiles of at most 2147483647 bytes, but got 2147483648}}
  scf.forall (%i) in (4) {
    %0 = memref.alloc() : memref<536870912xf32, #gpu.address_space<workgroup>>
    linalg.fill ins(%v : f32) outs(%0 : memref<536870912xf32, #gpu.address_space<workgroup>>)
  }
  return
}
