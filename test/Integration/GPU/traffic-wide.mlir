// What kernels move where chips have accesses of 32 bytes: the same, half as often.

// DEFINE: %{entry} =
// DEFINE: %{options} = chip=sm_100
// DEFINE: %{inputs} = --input=zeros --input=zeros
// DEFINE: %{count} = norm-run %s --target=gpu-emulator --count-bytes --entry=%{entry} --pipeline-options="%{options}" %{inputs}

// Of x and y, 8 * 16 * 112 values of 4 bytes.
// REDEFINE: %{entry} = training
// RUN: %{count} | FileCheck %s --check-prefix=WIDE
// REDEFINE: %{entry} = groups
// RUN: %{count} | FileCheck %s --check-prefix=WIDE
// WIDE:      argument 0: 57344 bytes in 1792 reads, 0 bytes in 0 writes
// WIDE-NEXT: argument 1: 0 bytes in 0 reads, 57344 bytes in 1792 writes

// Not if 16 are wanted.
// REDEFINE: %{options} = chip=sm_100 access-bytes=16
// RUN: %{count} | FileCheck %s --check-prefix=NARROW
// NARROW:      argument 0: 57344 bytes in 3584 reads, 0 bytes in 0 writes
// NARROW-NEXT: argument 1: 0 bytes in 0 reads, 57344 bytes in 3584 writes

// Of 2 bytes.
// REDEFINE: %{options} = chip=sm_100
// REDEFINE: %{entry} = half
// RUN: %{count} | FileCheck %s --check-prefix=HALF
// HALF:      argument 0: 28672 bytes in 896 reads, 0 bytes in 0 writes
// HALF-NEXT: argument 1: 0 bytes in 0 reads, 28672 bytes in 896 writes

// Rows of 100 values are multiples of 16 bytes.
// REDEFINE: %{entry} = narrow
// RUN: %{count} | FileCheck %s --check-prefix=ROWS
// ROWS:      argument 0: 51200 bytes in 3200 reads, 0 bytes in 0 writes
// ROWS-NEXT: argument 1: 0 bytes in 0 reads, 51200 bytes in 3200 writes

// So are they if that is known at run time.
// REDEFINE: %{entry} = dynamic
// REDEFINE: %{inputs} = --input=zeros:8x16x112 --input=zeros:8x16x112
// RUN: %{count} | FileCheck %s --check-prefix=WIDE
// REDEFINE: %{inputs} = --input=zeros:8x16x100 --input=zeros:8x16x100
// RUN: %{count} | FileCheck %s --check-prefix=ROWS

func.func @training(%x: memref<8x16x112xf32>, %y: memref<8x16x112xf32>) {
  norm.batch_norm_training ins(%x : memref<8x16x112xf32>) outs(%y : memref<8x16x112xf32>) features = [1]
  return
}
func.func @groups(%x: memref<8x16x112xf32>, %y: memref<8x16x112xf32>) {
  norm.group_norm ins(%x : memref<8x16x112xf32>) outs(%y : memref<8x16x112xf32>) channel = 1 num_groups = 4
  return
}
func.func @half(%x: memref<8x16x112xbf16>, %y: memref<8x16x112xbf16>) {
  norm.group_norm ins(%x : memref<8x16x112xbf16>) outs(%y : memref<8x16x112xbf16>) channel = 1 num_groups = 4
  return
}
func.func @narrow(%x: memref<8x16x100xf32>, %y: memref<8x16x100xf32>) {
  norm.batch_norm_training ins(%x : memref<8x16x100xf32>) outs(%y : memref<8x16x100xf32>) features = [1]
  return
}
func.func @dynamic(%x: memref<?x?x?xf32>, %y: memref<?x?x?xf32>) {
  norm.batch_norm_training ins(%x : memref<?x?x?xf32>) outs(%y : memref<?x?x?xf32>) features = [1]
  return
}
