// Parts of rows of unknown length, beside an axis of one element.
// RUN: rm -rf %t && mkdir %t
// RUN: %python -c "import numpy; numpy.save('%t/x.npy', numpy.random.default_rng(1).standard_normal((64, 11, 5, 1)).astype('f4'))"
// RUN: norm-run %s --target=reference --input=%t/x.npy --input=zeros:64x11x5x1 --output=%t/y.npy
// RUN: norm-run %s --pipeline-options="part-size=1000 min-slabs=1000" --input=%t/x.npy --input=zeros:64x11x5x1 --compare=%t/y.npy --atol=1e-5
// RUN: norm-run %s --target=gpu-emulator --input=%t/x.npy --input=zeros:64x11x5x1 --compare=%t/y.npy --atol=1e-5

func.func @f(%x: memref<64x?x?x1xf32>, %y: memref<64x?x?x1xf32>) {
  norm.instance_norm ins(%x : memref<64x?x?x1xf32>) outs(%y : memref<64x?x?x1xf32>) batch = [0, 2] channel = 3
  return
}
