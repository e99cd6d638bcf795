// What kernels move, counted access by access: inputs once, where a slab fits into
// workgroup memory, and outputs once, 16 bytes at a time.

// DEFINE: %{entry} =
// DEFINE: %{options} =
// DEFINE: %{inputs} =
// DEFINE: %{count} = norm-run %s --target=gpu-emulator --count-bytes --entry=%{entry} --pipeline-options="%{options}" %{inputs}

// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros --input=zeros

// Of x and y, 8 * 16 * 100 values of 4 bytes.
// REDEFINE: %{entry} = training
// RUN: %{count} | FileCheck %s --check-prefix=ONCE
// ONCE:      argument 0: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// ONCE-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// The same through parts of slabs, which are read a second time when the moments
// are applied; and 17 values of each slab for what moments are relative to.
// REDEFINE: %{options} = tile-bytes=2048 part-size=512
// RUN: %{count} | FileCheck %s --check-prefix=PARTS
// PARTS:      argument 0: 103488 bytes in 6480 reads, 0 bytes in 0 writes
// PARTS-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// The same slabs in clusters of blocks, each of which has a part of them in its
// workgroup memory: once, and 17 values of each slab in each of its two blocks for
// what moments are relative to.
// REDEFINE: %{options} = chip=sm_90 tile-bytes=2816
// RUN: %{count} | FileCheck %s --check-prefix=CLUSTERS
// REDEFINE: %{options} = chip=sm_90 tile-bytes=2816 cluster-size=2
// RUN: %{count} | FileCheck %s --check-prefix=CLUSTERS
// CLUSTERS:      argument 0: 53376 bytes in 3744 reads, 0 bytes in 0 writes
// CLUSTERS-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// Not if that is not wanted, or if a chip has no clusters.
// REDEFINE: %{options} = chip=sm_90 tile-bytes=2816 cluster-size=1
// RUN: %{count} | FileCheck %s --check-prefix=TWICE
// REDEFINE: %{options} = chip=sm_90,sm_80 tile-bytes=2816
// RUN: %{count} | FileCheck %s --check-prefix=TWICE
// TWICE:      argument 0: {{10[0-9][0-9][0-9][0-9]|15[0-9][0-9][0-9][0-9]}} bytes in {{.*}} reads, 0 bytes in 0 writes
// TWICE-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// What follows a layer is fused into the loops over parts: the residual is read
// once, and the sum is all that is written.
// REDEFINE: %{options} = chip=sm_90 min-slabs=1 tile-bytes=1590
// REDEFINE: %{entry} = residual
// RUN: %{count} | FileCheck %s --check-prefix=RESIDUAL
// RESIDUAL:      argument 0: 55552 bytes in 4288 reads, 0 bytes in 0 writes
// RESIDUAL-NEXT: argument 1: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// RESIDUAL-NEXT: argument 2: 0 bytes in 0 reads, 51200 bytes in 3200 writes
// REDEFINE: %{entry} = training

// Without workgroup memory, three times, and 16 values of each slab, which moments
// are relative to, by each of 256 threads.
// REDEFINE: %{options} = tile-bytes=0 min-slabs=1
// RUN: %{count} | FileCheck %s --check-prefix=SLABS
// SLABS:      argument 0: 415808 bytes in {{.*}} reads, 0 bytes in 0 writes
// SLABS-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// REDEFINE: %{options} =
// REDEFINE: %{entry} = groups
// RUN: %{count} | FileCheck %s --check-prefix=ONCE
// REDEFINE: %{entry} = last
// RUN: %{count} | FileCheck %s --check-prefix=ONCE

// REDEFINE: %{entry} = half
// RUN: %{count} | FileCheck %s --check-prefix=HALF
// HALF:      argument 0: 26624 bytes in 1664 reads, 0 bytes in 0 writes
// HALF-NEXT: argument 1: 0 bytes in 0 reads, 26624 bytes in 1664 writes

// REDEFINE: %{entry} = inference
// RUN: %{count} | FileCheck %s --check-prefix=ONCE

