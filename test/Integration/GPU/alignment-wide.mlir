// Accesses of 32 bytes where arrays are aligned to them, of 16 bytes where they are
// aligned to those alone, else of elements: the bits of results do not depend on it.

// RUN: %python -c "import sys, numpy; numpy.save(sys.argv[1], numpy.random.default_rng(0).normal(1, 1, (99, 1000)).astype('f4'))" %t.x.npy
// RUN: norm-run %s --target=gpu-emulator --pipeline-options=chip=sm_100 --count-bytes --input=%t.x.npy --input=zeros --input=zeros --input=zeros --output=%t.y.npy --output=%t.4.npy --output=%t.1.npy | FileCheck %s
// RUN: %python -c "import sys, numpy; y, a, b = (numpy.load(f).ravel() for f in sys.argv[1:]); assert 0.99 < y.std() < 1.01, y.std(); assert not a[:4].any() and not b[:1].any() and not b[99001:].any(); assert (y.view('u4') == a[4:].view('u4')).all() and (y.view('u4') == b[1:99001].view('u4')).all()" %t.y.npy %t.4.npy %t.1.npy

// CHECK: argument 1: 0 bytes in 0 reads, 396000 bytes in 12375 writes
// CHECK: argument 2: 0 bytes in 0 reads, 396000 bytes in 24750 writes
// CHECK: argument 3: 0 bytes in 0 reads, 396000 bytes in 99000 writes

func.func @main(%x: memref<99x1000xf32>, %y: memref<99x1000xf32>,
                %by_4: memref<99004xf32>, %by_1: memref<99004xf32>) {
  norm.layer_norm ins(%x : memref<99x1000xf32>) outs(%y : memref<99x1000xf32>) axes = [1]
  %a0 = memref.subview %by_4[4] [99000] [1] : memref<99004xf32> to memref<99000xf32, strided<[1], offset: 4>>
  %a = memref.expand_shape %a0 [[0, 1]] output_shape [99, 1000] : memref<99000xf32, strided<[1], offset: 4>> into memref<99x1000xf32, strided<[1000, 1], offset: 4>>
  norm.layer_norm ins(%x : memref<99x1000xf32>)
      outs(%a : memref<99x1000xf32, strided<[1000, 1], offset: 4>>) axes = [1]
  %b0 = memref.subview %by_1[1] [99000] [1] : memref<99004xf32> to memref<99000xf32, strided<[1], offset: 1>>
  %b = memref.expand_shape %b0 [[0, 1]] output_shape [99, 1000] : memref<99000xf32, strided<[1], offset: 1>> into memref<99x1000xf32, strided<[1000, 1], offset: 1>>
  norm.layer_norm ins(%x : memref<99x1000xf32>)
      outs(%b : memref<99x1000xf32, strided<[1000, 1], offset: 1>>) axes = [1]
  return
}
