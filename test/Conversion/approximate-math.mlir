// RUN: norm-opt %s --norm-approximate-math --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-approximate-math=calls=false --split-input-file | FileCheck %s --check-prefix=NOCALLS --implicit-check-not="call @"

// Those of f32 whose polynomials are accurate; f16 and bf16 are computed in f32.
// CHECK-LABEL: func @vectors(
// CHECK-NOT:     math.{{exp|expm1|log|log1p|log2|tanh|erf}}
// CHECK:         arith.extf %{{.*}} : vector<16xbf16> to vector<16xf32>
// CHECK-NOT:     math.tanh
// CHECK:         arith.truncf %{{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK:         return
func.func @vectors(%x: vector<16xf32>, %b: vector<16xbf16>)
    -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xbf16>) {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.expm1 %x : vector<16xf32>
  %2 = math.log %x : vector<16xf32>
  %3 = math.log1p %x : vector<16xf32>
  %4 = math.log2 %x : vector<16xf32>
  %5 = math.erf %x : vector<16xf32>
  %6 = math.tanh %b : vector<16xbf16>
  return %0, %1, %2, %3, %4, %5, %6
      : vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xbf16>
}

// -----

// LLVM has vector instructions or intrinsics of these.
// CHECK-LABEL: func @intrinsics(
// CHECK-NEXT:    math.sqrt
// CHECK-NEXT:    math.rsqrt
// CHECK-NEXT:    math.fma
// CHECK-NEXT:    math.absf
// CHECK-NEXT:    math.sin
// CHECK-NEXT:    math.exp %{{.*}} : vector<8xf64>
func.func @intrinsics(%x: vector<16xf32>, %d: vector<8xf64>)
    -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<8xf64>) {
  %0 = math.sqrt %x : vector<16xf32>
  %1 = math.rsqrt %x : vector<16xf32>
  %2 = math.fma %x, %x, %x : vector<16xf32>
  %3 = math.absf %x : vector<16xf32>
  %4 = math.sin %x : vector<16xf32>
  %5 = math.exp %d : vector<8xf64>
  return %0, %1, %2, %3, %4, %5 : vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<8xf64>
}

// -----

// Of the others the C library has accurate ones. LLVM's expansion of expm1 is a difference.
// CHECK-DAG:   func private @erf(f64) -> f64
// CHECK-DAG:   func private @expm1(f64) -> f64
// CHECK-DAG:   func private @cbrtf(f32) -> f32
// CHECK-LABEL: func @calls(
// NOCALLS-LABEL: func @calls(
// NOCALLS-COUNT-2: math.e{{rf|xpm1}} %{{.*}} : vector<2xf64>
// NOCALLS:         math.cbrt
// CHECK-COUNT-2: call @erf(
// CHECK-COUNT-2: call @expm1(
// CHECK:         call @cbrtf(
func.func @calls(%d: vector<2xf64>, %x: f32) -> (vector<2xf64>, vector<2xf64>, f32) {
  %0 = math.erf %d : vector<2xf64>
  %1 = math.expm1 %d : vector<2xf64>
  %2 = math.cbrt %x : f32
  return %0, %1, %2 : vector<2xf64>, vector<2xf64>, f32
}
