// RUN: norm-opt %s --allow-unregistered-dialect --norm-gpu-mark-read-only | FileCheck %s

module attributes {gpu.container_module} {
  gpu.module @kernels {
    // What is written, also through a view, is not marked; what is only read is, also through a view.
    // CHECK: gpu.func @views(%{{.*}}: memref<64xf32> {llvm.readonly}, %{{.*}}: memref<64xf32>, %{{.*}}: memref<64xf32>, %{{.*}}: index)
    gpu.func @views(%x: memref<64xf32>, %y: memref<64xf32>, %z: memref<64xf32>, %i: index) kernel {
      %half = memref.subview %x[0] [32] [1] : memref<64xf32> to memref<32xf32, strided<[1]>>
      %base, %offset, %size, %stride = memref.extract_strided_metadata %half : memref<32xf32, strided<[1]>> -> memref<f32>, index, index, index
      %cast = memref.reinterpret_cast %base to offset: [0], sizes: [32], strides: [1] : memref<f32> to memref<32xf32>
      %v = vector.load %cast[%i] : memref<32xf32>, vector<4xf32>
      %part = memref.subview %y[32] [32] [1] : memref<64xf32> to memref<32xf32, strided<[1], offset: 32>>
      vector.store %v, %part[%i] : memref<32xf32, strided<[1], offset: 32>>, vector<4xf32>
      // An op that might do anything.
      "test.use"(%z) : (memref<64xf32>) -> ()
      gpu.return
    }
    // CHECK: gpu.func @copy(%{{.*}}: memref<64xf32>, %{{.*}}: memref<64xf32>)
    gpu.func @copy(%x: memref<64xf32>, %y: memref<64xf32>) kernel {
      %c0 = arith.constant 0 : index
      %v = memref.load %x[%c0] : memref<64xf32>
      memref.store %v, %y[%c0] : memref<64xf32>
      gpu.return
    }
    // CHECK: gpu.func @other(%{{.*}}: memref<64xf32>, %{{.*}}: memref<64xf32>)
    gpu.func @other(%x: memref<64xf32>, %y: memref<64xf32>) kernel {
      %c0 = arith.constant 0 : index
      %v = memref.load %x[%c0] : memref<64xf32>
      memref.store %v, %y[%c0] : memref<64xf32>
      gpu.return
    }
  }
  func.func @f(%x: memref<64xf32>, %y: memref<64xf32>, %z: memref<64xf32>, %i: index, %flag: i1) {
    %c1 = arith.constant 1 : index
    gpu.launch_func @kernels::@views blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1)
        args(%x : memref<64xf32>, %y : memref<64xf32>, %z : memref<64xf32>, %i : index)
    // In place by one of two launches.
    gpu.launch_func @kernels::@copy blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1)
        args(%x : memref<64xf32>, %y : memref<64xf32>)
    %view = memref.reinterpret_cast %x to offset: [0], sizes: [64], strides: [1] : memref<64xf32> to memref<64xf32>
    gpu.launch_func @kernels::@copy blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1)
        args(%x : memref<64xf32>, %view : memref<64xf32>)
    // What is written might be anything.
    %one = arith.select %flag, %x, %y : memref<64xf32>
    gpu.launch_func @kernels::@other blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1)
        args(%x : memref<64xf32>, %one : memref<64xf32>)
    return
  }
}
