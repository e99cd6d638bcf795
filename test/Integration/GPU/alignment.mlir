// Kernels take vectors where arrays are aligned, and elements in the same order
// where they are not: the bits of results do not depend on addresses.

// RUN: %python -c "import sys, numpy; numpy.save(sys.argv[1], numpy.random.default_rng(0).normal(1, 1, (99, 1000)).astype('f4'))" %t.x.npy
// RUN: norm-run %s --target=gpu-emulator --input=%t.x.npy --input=zeros:99004 --input=zeros:99004 --input=zeros --output=%t.copy.npy --output=%t.shifted.npy --output=%t.y.npy
// RUN: %python -c "import sys, numpy; y, s = (numpy.load(f).ravel() for f in sys.argv[1:]); assert 0.99 < y.std() < 1.01, y.std(); assert not s[0] and not s[99001:].any(); assert (y.view('u4') == s[1:99001].view('u4')).all()" %t.y.npy %t.shifted.npy

func.func @main(%x: memref<99x1000xf32>, %z: memref<99004xf32>,
                %shifted: memref<99004xf32>, %y: memref<99x1000xf32>) {
  norm.layer_norm ins(%x : memref<99x1000xf32>) outs(%y : memref<99x1000xf32>) axes = [1]
  %0 = memref.subview %z[1] [99000] [1] : memref<99004xf32> to memref<99000xf32, strided<[1], offset: 1>>
  %1 = memref.expand_shape %0 [[0, 1]] output_shape [99, 1000] : memref<99000xf32, strided<[1], offset: 1>> into memref<99x1000xf32, strided<[1000, 1], offset: 1>>
  memref.copy %x, %1 : memref<99x1000xf32> to memref<99x1000xf32, strided<[1000, 1], offset: 1>>
  %2 = memref.subview %shifted[1] [99000] [1] : memref<99004xf32> to memref<99000xf32, strided<[1], offset: 1>>
  %3 = memref.expand_shape %2 [[0, 1]] output_shape [99, 1000] : memref<99000xf32, strided<[1], offset: 1>> into memref<99x1000xf32, strided<[1000, 1], offset: 1>>
  norm.layer_norm ins(%1 : memref<99x1000xf32, strided<[1000, 1], offset: 1>>)
      outs(%3 : memref<99x1000xf32, strided<[1000, 1], offset: 1>>) axes = [1]
  return
}
