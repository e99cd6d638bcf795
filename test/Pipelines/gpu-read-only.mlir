// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="chip=sm_90 format=isa" | FileCheck %s

// What a kernel only reads comes through the read-only cache, 16 bytes at once.
// CHECK: ld.global.nc.v4.b32
// CHECK: st.global.v4.b32
func.func @inference(%x: memref<8x64x3136xf32>, %y: memref<8x64x3136xf32>, %m: memref<64xf32>, %v: memref<64xf32>) {
  norm.batch_norm_inference ins(%x : memref<8x64x3136xf32>) statistics(%m, %v : memref<64xf32>, memref<64xf32>)
      outs(%y : memref<8x64x3136xf32>) features = [1]
  return
}
