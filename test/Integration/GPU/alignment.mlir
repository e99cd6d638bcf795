// Kernels take vectors where arrays are aligned, and elements in the same order
// where they are not: the bits of results do not depend on addresses.

// RUN: %python -c "import sys, numpy; numpy.save(sys.argv[1], numpy.random.default_rng(0).normal(1e3, 0.1, (4, 256)).astype('f4'))" %t.x.npy
// RUN: norm-run %s --target=gpu-emulator --input=%t.x.npy --input=zeros:1028 --input=zeros:1028 --input=zeros --output=%t.copy.npy --output=%t.shifted.npy --output=%t.y.npy
// RUN: %python -c "import sys, numpy; y, s = (numpy.load(f).ravel() for f in sys.argv[1:]); assert 0.99 < y.std() < 1.01, y.std(); assert not s[0] and not s[1025:].any(); assert (y.view('u4') == s[1:1025].view('u4')).all()" %t.y.npy %t.shifted.npy

func.func @main(%x: memref<4x256xf32>, %z: memref<1028xf32>,
                %shifted: memref<1028xf32>, %y: memref<4x256xf32>) {
  norm.layer_norm ins(%x : memref<4x256xf32>) outs(%y : memref<4x256xf32>) axes = [1]
  %0 = memref.subview %z[1] [1024] [1] : memref<1028xf32> to memref<1024xf32, strided<[1], offset: 1>>
  %1 = memref.expand_shape %0 [[0, 1]] output_shape [4, 256] : memref<1024xf32, strided<[1], offset: 1>> into memref<4x256xf32, strided<[256, 1], offset: 1>>
  memref.copy %x, %1 : memref<4x256xf32> to memref<4x256xf32, strided<[256, 1], offset: 1>>
  %2 = memref.subview %shifted[1] [1024] [1] : memref<1028xf32> to memref<1024xf32, strided<[1], offset: 1>>
  %3 = memref.expand_shape %2 [[0, 1]] output_shape [4, 256] : memref<1024xf32, strided<[1], offset: 1>> into memref<4x256xf32, strided<[256, 1], offset: 1>>
  norm.layer_norm ins(%1 : memref<4x256xf32, strided<[256, 1], offset: 1>>)
      outs(%3 : memref<4x256xf32, strided<[256, 1], offset: 1>>) axes = [1]
  return
}