// Gradients read two arrays.
// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros --input=zeros --input=zeros
// REDEFINE: %{entry} = gradient
// RUN: %{count} | FileCheck %s --check-prefix=GRADIENT
// REDEFINE: %{entry} = group_gradient
// RUN: %{count} | FileCheck %s --check-prefix=GRADIENT
// GRADIENT:      argument 0: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// GRADIENT-NEXT: argument 1: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// GRADIENT-NEXT: argument 2: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// In clusters, too, of two tiles each.
// REDEFINE: %{options} = chip=sm_90 tile-bytes=3000
// RUN: %{count} | FileCheck %s --check-prefix=GRADIENT
// REDEFINE: %{options} =

// A mask of all values, of a byte each, is read once, too, also in clusters.
// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros
// REDEFINE: %{entry} = masked
// RUN: %{count} | FileCheck %s --check-prefix=MASK
// REDEFINE: %{options} = chip=sm_90 tile-bytes=3000
// RUN: %{count} | FileCheck %s --check-prefix=MASK
// REDEFINE: %{options} =
// REDEFINE: %{entry} = masked_groups
// RUN: %{count} | FileCheck %s --check-prefix=MASK
// REDEFINE: %{inputs} = --input=zeros:8x16x112 --input=zeros:8x16x112 --input=zeros:8x16x112
// REDEFINE: %{entry} = masked_dynamic
// RUN: %{count} | FileCheck %s --check-prefix=MASK
// MASK:      argument 0: 57344 bytes in 3584 reads, 0 bytes in 0 writes
// MASK-NEXT: argument 1: 14336 bytes in 896 reads, 0 bytes in 0 writes
// MASK-NEXT: argument 2: 0 bytes in 0 reads, 57344 bytes in 3584 writes

// One without channels, once for each of 16.
// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros
// REDEFINE: %{entry} = masked_samples
// RUN: %{count} | FileCheck %s --check-prefix=MASK

// Rows of 49 values, which are no multiples of 16 bytes, but are together.
// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros --input=zeros
// REDEFINE: %{entry} = short_groups
// RUN: %{count} | FileCheck %s --check-prefix=SHORT
// REDEFINE: %{entry} = short_inference
// RUN: %{count} | FileCheck %s --check-prefix=SHORT
// SHORT:      argument 0: 25088 bytes in 1568 reads, 0 bytes in 0 writes
// SHORT-NEXT: argument 1: 0 bytes in 0 reads, 25088 bytes in 1568 writes
// REDEFINE: %{entry} = short_training
// RUN: %{count} | FileCheck %s --check-prefix=SHORT
// REDEFINE: %{entry} = short_half
// RUN: %{count} | FileCheck %s --check-prefix=SHORT-HALF
// SHORT-HALF:      argument 0: 12544 bytes in 784 reads, 0 bytes in 0 writes
// SHORT-HALF-NEXT: argument 1: 0 bytes in 0 reads, 12544 bytes in 784 writes

// Channels last, 10 in a group: a block has two groups of a sample, whose rows are
// 80 bytes. A dynamic number of samples does not matter.
// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros --input=zeros
// REDEFINE: %{entry} = channels_last
// RUN: %{count} | FileCheck %s --check-prefix=ROWS
// REDEFINE: %{inputs} = --input=zeros:2x24x320 --input=zeros:2x24x320
// REDEFINE: %{entry} = channels_last_dynamic
// RUN: %{count} | FileCheck %s --check-prefix=ROWS
// ROWS:      argument 0: 61440 bytes in 3840 reads, 0 bytes in 0 writes
// ROWS-NEXT: argument 1: 0 bytes in 0 reads, 61440 bytes in 3840 writes
// REDEFINE: %{inputs} = --input=zeros --input=zeros --input=zeros --input=zeros --input=zeros
// REDEFINE: %{entry} = channels_last_gradient
// RUN: %{count} | FileCheck %s --check-prefix=ROWS-GRADIENT
// ROWS-GRADIENT:      argument 0: 61440 bytes in 3840 reads, 0 bytes in 0 writes
// ROWS-GRADIENT-NEXT: argument 1: 61440 bytes in 3840 reads, 0 bytes in 0 writes
// ROWS-GRADIENT-NEXT: argument 2: 0 bytes in 0 reads, 61440 bytes in 3840 writes

