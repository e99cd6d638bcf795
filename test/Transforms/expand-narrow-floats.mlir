// RUN: norm-opt %s --norm-expand-narrow-floats | FileCheck %s --implicit-check-not="{{arith.(extf|truncf).* (b?f16|vector<.*xb?f16>) to|arith.truncf.* to (b?f16|vector<.*xb?f16>)}}"
// RUN: norm-opt %s --norm-expand-narrow-floats=f16=false | FileCheck %s --check-prefix=BF16
// RUN: norm-opt %s --norm-expand-narrow-floats=bf16=false | FileCheck %s --check-prefix=F16

// What the values are is tested in Integration/CPU/instruction-sets.py.

// CHECK-LABEL: func @extend_bf16(
// CHECK-SAME:    %[[X:.*]]: vector<4xbf16>
// CHECK:         %[[BITS:.*]] = arith.bitcast %[[X]] : vector<4xbf16> to vector<4xi16>
// CHECK:         %[[WIDE:.*]] = arith.extui %[[BITS]] : vector<4xi16> to vector<4xi32>
// CHECK:         %[[C16:.*]] = arith.constant dense<16> : vector<4xi32>
// CHECK:         %[[SHIFTED:.*]] = arith.shli %[[WIDE]], %[[C16]] : vector<4xi32>
// CHECK:         %[[Y:.*]] = arith.bitcast %[[SHIFTED]] : vector<4xi32> to vector<4xf32>
// CHECK:         return %[[Y]]
// F16-LABEL:   func @extend_bf16(
// F16:           arith.extf
func.func @extend_bf16(%x: vector<4xbf16>) -> vector<4xf32> {
  %y = arith.extf %x : vector<4xbf16> to vector<4xf32>
  return %y : vector<4xf32>
}

// CHECK-LABEL: func @truncate_bf16(
// CHECK:         arith.trunci %{{.*}} : vector<4xi32> to vector<4xi16>
// CHECK:         arith.bitcast %{{.*}} : vector<4xi16> to vector<4xbf16>
// F16-LABEL:   func @truncate_bf16(
// F16:           arith.truncf
func.func @truncate_bf16(%x: vector<4xf32>) -> vector<4xbf16> {
  %y = arith.truncf %x : vector<4xf32> to vector<4xbf16>
  return %y : vector<4xbf16>
}

// CHECK-LABEL: func @scalars_of_f16(
// CHECK:         %[[BITS:.*]] = arith.bitcast %{{.*}} : f16 to i16
// CHECK:         arith.extui %[[BITS]] : i16 to i32
// CHECK:         arith.mulf %{{.*}} : f32
// CHECK:         arith.trunci %{{.*}} : i32 to i16
// CHECK:         arith.bitcast %{{.*}} : i16 to f16
// BF16-LABEL:  func @scalars_of_f16(
// BF16:          arith.extf
// BF16:          arith.truncf
func.func @scalars_of_f16(%x: f16) -> f16 {
  %0 = arith.extf %x : f16 to f32
  %1 = arith.negf %0 : f32
  %y = arith.truncf %1 : f32 to f16
  return %y : f16
}

// Other types stay.
// CHECK-LABEL: func @others(
// CHECK:         arith.extf %{{.*}} : f32 to f64
// CHECK:         arith.truncf %{{.*}} : f64 to f32
func.func @others(%x: f32, %z: f64) -> (f64, f32) {
  %0 = arith.extf %x : f32 to f64
  %1 = arith.truncf %z : f64 to f32
  return %0, %1 : f64, f32
}
