// Threads take 32 bytes at once if all chips can. LLVM has f32 as pairs in 64 bits.

// DEFINE: %{options} =
// DEFINE: %{compile} = norm-opt %s --norm-lower-to-nvvm-pipeline="format=isa %{options}"

// REDEFINE: %{options} = chip=sm_100
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX88,WIDE
// REDEFINE: %{options} = chip=sm_120
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX88,WIDE
// REDEFINE: %{options} = chip=sm_100,sm_103
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX88,WIDE
// REDEFINE: %{options} = chip=sm_110
// RUN: %{compile} | FileCheck %s --check-prefix=WIDE
// REDEFINE: %{options} = chip=sm_100 features=+ptx90
// RUN: %{compile} | FileCheck %s --check-prefix=WIDE

// REDEFINE: %{options} = chip=sm_90
// RUN: %{compile} | FileCheck %s --check-prefix=NARROW --implicit-check-not=v8.b32 --implicit-check-not=v4.b64
// REDEFINE: %{options} = chip=sm_90,sm_100
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX86,NARROW --implicit-check-not=v8.b32 --implicit-check-not=v4.b64
// REDEFINE: %{options} = chip=sm_100 access-bytes=16
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX86,NARROW --implicit-check-not=v8.b32 --implicit-check-not=v4.b64
// REDEFINE: %{options} = chip=sm_100 features=+ptx86
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX86,NARROW --implicit-check-not=v8.b32 --implicit-check-not=v4.b64
// REDEFINE: %{options} = chip=sm_90,sm_100 access-bytes=32
// RUN: %{compile} | FileCheck %s --check-prefixes=PTX88,WIDE
// REDEFINE: %{options} = chip=sm_90 access-bytes=32
// RUN: %{compile} | FileCheck %s --check-prefix=SPLIT --implicit-check-not=v8.b32 --implicit-check-not=v4.b64

// Where addresses are aligned to 16 bytes alone, twice as many accesses.
// PTX88:     .version 8.8
// PTX86:     .version 8.6
// WIDE:      .entry rows_0(
// WIDE-SAME: ld.global.nc.v4.b64
// WIDE-SAME: ld.shared.v2.b64
// WIDE-SAME: st.global.v4.b64
// WIDE-SAME: st.global.v2.b64
// WIDE-SAME: .entry half_0(
// WIDE-SAME: ld.global.nc.v8.b32
// WIDE-SAME: ld.shared.v4.b32
// WIDE-SAME: st.global.v8.b32
// WIDE-SAME: st.global.v4.b32

// NARROW:      .entry rows_0(
// NARROW-SAME: ld.global.nc.v{{2.b64|4.b32}}
// NARROW-SAME: st.global.v{{2.b64|4.b32}}
// NARROW-SAME: .entry half_0(
// NARROW-SAME: ld.global.nc.v4.b32
// NARROW-SAME: st.global.v4.b32

// A chip that lacks them makes two of each.
// SPLIT:      .entry rows_0(
// SPLIT-SAME: st.global.v4.b32 \09[%[[P:rd[0-9]+]]
// SPLIT-SAME: st.global.v4.b32 \09[%[[P]]
func.func @rows(%x: memref<64x1024xf32>, %y: memref<64x1024xf32>) {
  norm.layer_norm ins(%x : memref<64x1024xf32>) outs(%y : memref<64x1024xf32>) axes = [1]
  return
}
func.func @half(%x: memref<64x2048xbf16>, %y: memref<64x2048xbf16>) {
  norm.layer_norm ins(%x : memref<64x2048xbf16>) outs(%y : memref<64x2048xbf16>) axes = [1]
  return
}
