// Rows of 49 numbers: PTX has vectors of 16 bytes all the same.
// RUN: norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa chip=sm_90" | FileCheck %s

// CHECK:      .entry groups_0
// CHECK-SAME: ld.global.nc.v4.b32
// CHECK-SAME: st.shared.v4.b32
// CHECK-SAME: st.global.v4.b32
func.func @groups(%x: memref<8x64x7x7xbf16>, %y: memref<8x64x7x7xbf16>,
                  %scale: memref<64xf32>, %bias: memref<64xf32>) {
  norm.group_norm ins(%x : memref<8x64x7x7xbf16>) scale(%scale : memref<64xf32>) bias(%bias : memref<64xf32>)
      outs(%y : memref<8x64x7x7xbf16>) channel = 1 num_groups = 8
  return
}
