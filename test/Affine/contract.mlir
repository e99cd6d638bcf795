// RUN: norm-opt %s --norm-affine-contract | FileCheck %s
// RUN: norm-opt %s --norm-affine-contract --lower-affine --convert-scf-to-cf --convert-to-llvm --reconcile-unrealized-casts \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -mtriple=x86_64-linux-gnu -mcpu=x86-64-v4 | FileCheck %s --check-prefix=ASM

// ASM-LABEL: four_signs:
// ASM-DAG: vfmadd
// ASM-DAG: vfmsub
// ASM-DAG: vfnmadd
// ASM-NOT: vmul
// ASM: ret
// CHECK-LABEL: @four_signs
// CHECK-SAME: %[[A:.*]]: vector<16xf32>, %[[B:.*]]: vector<16xf32>, %[[C:.*]]: vector<16xf32>
// CHECK-NEXT: %[[R0:.*]] = math.fma %[[A]], %[[B]], %[[C]]
// CHECK-NEXT: %[[R1:.*]] = math.fma %[[A]], %[[B]], %[[R0]]
// CHECK-NEXT: %[[N0:.*]] = arith.negf %[[R1]]
// CHECK-NEXT: %[[R2:.*]] = math.fma %[[A]], %[[B]], %[[N0]]
// CHECK-NEXT: %[[N1:.*]] = arith.negf %[[A]]
// CHECK-NEXT: %[[R3:.*]] = math.fma %[[N1]], %[[B]], %[[R2]]
// CHECK-NEXT: return %[[R3]]
func.func @four_signs(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>) -> vector<16xf32> {
  %p0 = arith.mulf %a, %b : vector<16xf32>
  %r0 = arith.addf %p0, %c : vector<16xf32>
  %p1 = arith.mulf %a, %b : vector<16xf32>
  %r1 = arith.addf %r0, %p1 : vector<16xf32>
  %p2 = arith.mulf %a, %b : vector<16xf32>
  %r2 = arith.subf %p2, %r1 : vector<16xf32>
  %p3 = arith.mulf %a, %b : vector<16xf32>
  %r3 = arith.subf %r2, %p3 : vector<16xf32>
  return %r3 : vector<16xf32>
}

// CHECK-LABEL: @scalar
// CHECK-NEXT: math.fma {{.*}} : f64
// CHECK-NEXT: return
func.func @scalar(%a: f64, %b: f64, %c: f64) -> f64 {
  %p = arith.mulf %a, %b : f64
  %r = arith.addf %c, %p : f64
  return %r : f64
}

// The product has a second use, a half type, or another block.
// CHECK-LABEL: @kept
// CHECK-NOT: math.fma
// CHECK: return
func.func @kept(%a: f32, %b: f32, %h: f16, %x: memref<4xf32>) -> (f32, f32, f16) {
  %p = arith.mulf %a, %b : f32
  %r = arith.addf %p, %a : f32
  %q = arith.mulf %h, %h : f16
  %s = arith.addf %q, %h : f16
  %m = arith.mulf %r, %b : f32
  affine.for %i = 0 to 4 {
    %v = affine.load %x[%i] : memref<4xf32>
    %w = arith.addf %v, %m : f32
    affine.store %w, %x[%i] : memref<4xf32>
  }
  return %r, %p, %s : f32, f32, f16
}
