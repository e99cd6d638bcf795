// What shuffles give in each mode, also where a lane has nobody to read from: it
// keeps its own value.

// RUN: norm-run %s --target=gpu-emulator --input=zeros:4x32 --output=%t.npy
// RUN: env NORM_EMULATOR_ORDER=backward norm-run %s --target=gpu-emulator --input=zeros:4x32 --output=%t.backward.npy
// RUN: cmp %t.npy %t.backward.npy
// RUN: %python -c "import sys, numpy as np; x = np.load(sys.argv[1]); i = np.arange(32); e = np.array([i ^ 5, np.where(i >= 3, i - 3, i), np.where(i < 30, i + 2, i), np.full(32, 7)]); assert (x == e).all(), x" %t.npy

func.func @shuffles(%x: memref<4x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c32 = arith.constant 32 : index
  %w32 = arith.constant 32 : i32
  %i2 = arith.constant 2 : i32
  %i3 = arith.constant 3 : i32
  %i5 = arith.constant 5 : i32
  %i7 = arith.constant 7 : i32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c32, %sy = %c1, %sz = %c1) {
    %i = arith.index_cast %t : index to i32
    %v = arith.sitofp %i : i32 to f32
    %a, %va = gpu.shuffle xor %v, %i5, %w32 : f32
    %b, %vb = gpu.shuffle up %v, %i3, %w32 : f32
    %c, %vc = gpu.shuffle down %v, %i2, %w32 : f32
    %d, %vd = gpu.shuffle idx %v, %i7, %w32 : f32
    memref.store %a, %x[%c0, %t] : memref<4x32xf32>
    memref.store %b, %x[%c1, %t] : memref<4x32xf32>
    memref.store %c, %x[%c2, %t] : memref<4x32xf32>
    memref.store %d, %x[%c3, %t] : memref<4x32xf32>
    gpu.terminator
  }
  return
}
