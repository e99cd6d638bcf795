// RUN: norm-opt %s --norm-gpu-copy-constants | FileCheck %s --check-prefix=COPY
// RUN: norm-opt %s --norm-gpu-sink-constants | FileCheck %s --check-prefix=SINK

memref.global "private" constant @c : memref<2x4xf32> = dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]>

// A call gets a copy of what it takes; other arguments stay.
// COPY-LABEL: func @calls(
// COPY-SAME:      %[[X:.*]]: memref<4xf32>
// COPY:         %[[G:.*]] = memref.get_global @c
// COPY:         %[[V:.*]] = memref.subview %[[G]][1, 0] [1, 4] [1, 1]
// COPY:         %[[A:.*]] = memref.alloc() : memref<4xf32>
// COPY-NEXT:    linalg.copy ins(%{{.*}} : memref<4xf32, strided<[1], offset: ?>>) outs(%[[A]] : memref<4xf32>)
// COPY-NEXT:    %[[C:.*]] = memref.cast %[[A]] : memref<4xf32> to memref<4xf32, strided<[1], offset: ?>>
// COPY-NEXT:    call @callee(%[[X]], %[[C]])
// COPY-NEXT:    memref.dealloc %[[A]]
// COPY-NEXT:    return
func.func @calls(%x: memref<4xf32>) {
  %g = memref.get_global @c : memref<2x4xf32>
  %v = memref.subview %g[1, 0] [1, 4] [1, 1] : memref<2x4xf32> to memref<4xf32, strided<[1], offset: 4>>
  %w = memref.cast %v : memref<4xf32, strided<[1], offset: 4>> to memref<4xf32, strided<[1], offset: ?>>
  call @callee(%x, %w) : (memref<4xf32>, memref<4xf32, strided<[1], offset: ?>>) -> ()
  return
}

func.func private @callee(%x: memref<4xf32>, %c: memref<4xf32, strided<[1], offset: ?>>) {
  return
}

// A launch gets the op, and the views on the way; a host's use stays.
// SINK-LABEL: func @launches(
// SINK-SAME:      %[[X:.*]]: memref<4xf32>
// SINK:         %[[H:.*]] = memref.get_global @c
// SINK:         gpu.launch
// SINK-NEXT:      %[[G:.*]] = memref.get_global @c
// SINK-NEXT:      %[[V:.*]] = memref.subview %[[G]][1, 0] [1, 4] [1, 1]
// SINK-NEXT:      linalg.copy ins(%[[V]] :{{.*}}) outs(%[[X]] :
// SINK:         memref.load %[[H]]
func.func @launches(%x: memref<4xf32>) -> f32 {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %g = memref.get_global @c : memref<2x4xf32>
  %v = memref.subview %g[1, 0] [1, 4] [1, 1] : memref<2x4xf32> to memref<4xf32, strided<[1], offset: 4>>
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    linalg.copy ins(%v : memref<4xf32, strided<[1], offset: 4>>) outs(%x : memref<4xf32>)
    gpu.terminator
  }
  %l = memref.load %g[%c1, %c1] : memref<2x4xf32>
  return %l : f32
}
