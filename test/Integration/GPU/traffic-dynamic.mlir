// What kernels move where no size is known: whether a slab fits into workgroup
// memory is decided at run time, and changes no bit of what is computed.

// DEFINE: %{entry} =
// DEFINE: %{options} =
// DEFINE: %{inputs} =
// DEFINE: %{outputs} =
// DEFINE: %{count} = norm-run %s --target=gpu-emulator --count-bytes --entry=%{entry} --pipeline-options="%{options}" %{inputs} %{outputs}

// RUN: %python -c "import sys, numpy; r = numpy.random.default_rng(0); [numpy.save(sys.argv[1] + n + '.npy', r.uniform(1, 2, s).astype('f4')) for n, s in dict(x=(8, 16, 100), dy=(8, 16, 100), p=16, q=100, s=(8, 4)).items()]" %t.

// Of x and y, 8 * 16 * 100 values of 4 bytes, 16 bytes at a time.
// REDEFINE: %{inputs} = --input=%t.x.npy --input=zeros:8x16x100 --input=%t.p.npy --input=%t.p.npy
// REDEFINE: %{entry} = training
// REDEFINE: %{outputs} = --output=%t.training.npy
// RUN: %{count} | FileCheck %s --check-prefix=ONCE
// REDEFINE: %{entry} = groups
// REDEFINE: %{outputs} = --output=%t.groups.npy
// RUN: %{count} | FileCheck %s --check-prefix=ONCE
// REDEFINE: %{inputs} = --input=%t.x.npy --input=zeros:8x16x100 --input=%t.q.npy --input=%t.q.npy
// REDEFINE: %{entry} = last
// REDEFINE: %{outputs} = --output=%t.last.npy
// RUN: %{count} | FileCheck %s --check-prefix=ONCE
// ONCE:      argument 0: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// ONCE-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// Gradients read two arrays.
// REDEFINE: %{inputs} = --input=%t.dy.npy --input=%t.x.npy --input=zeros:8x16x100 --input=%t.p.npy --input=%t.p.npy
// REDEFINE: %{entry} = gradient
// REDEFINE: %{outputs} = --output=%t.gradient.npy
// RUN: %{count} | FileCheck %s --check-prefix=GRADIENT
// REDEFINE: %{inputs} = --input=%t.dy.npy --input=%t.x.npy --input=zeros:8x16x100 --input=%t.s.npy --input=%t.s.npy
// REDEFINE: %{entry} = group_gradient
// REDEFINE: %{outputs} = --output=%t.group_gradient.npy
// RUN: %{count} | FileCheck %s --check-prefix=GRADIENT
// GRADIENT:      argument 0: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// GRADIENT-NEXT: argument 1: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// GRADIENT-NEXT: argument 2: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// A slab of the group norm has 1600 bytes: dy fits, and x is read again.
// REDEFINE: %{options} = tile-bytes=3300
// REDEFINE: %{outputs} = --compare=%t.group_gradient.npy
// RUN: %{count} | FileCheck %s --check-prefix=FIRST
// FIRST:      argument 0: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// FIRST-NEXT: argument 1: 102400 bytes in 6400 reads, 0 bytes in 0 writes
// FIRST-NEXT: argument 2: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// Nothing fits.
// REDEFINE: %{options} = tile-bytes=100
// RUN: %{count} | FileCheck %s --check-prefix=AGAIN
// REDEFINE: %{inputs} = --input=%t.dy.npy --input=%t.x.npy --input=zeros:8x16x100 --input=%t.p.npy --input=%t.p.npy
// REDEFINE: %{entry} = gradient
// REDEFINE: %{outputs} = --compare=%t.gradient.npy
// RUN: %{count} | FileCheck %s --check-prefix=AGAIN
// REDEFINE: %{inputs} = --input=%t.x.npy --input=zeros:8x16x100 --input=%t.p.npy --input=%t.p.npy
// REDEFINE: %{entry} = training
// REDEFINE: %{outputs} = --compare=%t.training.npy
// RUN: %{count} | FileCheck %s --check-prefix=AGAIN
// REDEFINE: %{entry} = groups
// REDEFINE: %{outputs} = --compare=%t.groups.npy
// RUN: %{count} | FileCheck %s --check-prefix=AGAIN
// REDEFINE: %{inputs} = --input=%t.x.npy --input=zeros:8x16x100 --input=%t.q.npy --input=%t.q.npy
// REDEFINE: %{entry} = last
// REDEFINE: %{outputs} = --compare=%t.last.npy
// RUN: %{count} | FileCheck %s --check-prefix=AGAIN
// AGAIN: argument 0: {{1[0-9][0-9][0-9][0-9][0-9]}} bytes

func.func @training(%x: memref<?x?x?xf32>, %y: memref<?x?x?xf32>,
                    %mean: memref<?xf32>, %variance: memref<?xf32>) {
  norm.batch_norm_training ins(%x : memref<?x?x?xf32>) outs(%y : memref<?x?x?xf32>)
      running(%mean, %variance : memref<?xf32>, memref<?xf32>) features = [1]
  return
}
func.func @groups(%x: memref<?x?x?xf32>, %y: memref<?x?x?xf32>,
                  %scale: memref<?xf32>, %bias: memref<?xf32>) {
  norm.group_norm ins(%x : memref<?x?x?xf32>) scale(%scale : memref<?xf32>) bias(%bias : memref<?xf32>)
      outs(%y : memref<?x?x?xf32>) channel = 1 num_groups = 4
  return
}
func.func @last(%x: memref<?x?x?xf32>, %y: memref<?x?x?xf32>,
                %scale: memref<?xf32>, %bias: memref<?xf32>) {
  norm.layer_norm ins(%x : memref<?x?x?xf32>) scale(%scale : memref<?xf32>) bias(%bias : memref<?xf32>)
      outs(%y : memref<?x?x?xf32>) axes = [2]
  return
}
func.func @gradient(%dy: memref<?x?x?xf32>, %x: memref<?x?x?xf32>, %dx: memref<?x?x?xf32>,
                    %mean: memref<?xf32>, %variance: memref<?xf32>) {
  norm.batch_norm_grad ins(%dy, %x : memref<?x?x?xf32>, memref<?x?x?xf32>)
      mean(%mean : memref<?xf32>) variance(%variance : memref<?xf32>)
      outs(%dx : memref<?x?x?xf32>) features = [1]
  return
}
func.func @group_gradient(%dy: memref<?x?x?xf32>, %x: memref<?x?x?xf32>, %dx: memref<?x?x?xf32>,
                          %mean: memref<?x?xf32>, %variance: memref<?x?xf32>) {
  norm.group_norm_grad ins(%dy, %x : memref<?x?x?xf32>, memref<?x?x?xf32>)
      mean(%mean : memref<?x?xf32>) variance(%variance : memref<?x?xf32>)
      outs(%dx : memref<?x?x?xf32>) channel = 1 num_groups = 4
  return
}