func.func @training(%x: memref<8x16x100xf32>, %y: memref<8x16x100xf32>,
                    %mean: memref<16xf32>, %variance: memref<16xf32>) {
  norm.batch_norm_training ins(%x : memref<8x16x100xf32>) outs(%y : memref<8x16x100xf32>)
      running(%mean, %variance : memref<16xf32>, memref<16xf32>) features = [1]
  return
}
func.func @groups(%x: memref<8x16x100xf32>, %y: memref<8x16x100xf32>,
                  %scale: memref<16xf32>, %bias: memref<16xf32>) {
  norm.group_norm ins(%x : memref<8x16x100xf32>) scale(%scale : memref<16xf32>) bias(%bias : memref<16xf32>)
      outs(%y : memref<8x16x100xf32>) channel = 1 num_groups = 4
  return
}
func.func @last(%x: memref<8x16x100xf32>, %y: memref<8x16x100xf32>,
                %scale: memref<100xf32>, %bias: memref<100xf32>) {
  norm.layer_norm ins(%x : memref<8x16x100xf32>) scale(%scale : memref<100xf32>) bias(%bias : memref<100xf32>)
      outs(%y : memref<8x16x100xf32>) axes = [2]
  return
}
func.func @half(%x: memref<8x16x104xbf16>, %y: memref<8x16x104xbf16>,
                %scale: memref<16xf32>, %bias: memref<16xf32>) {
  norm.group_norm ins(%x : memref<8x16x104xbf16>) scale(%scale : memref<16xf32>) bias(%bias : memref<16xf32>)
      outs(%y : memref<8x16x104xbf16>) channel = 1 num_groups = 4
  return
}
func.func @inference(%x: memref<8x16x100xf32>, %y: memref<8x16x100xf32>,
                     %mean: memref<16xf32>, %variance: memref<16xf32>) {
  norm.batch_norm_inference ins(%x : memref<8x16x100xf32>) statistics(%mean, %variance : memref<16xf32>, memref<16xf32>)
      outs(%y : memref<8x16x100xf32>) features = [1]
  return
}
func.func @gradient(%dy: memref<8x16x100xf32>, %x: memref<8x16x100xf32>, %dx: memref<8x16x100xf32>,
                    %mean: memref<16xf32>, %variance: memref<16xf32>) {
  norm.batch_norm_grad ins(%dy, %x : memref<8x16x100xf32>, memref<8x16x100xf32>)
      mean(%mean : memref<16xf32>) variance(%variance : memref<16xf32>)
      outs(%dx : memref<8x16x100xf32>) features = [1]
  return
}
func.func @group_gradient(%dy: memref<8x16x100xf32>, %x: memref<8x16x100xf32>, %dx: memref<8x16x100xf32>,
                          %mean: memref<8x4xf32>, %variance: memref<8x4xf32>) {
  norm.group_norm_grad ins(%dy, %x : memref<8x16x100xf32>, memref<8x16x100xf32>)
      mean(%mean : memref<8x4xf32>) variance(%variance : memref<8x4xf32>)
      outs(%dx : memref<8x16x100xf32>) channel = 1 num_groups = 4
  return
}
func.func @masked(%x: memref<8x16x112xf32>, %mask: memref<8x16x112xi1>, %y: memref<8x16x112xf32>) {
  norm.batch_norm_training ins(%x : memref<8x16x112xf32>) mask(%mask : memref<8x16x112xi1>)
      outs(%y : memref<8x16x112xf32>) features = [1] mask_axes = [0, 1, 2]
  return
}
func.func @masked_groups(%x: memref<8x16x112xf32>, %mask: memref<8x16x112xi1>, %y: memref<8x16x112xf32>) {
  norm.group_norm ins(%x : memref<8x16x112xf32>) mask(%mask : memref<8x16x112xi1>)
      outs(%y : memref<8x16x112xf32>) channel = 1 num_groups = 4 mask_axes = [0, 1, 2]
  return
}
func.func @masked_dynamic(%x: memref<?x?x?xf32>, %mask: memref<?x?x?xi1>, %y: memref<?x?x?xf32>) {
  norm.batch_norm_training ins(%x : memref<?x?x?xf32>) mask(%mask : memref<?x?x?xi1>)
      outs(%y : memref<?x?x?xf32>) features = [1] mask_axes = [0, 1, 2]
  return
}
func.func @masked_samples(%x: memref<8x16x112xf32>, %mask: memref<8x112xi1>, %y: memref<8x16x112xf32>) {
  norm.batch_norm_training ins(%x : memref<8x16x112xf32>) mask(%mask : memref<8x112xi1>)
      outs(%y : memref<8x16x112xf32>) features = [1] mask_axes = [0, 2]
  return
}
func.func @short_groups(%x: memref<8x16x7x7xf32>, %y: memref<8x16x7x7xf32>,
                        %scale: memref<16xf32>, %bias: memref<16xf32>) {
  norm.group_norm ins(%x : memref<8x16x7x7xf32>) scale(%scale : memref<16xf32>) bias(%bias : memref<16xf32>)
      outs(%y : memref<8x16x7x7xf32>) channel = 1 num_groups = 4
  return
}
func.func @short_inference(%x: memref<8x16x7x7xf32>, %y: memref<8x16x7x7xf32>,
                           %mean: memref<16xf32>, %variance: memref<16xf32>) {
  norm.batch_norm_inference ins(%x : memref<8x16x7x7xf32>) statistics(%mean, %variance : memref<16xf32>, memref<16xf32>)
      outs(%y : memref<8x16x7x7xf32>) features = [1]
  return
}
func.func @short_half(%x: memref<8x16x7x7xf16>, %y: memref<8x16x7x7xf16>,
                      %scale: memref<16xf32>, %bias: memref<16xf32>) {
  norm.group_norm ins(%x : memref<8x16x7x7xf16>) scale(%scale : memref<16xf32>) bias(%bias : memref<16xf32>)
      outs(%y : memref<8x16x7x7xf16>) channel = 1 num_groups = 2
  return
}
func.func @short_training(%x: memref<8x16x7x7xf32>, %y: memref<8x16x7x7xf32>,
                          %mean: memref<16xf32>, %variance: memref<16xf32>) {
  norm.batch_norm_training ins(%x : memref<8x16x7x7xf32>) outs(%y : memref<8x16x7x7xf32>)
      running(%mean, %variance : memref<16xf32>, memref<16xf32>) features = [1]
  return
}
func.func @channels_last(%x: memref<2x24x320xf32>, %y: memref<2x24x320xf32>,
                         %scale: memref<320xf32>, %bias: memref<320xf32>) {
  norm.group_norm ins(%x : memref<2x24x320xf32>) scale(%scale : memref<320xf32>) bias(%bias : memref<320xf32>)
      outs(%y : memref<2x24x320xf32>) channel = 2 num_groups = 32
  return
}
func.func @channels_last_dynamic(%x: memref<?x24x320xf32>, %y: memref<?x24x320xf32>) {
  norm.group_norm ins(%x : memref<?x24x320xf32>) outs(%y : memref<?x24x320xf32>) channel = 2 num_groups = 32
  return
}
func.func @channels_last_gradient(%dy: memref<2x24x320xf32>, %x: memref<2x24x320xf32>, %dx: memref<2x24x320xf32>,
                                  %mean: memref<2x32xf32>, %variance: memref<2x32xf32>) {
  norm.group_norm_grad ins(%dy, %x : memref<2x24x320xf32>, memref<2x24x320xf32>)
      mean(%mean : memref<2x32xf32>) variance(%variance : memref<2x32xf32>)
      outs(%dx : memref<2x24x320xf32>) channel = 2 num_groups = 32
  return
}
func.func @residual(%x: memref<8x16x100xf32>, %residual: memref<8x16x100xf32>, %y: memref<8x16x100xf32>,
                    %scale: memref<16xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<8x16x100xf32> to tensor<8x16x100xf32>
  %1 = bufferization.to_tensor %residual restrict : memref<8x16x100xf32> to tensor<8x16x100xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<8x16x100xf32> to tensor<8x16x100xf32>
  %3 = norm.group_norm ins(%0 : tensor<8x16x100xf32>) outs(%2 : tensor<8x16x100xf32>) channel = 1 num_groups = 4
  %4 = arith.addf %3, %1 : tensor<8x16x100xf32>
  bufferization.materialize_in_destination %4 in restrict writable %y : (tensor<8x16x100xf32>, memref<8x16x100xf32>) -> ()
  return
}
